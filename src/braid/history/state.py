"""What the rules of history ask of a store: a small read-only window on the heads and past states of a project."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from braid.history.codec import decode_record
from braid.model.records import AnyRecord


@dataclass(frozen=True, kw_only=True)
class Held:
    """A head as stored: its payload is decoded only when someone looks at `record`."""

    kind: str
    id: str
    rev: str
    seq: int
    payload: bytes

    @cached_property
    def record(self) -> AnyRecord:
        """The decoded record."""
        return decode_record(self.payload)


class Reader(Protocol):
    """One project, as it stands inside the transaction that applies a change set."""

    def heads(self, ids: Iterable[str]) -> dict[str, Held]:
        """The heads that exist among `ids`."""

    def past(self, record: str, rev: str) -> bytes | None:
        """The payload of a past state; None when the log has no such revision."""

    def links_of(self, ids: Iterable[str]) -> list[Held]:
        """All links with one of `ids` at an end, by id."""

    def spans_of(self, ids: Iterable[str]) -> list[Held]:
        """All annotations whose text span stands on the text of one of `ids`."""

    def linked_on(self, stream: str) -> list[Held]:
        """All annotations on a stream that stand at the end of a link."""

    def referring(self, field: str, target: str) -> set[str]:
        """Ids of the records whose `sample`, `stream` or `layer` is `target`."""

    def only(self, kind: str, *, stream: str | None = None) -> set[str]:
        """Ids of the records of a kind; of one stream when named. For kinds that are few."""

    def sample_with_key(self, key: str) -> str | None:
        """The sample that has this key."""

    def author(self, seq: int) -> tuple[str, str]:
        """Actor and time (Unix ns digits) of a commit."""
