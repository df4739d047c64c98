"""Rigid transforms of driving data sets: what their files hold (4x4, 3x4, Euler) to poses, and back.

Source matrices carry 7 to 12 digits, so rotations are made exactly orthonormal here, once, before they become quaternions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput
from braid.space.pose import Pose, Vec3
from braid.space.rotation import matrix_from_wxyz, wxyz_from_matrix

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
    return Pose(rotation_wxyz=wxyz_from_matrix(transform[:3, :3]), translation_m=vec3(transform[:3, 3]))


def matrix_of(pose: Pose) -> Matrix:
    """A pose as a (4, 4) transform."""
    result = np.eye(4)
    result[:3, :3] = matrix_from_wxyz(pose.rotation_wxyz)
    result[:3, 3] = pose.translation_m
    return result


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
