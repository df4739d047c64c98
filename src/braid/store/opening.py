"""Opening a store by path or address."""

from __future__ import annotations

from pathlib import Path

from braid.base.errors import InvalidInput
from braid.store.port import Store
from braid.store.sql_store import SYSTEM, SqlStore
from braid.store.writing import Surroundings


def open_store(where: str | Path, *, world: Surroundings = SYSTEM) -> Store:
    """The store at a file path, `sqlite:///path` or `postgresql://...`; made when it is not there.

    world: time and salts, for tests that want the same bytes twice.
    """
    text = str(where)
    scheme = text.partition("://")[0] if "://" in text else ""
    if scheme.startswith("postgres"):
        from braid.store.postgres import PostgresDatabase

        address = "postgresql" + text[len(scheme) :]
        return SqlStore(PostgresDatabase(address), world=world)
    if scheme not in {"", "sqlite"}:
        raise InvalidInput("an unknown kind of database", got=scheme, wanted="sqlite or postgresql")
    from braid.store.sqlite import SqliteDatabase

    path = Path(text.removeprefix("sqlite:///")) if scheme else Path(where)
    return SqlStore(SqliteDatabase(path), world=world)
