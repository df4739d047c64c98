"""The examples of the manual run: doctests of every module, and `$ braid …` lines of console blocks."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import shlex
from pathlib import Path

import pytest

import braid

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "manual").glob("*.md"))]
BLOCK = re.compile(
    r"(?:<!-- skip: (?P<reason>[^>]+) -->\n)?```(?P<kind>python|console)\n(?P<body>.*?)```", re.DOTALL
)
MODULES = [
    found.name
    for found in pkgutil.walk_packages(braid.__path__, "braid.")
    if "migrations" not in found.name and not found.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_examples_of_a_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRAID_WORKSPACE", str(tmp_path / "workspace"))
    names: dict[str, object] = {}
    for block in BLOCK.finditer(page.read_text()):
        if block["reason"]:
            continue
        if block["kind"] == "python":
            exec(compile(block["body"], str(page), "exec"), names)  # noqa: S102 - our own pages
        else:
            for line in block["body"].splitlines():
                if line.startswith("$ braid "):
                    run_command(line.removeprefix("$ braid "))


def run_command(line: str) -> None:
    """Run one command of the manual; 0 and 1 (findings, rejects) are good answers."""
    from typer.testing import CliRunner

    from braid.cli.app import app

    result = CliRunner().invoke(app, shlex.split(line, comments=True))
    assert result.exit_code in {0, 1}, f"braid {line}: {result.output}"
