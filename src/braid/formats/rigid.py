"""Rigid transforms of driving data sets: what their files hold (4x4, 3x4, Euler) to poses, and back.

Source matrices carry 7 to 12 digits, so rotations are made exactly orthonormal here, once, before they become quaternions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput
from braid.space.pose import Pose, Quat, Vec3

Matrix = NDArray[np.float64]


def finite_matrix(values: object, *, rows: int, columns: int, where: str) -> Matrix:
    """Numbers of a file (nested or flat) as a (rows, columns) matrix. Raises InvalidInput unless they are finite."""
    try:
        matrix = np.asarray(values, dtype=np.float64)
        matrix = matrix.reshape(rows, columns)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidInput(
            "a matrix has the wrong form", where=where, wanted=f"{rows} x {columns} numbers"
        ) from error
    if not bool(np.isfinite(matrix).all()):
        raise InvalidInput("a matrix holds a value that is not finite", where=where)
    return matrix


def rigid(matrix: Matrix, *, where: str) -> Matrix:
    """(3, 4) or (4, 4) to (4, 4) with the nearest rotation. Raises InvalidInput when it is not nearly rigid."""
    u, scales, vt = np.linalg.svd(matrix[:3, :3])
    rotation = u @ vt
    if float(np.abs(scales - 1).max()) > 0.02 or float(np.linalg.det(rotation)) < 0:
        raise InvalidInput(
            "a transform is not rigid",
            where=where,
            got=[round(float(scale), 4) for scale in scales],
            wanted="a rotation and a translation",
            hint="Are rows and columns exchanged, or does it scale or mirror?",
        )
    result = np.eye(4)
    result[:3, :3] = rotation
    result[:3, 3] = matrix[:3, 3]
    return result


def inverse(transform: Matrix) -> Matrix:
    """src_from_dst of a rigid dst_from_src, (4, 4)."""
    result = np.eye(4)
    result[:3, :3] = transform[:3, :3].T
    result[:3, 3] = -transform[:3, :3].T @ transform[:3, 3]
    return result


def pose_of(transform: Matrix) -> Pose:
    """A rigid (4, 4) transform as a pose."""
    return Pose(rotation_wxyz=quat_of(transform[:3, :3]), translation_m=vec3(transform[:3, 3]))


def matrix_of(pose: Pose) -> Matrix:
    """A pose as a (4, 4) transform."""
    result = np.eye(4)
    result[:3, :3] = rotation_of(pose.rotation_wxyz)
    result[:3, 3] = pose.translation_m
    return result


def rotation_of(quat_wxyz: Quat) -> Matrix:
    """The (3, 3) rotation of a quaternion; its norm is divided out."""
    w, x, y, z = np.asarray(quat_wxyz) / math.sqrt(sum(part * part for part in quat_wxyz))
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def quat_of(rotation: Matrix) -> Quat:
    """The unit quaternion (w, x, y, z), w >= 0, of a (3, 3) rotation; the largest part is found first."""
    m = rotation
    squares = (
        1 + m[0, 0] + m[1, 1] + m[2, 2],
        1 + m[0, 0] - m[1, 1] - m[2, 2],
        1 - m[0, 0] + m[1, 1] - m[2, 2],
        1 - m[0, 0] - m[1, 1] + m[2, 2],
    )
    largest = max(range(4), key=lambda index: squares[index])
    rows = (
        (squares[0], m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]),
        (m[2, 1] - m[1, 2], squares[1], m[0, 1] + m[1, 0], m[0, 2] + m[2, 0]),
        (m[0, 2] - m[2, 0], m[0, 1] + m[1, 0], squares[2], m[1, 2] + m[2, 1]),
        (m[1, 0] - m[0, 1], m[0, 2] + m[2, 0], m[1, 2] + m[2, 1], squares[3]),
    )
    parts = [float(part) for part in rows[largest]]
    norm = math.copysign(math.sqrt(sum(part * part for part in parts)), parts[0] or 1.0)
    return cast("Quat", tuple(part / norm for part in parts))


def yaw_quat(yaw_rad: float) -> Quat:
    """A turn about z."""
    return (math.cos(yaw_rad / 2), 0.0, 0.0, math.sin(yaw_rad / 2))


def euler_xyz(x_rad: float, y_rad: float, z_rad: float) -> Matrix:
    """The (3, 3) rotation Rx Ry Rz (three.js order "XYZ")."""
    cx, sx, cy, sy = math.cos(x_rad), math.sin(x_rad), math.cos(y_rad), math.sin(y_rad)
    cz, sz = math.cos(z_rad), math.sin(z_rad)
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]], dtype=np.float64)
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]], dtype=np.float64)
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]], dtype=np.float64)
    return about_x @ about_y @ about_z


def vec3(values: Sequence[float] | Matrix) -> Vec3:
    """Three plain floats."""
    x, y, z = (float(value) for value in values)
    return (x, y, z)
