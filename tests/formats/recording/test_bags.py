"""Every container gives the same streams: counts, stamps and values equal those of other people's readers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from mcap.writer import CompressionType
from rosbags.rosbag2 import StoragePlugin
from tests.formats.reading import Read, read_with
from tests.formats.recording.bag_kit import (
    EPOCH,
    MS,
    Said,
    header,
    imu,
    imu_messages,
    make,
    vector,
    write_mcap,
    write_ros1,
    write_ros2,
)

from braid.base.errors import InvalidInput
from braid.clock.clock_map import to_timeline
from braid.formats.seam import Sources
from braid.model.records import ClockMap, Modality, Sampling, Stream
from braid.model.timing import Stamp, Timescale


def rows_of(read: Read, stream: Stream) -> tuple[list[str], list[tuple[Any, ...]]]:
    path = read.context.scratch / f"{stream.asset}.parquet"
    with duckdb.connect(":memory:") as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        return [str(column[0]) for column in found.description or ()], found.fetchall()


def only(read: Read, name: str) -> Stream:
    (found,) = (stream for stream in read.streams() if stream.name == name)
    return found


Write = Callable[[Path], tuple[str, Path]]


def as_mcap(**settings: Any) -> Write:
    def write(folder: Path) -> tuple[str, Path]:
        write_mcap(folder / "drive.mcap", imu_messages(), **settings)
        return "mcap", folder / "drive.mcap"

    return write


def as_ros1(compression: str) -> Write:
    def write(folder: Path) -> tuple[str, Path]:
        write_ros1(folder / "drive.bag", imu_messages(ros2=False), compression=compression)
        return "rosbag", folder / "drive.bag"

    return write


def as_ros2(format_id: str, **settings: Any) -> Write:
    def write(folder: Path) -> tuple[str, Path]:
        write_ros2(folder / "drive", imu_messages(), **settings)
        return format_id, folder / "drive"

    return write


CONTAINERS: dict[str, Write] = {
    "mcap zstd": as_mcap(),
    "mcap lz4": as_mcap(compression=CompressionType.LZ4, chunk_bytes=2000),
    "mcap plain": as_mcap(compression=CompressionType.NONE, enable_data_crcs=True),
    "mcap without chunks": as_mcap(use_chunking=False, enable_data_crcs=True),
    "mcap without definitions": as_mcap(definitions=False),
    "ros1": as_ros1(""),
    "ros1 bz2": as_ros1("bz2"),
    "ros1 lz4": as_ros1("lz4"),
    "ros2 sqlite": as_ros2("rosbag"),
    "ros2 sqlite, messages packed": as_ros2("rosbag", compression="message"),
    "ros2 sqlite, file packed": as_ros2("rosbag", compression="file"),
    "ros2 mcap": as_ros2("mcap", storage=StoragePlugin.MCAP),
}


@pytest.mark.parametrize("container", sorted(CONTAINERS))
def test_every_container_gives_the_same_series(tmp_path: Path, container: str) -> None:
    format_id, path = CONTAINERS[container](tmp_path)
    read = read_with(format_id, path, tmp_path / "scratch")
    assert read.problems == ()
    (bundle,) = read.bundles
    assert bundle.sample.key == "drive"
    assert bundle.sample.epoch_ns == str(EPOCH)
    stream = only(read, "/imu")
    assert (stream.modality, stream.sampling, stream.frame) == (Modality.SERIES, Sampling.INSTANT, "imu")
    assert (stream.timing.stamp, stream.timing.timescale) == (Stamp.DEVICE, Timescale.UTC)
    assert stream.timing.period_ns == 10 * MS
    assert [(g.stamp, g.count, g.median_ns, g.p95_ns) for g in stream.timing.gaps] == [
        (Stamp.LOG, 20, 25 * MS, 25 * MS)
    ]
    names, rows = rows_of(read, stream)
    assert names[:3] == ["time_ns", "device_ns", "log_ns"]
    assert len(rows) == 20
    turn = names.index("angular_velocity.z [rad/s]")
    for step, row in enumerate(rows):
        assert row[:3] == (step * 10 * MS, step * 10 * MS, (step * 10 + 25) * MS)
        assert row[turn] == float(step)


def test_R2_all_three_stamps_are_kept(tmp_path: Path) -> None:
    said = [
        Said(
            topic=one.topic,
            kind=one.kind,
            message=one.message,
            log_ns=one.log_ns,
            publish_ns=one.log_ns - 5 * MS,
        )
        for one in imu_messages()
    ]
    write_mcap(tmp_path / "a.mcap", said)
    read = read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch")
    stream = only(read, "/imu")
    assert [(gap.stamp, gap.median_ns) for gap in stream.timing.gaps] == [
        (Stamp.PUBLISH, 20 * MS),
        (Stamp.LOG, 25 * MS),
    ]
    names, rows = rows_of(read, stream)
    assert names[:4] == ["time_ns", "device_ns", "publish_ns", "log_ns"]
    assert rows[1][:4] == (10 * MS, 10 * MS, 30 * MS, 35 * MS)


def test_the_option_stamp_places_readings_by_the_recorder(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", imu_messages())
    read = read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch", options={"stamp": "log"})
    stream = only(read, "/imu")
    assert read.bundles[0].sample.epoch_ns == str(EPOCH + 25 * MS)
    assert stream.timing.stamp is Stamp.LOG
    assert stream.timing.gaps[0].median_ns == -25 * MS
    assert rows_of(read, stream)[1][0][:3] == (0, -25 * MS, 0)


def test_R4_a_device_clock_on_another_time_scale_is_said_and_not_used(tmp_path: Path) -> None:
    said = [
        Said(topic=one.topic, kind=one.kind, message=one.message, log_ns=one.log_ns - 37_000 * MS)
        for one in imu_messages()
    ]
    write_mcap(tmp_path / "a.mcap", said)
    read = read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch")
    (problem,) = read.problems
    assert problem.code == "W_STAMPS_DISAGREE"
    assert "TAI (PTP) against UTC: 37 s" in problem.message
    assert not problem.rejected
    assert only(read, "/imu").timing.stamp is Stamp.LOG


def test_R5_a_recording_in_simulated_time_has_no_epoch(tmp_path: Path) -> None:
    said = [
        Said(
            topic="/speed",
            kind="geometry_msgs/msg/TwistStamped",
            message=make(
                "geometry_msgs/msg/TwistStamped",
                header=header(42 * 10**9 + step * 100 * MS, "base"),
                twist=make("geometry_msgs/msg/Twist", linear=vector(step, 0, 0), angular=vector(0, 0, 0)),
            ),
            log_ns=42 * 10**9 + step * 100 * MS,
        )
        for step in range(5)
    ]
    write_mcap(tmp_path / "a.mcap", said)
    read = read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch")
    assert read.bundles[0].sample.epoch_ns is None
    stream = only(read, "/speed")
    assert (stream.timing.timescale, stream.timing.zero_ns) == (Timescale.UNKNOWN, str(42 * 10**9))
    names, rows = rows_of(read, stream)
    assert "twist.linear.x [m/s]" in names
    assert [row[0] for row in rows] == [step * 100 * MS for step in range(5)]


def test_messages_out_of_order_are_put_in_order(tmp_path: Path) -> None:
    said = imu_messages()
    write_mcap(tmp_path / "a.mcap", [*said[10:], *said[:10]])
    read = read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch")
    names, rows = rows_of(read, only(read, "/imu"))
    assert [row[names.index("angular_velocity.z [rad/s]")] for row in rows] == list(map(float, range(20)))


def test_two_types_on_one_topic_are_two_streams(tmp_path: Path) -> None:
    other = Said(
        topic="/imu",
        kind="std_msgs/msg/Float64",
        message=make("std_msgs/msg/Float64", data=2.5),
        log_ns=EPOCH,
    )
    write_mcap(tmp_path / "a.mcap", [*imu_messages(), other])
    read = read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch")
    assert {stream.name for stream in read.streams()} == {"/imu (sensor_msgs/Imu)", "/imu (std_msgs/Float64)"}


def test_a_recording_is_split_by_seconds(tmp_path: Path) -> None:
    write_mcap(tmp_path / "a.mcap", imu_messages(250))
    read = read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch", options={"split": "1"})
    assert [bundle.sample.key for bundle in read.bundles] == ["a/0000", "a/0001", "a/0002"]
    assert [len(rows_of(read, stream)[1]) for stream in read.streams()] == [100, 100, 50]
    assert [bundle.sample.epoch_ns for bundle in read.bundles] == [
        str(EPOCH + second * 1000 * MS) for second in range(3)
    ]


@pytest.mark.parametrize("options", [{"split": "0"}, {"split": "x"}, {"stamp": "media"}, {"audio_rate": "7"}])
def test_options_that_cannot_be_are_refused(tmp_path: Path, options: dict[str, str]) -> None:
    write_mcap(tmp_path / "a.mcap", imu_messages(3))
    with pytest.raises(InvalidInput, match="option"):
        read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch", options=options)


def test_a_folder_of_recordings_is_one_sample_each(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "day").mkdir(parents=True)
    write_mcap(folder / "a.mcap", imu_messages(3))
    write_ros1(folder / "day" / "b.bag", imu_messages(3, ros2=False))
    write_ros2(folder / "day" / "c", imu_messages(3))
    read = read_with("rosbag", folder, tmp_path / "scratch")
    assert sorted(bundle.sample.key for bundle in read.bundles) == ["a", "day/b", "day/c"]
    assert read.problems == ()
    only_mcap = read_with("mcap", folder, tmp_path / "scratch2")
    assert [bundle.sample.key for bundle in only_mcap.bundles] == ["a"]
    assert [problem.where for problem in only_mcap.problems] == ["day/b.bag", "day/c/c.db3"]
    assert all(problem.rejected and "format rosbag" in problem.message for problem in only_mcap.problems)
    with pytest.raises(InvalidInput, match="no recording"):
        read_with("rosbag", tmp_path / "scratch", tmp_path / "scratch3")


def test_scratch_holds_only_assets_in_the_end(tmp_path: Path) -> None:
    write_ros2(tmp_path / "drive", imu_messages(), compression="file")
    read = read_with("rosbag", tmp_path / "drive", tmp_path / "scratch")
    assert [path.name for path in read.context.scratch.iterdir()] == [f"{only(read, '/imu').asset}.parquet"]
    assert Sources(tmp_path).assets == {}


def test_R6_a_boot_clock_that_is_asked_for_comes_with_its_map(tmp_path: Path) -> None:
    said = [
        Said(
            topic="/imu",
            kind="sensor_msgs/msg/Imu",
            message=imu(50 * 10**9 + step * 10 * MS, float(step)),
            log_ns=EPOCH + step * 10 * MS + step * 600,  # 60 ppm
        )
        for step in range(400)
    ]
    other = Said(
        topic="/late",
        kind="std_msgs/msg/Float64",
        message=make("std_msgs/msg/Float64", data=1.0),
        log_ns=EPOCH - MS,
    )
    write_mcap(tmp_path / "a.mcap", [other, *said])
    plain = read_with("mcap", tmp_path / "a.mcap", tmp_path / "s1")
    assert [problem.code for problem in plain.problems] == ["W_STAMPS_DISAGREE"]
    assert only(plain, "/imu").timing.stamp is Stamp.LOG
    read = read_with("mcap", tmp_path / "a.mcap", tmp_path / "s2", options={"stamp": "device"})
    assert read.problems == ()
    assert read.bundles[0].sample.epoch_ns == str(EPOCH - MS)
    stream = only(read, "/imu")
    assert (stream.timing.timescale, stream.timing.zero_ns) == (Timescale.MONOTONIC, str(50 * 10**9))
    (clock,) = (record for record in read.bundles[0].records if isinstance(record, ClockMap))
    assert clock.stream == stream.id
    for step in (0, 200, 399):
        assert abs(to_timeline(clock.segments, step * 10 * MS) - (MS + step * 10 * MS + step * 600)) < 100
    names, rows = rows_of(read, stream)
    assert rows[5][0] == 50 * MS
    assert stream.source["log_zero_ns"] == str(EPOCH)
    assert rows[5][names.index("log_ns")] == 50 * MS + 3000
