"""Where a track is at an instant. Rules K1 to K7 and rows 33 and 39 of the table of known answers."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from braid.clock.clock_map import ClockSegment
from braid.model import regions as r
from braid.model.validate import check_region
from braid.space.overlap import polygon_area
from braid.space.pose import Pose
from braid.space.rotation import wxyz_from_yaw, yaw_of
from braid.space.transforms import Edge, FrameTree, apply
from braid.tracks.moment import Moment, Motion, at
from braid.tracks.outlines import best_shift, resampled, signed_area
from braid.tracks.world import world_of

SECOND = 1_000_000_000


def box(x: float) -> r.Box:
    return r.Box(x0_px=x, y0_px=0.0, x1_px=x + 10, y1_px=20.0)


def track(*keys: tuple[int, r.Shape | None]) -> r.Track:
    return r.Track(key_frames=tuple(r.KeyFrame(at_ns=at_ns, shape=shape) for at_ns, shape in keys))


def cuboid(x: float, y: float = 0.0, yaw_rad: float = 0.0, *, frame: str = "ego") -> r.Cuboid:
    return r.Cuboid(
        frame=frame, centre_m=(x, y, 0.0), size_m=(4.0, 2.0, 1.5), rotation_wxyz=wxyz_from_yaw(yaw_rad)
    )


def some(found: Moment | None) -> Moment:
    assert found is not None
    return found


def centre(found: Moment | None) -> tuple[float, float]:
    shape = some(found).shape
    assert isinstance(shape, r.Cuboid)
    return shape.centre_m[:2]


def turning(step_s: float, count: int) -> r.Track:
    """10 m/s, turning 30 degrees per second, in the world."""
    rate, radius = math.radians(30), 10 / math.radians(30)
    return track(
        *(
            (
                round(n * step_s * SECOND),
                cuboid(radius * math.sin(rate * n * step_s), radius * (1 - math.cos(rate * n * step_s))),
            )
            for n in range(count)
        )
    )


def test_K1_the_value_depends_on_time_not_on_the_number_of_the_frame() -> None:
    """Key frames 33 and 67 ms after each other: at 40 ms it is 7/67 of the second way."""
    uneven = track((0, box(0)), (33_000_000, box(33)), (100_000_000, box(167)))
    shape = some(at(uneven, 40_000_000)).shape
    assert isinstance(shape, r.Box)
    assert shape.x0_px == pytest.approx(33 + 134 * 7 / 67)
    between_frames = some(at(track((0, box(0)), (SECOND, box(1))), 1))
    assert between_frames.shape == box(1e-9)
    assert not between_frames.keyed


@given(st.lists(st.integers(-(10**12), 10**12), min_size=2, max_size=6, unique=True), st.floats(0, 1))
def test_K1_between_two_key_frames_a_track_lies_between_their_values(times: list[int], share: float) -> None:
    ordered = sorted(times)
    of = track(*((at_ns, box(float(place**2))) for place, at_ns in enumerate(ordered)))
    for place, (a_ns, b_ns) in enumerate(pairwise(ordered)):
        here = some(at(of, a_ns + math.floor(share * (b_ns - a_ns)))).shape
        assert isinstance(here, r.Box)
        assert place**2 <= here.x0_px <= (place + 1) ** 2
        assert some(at(of, a_ns)).keyed


def test_K2_absent_before_the_first_after_the_last_and_from_an_empty_key_frame_on() -> None:
    of = track((100, box(0)), (200, None), (300, box(50)), (400, box(70)))
    assert [at(of, t) is not None for t in (99, 100, 199, 200, 299, 300, 400, 401)] == [
        False, True, True, False, False, True, True, False,
    ]  # fmt: skip
    late = some(at(of, 10**12, hold=True))
    assert (late.shape, late.held) == (box(70), True)
    assert at(of, 99, hold=True) is None
    assert at(of, 250, hold=True) is None
    assert at(track((0, box(0)), (5, None)), 10**9, hold=True) is None


def test_K3_row_33_angles_take_the_short_way() -> None:
    def turned(degrees: float) -> r.RotatedBox:
        return r.RotatedBox(
            cx_px=0.0, cy_px=0.0, width_px=2.0, height_px=1.0, angle_rad=math.radians(degrees)
        )

    def middle(a: float, b: float) -> float:
        shape = some(at(track((0, turned(a)), (10, turned(b))), 5)).shape
        assert isinstance(shape, r.RotatedBox)
        return math.degrees(shape.angle_rad)

    assert middle(170, -170) == pytest.approx(180)
    assert middle(-170, 170) == pytest.approx(-180)
    assert middle(10, 730) == pytest.approx(10)
    assert middle(0, 180) == pytest.approx(90)
    assert middle(0, -180) == pytest.approx(90)


def test_K3_joints_meet_by_name_and_their_visibility_holds() -> None:
    def joints(*points: tuple[str, float, int]) -> r.Keypoints:
        return r.Keypoints(
            points=tuple(r.Keypoint(name=name, x_px=x, y_px=0.0, visibility=seen) for name, x, seen in points)
        )

    of = track((0, joints(("a", 0, 2), ("b", 4, 1), ("c", 7, 0))), (10, joints(("b", 8, 2), ("a", 2, 0))))
    shape = some(at(of, 5)).shape
    assert shape == joints(("a", 0, 2), ("b", 6, 1), ("c", 7, 0))


def ring(
    count: int, *, x: float = 0.0, size: float = 10.0, start: float = 0.0, way: int = 1
) -> tuple[r.Point, ...]:
    steps = [start + way * math.tau * n / count for n in range(count)]
    return tuple((x + size * math.cos(a), size * 0.5 * math.sin(a)) for a in steps)


def outline(found: Moment | None) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    shape = some(found).shape
    assert isinstance(shape, r.Polygon)
    return np.array(shape.rings_px[0])


def test_K4_as_many_corners_meet_in_their_order() -> None:
    of = track((0, r.Polygon(rings_px=(ring(5),))), (10, r.Polygon(rings_px=(ring(5, x=8.0),))))
    assert np.allclose(outline(at(of, 5)), np.array(ring(5, x=4.0)))


@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize("start", [0.0, 1.0, 3.0])
def test_K4_other_corners_start_and_orientation_still_meet(way: int, start: float) -> None:
    """One ellipse drawn with 12 and with 90 corners, moved by 8: half way it has moved by 4 and kept its area."""
    a, b = ring(12), ring(90, x=8.0, start=start, way=way)
    of = track((0, r.Polygon(rings_px=(a,))), (10, r.Polygon(rings_px=(b,))))
    middle = outline(at(of, 5))
    assert len(middle) == 90
    assert middle.mean(axis=0) == pytest.approx((4, 0), abs=0.15)
    assert polygon_area(middle) == pytest.approx(polygon_area(np.array(b)), rel=0.05)
    assert signed_area(tuple((float(x), float(y)) for x, y in middle)) > 0
    assert outline(at(of, 0)).tolist() == [list(p) for p in a]
    assert (
        len(outline(at(track((0, r.Polygon(rings_px=(a,))), (10, r.Polygon(rings_px=(ring(7),)))), 5))) == 64
    )


@given(st.integers(3, 80), st.integers(0, 60))
def test_K4_resampling_keeps_corners_and_shape(corners: int, more: int) -> None:
    line = ring(corners, start=0.3)
    fine = resampled(line, corners + more, closed=True)
    assert len(fine) == corners + more
    assert set(line) <= set(fine)
    assert signed_area(fine) == pytest.approx(signed_area(line))


def test_K4_the_best_start_is_the_one_with_the_least_distance() -> None:
    draw = np.random.default_rng(7)
    for _ in range(20):
        a, b = draw.normal(size=(31, 2)), draw.normal(size=(31, 2))
        one, other = a - a.mean(axis=0), b - b.mean(axis=0)
        one, other = one / np.sqrt((one**2).sum()), other / np.sqrt((other**2).sum())
        by_hand = min(range(31), key=lambda shift: float(((one - np.roll(other, -shift, axis=0)) ** 2).sum()))
        pairs = (tuple((float(x), float(y)) for x, y in side) for side in (a, b))
        assert best_shift(*pairs) == by_hand


def test_K4_lines_keep_their_direction() -> None:
    there, back = ((0.0, 0.0), (10.0, 0.0)), ((10.0, 0.0), (5.0, 0.0), (0.0, 0.0))
    shape = some(at(track((0, r.Polyline(points_px=there)), (10, r.Polyline(points_px=back))), 5)).shape
    assert isinstance(shape, r.Polyline)
    assert np.allclose(shape.points_px, [[5.0, 0.0]] * 64, atol=0.1)


def test_K4_what_comes_out_is_a_region_that_may_be_stored() -> None:
    flat = ((0.0, 0.0), (0.0, 0.0), (9.0, 0.0), (9.0, 3.0))
    of = track((0, r.Polygon(rings_px=(flat,))), (10, r.Polygon(rings_px=(ring(9),))))
    check_region(some(at(of, 5)).shape)


def test_K5_what_cannot_be_mixed_holds_and_says_so() -> None:
    mask = r.Mask(width_px=5, height_px=3, counts="52203")
    two = r.Polygon(rings_px=(ring(5), ring(4, x=40)))
    for of in (
        track((0, mask), (10, r.Mask(width_px=5, height_px=3, counts="?"))),
        track((0, two), (10, r.Polygon(rings_px=(ring(5),)))),
        track((0, cuboid(1)), (10, cuboid(2, frame="lidar"))),
        track((0, box(1)), (10, None)),
    ):
        held = some(at(of, 9))
        assert (held.shape, held.held, held.keyed) == (of.key_frames[0].shape, True, False)
    assert not some(at(track((0, box(1)), (10, box(2))), 9)).held


def test_K5_occlusion_and_attributes_hold() -> None:
    of = r.Track(
        key_frames=(
            r.KeyFrame(at_ns=0, shape=box(0), attributes={"pose": "standing", "lamp": "on"}),
            r.KeyFrame(at_ns=10, shape=box(1), occluded=True, attributes={"pose": "walking"}),
            r.KeyFrame(at_ns=20, shape=None),
            r.KeyFrame(at_ns=30, shape=box(2)),
        )
    )
    assert some(at(of, 9)).attributes == {"pose": "standing", "lamp": "on"}
    assert some(at(of, 15)).attributes == {"pose": "walking", "lamp": "on"}
    assert [some(at(of, t)).occluded for t in (9, 10, 19, 30)] == [False, True, True, False]
    assert some(at(of, 30)).attributes == {"pose": "walking", "lamp": "on"}


def rig() -> FrameTree:
    """The vehicle turns on its spot by 90 degrees within 0.1 s."""
    poses = (Pose(), Pose(rotation_wxyz=wxyz_from_yaw(math.pi / 2)))
    return FrameTree.of(
        [
            Edge(frame="ego", parent="world", poses=poses, at_ns=(0, SECOND // 10)),
            Edge(frame="lidar", parent="ego", poses=(Pose(translation_m=(1.0, 0.0, 2.0)),)),
        ]
    )


def test_K6_a_thing_that_stands_still_stays_there_while_the_vehicle_turns() -> None:
    """A post 10 m away: it wanders round the vehicle on a circle, never through its chord."""
    of = track((0, cuboid(10)), (SECOND // 10, cuboid(0, -10, -math.pi / 2)))
    world = world_of(rig())
    half = math.sqrt(0.5)
    assert centre(at(of, SECOND // 20, world=world)) == pytest.approx((10 * half, -10 * half))
    assert centre(at(of, SECOND // 20)) == pytest.approx((5, -5))
    shape = some(at(of, SECOND // 20, world=world)).shape
    assert isinstance(shape, r.Cuboid)
    assert math.degrees(yaw_of(shape.rotation_wxyz)) == pytest.approx(-45)


def test_K6_frames_of_one_tree_meet_and_clock_maps_count() -> None:
    """The same post, told by lidar and vehicle, on a stream whose clock is 5 s late."""
    late = (ClockSegment(media_ns=5 * SECOND, timeline_ns=0),)
    of = track(
        (
            5 * SECOND,
            r.Cuboid(frame="lidar", centre_m=(9.0, 0.0, -2.0), size_m=(1, 1, 1), rotation_wxyz=(1, 0, 0, 0)),
        ),
        (5 * SECOND + SECOND // 10, cuboid(0, -10, -math.pi / 2)),
    )
    shape = some(at(of, 5 * SECOND + SECOND // 20, world=world_of(rig(), late))).shape
    assert isinstance(shape, r.Cuboid)
    assert shape.frame == "lidar"
    ego = apply(Pose(translation_m=(1.0, 0.0, 2.0)), np.array([shape.centre_m]))[0]
    assert ego == pytest.approx((10 * math.sqrt(0.5), -10 * math.sqrt(0.5), 0))


def test_K6_without_a_pose_it_moves_in_its_own_frame() -> None:
    of = track((0, cuboid(10)), (SECOND, cuboid(0, -10)))
    assert centre(at(of, SECOND // 2, world=world_of(rig()))) == pytest.approx((5, -5))


@pytest.mark.parametrize(("step_s", "error_m"), [(0.5, 0.163), (1.0, 0.651)])
def test_K7_row_39_a_chord_of_a_turn_and_the_cubic_that_heals_it(step_s: float, error_m: float) -> None:
    of = turning(step_s, 4)
    rate, radius, when_s = math.radians(30), 10 / math.radians(30), 1.5 * step_s
    truth = (radius * math.sin(rate * when_s), radius * (1 - math.cos(rate * when_s)))
    instant = round(when_s * SECOND)
    assert math.dist(centre(at(of, instant)), truth) == pytest.approx(error_m, abs=5e-4)
    assert math.dist(centre(at(of, instant, motion=Motion.CUBIC)), truth) < error_m / 10


@pytest.mark.parametrize(("step_s", "error_m"), [(0.5, 0.188), (1.0, 0.75)])
def test_K7_row_39_braking_is_met_exactly(step_s: float, error_m: float) -> None:
    """20 m/s, braking by 6 m/s2: the chord is off by a T2 / 8 in its middle, the cubic nowhere."""
    of = track(
        *((round(n * step_s * SECOND), cuboid(20 * n * step_s - 3 * (n * step_s) ** 2)) for n in range(3))
    )
    for when_s in (0.5 * step_s, 1.5 * step_s):
        truth = 20 * when_s - 3 * when_s**2
        instant = round(when_s * SECOND)
        assert abs(centre(at(of, instant))[0] - truth) == pytest.approx(error_m, abs=6e-4)
        assert centre(at(of, instant, motion=Motion.CUBIC))[0] == pytest.approx(truth, abs=1e-9)


def test_K7_fewer_than_three_key_frames_in_a_row_are_a_straight_line() -> None:
    of = track((0, box(0)), (10, box(10)), (20, None), (30, box(50)))
    assert some(at(of, 5, motion=Motion.CUBIC)).shape == box(5)
    mask = r.Polyline(points_px=((0.0, 0.0), (1.0, 1.0)))
    lines = track((0, mask), (10, mask), (20, mask))
    assert some(at(lines, 5, motion=Motion.CUBIC)).shape == mask


def test_K7_the_cubic_runs_in_the_world() -> None:
    """A thing that stands still in the world while the vehicle turns: cubic or not, it stands still."""
    of = track(
        *(
            (n * SECOND // 20, cuboid(10 * math.cos(n * math.pi / 4), -10 * math.sin(n * math.pi / 4)))
            for n in range(3)
        )
    )
    found = centre(at(of, SECOND // 40, world=world_of(rig()), motion=Motion.CUBIC))
    assert found == pytest.approx((10 * math.cos(math.pi / 8), -10 * math.sin(math.pi / 8)))
