"""Numeric series: CSV and Parquet as (time, values) rows, streamed, and windows of them as min and max per bin.

Times are exact. A table stamped with an epoch gets its first reading as media time 0, since media times stay
below 2^53 ns; the epoch is reported apart, as digits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from braid.base.errors import InvalidInput, LimitExceeded
from braid.clock.ns import LIMIT_NS
from braid.media.csv_rows import CsvShape, csv_rows, read_shape
from braid.media.limits import MAX_SERIES_BINS
from braid.media.parquet_rows import parquet_head, parquet_rows
from braid.media.sniff import PARQUET, sniff
from braid.media.time_columns import MEDIA_TIME, OTHER_STAMPS, TimeColumn, exact_ns, find_time_column

EPOCH_NS = 10**17
"""Times beyond about three years are stamps of an epoch, not media times."""
MAX_CELLS = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Where the numbers are: time column, value columns as (column, name, unit), layout "csv" or "parquet"."""

    layout: str
    time: TimeColumn
    values: tuple[tuple[int, str, str], ...]
    width: int
    shape: CsvShape | None
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One pass over a series. channels: (name, unit). epoch_ns: digits of what media time 0 is, "" for relative times."""

    layout: str
    channels: tuple[tuple[str, str], ...]
    start_ns: int
    end_ns: int
    total: int
    epoch_ns: str
    warnings: tuple[tuple[str, str], ...]


@dataclass(slots=True, kw_only=True)
class Channel:
    """One channel of a window: time of the first reading in each bin, least and greatest value."""

    name: str
    unit: str
    t_ns: list[int] = field(default_factory=list)
    min: list[float] = field(default_factory=list)
    max: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The readings of [start_ns, end_ns), at most `bins` per channel. total: readings of the table in the window."""

    channels: tuple[Channel, ...]
    start_ns: int
    end_ns: int
    total: int


def read_summary(path: Path) -> Summary:
    """Channels, extent (the end is exclusive: last reading + 1 ns) and oddities. Raises InvalidInput."""
    table = open_table(path)
    low: int | None = None
    high = last = 0
    total = unsorted = untimed = ragged = 0
    bad = 0
    for at_ns, row in _timed(path, table):
        if len(row) != table.width:
            ragged += 1
        if at_ns is None:
            untimed += 1
            continue
        bad += sum(1 for column, _, _ in table.values if column < len(row) and _unreadable(row[column]))
        unsorted += total > 0 and at_ns < last
        last = at_ns
        low = at_ns if low is None else min(low, at_ns)
        high = max(high, at_ns) if total else at_ns
        total += 1
    if low is None:
        raise InvalidInput("no row of the series has a time", where=path.name)
    epoch = low if abs(low) >= EPOCH_NS or abs(high) >= EPOCH_NS else 0
    if high - epoch + 1 >= LIMIT_NS:
        raise InvalidInput(
            "the series lasts longer than 104 days", where=path.name, hint="Is the time unit right?"
        )
    counts = (
        ("W_RAGGED", ragged, "rows have more or fewer fields than the header"),
        ("W_ROWS_WITHOUT_TIME", untimed, "rows have no readable time and were left out"),
        ("W_NOT_NUMBERS", bad, "values are not numbers and count as missing"),
        ("W_TIME_UNSORTED", int(unsorted), "readings come earlier than the one before them"),
    )
    warnings = [(code, f"{count} {text}") for code, count, text in counts if count]
    if table.time.guessed:
        warnings.append(("W_TIME_UNIT_GUESSED", f"1 unit of time was taken as {table.time.unit_ns} ns"))
    if table.left_out:
        warnings.append(("W_COLUMNS_LEFT_OUT", f"not numeric: {', '.join(table.left_out)[:200]}"))
    return Summary(
        layout=table.layout,
        channels=tuple((name, unit) for _, name, unit in table.values),
        start_ns=low - epoch,
        end_ns=high - epoch + 1,
        total=total,
        epoch_ns=str(epoch) if epoch else "",
        warnings=tuple(warnings),
    )


def read_window(path: Path, *, from_ns: int | None, to_ns: int | None, bins: int) -> Window:
    """Readings of [from_ns, to_ns) (default: all), at most `bins` per channel. Memory: bins x channels."""
    if not 1 <= bins <= MAX_SERIES_BINS:
        raise LimitExceeded("that many bins are not drawn", got=bins, wanted=f"1 to {MAX_SERIES_BINS}")
    summary = read_summary(path)
    table = open_table(path)
    if bins * len(table.values) > MAX_CELLS:
        raise LimitExceeded(
            "too many bins for so many channels", where=path.name, wanted=f"<= {MAX_CELLS} values"
        )
    start = summary.start_ns if from_ns is None else from_ns
    end = summary.end_ns if to_ns is None else to_ns
    if end <= start:
        raise InvalidInput("the window is empty", got=f"[{start}, {end})", wanted="from_ns < to_ns")
    epoch = int(summary.epoch_ns or 0)
    makers = [_Decimator(name, unit, start, end, bins) for _, name, unit in table.values]
    total = 0
    for stamp, row in _timed(path, table):
        if stamp is None or not start <= stamp - epoch < end:
            continue
        total += 1
        for maker, (column, _, _) in zip(makers, table.values, strict=True):
            value = _number(row[column]) if column < len(row) else None
            if value is not None:
                maker.add(stamp - epoch, value)
    return Window(channels=tuple(maker.finish() for maker in makers), start_ns=start, end_ns=end, total=total)


def open_table(path: Path) -> Table:
    """Finds the time column and the numeric columns from the head. Raises InvalidInput."""
    shape = None
    if sniff(path).family == PARQUET:
        layout = "parquet"
        names, head = parquet_head(path)
    else:
        layout = "csv"
        shape = read_shape(path)
        names = shape.names
        head = [
            [cell.replace(",", ".") if shape.decimal_comma else cell for cell in row] for row in shape.head
        ]
    time = find_time_column(names, head, where=path.name)
    values: list[tuple[int, str, str]] = []
    left_out: list[str] = []
    for index, name in enumerate(names):
        if index == time.index or (names[time.index] == MEDIA_TIME and name in OTHER_STAMPS):
            continue
        cells = [row[index] for row in head if index < len(row) and row[index].strip()]
        numeric = sum(1 for cell in cells if not _unreadable(cell))
        if cells and numeric * 10 >= len(cells) * 9:
            values.append((index, *_name_and_unit(name)))
        else:
            left_out.append(name)
    if not values:
        raise InvalidInput(
            "no column besides the time is numeric", where=path.name, got=", ".join(names[:12])
        )
    return Table(
        layout=layout,
        time=time,
        values=tuple(values),
        width=len(names),
        shape=shape,
        left_out=tuple(left_out),
    )


class _Decimator:
    """Keeps readings as they are while they are few, and bins from the moment they are not."""

    def __init__(self, name: str, unit: str, start_ns: int, end_ns: int, bins: int) -> None:
        self._channel = Channel(name=name, unit=unit)
        self._start, self._length, self._bins = start_ns, end_ns - start_ns, bins
        self._readings: list[tuple[int, float]] = []
        self._cells: dict[int, tuple[int, float, float]] = {}
        self._binning = False

    def add(self, at_ns: int, value: float) -> None:
        if not self._binning:
            self._readings.append((at_ns, value))
            if len(self._readings) > self._bins:
                self._binning = True
                for earlier in self._readings:
                    self._put(*earlier)
                self._readings = []
            return
        self._put(at_ns, value)

    def _put(self, at_ns: int, value: float) -> None:
        cell = (at_ns - self._start) * self._bins // self._length
        old = self._cells.get(cell)
        self._cells[cell] = (
            (at_ns, value, value)
            if old is None
            else (min(old[0], at_ns), min(old[1], value), max(old[2], value))
        )

    def finish(self) -> Channel:
        points = (
            [self._cells[cell] for cell in sorted(self._cells)]
            if self._binning
            else [(at_ns, value, value) for at_ns, value in sorted(self._readings)]
        )
        for at_ns, low, high in points:
            self._channel.t_ns.append(at_ns)
            self._channel.min.append(low)
            self._channel.max.append(high)
        return self._channel


def _timed(path: Path, table: Table) -> Iterator[tuple[int | None, Sequence[str]]]:
    rows: Iterator[Sequence[str]] = parquet_rows(path) if table.shape is None else csv_rows(path, table.shape)
    column, unit = table.time.index, table.time.unit_ns
    for row in rows:
        yield (exact_ns(row[column], unit) if column < len(row) else None), row


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _unreadable(cell: str) -> bool:
    return (
        bool(cell.strip())
        and cell.strip().lower() not in {"nan", "null", "none", "na"}
        and _number(cell) is None
    )


def _name_and_unit(name: str) -> tuple[str, str]:
    for opening, closing in ("[]", "()"):
        if name.endswith(closing) and opening in name:
            stem, _, unit = name[:-1].rpartition(opening)
            if stem.strip():
                return stem.strip(), unit.strip()
    return name, ""
