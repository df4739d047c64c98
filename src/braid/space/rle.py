"""COCO's compressed run lengths: column-major runs of 0s and 1s in turn, starting with 0s.

Each count is written in 5-bit groups (lowest first, +48 as ASCII, bit 6 = more follow); from the fourth count on,
what is written is the difference to the count two before. The layout is that of pycocotools (maskApi.c).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput, LimitExceeded

MAX_PIXELS = 2**28
"""Larger masks are refused before anything is allocated."""

Mask = NDArray[np.bool_]
"""(height, width), True inside."""


def parse_counts(counts: str) -> tuple[int, ...]:
    """The run lengths of a compressed string. Raises InvalidInput for bytes that are no run lengths.

    >>> parse_counts("52203")
    (5, 2, 2, 2, 5)
    """
    runs: list[int] = []
    value, shift = 0, 0
    for place, letter in enumerate(counts):
        code = ord(letter) - 48
        if not 0 <= code < 64 or shift > 60:
            raise InvalidInput(
                "a mask's run lengths do not decode",
                where=f"character {place}",
                got=letter,
                wanted="COCO's compressed counts",
                hint="Were uncompressed counts (a list of numbers) passed?",
            )
        value |= (code & 0x1F) << shift
        shift += 5
        if code & 0x20:
            continue
        if code & 0x10:
            value -= 1 << shift
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))
        if runs[-1] < 0:
            raise InvalidInput("a mask has a negative run length", where=f"run {len(runs) - 1}", got=runs[-1])
        value, shift = 0, 0
    if shift:
        raise InvalidInput("a mask's run lengths end in the middle of a number", got=counts[-8:])
    return tuple(runs)


def write_counts(runs: Sequence[int]) -> str:
    """The compressed string of run lengths.

    >>> write_counts((5, 2, 2, 2, 5))
    '52203'
    """
    letters: list[str] = []
    for place, run in enumerate(runs):
        value = run - runs[place - 2] if place > 2 else run
        more = True
        while more:
            code = value & 0x1F
            value >>= 5
            more = value != (-1 if code & 0x10 else 0)
            letters.append(chr((code | 0x20 if more else code) + 48))
    return "".join(letters)


def check_counts(counts: str, *, width_px: int, height_px: int) -> tuple[int, ...]:
    """The run lengths, which must cover the picture exactly. Raises InvalidInput or LimitExceeded."""
    if width_px <= 0 or height_px <= 0:
        raise InvalidInput("a mask has no size", got=f"{width_px} x {height_px}", wanted="both > 0")
    if width_px * height_px > MAX_PIXELS:
        raise LimitExceeded(
            "a mask is too large", got=f"{width_px} x {height_px}", wanted=f"at most {MAX_PIXELS} px"
        )
    runs = parse_counts(counts)
    if sum(runs) != width_px * height_px:
        raise InvalidInput(
            "a mask's run lengths do not cover its picture",
            got=f"{sum(runs)} px",
            wanted=f"{width_px} x {height_px} = {width_px * height_px} px",
            hint="Were width and height exchanged?",
        )
    return runs


def encode(mask: NDArray[Any]) -> str:
    """The compressed run lengths of a (height, width) mask; non-zero is inside."""
    flat = np.asarray(mask).astype(bool).ravel(order="F")
    if flat.size == 0:
        return ""
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    bounds = [0, *(int(edge) for edge in edges), int(flat.size)]
    runs = [after - before for before, after in pairwise(bounds)]
    return write_counts([0, *runs] if flat[0] else runs)


def decode(counts: str, *, width_px: int, height_px: int) -> Mask:
    """The mask as (height, width) booleans. Raises InvalidInput when the runs do not cover the picture."""
    runs = check_counts(counts, width_px=width_px, height_px=height_px)
    values = np.arange(len(runs)) % 2 == 1
    flat = np.repeat(values, runs)
    return np.asarray(flat.reshape((height_px, width_px), order="F"), dtype=np.bool_)


def area_px(counts: str) -> int:
    """How many pixels are inside."""
    return sum(parse_counts(counts)[1::2])


def bounds_px(counts: str, *, width_px: int, height_px: int) -> tuple[float, float, float, float] | None:
    """The bounding box (x0, y0, x1, y1) in edge coordinates; None for an empty mask."""
    runs = check_counts(counts, width_px=width_px, height_px=height_px)
    x0, y0, x1, y1 = width_px, height_px, 0, 0
    at = 0
    for place, run in enumerate(runs):
        if place % 2 and run:
            first, last = at, at + run - 1
            x0, x1 = min(x0, first // height_px), max(x1, last // height_px + 1)
            if first // height_px == last // height_px:
                y0, y1 = min(y0, first % height_px), max(y1, last % height_px + 1)
            else:
                y0, y1 = 0, height_px
        at += run
    return (float(x0), float(y0), float(x1), float(y1)) if x1 else None
