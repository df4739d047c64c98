"""A series asset as plain columns, read with DuckDB alone."""

from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from braid.formats.seam import Problem, SampleBundle, Sources
from braid.model.records import Stream


def columns_of(files: Sources, stream: Stream) -> dict[str, NDArray[Any]]:
    """Every column by its name; whole numbers as int64, others as float64 with NaN for null."""
    assert stream.asset is not None
    with duckdb.connect(":memory:") as connection:
        relation = connection.execute("SELECT * FROM read_parquet(?)", [str(files.assets[stream.asset])])
        names = [str(column[0]) for column in relation.description]
        rows = relation.fetchall()
    table: dict[str, NDArray[Any]] = {}
    for place, name in enumerate(names):
        cells = [row[place] for row in rows]
        whole = all(isinstance(cell, int) for cell in cells)
        table[name] = np.array(
            [np.nan if cell is None else cell for cell in cells], dtype=None if whole else np.float64
        )
    return table


def stream_named(bundle: SampleBundle, name: str) -> Stream:
    """The one stream of that name."""
    (found,) = [one for one in bundle.records if isinstance(one, Stream) and one.name == name]
    return found


def told(problems: list[Problem], code: str) -> list[Problem]:
    """Problems of one kind."""
    return [problem for problem in problems if problem.code == code]
