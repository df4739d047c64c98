"""The plan of an import: what is refused takes along what stands on it."""

from __future__ import annotations

from pathlib import Path

from tests.formats.reading import LAYER, counted_ids

from braid.base.ids import NewId
from braid.formats.seam import ReadContext, SampleBundle, end_of
from braid.model.records import (
    Annotation,
    AnyRecord,
    Layer,
    Link,
    Modality,
    Ontology,
    Sample,
    Sampling,
    Stream,
)
from braid.model.regions import Box
from braid.work.import_plan import Plan


def bundle(new_id: NewId, key: str) -> tuple[SampleBundle, Annotation]:
    sample = Sample(id=new_id(), key=key)
    stream = Stream(
        id=new_id(), sample=sample.id, name="image", modality=Modality.IMAGE, sampling=Sampling.INSTANT
    )
    box = Annotation(
        id=new_id(),
        sample=sample.id,
        stream=stream.id,
        layer=LAYER,
        class_id="kite",
        region=Box(x0_px=0.0, y0_px=0.0, x1_px=1.0, y1_px=1.0),
    )
    return SampleBundle(sample=sample, records=(stream, box)), box


def plan_of(tmp_path: Path, *, taken_keys: set[str]) -> Plan:
    new_id = counted_ids()
    context = ReadContext(
        new_id=new_id, layer=LAYER, ontology=Ontology(id=new_id(), version=1), scratch=tmp_path
    )
    known: dict[str, AnyRecord] = {LAYER: Layer(id=LAYER, name="Local", actor="local")}
    return Plan(context=context, probe=None, admission=None, known=known, taken_keys=taken_keys)


def linked(tmp_path: Path, *, taken_keys: set[str]) -> Plan:
    """Two samples, and a link in the first that ends in the second."""
    new_id = counted_ids(1000)
    first, here = bundle(new_id, "first")
    second, there = bundle(new_id, "second")
    link = Link(
        id=new_id(),
        sample=first.sample.id,
        layer=LAYER,
        type_id="same-object",
        source=end_of(here),
        target=end_of(there),
    )
    plan = plan_of(tmp_path, taken_keys=taken_keys)
    plan.take(SampleBundle(sample=first.sample, records=(*first.records, link)))
    plan.take(second)
    plan.drop_loose_links()
    return plan


def test_a_link_between_samples_is_taken_with_both(tmp_path: Path) -> None:
    report = linked(tmp_path, taken_keys=set()).report()
    assert (report.accepted.samples, report.accepted.links, report.rejected) == (2, 1, ())


def test_a_link_between_samples_goes_with_the_sample_at_its_end(tmp_path: Path) -> None:
    plan = linked(tmp_path, taken_keys={"second"})
    report = plan.report()
    assert (report.accepted.samples, report.accepted.links) == (1, 0)
    assert [one.reason for one in report.rejected] == [
        "a sample of this key is there already",
        "an end of the link was refused",
    ]
    assert not any(isinstance(record, Link) for record in plan.records)
