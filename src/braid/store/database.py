"""The seam below the SQL: sessions that run statements with `?` marks, and databases that hand them out."""

# ruff: noqa: S608 - only names and marks from this package are put into statements, values never

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

CHUNK = 400
"""How many values one IN list carries."""


class Session(Protocol):
    """One connection inside a transaction."""

    lock: str
    """What a SELECT ends with to hold its row until the transaction is over."""

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        """One statement without rows."""

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """One statement for each row."""

    def append(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """New rows, the fastest way the engine has."""


class Database(Protocol):
    """Hands out sessions. Reads see one state of the database; a write is durable when it returns (law H6)."""

    def read(self) -> AbstractContextManager[Session]:
        """A session that sees one state and writes nothing."""

    def write(self, job: Callable[[Session], T]) -> T:
        """Run a job in a transaction; all of it happens or nothing."""

    def close(self) -> None:
        """Finish what was begun and release everything."""


def chunks(values: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """The marks and values of IN lists that together hold all values, each once."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), CHUNK):
        part = distinct[start : start + CHUNK]
        yield ",".join("?" * len(part)), part


def insert(table: str, columns: Sequence[str]) -> str:
    """An INSERT statement."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def upsert(table: str, columns: Sequence[str], keys: Sequence[str]) -> str:
    """An INSERT that replaces the row with the same keys; SQLite and PostgreSQL share the words."""
    rest = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in keys)
    return f"{insert(table, columns)} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {rest}"
