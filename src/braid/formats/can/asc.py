"""Vector ASC logs, plain or gzipped: classic and FD frames, remote and error frames; other events are passed over.

`timestamps absolute` counts from the start of the measurement, `timestamps relative` from the line before.
The start itself stands in localised words; its zone is never stated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from braid.formats.can.frames import (
    ERROR,
    ERROR_STATE,
    EXTENDED,
    FD,
    RATE_SWITCH,
    REMOTE,
    TX,
    Clock,
    Frame,
    can_id_fits,
    decimal_ns,
    hex_bytes,
)
from braid.formats.can.text_lines import lines_of
from braid.formats.can.wall_time import wall_ns
from braid.formats.troubles import Troubles

_DATE = re.compile(r"^date\s+(.+)$", re.IGNORECASE)
_BASE = re.compile(r"^base\s+(hex|dec)(?:\s+timestamps\s+(absolute|relative))?", re.IGNORECASE)
_BLOCK = re.compile(r"^begin\s+trigger\s?block\b\s*(.*)$", re.IGNORECASE)
_EVENT = re.compile(r"^\s*([0-9]+\.[0-9]+)\s+(\S+)(?:\s+(.*))?$")
_LENGTHS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64)
DIRECTIONS = {"rx": 0, "tx": TX, "txrq": TX}


class Asc:
    """One ASC log."""

    def __init__(self, path: Path, *, where: str) -> None:
        self.troubles = Troubles(where)
        self.clock = Clock(resolution_ns=1000)
        self.other_events = 0
        self._path = path
        self._base = 16
        self._relative = False
        self._now_ns = 0
        self._shift_ns = 0
        self._ticks = 0
        self._blocks = 0
        self._new_block = False
        self._block_ns: int | None = None

    def frames(self) -> Iterator[Frame]:
        """Every frame; a damaged frame is a trouble with its line."""
        for number, line in lines_of(self._path, self.troubles):
            if self._head(line.strip(), number):
                continue
            match = _EVENT.match(line)
            if match is None:
                if line.strip() and not line.lstrip().startswith("//"):
                    self._odd(line.strip(), number)
                continue
            stamp, first, rest = match.groups()
            ticks = decimal_ns(stamp)
            if ticks is None:
                self.troubles.add("bad_line", f"the time is none: {stamp[:40]}", spot=f"line {number}")
                continue
            self._advance(ticks)
            frame = self._frame(first, rest or "")
            if isinstance(frame, str):
                self.troubles.add("bad_line", frame, spot=f"line {number}")
            elif frame is None:
                self.other_events += 1
            else:
                yield frame

    def _head(self, line: str, number: int) -> bool:
        """Takes lines about the log itself."""
        if match := _BASE.match(line):
            self._base = 10 if match[1].casefold() == "dec" else 16
            self._relative = (match[2] or "").casefold() == "relative"
            return True
        if match := _DATE.match(line):
            self._began(match[1], number)
            return True
        if match := _BLOCK.match(line):
            if match[1].strip():
                self._block(match[1], number)
            return True
        return line.casefold().startswith(("end triggerblock", "internal events", "no internal events"))

    def _began(self, words: str, number: int) -> None:
        if self.clock.start_text:
            return
        self.clock.start_text = words.strip()[:80]
        self.clock.start_ns = wall_ns(words)
        if self.clock.start_ns is None:
            self.troubles.add(
                "bad_date", f'a date is not understood: "{words[:60]}"', spot=f"line {number}", rejected=False
            )

    def _block(self, words: str, number: int) -> None:
        """A trigger block names the same start again, or, when times begin anew, its own."""
        block_ns = wall_ns(words)
        self._blocks += 1
        self._new_block = self._blocks > 1
        if self._blocks == 1:
            if self.clock.start_ns is not None and block_ns is not None and block_ns != self.clock.start_ns:
                self.troubles.add(
                    "two_dates",
                    f'the head says "{self.clock.start_text}", the first block "{words.strip()[:60]}";'
                    " the block's was taken",
                    spot=f"line {number}",
                    rejected=False,
                )
            if block_ns is not None:
                self.clock.start_text, self.clock.start_ns = words.strip()[:80], block_ns
            elif not self.clock.start_text:
                self._began(words, number)
        self._block_ns = block_ns

    def _advance(self, ticks: int) -> None:
        """Moves the clock to an event; times that begin anew in a later block are shifted by its date."""
        if self._relative:
            self._now_ns += ticks
            return
        if self._new_block and ticks < self._ticks and None not in {self._block_ns, self.clock.start_ns}:
            assert self._block_ns is not None
            assert self.clock.start_ns is not None
            self._shift_ns = self._block_ns - self.clock.start_ns
        self._new_block = False
        self._ticks = ticks
        self._now_ns = ticks + self._shift_ns

    def _odd(self, line: str, number: int) -> None:
        self.troubles.add(
            "unknown_line",
            f'neither an event nor a comment: "{line[:60]}"',
            spot=f"line {number}",
            rejected=False,
        )

    def _frame(self, first: str, rest: str) -> Frame | str | None:
        if first.casefold() == "canfd":
            return self._fd(rest.split())
        if not first.isdigit() or len(first) > 4:
            return None
        cells = rest.split()
        bus = f"can{int(first)}"
        if cells and cells[0].casefold() == "errorframe":
            return Frame(self._now_ns, bus, 0, ERROR, b"")
        if len(cells) < 2 or cells[1].casefold() not in DIRECTIONS:
            return None
        named = self._id(cells[0])
        if named is None:
            return f"the id is none, or has too many bits: {cells[0][:20]}"
        can_id, flags = named
        flags |= DIRECTIONS[cells[1].casefold()]
        kind = cells[2].casefold() if len(cells) > 2 else ""
        if kind == "r":
            length = cells[3] if len(cells) > 3 and cells[3].isdigit() else "0"
            return Frame(
                self._now_ns, bus, can_id, flags | REMOTE, bytes(min(8, int(length[:2], self._base)))
            )
        if kind != "d" or len(cells) < 4:
            return "a frame breaks off before its length"
        count = self._length(cells[3], most=8)
        if count is None:
            return f"the length is none: {cells[3][:20]}"
        return self._with_data(bus, can_id, flags, cells[4 : 4 + count], count)

    def _fd(self, cells: list[str]) -> Frame | str | None:
        """`channel direction id [name] brs esi dlc length data…`"""
        if len(cells) < 3 or not cells[0].isdigit() or cells[1].casefold() not in DIRECTIONS:
            return "a CAN FD event breaks off"
        bus = f"can{int(cells[0][:4])}"
        flags = FD | DIRECTIONS[cells[1].casefold()]
        if cells[2].casefold() == "errorframe":
            return Frame(self._now_ns, bus, 0, flags | ERROR, b"")
        named = self._id(cells[2])
        if named is None:
            return f"the id is none, or has too many bits: {cells[2][:20]}"
        can_id = named[0]
        flags |= named[1]
        after = cells[3:]
        if after and after[0] not in {"0", "1"}:
            after = after[1:]
        if len(after) < 4 or not after[3].isdigit() or not {after[0], after[1]} <= {"0", "1"}:
            return "a CAN FD frame breaks off before its length"
        flags |= (RATE_SWITCH if after[0] == "1" else 0) | (ERROR_STATE if after[1] == "1" else 0)
        count = int(after[3][:3])
        try:
            code = int(after[2], 16)
        except ValueError:
            return f"the length code is none: {after[2][:20]}"
        if count > 64 or code > 15:
            return f"a frame has {count} bytes"
        if count == 0 and code:
            return Frame(self._now_ns, bus, can_id, flags | REMOTE, bytes(min(8, _LENGTHS[code])))
        return self._with_data(bus, can_id, flags, after[4 : 4 + count], count)

    def _with_data(self, bus: str, can_id: int, flags: int, cells: list[str], count: int) -> Frame | str:
        data = hex_bytes(cells, base=self._base)
        if data is None or len(data) != count:
            return f"a frame of {count} bytes has {len(cells)} of them, or one that is no byte"
        return Frame(self._now_ns, bus, can_id, flags, data)

    def _length(self, text: str, *, most: int) -> int | None:
        try:
            code = int(text[:3], self._base)
        except ValueError:
            return None
        return min(most, code) if 0 <= code <= 15 else None

    def _id(self, text: str) -> tuple[int, int] | None:
        flags = EXTENDED if text[-1:] in {"x", "X"} else 0
        digits = text[:-1] if flags else text
        try:
            can_id = int(digits[:12], self._base)
        except ValueError:
            return None
        return (can_id, flags) if can_id_fits(can_id, flags) else None
