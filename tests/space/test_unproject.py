"""Pixels back to directions, for every lens, up to its fold. Rule S8."""

from __future__ import annotations

import math

import numpy as np
import pytest

from braid.space.camera import check_camera, kannala_limit_rad, project
from braid.space.pose import Camera
from braid.space.unproject import unproject

CAMERAS = {
    "pinhole": ("none", ()),
    "barrel": ("brown_conrady", (-0.3, 0.09, 0.0008, -0.0004, -0.01)),
    "pincushion": ("brown_conrady", (0.2, 0.05, -0.001, 0.002)),
    "rational": ("brown_conrady", (6.0, 2.5, 1e-4, -2e-4, 0.1, 6.3, 4.5, 0.6)),
    "fisheye": ("kannala_brandt", (0.01, -0.004, 0.002, -0.0004)),
    "two spheres": ("double_sphere", (-0.2, 0.6)),
    "two spheres, wider": ("double_sphere", (0.3, 0.45)),
}


def camera(name: str) -> Camera:
    model, coefficients = CAMERAS[name]
    made = Camera(
        fx_px=400, fy_px=390, cx_px=639.5, cy_px=359.5, width_px=1280, height_px=720, skew_px=0.7,
        distortion=model, coefficients=coefficients,
    )  # fmt: skip
    check_camera(made)
    return made


@pytest.mark.parametrize("name", sorted(CAMERAS))
def test_S8_a_pixels_direction_projects_onto_the_pixel(name: str) -> None:
    draw = np.random.default_rng(3)
    angle, about = draw.uniform(0, 0.75, 2000), draw.uniform(0, math.tau, 2000)
    rays = np.stack([np.sin(angle) * np.cos(about), np.sin(angle) * np.sin(about), np.cos(angle)], axis=1)
    pixels = project(camera(name), rays * draw.uniform(0.5, 90, (2000, 1)))
    seen = np.isfinite(pixels).all(axis=1)
    assert seen.sum() > 1500
    assert np.abs(unproject(camera(name), pixels[seen]) - rays[seen]).max() < 1e-9
    assert np.allclose(unproject(camera(name), np.array([[640.0, 360.0]])), [[0, 0, 1]])


def test_S8_a_fisheye_sees_behind_its_plane() -> None:
    """100 degrees off the axis; Newton's angle is right to the last digits."""
    theta = math.radians(100)
    ray = np.array([[math.sin(theta), 0.0, math.cos(theta)]])
    for name in ("fisheye", "two spheres"):
        pixel = project(camera(name), 7 * ray)
        assert np.isfinite(pixel).all()
        assert np.abs(unproject(camera(name), pixel) - ray).max() < 1e-14


def test_S8_beyond_the_fold_there_is_no_direction() -> None:
    """k1 = -0.3: r (1 - 0.3 r2) rises up to r = 1.054, where it is 0.7027. No ray lands further out."""
    folding = Camera(
        fx_px=1000, fy_px=1000, cx_px=799.5, cy_px=449.5, width_px=1600, height_px=900,
        distortion="brown_conrady", coefficients=(-0.3, 0.0, 0.0, 0.0),
    )  # fmt: skip
    assert np.isfinite(unproject(folding, np.array([[800 + 700, 450.0]]))).all()
    assert np.isnan(unproject(folding, np.array([[800 + 705, 450.0]]))).all()
    bent = (-0.05, 0.0, 0.0, 0.0)
    limit = kannala_limit_rad(bent)
    assert limit == pytest.approx(math.sqrt(1 / 0.15))
    fold_px = 1000 * limit * (1 - 0.05 * limit**2)
    narrow = Camera(
        fx_px=1000, fy_px=1000, cx_px=799.5, cy_px=449.5, width_px=1600, height_px=900,
        distortion="kannala_brandt", coefficients=bent,
    )  # fmt: skip
    assert np.isfinite(unproject(narrow, np.array([[800 + fold_px - 1, 450.0]]))).all()
    assert np.isnan(unproject(narrow, np.array([[800 + fold_px + 1, 450.0]]))).all()
    sphere = Camera(
        fx_px=400, fy_px=400, cx_px=799.5, cy_px=449.5, width_px=1600, height_px=900,
        distortion="double_sphere", coefficients=(-0.2, 0.6),
    )  # fmt: skip
    edge_px = 400 / math.sqrt(0.2)
    assert np.isfinite(unproject(sphere, np.array([[800 + edge_px - 1, 450.0]]))).all()
    assert np.isnan(unproject(sphere, np.array([[800 + edge_px + 1, 450.0]]))).all()
