"""The core install stays small: at most 60 packages and 480 MB, bytecode not counted."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

MOST_PACKAGES = 60
MOST_BYTES = 480 * 10**6


def core() -> dict[str, Distribution]:
    """Braid and all that it needs without extras, by normalised name."""
    found: dict[str, Distribution] = {}
    waiting = ["braid-annotate"]
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        found[name] = distribution(name)
        for text in found[name].requires or []:
            wanted = Requirement(text)
            if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
                waiting.append(wanted.name)
    return found


def size_bytes(package: Distribution) -> int:
    places = [Path(str(package.locate_file(file))) for file in package.files or [] if file.suffix != ".pyc"]
    return sum(place.stat().st_size for place in places if place.is_file())


def test_the_core_is_small() -> None:
    packages = core()
    assert "msgspec" in packages
    assert len(packages) <= MOST_PACKAGES
    assert sum(map(size_bytes, packages.values())) <= MOST_BYTES
