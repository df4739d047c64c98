"""Recordings on their whole way into a workspace: facts, blobs, records, memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from mcap.writer import CompressionType
from tests.formats.recording.bag_kit import (
    EPOCH,
    MS,
    Said,
    camera_info,
    imu_messages,
    jpeg,
    picture,
    sweep,
    tf,
    transform,
    write_mcap,
)

from braid.model.records import Modality, Stream
from braid.work.as_record import as_record
from braid.work.importing import import_files
from braid.work.workspace import Workspace

KINDS = {
    "image": "sensor_msgs/msg/Image",
    "jpeg": "sensor_msgs/msg/CompressedImage",
    "cloud": "sensor_msgs/msg/PointCloud2",
    "tf": "tf2_msgs/msg/TFMessage",
    "info": "sensor_msgs/msg/CameraInfo",
}


def drive(steps: int) -> list[Said]:
    """Two cameras, a lidar, an IMU and their mounts at 20 Hz."""
    rng = np.random.default_rng(3)
    said = [
        Said(
            topic="/tf_static",
            kind=KINDS["tf"],
            message=tf(
                transform(EPOCH, "base", "cam", (1, 0, 1)), transform(EPOCH, "base", "lidar", (0, 0, 2))
            ),
            log_ns=EPOCH,
        ),
        Said(topic="/left/camera_info", kind=KINDS["info"], message=camera_info(EPOCH), log_ns=EPOCH),
        *imu_messages(steps * 5),
    ]
    for step in range(steps):
        at_ns = EPOCH + step * 50 * MS
        pixels = rng.integers(0, 255, (48, 64, 3), dtype=np.uint8)
        points = rng.uniform(-30, 30, (400, 3)).astype(np.float32)
        for topic, kind, message in (
            ("/left/image_raw", "image", picture(at_ns, pixels, "bgr8")),
            ("/right/compressed", "jpeg", jpeg(at_ns, (step % 250, 20, 30), frame="right")),
            ("/lidar", "cloud", sweep(at_ns, points)),
        ):
            said.append(Said(topic=topic, kind=KINDS[kind], message=message, log_ns=at_ns + 4 * MS))
    return said


def test_a_recording_becomes_a_sample_with_measured_streams(workspace: Workspace, tmp_path: Path) -> None:
    write_mcap(tmp_path / "drive.mcap", drive(10))
    project = workspace.init_project("Drives", slug="drives").id
    report = import_files(workspace, project="drives", format_id="mcap", path=tmp_path / "drive.mcap")
    assert (report.accepted.samples, report.accepted.streams) == (1, 4)
    assert (report.rejected, report.warnings) == ((), ())
    view = workspace.store.sample(project, "drive")
    found: list[Stream] = [as_record(held.record, Stream) for held in view.streams]
    streams = {stream.name: stream for stream in found}
    assert {name: stream.modality for name, stream in streams.items()} == {
        "/imu": Modality.SERIES,
        "/left/image_raw": Modality.IMAGE,
        "/lidar": Modality.POINT_CLOUD,
        "/right/compressed": Modality.IMAGE,
    }
    assert (streams["/left/image_raw"].facts.width_px, streams["/left/image_raw"].facts.height_px) == (64, 48)
    assert streams["/lidar"].facts.point_count == 400
    assert streams["/imu"].facts.frame_count == 50
    assert "angular_velocity.z" in streams["/imu"].facts.channels
    assert not [name for name in streams["/imu"].facts.channels if name.endswith("_ns")]
    for stream in streams.values():
        for digest in (stream.asset, *(reading.asset for reading in stream.readings)):
            assert digest is None or workspace.blobs.has(digest)
    assert [reading.at_ns for reading in streams["/lidar"].readings] == [step * 50 * MS for step in range(10)]


def peak_of(workspace: Workspace, tmp_path: Path, steps: int) -> tuple[int, int]:
    """Peak of Python's memory while a drive is imported, and the drive's size."""
    path = tmp_path / f"drive-{steps}.mcap"
    said = drive(8)
    bulk = np.random.default_rng(1).integers(0, 255, (240, 320, 3), dtype=np.uint8)
    said += [
        Said(
            topic="/bulk/image_raw",
            kind=KINDS["image"],
            message=picture(EPOCH + step * 50 * MS, np.roll(bulk, step, axis=0), "rgb8"),
            log_ns=EPOCH + step * 50 * MS,
        )
        for step in range(steps)
    ]
    write_mcap(path, said, compression=CompressionType.NONE)
    del said
    tracemalloc.start()
    try:
        report = import_files(workspace, project="drives", format_id="mcap", path=path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert report.rejected == ()
    return peak, path.stat().st_size


def test_R10_memory_does_not_grow_with_the_recording(workspace: Workspace, tmp_path: Path) -> None:
    workspace.init_project("Drives", slug="drives")
    peak_of(workspace, tmp_path, 2)  # what is imported and compiled once does not count
    small_peak, small = peak_of(workspace, tmp_path, 15)
    large_peak, large = peak_of(workspace, tmp_path, 150)
    assert large > 30 * 2**20
    assert large - small > 25 * 2**20
    assert large_peak < small_peak + (large - small) / 10


@pytest.mark.parametrize("name", ["husky_gps_imu_odom.bag", "husky_gps_imu_odom.mcap"])
def test_a_real_recording_is_imported_without_a_warning(
    workspace: Workspace, shared_data: Path, name: str
) -> None:
    workspace.init_project("Drives", slug="drives")
    path = shared_data / "driving" / "husky_rosbag" / name
    form = "mcap" if path.suffix == ".mcap" else "rosbag"
    report = import_files(workspace, project="drives", format_id=form, path=path)
    assert (report.accepted.samples, report.accepted.streams, report.rejected) == (1, 3, ())
    assert report.warnings == ()
