"""A series as columns on disk, sorted by time, and windows of them: least and greatest value per bin.

The file: 8 bytes length of the head, the head (JSON), padding to 8, int64 media times (N,), then float64 (N,) per channel.
Times and values are mapped, not read, so a window costs what it shows.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput, LimitExceeded
from braid.clock.ns import LIMIT_NS
from braid.media.limits import MAX_SERIES_BINS
from braid.media.series import epoch_of, too_long
from braid.media.series_table import batches, open_table

MAX_CELLS = 4_000_000
MAX_ROWS = 2**31
BLOCK_ROWS = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel of a window: time of the first reading in each bin, least and greatest value."""

    name: str
    unit: str
    t_ns: list[int]
    min: list[float]
    max: list[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The readings of [start_ns, end_ns), at most `bins` per channel. total: readings of the table in the window."""

    channels: tuple[Channel, ...]
    start_ns: int
    end_ns: int
    total: int


def write_columns(path: Path, out: BinaryIO) -> None:
    """The series of a CSV or Parquet file as columns. Memory: 16 bytes per row and one batch. Raises InvalidInput."""
    table = open_table(path)
    width = 1 + len(table.values)
    times: list[NDArray[np.int64]] = []
    base: int | None = None
    count = 0
    with tempfile.TemporaryFile() as spool:
        for batch in batches(path, table):
            if not batch.times_ns:
                continue
            if base is None:
                base = batch.times_ns[0]
            if max(abs(at_ns - base) for at_ns in batch.times_ns) >= LIMIT_NS:
                raise too_long(path)
            times.append(np.array([at_ns - base for at_ns in batch.times_ns], dtype=np.int64))
            spool.write(np.ascontiguousarray(batch.values, dtype="<f8").tobytes())
            count += len(batch.times_ns)
            if count > MAX_ROWS:
                raise LimitExceeded("a series has too many rows", where=path.name, wanted=f"<= {MAX_ROWS}")
        if base is None:
            raise InvalidInput("no row of the series has a time", where=path.name)
        at_ns = np.concatenate(times)
        order = None if bool((at_ns[1:] >= at_ns[:-1]).all()) else np.argsort(at_ns, kind="stable")
        at_ns = at_ns if order is None else at_ns[order]
        low, high = base + int(at_ns[0]), base + int(at_ns[-1])
        zero = epoch_of(low, high)
        if max(abs(low - zero), abs(high - zero)) >= LIMIT_NS:
            raise too_long(path)
        head = json.dumps(
            {"count": count, "channels": [[name, unit] for _, name, unit in table.values]}, ensure_ascii=False
        ).encode()
        head += b" " * (-len(head) % 8)
        out.write(len(head).to_bytes(8, "little") + head + (at_ns + (base - zero)).astype("<i8").tobytes())
        spool.flush()
        rows = np.memmap(spool, dtype="<f8", mode="r", shape=(count, width - 1))
        for place in range(width - 1):
            for start in range(0, count, BLOCK_ROWS):
                part = slice(start, min(count, start + BLOCK_ROWS))
                column = rows[part, place] if order is None else rows[order[part], place]
                out.write(np.ascontiguousarray(column).tobytes())
        del rows


def read_window(
    columns: Path, *, from_ns: int | None, to_ns: int | None, bins: int, only: Sequence[int] = ()
) -> Window:
    """Readings of [from_ns, to_ns) (default: all), at most `bins` per channel, from a file of `write_columns`.

    only: indexes of the channels to read; the others are named without readings. Empty for all.
    """
    if not 1 <= bins <= MAX_SERIES_BINS:
        raise LimitExceeded("that many bins are not drawn", got=bins, wanted=f"1 to {MAX_SERIES_BINS}")
    names, times, values = mapped_columns(columns)
    wanted = set(only) or set(range(len(names)))
    if not wanted <= set(range(len(names))):
        raise InvalidInput("no such channel", got=max(wanted), wanted=f"0 to {len(names) - 1}")
    if bins * len(wanted) > MAX_CELLS:
        raise LimitExceeded("too many bins for so many channels", wanted=f"<= {MAX_CELLS} values")
    start = int(times[0]) if from_ns is None else from_ns
    end = int(times[-1]) + 1 if to_ns is None else to_ns
    if end <= start:
        raise InvalidInput("the window is empty", got=f"[{start}, {end})", wanted="from_ns < to_ns")
    first, last = (int(place) for place in np.searchsorted(times, [start, end]))
    inside = np.asarray(times[first:last])
    edges = [start + -(-number * (end - start) // bins) for number in range(bins)]
    places = np.searchsorted(inside, np.array(edges, dtype=np.int64))
    channels = tuple(
        _binned(name, unit, inside, np.asarray(values[place, first:last]), places, bins)
        if place in wanted
        else Channel(name=name, unit=unit, t_ns=[], min=[], max=[])
        for place, (name, unit) in enumerate(names)
    )
    return Window(channels=channels, start_ns=start, end_ns=end, total=last - first)


def mapped_columns(path: Path) -> tuple[list[tuple[str, str]], NDArray[np.int64], NDArray[np.float64]]:
    """Names and units, media times (N,) and values (channels, N) of a file of `write_columns`, mapped."""
    with path.open("rb") as source:
        length = int.from_bytes(source.read(8), "little")
        head: dict[str, Any] = json.loads(source.read(length))
    count, names = head["count"], [(name, unit) for name, unit in head["channels"]]
    times = np.memmap(path, dtype="<i8", mode="r", offset=8 + length, shape=(count,))
    values = np.memmap(path, dtype="<f8", mode="r", offset=8 + length + 8 * count, shape=(len(names), count))
    return names, times, values


def _binned(
    name: str,
    unit: str,
    times: NDArray[np.int64],
    values: NDArray[np.float64],
    places: NDArray[np.int64],
    bins: int,
) -> Channel:
    """Readings as they are while they are few, bins when they are not. places: index of the first reading of each bin."""
    known = np.isfinite(values)
    if not bool(known.all()):
        places = np.concatenate([[0], np.cumsum(known)])[places]
        times, values = times[known], values[known]
    if len(values) <= bins:
        readings = values.tolist()
        return Channel(name=name, unit=unit, t_ns=times.tolist(), min=readings, max=readings)
    starts = np.unique(places[places < len(values)])
    return Channel(
        name=name,
        unit=unit,
        t_ns=times[starts].tolist(),
        min=np.minimum.reduceat(values, starts).tolist(),
        max=np.maximum.reduceat(values, starts).tolist(),
    )
