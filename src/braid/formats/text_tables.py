"""Tables of text as people save them: UTF-8, UTF-16 or Latin-1; commas, semicolons or tabs; CRLF; ragged rows.

Rows are numbered as a person counts them: the header is row 1.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from braid.base.errors import InvalidInput
from braid.formats.seam import Problem, Sources

SIZE_LIMIT = 256 * 2**20
CELL_LIMIT = 1_000_000
"""Largest cell in characters; an unclosed quote would otherwise swallow the file."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """One row: its number (header = 1) and its cells by column name."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTable:
    """A table that was opened: how it was read, its columns, its text."""

    name: str
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    text: str

    def rows(self) -> Iterator[TextRow | Problem]:
        """The rows; those with another number of cells than the header are problems with their row number."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter)
        limit = csv.field_size_limit(CELL_LIMIT)
        number = 0
        try:
            for cells in reader:
                number += 1
                if number == 1 or not cells:
                    continue
                if len(cells) != len(self.columns):
                    yield Problem(
                        where=f"{self.name}: row {number}",
                        code="ragged-row",
                        message=f"the row has {len(cells)} cells, the header {len(self.columns)}",
                        rejected=True,
                    )
                else:
                    yield TextRow(number=number, cells=dict(zip(self.columns, cells, strict=True)))
        except csv.Error as error:
            where = f"{self.name}: row {number + 1}"
            yield Problem(
                where=where, code="broken-table", message=f"{error}; the rest is left out", rejected=True
            )
        finally:
            csv.field_size_limit(limit)


def decode_text(data: bytes) -> tuple[str, str]:
    """Text and the name of its encoding: by byte-order mark, UTF-8 if it is that, else Windows-1252 or Latin-1.

    >>> decode_text("é".encode()), decode_text("é".encode("latin-1")), decode_text("é".encode("utf-16"))
    (('é', 'utf-8'), ('é', 'cp1252'), ('é', 'utf-16'))
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding), encoding
    if len(data) >= 4 and len(data) % 2 == 0 and data[:512].count(0) > len(data[:512]) // 4:
        encoding = "utf-16-le" if data[1:512:2].count(0) > data[0:512:2].count(0) else "utf-16-be"
        return _strict(data, encoding), encoding
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "latin-1"


def open_table(files: Sources, path: Path) -> TextTable:
    """A table with a header. Raises InvalidInput when it is empty, binary, or has a column twice."""
    name = files.name(path)
    text, encoding = decode_text(files.read(path, limit=SIZE_LIMIT))
    if "\0" in text:
        raise InvalidInput("not a table of text: it holds zero bytes", where=name)
    head = text.split("\n", 1)[0].rstrip("\r")
    if not head.strip():
        raise InvalidInput("the table is empty", where=name, wanted="a header in row 1")
    delimiter = max(",;\t|", key=head.count)
    columns = tuple(cell.strip() for cell in next(csv.reader([head], delimiter=delimiter)))
    if len(set(columns)) != len(columns):
        raise InvalidInput("a column name is used twice", where=f"{name}: row 1", got=", ".join(columns))
    return TextTable(name=name, encoding=encoding, delimiter=delimiter, columns=columns, text=text)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidInput(
            "the text is not what its first bytes promise", got=encoding, wanted=str(error)
        ) from None
