from __future__ import annotations

import re
from pathlib import Path

import pytest

from braid.history.material import material_table

ROOT = Path(__file__).parent.parent.parent
SPECS = {"H": ROOT / "docs" / "spec" / "history.md", "L": ROOT / "docs" / "spec" / "links.md"}


def rules_of(letter: str) -> set[str]:
    return set(re.findall(rf"\*\*({letter}\d[a-z])\*\*", SPECS[letter].read_text(encoding="utf-8")))


def numbers_in_tests(letter: str) -> set[str]:
    places = [ROOT / "tests" / area for area in ("history", "store", "properties")]
    sources = [path.read_text(encoding="utf-8") for place in places for path in place.rglob("*.py")]
    return {rule for source in sources for rule in re.findall(rf"def test_({letter}\d[a-z])_", source)}


def test_the_table_of_material_fields_is_printed_from_the_code() -> None:
    assert material_table() in SPECS["H"].read_text(encoding="utf-8")


@pytest.mark.parametrize("letter", ["H", "L"])
def test_every_rule_has_a_test_and_every_numbered_test_a_rule(letter: str) -> None:
    assert numbers_in_tests(letter) == rules_of(letter)
    assert len(rules_of(letter)) > 10
