from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.store.contract import Desk, StoreContract, desk

from braid.store import Store, open_store

__all__ = ["desk"]

pytestmark = pytest.mark.postgres


@pytest.fixture
def address(postgres_databases: Callable[[], str]) -> str:
    return postgres_databases()


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    opened = open_store(address)
    yield opened
    opened.close()


@pytest.fixture
def other_store(postgres_databases: Callable[[], str]) -> Iterator[Store]:
    opened = open_store(postgres_databases())
    yield opened
    opened.close()


class TestPostgres(StoreContract):
    """PostgreSQL keeps the contract."""


@pytest.mark.parametrize("table", ["commit_log", "revision"])
def test_H2a_the_log_takes_no_update_and_no_deletion(desk: Desk, address: str, table: str) -> None:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        for statement in (f"UPDATE {table} SET seq = 9 WHERE seq = 2", f"DELETE FROM {table}"):
            with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
                connection.execute(statement)
    desk.store.verify(desk.project)


def test_H6c_commits_wait_for_the_disk(desk: Desk, address: str) -> None:
    import psycopg

    with psycopg.connect(address) as connection:
        found = connection.execute("SELECT current_setting('synchronous_commit'), current_setting('fsync')")
        assert found.fetchone() == ("on", "on")
