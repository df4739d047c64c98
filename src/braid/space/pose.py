"""Poses and cameras as values. Rules S1-S4 of docs/spec/space.md.

Camera frames of reference are OpenCV's (x right, y down, z forward), bodies REP-103 (x forward, y left, z up).
Quaternions are wxyz; conversions to other orders live in `space.rotation` and nowhere else.
"""

from __future__ import annotations

import math

import msgspec

from braid.base.errors import InvalidInput

Vec3 = tuple[float, float, float]
Quat = tuple[float, float, float, float]
"""A unit quaternion (w, x, y, z)."""

IDENTITY_WXYZ: Quat = (1.0, 0.0, 0.0, 0.0)


class Pose(msgspec.Struct, frozen=True, kw_only=True):
    """A rigid transform `dst_from_src`: `p_dst = rotate(rotation_wxyz, p_src) + translation_m`."""

    rotation_wxyz: Quat = IDENTITY_WXYZ
    translation_m: Vec3 = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        norm = math.sqrt(sum(part * part for part in self.rotation_wxyz))
        if not abs(norm - 1.0) < 1e-3:
            raise InvalidInput(
                "a rotation is not a unit quaternion",
                got=self.rotation_wxyz,
                wanted="norm 1, order w, x, y, z",
                hint="Was x, y, z, w passed, or an angle?",
            )


class Camera(msgspec.Struct, frozen=True, kw_only=True):
    """Intrinsics in pixels; pixel centres are integers (OpenCV), so edge coordinates are 0.5 larger.

    distortion names the model, `coefficients` its parameters: `none` (), `brown_conrady` (k1 k2 p1 p2 k3 [k4 k5 k6]),
    `kannala_brandt` (k1 k2 k3 k4), `double_sphere` (xi alpha).
    """

    fx_px: float
    fy_px: float
    cx_px: float
    cy_px: float
    width_px: int
    height_px: int
    skew_px: float = 0.0
    distortion: str = "none"
    coefficients: tuple[float, ...] = ()
