"""Recordings that the tests make themselves, with other people's writers: rosbags and mcap."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from mcap.writer import CompressionType
from mcap.writer import Writer as McapWriter
from PIL import Image
from rosbags.rosbag1 import Writer as Ros1Writer
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin
from rosbags.rosbag2 import Writer as Ros2Writer
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

EPOCH = 1_700_000_000_123_456_789
MS = 1_000_000
AUDIO = {
    "audio_common_msgs/msg/AudioData": "uint8[] data",
    "audio_common_msgs/msg/AudioDataStamped": "std_msgs/Header header\naudio_common_msgs/AudioData audio",
    "audio_common_msgs/msg/AudioInfo": "uint8 channels\nuint32 sample_rate\nstring sample_format\nuint32 bitrate\n"
    "string coding_format",
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message to write. publish_ns: 0 for the log time."""

    topic: str
    kind: str
    message: Any
    log_ns: int
    publish_ns: int = 0


@cache
def store(*, ros2: bool = True) -> Any:
    """The types of a ROS distribution, with those of audio_common."""
    made = get_typestore(Stores.ROS2_HUMBLE if ros2 else Stores.ROS1_NOETIC)
    for name, text in AUDIO.items():
        made.register(get_types_from_msg(text, name))
    return made


def make(kind: str, *, ros2: bool = True, **fields: Any) -> Any:
    """A message of a type; fields as keywords."""
    return store(ros2=ros2).types[kind](**fields)


def header(at_ns: int, frame: str = "", *, ros2: bool = True, seq: int = 0) -> Any:
    """A Header."""
    stamp = make("builtin_interfaces/msg/Time", ros2=ros2, sec=at_ns // 10**9, nanosec=at_ns % 10**9)
    more = {} if ros2 else {"seq": seq}
    return make("std_msgs/msg/Header", ros2=ros2, stamp=stamp, frame_id=frame, **more)


def vector(x: float, y: float, z: float, *, ros2: bool = True, kind: str = "Vector3") -> Any:
    """A Vector3 or Point."""
    return make(f"geometry_msgs/msg/{kind}", ros2=ros2, x=x, y=y, z=z)


def quaternion(w: float, x: float, y: float, z: float, *, ros2: bool = True) -> Any:
    """A Quaternion."""
    return make("geometry_msgs/msg/Quaternion", ros2=ros2, x=x, y=y, z=z, w=w)


def imu(at_ns: int, turn: float, *, frame: str = "imu", ros2: bool = True) -> Any:
    """An Imu whose angular velocity about z says which one it is."""
    return make(
        "sensor_msgs/msg/Imu",
        ros2=ros2,
        header=header(at_ns, frame, ros2=ros2),
        orientation=quaternion(1.0, 0.0, 0.0, 0.0, ros2=ros2),
        orientation_covariance=np.zeros(9),
        angular_velocity=vector(0.0, 0.0, turn, ros2=ros2),
        angular_velocity_covariance=np.zeros(9),
        linear_acceleration=vector(0.0, 0.0, 9.81, ros2=ros2),
        linear_acceleration_covariance=np.zeros(9),
    )


def picture(
    at_ns: int,
    pixels: np.ndarray[Any, Any],
    encoding: str,
    *,
    frame: str = "cam",
    pad: int = 0,
    ros2: bool = True,
) -> Any:
    """An Image of (H, W[, C]) pixels; `pad` bytes follow each row."""
    rows = [row.tobytes() + bytes(pad) for row in pixels]
    return make(
        "sensor_msgs/msg/Image",
        ros2=ros2,
        header=header(at_ns, frame, ros2=ros2),
        height=pixels.shape[0],
        width=pixels.shape[1],
        encoding=encoding,
        is_bigendian=0,
        step=len(rows[0]),
        data=np.frombuffer(b"".join(rows), dtype=np.uint8),
    )


def jpeg(at_ns: int, colour: tuple[int, int, int], *, frame: str = "cam", form: str = "JPEG") -> Any:
    """A CompressedImage of one colour, 64 x 48."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, form)
    return make(
        "sensor_msgs/msg/CompressedImage",
        header=header(at_ns, frame),
        format=form.lower(),
        data=np.frombuffer(out.getvalue(), dtype=np.uint8),
    )


def sweep(at_ns: int, points_m: np.ndarray[Any, Any], *, frame: str = "lidar", times: bool = True) -> Any:
    """A PointCloud2 of (N, 3) points with intensity, ring and, when asked, nanoseconds within the sweep."""
    layout = [("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("intensity", "<f4"), ("ring", "<u2"), ("t", "<u4")]
    rows = np.zeros(len(points_m), dtype=layout)
    for place, name in enumerate("xyz"):
        rows[name] = points_m[:, place]
    rows["intensity"] = np.arange(len(points_m))
    rows["ring"] = np.arange(len(points_m)) % 16
    rows["t"] = np.linspace(0, 100_000_000, len(points_m)).astype(np.uint32)
    codes = {"<f4": 7, "<u2": 4, "<u4": 6}
    dtype = rows.dtype
    fields = [
        make(
            "sensor_msgs/msg/PointField",
            name=name,
            offset=dtype.fields[name][1],  # type: ignore[index]
            datatype=codes[code],
            count=1,
        )
        for name, code in layout
        if times or name != "t"
    ]
    return make(
        "sensor_msgs/msg/PointCloud2",
        header=header(at_ns, frame),
        height=1,
        width=len(rows),
        fields=fields,
        is_bigendian=False,
        point_step=dtype.itemsize,
        row_step=dtype.itemsize * len(rows),
        data=np.frombuffer(rows.tobytes(), dtype=np.uint8),
        is_dense=True,
    )


def transform(
    at_ns: int,
    parent: str,
    child: str,
    place: tuple[float, float, float],
    turn: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0),
) -> Any:
    """A TransformStamped."""
    motion = make("geometry_msgs/msg/Transform", translation=vector(*place), rotation=quaternion(*turn))
    return make(
        "geometry_msgs/msg/TransformStamped",
        header=header(at_ns, parent),
        child_frame_id=child,
        transform=motion,
    )


def tf(*transforms: Any) -> Any:
    """A TFMessage."""
    return make("tf2_msgs/msg/TFMessage", transforms=list(transforms))


def camera_info(at_ns: int, *, model: str = "plumb_bob", d: Sequence[float] = (), frame: str = "cam") -> Any:
    """A CameraInfo of a 64 x 48 camera."""
    return make(
        "sensor_msgs/msg/CameraInfo",
        header=header(at_ns, frame),
        height=48,
        width=64,
        distortion_model=model,
        d=np.array(d, dtype=np.float64),
        k=np.array([50.0, 0, 31.5, 0, 51.0, 23.5, 0, 0, 1]),
        r=np.eye(3).reshape(-1),
        p=np.array([45.0, 0, 30.0, 0, 0, 46.0, 22.0, 0, 0, 0, 1, 0]),
        binning_x=0,
        binning_y=0,
        roi=make(
            "sensor_msgs/msg/RegionOfInterest", x_offset=0, y_offset=0, height=0, width=0, do_rectify=False
        ),
    )


def write_mcap(
    path: Path,
    said: Sequence[Said],
    *,
    compression: CompressionType = CompressionType.ZSTD,
    chunk_bytes: int = 1 << 20,
    definitions: bool = True,
    **settings: Any,
) -> None:
    """ROS 2 messages as MCAP, CDR and ros2msg."""
    types = store()
    with path.open("wb") as out:
        writer = McapWriter(out, chunk_size=chunk_bytes, compression=compression, **settings)
        writer.start(profile="ros2", library="test")
        channels: dict[tuple[str, str], int] = {}
        schemas: dict[str, int] = {}
        for one in said:
            if one.kind not in schemas:
                text, _ = types.generate_msgdef(one.kind, ros_version=2)
                schemas[one.kind] = writer.register_schema(
                    one.kind, "ros2msg", text.encode() if definitions else b""
                )
            key = (one.topic, one.kind)
            if key not in channels:
                channels[key] = writer.register_channel(one.topic, "cdr", schemas[one.kind])
            writer.add_message(
                channels[key],
                log_time=one.log_ns,
                data=bytes(types.serialize_cdr(one.message, one.kind)),
                publish_time=one.publish_ns or one.log_ns,
            )
        writer.finish()  # type: ignore[no-untyped-call]


def write_ros1(path: Path, said: Sequence[Said], *, compression: str = "") -> None:
    """ROS 1 messages as a bag."""
    types = store(ros2=False)
    writer = Ros1Writer(path)
    if compression:
        writer.set_compression(Ros1Writer.CompressionFormat[compression.upper()])
    with writer:
        connections: dict[tuple[str, str], Any] = {}
        for one in said:
            key = (one.topic, one.kind)
            if key not in connections:
                connections[key] = writer.add_connection(one.topic, one.kind, typestore=types)
            writer.write(connections[key], one.log_ns, types.serialize_ros1(one.message, one.kind))


def write_ros2(
    folder: Path,
    said: Sequence[Said],
    *,
    storage: StoragePlugin = StoragePlugin.SQLITE3,
    compression: str = "",
) -> None:
    """ROS 2 messages as a rosbag2 folder. compression: "", "file" or "message"."""
    types = store()
    writer = Ros2Writer(folder, version=9, storage_plugin=storage)
    if compression:
        writer.set_compression(CompressionMode[compression.upper()], CompressionFormat.ZSTD)
    with writer:
        connections: dict[tuple[str, str], Any] = {}
        for one in said:
            key = (one.topic, one.kind)
            if key not in connections:
                connections[key] = writer.add_connection(one.topic, one.kind, typestore=types)
            writer.write(connections[key], one.log_ns, types.serialize_cdr(one.message, one.kind))


def imu_messages(
    count: int = 20, *, latency_ms: int = 25, ros2: bool = True, topic: str = "/imu"
) -> list[Said]:
    """An IMU at 100 Hz whose recorder is late by 25 ms."""
    return [
        Said(
            topic=topic,
            kind="sensor_msgs/msg/Imu",
            message=imu(EPOCH + step * 10 * MS, float(step), ros2=ros2),
            log_ns=EPOCH + (step * 10 + latency_ms) * MS,
        )
        for step in range(count)
    ]
