"""Lines of a text log, plain or gzipped, in bounded memory: no line longer than a page, no endless stream."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from braid.formats.troubles import Troubles

MAX_LINE = 16_384
MAX_TEXT = 32 * 2**30
"""Bytes that are unpacked at most from one log."""


def lines_of(path: Path, troubles: Troubles) -> Iterator[tuple[int, str]]:
    """(number from 1, line without its end). A line beyond the limit, a broken or endless archive is a trouble."""
    packed = path.name.casefold().endswith(".gz")
    with gzip.open(path, "rb") if packed else path.open("rb") as source:
        number = 0
        try:
            for number, line in _lines(source, troubles):
                yield number, line
        except (EOFError, gzip.BadGzipFile, zlib.error, OSError) as error:
            troubles.add("truncated", f"the archive breaks off: {error}", spot=f"after line {number}")


def _lines(source: BinaryIO | gzip.GzipFile, troubles: Troubles) -> Iterator[tuple[int, str]]:
    number = total = 0
    while raw := source.readline(MAX_LINE):
        number += 1
        total += len(raw)
        if total > MAX_TEXT:
            troubles.add("too_large", f"the log has more than {MAX_TEXT} bytes", spot=f"line {number}")
            return
        if len(raw) == MAX_LINE and not raw.endswith(b"\n"):
            troubles.add("too_large", f"a line is longer than {MAX_LINE} bytes", spot=f"line {number}")
            while (rest := source.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                total += len(rest)
                if total > MAX_TEXT:
                    return
            continue
        if b"\x00" in raw:
            troubles.add("bad_line", "a line holds zero bytes", spot=f"line {number}")
            continue
        yield number, raw.decode("utf-8", "replace").strip("\r\n\ufeff")
