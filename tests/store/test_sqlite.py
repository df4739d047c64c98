from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.contract import Desk, StoreContract, desk, everything
from tests.strategies.projects import delete

from braid.base.errors import Conflict, Corrupt
from braid.store import Store, open_store

__all__ = ["desk"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "braid.db")
    yield opened
    opened.close()


@pytest.fixture
def other_store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/other.db")
    yield opened
    opened.close()


class TestSqlite(StoreContract):
    """SQLite keeps the contract."""


@pytest.fixture
def raw(desk: Desk, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    desk.move_car()
    connection = sqlite3.connect(tmp_path / "braid.db", isolation_level=None)
    yield connection
    connection.close()


@pytest.mark.parametrize("table", ["commit_log", "revision"])
def test_H2a_the_log_takes_no_update_and_no_deletion(raw: sqlite3.Connection, table: str) -> None:
    for statement in (f"UPDATE {table} SET seq = 9 WHERE seq = 2", f"DELETE FROM {table}"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
    assert raw.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] > 0


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE revision SET payload = REPLACE(payload, 'car', 'cat') WHERE seq = 2",
        "UPDATE revision SET salt = '00' WHERE seq = 2",
        "UPDATE commit_log SET leaf = REPLACE(leaf, 'importer', 'somebody') WHERE seq = 2",
        "UPDATE commit_log SET leaf_hash = 'ab' WHERE seq = 2",
        "DELETE FROM revision WHERE seq = 3",
        "DELETE FROM commit_log WHERE seq = 3",
        "UPDATE project SET seq = 2",
        "INSERT INTO revision SELECT project, record, 99, place, kind, sample, rev, salt, payload FROM revision WHERE seq = 3",
    ],
)
def test_H2e_tampering_is_found(desk: Desk, raw: sqlite3.Connection, tampering: str) -> None:
    desk.store.verify(desk.project)
    for name in ("commit_log_no_update", "revision_no_update", "commit_log_no_delete", "revision_no_delete"):
        raw.execute(f"DROP TRIGGER {name}")
    raw.execute(tampering)
    before = everything(desk)
    with pytest.raises(Corrupt):
        desk.store.verify(desk.project)
    with pytest.raises(Corrupt):
        desk.store.rebuild(desk.project)
    assert everything(desk) == before


def test_H2d_lost_head_tables_come_back(desk: Desk, raw: sqlite3.Connection) -> None:
    desk.do(delete(desk.scene.person))
    tables = ("head", "link_head", "sample_head")
    before = [raw.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables]
    assert all(before)
    for table in tables:
        raw.execute(f"DELETE FROM {table}")
    desk.store.rebuild()
    assert [raw.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables] == before


def test_H6c_commits_wait_for_the_disk(desk: Desk, raw: sqlite3.Connection) -> None:
    assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    writer = desk.store._database._connect()  # type: ignore[attr-defined]
    assert writer.execute("PRAGMA synchronous").fetchone() == (2,)
    writer.close()


def test_two_stores_on_one_file_see_each_other(desk: Desk, tmp_path: Path) -> None:
    other = open_store(tmp_path / "braid.db")
    moved = desk.move_car()
    assert other.seq(desk.project) == 3
    other.commit(desk.project, [delete(moved)], actor="other")
    assert desk.store.wait_for(desk.project, 3, timeout_s=30) == 4
    assert desk.now(moved) is None
    other.close()


def test_a_closed_store_takes_nothing(desk: Desk) -> None:
    desk.store.close()
    with pytest.raises(Conflict):
        desk.move_car()
    desk.store.close()
