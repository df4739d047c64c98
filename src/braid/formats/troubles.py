"""Problems of one file that may be as many as its lines: the first of each kind are told, the rest are counted."""

from __future__ import annotations

from collections.abc import Iterator

from braid.formats.seam import Problem

SHOWN = 20
"""Problems of one kind that are told one by one."""


class Troubles:
    """What is wrong with one file, in bounded memory."""

    def __init__(self, where: str, *, shown: int = SHOWN) -> None:
        self.where = where
        self._shown = shown
        self._told: list[Problem] = []
        self._more: dict[tuple[str, bool], int] = {}
        self._counts: dict[tuple[str, bool], int] = {}

    def add(self, code: str, message: str, *, spot: str = "", rejected: bool = True) -> None:
        """Something at `spot` ("line 3", "byte 17") of the file that was not taken, or looks odd."""
        key = (code, rejected)
        self._counts[key] = self._counts.get(key, 0) + 1
        if self._counts[key] > self._shown:
            self._more[key] = self._more.get(key, 0) + 1
            return
        where = f"{self.where}, {spot}" if spot else self.where
        self._told.append(Problem(where=where, code=code, message=message, rejected=rejected))

    def count(self, code: str) -> int:
        """How many of a kind there were."""
        return sum(count for (known, _), count in self._counts.items() if known == code)

    def told(self) -> Iterator[Problem]:
        """Every problem once, and how many more there were of each kind; what was told is forgotten."""
        yield from self._told
        for (code, rejected), count in sorted(self._more.items()):
            yield Problem(
                where=self.where, code=code, message=f"{count} more of the same kind", rejected=rejected
            )
        self._told, self._more = [], {}
