"""The raw HEVC video of a segment, put into MP4 with the times of its frames."""

import os
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from tests.formats.capture_kit import context_in, of, read
from tests.formats.series_kit import stream_named, told

from braid.base.errors import InvalidInput
from braid.formats.comma2k19 import Comma2k19
from braid.formats.comma2k19.camera import remux
from braid.model.records import Calibration, ClockMap, Modality, Stream

COUNT = 12
BOOT_S = 500.0


def raw_hevc(path: Path, *, count: int = COUNT, bframes: int = 0) -> None:
    with av.open(str(path), "w", format="hevc") as sink:
        stream: Any = sink.add_stream("libx265", rate=20)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        stream.options = {
            "preset": "ultrafast",
            "x265-params": f"bframes={bframes}:keyint=6:log-level=none:pools=1:frame-threads=1",
        }
        for place in range(count):
            frame = av.VideoFrame.from_ndarray(
                np.full((96, 128, 3), place * 15, dtype=np.uint8), format="rgb24"
            )
            for packet in stream.encode(frame):
                sink.mux(packet)
        for packet in stream.encode():
            sink.mux(packet)


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    root = tmp_path / "7"
    times = BOOT_S + np.cumsum([0.0, *(0.05 + 0.001 * (place % 3) for place in range(COUNT - 1))])
    for name, array in (
        ("processed_log/IMU/gyro/t", BOOT_S - 0.25 + np.arange(10) / 10),
        ("processed_log/IMU/gyro/value", np.zeros((10, 3))),
        ("global_pose/frame_times", times),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        with (root / name).open("wb") as out:
            np.save(out, array)
    raw_hevc(root / "video.hevc")
    (root / "camera_intrinsics.txt").write_text("[[100, 0, 64],[0, 100, 48],[0,0,1]]")
    return root


def shown(path: Path) -> list[tuple[int, int]]:
    """(time in ns, grey) of every decoded frame."""
    with av.open(str(path)) as source:
        return [
            (round(frame.pts * frame.time_base * 10**9), round(float(frame.to_ndarray(format="gray").mean())))
            for frame in source.decode(video=0)
            if frame.pts is not None and frame.time_base is not None
        ]


def test_every_frame_keeps_its_picture_and_gets_its_time(segment: Path, tmp_path: Path) -> None:
    (bundle,), problems, files = read(Comma2k19(), segment, context_in(tmp_path / "scratch"))
    assert [problem for problem in problems if problem.rejected] == []
    video = stream_named(bundle, "camera")
    assert (video.modality, video.media_type) == (Modality.VIDEO, "video/mp4")
    times = np.load(segment / "global_pose/frame_times")
    wanted = np.rint((times - times[0]) * 1e9).astype(int).tolist()
    assert video.asset is not None
    frames = shown(files.assets[video.asset])
    assert [at_ns for at_ns, _ in frames] == wanted
    greys = [grey for _, grey in frames]
    assert greys == sorted(greys)
    assert len(set(greys)) == COUNT
    (clock,) = [one for one in of(bundle, ClockMap) if one.stream == video.id]
    assert (clock.segments[0].media_ns, clock.segments[0].timeline_ns) == (0, 250_000_000)
    (calibration,) = [one for one in of(bundle, Calibration) if one.stream == video.id]
    assert calibration.camera is not None
    assert (calibration.camera.width_px, calibration.camera.cx_px) == (128, 64.0)
    assert len(video.source["original_sha256"]) == 64


@pytest.mark.parametrize("count", [COUNT - 1, COUNT + 2])
def test_another_number_of_frames_is_refused(segment: Path, tmp_path: Path, count: int) -> None:
    raw_hevc(segment / "video.hevc", count=count)
    (bundle,), problems, _ = read(Comma2k19(), segment, context_in(tmp_path / "scratch"))
    (bad,) = told(problems, "bad_video")
    assert bad.rejected
    assert str(count) in bad.message
    assert "camera" not in {one.name for one in of(bundle, Stream)}


def test_frames_stored_out_of_order_are_refused(tmp_path: Path) -> None:
    raw_hevc(tmp_path / "b.hevc", bframes=3)
    with pytest.raises(InvalidInput, match="out of order"):
        remux(tmp_path / "b.hevc", tmp_path / "b.mp4", np.arange(COUNT, dtype=np.int64) * 50_000_000)


def test_what_is_no_video_is_refused(segment: Path, tmp_path: Path) -> None:
    (segment / "video.hevc").write_bytes(os.urandom(4000))
    (bundle,), problems, _ = read(Comma2k19(), segment, context_in(tmp_path / "scratch"))
    assert [problem.rejected for problem in told(problems, "bad_video")] == [True]
    assert "gyro" in {one.name for one in of(bundle, Stream)}
