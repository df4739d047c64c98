"""Overlap of cuboids in space: rows 35 to 37, any rotation, many pairs. Rule S6."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.spatial import ConvexHull, HalfspaceIntersection

from braid.space.overlap import cuboid_iou
from braid.space.pose import Pose, Quat, Vec3
from braid.space.rotation import matrix_from_wxyz, multiply, normalised, wxyz_from_yaw
from braid.space.transforms import apply, compose, inverse
from braid.space.volumes import centre_distance_m, cuboid_iou_3d, cuboid_iou_table, yaw_error_rad

ORIGIN: Vec3 = (0.0, 0.0, 0.0)
TILTED: Quat = normalised((0.9, 0.2, -0.3, 0.1))
"""Both cuboids of a known answer turned by it: the answer stays, and the path for upright ones is not taken."""


def iou(size: Vec3, *, yaw_deg: float = 0.0, shift_m: Vec3 = ORIGIN) -> float:
    (moved,) = apply(Pose(rotation_wxyz=TILTED), np.array([shift_m]))
    return cuboid_iou_3d(
        centre_a_m=ORIGIN,
        size_a_m=size,
        rotation_a_wxyz=TILTED,
        centre_b_m=(float(moved[0]), float(moved[1]), float(moved[2])),
        size_b_m=size,
        rotation_b_wxyz=multiply(TILTED, wxyz_from_yaw(math.radians(yaw_deg))),
    )


def test_S6_rows_35_to_37_known_answers_turned_in_any_way() -> None:
    assert iou((1, 1, 1), yaw_deg=45) == pytest.approx(1 / math.sqrt(2), abs=1e-9)
    assert iou((2, 1, 1), yaw_deg=90) == pytest.approx(1 / 3, abs=1e-9)
    assert iou((4, 2, 1.5), shift_m=(0.5, 0, 0)) == pytest.approx(7 / 9, abs=1e-9)
    assert iou((4, 2, 1.5), yaw_deg=180) == pytest.approx(1, abs=1e-9)
    assert iou((4, 2, 1.5), shift_m=(4, 0, 0)) == pytest.approx(0, abs=1e-9)
    assert iou((4, 2, 1.5), shift_m=(0, 0, 1.5)) == pytest.approx(0, abs=1e-9)
    assert iou((4, 2, 1.5), shift_m=(9, 0, 0)) == 0
    assert iou((4, 2, 1.5), yaw_deg=10) == pytest.approx(0.825448, abs=1e-6)


def any_cuboid(draw: random.Random) -> tuple[Vec3, Vec3, Quat]:
    part = draw.uniform
    return (
        (part(-1, 1), part(-1, 1), part(-1, 1)),
        (part(0.3, 3), part(0.3, 3), part(0.3, 3)),
        normalised((part(-1, 1), part(-1, 1), part(-1, 1), part(-1, 1))),
    )


def by_half_spaces(ca: Vec3, sa: Vec3, qa: Quat, cb: Vec3, sb: Vec3, qb: Quat) -> float:
    """Volume in common: the planes of both around the centre of the largest ball that fits in."""
    planes = []
    for centre, size, q in ((ca, sa, qa), (cb, sb, qb)):
        for normal in (*matrix_from_wxyz(q).T, *-matrix_from_wxyz(q).T):
            half = np.abs(matrix_from_wxyz(q).T @ normal) @ np.asarray(size) / 2
            planes.append([*normal, -(normal @ np.asarray(centre) + half)])
    table = np.array(planes)
    ball = linprog(
        [0, 0, 0, -1], A_ub=np.column_stack([table[:, :3], np.ones(12)]), b_ub=-table[:, 3],
        bounds=[(None, None)] * 3 + [(0, None)],
    )  # fmt: skip
    if ball.x is None or ball.x[3] < 1e-9:
        return 0.0
    return float(ConvexHull(HalfspaceIntersection(table, np.asarray(ball.x)[:3]).intersections).volume)


def test_S6_any_rotation_agrees_with_the_half_spaces_of_the_faces() -> None:
    draw = random.Random(3)
    met = 0
    for _ in range(60):
        (ca, sa, qa), (cb, sb, qb) = any_cuboid(draw), any_cuboid(draw)
        common = by_half_spaces(ca, sa, qa, cb, sb, qb)
        there = cuboid_iou_3d(
            centre_a_m=ca, size_a_m=sa, rotation_a_wxyz=qa, centre_b_m=cb, size_b_m=sb, rotation_b_wxyz=qb
        )
        assert there == pytest.approx(common / (math.prod(sa) + math.prod(sb) - common), abs=1e-9)
        met += common > 0
    assert met > 30


def test_S6_any_rotation_agrees_with_counting_points() -> None:
    draw, cloud = random.Random(11), np.random.default_rng(11)
    for _ in range(12):
        (ca, sa, qa), (cb, sb, qb) = any_cuboid(draw), any_cuboid(draw)
        inside_a = (cloud.random((200_000, 3)) - 0.5) * sa
        b_from_a = compose(
            inverse(Pose(rotation_wxyz=qb, translation_m=cb)), Pose(rotation_wxyz=qa, translation_m=ca)
        )
        share = (np.abs(apply(b_from_a, inside_a)) < np.asarray(sb) / 2).all(axis=1).mean()
        common = float(share) * math.prod(sa)
        by_points = common / (math.prod(sa) + math.prod(sb) - common)
        there = cuboid_iou_3d(
            centre_a_m=ca, size_a_m=sa, rotation_a_wxyz=qa, centre_b_m=cb, size_b_m=sb, rotation_b_wxyz=qb
        )
        back = cuboid_iou_3d(
            centre_a_m=cb, size_a_m=sb, rotation_a_wxyz=qb, centre_b_m=ca, size_b_m=sa, rotation_b_wxyz=qa
        )
        assert there == pytest.approx(by_points, abs=0.006)
        assert there == pytest.approx(back, abs=1e-9)


Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def many(count: int, seed: int) -> tuple[Array, Array, Array]:
    draw = np.random.default_rng(seed)
    centres = draw.uniform(-4, 4, (count, 3)) * [1, 1, 0.3]
    return centres, draw.uniform(0.3, 5, (count, 3)), draw.uniform(-7, 7, count)


def test_S6_many_pairs_at_once_are_the_pairs_one_by_one() -> None:
    a, b = many(40, 1), many(60, 2)
    table = cuboid_iou_table(*a, *b)
    for i in range(40):
        for j in range(60):
            alone = cuboid_iou(
                centre_a_m=tuple(a[0][i]), size_a_m=tuple(a[1][i]), yaw_a_rad=float(a[2][i]),
                centre_b_m=tuple(b[0][j]), size_b_m=tuple(b[1][j]), yaw_b_rad=float(b[2][j]),
            )  # fmt: skip
            assert table[i, j] == pytest.approx(alone, abs=1e-12)
    assert (table > 0).sum() > 500
    assert np.allclose(np.diag(cuboid_iou_table(*a, *a)), 1)
    assert cuboid_iou_table(*many(0, 1), *b).shape == (0, 60)
    far = (a[0] + [100, 0, 0], a[1], a[2])
    assert not cuboid_iou_table(*a, *far).any()


def test_S6_centre_distance_and_yaw_error() -> None:
    assert centre_distance_m((1, 1, 50), (4, 5, 0)) == 5
    assert math.degrees(yaw_error_rad(math.radians(179), math.radians(-179))) == pytest.approx(2)
    assert math.degrees(yaw_error_rad(0.0, math.pi)) == pytest.approx(180)
    assert math.degrees(yaw_error_rad(0.0, math.pi, symmetric=True)) == pytest.approx(0)
    assert math.degrees(yaw_error_rad(9.0, 9.0 + math.radians(100), symmetric=True)) == pytest.approx(80)
