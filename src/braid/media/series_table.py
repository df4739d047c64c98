"""Which columns of a CSV or Parquet table are time and numbers, and its rows as NumPy batches in bounded memory."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput
from braid.media.csv_rows import CsvShape, csv_rows, read_shape
from braid.media.parquet_rows import parquet_head, parquet_values, text_of
from braid.media.sniff import PARQUET, sniff
from braid.media.time_columns import MEDIA_TIME, OTHER_STAMPS, TimeColumn, exact_ns, find_time_column

BATCH_ROWS = 20_000
ABSENT_WORDS = frozenset({"", "nan", "null", "none", "na"})


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
class Batch:
    """Rows that have a time: times_ns (n,) as the table says them, values (n, channels) with NaN where there is none.

    untimed, ragged, bad: rows without a time (left out), rows of another width, cells that are no finite number.
    """

    times_ns: list[int]
    values: NDArray[np.float64]
    untimed: int
    ragged: int
    bad: int


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
        numeric = sum(1 for cell in cells if not unreadable(cell))
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


def batches(path: Path, table: Table) -> Iterator[Batch]:
    """All rows in the order of the file."""
    if table.shape is None:
        for rows in parquet_values(path):
            yield _of_values(rows, table)
    else:
        held: list[Sequence[str]] = []
        for row in csv_rows(path, table.shape):
            held.append(row)
            if len(held) == BATCH_ROWS:
                yield _of_cells(held, table)
                held = []
        if held:
            yield _of_cells(held, table)


def _of_cells(rows: Sequence[Sequence[str]], table: Table) -> Batch:
    column, unit = table.time.index, table.time.unit_ns
    times = [exact_ns(row[column], unit) if column < len(row) else None for row in rows]
    kept = [row for row, at_ns in zip(rows, times, strict=True) if at_ns is not None]
    values = np.full((len(kept), len(table.values)), np.nan)
    bad = 0
    for place, (index, _, _) in enumerate(table.values):
        for number, row in enumerate(kept):
            cell = row[index] if index < len(row) else ""
            value = _number(cell)
            if value is not None:
                values[number, place] = value
            elif cell.strip().lower() not in ABSENT_WORDS:
                bad += 1
    return Batch(
        times_ns=[at_ns for at_ns in times if at_ns is not None],
        values=values,
        untimed=len(rows) - len(kept),
        ragged=sum(len(row) != table.width for row in rows),
        bad=bad,
    )


def _of_values(rows: Sequence[Sequence[object]], table: Table) -> Batch:
    """Rows of Parquet: whole numbers of time and plain numbers are taken as they are, anything else by its text."""
    columns = list(zip(*rows, strict=True))
    unit = table.time.unit_ns
    times = [
        stamp * unit if type(stamp) is int else exact_ns(text_of(stamp), unit)
        for stamp in columns[table.time.index]
    ]
    here = np.array([at_ns is not None for at_ns in times])
    values = np.full((len(rows), len(table.values)), np.nan)
    bad = 0
    for place, (index, _, _) in enumerate(table.values):
        try:
            values[:, place] = np.array(columns[index], dtype=np.float64)
        except (TypeError, ValueError):
            cells = [text_of(value) for value in columns[index]]
            numbers = [_number(cell) for cell in cells]
            values[:, place] = [math.nan if number is None else number for number in numbers]
            bad += sum(unreadable(cell) for cell, kept in zip(cells, here, strict=True) if kept)
    infinite = np.isinf(values)
    bad += int(np.count_nonzero(infinite[here]))
    values[infinite] = np.nan
    return Batch(
        times_ns=[at_ns for at_ns in times if at_ns is not None],
        values=values[here],
        untimed=int(np.count_nonzero(~here)),
        ragged=0,
        bad=bad,
    )


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def unreadable(cell: str) -> bool:
    """Whether a cell says something that is no finite number."""
    return cell.strip().lower() not in ABSENT_WORDS and _number(cell) is None


def _name_and_unit(name: str) -> tuple[str, str]:
    for opening, closing in ("[]", "()"):
        if name.endswith(closing) and opening in name:
            stem, _, unit = name[:-1].rpartition(opening)
            if stem.strip():
                return stem.strip(), unit.strip()
    return name, ""
