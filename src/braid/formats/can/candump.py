"""candump logs (`candump -L`): `(seconds) interface id#data`, with `##` for CAN FD and `#R` for remote frames.

Eight id digits mean 29 bits; ids with the error flag 0x20000000 are error frames of the kernel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from braid.clock.ns import SECOND_NS
from braid.formats.can.frames import (
    ERROR,
    ERROR_STATE,
    EXTENDED,
    EXTENDED_IDS,
    FD,
    MAX_BYTES,
    RATE_SWITCH,
    REMOTE,
    TX,
    Clock,
    Frame,
    can_id_fits,
    decimal_ns,
)
from braid.formats.can.text_lines import lines_of
from braid.formats.troubles import Troubles

UNIX_FROM_NS = 10**9 * SECOND_NS
"""Stamps from 2001 on are Unix times; smaller ones count from some start of their own."""
ERROR_ID_FLAG = 0x20000000
_LINE = re.compile(
    r"^\((-?[0-9]{1,12}(?:\.[0-9]{1,18})?)\)\s+(\S{1,32})\s+([0-9A-Fa-f]{1,8})(##?)([0-9A-Fa-fRr_.]*)(?:\s+([RTrt]))?\s*$"
)


class Candump:
    """One candump log."""

    def __init__(self, path: Path, *, where: str) -> None:
        self.troubles = Troubles(where)
        self.clock = Clock(unix=True)
        self._path = path

    def frames(self) -> Iterator[Frame]:
        """Every frame; a line that is none is a trouble with its number."""
        balance = 0
        for number, line in lines_of(self._path, self.troubles):
            if not line.strip() or line.startswith("#"):
                continue
            frame = _frame(line)
            if isinstance(frame, str):
                self.troubles.add("bad_line", frame, spot=f"line {number}")
                continue
            balance += 1 if frame.at_ns >= UNIX_FROM_NS else -1
            yield frame
        self.clock.unix = balance > 0


def _frame(line: str) -> Frame | str:
    match = _LINE.match(line)
    if match is None:
        return "no candump line, wanted (seconds) interface id#data"
    stamp, bus, digits, sharp, rest, direction = match.groups()
    at_ns = decimal_ns(stamp)
    if at_ns is None:
        return f"the time is none: {stamp[:40]}"
    can_id = int(digits, 16)
    flags = TX if direction in {"T", "t"} else 0
    if len(digits) > 3:
        flags |= EXTENDED
    if flags & EXTENDED and can_id & ERROR_ID_FLAG:
        flags |= ERROR
        can_id &= EXTENDED_IDS
    if not can_id_fits(can_id, flags):
        return f"the id has too many bits: {digits}"
    if sharp == "##":
        if not rest or not rest[0].isalnum() or rest[0] in "Rr":
            return "a CAN FD frame has no flags"
        fd = int(rest[0], 16)
        flags |= FD | (RATE_SWITCH if fd & 1 else 0) | (ERROR_STATE if fd & 2 else 0)
        rest = rest[1:]
    elif rest[:1] in {"R", "r"}:
        length = rest[1:] or "0"
        if not length.isdigit() or int(length) > 8:
            return f"a remote frame has a bad length: {length[:20]}"
        return Frame(at_ns, bus, can_id, flags | REMOTE, bytes(int(length)))
    # Behind `_` stands the raw length code of frames with more than 8 in it; `.` may part the bytes.
    plain = rest.partition("_")[0].replace(".", "")
    if len(plain) % 2 or "R" in plain.upper():
        return "the data are no whole bytes"
    data = bytes.fromhex(plain)
    if len(data) > (MAX_BYTES if flags & FD else 8):
        return f"a frame has {len(data)} bytes"
    return Frame(at_ns, bus, can_id, flags, data)
