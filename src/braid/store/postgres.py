"""PostgreSQL through psycopg: one transaction per write, COPY for bulk; projects take turns by a row lock."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar, cast

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from braid.base.errors import Conflict, InvalidInput
from braid.store.database import Session, insert
from braid.store.schema import upgrade

if TYPE_CHECKING:
    import psycopg

T = TypeVar("T")

COPY_FROM = 50
"""From how many rows on COPY is worth its round trip."""


@lru_cache(maxsize=1024)
def _marks(sql: str) -> LiteralString:
    """`?` marks as psycopg wants them. Our statements carry no other `?` or `%`."""
    return cast("LiteralString", sql.replace("?", "%s"))  # type: ignore[redundant-cast]


class PostgresSession:
    """A connection whose transaction someone else begins and ends."""

    lock = " FOR UPDATE"

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self.connection = connection

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.connection.execute(_marks(sql), values).fetchall()

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        self.connection.execute(_marks(sql), values)

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(_marks(sql), rows)

    def append(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        if len(rows) < COPY_FROM:
            self.many(insert(table, columns), rows)
            return
        statement = _marks(f"COPY {table} ({', '.join(columns)}) FROM STDIN")
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


class PostgresDatabase:
    """One database of a server. `url` is an SQLAlchemy or libpq address."""

    def __init__(self, url: str) -> None:
        try:
            import psycopg
        except ImportError as error:
            raise InvalidInput(
                "PostgreSQL needs psycopg", wanted="the extra braid-annotate[postgres]"
            ) from error
        self._driver = psycopg
        address = make_url(url).set(drivername="postgresql+psycopg")
        engine = create_engine(address)
        try:
            upgrade(engine)
        finally:
            engine.dispose()
        self._address = address.set(drivername="postgresql").render_as_string(hide_password=False)
        self._idle: queue.LifoQueue[psycopg.Connection[tuple[Any, ...]]] = queue.LifoQueue()
        self._closed = False

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as session:
            yield session

    def write(self, job: Callable[[Session], T]) -> T:
        try:
            with self._transaction("BEGIN") as session:
                return job(session)
        except self._driver.errors.UniqueViolation as error:
            raise Conflict("another writer was faster", hint="Try again") from error

    def close(self) -> None:
        self._closed = True
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    @contextmanager
    def _transaction(self, begin: LiteralString) -> Iterator[PostgresSession]:
        if self._closed:
            raise Conflict("the store is closed")
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            connection = self._driver.connect(self._address, autocommit=True)
        try:
            connection.execute(begin)
            yield PostgresSession(connection)
            connection.execute("COMMIT")
        except BaseException:
            if not connection.closed:
                connection.rollback()
            raise
        finally:
            if connection.closed or self._closed:
                connection.close()
            else:
                self._idle.put(connection)
