"""COCO's run lengths: column-major runs of 0 and 1 in turn, plain or packed into printable characters."""

from __future__ import annotations

from collections.abc import Sequence

from braid.base.errors import InvalidInput


def pack(runs: Sequence[int]) -> str:
    """Run lengths as COCO's compressed text: differences to the run two before, five bits a character.

    >>> pack([0, 20, 30]), unpack(pack([0, 20, 30]))
    ('0d0n0', [0, 20, 30])
    """
    packed: list[str] = []
    for index, run in enumerate(runs):
        value = run - runs[index - 2] if index > 2 else run
        more = True
        while more:
            bits = value & 0x1F
            value >>= 5
            more = value != (-1 if bits & 0x10 else 0)
            packed.append(chr(48 + (bits | (0x20 if more else 0))))
    return "".join(packed)


def unpack(counts: str) -> list[int]:
    """The run lengths behind COCO's compressed text. Raises InvalidInput for foreign characters or negative runs."""
    runs: list[int] = []
    value, shift = 0, 0
    for char in counts:
        code = ord(char) - 48
        if not 0 <= code < 64 or shift > 60:
            raise InvalidInput("run lengths hold a foreign character", got=char)
        value |= (code & 0x1F) << shift
        shift += 5
        if code & 0x20:
            continue
        if code & 0x10:
            value -= 1 << shift
        run = value + (runs[-2] if len(runs) > 2 else 0)
        if run < 0:
            raise InvalidInput("a run length is negative", got=run)
        runs.append(run)
        value, shift = 0, 0
    if shift:
        raise InvalidInput("run lengths end in the middle of a number")
    return runs


def area_px(runs: Sequence[int]) -> int:
    """How many pixels are set."""
    return sum(runs[1::2])


def bounds_px(runs: Sequence[int], *, height_px: int) -> tuple[int, int, int, int] | None:
    """x0, y0, x1, y1 (right and bottom exclusive) of the set pixels; None for an empty mask.

    >>> bounds_px([0, 20, 30], height_px=10)
    (0, 0, 2, 10)
    """
    x0 = y0 = x1 = y1 = -1
    start = 0
    for index, run in enumerate(runs):
        end = start + run
        if index % 2 and run:
            left, right = start // height_px, (end - 1) // height_px
            top, bottom = (start % height_px, (end - 1) % height_px) if left == right else (0, height_px - 1)
            x0, y0 = (left, top) if x0 < 0 else (min(x0, left), min(y0, top))
            x1, y1 = max(x1, right + 1), max(y1, bottom + 1)
        start = end
    return None if x0 < 0 else (x0, y0, x1, y1)
