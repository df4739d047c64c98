"""SQLite: WAL, synchronous=FULL, one writer thread with group commit, readers on their own connections."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from braid.base.errors import Conflict, Corrupt
from braid.store.database import Session, insert
from braid.store.schema import LATEST, upgrade

T = TypeVar("T")

GROUP = 64
"""How many waiting jobs share one commit."""

BUSY_MS = 30_000


class SqliteSession:
    """A connection whose transaction someone else begins and ends."""

    lock = ""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql, values).fetchall()

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        self.connection.execute(sql, values)

    def many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        self.connection.executemany(sql, rows)

    def append(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        self.connection.executemany(insert(table, columns), rows)


class SqliteDatabase:
    """One file. Other processes may read and write it too; within this one all writes go through one thread."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        if not self._is_current():
            self._upgrade()
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._jobs: queue.SimpleQueue[tuple[Callable[[Session], Any], Future[Any]] | None] = (
            queue.SimpleQueue()
        )
        self._closing = threading.Lock()
        self._closed = False
        self._writer = threading.Thread(target=self._write_all, name="braid-writer", daemon=True)
        self._writer.start()

    @contextmanager
    def read(self) -> Iterator[Session]:
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            connection = self._connect(read_only=True)
        connection.execute("BEGIN")
        try:
            yield SqliteSession(connection)
        finally:
            connection.execute("COMMIT")
            if self._closed:
                connection.close()
            else:
                self._idle.put(connection)

    def write(self, job: Callable[[Session], T]) -> T:
        done: Future[T] = Future()
        with self._closing:
            if self._closed:
                raise Conflict("the store is closed", where=str(self.path))
            self._jobs.put((job, done))
        return done.result()

    def close(self) -> None:
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._writer.join()
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    def _is_current(self) -> bool:
        """Whether the schema is the newest; asked without SQLAlchemy, which takes longer to import than this."""
        if not self.path.is_file():
            return False
        connection = sqlite3.connect(self.path)
        try:
            return connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(LATEST,)]
        except sqlite3.OperationalError:
            return False
        except sqlite3.DatabaseError as problem:
            raise Corrupt(
                "the workspace's database cannot be read",
                where=str(self.path),
                got=str(problem),
                hint="Bring it back from a backup, or name another workspace",
            ) from problem
        finally:
            connection.close()

    def _upgrade(self) -> None:
        from sqlalchemy import URL, create_engine

        engine = create_engine(URL.create("sqlite", database=str(self.path)))
        try:
            upgrade(engine)
        finally:
            engine.dispose()

    def _connect(self, *, read_only: bool = False) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        if read_only:
            connection.execute("PRAGMA query_only=ON")
        else:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA cache_size=-65536")
        connection.execute("PRAGMA mmap_size=1073741824")
        connection.execute("PRAGMA temp_store=MEMORY")
        return connection

    def _write_all(self) -> None:
        """The writer thread: takes what waits, commits it together, then answers everyone."""
        connection = self._connect()
        session = SqliteSession(connection)
        more = True
        while more:
            first = self._jobs.get()
            if first is None:
                break
            group = [first]
            while len(group) < GROUP:
                try:
                    following = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    more = False
                    break
                group.append(following)
            _commit_group(connection, session, group)
        connection.close()


def _commit_group(
    connection: sqlite3.Connection,
    session: SqliteSession,
    group: list[tuple[Callable[[Session], Any], Future[Any]]],
) -> None:
    """Run jobs in one transaction, each in a savepoint of its own; answer after the commit only."""
    answers: list[tuple[Future[Any], Any, BaseException | None]] = []
    try:
        connection.execute("BEGIN IMMEDIATE")
        for job, done in group:
            connection.execute("SAVEPOINT job")
            try:
                answers.append((done, job(session), None))
                connection.execute("RELEASE job")
            except BaseException as error:  # noqa: BLE001 - it is handed to whoever waits for the job
                connection.execute("ROLLBACK TO job")
                connection.execute("RELEASE job")
                answers.append((done, None, error))
        connection.execute("COMMIT")
    except BaseException as error:  # noqa: BLE001 - nothing of the group happened, and everyone is told
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        answers = [(done, None, error) for _, done in group]
    for done, answer, problem in answers:
        if problem is None:
            done.set_result(answer)
        else:
            done.set_exception(problem)
