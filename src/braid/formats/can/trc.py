"""PEAK TRC logs, versions 1.0 to 2.1: offsets in milliseconds from a start in days since 1899-12-30 (wall time)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from braid.clock.ns import MILLISECOND_NS
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
from braid.formats.can.wall_time import wall_ns_of_days
from braid.formats.troubles import Troubles

# Letters of $COLUMNS: N number, O offset, T type, B bus, I id, d direction, R reserved, l length, L length code, D data.
_COLUMNS = {
    "1.0": "O I L D",
    "1.1": "O d I L D",
    "1.2": "O B d I L D",
    "1.3": "O B d I R L D",
}
_LENGTHS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64)
_KINDS = {
    "DT": 0,
    "FD": FD,
    "FB": FD | RATE_SWITCH,
    "FE": FD | RATE_SWITCH | ERROR_STATE,
    "BI": FD | ERROR_STATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """Cells of one line by their column's letter; data: what stands from the data column on."""

    cells: dict[str, str]
    data: list[str]


class Trc:
    """One TRC log."""

    def __init__(self, path: Path, *, where: str) -> None:
        self.troubles = Troubles(where)
        self.clock = Clock(resolution_ns=1000)
        self.other_events = 0
        self._path = path
        self._version = "1.0"
        self._letters = _COLUMNS["1.0"].split()

    def frames(self) -> Iterator[Frame]:
        """Every frame; a damaged line is a trouble with its number."""
        for number, raw in lines_of(self._path, self.troubles):
            line = raw.strip()
            if line.startswith(";"):
                self._head(line, number)
                continue
            if not line:
                continue
            frame = self._frame(line)
            if isinstance(frame, str):
                self.troubles.add("bad_line", frame, spot=f"line {number}")
            elif frame is None:
                self.other_events += 1
            else:
                yield frame

    def _head(self, line: str, number: int) -> None:
        name, _, value = line.removeprefix(";").strip().partition("=")
        match name.casefold():
            case "$fileversion":
                self._version = value.strip()
                if self._version in _COLUMNS:
                    self._letters = _COLUMNS[self._version].split()
            case "$columns":
                letters = [letter.strip() for letter in value.split(",")]
                self._letters = [letter for letter in letters if letter != "N"]
                if "O" not in letters or "I" not in letters or not {"l", "L"} & set(letters):
                    self.troubles.add("bad_head", f"columns are missing: {value[:60]}", spot=f"line {number}")
            case "$starttime":
                self.clock.start_text = f"{value.strip()[:40]} days since 1899-12-30"
                self.clock.start_ns = wall_ns_of_days(value)
                if self.clock.start_ns is None:
                    self.troubles.add("bad_date", f"no number of days: {value[:40]}", spot=f"line {number}")
            case _:
                return

    def _row(self, line: str) -> _Row | None:
        """The line by columns. The message's number, `12)` or `12`, stands first in every version."""
        cells = line.split()[1:]
        place = self._letters.index("D") if "D" in self._letters else len(self._letters)
        if len(cells) < place:
            return None
        return _Row(cells=dict(zip(self._letters[:place], cells, strict=False)), data=cells[place:])

    def _frame(self, line: str) -> Frame | str | None:
        row = self._row(line)
        if row is None:
            return "a line has too few columns"
        cells = row.cells
        at_ns = decimal_ns(cells.get("O", ""), unit_ns=MILLISECOND_NS)
        if at_ns is None:
            return f"the time is none: {cells.get('O', '')[:40]}"
        bus = f"can{cells['B']}" if cells.get("B", "").isdigit() else "can1"
        kind = cells.get("T", "DT")
        direction = cells.get("d", "Rx").casefold()
        if kind == "ER" or direction == "error":
            return Frame(at_ns, bus, 0, ERROR, b"")
        if kind not in {*_KINDS, "RR"} or direction not in {"rx", "tx"}:
            return None
        flags = _KINDS.get(kind, REMOTE) | (TX if direction == "tx" else 0)
        digits = cells.get("I", "")
        if digits.casefold() == "ffffffff":
            return None
        flags |= EXTENDED if len(digits) > 4 else 0
        try:
            can_id = int(digits[:10], 16)
        except ValueError:
            return f"the id is none: {digits[:20]}"
        if not can_id_fits(can_id, flags):
            return f"the id has too many bits: {digits}"
        count = self._count(cells)
        if count is None:
            return f"the length is none: {cells.get('l', cells.get('L', ''))[:20]}"
        if flags & REMOTE or row.data[:1] == ["RTR"]:
            return Frame(at_ns, bus, can_id, flags | REMOTE, bytes(min(8, count)))
        data = hex_bytes(row.data[:count])
        if data is None or len(data) != count:
            return f"a frame of {count} bytes has {len(row.data)} of them, or one that is no byte"
        return Frame(at_ns, bus, can_id, flags, data)

    def _count(self, cells: dict[str, str]) -> int | None:
        if "l" in cells:
            return (
                int(cells["l"])
                if cells["l"].isdigit() and len(cells["l"]) < 4 and int(cells["l"]) <= 64
                else None
            )
        code = cells.get("L", "")
        if not code.isdigit() or len(code) > 2 or int(code) > 15:
            return None
        return _LENGTHS[int(code)] if cells.get("T", "DT") in {"FD", "FB", "FE", "BI"} else min(8, int(code))
