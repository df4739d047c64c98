"""The family of errors. Each is a small letter: what failed, where, got, wanted, what to try.

BraidError
├─ InvalidInput        something from outside does not fit (also the parent of format errors)
│  └─ LimitExceeded    it would fit, but is larger than we agree to handle
├─ NotFound            an id, name or file that does not exist
├─ StaleWrite          an edit names a revision that is no longer the head
├─ Conflict            two facts cannot both hold (a name taken, an id in use)
├─ Forbidden           the actor may not do this
└─ Corrupt             stored bytes do not verify against their hash or log
"""

from __future__ import annotations

from typing import ClassVar


class BraidError(Exception):
    """Root of all errors that Braid raises on purpose.

    what: one sentence, no final stop. where: path of the culprit ("sample drive-07, stream cam_front").
    got, wanted: the values in short. hint: what to try next. code: stable, for machines.
    """

    code: ClassVar[str] = "error"

    def __init__(
        self, what: str, *, where: str = "", got: object = None, wanted: str = "", hint: str = ""
    ) -> None:
        self.what = what
        self.where = where
        self.got = None if got is None else _short(got)
        self.wanted = wanted
        self.hint = hint
        super().__init__(self.letter())

    def letter(self) -> str:
        """The whole message as a person reads it."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        facts = self._facts()
        body = f"{head} ({facts})" if facts else head
        return f"{body}. {self.hint}" if self.hint else f"{body}."

    def _facts(self) -> str:
        got = "" if self.got is None else f"got {self.got}"
        wanted = f"wanted {self.wanted}" if self.wanted else ""
        return ", ".join(part for part in (got, wanted) if part)

    def envelope(self) -> dict[str, str]:
        """The four fields of the HTTP error envelope."""
        facts = self._facts()
        message = f"{self.what} ({facts})" if facts else self.what
        return {"code": self.code, "message": message, "where": self.where, "hint": self.hint}


class InvalidInput(BraidError):
    """Something from outside does not fit."""

    code = "invalid_input"


class LimitExceeded(InvalidInput):
    """It is well-formed, but larger than the stated limit."""

    code = "limit_exceeded"


class NotFound(BraidError):
    """No record, name or file of that id."""

    code = "not_found"


class StaleWrite(BraidError):
    """An edit names a revision that is no longer the head."""

    code = "stale_write"


class Conflict(BraidError):
    """Two facts cannot both hold."""

    code = "conflict"


class Forbidden(BraidError):
    """The actor may not do this."""

    code = "forbidden"


class Corrupt(BraidError):
    """Stored bytes do not verify."""

    code = "corrupt"


def _short(value: object, limit: int = 120) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
