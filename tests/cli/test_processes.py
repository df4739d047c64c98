"""`braid` as a process: a server that answers, help that loads nothing heavy."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx

TIMEOUT_S = 120
SOURCES = Path(__file__).parents[2] / "src"


def environment() -> dict[str, str]:
    names = {key: value for key, value in os.environ.items() if not key.startswith("BRAID_")}
    return {**names, "PYTHONPATH": str(SOURCES)}


@contextmanager
def running(folder: Path, *words: str) -> Iterator[IO[str]]:
    """The command's standard output while it runs; interrupted at the end as from a keyboard."""
    with subprocess.Popen(
        [sys.executable, "-m", "braid.cli.app", *words], cwd=folder, env=environment(), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            yield process.stdout
        finally:
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=TIMEOUT_S)
    assert "Traceback" not in said


def braid(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "braid.cli.app", *words], cwd=folder, env=environment(), capture_output=True, text=True,
        timeout=TIMEOUT_S, check=False,
    )  # fmt: skip


def test_serve_prints_its_address_and_answers(tmp_path: Path) -> None:
    assert braid(tmp_path, "init", "Pics").returncode == 0
    with running(tmp_path, "serve", "--port", "0") as out:
        address = out.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        projects = httpx.get(f"{address}api/projects", timeout=TIMEOUT_S).json()["items"]
        assert [project["slug"] for project in projects] == ["pics"]


def test_serve_with_json_prints_one_document(tmp_path: Path) -> None:
    assert braid(tmp_path, "init", "Pics").returncode == 0
    with running(tmp_path, "serve", "--port", "0", "--json") as out:
        lines: list[str] = []
        while not lines or lines[-1] != "}\n":
            lines.append(out.readline())
        address = json.loads("".join(lines))["address"]
        assert httpx.get(f"{address}api/healthz", timeout=TIMEOUT_S).status_code == 200
        missing = httpx.get(f"{address}api/projects/nobody", timeout=TIMEOUT_S)
        assert missing.status_code == 404


def test_demo_is_built_once_and_served(tmp_path: Path) -> None:
    for _ in range(2):
        with running(tmp_path, "demo", "--port", "0") as out:
            address = out.readline().strip()
            projects = httpx.get(f"{address}api/projects", timeout=TIMEOUT_S).json()["items"]
            assert len(projects) == 3
            assert all(project["samples"] for project in projects)
    assert (tmp_path / ".braid-demo" / "demo-built").is_file()


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    probe = (
        "import sys; sys.argv = ['braid', '--help']\n"
        "from braid.cli.app import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'av', 'duckdb', 'fastapi', 'numpy', 'PIL', 'scipy', 'shapely', 'sqlalchemy', 'uvicorn'}\n"
        "print('LOADED', sorted(heavy & set(sys.modules)))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", probe], cwd=tmp_path, env=environment(), capture_output=True, text=True,
        timeout=TIMEOUT_S, check=True,
    )  # fmt: skip
    assert said.stdout.rstrip().endswith("LOADED []")


def test_a_reader_that_went_away_is_no_crash(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "braid.cli.app", "openapi"], cwd=tmp_path, env=environment(), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        said = process.stderr.read()
    assert "Traceback" not in said
