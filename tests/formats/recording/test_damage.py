"""Damaged and hostile recordings: located, never silent, never unbounded."""

from __future__ import annotations

import random
import sqlite3
import struct
import zlib
from contextlib import closing
from pathlib import Path

import lz4.frame
import pytest
from mcap.writer import CompressionType
from tests.formats.reading import Read, read_with
from tests.formats.recording.bag_kit import imu_messages, write_mcap, write_ros1, write_ros2
from tests.formats.recording.test_bags import only, rows_of

from braid.base.errors import InvalidInput, LimitExceeded
from braid.formats.recording.definitions import parse_definitions
from braid.formats.recording.unpacking import unpack, zstd_module
from braid.formats.recording.wire import cdr_decoder, ros1_decoder


def read_bytes(tmp_path: Path, data: bytes, name: str = "a.mcap") -> Read:
    (tmp_path / name).write_bytes(data)
    return read_with("rosbag", tmp_path / name, tmp_path / "scratch")


def count(read: Read) -> int:
    return len(rows_of(read, only(read, "/imu"))[1]) if read.bundles else 0


@pytest.fixture
def plain(tmp_path: Path) -> bytes:
    """An MCAP without compression: three chunks, checksums everywhere."""
    write_mcap(
        tmp_path / "whole.mcap",
        imu_messages(30),
        compression=CompressionType.NONE,
        chunk_bytes=4000,
        enable_data_crcs=True,
    )
    return (tmp_path / "whole.mcap").read_bytes()


def test_R9_a_file_without_its_end_reads_up_to_the_cut(tmp_path: Path, plain: bytes) -> None:
    seen = []
    for share in (0.3, 0.5, 0.6):
        read = read_bytes(tmp_path, plain[: int(len(plain) * share)])
        assert any(problem.code == "W_TRUNCATED" and "byte" in problem.where for problem in read.problems)
        seen.append(count(read))
    assert 0 < seen[0] < seen[1] < seen[2] < 30
    cut_summary = read_bytes(tmp_path, plain[:-20])
    assert count(cut_summary) == 30
    assert [problem.code for problem in cut_summary.problems] == ["W_TRUNCATED"]


def test_R9_a_flipped_bit_is_noticed_wherever_it_is(tmp_path: Path, plain: bytes) -> None:
    rng = random.Random(4)
    for _ in range(25):
        place = rng.randrange(8, len(plain) - 8)
        changed = bytearray(plain)
        changed[place] ^= 1 << rng.randrange(8)
        read = read_bytes(tmp_path, bytes(changed))
        assert read.problems, f"byte {place} of {len(plain)}"
        assert all(problem.where for problem in read.problems)


def test_R9_a_chunk_with_a_wrong_checksum_is_read_and_told(tmp_path: Path, plain: bytes) -> None:
    at = plain.index(struct.pack("<d", 7.0))
    read = read_bytes(tmp_path, plain[:at] + b"\x01" + plain[at + 1 :])
    assert count(read) == 30
    codes = [problem.code for problem in read.problems]
    assert codes == ["W_CHECKSUM", "W_CHECKSUM"]
    assert "byte" in read.problems[0].where


@pytest.mark.parametrize("compression", [CompressionType.ZSTD, CompressionType.LZ4])
def test_R9_a_damaged_compressed_chunk_costs_only_itself(
    tmp_path: Path, compression: CompressionType
) -> None:
    write_mcap(tmp_path / "a.mcap", imu_messages(60), compression=compression, chunk_bytes=4000)
    data = bytearray((tmp_path / "a.mcap").read_bytes())
    mark = b"\x04\x00\x00\x00zstd" if compression is CompressionType.ZSTD else b"\x03\x00\x00\x00lz4"
    second = data.index(mark, data.index(mark) + 1) + len(mark) + 8
    for place in range(second + 20, second + 44):
        data[place] ^= 0xFF
    read = read_bytes(tmp_path, bytes(data))
    assert 0 < count(read) < 60
    assert {"W_CHUNK_DAMAGED", "bad-chunk", "record-cut", "W_CHECKSUM"} & {
        problem.code for problem in read.problems
    }


def test_R9_an_unclosed_bag_of_ros_1_reads_up_to_the_cut(tmp_path: Path) -> None:
    write_ros1(tmp_path / "whole.bag", imu_messages(30, ros2=False))
    whole = (tmp_path / "whole.bag").read_bytes()
    read = read_bytes(tmp_path, whole[: len(whole) * 2 // 3], "a.bag")
    assert 0 < count(read) <= 30
    assert "W_TRUNCATED" in {problem.code for problem in read.problems}
    assert "byte" in read.problems[0].where


def test_R9_noise_in_a_ros_1_bag_never_raises(tmp_path: Path) -> None:
    write_ros1(tmp_path / "whole.bag", imu_messages(5, ros2=False), compression="lz4")
    whole = (tmp_path / "whole.bag").read_bytes()
    rng = random.Random(9)
    for _ in range(40):
        changed = bytearray(whole)
        for _ in range(rng.randrange(1, 12)):
            changed[rng.randrange(13, len(whole))] = rng.randrange(256)
        read = read_bytes(tmp_path, bytes(changed), "a.bag")
        assert read.problems or count(read) == 5


def test_R9_noise_in_an_sqlite_recording_never_raises(tmp_path: Path) -> None:
    write_ros2(tmp_path / "whole", imu_messages(40))
    whole = (tmp_path / "whole" / "whole.db3").read_bytes()
    rng = random.Random(11)
    for _ in range(30):
        changed = bytearray(whole)
        for _ in range(rng.randrange(1, 40)):
            changed[rng.randrange(16, len(whole))] = rng.randrange(256)
        read = read_bytes(tmp_path, bytes(changed), "a.db3")
        assert all(problem.where for problem in read.problems)


def test_R9_rows_behind_damage_are_told_and_those_before_it_kept(tmp_path: Path) -> None:
    write_ros2(tmp_path / "whole", imu_messages(400))
    whole = (tmp_path / "whole" / "whole.db3").read_bytes()
    page = struct.unpack(">H", whole[16:18])[0]
    start = len(whole) * 3 // 4 // page * page
    read = read_bytes(tmp_path, whole[:start] + b"\xff" * page + whole[start + page :], "a.db3")
    assert 0 < count(read) < 400
    (problem,) = read.rejected()
    assert problem.code == "bad-database"
    assert "row" in problem.where


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.mcap", b""),
        ("text.mcap", b"hello"),
        ("text.bag", b"#ROSBAG V1.2\n"),
        ("short.db3", b"SQLite format 3\x00" + b"\x00" * 30),
        ("magic.mcap", b"\x89MCAP0\r\n"),
    ],
)
def test_files_that_are_no_recordings_are_refused(tmp_path: Path, name: str, data: bytes) -> None:
    read = read_bytes(tmp_path, data, name)
    assert not read.bundles
    assert read.problems
    assert read.rejected()
    assert name in "".join(problem.where for problem in read.problems) + read.problems[-1].message


def test_a_database_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db3")) as database:
        database.execute("CREATE TABLE other (id INTEGER)")
        database.execute("CREATE VIEW messages AS SELECT * FROM other")
        database.commit()
    read = read_with("rosbag", tmp_path / "a.db3", tmp_path / "scratch")
    assert "not a recording" in read.rejected()[0].message


def test_a_recording_without_messages_is_refused_by_name(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", [])
    read = read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch")
    assert [(problem.where, problem.code) for problem in read.problems] == [("a", "no-messages")]


def test_writes_that_sqlite_had_not_put_in_place_are_read(tmp_path: Path) -> None:
    write_ros2(tmp_path / "bag", imu_messages(10))
    path = tmp_path / "bag" / "bag.db3"
    kept = tmp_path / "kept"
    kept.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA wal_autocheckpoint=0")
        database.execute(
            "INSERT INTO messages (topic_id, timestamp, data) SELECT topic_id, timestamp + 1, data FROM messages"
        )
        database.commit()
        for name in ("bag.db3", "bag.db3-wal"):
            (kept / name).write_bytes((path.parent / name).read_bytes())
    read = read_with("rosbag", kept, tmp_path / "scratch")
    assert count(read) == 20


BOMB = bytes(40 * 2**20)


@pytest.mark.parametrize(
    ("compression", "packed"),
    [("lz4", lz4.frame.compress(BOMB)), ("zstd", zstd_module().compress(BOMB))],
    ids=["lz4", "zstd"],
)
def test_R9_a_block_never_unpacks_beyond_its_claim(compression: str, packed: bytes) -> None:
    found = unpack(packed, compression=compression, size=1000, where="x")
    assert len(found.data) == 1000
    assert "more than the 1000 bytes" in found.damage
    with pytest.raises(LimitExceeded):
        unpack(packed, compression=compression, size=2**40, where="x")
    whole = unpack(packed, compression=compression, size=len(BOMB), where="x")
    assert (whole.data == BOMB, whole.damage) == (True, "")
    with pytest.raises(InvalidInput, match="not known"):
        unpack(packed, compression="brotli", size=10, where="x")


def test_R9_a_bomb_inside_a_recording_is_told(tmp_path: Path, plain: bytes) -> None:
    bomb = zstd_module().compress(BOMB)
    for claim in (2**40, 100):
        head = struct.pack("<QQQI", 0, 0, claim, zlib.crc32(b"")) + struct.pack("<I", 4) + b"zstd"
        content = head + struct.pack("<Q", len(bomb)) + bomb
        data = plain[:8] + b"\x06" + struct.pack("<Q", len(content)) + content + plain[8:]
        read = read_bytes(tmp_path, data)
        assert count(read) == 30
        assert read.problems[0].where == "a.mcap, byte 8"
        assert read.problems[0].code == ("bad-chunk" if claim > 100 else "W_CHUNK_DAMAGED")


def test_a_file_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    read = read_bytes(tmp_path, zstd_module().compress(bytes(2**26)), "a.mcap.zstd")
    assert "grows too large" in read.rejected()[0].message
    assert list(read.context.scratch.iterdir()) == []


@pytest.mark.parametrize("name", ["../../secret.db3", "/etc/passwd", "no/such.db3", "a\x00b"])
def test_metadata_cannot_lead_out_of_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.db3").write_bytes(b"SQLite format 3\x00")
    (tmp_path / "in").mkdir()
    write_ros2(tmp_path / "in" / "bag", imu_messages(3))
    text = f'rosbag2_bagfile_information:\n  relative_file_paths: ["{name}"]\n'.replace("\x00", "\\0")
    (tmp_path / "in" / "bag" / "metadata.yaml").write_text(text)
    read = read_with("rosbag", tmp_path / "in" / "bag", tmp_path / "scratch")
    assert not read.bundles
    assert read.rejected()
    assert {problem.where for problem in read.problems} == {"metadata.yaml"}


@pytest.mark.parametrize(
    "text", ["", "[1, 2]", "{", "rosbag2_bagfile_information: 3", "[" * 3000, "&a [*a, *a]"]
)
def test_metadata_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "bag").mkdir()
    (tmp_path / "bag" / "metadata.yaml").write_text(text)
    read = read_with("rosbag", tmp_path / "bag", tmp_path / "scratch")
    assert [problem.where for problem in read.rejected()] == ["metadata.yaml"]


def test_a_missing_part_of_a_recording_is_told_and_the_rest_read(tmp_path: Path) -> None:
    write_ros2(tmp_path / "bag", imu_messages(5))
    path = tmp_path / "bag" / "metadata.yaml"
    path.write_text(
        path.read_text()
        .replace("- bag.db3", "- bag.db3\n  - bag_1.db3", 1)
        .replace("message_count: 5", "message_count: 9")
    )
    read = read_with("rosbag", tmp_path / "bag", tmp_path / "scratch")
    assert count(read) == 5
    assert [problem.code for problem in read.problems] == ["missing-file", "W_COUNT_DIFFERS"]


def test_hostile_lengths_make_nothing() -> None:
    types = parse_definitions(
        "p/A", "float64[] numbers\np/B[] parts\n=====\nMSG: p/B\n=====\nMSG: p/C\nstring s"
    )
    read = ros1_decoder(types, "p/A")
    with pytest.raises(InvalidInput, match="too early"):
        read(struct.pack("<I", 2**31))
    with pytest.raises(InvalidInput, match="too many parts"):
        read(struct.pack("<II", 0, 2**31))
    with pytest.raises(InvalidInput, match="too early"):
        ros1_decoder(types, "p/C")(struct.pack("<I", 2**32 - 1) + b"x")
    with pytest.raises(InvalidInput, match="longer than its definition"):
        ros1_decoder(types, "p/C")(struct.pack("<I", 1) + b"xy")
    with pytest.raises(InvalidInput, match="CDR"):
        cdr_decoder(types, "p/C")(b"\x00\x09\x00\x00")


def test_definitions_that_hold_themselves_end() -> None:
    types = parse_definitions("p/A", "p/A inner")
    with pytest.raises(InvalidInput, match="nested too deeply"):
        ros1_decoder(types, "p/A")(b"")
    deep = "\n".join([f"p/T{step + 1} x\n=====\nMSG: p/T{step + 1}" for step in range(400)]) + "\nint8 y"
    with pytest.raises(InvalidInput, match="nested too deeply"):
        ros1_decoder(parse_definitions("p/T0", deep), "p/T0")
    wide = parse_definitions(
        "p/W0",
        "\n".join(
            [
                "\n".join([f"p/W{s + 1} f{i}" for i in range(60)]) + f"\n=====\nMSG: p/W{s + 1}"
                for s in range(6)
            ]
        ),
    )
    with pytest.raises(InvalidInput, match="too many parts"):
        ros1_decoder(wide, "p/W0")(b"")
    with pytest.raises(InvalidInput, match="missing"):
        ros1_decoder(parse_definitions("p/A", "q/Nowhere x"), "p/A")
    with pytest.raises(InvalidInput, match="not a field"):
        parse_definitions("p/A", "float64")
