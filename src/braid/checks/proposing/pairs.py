"""What every kind of proposal asks: which types may join two annotations, and whether they are joined already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from braid.checks.fingerprint import fingerprint
from braid.checks.tables import Tables
from braid.model.proposals import Proposal, ProposalKind
from braid.model.records import Annotation, LinkType
from braid.ontology.links import end_misfits, view_of


def sources_and_targets(
    tables: Tables, sample: str, kind: LinkType
) -> tuple[tuple[Annotation, ...], tuple[Annotation, ...]]:
    """The annotations of a sample that may stand at either end of a link type."""
    annotations = tables.annotations_of_sample.get(sample, ())
    views = []
    for annotation in annotations:
        stream = tables.streams.get(annotation.stream)
        if stream is not None:
            views.append((annotation, view_of(annotation, modality=stream.modality.value)))
    tree = tables.ontology
    return (
        tuple(a for a, view in views if not any(end_misfits(view, kind.source, tree))),
        tuple(a for a, view in views if not any(end_misfits(view, kind.target, tree))),
    )


def joined(tables: Tables, kind: LinkType) -> frozenset[frozenset[str]]:
    """Pairs of ids that a link of the type joins, whichever way round; a link to an entity joins its mentions."""
    pairs: set[frozenset[str]] = set()
    for link in tables.links:
        if link.type_id != kind.id:
            continue
        for source in _mentions(tables, link.source.id):
            for target in _mentions(tables, link.target.id):
                pairs.add(frozenset((source, target)))
    return frozenset(pairs)


def linked_ends(tables: Tables, kind: LinkType) -> frozenset[str]:
    """Ids of everything at an end of a link of the type."""
    return frozenset(
        end.id for link in tables.links if link.type_id == kind.id for end in (link.source, link.target)
    )


def proposal(
    *,
    by: ProposalKind,
    kind: LinkType,
    source: Annotation,
    target: Annotation,
    score: float,
    reason: str,
    facts: dict[str, str] | None = None,
) -> Proposal:
    """A proposal with its fingerprint, the same for either direction of a symmetric type."""
    ends = [("annotation", source.id), ("annotation", target.id)]
    return Proposal(
        fingerprint=fingerprint("proposal", source.sample, ends, facet=kind.id),
        sample=source.sample,
        kind=by,
        type_id=kind.id,
        source=source.id,
        target=target.id,
        score=round(min(1.0, max(0.0, score)), 3),
        reason=reason,
        facts=facts or {},
    )


def one_to_one(found: Iterable[Proposal]) -> Iterator[Proposal]:
    """The best ones, so that every end is taken at most once."""
    taken: set[str] = set()
    for one in sorted(found, key=lambda p: (-p.score, p.source, p.target)):
        if one.source not in taken and one.target not in taken:
            taken |= {one.source, one.target}
            yield one


def _mentions(tables: Tables, end: str) -> tuple[str, ...]:
    return (end, *(a.id for a in tables.annotations_of_entity.get(end, ())))
