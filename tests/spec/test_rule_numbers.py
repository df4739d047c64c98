"""Every numbered rule of time, space, tracks, aligning, ontology and checks has a test that carries its number, and no test invents one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "T": "time.md",
    "S": "space.md",
    "O": "ontology.md",
    "C": "checks.md",
    "R": "recordings.md",
    "K": "tracks.md",
    "A": "align.md",
}


def rules_of(letter: str) -> set[str]:
    text = (ROOT / "docs" / "spec" / FILES[letter]).read_text(encoding="utf-8")
    return set(re.findall(rf"^\*\*({letter}\d+)\.", text, re.MULTILINE))


def carried(letter: str) -> set[str]:
    found: set[str] = set()
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(rf"^def test_({letter}\d+)_", text, re.MULTILINE))
    return found


@pytest.mark.parametrize("letter", sorted(FILES))
def test_rules_and_tests_name_each_other(letter: str) -> None:
    assert rules_of(letter) == carried(letter)
