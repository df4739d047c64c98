from __future__ import annotations

import math
from typing import Any

import pytest
from tests.store.contract import replaced
from tests.strategies.projects import Scene

from braid.clock.clock_map import ClockSegment
from braid.history.amounts import amount_of, clock_shift_ns, pose_shift, rect_iou
from braid.history.material import MATERIAL_FIELDS, changed_fields, material_changes
from braid.model import regions as r
from braid.model.records import Annotation, Entity, Word, kind_of_record
from braid.space.pose import Pose


def test_L3a_the_table_names_fields_that_exist() -> None:
    for kind, fields in MATERIAL_FIELDS.items():
        record = {"annotation": Annotation, "entity": Entity}[kind]
        assert set(fields) <= set(record.__struct_fields__)


def test_L4a_only_fields_of_the_table_are_material() -> None:
    car = Scene().car
    noted = replaced(car, comment="x", attributes={"a": 1}, score=0.1, language="de", source_id="1")
    assert material_changes(car, noted) == ()
    assert set(changed_fields(car, noted)) == {"comment", "attributes", "score", "language", "source_id"}
    assert kind_of_record(car) in MATERIAL_FIELDS


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            r.Box(x0_px=0, y0_px=0, x1_px=10, y1_px=10),
            r.Box(x0_px=5, y0_px=5, x1_px=15, y1_px=15),
            "moved 7.1 px, IoU 0.14",
        ),
        (
            r.TimeSpan(start_ns=0, end_ns=10**9),
            r.TimeSpan(start_ns=4 * 10**7, end_ns=10**9 + 4 * 10**7),
            "shifted +40 ms",
        ),
        (
            r.TimeSpan(start_ns=0, end_ns=10**9),
            r.TimeSpan(start_ns=0, end_ns=9 * 10**8),
            "start +0 ms, end -100 ms",
        ),
        (r.WholeStream(), r.TimeSpan(start_ns=0, end_ns=1), "whole_stream -> time_span"),
        (
            r.TextSpan(start=0, end=1, quote="a"),
            r.TextSpan(start=0, end=1, quote="b"),
            '"a" -> "b"',
        ),
        (
            r.RotatedBox(cx_px=0, cy_px=0, width_px=4, height_px=2, angle_rad=0),
            r.RotatedBox(cx_px=0, cy_px=0, width_px=4, height_px=2, angle_rad=math.pi / 2),
            "moved 0.0 px, IoU 0.33",
        ),
        (
            r.Cuboid(frame="e", centre_m=(0, 0, 0), size_m=(1, 1, 1), rotation_wxyz=(1, 0, 0, 0)),
            r.Cuboid(frame="e", centre_m=(3, 4, 0), size_m=(1, 1, 1), rotation_wxyz=(1, 0, 0, 0)),
            "moved 5.00 m",
        ),
        (
            r.Polygon(rings_px=(((0, 0), (2, 0), (2, 2)),)),
            r.Polygon(rings_px=(((1, 0), (3, 0), (3, 2)),)),
            "moved 1.0 px, IoU 0.33",
        ),
        (
            r.Track(key_frames=(r.KeyFrame(at_ns=0, shape=None), r.KeyFrame(at_ns=5, shape=None))),
            r.Track(key_frames=(r.KeyFrame(at_ns=0, shape=None), r.KeyFrame(at_ns=6, shape=None))),
            "1 of 2 key frames differ",
        ),
        (r.PointSet(runs=((0, 1),)), r.PointSet(runs=((0, 2),)), "point_set changed"),
    ],
)
def test_L3b_amounts_of_regions_read_like_words(old: Any, new: Any, said: str) -> None:
    scene = Scene()
    assert amount_of(scene.annotation(old), scene.annotation(new), ("region",)) == said


@pytest.mark.parametrize(
    ("field", "old", "new", "said"),
    [
        ("class_id", "car", "person", "class car -> person"),
        ("text", "hi", "ho", 'text "hi" -> "ho"'),
        ("text", None, "a" * 40, f'text none -> "{"a" * 23}…"'),
        ("at_ns", 0, -1_500_000, "shifted -1.5 ms"),
        ("at_ns", None, 7, "time None -> 7 ns"),
        ("entity", None, "e", "entity set"),
        ("entity", "e", None, "entity removed"),
        ("entity", "e", "f", "another entity"),
        ("words", (), (Word(start=0, end=1, start_ns=0, end_ns=1),), "word times changed"),
        ("stream", "a", "b", "stream changed"),
    ],
)
def test_L3b_amounts_of_other_fields_read_like_words(field: str, old: Any, new: Any, said: str) -> None:
    car = Scene().car
    assert amount_of(replaced(car, **{field: old}), replaced(car, **{field: new}), (field,)) == said


def test_rectangles_overlap_as_their_areas_say() -> None:
    assert rect_iou((0, 0, 10, 10), (5, 5, 15, 15)) == pytest.approx(1 / 7)
    assert rect_iou((0, 0, 1, 1), (1, 0, 2, 1)) == 0
    assert rect_iou((0, 0, 0, 0), (0, 0, 0, 0)) == 0


def test_clock_shifts_keep_their_sign() -> None:
    later = (ClockSegment(media_ns=0, timeline_ns=-30),)
    assert clock_shift_ns((), later, (0, 100)) == -30
    assert clock_shift_ns(later, (), (5,)) == 30
    assert clock_shift_ns((), later, ()) == 0


def test_poses_differ_by_metres_and_radians() -> None:
    turned = Pose(rotation_wxyz=(math.cos(0.05), 0, 0, math.sin(0.05)), translation_m=(0, 3, 4))
    along_m, turned_rad = pose_shift(Pose(), turned)
    assert [along_m, turned_rad] == pytest.approx([5, 0.1])
