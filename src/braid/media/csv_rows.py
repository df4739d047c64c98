"""CSV as found in the wild: delimiter, decimal comma and encoding are sniffed from a bounded head, rows stream."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from braid.base.errors import InvalidInput, LimitExceeded
from braid.media.limits import MAX_SERIES_BYTES, MAX_SERIES_CHANNELS

MAX_LINE = 1 << 20
HEAD_ROWS = 200
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvShape:
    """How a CSV file is written: names of its columns as in the header, and its first rows."""

    encoding: str
    delimiter: str
    decimal_comma: bool
    names: tuple[str, ...]
    head: tuple[tuple[str, ...], ...]


def read_shape(path: Path) -> CsvShape:
    """Sniffs the file. Raises InvalidInput when there is no header with at least one column and one row."""
    if path.stat().st_size > MAX_SERIES_BYTES:
        raise LimitExceeded(
            "the CSV file is too large", where=path.name, wanted=f"<= {MAX_SERIES_BYTES} bytes"
        )
    encoding = _encoding(path)
    counts: dict[str, int] = {}
    for delimiter in _DELIMITERS:
        rows = _first_rows(path, encoding, delimiter, 20)
        widths = {len(row) for row in rows}
        width = len(rows[0]) if rows else 0
        counts[delimiter] = width if len(widths) == 1 else min(width, 2)
    delimiter = max(_DELIMITERS, key=lambda one: counts[one])
    rows = _first_rows(path, encoding, delimiter, HEAD_ROWS)
    if len(rows) < 2:
        raise InvalidInput(
            "the CSV file has no rows", where=path.name, wanted="a header and at least one row"
        )
    names = rows[0]
    if len(names) > MAX_SERIES_CHANNELS:
        raise LimitExceeded("the CSV file has too many columns", where=path.name, got=len(names))
    body = rows[1:]
    commas = delimiter != "," and any(_comma_number(cell) for row in body for cell in row)
    points = any(
        cell.count(".") == 1 and cell.replace(".", "").lstrip("-").isdigit() for row in body for cell in row
    )
    return CsvShape(
        encoding=encoding,
        delimiter=delimiter,
        decimal_comma=commas and not points,
        names=_unique(names),
        head=tuple(tuple(row) for row in body),
    )


def csv_rows(path: Path, shape: CsvShape) -> Iterator[list[str]]:
    """The rows after the header, with decimal commas turned into points; empty lines are left out."""
    reader = _reader(path, shape.encoding, shape.delimiter)
    next(reader, None)
    for row in reader:
        yield (
            [cell.replace(",", ".") if _comma_number(cell) else cell for cell in row]
            if shape.decimal_comma
            else row
        )


def _first_rows(path: Path, encoding: str, delimiter: str, count: int) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in _reader(path, encoding, delimiter):
        rows.append(row)
        if len(rows) >= count:
            break
    return rows


def _reader(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as source:

        def lines() -> Iterator[str]:
            while line := source.readline(MAX_LINE):
                if len(line) >= MAX_LINE:
                    raise LimitExceeded("a line of the CSV file is too long", where=path.name)
                if "\x00" in line:
                    raise InvalidInput("the CSV file contains NUL characters", where=path.name)
                yield line

        try:
            yield from (
                row for row in csv.reader(lines(), delimiter=delimiter) if any(cell.strip() for cell in row)
            )
        except (csv.Error, UnicodeDecodeError) as error:
            raise InvalidInput("the CSV file cannot be read", where=path.name, got=str(error)) from error


def _encoding(path: Path) -> str:
    with path.open("rb") as source:
        head = source.read(4)
        for mark, name in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
            if head.startswith(mark):
                return name
        source.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := source.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "latin-1"
    return "utf-8-sig"


def _comma_number(cell: str) -> bool:
    head, comma, tail = cell.strip().lstrip("+-").partition(",")
    return bool(comma) and (head.isdigit() or not head) and tail.isdigit()


def _unique(names: list[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    result: list[str] = []
    for index, raw in enumerate(names):
        name = raw.strip() or f"column {index + 1}"
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return tuple(result)
