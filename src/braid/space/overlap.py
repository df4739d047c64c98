"""How far shapes overlap: boxes, rotated boxes, and cuboids that turn about one axis (intersection over union)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.space.pose import Vec3

Bounds = tuple[float, float, float, float]
"""x0, y0, x1, y1."""
Outline = NDArray[np.float64]
"""(N, 2), a convex ring that closes by itself."""


def box_iou(a: Bounds, b: Bounds) -> float:
    """Of two axis-parallel boxes; 0 when they only touch.

    >>> round(box_iou((0, 0, 2, 2), (1, 0, 3, 2)), 6)
    0.333333
    """
    common = _box_intersection(a, b)
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - common
    return common / union if union > 0 else 0.0


def share_inside(inner: Bounds, outer: Bounds) -> float:
    """Which share of `inner` lies in `outer`."""
    area = (inner[2] - inner[0]) * (inner[3] - inner[1])
    return _box_intersection(inner, outer) / area if area > 0 else 0.0


def rotated_outline(*, centre: tuple[float, float], size: tuple[float, float], angle_rad: float) -> Outline:
    """The four corners of a rectangle turned about its centre from x towards y."""
    c, s = math.cos(angle_rad), math.sin(angle_rad)
    half = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) * np.asarray(size)
    return np.asarray(half @ np.array([[c, s], [-s, c]]) + np.asarray(centre), dtype=np.float64)


def outline_iou(a: Outline, b: Outline) -> float:
    """Of two convex outlines."""
    common = polygon_area(intersect_convex(a, b))
    union = polygon_area(a) + polygon_area(b) - common
    return min(1.0, common / union) if union > 0 else 0.0


def cuboid_iou(
    *,
    centre_a_m: Vec3,
    size_a_m: Vec3,
    yaw_a_rad: float,
    centre_b_m: Vec3,
    size_b_m: Vec3,
    yaw_b_rad: float,
) -> float:
    """Of two cuboids that turn about z only, both in one frame of reference.

    >>> round(cuboid_iou(centre_a_m=(0, 0, 0), size_a_m=(4, 2, 1.5), yaw_a_rad=0,
    ...                  centre_b_m=(0.5, 0, 0), size_b_m=(4, 2, 1.5), yaw_b_rad=0), 6)
    0.777778
    """
    ground_a = rotated_outline(centre=centre_a_m[:2], size=size_a_m[:2], angle_rad=yaw_a_rad)
    ground_b = rotated_outline(centre=centre_b_m[:2], size=size_b_m[:2], angle_rad=yaw_b_rad)
    low = max(centre_a_m[2] - size_a_m[2] / 2, centre_b_m[2] - size_b_m[2] / 2)
    high = min(centre_a_m[2] + size_a_m[2] / 2, centre_b_m[2] + size_b_m[2] / 2)
    common = polygon_area(intersect_convex(ground_a, ground_b)) * max(0.0, high - low)
    union = math.prod(size_a_m) + math.prod(size_b_m) - common
    return min(1.0, common / union) if union > 0 else 0.0


def polygon_area(ring: NDArray[Any]) -> float:
    """The area of a simple ring (N, 2); 0 for fewer than 3 points."""
    if len(ring) < 3:
        return 0.0
    centred = ring - ring.mean(axis=0)
    x, y = centred[:, 0], centred[:, 1]
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def intersect_convex(a: Outline, b: Outline) -> Outline:
    """The common part of two convex outlines (Sutherland-Hodgman); may have no points."""
    window = b if _signed(b) >= 0 else b[::-1]
    ring = np.asarray(a, dtype=np.float64)
    for start, end in zip(window, np.roll(window, -1, axis=0), strict=True):
        if len(ring) == 0:
            break
        along = end - start
        inside = along[0] * (ring[:, 1] - start[1]) - along[1] * (ring[:, 0] - start[0])
        ring = _cut(ring, inside)
    return ring


def clip_polygon_to_bounds(ring: Outline, bounds: Bounds) -> Outline:
    """The part of a convex outline inside an axis-parallel box."""
    x0, y0, x1, y1 = bounds
    return intersect_convex(ring, np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float64))


def convex_hull(points: NDArray[Any]) -> Outline:
    """The hull (N, 2), counter-clockwise for y up (Andrew's monotone chain)."""
    ordered = sorted({(float(x), float(y)) for x, y in points})
    if len(ordered) <= 2:
        return np.array(ordered, dtype=np.float64).reshape(-1, 2)
    lower, upper = _half_hull(ordered), _half_hull(ordered[::-1])
    return np.array([*lower[:-1], *upper[:-1]], dtype=np.float64)


def _half_hull(ordered: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    chain: list[tuple[float, float]] = []
    for x, y in ordered:
        while len(chain) >= 2:
            (ax, ay), (bx, by) = chain[-2:]
            if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                break
            chain.pop()
        chain.append((x, y))
    return chain


def _cut(ring: Outline, inside: NDArray[np.float64]) -> Outline:
    """The ring where `inside` >= 0, with the points where its edges cross 0."""
    out: list[NDArray[np.float64]] = []
    for index in range(len(ring)):
        before, here = inside[index - 1], inside[index]
        if (before >= 0) != (here >= 0):
            out.append(ring[index - 1] + before / (before - here) * (ring[index] - ring[index - 1]))
        if here >= 0:
            out.append(ring[index])
    return np.array(out, dtype=np.float64).reshape(-1, 2)


def _signed(ring: Outline) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))


def _box_intersection(a: Bounds, b: Bounds) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return max(0.0, width) * max(0.0, height)
