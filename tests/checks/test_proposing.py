"""Proposals from geometry, time and words: each beside a case in which there is nothing to propose."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.checks.scenes import captioned, change, driving, link, shifted_clock

from braid.base.hashing import REVISION_HEX
from braid.checks.proposing import propose
from braid.checks.proposing.by_words import head_of
from braid.checks.tables import Tables
from braid.model import records as m
from braid.model.proposals import Proposal, ProposalKind
from braid.model.regions import Box, TimeSpan
from braid.ontology.templates import template_ontology

SECOND = 1_000_000_000


def proposals(records: dict[str, Any], kind: ProposalKind) -> list[Proposal]:
    return [p for p in propose(Tables.build(records.values()), "s1") if p.kind is kind]


def unlinked_drive() -> dict[str, m.AnyRecord]:
    records = driving()
    del records["same"]
    return records


def test_a_cuboid_that_projects_onto_a_box_of_its_class_is_proposed() -> None:
    (found,) = proposals(unlinked_drive(), ProposalKind.PROJECTION)
    assert (found.type_id, found.source, found.target) == ("same-object", "cuboid", "box")
    assert found.score > 0.99
    assert found.facts == {"iou": "1.00"}
    assert "IoU 1.00" in found.reason
    assert len(found.fingerprint) == REVISION_HEX


def test_what_is_linked_is_not_proposed_again() -> None:
    assert proposals(driving(), ProposalKind.PROJECTION) == []


def test_a_box_of_another_class_or_elsewhere_or_much_later_is_not_proposed() -> None:
    for fields in (
        {"class_id": "pedestrian"},
        {"region": Box(x0_px=10, y0_px=10, x1_px=110, y1_px=90)},
    ):
        records = unlinked_drive()
        change(records, "box", **fields)
        assert proposals(records, ProposalKind.PROJECTION) == []
    records = unlinked_drive()
    records["clock"] = shifted_clock("cam", 2 * SECOND)
    assert proposals(records, ProposalKind.PROJECTION) == []


def test_a_box_of_an_ancestor_class_is_proposed() -> None:
    records = unlinked_drive()
    change(records, "box", class_id="vehicle")
    assert len(proposals(records, ProposalKind.PROJECTION)) == 1


def test_of_two_boxes_the_better_one_is_proposed() -> None:
    records = unlinked_drive()
    shifted = Box(x0_px=754.4, y0_px=405.6, x1_px=865.6, y1_px=494.4)
    records["box-2"] = msgspec.structs.replace(records["box"], id="box-2", region=shifted)
    assert [p.target for p in proposals(records, ProposalKind.PROJECTION)] == ["box"]


def test_a_verdict_puts_a_proposal_away() -> None:
    records: dict[str, m.AnyRecord] = unlinked_drive()
    (found,) = proposals(records, ProposalKind.PROJECTION)
    records["v"] = m.Verdict(
        id="v", sample="s1", fingerprint=found.fingerprint, decision=m.Decision.NOT_AN_ERROR
    )
    assert proposals(records, ProposalKind.PROJECTION) == []


def dialogue(frown: TimeSpan) -> dict[str, m.AnyRecord]:
    def span(record_id: str, stream: str, class_id: str, region: TimeSpan) -> m.Annotation:
        return m.Annotation(
            id=record_id, sample="s1", stream=stream, layer="layer", class_id=class_id, region=region
        )

    def stream(record_id: str, modality: m.Modality) -> m.Stream:
        return m.Stream(
            id=record_id,
            sample="s1",
            name=record_id,
            modality=modality,
            sampling=m.Sampling.CONTINUOUS,
            facts=m.MediaFacts(start_ns=0, duration_ns=60 * SECOND),
        )

    rows: list[m.AnyRecord] = [
        template_ontology("dialogue", ontology_id="onto"),
        m.Layer(id="layer", name="Ann", actor="ann"),
        m.Sample(id="s1", key="call-1"),
        stream("voice", m.Modality.AUDIO),
        stream("face", m.Modality.VIDEO),
        span("u1", "voice", "utterance", TimeSpan(start_ns=0, end_ns=4 * SECOND)),
        span("u2", "voice", "utterance", TimeSpan(start_ns=4 * SECOND, end_ns=9 * SECOND)),
        span("f1", "face", "frown", frown),
    ]
    return {row.id: row for row in rows}


def test_spans_that_overlap_most_are_proposed() -> None:
    records = dialogue(TimeSpan(start_ns=3 * SECOND, end_ns=6 * SECOND))
    (found,) = proposals(records, ProposalKind.TIME)
    assert (found.type_id, found.source, found.target) == ("expresses", "u2", "f1")
    records["l"] = link("l", "expresses", "u1", "f1")
    assert proposals(records, ProposalKind.TIME) == []


def test_spans_that_only_touch_or_are_moved_apart_by_a_clock_are_not_proposed() -> None:
    records = dialogue(TimeSpan(start_ns=9 * SECOND, end_ns=10 * SECOND))
    assert proposals(records, ProposalKind.TIME) == []
    records = dialogue(TimeSpan(start_ns=4 * SECOND, end_ns=9 * SECOND))
    records["clock"] = shifted_clock("face", 20 * SECOND)
    assert proposals(records, ProposalKind.TIME) == []


def unlinked_caption() -> dict[str, m.AnyRecord]:
    records = captioned()
    del records["l1"], records["l2"]
    return records


def test_phrases_whose_head_names_a_regions_class_are_proposed() -> None:
    found = proposals(unlinked_caption(), ProposalKind.WORDS)
    assert {(p.source, p.target) for p in found} == {("p1", "b1"), ("p2", "b2")}
    assert all(p.score == 0.9 and p.type_id == "refers-to" for p in found)
    assert proposals(captioned(), ProposalKind.WORDS) == []


def test_of_several_regions_one_without_a_phrase_is_likelier() -> None:
    records = unlinked_caption()
    records["b3"] = msgspec.structs.replace(records["b1"], id="b3")
    even = [p.score for p in proposals(records, ProposalKind.WORDS) if p.source == "p1"]
    assert even == [0.45, 0.45]
    records["l9"] = link("l9", "refers-to", "p2", "b3")
    by_target = {p.target: p.score for p in proposals(records, ProposalKind.WORDS) if p.source == "p1"}
    assert by_target["b1"] == 0.9 > by_target["b3"]


def test_one_entity_outweighs_the_words_and_another_one_forbids() -> None:
    records: dict[str, m.AnyRecord] = unlinked_caption()
    for name in ("e1", "e2"):
        records[name] = m.Entity(id=name, sample="s1", layer="layer", class_id="man")
    change(records, "p1", entity="e1")
    change(records, "b1", entity="e2")
    assert "p1" not in {p.source for p in proposals(records, ProposalKind.WORDS)}
    change(records, "b1", entity="e1")
    (found,) = (p for p in proposals(records, ProposalKind.WORDS) if p.source == "p1")
    assert found.score == 1.0


@pytest.mark.parametrize(
    ("quote", "head"),
    [
        ("A man in a blue shirt", "man"),
        ("two gulls", "gull"),
        ("the buses", "bus"),
        ("The people", "person"),
        ("puppies", "puppy"),
        ("glass", "glass"),
        ("Ein Hündchen", "hündchen"),
    ],
)
def test_the_head_of_a_phrase(quote: str, head: str) -> None:
    assert head_of(quote)[-1] == head


def test_a_phrase_without_words_has_no_head() -> None:
    assert head_of("🙂 42") == ()


def test_the_order_does_not_depend_on_the_order_of_records() -> None:
    records = unlinked_caption()
    forward = propose(Tables.build(records.values()), "s1")
    assert forward == propose(Tables.build(list(records.values())[::-1]), "s1")
