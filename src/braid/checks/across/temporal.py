"""Temporal overlap: ends of a link that belong together in time are together in time, after clock mapping."""

from __future__ import annotations

from collections.abc import Iterator

from braid.checks.registry import Check, register
from braid.checks.tables import Tables
from braid.checks.timing import Timed, timed
from braid.model import records as m
from braid.model.findings import Finding, LayerOfCheck, Severity

MIN_SHARE = 0.5
"""Less than this share of the shorter end in common is worth a look."""


@register
class TemporalOverlap(Check):
    """Apart: error. Little in common, or not contained where the type says so: warning."""

    id = "temporal-overlap"
    title = "Linked spans overlap in time"
    layer = LayerOfCheck.ACROSS
    severity = Severity.ERROR
    purpose = "Ends of links whose type asks for overlap or containment are at the same time on the sample timeline."
    example = "A horn is linked to a car that is annotated two seconds later."
    reads = ("links", "annotations", "streams", "clock_maps", "classes", "texts")
    source = "Temporal overlap and containment per link type; two sigma of both clocks are forgiven."

    def run(self, tables: Tables) -> Iterator[Finding]:
        """At most one finding per link."""
        for link in tables.links:
            kind = tables.ontology.link_types.get(link.type_id)
            source, target = tables.end(link.source), tables.end(link.target)
            if kind is None or not kind.temporal:
                continue
            if not isinstance(source, m.Annotation) or not isinstance(target, m.Annotation):
                continue
            first, second = timed(tables, source), timed(tables, target)
            if first is None or second is None:
                continue
            judged = judge(kind.temporal, first, second)
            if judged is None:
                continue
            severity, said, score = judged
            yield self.finding(
                sample=link.sample,
                message=f"{tables.name_of(source)} and {tables.name_of(target)} {said} although they are linked "
                f"by {kind.name}.",
                culprits=[tables.culprit(record) for record in (link, source, target)],
                severity=severity,
                score=score,
                facts={
                    "source_ns": f"[{first.start_ns}, {first.end_ns})",
                    "target_ns": f"[{second.start_ns}, {second.end_ns})",
                    "slack_ns": str(first.slack_ns + second.slack_ns),
                },
                hint="Move the boundary, check the clock of the stream, or retarget the link",
            )


def judge(rule: str, source: Timed, target: Timed) -> tuple[Severity, str, float] | None:
    """(severity, what is wrong, score) of two times under "overlap" or "contains"; None when they fit."""
    slack = source.slack_ns + target.slack_ns
    gap = max(source.start_ns, target.start_ns) - min(source.end_ns, target.end_ns)
    instants = source.is_instant or target.is_instant
    if gap > slack or (gap == slack == 0 and not _inside(source, target)):
        said = f"are {_seconds(gap)} s apart in time" if gap else "only touch in time"
        return (Severity.ERROR, said, 1.0)
    if rule == "contains":
        outside = max(source.start_ns - target.start_ns, target.end_ns - source.end_ns, 0)
        if outside > slack:
            return (Severity.WARNING, f"are not inside each other: {_seconds(outside)} s stick out", 0.6)
        return None
    if instants:
        return None
    shorter = min(source.end_ns - source.start_ns, target.end_ns - target.start_ns)
    share = min(1.0, (slack - gap) / shorter)
    if share < MIN_SHARE:
        return (Severity.WARNING, f"have only {share:.0%} of the shorter one in common", 1.0 - share)
    return None


def _inside(source: Timed, target: Timed) -> bool:
    """Whether one of them is an instant within the other (spans are half-open, rule T2)."""
    if source.is_instant and target.is_instant:
        return source.start_ns == target.start_ns
    if source.is_instant:
        return target.start_ns <= source.start_ns < target.end_ns
    return target.is_instant and source.start_ns <= target.start_ns < source.end_ns


def _seconds(ns: int) -> str:
    return f"{ns / 1e9:.3f}"
