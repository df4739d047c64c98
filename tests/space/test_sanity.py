"""Calibrations that cannot be right, told from points and picture sizes. Rule S10."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest

from braid.space import sanity
from braid.space.pose import Camera, Pose
from braid.space.rotation import multiply, normalised, wxyz_from_yaw
from braid.space.transforms import compose, inverse

CAMERA = Camera(fx_px=1000, fy_px=1000, cx_px=799.5, cy_px=449.5, width_px=1600, height_px=900)


def street(seed: int = 0) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """A sweep from 1.7 m above a street: mostly ground, some walls."""
    draw = np.random.default_rng(seed)
    reach, about = draw.uniform(3, 60, 8000), draw.uniform(-math.pi, math.pi, 8000)
    height = np.where(draw.random(8000) < 0.6, -1.7, draw.uniform(-1.7, 3, 8000))
    return np.stack([reach * np.cos(about), reach * np.sin(about), height], axis=1)


def mounted(yaw_deg: float, *, pitch_deg: float = 0.0, roll_deg: float = 0.0) -> Pose:
    """lidar_from_camera."""
    q = multiply(wxyz_from_yaw(math.radians(yaw_deg)), sanity.BODY_FROM_OPTICAL.rotation_wxyz)
    pitch, roll = math.radians(pitch_deg) / 2, math.radians(roll_deg) / 2
    q = multiply(q, (math.cos(pitch), math.sin(pitch), 0.0, 0.0))
    return Pose(
        rotation_wxyz=normalised(multiply(q, (math.cos(roll), 0.0, 0.0, math.sin(roll)))),
        translation_m=(1.5, 0.2, -0.3),
    )


def planted(mistake: str, pose: Pose) -> Pose:
    """The pose as a file with that mistake would have it read."""
    match mistake:
        case "inverse":
            return inverse(pose)
        case "quaternion":
            w, x, y, z = pose.rotation_wxyz
            return msgspec.structs.replace(pose, rotation_wxyz=(x, y, z, w))
        case "opengl":
            return compose(pose, inverse(sanity.BODY_FROM_OPENGL))
        case _:
            return compose(pose, inverse(sanity.BODY_FROM_OPTICAL))


@pytest.mark.parametrize("yaw_deg", [0, 55, 110, 180, -55, -110])
@pytest.mark.parametrize(("pitch_deg", "roll_deg"), [(0, 0), (-20, 0), (5, 10), (-30, 0)])
def test_S10_a_good_calibration_is_left_alone(yaw_deg: float, pitch_deg: float, roll_deg: float) -> None:
    pose = mounted(yaw_deg, pitch_deg=pitch_deg, roll_deg=roll_deg)
    now, found = sanity.explanations(CAMERA, pose, Pose(), street())
    assert now.good
    assert found == {}
    assert now.upright == pytest.approx(
        math.cos(math.radians(pitch_deg)) * math.cos(math.radians(roll_deg)), abs=0.02
    )


@pytest.mark.parametrize(
    ("mistake", "yaw_deg"),
    [
        ("inverse", 0),
        ("inverse", 180),
        ("quaternion", 55),
        ("quaternion", -55),
        ("quaternion", -90),
        ("quaternion", 110),
        ("opengl", 0),
        ("opengl", 110),
        ("body", 0),
        ("body", 110),
    ],
)
def test_S10_a_usual_mistake_is_named(mistake: str, yaw_deg: float) -> None:
    right = mounted(yaw_deg, pitch_deg=-2)
    wrong = planted(mistake, right)
    now, found = sanity.explanations(CAMERA, wrong, Pose(), street())
    assert not now.good
    assert mistake in found
    meant = sanity.as_meant(wrong, mistake)
    turn = np.abs(np.dot(meant.rotation_wxyz, right.rotation_wxyz))
    assert turn == pytest.approx(1)
    assert meant.translation_m == pytest.approx(right.translation_m)


def test_S10_a_camera_on_its_side_or_one_that_looks_down_is_no_mistake() -> None:
    for pose in (mounted(0, roll_deg=90), mounted(55, roll_deg=-90), mounted(110, pitch_deg=-55)):
        _, found = sanity.explanations(CAMERA, pose, Pose(), street())
        assert found == {}


def test_S10_where_up_is_not_known_only_points_count() -> None:
    """A ball of points: a picture on its side says nothing."""
    ball = np.random.default_rng(1).normal(0, 20, (5000, 3))
    assert not sanity.lies_flat(ball)
    assert sanity.lies_flat(street())
    assert not sanity.lies_flat(np.empty((0, 3)))
    now, found = sanity.explanations(CAMERA, planted("inverse", mounted(0)), Pose(), ball)
    assert (now.upright, now.good, found) == (None, True, {})
    nothing = sanity.landing(CAMERA, Pose(translation_m=(0, 0, -500)), ball, up_known=False)
    assert (nothing.inside, nothing.good) == (0, False)


@pytest.mark.parametrize(("scale", "meant"), [(2.0, (3200, 1800)), (0.5, (800, 450)), (1.0, None)])
def test_S10_intrinsics_of_another_size_give_themselves_away(
    scale: float, meant: tuple[int, int] | None
) -> None:
    camera = msgspec.structs.replace(
        CAMERA, cx_px=800 * scale - 0.5, cy_px=450 * scale - 0.5, fx_px=1000 * scale, fy_px=1000 * scale
    )
    assert sanity.meant_size_px(camera) == meant


def test_S10_a_principal_point_off_the_middle_is_no_other_size() -> None:
    """A picture that was cut below, and one whose lens sits askew."""
    for cx, cy in ((799.5, 300.0), (600.0, 449.5), (900.0, 520.0), (799.5, 800.0)):
        assert sanity.meant_size_px(msgspec.structs.replace(CAMERA, cx_px=cx, cy_px=cy)) is None
