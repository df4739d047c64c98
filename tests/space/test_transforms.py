"""Frames of reference in a tree, static and moving. Rules S1, S3 and T5."""

from __future__ import annotations

import math

import numpy as np
import pytest

from braid.base.errors import Conflict, InvalidInput, NotFound
from braid.space.pose import Pose
from braid.space.rotation import wxyz_from_yaw, yaw_of
from braid.space.transforms import Edge, FrameTree, apply, compose, inverse

MS = 1_000_000


def turned(yaw_deg: float, *, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Pose:
    return Pose(rotation_wxyz=wxyz_from_yaw(math.radians(yaw_deg)), translation_m=(x, y, z))


def scene() -> FrameTree:
    """The ego drives 10 m/s along x and turns 90 degrees within 100 ms; two sensors stand on it."""
    return FrameTree.of(
        [
            Edge(frame="lidar", parent="ego", poses=(turned(0, z=2.0),)),
            Edge(frame="cam", parent="ego", poses=(turned(0, x=1.0),)),
            Edge(frame="ego", parent="world", poses=(turned(0), turned(90, x=1.0)), at_ns=(0, 100 * MS)),
        ]
    )


def test_S1_a_transform_and_its_inverse_return() -> None:
    pose = turned(33, x=1, y=-2, z=3)
    points = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    assert np.allclose(apply(inverse(pose), apply(pose, points)), points)
    assert np.allclose(apply(compose(pose, inverse(pose)), points), points)


def test_S1_points_go_from_src_to_dst() -> None:
    assert np.allclose(apply(turned(90, x=5), np.array([[1.0, 0.0, 0.0]])), [[5.0, 1.0, 0.0]])


def test_S1_sensors_on_one_body_need_no_time() -> None:
    cam_from_lidar = scene().dst_from_src("cam", "lidar")
    assert cam_from_lidar.translation_m == pytest.approx((-1, 0, 2))
    assert scene().dst_from_src("cam", "cam").translation_m == (0, 0, 0)


def test_S3_between_poses_translation_is_linear_and_rotation_on_the_arc() -> None:
    pose = scene().dst_from_src("world", "ego", at_ns=50 * MS)
    assert pose.translation_m == pytest.approx((0.5, 0, 0))
    assert math.degrees(yaw_of(pose.rotation_wxyz)) == pytest.approx(45)


def test_S3_two_instants_count_the_motion_between_them() -> None:
    still = scene().dst_from_src("ego", "ego", at_ns=0, dst_at_ns=0)
    assert still == Pose()
    moved = scene().dst_from_src("ego", "ego", at_ns=0, dst_at_ns=100 * MS)
    assert np.allclose(apply(moved, np.array([[1.0, 5.0, 0.0]])), [[5.0, 0.0, 0.0]])


def test_T5_a_pose_beyond_the_gap_is_missing_not_stale() -> None:
    tree = scene()
    assert tree.dst_from_src("world", "ego", at_ns=149 * MS).translation_m[0] == pytest.approx(1.49)
    with pytest.raises(NotFound, match="missing at that time"):
        tree.dst_from_src("world", "ego", at_ns=151 * MS)
    with pytest.raises(NotFound):
        tree.dst_from_src("world", "ego", at_ns=-51 * MS)
    with pytest.raises(NotFound, match="needs an instant"):
        tree.dst_from_src("world", "ego")
    sparse = FrameTree.of(
        [Edge(frame="ego", parent="world", poses=(turned(0), turned(0)), at_ns=(0, 500 * MS))]
    )
    with pytest.raises(NotFound):
        sparse.dst_from_src("world", "ego", at_ns=250 * MS)


def test_T5_shortly_outside_of_its_poses_a_frame_goes_on_as_it_did() -> None:
    """10 m/s and 900 degrees per second; a single pose, or one that stands alone, tells no speed and stays."""
    late = scene().dst_from_src("world", "ego", at_ns=120 * MS)
    assert late.translation_m == pytest.approx((1.2, 0, 0))
    assert math.degrees(yaw_of(late.rotation_wxyz)) == pytest.approx(108)
    early = scene().dst_from_src("world", "ego", at_ns=-20 * MS)
    assert early.translation_m == pytest.approx((-0.2, 0, 0))
    assert math.degrees(yaw_of(early.rotation_wxyz)) == pytest.approx(-18)
    for at_ns in ((0,), (-101 * MS, 0)):
        alone = Edge(frame="ego", parent="world", poses=(turned(0, x=3),) * len(at_ns), at_ns=at_ns)
        assert alone.at(30 * MS).translation_m == (3, 0, 0)
    apart = Edge(frame="ego", parent="world", poses=(turned(0), turned(0, x=3)), at_ns=(-101 * MS, 0))
    assert apart.at(30 * MS).translation_m == (3, 0, 0)


def test_S1_a_tree_is_a_tree() -> None:
    with pytest.raises(NotFound, match="not connected"):
        scene().dst_from_src("moon", "ego", at_ns=0)
    assert scene().connects("lidar", "world")
    assert not scene().connects("lidar", "moon")
    with pytest.raises(Conflict):
        FrameTree.of(
            [Edge(frame="a", parent="b", poses=(Pose(),)), Edge(frame="a", parent="c", poses=(Pose(),))]
        )
    with pytest.raises(InvalidInput, match="cycle"):
        FrameTree.of(
            [Edge(frame="a", parent="b", poses=(Pose(),)), Edge(frame="b", parent="a", poses=(Pose(),))]
        )
