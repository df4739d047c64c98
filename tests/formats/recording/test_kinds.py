"""Message types become streams: pictures, sweeps, sound, frames of reference, numbers of every sort."""

from __future__ import annotations

import base64
import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from mcap.writer import Writer as McapWriter
from PIL import Image
from tests.formats.reading import Read, read_with
from tests.formats.recording.bag_kit import (
    EPOCH,
    MS,
    Said,
    camera_info,
    header,
    imu_messages,
    jpeg,
    make,
    picture,
    quaternion,
    sweep,
    tf,
    transform,
    vector,
    write_mcap,
)
from tests.formats.recording.test_bags import only, rows_of

from braid.clock.clock_map import to_timeline
from braid.media.clouds import read_cloud
from braid.media.containers import scan
from braid.media.probing import probe
from braid.media.video import video_times
from braid.model.records import Calibration, ClockMap, Modality, Sampling, Trajectory
from braid.space.transforms import Edge, FrameTree


def read_said(tmp_path: Path, said: list[Said], **options: str) -> Read:
    write_mcap(tmp_path / "a.mcap", said)
    return read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch", options=options)


def one(topic: str, kind: str, message: Any, *, at_ms: int = 0, late_ms: int = 3) -> Said:
    return Said(topic=topic, kind=kind, message=message, log_ns=EPOCH + (at_ms + late_ms) * MS)


RGB = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)


@pytest.mark.parametrize(
    ("encoding", "pixels", "wanted"),
    [
        ("rgb8", RGB, RGB),
        ("bgr8", RGB, RGB[:, :, ::-1]),
        ("rgba8", np.dstack((RGB, RGB[:, :, :1])), np.dstack((RGB, RGB[:, :, :1]))),
        ("mono8", RGB[:, :, 0], RGB[:, :, 0]),
        ("mono16", RGB[:, :, 0].astype("<u2") * 300, RGB[:, :, 0].astype("<u2") * 300),
        ("16UC1", RGB[:, :, 0].astype("<u2") * 900, RGB[:, :, 0].astype("<u2") * 900),
        ("32FC1", RGB[:, :, 0].astype("<f4") / 10, RGB[:, :, 0].astype(int) * 100),
        ("bayer_rggb8", RGB[:, :, 0], RGB[:, :, 0]),
    ],
)
@pytest.mark.parametrize("pad", [0, 5])
def test_raw_pictures_lose_no_pixel(
    tmp_path: Path, encoding: str, pixels: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any], pad: int
) -> None:
    said = [one("/cam/image_raw", "sensor_msgs/msg/Image", picture(EPOCH, pixels, encoding, pad=pad))]
    read = read_said(tmp_path, said)
    stream = only(read, "/cam/image_raw")
    assert (stream.modality, stream.frame, stream.media_type) == (Modality.IMAGE, "cam", "image/png")
    (reading,) = stream.readings
    assert (reading.at_ns, reading.stamps, reading.name) == (0, {"log": 3 * MS}, "000000.png")
    with Image.open(read.context.scratch / reading.asset) as shown:
        assert np.array_equal(np.asarray(shown), wanted)
    assert [problem.code for problem in read.problems] == (
        ["W_PICTURES_CONVERTED"] if encoding in {"32FC1", "bayer_rggb8"} else []
    )


def test_yuv_pictures_become_rgb(tmp_path: Path) -> None:
    grey = np.zeros((2, 4, 2), dtype=np.uint8)
    grey[:, :, 0], grey[:, :, 1] = 128, 235
    read = read_said(tmp_path, [one("/cam", "sensor_msgs/msg/Image", picture(EPOCH, grey, "uyvy"))])
    with Image.open(read.context.scratch / only(read, "/cam").readings[0].asset) as shown:
        assert np.asarray(shown).min() >= 254
    assert [problem.code for problem in read.problems] == ["W_PICTURES_CONVERTED"]


def test_compressed_pictures_keep_their_bytes(tmp_path: Path) -> None:
    messages = [jpeg(EPOCH + step * 50 * MS, (step * 40, 0, 0)) for step in range(4)]
    said = [
        one("/cam/compressed", "sensor_msgs/msg/CompressedImage", message, at_ms=step * 50)
        for step, message in enumerate(messages)
    ]
    read = read_said(tmp_path, [said[2], said[0], said[1], said[3]])
    stream = only(read, "/cam/compressed")
    assert [reading.at_ns for reading in stream.readings] == [0, 50 * MS, 100 * MS, 150 * MS]
    assert stream.timing.period_ns == 50 * MS
    for reading, message in zip(stream.readings, messages, strict=True):
        assert (read.context.scratch / reading.asset).read_bytes() == message.data.tobytes()
    assert stream.media_type == "image/jpeg"


def test_pictures_that_are_none_are_refused_with_their_place(tmp_path: Path) -> None:
    good = jpeg(EPOCH, (1, 2, 3))
    bad = make(
        "sensor_msgs/msg/CompressedImage",
        header=header(EPOCH),
        format="jpeg",
        data=np.frombuffer(b"<html>", dtype=np.uint8),
    )
    odd = picture(EPOCH, RGB, "rgb12")
    said = [one("/cam", "sensor_msgs/msg/CompressedImage", bad, at_ms=at) for at in range(8)]
    said += [one("/cam", "sensor_msgs/msg/CompressedImage", good), one("/odd", "sensor_msgs/msg/Image", odd)]
    read = read_said(tmp_path, said)
    assert [stream.name for stream in read.streams()] == ["/cam"]
    assert len(only(read, "/cam").readings) == 1
    refused = read.rejected()
    assert len(refused) == 7
    assert all("a.mcap, byte" in problem.where for problem in refused[:6])
    assert "rgb12" in refused[5].message
    assert "3 more messages" in refused[-1].message


def test_sweeps_keep_all_their_columns(tmp_path: Path) -> None:
    points = np.random.default_rng(1).uniform(-20, 20, (300, 3)).astype(np.float32)
    read = read_said(tmp_path, [one("/points", "sensor_msgs/msg/PointCloud2", sweep(EPOCH, points))])
    stream = only(read, "/points")
    assert (stream.modality, stream.sampling, stream.frame) == (Modality.POINT_CLOUD, Sampling.SWEEP, "lidar")
    assert stream.timing.sweep_ns == 100_000_000
    path = read.context.scratch / stream.readings[0].asset
    cloud = read_cloud(path, media_type=stream.media_type, name=stream.readings[0].name)
    assert np.array_equal(cloud.points[:, :3], points)
    assert np.array_equal(cloud.points[:, 3], np.arange(300))
    assert b"FIELDS x y z intensity ring t\n" in path.read_bytes()[:200]


def packets(
    samples: np.ndarray[Any, Any], *, size: int, ppm: float = 0.0, lost: range = range(0)
) -> list[Said]:
    """Sound in packets of `size` samples at 16 kHz, stamped by a clock that runs `ppm` faster."""
    said = []
    for number, start in enumerate(range(0, len(samples), size)):
        if number in lost:
            continue
        at_ns = round(start / 16_000 * 1e9 * (1 + ppm * 1e-6))
        data = np.frombuffer(samples[start : start + size].astype("<i2").tobytes(), dtype=np.uint8)
        message = make(
            "audio_common_msgs/msg/AudioDataStamped",
            header=header(EPOCH + at_ns, "mic"),
            audio=make("audio_common_msgs/msg/AudioData", data=data),
        )
        said.append(
            Said(
                topic="/audio/audio",
                kind="audio_common_msgs/msg/AudioDataStamped",
                message=message,
                log_ns=EPOCH + at_ns + 7 * MS,
            )
        )
    return said


SOUND_INFO = Said(
    topic="/audio/audio_info",
    kind="audio_common_msgs/msg/AudioInfo",
    message=make(
        "audio_common_msgs/msg/AudioInfo",
        channels=1,
        sample_rate=16_000,
        sample_format="S16LE",
        bitrate=0,
        coding_format="wave",
    ),
    log_ns=EPOCH,
)


def test_R7_sound_is_one_wav_with_its_own_clock(tmp_path: Path) -> None:
    samples = np.random.default_rng(2).integers(-9000, 9000, 16_000 * 8)
    read = read_said(tmp_path, [SOUND_INFO, *packets(samples, size=800, ppm=80)])
    assert read.problems == ()
    stream = only(read, "/audio/audio")
    assert (stream.modality, stream.sampling, stream.frame) == (Modality.AUDIO, Sampling.CONTINUOUS, "mic")
    assert stream.asset is not None
    path = read.context.scratch / f"{stream.asset}.sound"
    heard, rate = soundfile.read(path, dtype="int16")
    assert rate == 16_000
    assert np.array_equal(heard, samples)
    facts = probe(path, modality=Modality.AUDIO, media_type=stream.media_type, name="a.wav").facts
    assert facts.duration_ns == 8_000_000_000
    (clock,) = (record for record in read.bundles[0].records if isinstance(record, ClockMap))
    for second in range(8):
        wanted = round(second * 1e9 * (1 + 80e-6))
        assert abs(to_timeline(clock.segments, second * 10**9) - wanted) < 2_000
    assert clock.fit.system_sigma_ns >= 25 * MS


def test_R7_lost_packets_are_a_jump_of_the_clock(tmp_path: Path) -> None:
    samples = np.zeros(16_000 * 4)
    read = read_said(tmp_path, [SOUND_INFO, *packets(samples, size=800, lost=range(30, 40))])
    (problem,) = read.problems
    assert problem.code == "W_SOUND_JUMPS"
    (clock,) = (record for record in read.bundles[0].records if isinstance(record, ClockMap))
    assert len(clock.segments) == 2
    assert abs(to_timeline(clock.segments, 1_499_000_000) - 1_499_000_000) < 1_000
    assert abs(to_timeline(clock.segments, 1_501_000_000) - 2_001_000_000) < 1_000


def test_sound_without_its_form_is_a_guess_that_an_option_replaces(tmp_path: Path) -> None:
    said = packets(np.zeros(8_000), size=800)
    assert [problem.code for problem in read_said(tmp_path, said).problems] == ["W_SOUND_GUESSED"]
    read = read_with(
        "mcap", tmp_path / "a.mcap", tmp_path / "s2", options={"audio_rate": "8000", "audio_channels": "2"}
    )
    assert read.problems == ()
    shown = soundfile.info(read.context.scratch / f"{only(read, '/audio/audio').asset}.sound")
    assert (shown.samplerate, shown.channels) == (8000, 2)


def test_R8_static_mounts_and_moving_poses_make_one_tree(tmp_path: Path) -> None:
    turn = (np.sqrt(0.5), 0.0, 0.0, np.sqrt(0.5))
    said = [
        one(
            "/tf_static", "tf2_msgs/msg/TFMessage", tf(transform(EPOCH, "base_link", "mast", (1, 0, 2), turn))
        ),
        one("/tf_static", "tf2_msgs/msg/TFMessage", tf(transform(EPOCH, "mast", "cam", (0, 1, 0)))),
        one("/tf_static", "tf2_msgs/msg/TFMessage", tf(transform(EPOCH, "map", "odom", (100, 0, 0)))),
        one("/cam/image_raw", "sensor_msgs/msg/Image", picture(EPOCH, np.zeros((48, 64), np.uint8), "mono8")),
        one(
            "/cam/camera_info",
            "sensor_msgs/msg/CameraInfo",
            camera_info(EPOCH, d=(0.1, -0.2, 0.001, 0.002, 0.3)),
        ),
    ]
    said += [
        one(
            "/tf",
            "tf2_msgs/msg/TFMessage",
            tf(transform(EPOCH + at * MS, "odom", "base_link", (at / 10, 0, 0))),
            at_ms=at,
        )
        for at in range(0, 200, 20)
    ]
    read = read_said(tmp_path, said)
    assert read.problems == ()
    records = read.bundles[0].records
    (mount,) = (record for record in records if isinstance(record, Calibration))
    assert (mount.frame, mount.parent_frame) == ("cam", "base_link")
    assert mount.parent_from_frame.translation_m == pytest.approx((0.0, 0.0, 2.0), abs=1e-12)
    assert mount.camera is not None
    assert (mount.camera.fx_px, mount.camera.cy_px, mount.camera.width_px) == (50.0, 23.5, 64)
    assert (mount.camera.distortion, mount.camera.coefficients) == (
        "brown_conrady",
        (0.1, -0.2, 0.001, 0.002, 0.3),
    )
    (motion,) = (record for record in records if isinstance(record, Trajectory))
    assert (motion.frame, motion.parent_frame, len(motion.poses)) == ("base_link", "map", 10)
    edges = [
        Edge(frame=mount.frame, parent=mount.parent_frame, poses=(mount.parent_from_frame,)),
        Edge(
            frame=motion.frame,
            parent=motion.parent_frame,
            poses=tuple(timed.pose for timed in motion.poses),
            at_ns=tuple(timed.at_ns for timed in motion.poses),
        ),
    ]
    found = FrameTree.of(edges).dst_from_src("map", "cam", at_ns=50 * MS)
    assert found.translation_m == pytest.approx((105.0, 0.0, 2.0))


@pytest.mark.parametrize(
    ("model", "d", "wanted"),
    [
        ("equidistant", (0.1, 0.2, 0.3, 0.4), ("kannala_brandt", (0.1, 0.2, 0.3, 0.4))),
        (
            "rational_polynomial",
            (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0),
            ("brown_conrady", (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)),
        ),
        ("plumb_bob", (0.0,) * 5, ("none", ())),
    ],
)
def test_R8_cameras_keep_their_model(
    tmp_path: Path, model: str, d: tuple[float, ...], wanted: object
) -> None:
    said = [
        one("/l/image_raw/compressed", "sensor_msgs/msg/CompressedImage", jpeg(EPOCH, (9, 9, 9))),
        one("/l/camera_info", "sensor_msgs/msg/CameraInfo", camera_info(EPOCH, model=model, d=d)),
        one("/r/camera_info", "sensor_msgs/msg/CameraInfo", camera_info(EPOCH, model=model, d=d)),
    ]
    read = read_said(tmp_path, said)
    (mount,) = (record for record in read.bundles[0].records if isinstance(record, Calibration))
    assert mount.camera is not None
    assert (mount.camera.distortion, mount.camera.coefficients) == wanted
    assert [problem.code for problem in read.problems] == ["W_CAMERA_UNUSED"]


def test_odometry_moves_the_robot_when_no_transform_does(tmp_path: Path) -> None:
    def odometry(at_ms: int) -> Said:
        pose = make(
            "geometry_msgs/msg/Pose",
            position=vector(at_ms / 100, 0, 0, kind="Point"),
            orientation=quaternion(1, 0, 0, 0),
        )
        twist = make("geometry_msgs/msg/Twist", linear=vector(10, 0, 0), angular=vector(0, 0, 0))
        message = make(
            "nav_msgs/msg/Odometry",
            header=header(EPOCH + at_ms * MS, "odom"),
            child_frame_id="base_link",
            pose=make("geometry_msgs/msg/PoseWithCovariance", pose=pose, covariance=np.zeros(36)),
            twist=make("geometry_msgs/msg/TwistWithCovariance", twist=twist, covariance=np.zeros(36)),
        )
        return one("/odom", "nav_msgs/msg/Odometry", message, at_ms=at_ms)

    read = read_said(tmp_path, [odometry(at) for at in range(0, 100, 20)])
    stream = only(read, "/odom")
    names, rows = rows_of(read, stream)
    assert stream.source["child_frame"] == "base_link"
    assert [row[names.index("pose.pose.position.x [m]")] for row in rows] == [0.0, 0.2, 0.4, 0.6, 0.8]
    assert rows[0][names.index("twist.twist.linear.x [m/s]")] == 10.0
    (motion,) = (record for record in read.bundles[0].records if isinstance(record, Trajectory))
    assert (motion.frame, motion.parent_frame) == ("base_link", "odom")
    assert [timed.at_ns for timed in motion.poses] == [at * MS for at in range(0, 100, 20)]


def test_plain_values_and_texts_are_series_too(tmp_path: Path) -> None:
    said = [
        one("/gear", "std_msgs/msg/UInt64", make("std_msgs/msg/UInt64", data=2**62 + 1)),
        one("/ready", "std_msgs/msg/Bool", make("std_msgs/msg/Bool", data=True)),
        one("/said", "std_msgs/msg/String", make("std_msgs/msg/String", data="left turn")),
        one(
            "/joints",
            "sensor_msgs/msg/JointState",
            make(
                "sensor_msgs/msg/JointState",
                header=header(EPOCH),
                name=["a", "b"],
                position=np.array([1.0, 2.0]),
                velocity=np.zeros(0),
                effort=np.zeros(0),
            ),
        ),
    ]
    read = read_said(tmp_path, said)
    names, rows = rows_of(read, only(read, "/gear"))
    assert rows[0][names.index("data")] == 2**62 + 1
    names, rows = rows_of(read, only(read, "/said"))
    assert rows[0][names.index("data")] == "left turn"
    assert rows[0][names.index("data.length [characters]")] == 9
    assert only(read, "/ready").sampling is Sampling.EVENT
    names, rows = rows_of(read, only(read, "/joints"))
    assert [rows[0][names.index(name)] for name in ("position.0", "position.1")] == [1.0, 2.0]


def write_json(path: Path, messages: list[dict[str, Any]], *, name: str, encoding: str = "json") -> None:
    with path.open("wb") as out:
        writer = McapWriter(out)
        writer.start()
        schema = writer.register_schema(name, "jsonschema", b"{}")
        channel = writer.register_channel("/j", encoding, schema)
        for step, message in enumerate(messages):
            data = json.dumps(message).encode()
            writer.add_message(channel, EPOCH + step * MS, data, EPOCH + step * MS)
        writer.finish()  # type: ignore[no-untyped-call]


def test_json_messages_are_flattened(tmp_path: Path) -> None:
    stamp = {"sec": EPOCH // 10**9, "nsec": EPOCH % 10**9}
    write_json(
        tmp_path / "a.mcap",
        [
            {"timestamp": stamp, "speed": 1, "pose": {"x": 0.5, "tags": ["a"]}},
            {"speed": 2.5, "pose": {"x": 1}},
        ],
        name="My.Type",
    )
    read = read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch")
    names, rows = rows_of(read, only(read, "/j"))
    assert names == ["time_ns", "device_ns", "log_ns", "speed", "pose.x", "pose.tags.0"]
    assert [(row[0], row[3], row[4], row[5]) for row in rows] == [(0, 1.0, 0.5, "a"), (MS, 2.5, 1.0, None)]
    assert [problem.code for problem in read.problems] == ["W_STAMPS_MISSING"]


def test_foxglove_pictures_in_json_are_pictures(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (1, 2, 3)).save(out, "PNG")
    stamp = {"sec": EPOCH // 10**9, "nsec": EPOCH % 10**9}
    message = {
        "timestamp": stamp,
        "frame_id": "cam",
        "data": base64.b64encode(out.getvalue()).decode(),
        "format": "png",
    }
    write_json(tmp_path / "a.mcap", [message], name="foxglove.CompressedImage")
    read = read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch")
    stream = only(read, "/j")
    assert (stream.modality, stream.frame, stream.readings[0].at_ns) == (Modality.IMAGE, "cam", 0)


def test_what_cannot_be_decoded_keeps_sizes_and_times(tmp_path: Path) -> None:
    write_json(tmp_path / "a.mcap", [{"a": 1}, {"a": 22}], name="x", encoding="flatbuffer")
    read = read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch")
    (problem,) = read.problems
    assert (problem.code, problem.rejected) == ("W_NOT_DECODED", False)
    assert "flatbuffer" in problem.message
    names, rows = rows_of(read, only(read, "/j"))
    assert names == ["time_ns", "log_ns", "size [B]"]
    assert rows == [(0, 0, 8), (MS, MS, 9)]


def test_recordings_stand_beside_what_they_hold(tmp_path: Path) -> None:
    """Streams of one recording share one timeline, whichever way their messages came."""
    said = [
        *imu_messages(5),
        one("/cam", "sensor_msgs/msg/CompressedImage", jpeg(EPOCH + 20 * MS, (0, 0, 0)), at_ms=20),
    ]
    read = read_said(tmp_path, said)
    assert only(read, "/cam").readings[0].at_ns == 20 * MS
    assert not any(isinstance(record, ClockMap) for record in read.bundles[0].records)


def test_what_is_looked_at_comes_before_counters_and_covariances(tmp_path: Path) -> None:
    names, _ = rows_of(read := read_said(tmp_path, imu_messages(2)), only(read, "/imu"))
    values = [name for name in names if not name.endswith("_ns")]
    assert values[:5] == [
        "orientation.x",
        "orientation.y",
        "orientation.z",
        "orientation.w",
        "angular_velocity.x [rad/s]",
    ]
    assert values[10:12] == ["orientation_covariance.0", "orientation_covariance.1"]
    assert len(values) == 10 + 27


def h264_packets(count: int) -> list[bytes]:
    """Pictures of growing brightness, one packet each, as a camera with a hardware encoder sends them."""
    import av

    context = av.CodecContext.create("libx264", "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt = 64, 48, "yuv420p"
    context.framerate = Fraction(20)
    context.time_base = Fraction(1, 20)
    context.options = {"bf": "0", "tune": "zerolatency"}
    found = []
    for step in range(count):
        frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), step * 8, np.uint8), format="rgb24")
        frame.pts = step
        found += [bytes(packet) for packet in context.encode(frame)]
    return found + [bytes(packet) for packet in context.encode(None)]


def video_message(data: bytes, at_ns: int, form: str = "h264") -> dict[str, Any]:
    stamp = {"sec": at_ns // 10**9, "nsec": at_ns % 10**9}
    return {"timestamp": stamp, "frame_id": "cam", "data": base64.b64encode(data).decode(), "format": form}


def test_R15_video_packets_become_a_file_at_their_stamps(tmp_path: Path) -> None:
    starts = [EPOCH + step * 50 * MS + step % 3 * 1_234_567 for step in range(20)]
    messages = [video_message(data, at_ns) for data, at_ns in zip(h264_packets(20), starts, strict=True)]
    write_json(tmp_path / "a.mcap", messages, name="foxglove.CompressedVideo")
    read = read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch", options={"stamp": "device"})
    assert read.problems == ()
    stream, packets_stream = only(read, "/j"), only(read, "/j (packets)")
    assert (stream.modality, stream.frame, stream.media_type) == (Modality.VIDEO, "cam", "video/mp4")
    path = read.context.scratch / f"{stream.asset}.mp4"
    found = scan(path)
    table = video_times(found, found.pick("video", 0, where="a"), path).table
    assert list(table.starts_ns) == [at_ns - EPOCH for at_ns in starts]
    (clock,) = (record for record in read.bundles[0].records if isinstance(record, ClockMap))
    assert (clock.stream, to_timeline(clock.segments, 0)) == (stream.id, 0)
    names, rows = rows_of(read, packets_stream)
    assert [row[names.index("device_ns")] for row in rows] == [at_ns - EPOCH for at_ns in starts]
    assert sorted(path.suffix for path in read.context.scratch.iterdir()) == [".mp4", ".parquet"]


def test_video_that_makes_no_file_is_refused_and_its_sizes_kept(tmp_path: Path) -> None:
    data = h264_packets(4)
    for name, messages in {
        "codec": [video_message(data[0], EPOCH, "av1")],
        "times": [video_message(one, EPOCH) for one in data],
        "noise": [video_message(b"noise", EPOCH + step * MS) for step in range(3)],
        "two in one": [video_message(data[0] + data[1], EPOCH), video_message(data[2], EPOCH + MS)],
    }.items():
        write_json(tmp_path / "a.mcap", messages, name="foxglove.CompressedVideo")
        read = read_with("mcap", tmp_path / "a.mcap", tmp_path / name, options={"stamp": "device"})
        assert read.rejected(), name
        assert not [stream for stream in read.streams() if stream.modality is Modality.VIDEO], name
        assert [stream.name for stream in read.streams()] == ([] if name == "codec" else ["/j (packets)"]), (
            name
        )


def test_what_has_no_place_is_named(tmp_path: Path) -> None:
    with (tmp_path / "a.mcap").open("wb") as out:
        writer = McapWriter(out)
        writer.start()
        channel = writer.register_channel("/j", "json", writer.register_schema("x", "jsonschema", b"{}"))
        writer.add_attachment(EPOCH, EPOCH, "notes.txt", "text/plain", b"a note")
        writer.add_metadata("weather", {"sky": "grey"})
        wide = {f"v{number}": number for number in range(300)} | {"list": [1, 2]}
        for step in range(3):
            data = json.dumps(wide | {"v0": [0] * (step + 1)}).encode()
            writer.add_message(channel, EPOCH + step, data, EPOCH + step)
        writer.finish()  # type: ignore[no-untyped-call]
    read = read_with("mcap", tmp_path / "a.mcap", tmp_path / "scratch")
    assert [problem.code for problem in read.problems] == [
        "W_ATTACHMENT",
        "W_METADATA",
        "W_FIELDS_LEFT_OUT",
        "W_FIELDS_LEFT_OUT",
    ]
    assert "notes.txt" in read.problems[0].message
    assert "45 values" in read.problems[2].message
    assert "2 messages have longer lists" in read.problems[3].message
    names, _ = rows_of(read, only(read, "/j"))
    assert len(names) == 2 + 256


def test_numbers_that_do_not_fit_are_told(tmp_path: Path) -> None:
    def counter(value: int) -> Said:
        return one("/n", "std_msgs/msg/UInt64", make("std_msgs/msg/UInt64", data=value), at_ms=value % 7)

    read = read_said(tmp_path, [counter(5), counter(2**64 - 1)])
    assert [(problem.code, problem.message[:15]) for problem in read.problems] == [
        ("W_VALUES_LEFT_OUT", "1 whole numbers")
    ]
    read = read_said(tmp_path, [counter(2**64 - 1), counter(5)])
    assert read.problems == ()
    names, rows = rows_of(read, only(read, "/n"))
    assert {row[names.index("data")] for row in rows} == {float(2**64), 5.0}
