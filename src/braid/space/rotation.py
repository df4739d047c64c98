"""Rotations as unit quaternions wxyz (rule S2). Conversions to other orders live here and nowhere else."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput
from braid.space.pose import Quat, Vec3

Matrix = NDArray[np.float64]
"""(3, 3) or (4, 4)."""


def normalised(q: Quat) -> Quat:
    """The unit quaternion of the same direction, with w >= 0. Raises InvalidInput for zero and NaN."""
    norm = math.sqrt(sum(part * part for part in q))
    if not (math.isfinite(norm) and norm > 1e-12):
        raise InvalidInput("a quaternion has no direction", got=q, wanted="norm 1")
    sign = -1.0 if q[0] < 0 else 1.0
    w, x, y, z = (sign * part / norm for part in q)
    return (w, x, y, z)


def multiply(a: Quat, b: Quat) -> Quat:
    """The rotation that does `b` first, then `a`."""
    aw, ax, ay, az = a
    bw, bx, by, bz = b
    return (
        aw * bw - ax * bx - ay * by - az * bz,
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
    )


def conjugate(q: Quat) -> Quat:
    """The inverse rotation of a unit quaternion."""
    return (q[0], -q[1], -q[2], -q[3])


def matrix_from_wxyz(q: Quat) -> Matrix:
    """The (3, 3) rotation matrix."""
    w, x, y, z = normalised(q)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def wxyz_from_matrix(matrix: NDArray[Any]) -> Quat:
    """The unit quaternion of a (3, 3) rotation matrix. Raises InvalidInput when it is not a rotation."""
    m = np.asarray(matrix, dtype=np.float64)
    if m.shape != (3, 3) or not np.allclose(m @ m.T, np.eye(3), atol=1e-3) or np.linalg.det(m) < 0:
        raise InvalidInput(
            "a matrix is no rotation", got=m.tolist(), wanted="orthonormal (3, 3), determinant +1"
        )
    # Shepperd: start from the largest of w, x, y, z, so that no division loses digits.
    squares = [1 + m[0, 0] + m[1, 1] + m[2, 2]] + [1 + 2 * m[i, i] - np.trace(m) for i in range(3)]
    largest = int(np.argmax(squares))
    s = 2 * math.sqrt(float(squares[largest]))
    wx, wy, wz = m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]
    xy, xz, yz = m[0, 1] + m[1, 0], m[0, 2] + m[2, 0], m[1, 2] + m[2, 1]
    rows = (
        (s * s / 4, wx, wy, wz),
        (wx, s * s / 4, xy, xz),
        (wy, xy, s * s / 4, yz),
        (wz, xz, yz, s * s / 4),
    )
    w, x, y, z = (float(part) / s for part in rows[largest])
    return normalised((w, x, y, z))


def xyzw_from_wxyz(q: Quat) -> tuple[float, float, float, float]:
    """The order of SciPy and ROS."""
    return (q[1], q[2], q[3], q[0])


def wxyz_from_xyzw(q: tuple[float, float, float, float]) -> Quat:
    """From the order of SciPy and ROS."""
    return (q[3], q[0], q[1], q[2])


def wxyz_from_yaw(yaw_rad: float) -> Quat:
    """A turn about +z."""
    return (math.cos(yaw_rad / 2), 0.0, 0.0, math.sin(yaw_rad / 2))


def yaw_of(q: Quat) -> float:
    """The heading of the turned x axis in the xy plane, in (-pi, pi]."""
    w, x, y, z = normalised(q)
    return math.atan2(2 * (x * y + w * z), 1 - 2 * (y * y + z * z))


def angle_between(a: Quat, b: Quat) -> float:
    """The angle of the rotation from `a` to `b`, in [0, pi]."""
    _, x, y, z = relative = normalised(multiply(conjugate(a), b))
    return 2 * math.atan2(math.sqrt(x * x + y * y + z * z), relative[0])


def slerp(a: Quat, b: Quat, weight: float) -> Quat:
    """The rotation at `weight` (0: a, 1: b) on the shortest arc."""
    first, second = np.asarray(normalised(a)), np.asarray(normalised(b))
    dot = float(first @ second)
    if dot < 0:
        second, dot = -second, -dot
    if dot > 1 - 1e-12:
        mixed = first + weight * (second - first)
    else:
        angle = math.acos(dot)
        mixed = (math.sin((1 - weight) * angle) * first + math.sin(weight * angle) * second) / math.sin(angle)
    w, x, y, z = (float(part) for part in mixed)
    return normalised((w, x, y, z))


def rotate(q: Quat, v: Vec3) -> Vec3:
    """The vector turned by the rotation."""
    x, y, z = (float(part) for part in matrix_from_wxyz(q) @ np.asarray(v))
    return (x, y, z)
