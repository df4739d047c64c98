"""Every numbered rule of time, space, ontology and checks has a test that carries its number, and no test invents one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = {"T": "time.md", "S": "space.md", "O": "ontology.md", "C": "checks.md", "R": "recordings.md"}


def rules_of(letter: str) -> set[str]:
    text = (ROOT / "docs" / "spec" / FILES[letter]).read_text(encoding="utf-8")
    return set(re.findall(rf"^\*\*({letter}\d+)\.", text, re.MULTILINE))


def carried(letter: str, *areas: str) -> set[str]:
    found: set[str] = set()
    for area in areas:
        for path in sorted((ROOT / "tests" / area).rglob("test_*.py")):
            found |= set(
                re.findall(rf"^def test_({letter}\d+)_", path.read_text(encoding="utf-8"), re.MULTILINE)
            )
    return found


@pytest.mark.parametrize("letter", sorted(FILES))
def test_rules_and_tests_name_each_other(letter: str) -> None:
    assert rules_of(letter) == carried(
        letter, "clock", "space", "model", "ontology", "checks", "media", "work", "formats"
    )
