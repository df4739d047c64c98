"""One frame of a CAN bus as every log reader gives it, and what a log says of its own clock.

Times are whole nanoseconds on the log's clock; they come from decimal text or integer ticks, never through a float.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from braid.clock.ns import SECOND_NS
from braid.formats.troubles import Troubles

TX = 1
FD = 2
RATE_SWITCH = 4
ERROR_STATE = 8
EXTENDED = 16
REMOTE = 32
ERROR = 64
ECHO = 128
"""Flags of a frame. TX: sent by the recorder itself. ECHO: a transmission that the interface gave back."""

FLAG_NAMES = ((TX, "tx"), (FD, "fd"), (RATE_SWITCH, "brs"), (ERROR_STATE, "esi"), (ECHO, "echo"))

MAX_BYTES = 64
STANDARD_IDS = 0x7FF
EXTENDED_IDS = 0x1FFFFFFF
LIMIT_STAMP_NS = 2**62


class Frame(NamedTuple):
    """at_ns: on the log's clock. bus: as the log names it. can_id: 11 or 29 bits. data: at most 64 bytes."""

    at_ns: int
    bus: str
    can_id: int
    flags: int
    data: bytes


@dataclass(slots=True, kw_only=True)
class Clock:
    """What a log says of its clock. start_text: its words about when it began. start_ns: the same as local wall time

    in nanoseconds since 1970, whose zone no log of these kinds states. unix: times are Unix times already.
    resolution_ns: of its stamps.
    """

    start_text: str = ""
    start_ns: int | None = None
    unix: bool = False
    resolution_ns: int = 1


class Log(Protocol):
    """A log while it is read: frames in the order of the file; troubles and the clock fill on the way."""

    troubles: Troubles
    clock: Clock

    def frames(self) -> Iterator[Frame]:
        """Every frame that can be read."""


_SECONDS = re.compile(r"^[0-3]?[0-9]{1,9}(?:\.[0-9]{1,18})?$", re.ASCII)
"""The usual stamp, which cannot be too large."""


def decimal_ns(text: str, *, unit_ns: int = SECOND_NS) -> int | None:
    """A plain decimal number of units as whole nanoseconds, what is finer is cut off; None when it is none.

    >>> decimal_ns("1436509052.249713")
    1436509052249713000
    """
    if unit_ns == SECOND_NS and _SECONDS.match(text):
        whole, _, fraction = text.partition(".")
        return int(whole) * SECOND_NS + int((fraction + "000000000")[:9])
    sign = -1 if text.startswith("-") else 1
    whole, _, fraction = text.removeprefix("-").partition(".")
    digits = whole + fraction
    if not digits.isascii() or not digits.isdigit() or not whole or len(whole) > 12:
        return None
    scale = 10 ** len(fraction[:18])
    value = int(whole) * unit_ns + int(fraction[:18] or "0") * unit_ns // scale
    return sign * value if value < LIMIT_STAMP_NS else None


def hex_bytes(cells: list[str], *, base: int = 16) -> bytes | None:
    """Cells of one byte each; None when one is not."""
    if len(cells) > MAX_BYTES or any(not 1 <= len(cell) <= 3 for cell in cells):
        return None
    try:
        return bytes(int(cell, base) for cell in cells)
    except ValueError:
        return None


def can_id_fits(can_id: int, flags: int) -> bool:
    """Whether an id has at most 11 bits, or 29 when it is extended."""
    return 0 <= can_id <= (EXTENDED_IDS if flags & EXTENDED else STANDARD_IDS)
