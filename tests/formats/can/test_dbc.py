"""DBC messages against cantools, and what a database that a library refuses still gives."""

import random
from typing import Any

import cantools
import numpy as np
import pytest
from cantools.database.can import Message as TheirMessage
from cantools.database.can import Signal as TheirSignal
from cantools.database.conversion import BaseConversion
from cantools.database.errors import Error as CantoolsError
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.capture_kit import real

from braid.formats.can.dbc import Database, Message, Signal, read_dbc
from braid.formats.can.decode import decode
from braid.formats.seam import Problem
from braid.formats.troubles import Troubles

MADE = """VERSION ""
NS_ :
    CM_
    BO_TX_BU_
BS_:
BU_: A B

BO_ 100 PLAIN: 8 A
 SG_ SPEED : 7|16@0+ (0.01,-67.67) [0|250] "km/h" B
 SG_ TEMP : 16|8@1- (1,-40) [0|0] "°C" B
 SG_ GEAR : 24|4@1+ (1,0) [0|15] "" B

BO_ 2147484001 WIDE: 16 A
 SG_ RATIO : 0|32@1- (1,0) [0|0] "" B
 SG_ EXACT : 32|64@1- (1,0) [0|0] "" B

BO_ 300 CHOSEN: 8 A
 SG_ WHICH M : 0|8@1+ (1,0) [0|0] "" B
 SG_ ONE m1 : 8|16@1+ (1,0) [0|0] "" B
 SG_ INNER m2M : 8|8@1+ (1,0) [0|0] "" B
 SG_ DEEP m0 : 16|8@1+ (1,0) [0|0] "" B
 SG_ ALWAYS : 56|8@1+ (2,1) [0|0] "" B

CM_ SG_ 100 SPEED "words with
BO_ 5 INSIDE: 8 A
 and a ; semicolon";
SG_MUL_VAL_ 300 ONE WHICH 1-1, 5-7;
SG_MUL_VAL_ 300 INNER WHICH 2-2;
SG_MUL_VAL_ 300 DEEP INNER 3-4;
SIG_VALTYPE_ 2147484001 RATIO : 1;
SIG_VALTYPE_ 2147484001 EXACT : 2;
VAL_ 100 GEAR 0 "P" 1 "R; or \\"so\\"" 3 "D" ;
"""

REFUSED = 'BO_ 1075054137 ODD: 8 X\n SG_ A : 0|8@1+ (1,0) [0|0] "" X\n'
"""Id 0x40140639: neither of 11 bits nor marked as one of 29."""


def parse(text: str) -> tuple[Database, list[Problem]]:
    troubles = Troubles("car.dbc")
    database = read_dbc(text.encode("cp1252"), name="car.dbc", troubles=troubles)
    return database, list(troubles.told())


def rows_of(rows: list[bytes]) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    width = max(len(row) for row in rows)
    padded = b"".join(row.ljust(width, b"\x00") for row in rows)
    return np.frombuffer(padded, dtype=np.uint8).reshape(len(rows), width)


def assert_same(ours: Message, theirs: TheirMessage, rows: list[bytes]) -> int:
    got = decode(ours, rows_of(rows), np.array([len(row) for row in rows]))
    compared = 0
    for place, row in enumerate(rows):
        wanted: Any = theirs.decode(row, decode_choices=False)
        for name, value in wanted.items():
            np.testing.assert_array_equal(got[name][place], float(value))
            compared += 1
        for name in set(got) - set(wanted):
            assert np.isnan(got[name][place])
    return compared


def test_a_made_database_decodes_as_cantools_decodes_it() -> None:
    database, problems = parse(MADE)
    assert problems == []
    theirs: Any = cantools.database.load_string(MADE, strict=False)
    rng = random.Random(1)
    for message in theirs.messages:
        rows = [rng.randbytes(message.length) for _ in range(50)]
        if message.name == "CHOSEN":
            rows = [bytes([rng.choice((1, 2, 6)), rng.choice((3, 4)), *rng.randbytes(6)]) for _ in range(50)]
        ours = database.messages[message.frame_id, message.is_extended_frame]
        assert (ours.name, ours.length) == (message.name, message.length)
        assert assert_same(ours, message, rows) >= 100
    assert len(database.messages) == 3


def test_units_choices_and_lines_are_kept() -> None:
    database, _ = parse(MADE)
    plain = database.messages[100, False]
    assert [(signal.name, signal.unit) for signal in plain.signals] == [
        ("SPEED", "km/h"),
        ("TEMP", "°C"),
        ("GEAR", ""),
    ]
    assert plain.signals[2].choices == {0: "P", 1: 'R; or \\"so\\"', 3: "D"}
    assert plain.line == 8
    assert (353, True) in database.messages


def test_signals_of_another_selection_and_of_short_frames_are_missing() -> None:
    database, _ = parse(MADE)
    chosen = database.messages[300, False]
    rows = [bytes([1, 7, 0, 0, 0, 0, 0, 9]), bytes([2, 4, 8, 0, 0, 0, 0, 9]), bytes([1, 7])]
    got = decode(chosen, rows_of(rows), np.array([8, 8, 2]))
    np.testing.assert_array_equal(got["ONE"], [7, np.nan, np.nan])
    np.testing.assert_array_equal(got["DEEP"], [np.nan, 8, np.nan])
    np.testing.assert_array_equal(got["ALWAYS"], [19, 19, np.nan])


def test_a_database_that_cantools_refuses_gives_all_its_other_messages() -> None:
    text = MADE.replace("BO_ 300", REFUSED + "\nBO_ 300")
    with pytest.raises(CantoolsError):
        cantools.database.load_string(text, strict=False)
    database, problems = parse(text)
    assert len(database.messages) == 3
    line = text[: text.index("BO_ 1075054137")].count("\n") + 1
    assert [(problem.where, problem.code, problem.rejected) for problem in problems] == [
        (f"car.dbc, line {line}", "bad_id", True)
    ]
    assert "0x40140639" in problems[0].message


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('BO_ 1 A: 1 X\n SG_ S : 0|9@1+ (1,0) [0|0] "" X\n', "bad_signal", 2),
        ('BO_ 1 A: 1 X\n SG_ S : 0|0@1+ (1,0) [0|0] "" X\n', "bad_signal", 2),
        ('BO_ 1 A: 1 X\n SG_ S : 0|8@1+ (x,0) [0|0] "" X\n', "bad_signal", 2),
        ("BO_ 1 A: 1 X\n SG_ S 0|8@1+\n", "bad_signal", 2),
        ('BO_ 1 A: 1 X\n SG_ S m1 : 0|8@1+ (1,0) [0|0] "" X\n', "bad_signal", 1),
        (
            'BO_ 1 A: 1 X\n SG_ S : 0|1@1+ (1,0) [0|0] "" X\n SG_ S : 1|1@1+ (1,0) [0|0] "" X\n',
            "bad_signal",
            3,
        ),
        ("BO_ 1 A: 65 X\n", "bad_message", 1),
        ("BO_ A\n", "bad_message", 1),
        ("BO_ 2048 A: 8 X\n", "bad_id", 1),
        ("BO_ 1 A: 8 X\n\nBO_ 1 B: 8 X\n", "duplicate_id", 3),
        ('CM_ "without an end\n', "truncated", 1),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, code: str, line: int) -> None:
    database, problems = parse(
        text + 'BO_ 77 GOOD: 1 X\n SG_ G : 0|8@1+ (1,0) [0|0] "" X\n' if code != "truncated" else text
    )
    assert [(problem.where, problem.code) for problem in problems] == [(f"car.dbc, line {line}", code)]
    assert code == "truncated" or [one.name for one in database.messages[77, False].signals] == ["G"]


def test_a_selector_that_selects_itself_is_left_out() -> None:
    text = (
        'BO_ 1 A: 2 X\n SG_ S m1M : 0|8@1+ (1,0) [0|0] "" X\n SG_ T m1M : 8|8@1+ (1,0) [0|0] "" X\n'
        "SG_MUL_VAL_ 1 S T 1-1;\nSG_MUL_VAL_ 1 T S 1-1;\n"
    )
    database, problems = parse(text)
    assert database.messages[1, False].signals == ()
    assert [problem.code for problem in problems] == ["bad_signal", "bad_signal"]


@st.composite
def signals(draw: st.DrawFn) -> tuple[Signal, TheirSignal]:
    length = draw(st.integers(1, 64))
    big = draw(st.booleans())
    if big:
        first = draw(st.integers(0, 64 - length))
        start = first // 8 * 8 + 7 - first % 8
    else:
        start = draw(st.integers(0, 64 - length))
    signed = draw(st.booleans())
    scale = draw(st.sampled_from([1.0, 0.01, -2.5, 1e-4]))
    offset = draw(st.sampled_from([0.0, -40.0, 0.5]))
    ours = Signal(
        name="s", start_bit=start, length=length, big_endian=big, signed=signed, scale=scale, offset=offset
    )
    theirs = TheirSignal(
        "s",
        start,
        length,
        byte_order="big_endian" if big else "little_endian",
        is_signed=signed,
        conversion=BaseConversion.factory(scale=scale, offset=offset),
    )
    return ours, theirs


@settings(max_examples=60)
@given(signals(), st.lists(st.binary(min_size=8, max_size=8), min_size=1, max_size=5))
def test_any_signal_of_any_place_decodes_as_cantools_decodes_it(
    pair: tuple[Signal, TheirSignal], rows: list[bytes]
) -> None:
    ours, theirs = pair
    message = Message(can_id=1, extended=False, name="m", length=8, signals=(ours,), line=1)
    assert_same(message, TheirMessage(1, "m", 8, [theirs]), rows)


@pytest.mark.parametrize(
    ("path", "messages"),
    [("formats/can/toyota_adas.dbc", 33), ("driving/comma2k19_segment/toyota_2017.dbc", 50)],
)
def test_real_databases_decode_as_cantools_decodes_them(path: str, messages: int) -> None:
    file = real(path)
    troubles = Troubles(file.name)
    database = read_dbc(file.read_bytes(), name=file.name, troubles=troubles)
    assert list(troubles.told()) == []
    theirs = cantools.database.load_file(str(file), strict=False)
    assert isinstance(theirs, cantools.database.Database)
    assert len(database.messages) == len(theirs.messages) == messages
    rng = random.Random(2)
    compared = 0
    for message in theirs.messages:
        # cantools cannot decode this one: signals overlap in a way it refuses to unpack.
        if message.name == "PCS_HUD" or not message.length:
            continue
        rows = [rng.randbytes(message.length) for _ in range(10)]
        compared += assert_same(database.messages[message.frame_id, message.is_extended_frame], message, rows)
    assert compared > 1000


def test_counters_beyond_a_float_are_rounded_once() -> None:
    signal = Signal(
        name="s", start_bit=0, length=64, big_endian=False, signed=False, scale=1.0, offset=-1023.0
    )
    message = Message(can_id=1, extended=False, name="m", length=8, signals=(signal,), line=1)
    raw = 2**63 + 2047
    got = decode(message, rows_of([raw.to_bytes(8, "little")]), np.array([8]))
    assert got["s"][0] == float(raw - 1023)
    assert got["s"][0] != float(raw) - 1023.0
