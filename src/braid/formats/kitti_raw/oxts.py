"""The GPS/IMU of a KITTI drive: 30 values per line of oxts/data, and the vehicle's path from them.

The path is the data set's own: a Mercator plane scaled at the first latitude, relative to the first pose.
Source: the data set's development kit, convertOxtsToPose.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from braid.base.errors import InvalidInput
from braid.formats.rigid import Matrix, inverse, pose_of
from braid.formats.seam import Problem, Sources
from braid.model.records import TimedPose

EARTH_M = 6_378_137.0
CHANNELS: tuple[tuple[str, str], ...] = (
    ("lat", "deg"), ("lon", "deg"), ("alt", "m"), ("roll", "rad"), ("pitch", "rad"), ("yaw", "rad"),
    ("vn", "m/s"), ("ve", "m/s"), ("vf", "m/s"), ("vl", "m/s"), ("vu", "m/s"),
    ("ax", "m/s²"), ("ay", "m/s²"), ("az", "m/s²"), ("af", "m/s²"), ("al", "m/s²"), ("au", "m/s²"),
    ("wx", "rad/s"), ("wy", "rad/s"), ("wz", "rad/s"), ("wf", "rad/s"), ("wl", "rad/s"), ("wu", "rad/s"),
    ("pos_accuracy", "m"), ("vel_accuracy", "m/s"),
    ("navstat", ""), ("numsats", ""), ("posmode", ""), ("velmode", ""), ("orimode", ""),
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Oxts:
    """Readings by time: media times, and their 30 values."""

    at_ns: list[int] = field(default_factory=list)
    values: list[tuple[float, ...]] = field(default_factory=list)


def read_oxts(files: Sources, timed: list[tuple[int, Path]]) -> Iterator[Problem | Oxts]:
    """Problems by file, and last the readings. timed: media time and file, ascending."""
    found = Oxts()
    for at_ns, path in timed:
        words = files.read(path, limit=4096).decode("latin-1").split()
        try:
            values = tuple(float(word) for word in words)
            if len(values) != len(CHANNELS) or not all(math.isfinite(value) for value in values):
                raise ValueError(len(values))
            if not -89 < values[0] < 89:
                raise ValueError(values[0])
        except ValueError as error:
            letter = InvalidInput(
                "not a GPS/IMU reading",
                where=files.name(path),
                got=f"{len(words)} values",
                wanted=f"{len(CHANNELS)} finite numbers, latitude first",
            )
            del error
            yield Problem(where=files.name(path), code="bad_reading", message=letter.letter(), rejected=True)
            continue
        found.at_ns.append(at_ns)
        found.values.append(values)
    yield found


def path_of(oxts: Oxts) -> tuple[TimedPose, ...]:
    """world_from_imu by time; the world is the first pose, x forward, y left, z up."""
    poses: list[TimedPose] = []
    scale = math.cos(math.radians(oxts.values[0][0])) if oxts.values else 1.0
    first_from_world: Matrix | None = None
    for at_ns, values in zip(oxts.at_ns, oxts.values, strict=True):
        world_from_imu = _pose(values, scale)
        if first_from_world is None:
            first_from_world = inverse(world_from_imu)
        if not poses or at_ns > poses[-1].at_ns:
            poses.append(TimedPose(at_ns=at_ns, pose=pose_of(first_from_world @ world_from_imu)))
    return tuple(poses)


def _pose(values: tuple[float, ...], scale: float) -> Matrix:
    latitude, longitude, altitude_m, roll, pitch, yaw = values[:6]
    pose = np.eye(4)
    pose[:3, :3] = _about_z(yaw) @ _about_y(pitch) @ _about_x(roll)
    pose[:3, 3] = (
        scale * math.radians(longitude) * EARTH_M,
        scale * EARTH_M * math.log(math.tan(math.radians(90 + latitude) / 2)),
        altitude_m,
    )
    return pose


def _about_x(angle_rad: float) -> Matrix:
    c, s = math.cos(angle_rad), math.sin(angle_rad)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def _about_y(angle_rad: float) -> Matrix:
    c, s = math.cos(angle_rad), math.sin(angle_rad)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def _about_z(angle_rad: float) -> Matrix:
    c, s = math.cos(angle_rad), math.sin(angle_rad)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
