"""Intersection over union against known answers (rows 35 to 37) and against Shapely. Rule S6."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from shapely.geometry import MultiPoint, Polygon

from braid.space.overlap import (
    box_iou,
    convex_hull,
    cuboid_iou,
    intersect_convex,
    outline_iou,
    polygon_area,
    rotated_outline,
    share_inside,
)
from braid.space.pose import Vec3

ORIGIN: Vec3 = (0.0, 0.0, 0.0)


def iou(size: Vec3, *, yaw_deg: float = 0.0, shift_m: Vec3 = ORIGIN) -> float:
    return cuboid_iou(
        centre_a_m=ORIGIN,
        size_a_m=size,
        yaw_a_rad=0.3,
        centre_b_m=(
            shift_m[0] * math.cos(0.3) - shift_m[1] * math.sin(0.3),
            shift_m[0] * math.sin(0.3) + shift_m[1] * math.cos(0.3),
            shift_m[2],
        ),
        size_b_m=size,
        yaw_b_rad=0.3 + math.radians(yaw_deg),
    )


def test_S6_rows_35_to_37_known_answers_in_3d() -> None:
    assert iou((1, 1, 1), yaw_deg=45) == pytest.approx(1 / math.sqrt(2), abs=1e-9)
    assert iou((2, 1, 1), yaw_deg=90) == pytest.approx(1 / 3, abs=1e-9)
    assert iou((4, 2, 1.5), shift_m=(0.5, 0, 0)) == pytest.approx(7 / 9, abs=1e-9)
    assert iou((4, 2, 1.5), yaw_deg=180) == pytest.approx(1, abs=1e-9)
    assert iou((4, 2, 1.5), shift_m=(4, 0, 0)) == pytest.approx(0, abs=1e-9)
    assert iou((4, 2, 1.5), shift_m=(0, 0, 1.5)) == 0
    assert iou((4, 2, 1.5), shift_m=(0, 0, 0.75)) == pytest.approx(1 / 3, abs=1e-9)
    assert iou((4, 2, 1.5), yaw_deg=10) == pytest.approx(0.825448, abs=1e-6)


def test_S6_boxes_by_hand() -> None:
    assert box_iou((0, 0, 10, 10), (0, 0, 10, 10)) == 1
    assert box_iou((0, 0, 10, 10), (10, 0, 20, 10)) == 0
    assert box_iou((0, 0, 10, 10), (5, 5, 15, 15)) == pytest.approx(25 / 175)
    assert share_inside((2, 2, 4, 4), (0, 0, 3, 10)) == 0.5
    assert share_inside((2, 2, 2, 4), (0, 0, 3, 10)) == 0


def test_S6_rotated_outlines_agree_with_shapely() -> None:
    draw = random.Random(3)

    def outline() -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        return rotated_outline(
            centre=(draw.uniform(-2, 2), draw.uniform(-2, 2)),
            size=(draw.uniform(0.2, 5), draw.uniform(0.2, 5)),
            angle_rad=draw.uniform(-4, 4),
        )

    for _ in range(500):
        a, b = outline(), outline()
        one, other = Polygon(a), Polygon(b)
        common = one.intersection(other).area
        assert polygon_area(intersect_convex(a, b)) == pytest.approx(common, abs=1e-9)
        assert outline_iou(a, b) == pytest.approx(common / (one.area + other.area - common), abs=1e-9)
        assert outline_iou(a, b) == pytest.approx(outline_iou(b, a), abs=1e-9)
        assert outline_iou(a, a[::-1]) == pytest.approx(1)


def test_S6_hulls_agree_with_shapely() -> None:
    draw = random.Random(5)
    for _ in range(100):
        points = np.array([[draw.randint(0, 9), draw.randint(0, 9)] for _ in range(draw.randint(3, 12))])
        assert polygon_area(convex_hull(points)) == pytest.approx(MultiPoint(points).convex_hull.area)
    assert polygon_area(convex_hull(np.array([[0, 0], [1, 1]]))) == 0
