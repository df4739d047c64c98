"""Small samples that fit in the head, with nothing wrong in them; tests break one thing at a time."""

from __future__ import annotations

from typing import Any

import msgspec

from braid.checks.run import run_checks
from braid.checks.tables import Tables
from braid.clock.clock_map import ClockSegment
from braid.model import records as m
from braid.model.findings import Finding
from braid.model.regions import Box, Cuboid, TextSpan, TimeSpan, WholeStream
from braid.ontology.templates import template_ontology
from braid.space.pose import Camera, Pose

CAPTION = "A man rides a red bicycle."

LIDAR_FROM_CAMERA = Pose(rotation_wxyz=(0.5, -0.5, 0.5, -0.5))
"""z forward, x right, y down to x forward, y left, z up."""
CAMERA = Camera(fx_px=1000.0, fy_px=1000.0, cx_px=799.5, cy_px=449.5, width_px=1600, height_px=900)


def driving() -> dict[str, m.AnyRecord]:
    """A car 20 m ahead as a cuboid and its camera box, linked; a horn emitted by it."""
    return _by_id(
        template_ontology("driving", ontology_id="onto"),
        m.Layer(id="layer", name="Ann", actor="ann"),
        m.Sample(id="s1", key="drive-1"),
        m.Stream(
            id="lidar",
            sample="s1",
            name="lidar_top",
            modality=m.Modality.POINT_CLOUD,
            sampling=m.Sampling.SWEEP,
            frame="lidar",
            readings=(m.Reading(at_ns=0, asset="a" * 64),),
            facts=m.MediaFacts(point_count=1000),
        ),
        m.Stream(
            id="cam",
            sample="s1",
            name="cam_front",
            modality=m.Modality.IMAGE,
            sampling=m.Sampling.INSTANT,
            frame="cam",
            readings=(m.Reading(at_ns=0, asset="b" * 64),),
            facts=m.MediaFacts(width_px=1600, height_px=900),
        ),
        m.Stream(
            id="mic",
            sample="s1",
            name="mic",
            modality=m.Modality.AUDIO,
            sampling=m.Sampling.CONTINUOUS,
            facts=m.MediaFacts(start_ns=0, duration_ns=10_000_000_000),
        ),
        m.Calibration(
            id="cal",
            sample="s1",
            stream="cam",
            frame="cam",
            parent_frame="lidar",
            parent_from_frame=LIDAR_FROM_CAMERA,
            camera=CAMERA,
        ),
        m.Entity(id="e1", sample="s1", layer="layer", class_id="car", name="Red car"),
        m.Annotation(
            id="cuboid",
            sample="s1",
            stream="lidar",
            layer="layer",
            class_id="car",
            entity="e1",
            at_ns=0,
            region=Cuboid(
                frame="lidar",
                centre_m=(20.0, 0.0, 0.0),
                size_m=(4.0, 2.0, 1.6),
                rotation_wxyz=(1.0, 0.0, 0.0, 0.0),
            ),
        ),
        # The near face stands 18 m away: half its width is 1 m = 55.56 px, half its height 0.8 m = 44.44 px.
        m.Annotation(
            id="box",
            sample="s1",
            stream="cam",
            layer="layer",
            class_id="car",
            entity="e1",
            at_ns=0,
            region=Box(x0_px=744.4, y0_px=405.6, x1_px=855.6, y1_px=494.4),
        ),
        m.Annotation(
            id="horn",
            sample="s1",
            stream="mic",
            layer="layer",
            class_id="horn",
            region=TimeSpan(start_ns=0, end_ns=1_000_000_000),
        ),
        link("same", "same-object", "cuboid", "box"),
        link("emits", "emitted-by", "horn", "box"),
    )


def captioned() -> dict[str, m.AnyRecord]:
    """A picture with a caption whose two phrases refer to two boxes."""
    return _by_id(
        template_ontology("vision-language", ontology_id="onto"),
        m.Layer(id="layer", name="Ann", actor="ann"),
        m.Sample(id="s1", key="photo-1"),
        m.Stream(
            id="img",
            sample="s1",
            name="picture",
            modality=m.Modality.IMAGE,
            sampling=m.Sampling.INSTANT,
            facts=m.MediaFacts(width_px=640, height_px=480),
        ),
        m.Annotation(
            id="cap",
            sample="s1",
            stream="img",
            layer="layer",
            class_id="caption",
            region=WholeStream(),
            text=CAPTION,
        ),
        _phrase("p1", "man", 0, 5),
        _phrase("p2", "bicycle", 12, 25),
        _box("b1", "man", (10, 20, 200, 400)),
        _box("b2", "bicycle", (40, 220, 320, 460)),
        link("l1", "refers-to", "p1", "b1"),
        link("l2", "refers-to", "p2", "b2"),
    )


def broken() -> dict[str, m.AnyRecord]:
    """The drive with a box elsewhere and of another class, and a clock that is two seconds off."""
    records = driving()
    change(records, "box", region=Box(x0_px=820, y0_px=405.6, x1_px=931, y1_px=494.4), class_id="bus")
    records["clock"] = shifted_clock("mic", 2_000_000_000)
    return records


def link(link_id: str, type_id: str, source: str, target: str) -> m.Link:
    return m.Link(
        id=link_id,
        sample="s1",
        layer="layer",
        type_id=type_id,
        source=m.End(id=source, judged="0" * 32),
        target=m.End(id=target, judged="0" * 32),
    )


def change(records: dict[str, m.AnyRecord], record_id: str, **fields: Any) -> None:
    """Replace fields of one record in place."""
    records[record_id] = msgspec.structs.replace(records[record_id], **fields)


def shifted_clock(stream: str, by_ns: int) -> m.ClockMap:
    return m.ClockMap(
        id=f"clock-{stream}",
        sample="s1",
        stream=stream,
        segments=(ClockSegment(media_ns=0, timeline_ns=by_ns),),
    )


def run(records: dict[str, m.AnyRecord], *only: str) -> tuple[Finding, ...]:
    return run_checks(Tables.build(records.values()), only or None)


def _phrase(record_id: str, class_id: str, start: int, end: int) -> m.Annotation:
    return m.Annotation(
        id=record_id,
        sample="s1",
        stream="img",
        layer="layer",
        class_id=class_id,
        region=TextSpan(start=start, end=end, quote=CAPTION[start:end], of="cap"),
    )


def _box(record_id: str, class_id: str, corners: tuple[float, float, float, float]) -> m.Annotation:
    x0, y0, x1, y1 = corners
    return m.Annotation(
        id=record_id,
        sample="s1",
        stream="img",
        layer="layer",
        class_id=class_id,
        region=Box(x0_px=x0, y0_px=y0, x1_px=x1, y1_px=y1),
    )


def _by_id(*records: m.AnyRecord) -> dict[str, m.AnyRecord]:
    return {record.id: record for record in records}
