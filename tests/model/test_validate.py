"""Regions that cannot mean anything are refused with a letter. Rule S5."""

from __future__ import annotations

import math
from typing import Any

import pytest

from braid.base.errors import InvalidInput, LimitExceeded
from braid.model import regions as r
from braid.model.validate import bounds_px, check_region

GOOD = r.Box(x0_px=0, y0_px=0, x1_px=2, y1_px=3)
KEY = r.Keypoint(name="nose", x_px=1, y_px=2)
CUBOID = r.Cuboid(frame="lidar", centre_m=(0, 0, 0), size_m=(4, 2, 1.5), rotation_wxyz=(1, 0, 0, 0))


@pytest.mark.parametrize(
    "region",
    [
        GOOD,
        r.RotatedBox(cx_px=0, cy_px=0, width_px=1, height_px=2, angle_rad=-1.0),
        r.Polygon(rings_px=(((0, 0), (1, 0), (0, 1)),)),
        r.Polyline(points_px=((0, 0), (1, 1))),
        r.Mask(width_px=4, height_px=4, counts="52203"),
        r.Keypoints(points=(KEY,)),
        CUBOID,
        r.PointSet(runs=((0, 3), (3, 5))),
        r.TextSpan(start=0, end=2, quote="né"),
        r.TimeSpan(start_ns=-5, end_ns=0),
        r.WholeStream(),
        r.Track(key_frames=(r.KeyFrame(at_ns=0, shape=GOOD), r.KeyFrame(at_ns=5, shape=None))),
    ],
)
def test_S5_sound_regions_pass(region: Any) -> None:
    check_region(region)


@pytest.mark.parametrize(
    ("region", "said"),
    [
        (
            r.Box(x0_px=4, y0_px=0, x1_px=0, y1_px=3),
            "box width_px is -4 (wanted > 0). Are corners swapped, or was (x,",
        ),
        (r.Box(x0_px=0, y0_px=3, x1_px=1, y1_px=3), "box height_px is 0"),
        (r.Box(x0_px=math.nan, y0_px=0, x1_px=1, y1_px=1), "not a finite number"),
        (r.Box(x0_px=0, y0_px=0, x1_px=math.inf, y1_px=1), "not a finite number"),
        (r.RotatedBox(cx_px=0, cy_px=0, width_px=1, height_px=2, angle_rad=90), "Is it in degrees?"),
        (r.RotatedBox(cx_px=0, cy_px=0, width_px=0, height_px=2, angle_rad=0), "rotated box width_px is 0"),
        (r.Polygon(rings_px=()), "a polygon has no ring"),
        (r.Polygon(rings_px=(((0, 0), (1, 1), (0, 0)),)), "ring 0 has 2 different points"),
        (r.Polygon(rings_px=(((0, 0), (9, 0), (0, 9)),), holes_px=(((1, 1), (2, 2)),)), "hole 0 has 2"),
        (r.Polyline(points_px=((0, 0),)), "polyline has 1 points"),
        (
            r.Mask(width_px=4, height_px=5, counts="52203"),
            "do not cover its picture (got 16 px, wanted 4 x 5 = 20 px)",
        ),
        (r.Mask(width_px=4, height_px=4, counts="5 2"), "do not decode"),
        (r.Mask(width_px=0, height_px=4, counts=""), "a mask has no size"),
        (r.Keypoints(points=()), "there are no key points"),
        (r.Keypoints(points=(KEY, KEY)), "key point 'nose' appears twice"),
        (r.Keypoints(points=(r.Keypoint(name="a", x_px=0, y_px=0, visibility=3),)), "visibility 3"),
        (
            r.Cuboid(frame="l", centre_m=(0, 0, 0), size_m=(4, -2, 1), rotation_wxyz=(1, 0, 0, 0)),
            "cuboid width",
        ),
        (r.Cuboid(frame="l", centre_m=(0, 0, 0), size_m=(4, 2, 1), rotation_wxyz=(1, 1, 0, 0)), "norm 1.414"),
        (
            r.Cuboid(frame="", centre_m=(0, 0, 0), size_m=(4, 2, 1), rotation_wxyz=(1, 0, 0, 0)),
            "frame is empty",
        ),
        (r.PointSet(runs=((3, 5), (0, 3))), "does not ascend"),
        (r.PointSet(runs=((3, 3),)), "does not ascend"),
        (r.PointSet(runs=()), "has no points"),
        (r.TextSpan(start=3, end=3, quote=""), "0 <= start < end"),
        (r.TextSpan(start=0, end=4, quote="né"), "quotes 2 code points"),
        (r.TimeSpan(start_ns=5, end_ns=5), "start before end"),
        (r.TimeSpan(start_ns=0, end_ns=2**53), "Is it an absolute epoch?"),
        (r.Track(key_frames=()), "a track has no key frames"),
        (r.Track(key_frames=(r.KeyFrame(at_ns=0, shape=None),)), "absent at all"),
        (
            r.Track(key_frames=(r.KeyFrame(at_ns=5, shape=GOOD), r.KeyFrame(at_ns=5, shape=GOOD))),
            "ascend in time, one per instant",
        ),
        (
            r.Track(key_frames=(r.KeyFrame(at_ns=0, shape=GOOD), r.KeyFrame(at_ns=5, shape=CUBOID))),
            "changes its kind of shape",
        ),
        (
            r.Track(key_frames=(r.KeyFrame(at_ns=7, shape=r.Box(x0_px=1, y0_px=0, x1_px=0, y1_px=1)),)),
            "annotation a, key frame 7 ns: box width_px is -1",
        ),
    ],
)
def test_S5_what_cannot_be_is_said_with_place_and_wish(region: Any, said: Any) -> None:
    with pytest.raises(InvalidInput) as raised:
        check_region(region, where="annotation a")
    letter = str(raised.value)
    assert letter.startswith("annotation a")
    assert said in letter


def test_S5_large_regions_are_refused() -> None:
    many = tuple((float(n), float(n % 7)) for n in range(200_001))
    with pytest.raises(LimitExceeded):
        check_region(r.Polyline(points_px=many))
    with pytest.raises(LimitExceeded):
        check_region(r.Mask(width_px=2**20, height_px=2**20, counts=""))


def test_S5_bounds_of_picture_regions() -> None:
    assert bounds_px(GOOD) == (0, 0, 2, 3)
    turned = bounds_px(r.RotatedBox(cx_px=5, cy_px=5, width_px=4, height_px=2, angle_rad=math.pi / 2))
    assert turned == pytest.approx((4, 3, 6, 7))
    assert bounds_px(r.Polygon(rings_px=(((0, 1), (5, 0), (2, 7)),))) == (0, 0, 5, 7)
    assert bounds_px(r.Mask(width_px=4, height_px=4, counts="52203")) == (1, 1, 3, 3)
    assert bounds_px(r.WholeStream()) is None
    hidden = r.Keypoint(name="a", x_px=99, y_px=99, visibility=0)
    assert bounds_px(r.Keypoints(points=(KEY, hidden))) == (1, 2, 1, 2)
