"""One way in which a record does not conform: what, where, got, wanted, what to try."""

from __future__ import annotations

from dataclasses import dataclass

from braid.base.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A small letter with a stable `code`; `facet` tells problems of one code on one record apart.

    unfinished: it may be written, but is not complete yet (a required attribute without an answer).
    """

    code: str
    what: str
    where: str
    got: str = ""
    wanted: str = ""
    hint: str = ""
    facet: str = ""
    unfinished: bool = False

    def error(self) -> InvalidInput:
        """The problem as an error to raise."""
        return InvalidInput(
            self.what, where=self.where, got=self.got or None, wanted=self.wanted, hint=self.hint
        )
