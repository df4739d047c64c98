"""DBC databases: messages with their signals, read statement by statement so that one bad message costs only itself.

A reader of our own: real databases hold messages that the libraries refuse as a whole.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from braid.formats.can.frames import EXTENDED_IDS, MAX_BYTES, STANDARD_IDS
from braid.formats.troubles import Troubles

EXTENDED_MARK = 0x80000000
UNUSED_MESSAGE = 0xC0000000
"""The pseudo message that holds signals of no message."""
MAX_MESSAGES = 20_000
MAX_SIGNALS = 1024
MAX_CHOICES = 4096
MAX_STATEMENT = 1 << 20

_MESSAGE = re.compile(r"^BO_\s+(\d{1,12})\s+(\w{1,128})\s*:\s*(\d{1,6})\b")
_SIGNAL = re.compile(
    r"^SG_\s+(\w{1,128})\s*(M|m\d{1,6}M?)?\s*:\s*(\d{1,5})\|(\d{1,5})@([01])([+-])"
    r'\s*\(\s*([^,\s]+)\s*,\s*([^)\s]+)\s*\)\s*\[[^\]]*\]\s*"([^"]*)"'
)
_VALUES = re.compile(r"^VAL_\s+(\d{1,12})\s+(\w{1,128})\s+(.*)$", re.DOTALL)
_CHOICE = re.compile(r'(-?\d{1,20})\s+"((?:[^"\\]|\\.)*)"')
_FLOAT = re.compile(r"^SIG_VALTYPE_\s+(\d{1,12})\s+(\w{1,128})\s*:?\s*([0-3])")
_MUX = re.compile(r"^SG_MUL_VAL_\s+(\d{1,12})\s+(\w{1,128})\s+(\w{1,128})\s+(.*)$", re.DOTALL)
_RANGE = re.compile(r"(\d{1,9})\s*-\s*(\d{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Bits of a message as a number: `raw * scale + offset` in `unit`.

    start_bit: as the DBC counts (the lowest bit of little-endian signals, the highest of big-endian ones).
    float_bits: 32 or 64 for IEEE numbers. selector: the signal that must have one of `selected` for this one to be there.
    """

    name: str
    start_bit: int
    length: int
    big_endian: bool
    signed: bool
    scale: float
    offset: float
    unit: str = ""
    float_bits: int = 0
    selector: str = ""
    selected: tuple[tuple[int, int], ...] = ()
    selects: bool = False
    choices: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of one id."""

    can_id: int
    extended: bool
    name: str
    length: int
    signals: tuple[Signal, ...]
    line: int


@dataclass(slots=True, kw_only=True)
class Database:
    """Messages by (id, extended)."""

    name: str
    messages: dict[tuple[int, bool], Message] = field(default_factory=dict)


def read_dbc(raw: bytes, *, name: str, troubles: Troubles) -> Database:
    """Every message that can be read; what cannot is a trouble with its line."""
    database = Database(name=name)
    marks: dict[int, tuple[int, bool]] = {}
    for line, statement in _statements(_text(raw), troubles):
        if statement.startswith("BO_ "):
            _take_message(database, marks, line, statement, troubles)
        else:
            _take_detail(database, marks, line, statement, troubles)
    _check_selectors(database, troubles)
    return database


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _statements(text: str, troubles: Troubles) -> Iterator[tuple[int, str]]:
    """(line, statement): a message with its signals, or one that ends in a semicolon. Strings may hold anything."""
    pending: list[str] = []
    begun = 0
    quoted = False
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not quoted:
            opens = stripped.startswith("BO_ ")
            inside = bool(pending) and pending[0].startswith("BO_ ")
            if pending and (opens or (inside and not stripped.startswith("SG_ "))):
                yield begun, "\n".join(pending)
                pending = []
            if not stripped:
                continue
            if not pending:
                begun = number
        pending.append(line.rstrip() if quoted else stripped)
        quoted ^= line.replace('\\"', "").count('"') % 2 == 1
        if sum(len(part) for part in pending[-1:]) > MAX_STATEMENT or len(pending) > MAX_STATEMENT // 64:
            troubles.add("too_large", "a statement is too long", spot=f"line {begun}")
            pending, quoted = [], False
        elif (
            not quoted
            and not pending[0].startswith("BO_ ")
            and (stripped.endswith(";") or _alone(pending[0]))
        ):
            yield begun, "\n".join(pending)
            pending = []
    if pending:
        if quoted:
            troubles.add("truncated", "a text has no end", spot=f"line {begun}")
        else:
            yield begun, "\n".join(pending)


def _alone(line: str) -> bool:
    """Statements that end with their line, and words of the NS_ list."""
    return not line.startswith(
        ("CM_ ", "VAL_ ", "SG_MUL_VAL_ ", "SIG_VALTYPE_ ", "BA_ ", "BA_DEF_ ", "VAL_TABLE_ ")
    )


def _take_message(
    database: Database, marks: dict[int, tuple[int, bool]], line: int, statement: str, troubles: Troubles
) -> None:
    rows = statement.split("\n")
    head = _MESSAGE.match(rows[0])
    spot = f"line {line}"
    if head is None:
        troubles.add("bad_message", f'no message: "{rows[0][:60]}"', spot=spot)
        return
    mark, name, length = int(head[1]), head[2], int(head[3])
    if mark == UNUSED_MESSAGE:
        return
    extended = bool(mark & EXTENDED_MARK)
    can_id = mark & ~EXTENDED_MARK
    if can_id > (EXTENDED_IDS if extended else STANDARD_IDS):
        wanted = "29 bits" if extended else "11 bits, or the mark 0x80000000 of an extended id"
        troubles.add("bad_id", f"message {name} has the id {mark:#x}; wanted at most {wanted}", spot=spot)
        return
    if length > MAX_BYTES:
        troubles.add(
            "bad_message", f"message {name} has {length} bytes, wanted at most {MAX_BYTES}", spot=spot
        )
        return
    if (can_id, extended) in database.messages:
        troubles.add("duplicate_id", f"message {name} has the id of another: {mark:#x}", spot=spot)
        return
    if len(database.messages) >= MAX_MESSAGES or len(rows) > MAX_SIGNALS:
        troubles.add("too_large", f"more than {MAX_MESSAGES} messages or {MAX_SIGNALS} signals", spot=spot)
        return
    signals: dict[str, Signal] = {}
    selector = ""
    for place, row in enumerate(rows[1:], start=1):
        found = _signal(row, length)
        if isinstance(found, str):
            troubles.add("bad_signal", f"message {name}: {found}", spot=f"line {line + place}")
        elif found.name in signals:
            troubles.add(
                "bad_signal", f"message {name}: two signals {found.name}", spot=f"line {line + place}"
            )
        else:
            signals[found.name] = found
            if found.selects and not found.selected:
                selector = found.name
    bound = tuple(
        replace(signal, selector=selector) if signal.selected and signal.name != selector else signal
        for signal in signals.values()
    )
    marks[mark] = (can_id, extended)
    database.messages[can_id, extended] = Message(
        can_id=can_id, extended=extended, name=name, length=length, signals=bound, line=line
    )


def _signal(row: str, bytes_of_message: int) -> Signal | str:
    match = _SIGNAL.match(row)
    if match is None:
        return f'no signal: "{row[:80]}"'
    name, mux, start, length, order, sign, scale, offset, unit = match.groups()
    signal = Signal(
        name=name,
        start_bit=int(start),
        length=int(length),
        big_endian=order == "0",
        signed=sign == "-",
        scale=_number(scale),
        offset=_number(offset),
        unit=unit.strip(),
        selected=() if mux in {None, "M"} else ((int(mux.strip("mM")), int(mux.strip("mM"))),),
        selects=mux is not None and mux.endswith("M"),
    )
    if not 1 <= signal.length <= 64:
        return f"signal {name} has {length} bits, wanted 1 to 64"
    if math.isnan(signal.scale) or math.isnan(signal.offset):
        return f"signal {name} has no number as scale or offset"
    bits = bits_of(signal)
    if bits[0] < 0 or max(bits) >= bytes_of_message * 8:
        return f"signal {name} reaches beyond the {bytes_of_message} bytes of its message"
    return signal


def bits_of(signal: Signal) -> list[int]:
    """Where the signal's bits stand, most significant first, as indexes into the bits of the data read big-endian."""
    if signal.big_endian:
        first = signal.start_bit // 8 * 8 + 7 - signal.start_bit % 8
        return list(range(first, first + signal.length))
    last = signal.start_bit + signal.length - 1
    return [bit // 8 * 8 + 7 - bit % 8 for bit in range(last, signal.start_bit - 1, -1)]


def _take_detail(
    database: Database, marks: dict[int, tuple[int, bool]], line: int, statement: str, troubles: Troubles
) -> None:
    if match := _VALUES.match(statement):
        pairs = [(int(value), text) for value, text in _CHOICE.findall(match[3])[:MAX_CHOICES]]
        _change(database, marks, match[1], match[2], choices=dict(pairs))
    elif match := _FLOAT.match(statement):
        width = {"1": 32, "2": 64}.get(match[3], 0)
        known = _find(database, marks, match[1], match[2])
        if width and known is not None and known.length != width:
            message = f"signal {match[2]} is a float of {known.length} bits"
            troubles.add("bad_signal", message, spot=f"line {line}", rejected=False)
        elif width:
            _change(database, marks, match[1], match[2], float_bits=width)
    elif match := _MUX.match(statement):
        ranges = tuple((int(low), int(high)) for low, high in _RANGE.findall(match[4])[:MAX_CHOICES])
        _change(database, marks, match[1], match[2], selector=match[3], selected=ranges)
    elif statement.startswith(("SG_ ", "BO_ ")):
        troubles.add("bad_message", f'outside of a message: "{statement[:60]}"', spot=f"line {line}")


def _find(database: Database, marks: dict[int, tuple[int, bool]], mark: str, name: str) -> Signal | None:
    message = database.messages.get(marks.get(int(mark), (-1, False)))
    return next((signal for signal in message.signals if signal.name == name), None) if message else None


def _change(
    database: Database, marks: dict[int, tuple[int, bool]], mark: str, name: str, **changes: object
) -> None:
    key = marks.get(int(mark))
    if key is None:
        return
    message = database.messages[key]
    database.messages[key] = replace(
        message,
        signals=tuple(
            replace(signal, **changes) if signal.name == name else signal  # type: ignore[arg-type]
            for signal in message.signals
        ),
    )


def _check_selectors(database: Database, troubles: Troubles) -> None:
    """A signal whose selector is missing, or selects itself, is left out."""
    for key, message in list(database.messages.items()):
        names = {signal.name: signal for signal in message.signals}
        good: list[Signal] = []
        for signal in message.signals:
            chain = [signal.name]
            at: Signal | None = signal
            while at is not None and at.selected and at.selector not in chain:
                chain.append(at.selector)
                at = names.get(at.selector)
            if at is None or at.selected:
                text = f"message {message.name}: signal {signal.name} has no multiplexer"
                troubles.add("bad_signal", text, spot=f"line {message.line}")
            else:
                good.append(signal)
        database.messages[key] = replace(message, signals=tuple(good))


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return float("nan")
    return value if abs(value) < 1e300 else float("nan")
