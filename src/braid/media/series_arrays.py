"""A series as arrays: its channels from a file of columns, and the other stamps of its readings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from braid.media.series_columns import mapped_columns
from braid.media.sniff import PARQUET, sniff
from braid.media.time_columns import MEDIA_TIME, OTHER_STAMPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """times_ns: (N,) media time, ascending. names: (name, unit) of each row of values: (channels, N), mapped."""

    times_ns: NDArray[np.int64]
    names: tuple[tuple[str, str], ...]
    values: NDArray[np.float64]


def read_channels(columns: Path) -> Channels:
    """All channels of a file of `write_columns`."""
    names, times, values = mapped_columns(columns)
    return Channels(times_ns=times, names=tuple(names), values=values)


def read_stamps(path: Path) -> dict[str, NDArray[np.int64]]:
    """By clock ("media", "device", "publish", "log") the stamps of the readings that have all of them, (N,) each.

    Empty for a file that has only one kind of stamp. All are media times of the stream.
    """
    if sniff(path).family != PARQUET:
        return {}
    import duckdb

    with duckdb.connect(":memory:", config={"memory_limit": "512MB", "threads": 1}) as connection:
        found = connection.execute(
            "DESCRIBE SELECT * FROM read_parquet(?)", [str(path.absolute())]
        ).fetchall()
        there = {str(name) for name, *_ in found}
        names = [one for one in OTHER_STAMPS if one in there]
        if MEDIA_TIME not in there or not names:
            return {}
        columns = [MEDIA_TIME, *names]
        known = " AND ".join(f"{one} IS NOT NULL" for one in columns)
        query = f"SELECT {', '.join(columns)} FROM read_parquet(?) WHERE {known}"  # noqa: S608 - names are our own
        arrays = connection.execute(query, [str(path.absolute())]).fetchnumpy()
    return {
        one.removesuffix("_ns").replace("time", "media"): np.asarray(arrays[one], dtype=np.int64)
        for one in columns
    }
