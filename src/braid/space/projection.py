"""The 2D box of a cuboid in a camera (rule S3): near clip, projection, hull, clip to the picture, and what was visible."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.space import camera as cameras
from braid.space.overlap import Bounds, clip_polygon_to_bounds, convex_hull, polygon_area
from braid.space.pose import Camera, Pose, Quat, Vec3
from braid.space.rotation import matrix_from_wxyz
from braid.space.transforms import apply

NEAR_M = 0.1
"""Nothing nearer than this to the camera's plane is drawn."""
EDGE_STEPS = 8
"""Edges are subdivided for lenses that bend them."""

ROLLING_STEPS = 2

_CORNERS = np.array(list(product((-0.5, 0.5), repeat=3)))
_EDGES = [(a, b) for a in range(8) for b in range(a + 1, 8) if int(np.sum(_CORNERS[a] != _CORNERS[b])) == 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Projected:
    """A cuboid in a picture, in edge coordinates.

    amodal_px: bounds of all that is in front of the camera. visible_px: bounds of the part inside the picture, None
    when there is none. truncation: 1 - visible area / amodal area of the outline. depth_m: of the centre, along z.
    """

    amodal_px: Bounds
    visible_px: Bounds | None
    truncation: float
    depth_m: float


def corners_m(centre_m: Vec3, size_m: Vec3, rotation_wxyz: Quat) -> NDArray[np.float64]:
    """The corners (8, 3) of a cuboid, in its frame of reference."""
    local = _CORNERS * np.asarray(size_m)
    return np.asarray(local @ matrix_from_wxyz(rotation_wxyz).T + np.asarray(centre_m), dtype=np.float64)


def project_cuboid(
    camera: Camera,
    camera_from_src: Pose,
    *,
    centre_m: Vec3,
    size_m: Vec3,
    rotation_wxyz: Quat,
    last_row_camera_from_src: Pose | None = None,
) -> Projected | None:
    """The cuboid, given in `src`, in the camera's picture; None when all of it is behind the camera.

    last_row_camera_from_src: where it stands when the last row of pixels is read (rolling shutter); `camera_from_src`
    is that of the first row then, and every corner is placed at the time of its own row.
    """
    local = corners_m(centre_m, size_m, rotation_wxyz)
    corners = apply(camera_from_src, local)
    if last_row_camera_from_src is not None:
        corners = rolled(camera, corners, apply(last_row_camera_from_src, local))
    points = _near_clipped(
        corners,
        steps=1 if camera.distortion == "none" else EDGE_STEPS,
        behind=camera.distortion in cameras.WIDE,
    )
    if len(points) == 0:
        return None
    pixels = cameras.project(camera, points)
    pixels = pixels[np.isfinite(pixels).all(axis=1)]
    if len(pixels) < 3:
        return None
    hull = convex_hull(pixels)
    picture: Bounds = (0.0, 0.0, float(camera.width_px), float(camera.height_px))
    seen = clip_polygon_to_bounds(hull, picture)
    area = polygon_area(hull)
    visible = polygon_area(seen) if len(seen) >= 3 else 0.0
    depth = float(corners[:, 2].mean())
    return Projected(
        amodal_px=_bounds(hull),
        visible_px=_bounds(seen) if visible > 0 else None,
        truncation=1.0 if area <= 0 else min(1.0, max(0.0, 1.0 - visible / area)),
        depth_m=depth,
    )


def rolled(
    camera: Camera, first_camera_m: NDArray[np.float64], last_camera_m: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Points (N, 3) each at the time of its own row, from where they are when the first and last rows are read.

    Two steps of a fixed point: project, take the row, move to its time. A point without a picture goes with the mean.
    """
    moved = last_camera_m - first_camera_m
    share = np.zeros(len(first_camera_m))
    for _ in range(ROLLING_STEPS):
        rows = cameras.project(camera, first_camera_m + share[:, None] * moved)[:, 1] / camera.height_px
        seen = np.isfinite(rows)
        share = np.clip(np.where(seen, rows, rows[seen].mean() if seen.any() else 0.5), 0.0, 1.0)
    return np.asarray(first_camera_m + share[:, None] * moved, dtype=np.float64)


def _near_clipped(corners: NDArray[np.float64], *, steps: int, behind: bool) -> NDArray[np.float64]:
    """Points of the twelve edges that lie beyond the near plane, where edges cross it included.

    behind: the lens sees behind its plane, so that only what is nearer than the near distance is left out.
    """
    kept: list[NDArray[Any]] = []
    weights = np.linspace(0.0, 1.0, steps + 1)[:, None]
    for a, b in _EDGES:
        start, end = corners[a], corners[b]
        if behind:
            along = start + weights * (end - start)
            kept.append(along[(along * along).sum(axis=1) >= NEAR_M * NEAR_M])
            continue
        if start[2] < NEAR_M and end[2] < NEAR_M:
            continue
        if start[2] < NEAR_M or end[2] < NEAR_M:
            crossing = start + (NEAR_M - start[2]) / (end[2] - start[2]) * (end - start)
            crossing[2] = NEAR_M
            start, end = (crossing, end) if start[2] < NEAR_M else (start, crossing)
        kept.append(start + weights * (end - start))
    return np.concatenate(kept) if kept else np.empty((0, 3))


def _bounds(points: NDArray[np.float64]) -> Bounds:
    x0, y0 = points.min(axis=0)
    x1, y1 = points.max(axis=0)
    return (float(x0), float(y0), float(x1), float(y1))
