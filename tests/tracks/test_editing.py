"""Edits of tracks. Rules K8 to K13."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from braid.base.errors import Conflict, InvalidInput, NotFound
from braid.model import regions as r
from braid.tracks import editing as edit
from braid.tracks.moment import Moment, at


def box(x: float) -> r.Box:
    return r.Box(x0_px=x, y0_px=0.0, x1_px=x + 10, y1_px=20.0)


def cuboid(x: float, *size: float) -> r.Cuboid:
    length, width, height = size or (4.0, 2.0, 1.5)
    return r.Cuboid(
        frame="ego", centre_m=(x, 0, 0), size_m=(length, width, height), rotation_wxyz=(1, 0, 0, 0)
    )


def track(*keys: tuple[int, r.Shape | None]) -> r.Track:
    return r.Track(key_frames=tuple(r.KeyFrame(at_ns=at_ns, shape=shape) for at_ns, shape in keys))


MARKED = r.Track(
    key_frames=(
        r.KeyFrame(at_ns=0, shape=box(0), index=0, attributes={"pose": "standing", "lamp": "on"}),
        r.KeyFrame(at_ns=100, shape=box(100), occluded=True, attributes={"pose": "walking"}),
        r.KeyFrame(at_ns=200, shape=None),
        r.KeyFrame(at_ns=300, shape=box(50), index=9),
        r.KeyFrame(at_ns=400, shape=box(70)),
    )
)


def said(of: r.Track, at_ns: int) -> tuple[float, bool, dict[str, object]] | None:
    found: Moment | None = at(of, at_ns)
    if found is None:
        return None
    assert isinstance(found.shape, r.Box)
    return round(found.shape.x0_px, 9), found.occluded, dict(found.attributes)


@given(st.integers(1, 399))
def test_K8_a_pinned_key_frame_changes_nothing(at_ns: int) -> None:
    pinned = edit.pinned(MARKED, at_ns, index=4)
    assert any(key.at_ns == at_ns for key in pinned.key_frames)
    assert [said(pinned, t) for t in range(-1, 402)] == [said(MARKED, t) for t in range(-1, 402)]


def test_K8_a_key_frame_set_by_hand_replaces_the_one_at_its_time() -> None:
    changed = edit.with_key(MARKED, r.KeyFrame(at_ns=100, shape=box(7)))
    assert [key.at_ns for key in changed.key_frames] == [0, 100, 200, 300, 400]
    assert said(changed, 100) == (7, False, {"pose": "standing", "lamp": "on"})
    assert [key.at_ns for key in edit.with_key(MARKED, r.KeyFrame(at_ns=-5, shape=None)).key_frames][:2] == [
        -5,
        0,
    ]
    with pytest.raises(InvalidInput, match="another kind"):
        edit.with_key(MARKED, r.KeyFrame(at_ns=100, shape=cuboid(1)))
    with pytest.raises(NotFound):
        edit.pinned(MARKED, 401)


@given(st.integers(1, 400))
def test_K9_both_parts_together_say_what_the_track_said(at_ns: int) -> None:
    left, right = edit.split(MARKED, at_ns)
    assert left.key_frames[-1].at_ns == at_ns - 1
    assert right.key_frames[0].at_ns == at_ns
    assert [said(left, t) for t in range(-1, at_ns)] == [said(MARKED, t) for t in range(-1, at_ns)]
    assert [said(right, t) for t in range(at_ns, 402)] == [said(MARKED, t) for t in range(at_ns, 402)]
    assert said(left, at_ns) is None
    assert said(right, at_ns - 1) is None


def test_K9_the_first_part_ends_with_the_reading_before() -> None:
    left, right = edit.split(MARKED, 60, before_ns=40, index=6, before_index=4)
    assert (left.key_frames[-1].at_ns, left.key_frames[-1].index) == (40, 4)
    assert (right.key_frames[0].at_ns, right.key_frames[0].index) == (60, 6)
    assert right.key_frames[0].attributes == {"pose": "standing", "lamp": "on"}
    for bad in (0, -1, 401):
        with pytest.raises(InvalidInput, match="only inside"):
            edit.split(MARKED, bad)
    with pytest.raises(InvalidInput, match="no shape left"):
        edit.split(track((0, box(0)), (10, None), (20, None)), 15)


@given(st.integers(1, 400))
def test_K10_what_was_split_joins_again(at_ns: int) -> None:
    joined = edit.join(*edit.split(MARKED, at_ns))
    assert [said(joined, t) for t in range(-1, 402)] == [said(MARKED, t) for t in range(-1, 402)]


def test_K10_a_long_gap_stays_an_absence() -> None:
    a, b = track((0, box(0)), (10, box(10))), track((30, box(30)), (40, box(40)))
    assert said(edit.join(a, b), 20) == (20, False, {})
    assert said(edit.join(a, b, bridge_ns=20), 20) == (20, False, {})
    apart = edit.join(a, b, bridge_ns=19)
    assert [said(apart, t) is None for t in (10, 11, 29, 30)] == [False, True, True, False]
    for one, other in ((b, a), (a, a), (a, track((50, cuboid(1))))):
        with pytest.raises(InvalidInput, match="cannot be joined"):
            edit.join(one, other)


def test_K11_shapes_key_frames_and_tracks_go_to_other_times() -> None:
    copied = edit.copy_key(MARKED, 50, 900, index=7)
    assert said(copied, 900) == (50, False, {"pose": "walking", "lamp": "on"})
    assert copied.key_frames[-1].index == 7
    moved = edit.move_key(MARKED, 0, 150)
    assert [(key.at_ns, key.index) for key in moved.key_frames][:2] == [(100, None), (150, None)]
    later = edit.moved_to(MARKED, 1000)
    assert [key.at_ns for key in later.key_frames] == [1000, 1100, 1200, 1300, 1400]
    assert [key.index for key in later.key_frames] == [None] * 5
    assert [said(later, t + 1000) for t in range(401)] == [said(MARKED, t) for t in range(401)]
    with pytest.raises(Conflict):
        edit.move_key(MARKED, 0, 100)
    with pytest.raises(NotFound):
        edit.move_key(MARKED, 1, 2)
    with pytest.raises(NotFound, match="absent"):
        edit.copy_key(MARKED, 250, 900)
    assert edit.move_key(MARKED, 300, 300).key_frames[3].at_ns == 300


def sizes(of: r.Track) -> list[tuple[float, float, float]]:
    return [key.shape.size_m for key in of.key_frames if isinstance(key.shape, r.Cuboid)]


def test_K12_a_locked_size_is_the_median_and_then_everyones() -> None:
    of = track((0, cuboid(0, 4, 2, 1)), (10, None), (20, cuboid(1, 6, 3, 1)), (30, cuboid(2, 5, 1, 9)))
    locked = edit.with_locked_size(of)
    assert locked.size_locked
    assert sizes(locked) == [(5, 2, 1)] * 3
    assert (
        sizes(edit.with_locked_size(track((0, cuboid(0, 4, 2, 1)), (9, cuboid(0, 5, 2, 2)))))
        == [(4.5, 2, 1.5)] * 2
    )
    changed = edit.with_key(locked, r.KeyFrame(at_ns=20, shape=cuboid(7, 1, 1, 1)))
    assert sizes(changed) == [(1, 1, 1)] * 3
    assert [key.shape.centre_m[0] for key in changed.key_frames if isinstance(key.shape, r.Cuboid)] == [
        0,
        7,
        2,
    ]
    assert sizes(edit.with_key(of, r.KeyFrame(at_ns=20, shape=cuboid(7, 1, 1, 1))))[0] == (4, 2, 1)
    with pytest.raises(InvalidInput, match="size to lock"):
        edit.with_locked_size(MARKED)
    assert not math.isnan(sizes(edit.with_locked_size(of, (3, 2, 1)))[0][0])


def test_K13_the_last_shape_stays() -> None:
    one = track((0, box(0)), (10, None))
    with pytest.raises(InvalidInput, match="no shape left"):
        edit.without_key(one, 0)
    assert edit.without_key(one, 10) == track((0, box(0)))
    with pytest.raises(NotFound):
        edit.without_key(one, 5)
