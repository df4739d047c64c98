"""Protobuf messages by the descriptors that recordings carry, written here by hand from the encoding's rules."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from mcap.writer import Writer as McapWriter
from tests.formats.reading import read_with
from tests.formats.recording.bag_kit import EPOCH, MS
from tests.formats.recording.test_bags import only, rows_of

from braid.base.errors import InvalidInput
from braid.formats.recording.protobuf import protobuf_decoder


def varint(value: int) -> bytes:
    out = bytearray()
    value &= 2**64 - 1
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def block(field: int, value: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(value)) + value


def field(name: str, place: int, kind: int, *, label: int = 1, type_name: str = "") -> bytes:
    body = block(1, name.encode()) + number(3, place) + number(4, label) + number(5, kind)
    return block(2, body + (block(6, type_name.encode()) if type_name else b""))


STAMP = block(1, b"Timestamp") + field("seconds", 1, 3) + field("nanos", 2, 5)
INNER = block(1, b"Inner") + field("x", 1, 1)
DRIVE = (
    block(1, b"Drive")
    + field("timestamp", 1, 11, type_name=".google.protobuf.Timestamp")
    + field("speed", 2, 2)
    + field("gear", 3, 17)
    + field("name", 4, 9)
    + field("wheels", 5, 1, label=3)
    + field("inner", 6, 11, type_name=".car.Drive.Inner")
    + field("counts", 7, 13, label=3)
    + field("back", 8, 5)
    + field("on", 9, 8)
    + block(3, INNER)
)
DESCRIPTORS = block(1, block(2, b"google.protobuf") + block(4, STAMP)) + block(
    1, block(2, b"car") + block(4, DRIVE)
)


def drive(at_ns: int, speed: float) -> bytes:
    stamp = number(1, at_ns // 10**9) + number(2, at_ns % 10**9)
    return (
        block(1, stamp)
        + varint(2 << 3 | 5)
        + struct.pack("<f", speed)
        + number(3, 5)  # zigzag of -3
        + block(4, b"left")
        + block(5, struct.pack("<dd", 1.5, 2.5))
        + block(6, varint(1 << 3 | 1) + struct.pack("<d", 0.25))
        + block(7, varint(300) + varint(1))
        + number(8, -7)
        + number(9, 1)
    )


def test_every_sort_of_field_is_read() -> None:
    decode = protobuf_decoder(DESCRIPTORS, "car.Drive")
    value = decode(drive(EPOCH, 3.5))
    assert value["timestamp"] == {"seconds": EPOCH // 10**9, "nanos": EPOCH % 10**9}
    assert (value["speed"], value["gear"], value["name"], value["back"], value["on"]) == (
        3.5,
        -3,
        "left",
        -7,
        True,
    )
    assert list(value["wheels"]) == [1.5, 2.5]
    assert value["inner"] == {"x": 0.25}
    assert value["counts"] == [300, 1]
    absent = decode(b"")
    assert (absent["speed"], absent["name"], absent["inner"], absent["counts"]) == (0.0, "", {"x": 0.0}, [])


def test_a_recording_in_protobuf_is_a_series_with_its_stamps(tmp_path: Path) -> None:
    with (tmp_path / "a.mcap").open("wb") as out:
        writer = McapWriter(out)
        writer.start()
        channel = writer.register_channel(
            "/drive", "protobuf", writer.register_schema("car.Drive", "protobuf", DESCRIPTORS)
        )
        for step in range(4):
            at_ns = EPOCH + step * 100 * MS
            writer.add_message(channel, at_ns + 9 * MS, drive(at_ns, step / 2), at_ns + 9 * MS)
        writer.finish()  # type: ignore[no-untyped-call]
    read = read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch")
    assert read.problems == ()
    stream = only(read, "/drive")
    assert stream.timing.gaps[0].median_ns == 9 * MS
    names, rows = rows_of(read, stream)
    assert [row[names.index("speed")] for row in rows] == [0.0, 0.5, 1.0, 1.5]
    assert rows[0][names.index("wheels.1")] == 2.5


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        drive(EPOCH, 1.0)[:-1],
        block(2, b"abc"),
        b"\x0b",
        block(5, b"abc"),
        number(1, 3),
        b"\xff" * 20,
    ],
)
def test_damaged_messages_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        protobuf_decoder(DESCRIPTORS, "car.Drive")(data)


def test_damaged_definitions_are_refused() -> None:
    with pytest.raises(InvalidInput, match="missing"):
        protobuf_decoder(DESCRIPTORS, "car.Boat")
    with pytest.raises(InvalidInput):
        protobuf_decoder(DESCRIPTORS[:-3], "car.Drive")
    endless = block(1, block(4, block(1, b"A") + field("a", 1, 11, type_name=".A")))
    deep = b""
    for _ in range(20):
        deep = block(1, deep)
    with pytest.raises(InvalidInput, match="nested"):
        protobuf_decoder(endless, "A")(deep)
