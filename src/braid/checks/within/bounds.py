"""Bounds: regions that are degenerate, or lie outside what they stand on."""

from __future__ import annotations

from collections.abc import Iterator

from braid.base.errors import InvalidInput
from braid.checks.registry import Check, register
from braid.checks.tables import Tables
from braid.model import records as m
from braid.model.findings import Finding, LayerOfCheck, Severity
from braid.model.regions import AnyRegion, Mask, PointSet, TimeSpan, Track, kind_of
from braid.model.validate import bounds_px
from braid.space.rle import area_px

EDGE_PX = 1.0
"""How far a region may stick out of the picture."""
SMALL_PX = 1.0
"""A side below this is degenerate."""


@register
class Bounds(Check):
    """Outside or empty: error. Sticking out or smaller than a pixel: warning."""

    id = "region-bounds"
    title = "Degenerate and out-of-bounds regions"
    layer = LayerOfCheck.WITHIN
    severity = Severity.WARNING
    purpose = "Every region has some extent and lies on its picture, recording or sweep."
    example = "A box of 0.4 x 30 px; a time span that begins after the recording ends; an empty mask."
    reads = ("annotations", "streams")
    source = "Exact, with one pixel of tolerance at the edges."

    def run(self, tables: Tables) -> Iterator[Finding]:
        """One finding per fault of each annotation."""
        for annotation in tables.annotations:
            stream = tables.streams.get(annotation.stream)
            if stream is None:
                continue
            for facet, severity, said, facts in _faults(annotation.region, stream.facts):
                yield self.finding(
                    sample=annotation.sample,
                    message=f"{tables.name_of(annotation)} {said}.",
                    culprits=[tables.culprit(annotation)],
                    facet=facet,
                    severity=severity,
                    facts=facts,
                    hint="Redraw it, or delete it if it is a slip",
                )


Fault = tuple[str, Severity, str, dict[str, str]]


def _faults(region: AnyRegion, facts: m.MediaFacts) -> Iterator[Fault]:
    match region:
        case Track():
            seen: set[str] = set()
            for key in region.key_frames:
                for fault in _faults(key.shape, facts) if key.shape is not None else ():
                    if fault[0] not in seen:
                        seen.add(fault[0])
                        yield (*fault[:2], f"{fault[2]} at {key.at_ns / 1e9:.3f} s", fault[3])
        case TimeSpan():
            yield from _time(region, facts)
        case PointSet():
            end = max((run[1] for run in region.runs), default=0)
            if facts.point_count is not None and end > facts.point_count:
                numbers = {"last": str(end - 1), "points": str(facts.point_count)}
                yield ("points", Severity.ERROR, f"names point {end - 1} of {facts.point_count}", numbers)
        case Mask():
            yield from _mask(region, facts)
        case _:
            yield from _picture(region, facts)


def _picture(region: AnyRegion, facts: m.MediaFacts) -> Iterator[Fault]:
    box = bounds_px(region)
    if box is None:
        return
    width, height = box[2] - box[0], box[3] - box[1]
    numbers = {"bounds_px": ", ".join(f"{part:.1f}" for part in box)}
    thin = kind_of(region) not in {"keypoints", "polyline"} and min(width, height) < SMALL_PX
    if thin:
        yield ("degenerate", Severity.WARNING, f"is only {width:.1f} x {height:.1f} px", numbers)
    if facts.width_px is None or facts.height_px is None:
        return
    numbers = {**numbers, "picture_px": f"{facts.width_px} x {facts.height_px}"}
    out = max(-box[0], -box[1], box[2] - facts.width_px, box[3] - facts.height_px)
    if box[2] <= 0 or box[3] <= 0 or box[0] >= facts.width_px or box[1] >= facts.height_px:
        yield ("outside", Severity.ERROR, "lies outside its picture", numbers)
    elif out > EDGE_PX:
        yield ("outside", Severity.WARNING, f"sticks {out:.1f} px out of its picture", numbers)


def _mask(mask: Mask, facts: m.MediaFacts) -> Iterator[Fault]:
    size = f"{mask.width_px} x {mask.height_px}"
    if facts.width_px is not None and (mask.width_px, mask.height_px) != (facts.width_px, facts.height_px):
        picture = f"{facts.width_px} x {facts.height_px}"
        numbers = {"mask_px": size, "picture_px": picture}
        yield ("mask-size", Severity.ERROR, f"has a mask of {size} px on a picture of {picture} px", numbers)
    try:
        area = area_px(mask.counts)
    except InvalidInput:
        return  # the schema check tells about masks that do not decode
    if area == 0:
        yield ("degenerate", Severity.ERROR, "has an empty mask", {"area_px": "0"})


def _time(span: TimeSpan, facts: m.MediaFacts) -> Iterator[Fault]:
    if facts.duration_ns is None:
        return
    start, end = facts.start_ns or 0, (facts.start_ns or 0) + facts.duration_ns
    numbers = {"span_ns": f"[{span.start_ns}, {span.end_ns})", "stream_ns": f"[{start}, {end})"}
    out = max(start - span.start_ns, span.end_ns - end)
    if span.end_ns <= start or span.start_ns >= end:
        yield ("outside", Severity.ERROR, "lies outside its recording", numbers)
    elif out > 1_000_000:
        yield ("outside", Severity.WARNING, f"sticks {out / 1e9:.3f} s out of its recording", numbers)
