"""Aligning what has to be decoded first: a video's turning with a gyroscope, spoken cues with a sound."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import duckdb
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, map_coordinates
from tests.align.motion import ns, turning
from tests.align.speech import SOURCE_HZ, speech
from tests.strategies.projects import create, fresh_id
from tests.work.recordings import SECOND, csv_of, wav_of

from braid.clock.clock_map import to_timeline
from braid.media.series_arrays import Channels, read_channels, read_stamps
from braid.media.series_columns import write_columns
from braid.model.records import Annotation, Modality, Reading, Sample, Sampling, Stream
from braid.model.regions import TimeSpan
from braid.model.timing import Stamp, StampPart, Timing
from braid.work.align_sources import channel_names, channel_of, common_channel, three_axes
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


def test_A8_readings_with_device_and_log_stamps_are_placed_on_the_log(
    workspace: Workspace, project: str
) -> None:
    rng = np.random.default_rng(1)
    device = np.arange(400) * 100 * MS
    log = device + device * 50 // 1_000_000 + 2 * MS + rng.exponential(5 * MS, 400).astype(np.int64)
    sample = Sample(id=fresh_id(), key="stamped")
    camera = Stream(
        id=fresh_id(),
        sample=sample.id,
        name="camera",
        modality=Modality.IMAGE,
        sampling=Sampling.INSTANT,
        readings=tuple(
            Reading(at_ns=int(at), asset="a" * 64, stamps={"log": int(seen)})
            for at, seen in zip(device, log, strict=True)
        ),
        timing=Timing(stamp=Stamp.DEVICE),
    )
    put(workspace, project, sample, camera)
    view = align(workspace, project, "stamped", AlignRequest(stream="camera"))
    assert view.clock_map is not None, view.why
    assert view.method == "stamps"
    assert view.clock_map.segments[0].rate_ppq == pytest.approx(50e9, abs=12e9)
    assert to_timeline(view.clock_map.segments, 0) == pytest.approx(2 * MS, abs=MS)


def test_A8_stamps_in_a_column_file_are_read_beside_its_channels(tmp_path: Path) -> None:
    path = tmp_path / "imu.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            'COPY (SELECT i * 10000000 AS time_ns, i * 10000000 + 5 AS log_ns, i * 0.5 AS "turn [rad/s]" '
            f"FROM range(100) r(i)) TO '{path}' (FORMAT parquet)"
        )
    stamps = read_stamps(path)
    assert sorted(stamps) == ["log", "media"]
    assert (stamps["log"] - stamps["media"]).tolist() == [5] * 100
    with (tmp_path / "columns").open("wb") as out:
        write_columns(path, out)
    channels = read_channels(tmp_path / "columns")
    assert channels.names == (("turn", "rad/s"),)
    assert channels.values[0][3] == 1.5
    (tmp_path / "plain.csv").write_text("t,a\n0,1\n1,2\n")
    assert read_stamps(tmp_path / "plain.csv") == {}


def test_vectors_of_a_series_are_found_by_their_names_or_units() -> None:
    values = np.array([[3.0], [4.0], [12.0], [9.0]])
    times = np.zeros(1, np.int64)

    def channels(*names: tuple[str, str]) -> Channels:
        return Channels(times_ns=times, names=names, values=values[: len(names)])

    gyro = channels(("gyro.x", ""), ("gyro.y", ""), ("gyro.z", ""), ("heat", "K"))
    assert channel_names(gyro)[-1] == "gyro.norm"
    assert channel_of(gyro, "gyro.norm", where="imu").tolist() == [13.0]
    named = channels(("rate forward", "rad/s"), ("rate right", "rad/s"), ("rate down", "rad/s"))
    axes = three_axes(named)
    assert axes is not None
    assert (axes[0], axes[1].tolist()) == ("rate", [[3.0, 4.0, 12.0]])
    assert common_channel(gyro, named) == ("gyro.norm", "rate.norm")
    bus, fix = channels(("v", "km/h")), channels(("bearing", "deg"), ("ground speed", ""))
    assert common_channel(bus, fix) == ("v", "ground speed")
    assert common_channel(channels(("a", "")), channels(("b", ""))) is None
