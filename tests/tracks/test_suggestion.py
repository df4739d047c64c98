"""Where key frames are wanted. Rule K14, with row 39 of the table of known answers."""

from __future__ import annotations

import math

import pytest

from braid.model import regions as r
from braid.space.pose import Pose
from braid.space.rotation import wxyz_from_yaw
from braid.space.transforms import Edge, FrameTree
from braid.tracks.suggestion import suggestions
from braid.tracks.world import world_of

SECOND = 1_000_000_000


def cuboid(x: float, y: float = 0.0, yaw_rad: float = 0.0) -> r.Cuboid:
    return r.Cuboid(
        frame="ego", centre_m=(x, y, 0.0), size_m=(4.0, 2.0, 1.5), rotation_wxyz=wxyz_from_yaw(yaw_rad)
    )


def track(*keys: tuple[int, r.Shape | None]) -> r.Track:
    return r.Track(key_frames=tuple(r.KeyFrame(at_ns=at_ns, shape=shape) for at_ns, shape in keys))


@pytest.mark.parametrize("step_s", [0.5, 1.0])
def test_K14_row_39_braking_is_predicted_as_a_t2_over_8(step_s: float) -> None:
    of = track(
        *((round(n * step_s * SECOND), cuboid(20 * n * step_s - 3 * (n * step_s) ** 2)) for n in range(4))
    )
    predicted = 6 * step_s**2 / 8
    found = suggestions(of, tolerance=predicted / 4 * 1.001)
    assert [one.error for one in found] == pytest.approx([predicted] * 3)
    assert [one.at_ns for one in found] == [round((n + 0.5) * step_s * SECOND) for n in range(3)]
    assert [one.pieces for one in found] == [2, 2, 2]
    assert suggestions(of, tolerance=predicted * 1.001) == ()


def test_K14_a_turn_is_predicted_within_a_tenth() -> None:
    """10 m/s at 30 degrees per second, key frames 1 s apart: 0.651 m for the centre; corners turn along."""
    rate, radius = math.radians(30), 10 / math.radians(30)
    of = track(
        *(
            (n * SECOND, cuboid(radius * math.sin(rate * n), radius * (1 - math.cos(rate * n)), rate * n))
            for n in range(4)
        )
    )
    middle = suggestions(of, tolerance=0.1)[1]
    outer = math.hypot(radius + 1, 2) * (1 - math.cos(rate / 2))
    assert middle.error > 0.651
    assert middle.error == pytest.approx(outer, rel=0.1)


def test_K14_even_motion_wants_nothing_and_little_says_nothing() -> None:
    def box(x: float) -> r.Box:
        return r.Box(x0_px=x, y0_px=0.0, x1_px=x + 10, y1_px=20.0)

    even = track(*((t, box(t / 10)) for t in (0, 70, 100, 250)))
    assert suggestions(even, tolerance=1e-6) == ()
    assert (
        suggestions(track((0, box(0)), (10, box(90)), (20, None), (30, box(0)), (40, box(5))), tolerance=1)
        == ()
    )
    assert len(suggestions(track((0, box(0)), (10, box(90)), (20, box(0))), tolerance=1)) == 2
    mask = r.Mask(width_px=5, height_px=3, counts="52203")
    assert suggestions(track((0, mask), (10, mask), (20, mask)), tolerance=1e-9) == ()


def test_K14_a_still_thing_seen_from_a_turning_vehicle_wants_nothing_in_the_world() -> None:
    angles = [n * math.pi / 8 for n in range(3)]
    tree = FrameTree.of(
        [
            Edge(
                frame="ego",
                parent="world",
                poses=tuple(Pose(rotation_wxyz=wxyz_from_yaw(angle)) for angle in angles),
                at_ns=(0, SECOND // 20, SECOND // 10),
            )
        ]
    )
    of = track(
        *(
            (n * SECOND // 20, cuboid(10 * math.cos(angle), -10 * math.sin(angle), -angle))
            for n, angle in enumerate(angles)
        )
    )
    assert len(suggestions(of, tolerance=0.05)) == 2
    assert suggestions(of, tolerance=1e-6, world=world_of(tree)) == ()
