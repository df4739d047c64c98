"""Every log kind against python-can, on real logs and on logs its writers make; exact times; damage with its place."""

import gzip
import random
import struct
import zlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import can
import pytest
from tests.formats.capture_kit import real

from braid.base.errors import InvalidInput
from braid.formats.can.asc import Asc
from braid.formats.can.blf import Blf
from braid.formats.can.candump import Candump
from braid.formats.can.frames import (
    ERROR,
    ERROR_STATE,
    EXTENDED,
    FD,
    RATE_SWITCH,
    REMOTE,
    TX,
    Frame,
    Log,
)
from braid.formats.can.trc import Trc
from braid.formats.seam import Problem


def log_of(path: Path) -> Log:
    kinds: dict[str, Any] = {".asc": Asc, ".gz": Asc, ".blf": Blf, ".trc": Trc, ".log": Candump}
    log: Log = kinds[path.suffix](path, where=path.name)
    return log


def read(path: Path) -> tuple[list[Frame], list[Problem], Log]:
    log = log_of(path)
    frames = list(log.frames())
    return frames, list(log.troubles.told()), log


def independent(path: Path) -> list[can.Message]:
    with can.LogReader(str(path)) as reader:
        return list(reader)


def flags_of(message: can.Message) -> int:
    flags = 0 if message.is_rx else TX
    flags |= FD if message.is_fd else 0
    flags |= RATE_SWITCH if message.bitrate_switch else 0
    flags |= ERROR_STATE if message.error_state_indicator else 0
    flags |= EXTENDED if message.is_extended_id else 0
    flags |= REMOTE if message.is_remote_frame else 0
    return flags | (ERROR if message.is_error_frame else 0)


def assert_equal(frames: list[Frame], messages: list[can.Message], *, start_s: float = 0.0) -> None:
    assert len(frames) == len(messages)
    for frame, message in zip(frames, messages, strict=True):
        assert abs(frame.at_ns / 1e9 - (message.timestamp - start_s)) < 2e-6
        if message.is_error_frame:
            assert frame.flags & ERROR
            continue
        # A BLF of the test data calls ids of 29 bits standard ones.
        beyond = EXTENDED if message.arbitration_id > 0x7FF and not message.is_extended_id else 0
        assert (frame.can_id, frame.flags) == (message.arbitration_id, flags_of(message) | beyond)
        if not message.is_remote_frame:
            assert frame.data == bytes(message.data)


REAL = (
    "comma_bus01_candump.log",
    "logfile.asc",
    "logfile_errorframes.asc",
    "single_frame_us_locale.asc",
    "test_CanErrorFrames.asc",
    "test_CanFdMessage.asc",
    "test_CanFdMessage.blf",
    "test_CanMessage.asc.gz",
    "test_CanMessage.blf",
    "test_CanMessage.trc",
    "test_CanMessage_V2_1.trc",
)
COUNTS = {"comma_bus01_candump.log": 8233, "logfile.asc": 20, "test_CanMessage_V2_1.trc": 11}


@pytest.mark.parametrize("name", REAL)
def test_real_logs_equal_python_can(name: str) -> None:
    path = real(f"formats/can/{name}")
    frames, problems, log = read(path)
    messages = independent(path)
    start_s = 0.0
    if name.endswith(".trc"):
        assert log.clock.start_ns is not None
        start_s = log.clock.start_ns / 1e9
    assert_equal(frames, messages, start_s=start_s)
    assert [problem for problem in problems if problem.rejected] == []
    assert len(frames) == COUNTS.get(name, len(frames))


def test_real_candump_times_are_those_of_its_text() -> None:
    path = real("formats/can/comma_bus01_candump.log")
    frames, _, _ = read(path)
    stamps = [line.split(")")[0].lstrip("(") for line in path.read_text().splitlines()]
    assert [frame.at_ns for frame in frames] == [int(Decimal(stamp) * 10**9) for stamp in stamps]


def test_the_starts_of_real_logs_are_understood_in_any_tongue() -> None:
    expected = {
        "logfile.asc": 1506783973191000000,
        "test_CanMessage.asc.gz": 1506809173191000000,
        "single_frame_us_locale.asc": 1506783973191000000,
    }
    for name, start_ns in expected.items():
        _, _, log = read(real(f"formats/can/{name}"))
        assert log.clock.start_ns == start_ns
    _, _, log = read(real("formats/can/test_CanMessage.trc"))
    assert log.clock.start_ns is not None
    assert abs(log.clock.start_ns - 1506809173191000000) < 1_000_000


def made_messages(seed: int, *, flexible: bool) -> list[can.Message]:
    rng = random.Random(seed)
    messages = []
    at = 1_700_000_000.0
    for _ in range(60):
        at += rng.randrange(1, 4000) / 1e4
        extended = rng.random() < 0.4
        fd = flexible and rng.random() < 0.3
        remote = not fd and rng.random() < 0.1
        length = rng.choice((12, 16, 48, 64) if fd else range(9))
        messages.append(
            can.Message(
                timestamp=at,
                arbitration_id=rng.randrange(0x20000000 if extended else 0x800),
                is_extended_id=extended,
                is_remote_frame=remote,
                is_fd=fd,
                bitrate_switch=fd and rng.random() < 0.5,
                error_state_indicator=fd and rng.random() < 0.5,
                is_rx=rng.random() < 0.7,
                channel=rng.randrange(3),
                dlc=length,
                data=None if remote else rng.randbytes(length),
            )
        )
    return messages


@pytest.mark.parametrize(
    ("ending", "flexible"), [(".asc", True), (".blf", True), (".log", True), (".trc", False)]
)
def test_logs_made_by_python_can_are_read_as_it_reads_them(
    tmp_path: Path, ending: str, *, flexible: bool
) -> None:
    path = tmp_path / f"made{ending}"
    with can.Logger(str(path)) as logger:
        for message in made_messages(7, flexible=flexible):
            logger(message)
    frames, problems, log = read(path)
    assert [problem for problem in problems if problem.rejected] == []
    start_s = 0.0
    if ending in {".trc", ".blf"}:
        assert log.clock.start_ns is not None
        start_s = log.clock.start_ns / 1e9
    assert_equal(frames, independent(path), start_s=start_s)


def test_candump_times_are_exact_to_the_nanosecond(tmp_path: Path) -> None:
    path = tmp_path / "exact.log"
    path.write_text("(1436509052.249713001) vcan0 044#2A366C2BBA\n(1436509053) vcan0 044#\n")
    frames, problems, log = read(path)
    assert problems == []
    assert [frame.at_ns for frame in frames] == [1436509052249713001, 1436509053000000000]
    assert log.clock.unix


def test_candump_says_what_each_line_is(tmp_path: Path) -> None:
    path = tmp_path / "kinds.log"
    path.write_text(
        "(1.0) can0 00000044#0102\n(1.1) can0 123##3AABB\n(1.2) can0 123#R5\n(1.3) can1 20000080#0000000000000000\n"
        "(1.4) can0 7FF#11.22 T\n"
    )
    frames, problems, log = read(path)
    assert problems == []
    assert [(frame.can_id, frame.flags) for frame in frames] == [
        (0x44, EXTENDED),
        (0x123, FD | RATE_SWITCH | ERROR_STATE),
        (0x123, REMOTE),
        (0x80, EXTENDED | ERROR),
        (0x7FF, TX),
    ]
    assert (frames[1].data, len(frames[2].data), frames[4].data) == (b"\xaa\xbb", 5, b"\x11\x22")
    assert not log.clock.unix


@pytest.mark.parametrize(
    "line",
    [
        "(x) can0 123#00",
        "(1.0) can0 123#0",
        "(1.0) can0 800#00",
        "(1.0) can0 123#000102030405060708",
        "(1.0) can0 FFFFFFFFF#00",
        "1.0 can0 123#00",
        "(1.0) can0 123##",
        "(1.0) can0 123#R9",
        "(1.0) can0 12",
        "\x00\x00\x00",
        "(1.0) can0 123#" + "0" * 20_000,
    ],
)
def test_a_damaged_candump_line_costs_itself_and_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "bad.log"
    path.write_bytes(f"(0.5) can0 123#00\n{line}\n(1.5) can0 123#01\n".encode())
    frames, problems, _ = read(path)
    assert [frame.data for frame in frames] == [b"\x00", b"\x01"]
    assert [(problem.where, problem.rejected) for problem in problems] == [("bad.log, line 2", True)]


def test_many_bad_lines_are_counted_not_listed(tmp_path: Path) -> None:
    path = tmp_path / "bad.log"
    path.write_text("rubbish\n" * 500 + "(1.5) can0 123#01\n")
    frames, problems, _ = read(path)
    assert len(frames) == 1
    assert len(problems) == 21
    assert problems[-1].message == "480 more of the same kind"


def test_relative_stamps_of_asc_count_from_the_line_before(tmp_path: Path) -> None:
    path = tmp_path / "relative.asc"
    path.write_text(
        "date Mon Mär 5 08:09:10.5 2018\nbase dec  timestamps relative\nno internal events logged\n"
        "   0.100000 1  291  Rx d 2 16 255\n   0.250000 1  Statistic: D 0\n   0.000001 2  291x  Tx d 0\n"
    )
    frames, problems, log = read(path)
    assert problems == []
    assert [frame.at_ns for frame in frames] == [100_000_000, 350_001_000]
    assert [(frame.can_id, frame.flags, frame.data, frame.bus) for frame in frames] == [
        (291, 0, b"\x10\xff", "can1"),
        (291, EXTENDED | TX, b"", "can2"),
    ]
    assert log.clock.start_ns == 1520237350500000000


def test_times_that_begin_anew_in_a_later_block_are_moved_by_its_date(tmp_path: Path) -> None:
    path = tmp_path / "blocks.asc"
    path.write_text(
        "date Sam Sep 30 15:06:13 2017\nbase hex  timestamps absolute\n"
        "Begin Triggerblock Sam Sep 30 15:06:13 2017\n 1.0 1 123 Rx d 1 00\n 9.0 1 123 Rx d 1 01\nEnd TriggerBlock\n"
        "Begin Triggerblock Sam Sep 30 15:07:13 2017\n 0.0 Start of measurement\n 2.0 1 123 Rx d 1 02\nEnd TriggerBlock\n"
    )
    frames, problems, _ = read(path)
    assert problems == []
    assert [frame.at_ns // 10**9 for frame in frames] == [1, 9, 62]


@pytest.mark.parametrize(
    "line",
    [
        "1.0 1 123 Rx d 4 00 01",
        "1.0 1 12G Rx d 1 00",
        "1.0 1 800 Rx d 1 00",
        "1.0 1 123 Rx d 1 1FF",
        "1.0 1 123 Rx q",
        "1.0 CANFD 1 Rx 123 1 0 8 99 00",
        "1.0 CANFD 1 Rx",
    ],
)
def test_a_damaged_asc_frame_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "bad.asc"
    path.write_text(f"base hex timestamps absolute\n{line}\n2.0 1 123 Rx d 1 00\n")
    frames, problems, _ = read(path)
    assert [frame.at_ns for frame in frames] == [2_000_000_000]
    assert [(problem.where, problem.code) for problem in problems] == [("bad.asc, line 2", "bad_line")]


def test_a_date_that_is_not_understood_is_told(tmp_path: Path) -> None:
    path = tmp_path / "odd.asc"
    path.write_text("date some day\nbase hex timestamps absolute\n2.0 1 123 Rx d 1 00\n")
    _, problems, log = read(path)
    assert [(problem.where, problem.code) for problem in problems] == [("odd.asc, line 1", "bad_date")]
    assert log.clock.start_ns is None


def test_a_gzip_that_breaks_off_gives_what_is_whole(tmp_path: Path) -> None:
    text = "base hex timestamps absolute\n" + "".join(f" {n}.5 1 123 Rx d 1 00\n" for n in range(5000))
    packed = gzip.compress(text.encode())
    path = tmp_path / "cut.asc.gz"
    path.write_bytes(packed[: len(packed) // 2])
    frames, problems, _ = read(path)
    assert 0 < len(frames) < 5000
    assert "truncated" in {problem.code for problem in problems}


def test_trc_of_every_version(tmp_path: Path) -> None:
    bodies = {
        "1.0": (";\n     1)      1841 0001 8 00 00 00 00 00 00 00 01\n", 1_841_000_000, "can1"),
        "1.1": (";$FILEVERSION=1.1\n 1) 1059.9 Rx 00000300 7 00 00 00 00 04 00 00\n", 1_059_900_000, "can1"),
        "1.3": (";$FILEVERSION=1.3\n 1) 1059.900 2 Rx 0300 - 3 00 01 04\n", 1_059_900_000, "can2"),
        "2.0": (
            ";$FILEVERSION=2.0\n;$COLUMNS=N,O,T,I,d,l,D\n 1 1059.900 FB 0300 Rx 12 00 01 02 03 04 05 06 07 08 09 0A 0B\n",
            1_059_900_000,
            "can1",
        ),
    }
    for version, (body, at_ns, bus) in bodies.items():
        path = tmp_path / f"v{version}.trc"
        path.write_text(body)
        (frame,), problems, _ = read(path)
        assert problems == []
        assert (frame.at_ns, frame.bus) == (at_ns, bus)
        (message,) = independent(path)
        assert (frame.can_id, frame.data) == (message.arbitration_id, bytes(message.data))
        assert flags_of(message) & ~TX == frame.flags & ~TX


def made_blf(path: Path) -> bytes:
    with can.BLFWriter(str(path), max_container_size=600) as writer:
        for message in made_messages(3, flexible=True):
            writer.on_message_received(message)
    return path.read_bytes()


def test_a_blf_that_breaks_off_anywhere_gives_the_frames_before_it(tmp_path: Path) -> None:
    path = tmp_path / "whole.blf"
    raw = made_blf(path)
    whole, problems, _ = read(path)
    assert problems == []
    assert len(whole) == 60
    for cut in range(150, len(raw) - 8, 97):
        path.write_bytes(raw[:cut])
        frames, problems, _ = read(path)
        assert frames == whole[: len(frames)]
        assert problems or len(frames) == 60


def test_garbled_bytes_in_a_blf_are_problems_never_crashes(tmp_path: Path) -> None:
    path = tmp_path / "garbled.blf"
    raw = made_blf(path)
    rng = random.Random(5)
    for _ in range(60):
        damaged = bytearray(raw)
        for _ in range(4):
            damaged[rng.randrange(144, len(raw))] = rng.randrange(256)
        path.write_bytes(damaged)
        read(path)
    damaged = bytearray(raw)
    second = raw.index(b"LOBJ", 200)
    damaged[second : second + 4] = b"XXXX"
    path.write_bytes(damaged)
    frames, problems, _ = read(path)
    assert 0 < len(frames) < 60
    assert {problem.code for problem in problems} >= {"bad_object"}
    assert any("byte" in problem.where for problem in problems)


def test_a_blf_whose_head_announces_more_says_so(tmp_path: Path) -> None:
    path = tmp_path / "lies.blf"
    raw = bytearray(made_blf(path))
    raw[32:36] = struct.pack("<L", 10_000)
    path.write_bytes(raw)
    frames, problems, _ = read(path)
    assert len(frames) == 60
    assert [problem.code for problem in problems] == ["count_differs"]


def test_a_container_that_unpacks_without_end_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.blf"
    head = made_blf(path)[:144]
    packed = zlib.compress(bytes(200 * 2**20), 9)
    size = 32 + len(packed)
    container = struct.pack("<4sHHLL", b"LOBJ", 16, 1, size, 10) + struct.pack("<H6xL4x", 2, 100) + packed
    path.write_bytes(head + container)
    frames, problems, _ = read(path)
    assert frames == []
    assert "too_large" in {problem.code for problem in problems}


def test_what_is_no_blf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "no.blf"
    path.write_bytes(b"LOG")
    with pytest.raises(InvalidInput, match="not a BLF log"):
        read(path)
