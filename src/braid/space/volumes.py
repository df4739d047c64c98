"""How far cuboids overlap in space: any rotation, many pairs at once, and measures that thin things need (rule S6)."""

from __future__ import annotations

import math
from itertools import combinations, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.space.overlap import cuboid_iou
from braid.space.pose import Pose, Quat, Vec3
from braid.space.rotation import yaw_of
from braid.space.transforms import apply, compose, inverse

UPRIGHT = 1e-12
"""A turn whose x and y parts are smaller is one about z only."""
FLAT = 1e-9
"""A common part thinner than this share of the cuboids counts as touching."""

Array = NDArray[np.float64]

_CORNERS = np.array(list(product((-1.0, 1.0), repeat=3)))
_EDGES = np.array([(a, b) for a, b in combinations(range(8), 2) if (_CORNERS[a] != _CORNERS[b]).sum() == 1])


def cuboid_iou_3d(
    *,
    centre_a_m: Vec3,
    size_a_m: Vec3,
    rotation_a_wxyz: Quat,
    centre_b_m: Vec3,
    size_b_m: Vec3,
    rotation_b_wxyz: Quat,
) -> float:
    """Of two cuboids turned in any way, both in one frame of reference.

    >>> upright, turned = (1.0, 0.0, 0.0, 0.0), (math.sqrt(0.5), math.sqrt(0.5), 0.0, 0.0)
    >>> round(cuboid_iou_3d(centre_a_m=(0, 0, 0), size_a_m=(1, 2, 1), rotation_a_wxyz=upright,
    ...                     centre_b_m=(0, 0, 0), size_b_m=(1, 2, 1), rotation_b_wxyz=turned), 6)
    0.333333
    """
    if _is_upright(rotation_a_wxyz) and _is_upright(rotation_b_wxyz):
        return cuboid_iou(
            centre_a_m=centre_a_m,
            size_a_m=size_a_m,
            yaw_a_rad=yaw_of(rotation_a_wxyz),
            centre_b_m=centre_b_m,
            size_b_m=size_b_m,
            yaw_b_rad=yaw_of(rotation_b_wxyz),
        )
    if math.dist(centre_a_m, centre_b_m) >= (math.hypot(*size_a_m) + math.hypot(*size_b_m)) / 2:
        return 0.0
    a_from_b = compose(
        inverse(Pose(rotation_wxyz=rotation_a_wxyz, translation_m=centre_a_m)),
        Pose(rotation_wxyz=rotation_b_wxyz, translation_m=centre_b_m),
    )
    common = _common_volume(size_a_m, size_b_m, a_from_b)
    union = math.prod(size_a_m) + math.prod(size_b_m) - common
    return min(1.0, common / union) if union > 0 else 0.0


def centre_distance_m(centre_a_m: Vec3, centre_b_m: Vec3) -> float:
    """Over the ground (x and y), as nuScenes matches with 0.5, 1, 2 and 4 m.

    >>> centre_distance_m((0, 0, 0), (3, 4, 9))
    5.0
    """
    return math.dist(centre_a_m[:2], centre_b_m[:2])


def yaw_error_rad(yaw_a_rad: float, yaw_b_rad: float, *, symmetric: bool = False) -> float:
    """The angle between two headings, in [0, pi]; of things that look alike from both ends, in [0, pi / 2].

    >>> round(math.degrees(yaw_error_rad(math.radians(170), math.radians(-170))))
    20
    >>> round(math.degrees(yaw_error_rad(0, math.radians(179), symmetric=True)))
    1
    """
    turn = math.pi if symmetric else math.tau
    away = (yaw_b_rad - yaw_a_rad) % turn
    return min(away, turn - away)


def cuboid_iou_table(
    centres_a_m: NDArray[Any],
    sizes_a_m: NDArray[Any],
    yaws_a_rad: NDArray[Any],
    centres_b_m: NDArray[Any],
    sizes_b_m: NDArray[Any],
    yaws_b_rad: NDArray[Any],
) -> Array:
    """IoU (N, M) of N cuboids with M, turned about z only. Pairs whose circles do not meet cost nothing."""
    centres_a, centres_b = _table(centres_a_m, 3), _table(centres_b_m, 3)
    sizes_a, sizes_b = _table(sizes_a_m, 3), _table(sizes_b_m, 3)
    reach = np.add.outer(np.hypot(*sizes_a[:, :2].T), np.hypot(*sizes_b[:, :2].T)) / 2
    away = np.hypot(*(np.subtract.outer(centres_a[:, axis], centres_b[:, axis]) for axis in (0, 1)))
    height = _common_height(centres_a, sizes_a, centres_b, sizes_b)
    rows, columns = np.nonzero((away < reach) & (height > 0))
    out = np.zeros(reach.shape)
    if len(rows) == 0:
        return out
    ground = common_area(
        _outlines(centres_a, sizes_a, np.asarray(yaws_a_rad, dtype=np.float64))[rows],
        _outlines(centres_b, sizes_b, np.asarray(yaws_b_rad, dtype=np.float64))[columns],
    )
    common = ground * height[rows, columns]
    union = sizes_a.prod(axis=1)[rows] + sizes_b.prod(axis=1)[columns] - common
    out[rows, columns] = np.clip(common / np.where(union > 0, union, 1.0), 0.0, 1.0)
    return out


def common_area(rings_a: Array, rings_b: Array) -> Array:
    """Areas (K,) that K convex rings (K, P, 2) share with K others (K, Q, 2), both from x towards y."""
    origin = rings_b.mean(axis=1, keepdims=True)
    rings, windows = rings_a - origin, rings_b - origin
    for side in range(windows.shape[1]):
        start = windows[:, side]
        rings = _cut(rings, start, windows[:, (side + 1) % windows.shape[1]] - start)
    x, y = rings[:, :, 0], rings[:, :, 1]
    doubled = (x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)).sum(axis=1)
    return np.asarray(np.maximum(doubled, 0.0) / 2, dtype=np.float64)


def _cut(rings: Array, start: Array, along: Array) -> Array:
    """Each ring's part left of its line. Rings keep one length: what is missing repeats the last point."""
    count, length = rings.shape[:2]
    away = along[:, None, 0] * (rings[:, :, 1] - start[:, None, 1])
    away = away - along[:, None, 1] * (rings[:, :, 0] - start[:, None, 0])
    after, after_away = np.roll(rings, -1, axis=1), np.roll(away, -1, axis=1)
    inside, crossing = away >= 0, (away >= 0) != (after_away >= 0)
    gap = np.where(crossing, away - after_away, 1.0)
    cuts = rings + (away / gap)[:, :, None] * (after - rings)
    points = np.stack([rings, cuts], axis=2).reshape(count, 2 * length, 2)
    valid = np.stack([inside, crossing], axis=2).reshape(count, 2 * length)
    order = np.argsort(~valid, axis=1, kind="stable")[:, : length + 1]
    kept = np.take_along_axis(points, order[:, :, None], axis=1)
    number = valid.sum(axis=1)
    last = np.minimum(np.arange(length + 1)[None, :], np.maximum(number - 1, 0)[:, None])
    kept = np.take_along_axis(kept, last[:, :, None], axis=1)
    kept[number == 0] = 0.0
    return kept


def _common_volume(size_a_m: Vec3, size_b_m: Vec3, a_from_b: Pose) -> float:
    """The hull of what each cuboid's edges have inside the other: those are all corners of the common part."""
    from scipy.spatial import ConvexHull, QhullError

    half_a, half_b = np.asarray(size_a_m) / 2, np.asarray(size_b_m) / 2
    of_a = apply(a_from_b, _edges_inside(apply(inverse(a_from_b), _CORNERS * half_a), half_b))
    of_b = _edges_inside(apply(a_from_b, _CORNERS * half_b), half_a)
    points = np.concatenate([of_a, of_b])
    if len(points) < 4 or float(np.ptp(points, axis=0).min()) <= FLAT * min(*size_a_m, *size_b_m):
        return 0.0
    try:
        return float(ConvexHull(points).volume)
    except QhullError:  # flat, but not along an axis
        return 0.0


def _edges_inside(corners: Array, half: Array) -> Array:
    """Ends (N, 3) of the parts of a cuboid's twelve edges inside of a box about the origin; corners as in _CORNERS."""
    start, along = corners[_EDGES[:, 0]], corners[_EDGES[:, 1]] - corners[_EDGES[:, 0]]
    still = np.abs(along) < 1e-12
    step = np.where(still, 1.0, along)
    near, far = (-half - start) / step, (half - start) / step
    enter, leave = np.minimum(near, far), np.maximum(near, far)
    within = np.abs(start) <= half * (1 + FLAT)
    enter = np.where(still, np.where(within, 0.0, 2.0), enter).max(axis=1).clip(min=0.0)
    leave = np.where(still, 1.0, leave).min(axis=1).clip(max=1.0)
    kept = enter <= leave + FLAT
    ends = [start[kept] + t[kept, None] * along[kept] for t in (enter, leave)]
    return np.concatenate(ends)


def _common_height(centres_a: Array, sizes_a: Array, centres_b: Array, sizes_b: Array) -> Array:
    """(N, M), negative where one stands above the other."""
    low = np.maximum.outer(centres_a[:, 2] - sizes_a[:, 2] / 2, centres_b[:, 2] - sizes_b[:, 2] / 2)
    high = np.minimum.outer(centres_a[:, 2] + sizes_a[:, 2] / 2, centres_b[:, 2] + sizes_b[:, 2] / 2)
    return np.asarray(high - low, dtype=np.float64)


def _outlines(centres_m: Array, sizes_m: Array, yaws_rad: Array) -> Array:
    """(N, 4, 2)."""
    half = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) * sizes_m[:, None, :2]
    c, s = np.cos(yaws_rad)[:, None], np.sin(yaws_rad)[:, None]
    x = c * half[:, :, 0] - s * half[:, :, 1]
    y = s * half[:, :, 0] + c * half[:, :, 1]
    return np.stack([x, y], axis=2) + centres_m[:, None, :2]


def _table(values: NDArray[Any], width: int) -> Array:
    return np.asarray(values, dtype=np.float64).reshape(-1, width)


def _is_upright(rotation_wxyz: Quat) -> bool:
    return abs(rotation_wxyz[1]) < UPRIGHT and abs(rotation_wxyz[2]) < UPRIGHT
