"""One sample of many: what it stumbles over is told, and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from braid.base.errors import InvalidInput
from braid.formats.seam import Problem, SampleBundle


def attempt(
    make: Callable[[], SampleBundle], problems: list[Problem], *, where: str, code: str
) -> Iterator[SampleBundle | Problem]:
    """The problems that `make` collected on its way, then its bundle, or why there is none (rejected, with `code`)."""
    try:
        made: SampleBundle | Problem = make()
    except InvalidInput as error:
        made = Problem(where=where, code=code, message=error.letter(), rejected=True)
    yield from problems
    yield made
