"""Camera poses in earth-centred coordinates to a trajectory in a local frame: x east, y north, z up from the first frame.

Which way the quaternions go is decided by the data: the car drives forward and stands upright.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from braid.space.pose import Pose
from braid.space.rotation import wxyz_from_matrix

Matrix = NDArray[np.float64]

EGO_FROM_DEVICE = np.diag([1.0, -1.0, -1.0])
"""Forward, right, down to forward, left, up."""
EGO_FROM_CAMERA = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
"""Right, down, forward (a picture's axes) to forward, left, up."""

MOVING_M_S = 2.0
AGREES = 0.95
UPRIGHT = 0.7
_A_M = 6_378_137.0
_E2 = 6.69437999014e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How a quaternion of the file is read. forward: mean cosine between the device's x axis and the velocity."""

    name: str
    forward: float
    upright: float


ORDERS = ("wxyz", "xyzw", "wxyz inverse", "xyzw inverse")


def rotations(quaternions: Matrix, order: str) -> Matrix:
    """ecef_from_device (N, 3, 3) of the file's four numbers read in one of ORDERS."""
    parts = quaternions if order.startswith("wxyz") else np.roll(quaternions, 1, axis=1)
    w, x, y, z = (parts / np.linalg.norm(parts, axis=1, keepdims=True)).T
    matrices = np.stack(
        [
            np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)], axis=1),
            np.stack([2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)], axis=1),
            np.stack([2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)], axis=1),
        ],
        axis=1,
    )
    return np.swapaxes(matrices, 1, 2) if order.endswith("inverse") else matrices


def order_of(quaternions: Matrix, velocities_ecef_m_s: Matrix, positions_ecef_m: Matrix) -> Order:
    """The reading under which the device looks where it drives and stands upright; parked, upright alone counts."""
    speed = np.linalg.norm(velocities_ecef_m_s, axis=1)
    moving = speed > MOVING_M_S
    up = positions_ecef_m / np.linalg.norm(positions_ecef_m, axis=1, keepdims=True)
    found: list[Order] = []
    for name in ORDERS:
        matrices = rotations(quaternions, name)
        upright = float(np.mean(np.sum(-matrices[:, :, 2] * up, axis=1)))
        forward = math.nan
        if moving.any():
            ahead = velocities_ecef_m_s[moving] / speed[moving, None]
            forward = float(np.mean(np.sum(matrices[moving, :, 0] * ahead, axis=1)))
        found.append(Order(name=name, forward=forward, upright=upright))
    return max(found, key=lambda one: one.upright + (0.0 if math.isnan(one.forward) else one.forward))


def enu_from_ecef(position_ecef_m: Matrix) -> Matrix:
    """The (3, 3) rotation from earth-centred axes to east, north, up at a place (WGS84)."""
    x, y, z = (float(one) for one in position_ecef_m)
    across = math.hypot(x, y)
    latitude = math.atan2(z, across * (1 - _E2))
    for _ in range(8):
        normal = _A_M / math.sqrt(1 - _E2 * math.sin(latitude) ** 2)
        latitude = math.atan2(z + _E2 * normal * math.sin(latitude), across)
    longitude = math.atan2(y, x)
    sin_a, cos_a, sin_o, cos_o = (
        math.sin(latitude),
        math.cos(latitude),
        math.sin(longitude),
        math.cos(longitude),
    )
    return np.array(
        [
            [-sin_o, cos_o, 0.0],
            [-sin_a * cos_o, -sin_a * sin_o, cos_a],
            [cos_a * cos_o, cos_a * sin_o, sin_a],
        ]
    )


def local_poses(positions_ecef_m: Matrix, ecef_from_device: Matrix) -> list[Pose]:
    """world_from_ego of every frame, the world's origin at the first position."""
    turn = enu_from_ecef(positions_ecef_m[0])
    places = (positions_ecef_m - positions_ecef_m[0]) @ turn.T
    return [
        Pose(
            rotation_wxyz=wxyz_from_matrix(turn @ matrix @ EGO_FROM_DEVICE.T),
            translation_m=(float(place[0]), float(place[1]), float(place[2])),
        )
        for place, matrix in zip(places, ecef_from_device, strict=True)
    ]


def camera_pose() -> Pose:
    """ego_from_camera: the trajectory is the camera's own, only the axes differ."""
    return Pose(rotation_wxyz=wxyz_from_matrix(EGO_FROM_CAMERA))
