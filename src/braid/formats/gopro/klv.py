"""GPMF: a tree of (key, type, size, repeat, bytes), big-endian, padded to four bytes. Depth, items and sizes are bounded."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.formats.troubles import Troubles

HEAD = struct.Struct(">4sBBH")
MAX_DEPTH = 8
MAX_ITEMS = 20_000
MAX_ELEMENTS = 255
_TYPES: dict[str, str] = {
    "b": ">i1", "B": ">u1", "s": ">i2", "S": ">u2", "l": ">i4", "L": ">u4", "j": ">i8", "J": ">u8",
    "f": ">f4", "d": ">f8", "q": ">i4", "Q": ">i8",
}  # fmt: skip
_FIXED: dict[str, float] = {"q": 2.0**16, "Q": 2.0**32}
"""Fixed-point numbers and what one is."""
_COMPLEX = re.compile(r"([a-zA-Z])(?:\[(\d{1,3})\])?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry. kind "" for a nest, whose `items` are inside; size: bytes of one sample; at: byte in the payload."""

    key: str
    kind: str
    size: int
    repeat: int
    raw: bytes
    at: int
    items: tuple[Item, ...] = ()

    def text(self) -> str:
        """The bytes as text: Latin-1, as cameras write degree and square signs."""
        return self.raw.decode("latin-1").split("\x00", 1)[0].strip()

    def texts(self) -> list[str]:
        """One text per sample of `size` bytes; a row of single letters is one text."""
        if self.size == 1:
            return [self.text()]
        return [
            self.raw[at : at + self.size].decode("latin-1").split("\x00", 1)[0].strip()
            for at in range(0, self.size * self.repeat, self.size)
        ]


def parse(payload: bytes, troubles: Troubles, *, spot: str) -> tuple[Item, ...]:
    """The items of a payload; what reaches beyond its parent or is no key ends that level with a trouble."""
    budget = [MAX_ITEMS]
    return tuple(_level(payload, 0, len(payload), troubles, spot, depth=0, budget=budget))


def _level(
    data: bytes, start: int, end: int, troubles: Troubles, spot: str, *, depth: int, budget: list[int]
) -> Iterator[Item]:
    at = start
    while at + HEAD.size <= end:
        key, kind, size, repeat = HEAD.unpack_from(data, at)
        if key == b"\x00\x00\x00\x00":
            return
        where = f"{spot}, byte {at}"
        budget[0] -= 1
        if budget[0] < 0:
            if budget[0] == -1:
                troubles.add("too_large", f"more than {MAX_ITEMS} items in one payload", spot=where)
            return
        if not all(0x20 <= byte < 0x7F for byte in key):
            troubles.add("bad_klv", f"no key: {key!r}", spot=where)
            return
        length = size * repeat
        begin = at + HEAD.size
        if begin + length > end:
            text = f"{key.decode()} has {length} bytes, {end - begin} are left"
            troubles.add("bad_klv", text, spot=where)
            return
        items: tuple[Item, ...] = ()
        if kind == 0:
            if depth >= MAX_DEPTH:
                troubles.add("bad_klv", f"nested deeper than {MAX_DEPTH}", spot=where)
                return
            items = tuple(_level(data, begin, begin + length, troubles, spot, depth=depth + 1, budget=budget))
        yield Item(
            key=key.decode(),
            kind=chr(kind) if kind else "",
            size=size,
            repeat=repeat,
            raw=b"" if kind == 0 else data[begin : begin + length],
            at=at,
            items=items,
        )
        at = begin + (length + 3) // 4 * 4


def numbers(item: Item, layout: str = "") -> NDArray[np.float64] | None:
    """The item's numbers (samples, elements), None when it holds none. layout: the TYPE of items of kind `?`."""
    if item.kind == "?":
        return _complex(item, layout)
    code = _TYPES.get(item.kind)
    if code is None or not item.size or not item.repeat:
        return None
    dtype = np.dtype(code)
    if item.size % dtype.itemsize or item.size // dtype.itemsize > MAX_ELEMENTS:
        return None
    values = np.frombuffer(item.raw, dtype=dtype).reshape(item.repeat, -1).astype(np.float64)
    return values / _FIXED.get(item.kind, 1.0)


def _complex(item: Item, layout: str) -> NDArray[np.float64] | None:
    letters: list[str] = []
    for letter, count in _COMPLEX.findall(layout):
        letters += [letter] * int(count or 1)
        if len(letters) > MAX_ELEMENTS:
            return None
    if not letters or any(letter not in _TYPES and letter != "F" for letter in letters):
        return None
    fields: list[tuple[str, Any]] = [
        (f"f{place}", _TYPES.get(letter, "V4")) for place, letter in enumerate(letters)
    ]
    dtype = np.dtype(fields)
    if dtype.itemsize != item.size or not item.repeat:
        return None
    rows = np.frombuffer(item.raw, dtype=dtype)
    columns = [
        np.full(len(rows), np.nan)
        if letter == "F"
        else rows[f"f{place}"].astype(np.float64) / _FIXED.get(letter, 1.0)
        for place, letter in enumerate(letters)
    ]
    return np.stack(columns, axis=1)
