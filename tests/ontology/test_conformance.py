"""What may be written: rules O6 to O10 and law L6."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.checks.scenes import captioned, change, driving, link, run

from braid.base.errors import InvalidInput
from braid.clock.clock_map import ClockSegment
from braid.model import records as m
from braid.model.regions import Box, Cuboid, KeyFrame, TextSpan, TimeSpan, Track, WholeStream
from braid.ontology.conformance import admission, admit, problems_of
from braid.ontology.links import EndView, allowed_link_types
from braid.ontology.templates import template_ontology
from braid.ontology.tree import OntologyTree
from braid.space.pose import Camera


def allow(records: dict[str, m.AnyRecord], record: m.AnyRecord, *, new: bool = True) -> None:
    heads = {key: value for key, value in records.items() if not (new and key == record.id)}
    ontology = records["onto"]
    assert isinstance(ontology, m.Ontology)
    admission(ontology)(record, heads.get)


def edited(records: dict[str, m.AnyRecord], record_id: str, **fields: object) -> m.AnyRecord:
    copy = dict(records)
    change(copy, record_id, **fields)
    return copy[record_id]


@pytest.mark.parametrize("scene", [driving, captioned])
def test_O6_every_record_of_a_clean_sample_is_admitted(scene: Any) -> None:
    records = scene()
    for record in records.values():
        allow(records, record)


@pytest.mark.parametrize(
    ("record_id", "fields", "said"),
    [
        ("box", {"class_id": "unicorn"}, "no such class (got unicorn"),
        ("box", {"stream": "nowhere"}, "its stream is not there (got nowhere"),
        ("box", {"layer": "nowhere"}, "its layer is not there"),
        ("box", {"sample": "s2"}, "its sample is not there"),
        ("box", {"entity": "nobody"}, "its entity is not there"),
        ("box", {"entity": "cuboid"}, "its entity is not there"),
        ("box", {"region": Box(x0_px=5, y0_px=0, x1_px=1, y1_px=1)}, "box width_px is -4 (wanted > 0)"),
        ("box", {"region": TimeSpan(start_ns=0, end_ns=1)}, "Car does not take a time span"),
        ("horn", {"region": Box(x0_px=0, y0_px=0, x1_px=1, y1_px=1)}, "Horn does not take a box"),
        ("horn", {"stream": "lidar", "region": WholeStream(), "at_ns": 2**53}, "at_ns is 9007199254740992"),
        ("box", {"attributes": {"occlusion": "very"}}, "one of none, partly, largely, unknown"),
        ("box", {"attributes": {"truncation": 1.5}}, "a number from 0 to 1"),
        ("box", {"attributes": {"truncation": True}}, "a number from 0 to 1"),
        ("box", {"attributes": {"wheels": 4}}, "asks no such attribute here"),
        ("box", {"score": float("nan")}, "score is not a finite number"),
        ("e1", {"class_id": "unicorn"}, "no such class"),
        ("same", {"type_id": "same-objekt"}, "wanted same-object, emitted-by, reacts-to"),
        ("same", {"target": m.End(id="gone", judged="")}, "the target of the link is not there"),
        ("same", {"target": m.End(id="e1", judged="")}, "the target of the link is not there"),
        ("same", {"target": m.End(id="cuboid", judged="")}, "a link joins a thing with itself"),
        ("same", {"attributes": {"sure": True}}, "wanted no attributes"),
        (
            "cal",
            {"camera": Camera(fx_px=0, fy_px=1, cx_px=0, cy_px=0, width_px=1, height_px=1)},
            "focal length",
        ),
        ("cal", {"parent_frame": "cam"}, "its own parent"),
    ],
)
def test_O6_what_does_not_conform_is_refused_with_its_reason(record_id: Any, fields: Any, said: Any) -> None:
    records = driving()
    with pytest.raises(InvalidInput) as raised:
        allow(records, edited(records, record_id, **fields))
    assert said in str(raised.value)


def test_O6_a_region_must_suit_the_modality_of_its_stream() -> None:
    records, scene = captioned(), driving()
    with pytest.raises(InvalidInput, match="a cuboid cannot stand on a stream of audio"):
        allow(scene, edited(scene, "cuboid", stream="mic"))
    with pytest.raises(InvalidInput, match="the text that the span stands on is not there"):
        allow(records, edited(records, "p1", region=TextSpan(start=0, end=1, quote="A", of="b1")))


def test_O6_a_class_that_takes_boxes_takes_tracks_of_boxes() -> None:
    records = driving()
    box = Box(x0_px=0, y0_px=0, x1_px=1, y1_px=1)
    cuboid = records["cuboid"]
    assert isinstance(cuboid, m.Annotation)
    assert isinstance(cuboid.region, Cuboid)
    ontology = template_ontology("driving", ontology_id="onto")
    only_boxes = tuple(
        msgspec.structs.replace(node, regions=("box",)) if node.id == "car" else node
        for node in ontology.classes
    )
    records["onto"] = msgspec.structs.replace(ontology, classes=only_boxes)
    allow(records, edited(records, "box", region=Track(key_frames=(KeyFrame(at_ns=0, shape=box),))))
    with pytest.raises(InvalidInput, match="Car does not take a track"):
        allow(
            records,
            edited(records, "box", region=Track(key_frames=(KeyFrame(at_ns=0, shape=cuboid.region),))),
        )


def test_O8_key_frames_answer_the_same_questions() -> None:
    records = driving()
    box = Box(x0_px=0, y0_px=0, x1_px=1, y1_px=1)

    def track(**answers: str) -> Track:
        return Track(key_frames=(KeyFrame(at_ns=7, shape=box, attributes={**answers}),))

    allow(records, edited(records, "box", region=track(motion="parked")))
    with pytest.raises(InvalidInput, match="key frame 7 ns, attribute motion"):
        allow(records, edited(records, "box", region=track(motion="flying")))


def test_O6_a_slip_in_a_class_id_is_met_with_the_nearest() -> None:
    records = driving()
    with pytest.raises(InvalidInput, match="Did you mean bicycle"):
        allow(records, edited(records, "box", class_id="bycicle"))


def test_O7_a_deprecated_class_is_closed_to_new_records_and_open_to_old_ones() -> None:
    records = driving()
    ontology = template_ontology("driving", ontology_id="onto")
    classes = tuple(
        msgspec.structs.replace(node, deprecated=True, replaced_by="van") if node.id == "car" else node
        for node in ontology.classes
    )
    records["onto"] = msgspec.structs.replace(ontology, classes=classes)
    moved = edited(records, "box", comment="moved")
    allow(records, moved, new=False)
    with pytest.raises(InvalidInput, match="Use Van instead"):
        allow(records, moved, new=True)


def test_O8_attributes_of_ancestors_hold_for_descendants_and_open_answers_may_wait() -> None:
    records = driving()
    tree = OntologyTree(ontology=template_ontology("driving", ontology_id="onto"))
    assert tree.line_of("bus-bendy") == ("bus-bendy", "bus", "vehicle")
    assert "motion" in tree.attributes_of("bus-bendy")
    allow(records, edited(records, "box", class_id="bus-bendy", attributes={"motion": "parked"}))
    asked = m.Attribute(id="plate", name="Plate", type="text", required=True)
    classes = tuple(
        msgspec.structs.replace(node, attributes=(asked,)) if node.id == "car" else node
        for node in tree.ontology.classes
    )
    records["onto"] = msgspec.structs.replace(tree.ontology, classes=classes)
    allow(records, records["box"])
    asking = OntologyTree(ontology=msgspec.structs.replace(tree.ontology, classes=classes))
    (problem,) = problems_of(records["box"], records.get, asking)
    assert (problem.code, problem.unfinished) == ("attribute-missing", True)


def test_O8_answers_that_stood_before_the_ontology_moved_on_are_let_stand() -> None:
    records = driving()
    change(records, "box", attributes={"era": "old"})
    allow(records, edited(records, "box", comment="moved"), new=False)
    with pytest.raises(InvalidInput, match="asks no such attribute here"):
        allow(records, edited(records, "box", attributes={"era": "new"}), new=False)
    with pytest.raises(InvalidInput, match="asks no such attribute here"):
        allow(records, edited(records, "box", class_id="bus"), new=False)
    with pytest.raises(InvalidInput, match="asks no such attribute here"):
        allow(records, edited(records, "box", comment="moved"), new=True)


def test_L6_a_link_joins_only_what_its_type_admits() -> None:
    records = driving()
    allow(records, link("new", "same-object", "cuboid", "box"))
    with pytest.raises(InvalidInput) as raised:
        allow(records, link("new", "same-object", "cuboid", "horn"))
    assert "Same object does not take this region kind as its target" in str(raised.value)
    assert "wanted box or rotated_box or polygon or mask" in str(raised.value)


def test_L6_only_fitting_link_types_are_offered() -> None:
    ontology = template_ontology("driving", ontology_id="o")
    cuboid = EndView(kind="cuboid", class_id="bus-bendy", modality="point_cloud")
    box = EndView(kind="box", class_id="car", modality="image")
    horn = EndView(kind="time_span", class_id="horn", modality="audio")

    def offered(source: EndView, target: EndView) -> list[str]:
        return [kind.id for kind in allowed_link_types(ontology, source, target)]

    assert offered(cuboid, box) == ["same-object"]
    assert offered(box, cuboid) == []
    assert offered(horn, box) == ["emitted-by"]
    assert offered(horn, EndView(kind="entity", class_id="ambulance")) == ["emitted-by"]
    assert offered(horn, EndView(kind="box", class_id="traffic-cone", modality="image")) == []


def test_L7_a_link_whose_end_is_gone_may_still_be_written_but_not_made() -> None:
    records = driving()
    same = records["same"]
    del records["box"]
    allow(records, same, new=False)
    with pytest.raises(InvalidInput, match="Was it deleted"):
        allow(records, same, new=True)


def test_O9_a_record_keeps_its_kind() -> None:
    records = driving()
    with pytest.raises(InvalidInput, match="cannot change its kind"):
        allow(records, m.Layer(id="box", name="x", actor="y"), new=False)


def test_O10_clock_maps_trajectories_and_verdicts_are_held_to_sense() -> None:
    records = driving()
    ontology = records["onto"]
    assert isinstance(ontology, m.Ontology)
    bad: list[m.AnyRecord] = [
        m.ClockMap(id="n", sample="s1", stream="mic", segments=()),
        m.ClockMap(
            id="n",
            sample="s1",
            stream="mic",
            segments=(ClockSegment(media_ns=5, timeline_ns=5), ClockSegment(media_ns=1, timeline_ns=9)),
        ),
        m.Trajectory(id="n", sample="s1", frame="ego", parent_frame="world", poses=()),
        m.Verdict(id="n", sample="s1", fingerprint="f", decision=m.Decision.WAIVED, reason=" "),
        m.Ontology(id="n", version=0),
    ]
    for record in bad:
        with pytest.raises(InvalidInput):
            admit(record, records.get, ontology)
    good = m.Verdict(id="n", sample="s1", fingerprint="f", decision=m.Decision.WAIVED, reason="a reflection")
    admit(good, records.get, ontology)


def test_O1_one_class_is_used_on_streams_of_every_modality() -> None:
    records = driving()
    classes = {record.class_id for record in records.values() if isinstance(record, m.Annotation)}
    streams = {record.stream: record for record in records.values() if isinstance(record, m.Annotation)}
    assert classes == {"car", "horn"}
    assert streams["lidar"].class_id == streams["cam"].class_id == "car"
    for record in streams.values():
        allow(records, record)


def test_O2_renaming_a_class_changes_no_annotation() -> None:
    records = driving()
    ontology = template_ontology("driving", ontology_id="onto")
    renamed = tuple(
        msgspec.structs.replace(node, name="Motor car") if node.id == "car" else node
        for node in ontology.classes
    )
    records["onto"] = msgspec.structs.replace(ontology, classes=renamed, version=2)
    allow(records, records["box"])
    assert run(records) == ()
