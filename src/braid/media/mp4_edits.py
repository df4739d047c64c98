"""The edit lists of an MP4 file, read from its boxes: what of each track is shown, and after which pause.

Reads headers and a few small boxes only. A damaged or hostile tree ends the reading, never the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from braid.clock.ns import LIMIT_NS, SECOND_NS, round_half_up
from braid.model.records import Edit

MAX_BOXES = 10_000
MAX_EDITS = 1000
_EMPTY = -1


def edit_lists(path: Path) -> dict[int, tuple[Edit, ...]]:
    """Track id to the entries of its edit list; a track without a list is left out."""
    with path.open("rb") as source:
        size = path.stat().st_size
        boxes = _Boxes(source)
        return dict(_read(boxes, size))


def _read(boxes: _Boxes, size: int) -> Iterator[tuple[int, tuple[Edit, ...]]]:
    for movie, start, end in boxes.within(0, size):
        if movie != b"moov":
            continue
        movie_scale = 0
        for name, at, stop in boxes.within(start, end):
            if name == b"mvhd":
                movie_scale = boxes.number(at, 12, 20)
            if name == b"trak":
                track, scale, entries = _track(boxes, at, stop)
                if track and entries is not None and scale and movie_scale:
                    yield track, tuple(_edits(entries, movie_scale, scale))


def _track(boxes: _Boxes, start: int, end: int) -> tuple[int, int, list[tuple[int, int]] | None]:
    """Track id, ticks per second of its media, entries (duration in movie ticks, first media tick)."""
    track = scale = 0
    entries = None
    for name, at, stop in boxes.within(start, end):
        if name == b"tkhd":
            track = boxes.number(at, 12, 20)
        elif name == b"mdia":
            for inner, inner_at, _ in boxes.within(at, stop):
                if inner == b"mdhd":
                    scale = boxes.number(inner_at, 12, 20)
        elif name == b"edts":
            for inner, inner_at, inner_stop in boxes.within(at, stop):
                if inner == b"elst":
                    entries = boxes.entries(inner_at, inner_stop)
    return track, scale, entries


def _edits(entries: list[tuple[int, int]], movie_scale: int, scale: int) -> Iterator[Edit]:
    for duration, first in entries:
        lasts = round_half_up(Fraction(duration * SECOND_NS, movie_scale))
        begins = round_half_up(Fraction(first * SECOND_NS, scale))
        if lasts < LIMIT_NS and begins < LIMIT_NS:
            yield Edit(duration_ns=lasts, from_ns=None if first == _EMPTY else begins)


class _Boxes:
    """Walks boxes by their headers; at most MAX_BOXES of them in a file."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._left = MAX_BOXES

    def within(self, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
        """(type, start of the body, end) of the boxes in a range; stops at the first that does not fit."""
        at = start
        while at + 8 <= end and self._left > 0:
            self._left -= 1
            size, name, head = int.from_bytes(self._bytes(at, 4)), self._bytes(at + 4, 4), 8
            if size == 1:
                size, head = int.from_bytes(self._bytes(at + 8, 8)), 16
            elif size == 0:
                size = end - at
            if size < head or at + size > end:
                return
            yield name, at + head, at + size
            at += size

    def number(self, at: int, offset: int, offset_64: int) -> int:
        """A 32-bit field of a full box, which stands later when the box's version has 64-bit times."""
        wide = self._bytes(at, 1) == b"\x01"
        return int.from_bytes(self._bytes(at + (offset_64 if wide else offset), 4))

    def entries(self, at: int, stop: int) -> list[tuple[int, int]]:
        """(duration, signed first tick) of the entries of an edit list."""
        half = 8 if self._bytes(at, 1) == b"\x01" else 4
        count = min(int.from_bytes(self._bytes(at + 4, 4)), MAX_EDITS, (stop - at - 8) // (2 * half + 4))
        found = []
        for number in range(count):
            place = at + 8 + number * (2 * half + 4)
            duration = int.from_bytes(self._bytes(place, half))
            found.append((duration, int.from_bytes(self._bytes(place + half, half), signed=True)))
        return found

    def _bytes(self, at: int, count: int) -> bytes:
        self._source.seek(at)
        return self._source.read(count)
