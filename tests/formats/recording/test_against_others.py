"""Real recordings: counts, times and values equal those of the readers of mcap and rosbags, and of SQL by hand."""

from __future__ import annotations

import sqlite3
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mcap.exceptions import EndOfFile
from mcap.reader import NonSeekingReader
from mcap_ros1.decoder import DecoderFactory as Ros1Decoder
from mcap_ros2.decoder import DecoderFactory as Ros2Decoder
from rosbags.highlevel import AnyReader
from rosbags.typesys import Stores, get_typestore
from tests.formats.reading import Read, read_with
from tests.formats.recording.test_bags import only, rows_of

from braid.model.records import Trajectory
from braid.model.timing import Stamp


def stamps_of(read: Read, name: str, stamp: str) -> list[int]:
    """Absolute values of a stamp column, in order of the used stamp."""
    stream = only(read, name)
    names, rows = rows_of(read, stream)
    zero = int(stream.source.get(f"{stamp}_zero_ns", stream.timing.zero_ns))
    place = names.index(f"{stamp}_ns")
    return [row[place] + zero for row in rows]


def husky(shared_data: Path) -> Path:
    return shared_data / "driving" / "husky_rosbag"


def by_rosbags(path: Path) -> Iterator[tuple[str, int, Any]]:
    with AnyReader([path], default_typestore=get_typestore(Stores.ROS1_NOETIC)) as reader:
        for connection, log_ns, data in reader.messages():
            yield connection.topic, log_ns, reader.deserialize(data, connection.msgtype)


def by_mcap(path: Path) -> Iterator[tuple[str, int, int, Any]]:
    with path.open("rb") as source:
        reader = NonSeekingReader(source, decoder_factories=[Ros1Decoder(), Ros2Decoder()])
        for _, channel, message, decoded in reader.iter_decoded_messages(log_time_order=False):
            yield channel.topic, message.log_time, message.publish_time, decoded


def test_a_real_ros_1_bag_is_what_rosbags_reads(shared_data: Path, tmp_path: Path) -> None:
    path = husky(shared_data) / "husky_gps_imu_odom.bag"
    read = read_with("rosbag", path, tmp_path / "scratch")
    assert read.problems == ()
    wanted: dict[str, list[tuple[int, int, float]]] = {}
    for topic, log_ns, message in by_rosbags(path):
        stamp = message.header.stamp
        value = {
            "/imu/data": lambda m: m.angular_velocity.z,
            "/fix": lambda m: m.latitude,
            "/husky_velocity_controller/odom": lambda m: m.pose.pose.position.x,
        }[topic](message)
        wanted.setdefault(topic, []).append((stamp.sec * 10**9 + stamp.nanosec, log_ns, float(value)))
    columns = {
        "/imu/data": "angular_velocity.z [rad/s]",
        "/fix": "latitude [deg]",
        "/husky_velocity_controller/odom": "pose.pose.position.x [m]",
    }
    assert {stream.name for stream in read.streams()} == set(wanted) == set(columns)
    for topic, expected in wanted.items():
        names, rows = rows_of(read, only(read, topic))
        got = zip(
            stamps_of(read, topic, "device"),
            stamps_of(read, topic, "log"),
            [row[names.index(columns[topic])] for row in rows],
            strict=True,
        )
        assert list(got) == sorted(expected, key=lambda one: one[0])
        timing = only(read, topic).timing
        assert timing.period_ns == int(np.median(np.diff([one[0] for one in sorted(expected)])))
        (gap,) = timing.gaps
        apart = sorted(log_ns - device for device, log_ns, _ in expected)
        assert (gap.stamp, gap.count) == (Stamp.LOG, len(expected))
        assert abs(gap.median_ns - float(np.median(apart))) <= 1
        assert (apart[0], apart[-1])[0] <= gap.p95_ns <= apart[-1]


def test_the_husky_latencies_are_those_that_were_measured(shared_data: Path, tmp_path: Path) -> None:
    read = read_with("mcap", husky(shared_data) / "husky_gps_imu_odom.mcap", tmp_path / "scratch")
    assert read.bundles[0].sample.epoch_ns == "1432235497988949113"
    counts = {stream.name: stream.timing.gaps[-1].count for stream in read.streams()}
    assert counts == {"/imu/data": 11865, "/husky_velocity_controller/odom": 3952, "/fix": 989}
    for name, low_ms, high_ms in (
        ("/imu/data", 20.7, 36.3),
        ("/husky_velocity_controller/odom", 0.13, 0.91),
        ("/fix", 0.20, 0.62),
    ):
        late = np.array(stamps_of(read, name, "log")) - np.array(stamps_of(read, name, "device"))
        assert low_ms - 0.1 <= late.min() / 1e6
        assert late.max() / 1e6 <= high_ms + 0.1
        assert stamps_of(read, name, "publish") == stamps_of(read, name, "device")
    assert only(read, "/imu/data").timing.gaps[-1].median_ns == pytest.approx(25.2e6, abs=0.1e6)
    (motion,) = (record for record in read.bundles[0].records if isinstance(record, Trajectory))
    assert (motion.frame, motion.parent_frame, len(motion.poses)) == ("base_link", "odom", 3952)


@pytest.mark.parametrize(
    "name",
    [
        "formats/mcap_rosbag2/talker.mcap",
        "formats/mcap_rosbag2/cdr_test_0.mcap",
        "formats/mcap_rosbag2/topics_and_services.mcap",
        "formats/mcap_rosbag2/wrong_rmw_test_0.mcap",
        "driving/husky_rosbag/husky_gps_imu_odom.mcap",
        "broken/no_footer.mcap",
        "broken/summary_bitflip.mcap",
    ],
)
def test_real_mcap_files_hold_what_mcaps_own_reader_finds(
    shared_data: Path, tmp_path: Path, name: str
) -> None:
    path = shared_data / name
    wanted: dict[str, list[int]] = {}
    with path.open("rb") as source:
        try:
            for _, channel, message in NonSeekingReader(source).iter_messages(log_time_order=False):
                wanted.setdefault(channel.topic, []).append(message.log_time)
        except (EndOfFile, struct.error):  # the other reader stops at the cut
            assert "no_footer" in name
    read = read_with("mcap", path, tmp_path / "scratch")
    assert {stream.name for stream in read.streams()} == set(wanted)
    for topic, logs in wanted.items():
        assert sorted(stamps_of(read, topic, "log")) == sorted(logs)
    codes = {problem.code for problem in read.problems}
    assert codes == {
        "no_footer.mcap": {"W_TRUNCATED"},
        "summary_bitflip.mcap": {"W_CHECKSUM", "W_SUMMARY_DIFFERS"},
        "wrong_rmw_test_0.mcap": {"W_NOT_DECODED"},
    }.get(path.name, set())


def test_real_ros_2_values_are_those_of_mcaps_decoder(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "formats" / "mcap_rosbag2" / "talker.mcap"
    read = read_with("mcap", path, tmp_path / "scratch")
    said = [decoded for topic, _, _, decoded in by_mcap(path) if topic == "/topic"]
    names, rows = rows_of(read, only(read, "/topic"))
    assert [row[names.index("data")] for row in rows] == [one.data for one in said]
    logged = [decoded for topic, _, _, decoded in by_mcap(path) if topic == "/rosout"]
    names, rows = rows_of(read, only(read, "/rosout"))
    assert [row[names.index("msg")] for row in rows] == [one.msg for one in logged]
    assert [row[names.index("line")] for row in rows] == [one.line for one in logged]
    assert stamps_of(read, "/rosout", "device") == [
        one.stamp.sec * 10**9 + one.stamp.nanosec for one in logged
    ]
    path = shared_data / "formats" / "mcap_rosbag2" / "cdr_test_0.mcap"
    read = read_with("mcap", path, tmp_path / "scratch2")
    basic = [decoded for topic, _, _, decoded in by_mcap(path) if topic == "/test_topic"]
    names, rows = rows_of(read, only(read, "/test_topic"))
    for field in (
        "bool_value",
        "float32_value",
        "float64_value",
        "int8_value",
        "uint32_value",
        "int64_value",
    ):
        assert [row[names.index(field)] for row in rows] == [getattr(one, field) for one in basic], field


@pytest.mark.parametrize("name", ["cdr_test", "talker"])
def test_real_sqlite_recordings_hold_what_sql_finds(shared_data: Path, tmp_path: Path, name: str) -> None:
    folder = shared_data / "formats" / "mcap_rosbag2" / "sqlite3" / name
    read = read_with("rosbag", folder, tmp_path / "scratch")
    (path,) = folder.glob("*.db3")
    with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as database:
        rows = database.execute(
            "SELECT topics.name, timestamp FROM messages JOIN topics ON topics.id = topic_id"
        ).fetchall()
    wanted: dict[str, list[int]] = {}
    for topic, log_ns in rows:
        wanted.setdefault(topic, []).append(log_ns)
    assert Counter({s.name: len(stamps_of(read, s.name, "log")) for s in read.streams()}) == Counter(
        {topic: len(logs) for topic, logs in wanted.items()}
    )
    for topic, logs in wanted.items():
        assert sorted(stamps_of(read, topic, "log")) == sorted(logs)
    # The definitions that this test file of rosbag2 stores are not those of its messages.
    expected = {"W_DEFINITION_DIFFERS"} if name == "talker" else set()
    assert {problem.code for problem in read.problems} == expected


def test_broken_recordings_say_where(shared_data: Path, tmp_path: Path) -> None:
    read = read_with("rosbag", shared_data / "broken" / "empty_rosbag2", tmp_path / "a")
    assert [(problem.code, problem.rejected) for problem in read.problems] == [("no-messages", True)]
    read = read_with("mcap", shared_data / "broken" / "chunk_bitflip_crc.mcap", tmp_path / "b")
    assert [(problem.code, problem.where) for problem in read.problems] == [
        ("W_CHECKSUM", "chunk_bitflip_crc.mcap, byte 62824")
    ]
    assert sum(len(stamps_of(read, stream.name, "log")) for stream in read.streams()) == 300
