"""Camera models: points in the camera's frame of reference to pixels (rules S3 and S4).

Camera frames are OpenCV's (x right, y down, z forward). `project` answers in edge coordinates: 0.5 more than
OpenCV, whose pixel centres are whole numbers.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput
from braid.space.pose import Camera

Array = NDArray[np.float64]

COEFFICIENTS: dict[str, tuple[int, ...]] = {
    "none": (0,),
    "brown_conrady": (4, 5, 8),
    "kannala_brandt": (4,),
    "double_sphere": (2,),
}
"""How many coefficients each distortion model takes."""

WIDE = frozenset({"kannala_brandt", "double_sphere"})
"""Lenses that may see beyond a right angle: behind the plane of the camera."""

MAX_SIDE_PX = 2**16
EDGE_FROM_CENTRE_PX = 0.5


def check_camera(camera: Camera, *, where: str = "") -> None:
    """Raises InvalidInput for an unknown model, a wrong number of coefficients, or sizes that cannot be."""
    counts = COEFFICIENTS.get(camera.distortion)
    if counts is None:
        raise InvalidInput(
            "an unknown distortion model", where=where, got=camera.distortion, wanted=", ".join(COEFFICIENTS)
        )
    if len(camera.coefficients) not in counts:
        raise InvalidInput(
            f"{camera.distortion} has the wrong number of coefficients",
            where=where,
            got=len(camera.coefficients),
            wanted=" or ".join(map(str, counts)),
        )
    for value in (
        camera.fx_px,
        camera.fy_px,
        camera.cx_px,
        camera.cy_px,
        camera.skew_px,
        *camera.coefficients,
    ):
        if not math.isfinite(value):
            raise InvalidInput("a camera has a number that is not finite", where=where, got=value)
    if camera.distortion == "double_sphere":
        xi, alpha = camera.coefficients
        if not (-1 < xi <= 1 and 0 <= alpha < 1):
            raise InvalidInput(
                "double_sphere is out of range",
                where=where,
                got=(xi, alpha),
                wanted="-1 < xi <= 1, 0 <= alpha < 1",
            )
    if camera.fx_px <= 0 or camera.fy_px <= 0:
        raise InvalidInput("a focal length is not positive", where=where, got=(camera.fx_px, camera.fy_px))
    if not (0 < camera.width_px <= MAX_SIDE_PX and 0 < camera.height_px <= MAX_SIDE_PX):
        raise InvalidInput(
            "a picture's size cannot be",
            where=where,
            got=(camera.width_px, camera.height_px),
            wanted=f"1 to {MAX_SIDE_PX} px",
        )


def project(camera: Camera, points_camera_m: NDArray[Any]) -> Array:
    """Pixels (N, 2) in edge coordinates of points (N, 3) in the camera's frame of reference.

    NaN where the model has no picture of the point: behind the camera, or beyond the angle up to which the
    distortion polynomial rises (there points would fold back into the picture).
    """
    points = np.asarray(points_camera_m, dtype=np.float64).reshape(-1, 3)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        plane = _MODELS[camera.distortion](points, camera.coefficients)
    u = camera.fx_px * plane[:, 0] + camera.skew_px * plane[:, 1] + camera.cx_px
    v = camera.fy_px * plane[:, 1] + camera.cy_px
    return np.stack([u, v], axis=1) + EDGE_FROM_CENTRE_PX


def _none(points: Array, _coefficients: tuple[float, ...]) -> Array:
    plane = points[:, :2] / points[:, 2:]
    plane[points[:, 2] <= 0] = np.nan
    return plane


def _brown_conrady(points: Array, coefficients: tuple[float, ...]) -> Array:
    k = (*coefficients, *(0.0,) * (8 - len(coefficients)))
    plane = _none(points, ())
    out = brown_plane(plane, k)
    out[(plane * plane).sum(axis=1) >= brown_limit_r2((k[0], k[1], k[4], k[5], k[6], k[7]))] = np.nan
    return out


def brown_plane(plane: Array, k: tuple[float, ...]) -> Array:
    """Points (N, 2) of the normalised plane as the lens bends them. k: k1 k2 p1 p2 k3 k4 k5 k6."""
    k1, k2, p1, p2, k3, k4, k5, k6 = k
    x, y = plane[:, 0], plane[:, 1]
    r2 = x * x + y * y
    radial = (1 + r2 * (k1 + r2 * (k2 + r2 * k3))) / (1 + r2 * (k4 + r2 * (k5 + r2 * k6)))
    return np.stack(
        [
            x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x),
            y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y,
        ],
        axis=1,
    )


def brown_limit_r2(k: tuple[float, ...]) -> float:
    """The square of the radius up to which r times the radial factor rises; infinite when it always does."""
    k1, k2, k3, k4, k5, k6 = k
    # With s = r^2, n and d the radial polynomials: the derivative of r n/d has the sign of n d + 2 s (n' d - n d').
    n, d = np.poly1d([k3, k2, k1, 1.0]), np.poly1d([k6, k5, k4, 1.0])
    slope = n * d + 2 * np.poly1d([1.0, 0.0]) * (n.deriv() * d - n * d.deriv())
    roots = [float(root.real) for root in (*slope.roots, *d.roots) if abs(root.imag) < 1e-9 and root.real > 0]
    return min(roots, default=math.inf)


def _kannala_brandt(points: Array, coefficients: tuple[float, ...]) -> Array:
    k1, k2, k3, k4 = coefficients
    rho = np.hypot(points[:, 0], points[:, 1])
    theta = np.arctan2(rho, points[:, 2])
    t2 = theta * theta
    distorted = theta * (1 + t2 * (k1 + t2 * (k2 + t2 * (k3 + t2 * k4))))
    scale = np.where(rho > 1e-12, distorted / np.where(rho > 1e-12, rho, 1.0), 1.0 / points[:, 2])
    out = points[:, :2] * scale[:, None]
    out[(theta >= kannala_limit_rad(coefficients)) | ((rho <= 1e-12) & (points[:, 2] <= 0))] = np.nan
    return out


def kannala_limit_rad(coefficients: tuple[float, ...]) -> float:
    """The angle up to which the picture's radius rises; pi when it always does."""
    k1, k2, k3, k4 = coefficients
    slope = np.poly1d([9 * k4, 7 * k3, 5 * k2, 3 * k1, 1.0])
    limits = [float(root.real) for root in slope.roots if abs(root.imag) < 1e-9 and root.real > 0]
    return min(math.sqrt(min(limits)), math.pi) if limits else math.pi


def _double_sphere(points: Array, coefficients: tuple[float, ...]) -> Array:
    xi, alpha = coefficients
    x, y, z = points.T
    d1 = np.sqrt(x * x + y * y + z * z)
    shifted = xi * d1 + z
    d2 = np.sqrt(x * x + y * y + shifted * shifted)
    bottom = alpha * d2 + (1 - alpha) * shifted
    out = np.stack([x / bottom, y / bottom], axis=1)
    w1 = alpha / (1 - alpha) if alpha <= 0.5 else (1 - alpha) / alpha
    w2 = (w1 + xi) / math.sqrt(2 * w1 * xi + xi * xi + 1)
    out[(z <= -w2 * d1) | (bottom <= 0)] = np.nan
    return out


_MODELS = {
    "none": _none,
    "brown_conrady": _brown_conrady,
    "kannala_brandt": _kannala_brandt,
    "double_sphere": _double_sphere,
}
