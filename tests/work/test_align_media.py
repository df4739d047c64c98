"""Aligning what has to be decoded first: a video's turning with a gyroscope, spoken cues with a sound."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, map_coordinates
from tests.align.motion import ns, turning
from tests.align.speech import SOURCE_HZ, speech
from tests.strategies.projects import create, fresh_id
from tests.work.recordings import SECOND, csv_of, wav_of

from braid.clock.clock_map import to_timeline
from braid.model.records import Annotation, Modality, Sample, Sampling, Stream
from braid.model.regions import TimeSpan
from braid.model.timing import Stamp, StampPart, Timing
from braid.work.aligning import align
from braid.work.alignment import AlignRequest
from braid.work.workspace import Workspace

MS = 1_000_000


@pytest.fixture
def project(workspace: Workspace) -> str:
    return workspace.init_project("Media", slug="media", template="dialogue").id


def put(workspace: Workspace, project: str, *records: object) -> None:
    outcome = workspace.store.commit(project, [create(*records)], actor="local").outcomes[0]  # type: ignore[arg-type]
    assert not outcome.errors, outcome.errors


def stream_of(
    workspace: Workspace, sample: Sample, name: str, modality: Modality, data: bytes | None
) -> Stream:
    kind = {Modality.SERIES: ("csv", "text/csv"), Modality.VIDEO: ("mp4", "video/mp4")}.get(
        modality, ("wav", "audio/wav")
    )
    return Stream(
        id=fresh_id(),
        sample=sample.id,
        name=name,
        modality=modality,
        sampling=Sampling.INTERVAL,
        asset=None if data is None else workspace.blobs_put([data])[0],
        file_name=f"{name}.{kind[0]}",
        media_type=kind[1],
    )


def shaken_video(path: Path, seed: int, *, seconds: float) -> tuple[np.ndarray, np.ndarray]:
    """A video of a wall, 30 per second, filmed while turning left and right; (times in s, turn rate) of the turning."""
    rng = np.random.default_rng(seed)
    wall = gaussian_filter(rng.normal(0, 1, (160, 900)), 2) * 400 + 128
    t, rate = turning(seconds + 4, rng)
    angle = (np.cumsum(rate) - rate / 2) * 0.001
    rows, columns = np.mgrid[0:96, 0:160].astype(float)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        stream.options = {"crf": "18", "preset": "ultrafast"}
        for number in range(int(seconds * 30)):
            shift = 60 * float(np.interp(2 + number / 30, t, angle))
            grey = map_coordinates(wall, (rows + 30, columns + 370 + shift), order=1)
            frame = av.VideoFrame.from_ndarray(
                np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, 2)
            )
            frame.pts, frame.time_base = number, Fraction(1, 30)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return t, rate


def test_A5_a_gyroscope_is_placed_on_the_video_it_shook_with(
    workspace: Workspace, project: str, tmp_path: Path
) -> None:
    t, rate = shaken_video(tmp_path / "clip.mp4", 3, seconds=12)
    rng = np.random.default_rng(0)
    t_gyro = np.arange(0.5, 15.5, 0.01)
    axes = {
        "gyro_x [rad/s]": rng.normal(0, 0.01, len(t_gyro)),
        "gyro_y [rad/s]": np.interp(t_gyro, t, rate) + rng.normal(0, 0.01, len(t_gyro)),
        "gyro_z [rad/s]": rng.normal(0, 0.01, len(t_gyro)),
    }
    sample = Sample(id=fresh_id(), key="walk")
    video = stream_of(workspace, sample, "camera", Modality.VIDEO, (tmp_path / "clip.mp4").read_bytes())
    video = Stream(
        **{name: getattr(video, name) for name in video.__struct_fields__ if name != "timing"},
        timing=Timing(stamp=Stamp.MEDIA, part=StampPart.MIDDLE, readout_ns=0),
    )
    gyroscope = stream_of(workspace, sample, "imu", Modality.SERIES, csv_of(ns(t_gyro), **axes))
    put(workspace, project, sample, video, gyroscope)
    view = align(workspace, project, "walk", AlignRequest(stream="imu", reference="camera"))
    assert view.clock_map is not None, view.why
    assert view.method == "rotation"
    assert not view.warnings
    assert to_timeline(view.clock_map.segments, 8 * SECOND) == pytest.approx(6 * SECOND, abs=3 * MS)


def test_A9_a_transcript_is_placed_on_its_recording(workspace: Workspace, project: str) -> None:
    sound, phrases = speech(150, seed=5)
    late_s = 3.7
    sample = Sample(id=fresh_id(), key="talk")
    heard = stream_of(workspace, sample, "sound", Modality.AUDIO, wav_of(sound.astype(np.float64), SOURCE_HZ))
    written = stream_of(workspace, sample, "subtitles", Modality.TEXT, None)
    layer = workspace.local_layer(project)
    cues = [
        Annotation(
            id=fresh_id(),
            sample=sample.id,
            stream=written.id,
            layer=layer,
            class_id="utterance",
            region=TimeSpan(start_ns=round((start - late_s) * SECOND), end_ns=round((end - late_s) * SECOND)),
            text="words",
        )
        for start, end in phrases
    ]
    put(workspace, project, sample, heard, written, *cues)
    view = align(workspace, project, "talk", AlignRequest(stream="subtitles", reference="sound"))
    assert view.clock_map is not None, view.why
    assert view.method == "transcript"
    assert to_timeline(view.clock_map.segments, 60 * SECOND) == pytest.approx(63.7 * SECOND, abs=60 * MS)
    assert view.effect is not None
    assert view.effect.annotations == len(cues)
