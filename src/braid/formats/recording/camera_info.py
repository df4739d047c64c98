"""Cameras as recordings describe them: CameraInfo of ROS, CameraCalibration of Foxglove."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from braid.space.pose import Camera


def camera_of_info(value: Mapping[str, Any], *, rectified: bool) -> Camera | None:
    """The camera that a CameraInfo describes; None when it is not calibrated. rectified: by its matrix P, undistorted."""
    k = _numbers(value, ("k", "K"))
    d = _numbers(value, ("d", "D"))
    p = _numbers(value, ("p", "P"))
    width, height = value.get("width"), value.get("height")
    if not isinstance(width, int) or not isinstance(height, int) or width < 1 or height < 1:
        return None
    if rectified and len(p) == 12 and p[0] > 0 and p[5] > 0:
        return Camera(
            fx_px=p[0], fy_px=p[5], cx_px=p[2], cy_px=p[6], width_px=width, height_px=height, skew_px=p[1]
        )
    if len(k) != 9 or not (k[0] > 0 and k[4] > 0 and math.isfinite(sum(k))):
        return None
    model, coefficients = _distortion(str(value.get("distortion_model", "")), () if rectified else d)
    return Camera(
        fx_px=k[0],
        fy_px=k[4],
        cx_px=k[2],
        cy_px=k[5],
        width_px=width,
        height_px=height,
        skew_px=k[1],
        distortion=model,
        coefficients=coefficients,
    )


def _distortion(said: str, d: tuple[float, ...]) -> tuple[str, tuple[float, ...]]:
    """ROS names to ours. The orders agree: plumb_bob k1 k2 p1 p2 k3, rational k1 k2 p1 p2 k3 k4 k5 k6."""
    if not any(d):
        return "none", ()
    if said in {"equidistant", "fisheye"}:
        return "kannala_brandt", tuple((*d, 0.0, 0.0, 0.0, 0.0)[:4])
    if len(d) > 5 and any(d[5:8]):
        return "brown_conrady", tuple((*d, 0.0, 0.0, 0.0)[:8])
    return "brown_conrady", tuple((*d, 0.0, 0.0, 0.0, 0.0, 0.0)[:5])


def _numbers(value: Mapping[str, Any], names: tuple[str, ...]) -> tuple[float, ...]:
    for name in names:
        found = value.get(name)
        if isinstance(found, (list, np.ndarray)):
            return tuple(float(part) for part in found[:16])
    return ()
