from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from braid.store.database import Session
from braid.store.sqlite import SqliteDatabase


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    opened = SqliteDatabase(tmp_path / "braid.db")
    yield opened
    opened.close()


def insert_project(session: Session, name: str) -> None:
    session.run(
        "INSERT INTO project (id, slug, name, template, seq, leaf_hash) VALUES (?, ?, ?, '', 0, '')",
        (name, name, name),
    )


def names(database: SqliteDatabase) -> list[str]:
    with database.read() as session:
        return [row[0] for row in session.rows("SELECT name FROM project ORDER BY name")]


def test_a_failing_job_takes_nothing_of_its_neighbours_with_it(database: SqliteDatabase) -> None:
    held, waiting = threading.Event(), threading.Event()
    problems: list[BaseException] = []

    def hold(session: Session) -> None:
        insert_project(session, "first")
        waiting.set()
        held.wait(timeout=30)

    def fail(session: Session) -> None:
        insert_project(session, "half")
        raise ValueError("half done")

    def expect_failure() -> None:
        try:
            database.write(fail)
        except ValueError as error:
            problems.append(error)

    threads = [
        threading.Thread(target=lambda: database.write(hold)),
        threading.Thread(target=expect_failure),
        threading.Thread(target=lambda: database.write(lambda session: insert_project(session, "third"))),
    ]
    threads[0].start()
    assert waiting.wait(timeout=30)
    for thread in threads[1:]:
        thread.start()
    held.set()
    for thread in threads:
        thread.join(timeout=30)
    assert names(database) == ["first", "third"]
    assert len(problems) == 1


def test_a_reader_sees_one_state(database: SqliteDatabase) -> None:
    database.write(lambda session: insert_project(session, "first"))
    with database.read() as session:
        before = session.rows("SELECT name FROM project")
        database.write(lambda other: insert_project(other, "second"))
        assert session.rows("SELECT name FROM project") == before
    assert names(database) == ["first", "second"]


def test_a_reader_cannot_write(database: SqliteDatabase) -> None:
    with database.read() as session, pytest.raises(sqlite3.OperationalError, match="readonly"):
        insert_project(session, "first")
    assert names(database) == []
