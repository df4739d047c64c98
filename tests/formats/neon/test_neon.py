"""Neon recordings against NumPy: parts, gaps, stamps, spans, videos; files that lie."""

import json
import zlib
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.formats.capture_kit import annotations, context_in, of, read, real
from tests.formats.series_kit import columns_of, stream_named, told

from braid.base.errors import InvalidInput
from braid.formats.neon import Neon
from braid.formats.neon.imu_packets import read_packets
from braid.formats.troubles import Troubles
from braid.model.records import Calibration, ClockMap, Modality, Sampling, Stream
from braid.model.regions import TimeSpan
from braid.model.timing import Stamp, Timescale

START = 1_760_676_788_219_000_000
PERIOD = 5_000_000
GAZE = '[\n("x", "float32"),\n("y", "float32"),\n]\n'
SPANS = '[("event_type", "int32"), ("start_timestamp_ns", "int64"), ("end_timestamp_ns", "int64"), ("mean_gaze_x", "float32"),]'
SPAN = np.dtype([("e", "<i4"), ("s", "<i8"), ("n", "<i8"), ("x", "<f4")])
IMU = np.dtype([("timestamp_ns", "<i8")] + [(name, "<f4") for name in (
    "gyro_x", "gyro_y", "gyro_z", "accel_x", "accel_y", "accel_z",
    "quaternion_w", "quaternion_x", "quaternion_y", "quaternion_z",
)])  # fmt: skip


def stamps(count: int, *, start: int = START + 10**9, without: tuple[int, ...] = ()) -> NDArray[np.int64]:
    return np.array([start + PERIOD * n for n in range(count) if n not in without], dtype="<i8")


def gaze_rows(count: int) -> NDArray[np.float32]:
    return np.arange(2 * count, dtype="<f4").reshape(count, 2)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    root = tmp_path / "rec"
    root.mkdir()
    (root / "info.json").write_text(
        json.dumps({"recording_id": "r", "start_time": START, "gaze_offset": [1.5, 2]})
    )
    (root / "wearer.json").write_text(json.dumps({"name": "Somebody"}))
    (root / "gaze.dtype").write_text(GAZE)
    stamps(100, without=(40, 41)).tofile(root / "gaze ps1.time")
    gaze_rows(98).tofile(root / "gaze ps1.raw")
    stamps(50, start=START + 3 * 10**9).tofile(root / "gaze ps2.time")
    gaze_rows(50).tofile(root / "gaze ps2.raw")
    (root / "worn ps1.raw").write_bytes(bytes([255] * 98))
    (root / "fixations.dtype").write_text(SPANS)
    spans = np.array(
        [(1, START + 10**9, START + 11 * 10**8, 640.5), (0, START + 11 * 10**8, START + 12 * 10**8, np.nan)],
        dtype=SPAN,
    )
    spans.tofile(root / "fixations ps1.raw")
    spans["s"].astype("<i8").tofile(root / "fixations ps1.time")
    (root / "event.txt").write_text("recording.begin\nlooked up\n")
    np.array([START, START + 2 * 10**9], dtype="<i8").tofile(root / "event.time")
    return root


def test_a_recording_is_one_sample_on_unix_time_without_the_persons_name(
    recording: Path, tmp_path: Path
) -> None:
    (bundle,), _, _ = read(Neon(), recording, context_in(tmp_path / "scratch"))
    assert (bundle.sample.key, bundle.sample.epoch_ns) == ("rec", str(START))
    assert bundle.sample.source["gaze_offset_px"] == "1.5 2"
    assert "Somebody" not in repr(bundle)


def test_parts_are_one_stream_with_their_gaps(recording: Path, tmp_path: Path) -> None:
    (bundle,), problems, files = read(Neon(), recording, context_in(tmp_path / "scratch"))
    gaze = stream_named(bundle, "gaze")
    table = columns_of(files, gaze)
    assert list(table) == ["time_ns", "x [px]", "y [px]"]
    first = stamps(100, without=(40, 41)) - START
    np.testing.assert_array_equal(table["time_ns"][:98], first)
    assert table["time_ns"][98] == 3 * 10**9
    np.testing.assert_array_equal(table["x [px]"], [*range(0, 196, 2), *range(0, 100, 2)])
    assert (gaze.timing.period_ns, gaze.timing.timescale, gaze.timing.zero_ns) == (
        PERIOD,
        Timescale.UTC,
        str(START),
    )
    assert (gaze.source["parts"], gaze.source["gaps"]) == ("2", "2")
    assert told(problems, "gaps")[0].message.startswith("2 gaps, in which about 302 readings")


def test_worn_takes_the_stamps_of_the_gaze(recording: Path, tmp_path: Path) -> None:
    (bundle,), _, files = read(Neon(), recording, context_in(tmp_path / "scratch"))
    worn = stream_named(bundle, "worn")
    assert worn.sampling is Sampling.EVENT
    table = columns_of(files, worn)
    assert (len(table["time_ns"]), set(table["worn"])) == (98, {255.0})


def test_gaze_computed_afterwards_comes_first_and_the_other_is_kept(recording: Path, tmp_path: Path) -> None:
    stamps(120).tofile(recording / "gaze_200hz.time")
    gaze_rows(120).tofile(recording / "gaze_200hz.raw")
    (bundle,), _, files = read(Neon(), recording, context_in(tmp_path / "scratch"))
    assert len(columns_of(files, stream_named(bundle, "gaze"))["time_ns"]) == 120
    assert len(columns_of(files, stream_named(bundle, "gaze (real time)"))["time_ns"]) == 148


def test_fixations_and_events_are_time_spans_on_the_gaze(recording: Path, tmp_path: Path) -> None:
    (bundle,), _, _ = read(Neon(), recording, context_in(tmp_path / "scratch"))
    gaze = stream_named(bundle, "gaze")
    (fixation,) = annotations(bundle, "fixation")
    assert (fixation.stream, fixation.attributes) == (gaze.id, {"mean-x-px": 640.5})
    assert fixation.region == TimeSpan(start_ns=10**9, end_ns=11 * 10**8)
    (saccade,) = annotations(bundle, "saccade")
    assert saccade.attributes == {}
    events = annotations(bundle, "event")
    assert [(one.attributes["event-name"], one.region) for one in events] == [
        ("recording.begin", TimeSpan(start_ns=0, end_ns=1)),
        ("looked up", TimeSpan(start_ns=2 * 10**9, end_ns=2 * 10**9 + 1)),
    ]


def packet(at_ns: int, values: tuple[float, ...]) -> bytes:
    def varint(number: int) -> bytes:
        out = bytearray()
        while number > 0x7F:
            out.append(number & 0x7F | 0x80)
            number >>= 7
        return bytes([*out, number])

    def group(field: int, numbers: tuple[float, ...]) -> bytes:
        body = b"".join(
            bytes([(place + 1) << 3 | 5]) + np.float32(one).tobytes() for place, one in enumerate(numbers)
        )
        return bytes([field << 3 | 2]) + varint(len(body)) + body

    body = b"\x08" + varint(at_ns) + group(2, values[:3]) + group(3, values[3:6]) + group(4, values[6:])
    return len(body).to_bytes(2, "little") + body


def imu_rows(count: int) -> Any:
    rows = np.zeros(count, dtype=IMU)
    rows["timestamp_ns"] = stamps(count)
    for place, name in enumerate(IMU.names[1:] if IMU.names else ()):
        rows[name] = np.arange(count) + place / 8
    return rows


def test_the_imu_is_three_series_and_its_packets_are_the_same_readings(
    recording: Path, tmp_path: Path
) -> None:
    rows = imu_rows(20)
    fields = ", ".join(f'("{name}", "{rows.dtype[name].name}")' for name in rows.dtype.names)
    (recording / "imu.dtype").write_text(f"[{fields}]")
    rows.tofile(recording / "imu ps1.raw")
    rows["timestamp_ns"].tofile(recording / "imu ps1.time")
    order = ("accel_x", "accel_y", "accel_z", "gyro_x", "gyro_y", "gyro_z", *rows.dtype.names[7:])
    packets = b"".join(
        packet(int(row["timestamp_ns"]), tuple(float(row[name]) for name in order)) for row in rows
    )
    (recording / "extimu ps1.raw").write_bytes(packets)
    rows["timestamp_ns"].tofile(recording / "extimu ps1.time")
    (bundle,), problems, files = read(Neon(), recording, context_in(tmp_path / "a"))
    gyro = columns_of(files, stream_named(bundle, "gyro"))
    np.testing.assert_array_equal(gyro["y [deg/s]"], rows["gyro_y"])
    np.testing.assert_array_equal(
        columns_of(files, stream_named(bundle, "orientation"))["w"], rows["quaternion_w"]
    )
    assert not any(one.name.startswith("extimu") for one in of(bundle, Stream))
    (recording / "imu ps1.raw").unlink()
    (bundle,), _, files = read(Neon(), recording, context_in(tmp_path / "b"))
    table = columns_of(files, stream_named(bundle, "acceleration"))
    np.testing.assert_array_equal(table["z [g]"], rows["accel_z"])
    np.testing.assert_array_equal(table["time_ns"], rows["timestamp_ns"] - START)
    assert [problem for problem in problems if problem.rejected] == []


@pytest.mark.parametrize("cut", [1, 5, 20, 59])
def test_imu_packets_that_break_off_give_those_before(cut: int) -> None:
    whole = packet(5, (1.0,) * 10) + packet(6, (2.0,) * 10)
    troubles = Troubles("x")
    rows = read_packets(whole[:-cut], troubles, spot="extimu")
    assert rows["timestamp_ns"].tolist() == [5]
    assert [problem.code for problem in troubles.told()] == ["truncated"]


def test_noise_for_packets_is_told_and_never_crashes() -> None:
    rng = np.random.default_rng(3)
    for _ in range(100):
        troubles = Troubles("x")
        read_packets(rng.integers(0, 256, 300, dtype=np.uint8).tobytes(), troubles, spot="extimu")
        assert troubles.count("truncated") + troubles.count("bad_packet") == 1


def test_frame_times_without_a_video_are_a_series_with_both_stamps(recording: Path, tmp_path: Path) -> None:
    times = stamps(30)
    times.tofile(recording / "Neon Scene Camera v1 ps1.time")
    (times + 21_000_000).tofile(recording / "Neon Scene Camera v1 ps1.time_aux")
    (bundle,), problems, files = read(Neon(), recording, context_in(tmp_path / "scratch"))
    frames = stream_named(bundle, "scene camera frames")
    table = columns_of(files, frames)
    np.testing.assert_array_equal(table["time_ns"], times - START)
    np.testing.assert_array_equal(table["log_ns"], times - START + 21_000_000)
    (gap,) = frames.timing.gaps
    assert (gap.stamp, gap.median_ns, gap.p95_ns) == (Stamp.LOG, 21_000_000, 21_000_000)
    assert len(told(problems, "no_video")) == 1


def test_a_scene_video_is_put_on_the_clock_of_its_stamps(recording: Path, tmp_path: Path) -> None:
    path = recording / "Neon Scene Camera v1 ps1.mp4"
    with av.open(str(path), "w") as sink:
        stream: Any = sink.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(40):
            for one in stream.encode(av.VideoFrame(64, 48, "yuv420p")):
                sink.mux(one)
        for one in stream.encode():
            sink.mux(one)
    drift = 1 + 50e-6
    times = np.array([START + 10**9 + round(n * 1e9 / 30 * drift) for n in range(40)], dtype="<i8")
    times.tofile(recording / "Neon Scene Camera v1 ps1.time")
    camera = np.zeros(803, dtype=np.uint8).tobytes()
    matrix = np.array([[900.0, 0, 800], [0, 901, 600], [0, 0, 1]]).tobytes()
    (recording / "calibration.bin").write_bytes(
        camera[:7] + matrix + np.arange(8.0).tobytes() + camera[7 + 72 + 64 :]
    )
    (bundle,), problems, _ = read(Neon(), recording, context_in(tmp_path / "scratch"))
    assert [problem for problem in problems if problem.rejected] == []
    video = stream_named(bundle, "scene camera")
    assert video.modality is Modality.VIDEO
    (clock,) = of(bundle, ClockMap)
    (segment,) = clock.segments
    assert clock.stream == video.id
    assert abs(segment.rate_ppq - 50 * 10**9) < 2 * 10**9
    assert abs(segment.timeline_ns - segment.media_ns - 10**9) < 10_000
    (calibration,) = of(bundle, Calibration)
    assert calibration.camera is not None
    assert (calibration.camera.fx_px, calibration.camera.coefficients) == (900.0, tuple(map(float, range(8))))


@pytest.mark.parametrize(
    ("name", "content", "code", "gaze"),
    [
        ("gaze ps1.raw", gaze_rows(98).tobytes()[:-3], "truncated", 147),
        ("gaze ps1.time", stamps(100, without=(40, 41)).tobytes()[:-5], "truncated", 147),
        ("gaze ps1.time", b"", "count_differs", 50),
        ("gaze.dtype", b'[("x", "float32"), ("y", "object")]', "bad_dtype", None),
        ("gaze.dtype", b'__import__("os")', "bad_dtype", None),
        ("info.json", b'{"a":', "bad_info", 148),
        ("event.txt", b"one\ntwo\nthree\n", "count_differs", 148),
        ("fixations.dtype", b'[("event_type", "int32")]', "bad_dtype", 148),
        (
            "fixations ps1.raw",
            np.array([(1, START + 9, START + 3, 0)], dtype=SPAN).tobytes(),
            "reversed",
            148,
        ),
        ("calibration.bin", b"short", "no_problem", 148),
    ],
)
def test_a_file_that_lies_is_named_and_the_rest_is_read(
    recording: Path, tmp_path: Path, name: str, content: bytes, code: str, gaze: int | None
) -> None:
    (recording / name).write_bytes(content)
    np.array([START + 10**9] * 3, dtype="<i8").tofile(recording / "Neon Scene Camera v1 ps1.time")
    (bundle,), problems, files = read(Neon(), recording, context_in(tmp_path / "scratch"))
    if code != "no_problem":
        assert code in {problem.code for problem in problems}
        stem = name.split(".", maxsplit=1)[0].split(" ", maxsplit=1)[0]
        assert any(stem in problem.where for problem in told(problems, code))
    names = {one.name for one in of(bundle, Stream)}
    assert ("gaze" in names) == (gaze is not None)
    if gaze is not None:
        assert len(columns_of(files, stream_named(bundle, "gaze"))["time_ns"]) == gaze


def test_the_manifest_tells_what_is_missing_or_changed(recording: Path, tmp_path: Path) -> None:
    raw = (recording / "gaze ps1.raw").read_bytes()
    listed = [
        {"name": "gaze ps1.raw", "size": len(raw), "crc": f"{zlib.crc32(raw):x}"},
        {"name": "worn ps1.raw", "size": 98, "crc": "12345678"},
        {"name": "gaze ps2.raw", "size": 7, "crc": "0"},
        {"name": "gone.mp4", "size": 7, "crc": "0"},
        {"name": "../../etc/passwd", "size": 7, "crc": "0"},
    ]
    (recording / "manifest.json").write_text(json.dumps(listed))
    _, problems, _ = read(Neon(), recording, context_in(tmp_path / "scratch"))
    assert [problem.where for problem in told(problems, "crc_differs")] == ["rec, worn ps1.raw"]
    assert [problem.where for problem in told(problems, "size_differs")] == ["rec, gaze ps2.raw"]
    assert "2 files" in told(problems, "missing_files")[0].message


def test_a_stamp_far_from_the_others_does_not_move_the_origin(recording: Path, tmp_path: Path) -> None:
    times = stamps(50, start=START + 3 * 10**9)
    times[7] = 5
    times.tofile(recording / "gaze ps2.time")
    (bundle,), problems, files = read(Neon(), recording, context_in(tmp_path / "scratch"))
    assert bundle.sample.epoch_ns == str(START)
    assert len(columns_of(files, stream_named(bundle, "gaze"))["time_ns"]) == 147
    assert [problem.rejected for problem in told(problems, "far_time")] == [True]


def test_a_folder_without_a_recording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(InvalidInput, match="no Neon recording"):
        read(Neon(), tmp_path / "none", context_in(tmp_path / "scratch"))


REAL = "clocks/neon_eyetracking_demo_recording"


def test_real_streams_equal_numpy(tmp_path: Path) -> None:
    root = real(REAL)
    (bundle,), problems, files = read(Neon(), root, context_in(tmp_path / "scratch"))
    assert [problem for problem in problems if problem.rejected] == []
    zero_ns = int(bundle.sample.epoch_ns or 0)
    assert zero_ns == 1760676788219000000
    eye = np.fromfile(root / "eye_state ps1.raw", dtype="<f4").reshape(-1, 20)
    imu = np.fromfile(root / "imu ps1.raw", dtype=IMU)
    gaze = np.fromfile(root / "gaze_200hz.raw", dtype="<f4").reshape(-1, 2)
    expected: dict[str, tuple[str, int, list[NDArray[Any]]]] = {
        "gaze": ("gaze_200hz.time", 1788, [gaze[:, 0], gaze[:, 1]]),
        "pupil diameter": ("eye_state ps1.time", 1788, [eye[:, 0], eye[:, 7]]),
        "eyelid aperture": ("eye_state ps1.time", 1788, [eye[:, 16], eye[:, 19]]),
        "acceleration": ("imu ps1.time", 969, [imu[name] for name in ("accel_x", "accel_y", "accel_z")]),
        "gyro": ("imu ps1.time", 969, [imu[name] for name in ("gyro_x", "gyro_y", "gyro_z")]),
        "scene camera frames": ("Neon Scene Camera v1 ps1.time", 292, [np.arange(292)]),
        "eye cameras frames": ("Neon Sensor Module v1 ps1.time", 1792, [np.arange(1792)]),
    }
    for name, (file, count, columns) in expected.items():
        table = columns_of(files, stream_named(bundle, name))
        np.testing.assert_array_equal(table["time_ns"] + zero_ns, np.fromfile(root / file, dtype="<i8"))
        assert len(table["time_ns"]) == count
        values = [table[column] for column in table if column not in {"time_ns", "log_ns"}]
        assert len(values) == len(columns)
        for ours, theirs in zip(values, columns, strict=True):
            np.testing.assert_array_equal(ours, theirs.astype(np.float64))
    assert list(columns_of(files, stream_named(bundle, "gaze right eye"))) == ["time_ns", "x", "y"]
    scene = columns_of(files, stream_named(bundle, "scene camera frames"))
    aux = np.fromfile(root / "Neon Scene Camera v1 ps1.time_aux", dtype="<i8")
    np.testing.assert_array_equal(scene["log_ns"] + zero_ns, aux)
    assert stream_named(bundle, "gaze").timing.period_ns == PERIOD


def test_real_spans_equal_their_records(tmp_path: Path) -> None:
    root = real(REAL)
    (bundle,), _, _ = read(Neon(), root, context_in(tmp_path / "scratch"))
    zero_ns = int(bundle.sample.epoch_ns or 0)
    raw = np.fromfile(
        root / "fixations ps1.raw",
        dtype=np.dtype([("e", "<i4"), ("s", "<i8"), ("n", "<i8"), ("v", "<f4", (10,))]),
    )
    for label, kind in (("saccade", 0), ("fixation", 1)):
        spans = [one.region for one in annotations(bundle, label)]
        wanted = raw[raw["e"] == kind]
        assert [
            (one.start_ns + zero_ns, one.end_ns + zero_ns) for one in spans if isinstance(one, TimeSpan)
        ] == list(zip(wanted["s"].tolist(), wanted["n"].tolist(), strict=True))
    assert len(annotations(bundle, "blink")) == 2
    assert [one.attributes["event-name"] for one in annotations(bundle, "event")] == [
        "recording.begin",
        "recording.end",
    ]
    amplitudes = [one.attributes["amplitude-deg"] for one in annotations(bundle, "fixation")]
    np.testing.assert_array_equal(amplitudes, raw["v"][raw["e"] == 1, 7].astype(np.float64))


def test_the_real_packets_are_the_real_records() -> None:
    root = real(REAL)
    troubles = Troubles("x")
    packets = read_packets((root / "extimu ps1.raw").read_bytes(), troubles, spot="extimu")
    records = np.fromfile(root / "imu ps1.raw", dtype=IMU)
    assert list(troubles.told()) == []
    assert len(packets) == 969
    for name in IMU.names or ():
        np.testing.assert_array_equal(packets[name], records[name])
