"""From pixels back to directions: the inverse of each lens (rule S8).

Where the lens has no picture (beyond the fold of its polynomial) a pixel has no direction: NaN.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.space.camera import (
    EDGE_FROM_CENTRE_PX,
    Array,
    brown_limit_r2,
    brown_plane,
    kannala_limit_rad,
)
from braid.space.pose import Camera

STEPS = 30
"""Newton's steps at most; a dozen reach the last digit."""
CLOSE = 1e-12
STEP = 1e-7
ALONG_X, ALONG_Y = np.array([STEP, 0.0]), np.array([0.0, STEP])


def unproject(camera: Camera, pixels_px: NDArray[Any]) -> Array:
    """Unit directions (N, 3) in the camera's frame of reference of pixels (N, 2) in edge coordinates."""
    pixels = np.asarray(pixels_px, dtype=np.float64).reshape(-1, 2) - EDGE_FROM_CENTRE_PX
    y = (pixels[:, 1] - camera.cy_px) / camera.fy_px
    x = (pixels[:, 0] - camera.cx_px - camera.skew_px * y) / camera.fx_px
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rays = _INVERSES[camera.distortion](np.stack([x, y], axis=1), camera.coefficients)
        norms = np.sqrt((rays * rays).sum(axis=1, keepdims=True))
        return np.asarray(rays / norms, dtype=np.float64)


def _none(plane: Array, _coefficients: tuple[float, ...]) -> Array:
    return np.concatenate([plane, np.ones((len(plane), 1))], axis=1)


def _brown_conrady(plane: Array, coefficients: tuple[float, ...]) -> Array:
    """Newton on the plane with a numerical slope, started where the radial part alone would put the point."""
    k = (*coefficients, *(0.0,) * (8 - len(coefficients)))
    limit_r2 = brown_limit_r2((k[0], k[1], k[4], k[5], k[6], k[7]))
    guess = _radial_start(plane, k, limit_r2)
    for _ in range(STEPS):
        missed = brown_plane(guess, k) - plane
        slope_x = (brown_plane(guess + ALONG_X, k) - brown_plane(guess - ALONG_X, k)) / (2 * STEP)
        slope_y = (brown_plane(guess + ALONG_Y, k) - brown_plane(guess - ALONG_Y, k)) / (2 * STEP)
        det = slope_x[:, 0] * slope_y[:, 1] - slope_y[:, 0] * slope_x[:, 1]
        move_x = (slope_y[:, 1] * missed[:, 0] - slope_y[:, 0] * missed[:, 1]) / det
        move_y = (slope_x[:, 0] * missed[:, 1] - slope_x[:, 1] * missed[:, 0]) / det
        move = np.stack([move_x, move_y], axis=1)
        guess = guess - move
        if not bool((np.abs(move) > CLOSE).any()):
            break
    found = np.abs(brown_plane(guess, k) - plane).max(axis=1) < 1e-9
    found &= (guess * guess).sum(axis=1) < limit_r2
    guess[~found] = np.nan
    return _none(guess, ())


def _radial_start(plane: Array, k: tuple[float, ...], limit_r2: float) -> Array:
    """The point on the same ray from the centre whose radial distortion alone lands there, by bisection."""
    radius = np.sqrt((plane * plane).sum(axis=1))
    radial = (k[0], k[1], 0.0, 0.0, k[4], k[5], k[6], k[7])
    low = np.zeros_like(radius)
    high = np.full_like(radius, min(math.sqrt(limit_r2), 1e3))
    for _ in range(60):
        middle = (low + high) / 2
        there = brown_plane(np.stack([middle, np.zeros_like(middle)], axis=1), radial)[:, 0]
        low, high = np.where(there < radius, middle, low), np.where(there < radius, high, middle)
    scale = np.where(radius > 0, low / np.where(radius > 0, radius, 1.0), 1.0)
    return np.asarray(plane * scale[:, None], dtype=np.float64)


def _kannala_brandt(plane: Array, coefficients: tuple[float, ...]) -> Array:
    """Newton on the angle, kept inside of its bracket."""
    k1, k2, k3, k4 = coefficients
    radius = np.sqrt((plane * plane).sum(axis=1))
    limit = kannala_limit_rad(coefficients)

    def distorted(theta: Array) -> Array:
        t2 = theta * theta
        return np.asarray(theta * (1 + t2 * (k1 + t2 * (k2 + t2 * (k3 + t2 * k4)))), dtype=np.float64)

    def slope(theta: Array) -> Array:
        t2 = theta * theta
        return np.asarray(1 + t2 * (3 * k1 + t2 * (5 * k2 + t2 * (7 * k3 + t2 * 9 * k4))), dtype=np.float64)

    low, high = np.zeros_like(radius), np.full_like(radius, limit)
    theta = np.minimum(radius, limit / 2)
    for _ in range(2 * STEPS):
        missed = distorted(theta) - radius
        low, high = np.where(missed < 0, theta, low), np.where(missed < 0, high, theta)
        newton = theta - missed / slope(theta)
        theta = np.where((newton > low) & (newton < high), newton, (low + high) / 2)
    theta = np.where(radius > 0, theta, 0.0)
    theta[radius >= distorted(np.array([limit]))[0]] = np.nan
    unit = plane / np.where(radius > 0, radius, 1.0)[:, None]
    return np.concatenate([unit * np.sin(theta)[:, None], np.cos(theta)[:, None]], axis=1)


def _double_sphere(plane: Array, coefficients: tuple[float, ...]) -> Array:
    """Closed form (Usenko, Demmel, Cremers 2018, equations 46 to 50)."""
    xi, alpha = coefficients
    r2 = (plane * plane).sum(axis=1)
    inside = 1 - (2 * alpha - 1) * r2
    mz = (1 - alpha * alpha * r2) / (alpha * np.sqrt(inside) + 1 - alpha)
    scale = (mz * xi + np.sqrt(mz * mz + (1 - xi * xi) * r2)) / (mz * mz + r2)
    rays = np.stack([scale * plane[:, 0], scale * plane[:, 1], scale * mz - xi], axis=1)
    rays[inside < 0] = np.nan
    return np.asarray(rays, dtype=np.float64)


_INVERSES = {
    "none": _none,
    "brown_conrady": _brown_conrady,
    "kannala_brandt": _kannala_brandt,
    "double_sphere": _double_sphere,
}
