from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.engine import make_url

import braid.store
from braid.base.errors import InvalidInput
from braid.store import open_store, schema
from braid.store.tables import METADATA

MIGRATIONS = Path(braid.store.__file__).parent / "migrations"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        address: Any = f"sqlite:///{tmp_path}/braid.db"
    else:
        databases: Callable[[], str] = request.getfixturevalue("postgres_databases")
        address = make_url(databases()).set(drivername="postgresql+psycopg")
    made = create_engine(address)
    yield made
    made.dispose()


def test_the_newest_migration_is_known() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == schema.LATEST


def test_migrations_make_exactly_the_tables(engine: Engine) -> None:
    schema.upgrade(engine)
    schema.upgrade(engine)
    assert schema.current(engine) == schema.LATEST
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_migrations_go_back_and_forth(engine: Engine) -> None:
    schema.upgrade(engine)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    for move, to in ((command.downgrade, "base"), (command.upgrade, "head")):
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            move(config, to)
    assert set(METADATA.tables) <= set(inspect(engine).get_table_names())


def test_an_unknown_kind_of_database_is_refused() -> None:
    with pytest.raises(InvalidInput):
        open_store("mysql://localhost/braid")


def test_paths_with_odd_letters_open(tmp_path: Path) -> None:
    place = tmp_path / "50% of ü ?#&" / "braid.db"
    open_store(place).close()
    assert place.is_file()
    open_store(place).close()
