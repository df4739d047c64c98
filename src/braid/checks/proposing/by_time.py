"""Time: spans of different streams, or of different classes, that overlap, for link types that ask for overlap."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from braid.checks.proposing.pairs import joined, linked_ends, proposal, sources_and_targets
from braid.checks.tables import Tables
from braid.checks.timing import Timed, timed
from braid.model.proposals import Proposal, ProposalKind
from braid.model.records import Annotation, LinkType

MIN_SHARE = 0.5
"""Of the shorter span, so much must lie in the other."""


def by_time(tables: Tables, sample: str) -> Iterator[Proposal]:
    """For each type with a temporal rule: the source that each target without a link of the type overlaps most."""
    for kind in tables.ontology.ontology.link_types:
        if kind.temporal and not kind.deprecated:
            yield from _of_kind(tables, sample, kind)


def _of_kind(tables: Tables, sample: str, kind: LinkType) -> Iterator[Proposal]:
    sources, targets = sources_and_targets(tables, sample, kind)
    spans = sorted(_spans(tables, sources), key=lambda row: row[0].start_ns)
    longest_ns = max((span.end_ns - span.start_ns for span, _ in spans), default=0)
    starts = [span.start_ns for span, _ in spans]
    known, ends = joined(tables, kind), linked_ends(tables, kind)
    for target_span, target in _spans(tables, targets):
        if target.id in ends:
            continue
        best: tuple[float, Annotation] | None = None
        first = bisect_left(starts, target_span.start_ns - longest_ns)
        for span, source in spans[first:]:
            if span.start_ns >= target_span.end_ns:
                break
            if source.id == target.id or frozenset((source.id, target.id)) in known:
                continue
            share = _share(span, target_span)
            if share >= MIN_SHARE and (best is None or share > best[0]):
                best = (share, source)
        if best is not None:
            share, source = best
            yield proposal(
                by=ProposalKind.TIME,
                kind=kind,
                source=source,
                target=target,
                score=0.9 * share,
                reason=f"{tables.name_of(source)} and {tables.name_of(target)} overlap in time by {share:.0%}",
                facts={"share": f"{share:.2f}"},
            )


def _spans(tables: Tables, annotations: tuple[Annotation, ...]) -> Iterator[tuple[Timed, Annotation]]:
    """Those with a duration: instants overlap with everything around them."""
    for annotation in annotations:
        at = timed(tables, annotation)
        if at is not None and at.end_ns > at.start_ns:
            yield at, annotation


def _share(one: Timed, other: Timed) -> float:
    """Intersection over union, raised to what lies in the other where one is the shorter.

    A short gesture inside a long utterance belongs to it; of two sources the one that fits better must still win.
    """
    common = min(one.end_ns, other.end_ns) - max(one.start_ns, other.start_ns)
    if common <= 0:
        return 0.0
    lengths = (one.end_ns - one.start_ns, other.end_ns - other.start_ns)
    union = sum(lengths) - common
    return (3 * common / min(lengths) + common / union) / 4
