"""Each check is silent on a clean sample and says what is wrong in a broken one. Rules of docs/spec/checks.md."""

from __future__ import annotations

import math
import random
from typing import Any

import msgspec
import pytest
from tests.checks.scenes import CAPTION, broken, captioned, change, driving, link, run, shifted_clock

from braid.base.errors import NotFound
from braid.checks.catalogue import all_checks, check_infos
from braid.checks.fingerprint import fingerprint
from braid.checks.run import run_checks
from braid.checks.shutter import row_times_ns
from braid.checks.tables import Tables
from braid.clock.clock_map import ClockFit, ClockSegment
from braid.model import records as m
from braid.model.findings import Severity
from braid.model.regions import Box, Cuboid, KeyFrame, Mask, PointSet, TextSpan, TimeSpan, Track
from braid.model.timing import StampPart, Timing
from braid.space.pose import Pose
from braid.space.rotation import wxyz_from_yaw


@pytest.mark.parametrize("scene", [driving, captioned])
def test_C1_a_clean_sample_has_no_findings(scene: Any) -> None:
    assert run(scene()) == ()


def test_C1_order_of_records_changes_nothing() -> None:
    records = broken()
    shuffled = list(records.values())
    random.Random(7).shuffle(shuffled)
    assert run_checks(Tables.build(shuffled)) == run(records) != ()


def test_C2_every_check_describes_itself() -> None:
    infos = check_infos()
    assert len(infos) == len(all_checks()) >= 10
    for info in infos:
        assert info.title
        assert info.purpose.endswith(".")
        assert info.example
        assert info.reads
        assert info.cost in {"cheap", "heavy"}


def test_C2_an_unknown_check_is_an_error() -> None:
    with pytest.raises(NotFound, match="no check of that id"):
        run(driving(), "projektion")


def test_C2_only_the_named_checks_run() -> None:
    records = broken()
    assert {finding.check for finding in run(records, "projection")} == {"projection"}
    assert len({finding.check for finding in run(records)}) > 1


def test_C3_a_fingerprint_survives_numbers_and_closes_with_its_cause() -> None:
    worse, bad = driving(), driving()
    change(bad, "box", region=Box(x0_px=820, y0_px=405, x1_px=930, y1_px=495))
    change(worse, "box", region=Box(x0_px=840, y0_px=405, x1_px=950, y1_px=495))
    first, second = run(bad, "projection"), run(worse, "projection")
    assert first[0].facts["iou"] != second[0].facts["iou"]
    assert first[0].fingerprint == second[0].fingerprint
    assert run(driving(), "projection") == ()


def test_C3_fingerprints_do_not_depend_on_the_order_of_culprits() -> None:
    ends = [("link", "a"), ("annotation", "b")]
    assert fingerprint("x", "s", ends) == fingerprint("x", "s", ends[::-1])
    assert fingerprint("x", "s", ends) != fingerprint("x", "s", ends, "facet")
    assert len(fingerprint("x", "s", [])) == 32


def test_C5_findings_point_at_records_streams_and_times() -> None:
    records = driving()
    change(records, "horn", class_id="car-horn")
    (finding,) = run(records, "schema")
    assert [(c.kind, c.id, c.stream, c.at_ns) for c in finding.culprits] == [("annotation", "horn", "mic", 0)]


def test_C6_schema_reports_dangling_ends_unknown_classes_and_missing_references() -> None:
    records = driving()
    del records["box"]
    change(records, "horn", class_id="hornn")
    change(records, "cuboid", entity="nobody")
    found = {(f.culprits[0].id, f.facts["problem"]) for f in run(records, "schema")}
    assert found == {
        ("same", "dangling"),
        ("emits", "dangling"),
        ("horn", "class-unknown"),
        ("cuboid", "dangling"),
    }


def test_C6_schema_warns_about_deprecated_classes_and_open_questions() -> None:
    records = driving()
    ontology = records["onto"]
    assert isinstance(ontology, m.Ontology)
    asked = m.Attribute(id="colour", name="Colour", type="text", required=True)
    classes = tuple(
        msgspec.structs.replace(
            node, deprecated=node.id == "horn", attributes=(asked,) if node.id == "car" else node.attributes
        )
        for node in ontology.classes
    )
    change(records, "onto", classes=classes)
    found = run(records, "schema")
    assert {(f.facts["problem"], f.severity) for f in found} == {
        ("class-deprecated", Severity.WARNING),
        ("attribute-missing", Severity.WARNING),
    }


def test_C7_link_types_hold_both_ends_to_the_ontology() -> None:
    records = driving()
    records["bad"] = link("bad", "same-object", "box", "horn")
    found = run(records, "link-type")
    assert {f.facts["got"] for f in found} == {"box", "image", "time_span", "audio"}
    assert all("does not take" in f.message for f in found)


def test_C7_a_link_that_means_one_thing_joins_one_entity() -> None:
    records = driving()
    records["e2"] = m.Entity(id="e2", sample="s1", layer="layer", class_id="car", name="Blue car")
    change(records, "box", entity="e2")
    (finding,) = run(records, "link-type")
    assert "two different entities: Red car and Blue car" in finding.message


@pytest.mark.parametrize(
    ("class_id", "severity"),
    [("vehicle", Severity.WARNING), ("bus", Severity.ERROR), ("pedestrian", Severity.ERROR)],
)
def test_O4_an_ancestor_is_drift_and_anything_else_a_contradiction(class_id: Any, severity: Any) -> None:
    records = driving()
    change(records, "box", class_id=class_id)
    (finding,) = run(records, "entity-label")
    assert finding.severity is severity
    assert finding.facts["class"] == class_id


def test_O4_linked_ends_without_entity_are_compared_directly() -> None:
    records = driving()
    change(records, "box", class_id="bus", entity=None)
    (finding,) = run(records, "entity-label")
    assert finding.severity is Severity.ERROR
    assert {c.id for c in finding.culprits} == {"box", "cuboid", "same"}


@pytest.mark.parametrize(
    ("shift_ns", "severity"),
    [
        (0, None),
        (-400_000_000, None),
        (-990_000_000, None),
        (2_000_000_000, Severity.ERROR),
        (30_000_000, Severity.ERROR),
    ],
)
def test_C9_linked_times_must_meet_after_clock_mapping(shift_ns: Any, severity: Any) -> None:
    records = driving()
    records["clock"] = shifted_clock("mic", shift_ns)
    found = run(records, "temporal-overlap")
    assert [f.severity for f in found] == ([severity] if severity else [])


def test_C9_a_little_overlap_is_a_warning_and_uncertain_clocks_are_forgiven() -> None:
    records = driving()
    change(
        records,
        "box",
        region=TimeSpan(start_ns=700_000_000, end_ns=1_700_000_000),
        stream="mic",
    )
    (finding,) = run(records, "temporal-overlap")
    assert finding.severity is Severity.WARNING
    assert "30%" in finding.message
    records["clock"] = m.ClockMap(
        id="clock",
        sample="s1",
        stream="mic",
        segments=(ClockSegment(media_ns=0, timeline_ns=0),),
        fit=ClockFit(offset_sigma_ns=100_000_000),
    )
    assert run(records, "temporal-overlap") == ()


def test_C9_touching_spans_do_not_overlap() -> None:
    records = driving()
    change(records, "box", region=TimeSpan(start_ns=1_000_000_000, end_ns=2_000_000_000), stream="mic")
    (finding,) = run(records, "temporal-overlap")
    assert finding.severity is Severity.ERROR
    assert "only touch in time" in finding.message


def test_C8_a_projection_that_disagrees_is_found_by_how_much() -> None:
    records = driving()
    change(records, "box", region=Box(x0_px=760, y0_px=405.6, x1_px=871, y1_px=494.4))
    (slightly,) = run(records, "projection")
    assert (slightly.severity, slightly.facts["iou"]) == (Severity.WARNING, "0.75")
    change(records, "box", region=Box(x0_px=820, y0_px=405.6, x1_px=931, y1_px=494.4))
    (badly,) = run(records, "projection")
    assert badly.severity is Severity.ERROR


def test_C8_a_region_inside_the_projection_may_be_what_is_not_hidden() -> None:
    records = driving()
    change(records, "box", region=Box(x0_px=745, y0_px=406, x1_px=780, y1_px=494))
    (finding,) = run(records, "projection")
    assert finding.severity is Severity.WARNING
    assert "hidden" in finding.hint


def test_C8_a_cuboid_behind_the_camera_is_not_visible() -> None:
    records = driving()
    cuboid = records["cuboid"]
    assert isinstance(cuboid, m.Annotation)
    assert isinstance(cuboid.region, Cuboid)
    change(records, "cuboid", region=msgspec.structs.replace(cuboid.region, centre_m=(-20.0, 0.0, 0.0)))
    (finding,) = run(records, "projection")
    assert "not visible" in finding.message


def test_C8_what_a_time_offset_can_explain_is_forgiven() -> None:
    """At 20 m a vehicle at 15 m/s moves 26.6 px in 35.5 ms (f = 1000 px); at the same instant it moves nothing."""
    records = driving()
    change(records, "box", region=Box(x0_px=768, y0_px=405.6, x1_px=879, y1_px=494.4))
    assert [f.severity for f in run(records, "projection")] == [Severity.WARNING]
    records["clock"] = shifted_clock("cam", -35_500_000)
    assert run(records, "projection") == ()
    change(records, "box", region=Box(x0_px=780, y0_px=405.6, x1_px=891, y1_px=494.4))
    assert len(run(records, "projection")) == 1


def test_S3_projection_happens_at_the_cameras_own_time() -> None:
    """The ego drives 10 m/s; a parked car seen 100 ms later stands 1 m nearer, and no tolerance is needed."""
    records = driving()
    change(records, "cuboid", attributes={"motion": "parked"})
    poses = tuple(
        m.TimedPose(at_ns=step * 50_000_000, pose=Pose(translation_m=(0.5 * step, 0.0, 0.0)))
        for step in range(5)
    )
    records["ego"] = m.Trajectory(id="ego", sample="s1", frame="lidar", parent_frame="world", poses=poses)
    records["clock"] = shifted_clock("cam", 100_000_000)
    nearer = Box(x0_px=800 - 1000 / 17, y0_px=450 - 800 / 17, x1_px=800 + 1000 / 17, y1_px=450 + 800 / 17)
    change(records, "box", region=nearer)
    assert run(records, "projection") == ()
    half_as_far = Box(
        x0_px=800 - 1000 / 14, y0_px=450 - 800 / 14, x1_px=800 + 1000 / 14, y1_px=450 + 800 / 14
    )
    change(records, "box", region=half_as_far)
    (finding,) = run(records, "projection")
    assert finding.facts["tolerance_px"] == "0.0"
    assert finding.facts["projected_px"] == "741.2, 402.9, 858.8, 497.1"


def test_S3_an_entity_seen_before_and_after_says_how_fast_it_was() -> None:
    """It crosses at 10 m/s from right to left; the picture is taken 50 ms after the sweep: 0.5 m, 27.8 px at 18 m."""
    records = driving()
    solid = records["cuboid"]
    assert isinstance(solid, m.Annotation)
    assert isinstance(solid.region, Cuboid)
    for step in (-1, 1):
        there = msgspec.structs.replace(solid.region, centre_m=(20.0, 1.0 * step, 0.0))
        name = f"cuboid{step}"
        records[name] = msgspec.structs.replace(solid, id=name, at_ns=step * 100_000_000, region=there)
    records["clock"] = shifted_clock("cam", 50_000_000)
    shift = 500 / 18
    moved = Box(x0_px=744.4 - shift, y0_px=405.6, x1_px=855.6 - shift, y1_px=494.4)
    change(records, "box", region=moved)
    assert run(records, "projection") == ()
    change(records, "box", region=Box(x0_px=744.4 + shift, y0_px=405.6, x1_px=855.6 + shift, y1_px=494.4))
    (finding,) = run(records, "projection")
    assert finding.facts["tolerance_px"] == "0.0"


def test_S3_tracks_are_compared_at_the_pictures_key_frames() -> None:
    """A cuboid track crosses from 0 to -2 m (to the right) within 200 ms; the box track follows it, then does not."""
    records = driving()
    solid = records["cuboid"]
    assert isinstance(solid, m.Annotation)
    assert isinstance(solid.region, Cuboid)
    after = msgspec.structs.replace(solid.region, centre_m=(20.0, -2.0, 0.0))
    keys = (KeyFrame(at_ns=0, shape=solid.region), KeyFrame(at_ns=200_000_000, shape=after))
    change(records, "cuboid", region=Track(key_frames=keys), at_ns=None)

    def box(right_px: float) -> Box:
        return Box(x0_px=744.4 + right_px, y0_px=405.6, x1_px=855.6 + right_px, y1_px=494.4)

    def boxes(middle_px: float) -> Track:
        return Track(
            key_frames=(
                KeyFrame(at_ns=0, shape=box(0)),
                KeyFrame(at_ns=100_000_000, shape=box(middle_px)),
                KeyFrame(at_ns=900_000_000, shape=box(900)),
            )
        )

    change(records, "box", region=boxes(1000 / 18), at_ns=None)
    assert run(records, "projection") == ()
    change(records, "box", region=boxes(0))
    (finding,) = run(records, "projection")
    assert finding.severity is Severity.ERROR


def test_L3_suspect_links_say_who_changed_what() -> None:
    records = driving()
    cause = m.Cause(
        end="source", changed=("region",), by="ben", at_ns="1", from_rev="a", to_rev="b", amount="moved 1.2 m"
    )
    change(records, "same", causes=(cause,))
    (finding,) = run(records, "suspect-link")
    assert "the region of its source was changed by ben (moved 1.2 m)" in finding.message
    assert finding.severity is Severity.WARNING
    change(records, "same", causes=(msgspec.structs.replace(cause, changed=("missing",), to_rev=None),))
    assert run(records, "suspect-link")[0].severity is Severity.ERROR


def test_C10_phrases_and_regions_without_each_other_are_found() -> None:
    records = captioned()
    del records["l1"]
    found = run(records, "mention")
    assert [f.culprits[0].id for f in found] == ["p1", "b1"] or [f.culprits[0].id for f in found] == [
        "b1",
        "p1",
    ]
    assert any("“A man” refers to no region" in f.message for f in found)


def test_C10_a_link_to_the_entity_counts_for_its_regions() -> None:
    records = captioned()
    del records["l1"]
    records["e1"] = m.Entity(id="e1", sample="s1", layer="layer", class_id="man")
    change(records, "b1", entity="e1")
    records["l3"] = msgspec.structs.replace(
        link("l3", "refers-to", "p1", "e1"), target=m.End(id="e1", judged="0" * 32, kind=m.EndKind.ENTITY)
    )
    assert run(records) == ()


def test_C10_samples_without_text_are_left_alone() -> None:
    records = captioned()
    for gone in ("l1", "l2", "p1", "p2", "cap"):
        del records[gone]
    assert run(records, "mention") == ()
    records["cap"] = captioned()["cap"]
    assert {f.severity for f in run(records, "mention")} == {Severity.HINT}


def test_C11_text_spans_must_cover_what_they_quote() -> None:
    records = captioned()
    change(records, "cap", text=f"Here {CAPTION[0].lower()}{CAPTION[1:]}")
    found = run(records, "text-span")
    assert {f.culprits[0].id for f in found} == {"p1", "p2"}
    bicycle = next(f for f in found if f.culprits[0].id == "p2")
    assert bicycle.facts["nearest"] == "17"


def test_C11_spans_of_text_streams_use_the_text_or_its_length() -> None:
    records = captioned()
    records["txt"] = m.Stream(
        id="txt",
        sample="s1",
        name="notes",
        modality=m.Modality.TEXT,
        sampling=m.Sampling.CONTINUOUS,
        facts=m.MediaFacts(text_length=4),
    )
    change(records, "p1", stream="txt", region=TextSpan(start=0, end=5, quote="A man"))
    (finding,) = run(records, "text-span")
    assert "has 4 characters" in finding.message
    with_text = Tables.build(records.values(), texts={"txt": "A man"})
    assert run_checks(with_text, ["text-span"]) == ()


def test_C12_the_newer_of_two_equal_links_is_a_duplicate() -> None:
    records = captioned()
    records["l9"] = link("l9", "refers-to", "p1", "b1")
    (finding,) = run(records, "duplicate-link")
    assert [c.id for c in finding.culprits] == ["l9", "l1"]
    change(records, "l9", layer="other")
    assert run(records, "duplicate-link") == ()


@pytest.mark.parametrize(
    ("record_id", "region", "severity", "said"),
    [
        ("box", Box(x0_px=700, y0_px=400, x1_px=700.4, y1_px=500), Severity.WARNING, "only 0.4 x 100.0 px"),
        ("box", Box(x0_px=1590, y0_px=400, x1_px=1650, y1_px=500), Severity.WARNING, "sticks 50.0 px out"),
        ("box", Box(x0_px=1700, y0_px=400, x1_px=1750, y1_px=500), Severity.ERROR, "outside its picture"),
        ("box", Mask(width_px=1600, height_px=900, counts="PPoo0"), Severity.ERROR, "empty mask"),
        (
            "horn",
            TimeSpan(start_ns=9_000_000_000, end_ns=12_000_000_000),
            Severity.WARNING,
            "sticks 2.000 s out",
        ),
        (
            "horn",
            TimeSpan(start_ns=11_000_000_000, end_ns=12_000_000_000),
            Severity.ERROR,
            "outside its recording",
        ),
        ("cuboid", PointSet(runs=((0, 10), (990, 1001))), Severity.ERROR, "names point 1000 of 1000"),
    ],
)
def test_C13_degenerate_and_outside_regions_are_found(
    record_id: Any, region: Any, severity: Any, said: Any
) -> None:
    records = driving()
    if isinstance(region, Mask):
        from braid.space.rle import write_counts

        region = Mask(width_px=1600, height_px=900, counts=write_counts([1600 * 900]))
    change(records, record_id, region=region)
    (finding,) = run(records, "region-bounds")
    assert finding.severity is severity
    assert said in finding.message


def test_S3_a_stored_speed_carries_a_lone_cuboid_to_the_pictures_time() -> None:
    """10 m/s to the left, told beside the cuboid; the picture is taken 50 ms later: 0.5 m, 27.8 px at 18 m."""
    records = driving()
    change(records, "cuboid", attributes={"velocity-x-mps": 0.0, "velocity-y-mps": 10.0})
    records["clock"] = shifted_clock("cam", 50_000_000)
    shift = 500 / 18
    change(records, "box", region=Box(x0_px=744.4 - shift, y0_px=405.6, x1_px=855.6 - shift, y1_px=494.4))
    assert run(records, "projection") == ()
    change(records, "box", region=Box(x0_px=744.4 + shift, y0_px=405.6, x1_px=855.6 + shift, y1_px=494.4))
    (finding,) = run(records, "projection")
    assert finding.facts["tolerance_px"] == "0.0"


def test_S3_neighbours_tell_the_turn_as_well_as_the_speed() -> None:
    """A car on the spot turns from 0 to 90 degrees within 200 ms: at 100 ms it shows its diagonal, 3 sqrt(2) m wide."""
    records = driving()
    solid = records["cuboid"]
    assert isinstance(solid, m.Annotation)
    assert isinstance(solid.region, Cuboid)
    turned = msgspec.structs.replace(solid.region, rotation_wxyz=wxyz_from_yaw(math.pi / 2))
    records["later"] = msgspec.structs.replace(solid, id="later", at_ns=200_000_000, region=turned)
    records["clock"] = shifted_clock("cam", 100_000_000)
    change(records, "box", region=Box(x0_px=690, y0_px=405.6, x1_px=910, y1_px=494.4))
    assert run(records, "projection") == ()


def test_S3_a_tracked_cuboid_moves_straight_in_the_world() -> None:
    """The vehicle turns on its spot while a car stands still: half way between key frames it is where it was."""
    records = driving()
    solid = records["cuboid"]
    assert isinstance(solid, m.Annotation)
    assert isinstance(solid.region, Cuboid)
    half = math.pi / 8
    poses = tuple(
        m.TimedPose(at_ns=step * 50_000_000, pose=Pose(rotation_wxyz=wxyz_from_yaw((step - 1) * half)))
        for step in range(3)
    )
    records["ego"] = m.Trajectory(id="ego", sample="s1", frame="lidar", parent_frame="world", poses=poses)
    keys = tuple(
        KeyFrame(
            at_ns=at_ns,
            shape=msgspec.structs.replace(
                solid.region,
                centre_m=(20 * math.cos(yaw), 20 * math.sin(yaw), 0.0),
                rotation_wxyz=wxyz_from_yaw(yaw),
            ),
        )
        for at_ns, yaw in ((0, half), (100_000_000, -half))
    )
    change(records, "cuboid", region=Track(key_frames=keys), at_ns=None)
    change(records, "box", at_ns=50_000_000)
    assert run(records, "projection") == ()
    del records["ego"]
    (finding,) = run(records, "projection")
    assert finding.facts["projected_px"] != "744.4, 405.6, 855.6, 494.4"


def test_S9_rows_are_read_one_after_the_other() -> None:
    """The vehicle drives 20 m/s; rows are read within 100 ms: the car's rows come 45 to 55 ms late, 1 m nearer."""
    records = driving()
    camera = records["cam"]
    assert isinstance(camera, m.Stream)
    poses = tuple(
        m.TimedPose(at_ns=step * 50_000_000, pose=Pose(translation_m=(1.0 * step, 0.0, 0.0)))
        for step in range(5)
    )
    records["ego"] = m.Trajectory(id="ego", sample="s1", frame="lidar", parent_frame="world", poses=poses)
    change(records, "cuboid", attributes={"motion": "parked"})
    change(records, "cam", timing=Timing(readout_ns=100_000_000))
    nearer = Box(x0_px=800 - 1000 / 17, y0_px=450 - 800 / 17, x1_px=800 + 1000 / 17, y1_px=450 + 800 / 17)
    change(records, "box", region=nearer)
    assert run(records, "projection") == ()
    change(records, "box", region=Box(x0_px=720, y0_px=400, x1_px=880, y1_px=500))
    (finding,) = run(records, "projection")
    x0, y0, x1, y1 = (float(part) for part in finding.facts["projected_px"].split(", "))
    assert (x0, x1) == pytest.approx((nearer.x0_px, nearer.x1_px), abs=0.7)
    assert y1 - 450 > 450 - y0


@pytest.mark.parametrize(("part", "rows"), [("start", (5, 35)), ("middle", (-15, 15)), ("end", (-35, -5))])
def test_S9_the_time_of_a_row_follows_from_what_the_stream_says(part: str, rows: tuple[int, int]) -> None:
    timing = Timing(readout_ns=30, exposure_ns=10, part=StampPart(part))
    assert row_times_ns(timing, 0) == rows
    assert row_times_ns(Timing(exposure_offset_ns=7), 100) == (107, 107)
