"""Quaternions wxyz and what becomes of them. Rule S2; rows 33 and 34 of the table of known answers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation, Slerp

from braid.base.errors import InvalidInput
from braid.space import rotation as rot
from braid.space.pose import Quat

PART = st.floats(-1, 1)
UNITS = (
    st.tuples(PART, PART, PART, PART)
    .filter(lambda q: sum(part * part for part in q) > 0.01)
    .map(rot.normalised)
)


def scipy_of(q: Quat) -> Rotation:
    return Rotation.from_quat(rot.xyzw_from_wxyz(q))


@settings(max_examples=60, deadline=None)
@given(UNITS, UNITS, st.floats(0, 1))
def test_S2_rotations_agree_with_scipy(a: Quat, b: Quat, weight: float) -> None:
    assert np.allclose(rot.matrix_from_wxyz(a), scipy_of(a).as_matrix(), atol=1e-12)
    both = rot.matrix_from_wxyz(rot.multiply(a, b))
    assert np.allclose(both, (scipy_of(a) * scipy_of(b)).as_matrix(), atol=1e-12)
    assert rot.rotate(a, (1.0, 2.0, 3.0)) == pytest.approx(scipy_of(a).apply([1.0, 2.0, 3.0]), abs=1e-12)
    angle = (scipy_of(a).inv() * scipy_of(b)).magnitude()
    assert rot.angle_between(a, b) == pytest.approx(angle, abs=1e-7)
    if angle < math.pi - 1e-3:
        middle = Slerp([0.0, 1.0], Rotation.concatenate([scipy_of(a), scipy_of(b)]))(weight)
        assert np.allclose(rot.matrix_from_wxyz(rot.slerp(a, b, weight)), middle.as_matrix(), atol=1e-7)


@settings(max_examples=60, deadline=None)
@given(UNITS)
def test_S2_matrix_and_quaternion_are_each_others_inverse(q: Quat) -> None:
    back = rot.wxyz_from_matrix(rot.matrix_from_wxyz(q))
    assert np.allclose(rot.matrix_from_wxyz(back), rot.matrix_from_wxyz(q), atol=1e-12)
    assert rot.wxyz_from_xyzw(rot.xyzw_from_wxyz(q)) == q


def test_S2_row_33_halfway_from_170_to_minus_170_degrees_is_180() -> None:
    start, end = rot.wxyz_from_yaw(math.radians(170)), rot.wxyz_from_yaw(math.radians(-170))
    assert abs(rot.yaw_of(rot.slerp(start, end, 0.5))) == pytest.approx(math.pi)


def test_S2_row_34_the_order_of_a_quaternion_matters() -> None:
    q = (0.9239, 0.0, 0.0, 0.3827)
    assert math.degrees(rot.yaw_of(q)) == pytest.approx(45, abs=0.01)
    misread = rot.wxyz_from_xyzw(q)
    w, x, y, z = rot.normalised(misread)
    assert math.degrees(2 * math.acos(w)) == pytest.approx(135, abs=0.01)
    assert (abs(x), y, z) == pytest.approx((1, 0, 0), abs=0.39)
    assert x > 0.9


def test_S2_what_is_no_rotation_is_refused() -> None:
    with pytest.raises(InvalidInput):
        rot.normalised((0.0, 0.0, 0.0, 0.0))
    with pytest.raises(InvalidInput):
        rot.normalised((math.nan, 0.0, 0.0, 1.0))
    for matrix in (np.eye(4), 2 * np.eye(3), np.diag([1.0, 1.0, -1.0])):
        with pytest.raises(InvalidInput):
            rot.wxyz_from_matrix(matrix)
