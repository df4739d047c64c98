"""Parquet as rows, through DuckDB in bounded memory. Nested columns are left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from braid.base.errors import InvalidInput, LimitExceeded
from braid.media.limits import MAX_SERIES_CHANNELS

if TYPE_CHECKING:
    import duckdb

BATCH_ROWS = 20_000
HEAD_ROWS = 200
_NESTED = ("STRUCT", "MAP", "UNION", "BLOB")


def parquet_head(path: Path) -> tuple[tuple[str, ...], list[list[str]]]:
    """Names of the flat columns and the first rows."""
    with _query(path) as (_, names, relation):
        head = [[text_of(value) for value in row] for row in relation.fetchmany(HEAD_ROWS)]
    return names, head


def parquet_values(path: Path) -> Iterator[Sequence[Sequence[object]]]:
    """All rows as Python values, in batches."""
    with _query(path) as (_, _, relation):
        while batch := relation.fetchmany(BATCH_ROWS):
            yield batch


@contextmanager
def _query(
    path: Path,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, tuple[str, ...], duckdb.DuckDBPyConnection]]:
    import duckdb

    if any(sign in str(path) for sign in "*?["):
        raise InvalidInput("the path of a Parquet file has pattern signs", where=path.name, got="* ? or [")
    with duckdb.connect(":memory:", config={"memory_limit": "512MB", "threads": 1}) as connection:
        try:
            described = connection.execute(
                "DESCRIBE SELECT * FROM read_parquet(?)", [str(path.absolute())]
            ).fetchall()
            flat = [
                (str(name), str(kind))
                for name, kind, *_ in described
                if not str(kind).endswith("]") and not str(kind).startswith(_NESTED)
            ]
            if not flat or len(flat) > MAX_SERIES_CHANNELS:
                raise LimitExceeded(
                    "the Parquet file has no usable columns or too many", where=path.name, got=len(flat)
                )
            # A timestamp is asked for as whole nanoseconds of the Unix epoch: a datetime would lose the last digits.
            columns = ", ".join(
                f"epoch_ns({_quoted(name)}) AS {_quoted(name)}"
                if kind.startswith("TIMESTAMP")
                else _quoted(name)
                for name, kind in flat
            )
            names = tuple(f"{name} [ns]" if kind.startswith("TIMESTAMP") else name for name, kind in flat)
            query = f"SELECT {columns} FROM read_parquet(?)"  # noqa: S608 - names are quoted, the path is a parameter
            relation = connection.execute(query, [str(path.absolute())])
            yield connection, names, relation
        except duckdb.Error as error:
            raise InvalidInput(
                "the Parquet file cannot be read", where=path.name, got=str(error).splitlines()[0]
            ) from error


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def text_of(value: object) -> str:
    """A value as the decimal text that was meant, empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return repr(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)
