"""A project inside a transaction, as the rules of history want to see it.

What has to be in order is sorted here: asked to sort by id, SQLite would walk a project instead of an index.
"""

# ruff: noqa: S608 - only names and marks from this package are put into statements, values never

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from braid.history.state import Held
from braid.store.database import Session, chunks

_HELD = "SELECT kind, id, rev, seq, payload FROM head WHERE project = ?"
_LINKS = (
    "SELECT h.kind, h.id, h.rev, h.seq, h.payload FROM link_head l "
    "JOIN head h ON h.project = l.project AND h.id = l.id WHERE l.project = ? AND "
)


class SqlReader:
    """The heads of one project through a session."""

    def __init__(self, session: Session, project_no: int) -> None:
        self.session = session
        self.no = project_no

    def heads(self, ids: Iterable[str]) -> dict[str, Held]:
        found: dict[str, Held] = {}
        for marks, part in chunks(ids):
            for row in self.session.rows(f"{_HELD} AND id IN ({marks})", (self.no, *part)):
                found[row[1]] = held(row)
        return found

    def past(self, record: str, rev: str) -> bytes | None:
        rows = self.session.rows(
            "SELECT payload FROM revision WHERE project = ? AND record = ? AND rev = ? ORDER BY seq DESC LIMIT 1",
            (self.no, record, rev),
        )
        return rows[0][0].encode() if rows and rows[0][0] is not None else None

    def links_of(self, ids: Iterable[str]) -> list[Held]:
        found: dict[str, Held] = {}
        for marks, part in chunks(ids):
            for end in ("source_id", "target_id"):
                for row in self.session.rows(f"{_LINKS} l.{end} IN ({marks})", (self.no, *part)):
                    found[row[1]] = held(row)
        return [found[one] for one in sorted(found)]

    def spans_of(self, ids: Iterable[str]) -> list[Held]:
        found: list[Held] = []
        for marks, part in chunks(ids):
            rows = self.session.rows(
                f"{_HELD} AND text_of IS NOT NULL AND text_of IN ({marks})", (self.no, *part)
            )
            found.extend(map(held, rows))
        return sorted(found, key=attrgetter("id"))

    def linked_on(self, stream: str) -> list[Held]:
        rows = self.session.rows(
            f"{_HELD} AND stream = ? AND kind = 'annotation' AND ("
            "EXISTS (SELECT 1 FROM link_head l WHERE l.project = head.project AND l.source_id = head.id) OR "
            "EXISTS (SELECT 1 FROM link_head l WHERE l.project = head.project AND l.target_id = head.id))",
            (self.no, stream),
        )
        return sorted(map(held, rows), key=attrgetter("id"))

    def referring(self, field: str, target: str) -> set[str]:
        assert field in {"sample", "stream", "layer"}
        rows = self.session.rows(f"SELECT id FROM head WHERE project = ? AND {field} = ?", (self.no, target))
        return {row[0] for row in rows}

    def only(self, kind: str, *, stream: str | None = None) -> set[str]:
        sql = "SELECT id FROM head WHERE project = ? AND kind = ?"
        values: tuple[Any, ...] = (self.no, kind)
        if stream is not None:
            sql, values = f"{sql} AND stream = ?", (*values, stream)
        return {row[0] for row in self.session.rows(sql, values)}

    def sample_with_key(self, key: str) -> str | None:
        rows = self.session.rows(
            "SELECT id FROM sample_head WHERE project = ? AND key = ? LIMIT 1", (self.no, key)
        )
        return rows[0][0] if rows else None

    def author(self, seq: int) -> tuple[str, str]:
        rows = self.session.rows(
            "SELECT actor, at_ns FROM commit_log WHERE project = ? AND seq = ?", (self.no, seq)
        )
        return (rows[0][0], rows[0][1]) if rows else ("", "")


def held(row: tuple[Any, ...]) -> Held:
    """A head from kind, id, rev, seq, payload."""
    return Held(kind=row[0], id=row[1], rev=row[2], seq=row[3], payload=row[4].encode())
