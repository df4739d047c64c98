"""Which ends a link type may join (law L6): tools offer only these, and writes are held to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from braid.model.records import Annotation, Entity, LinkEnd, LinkType, Ontology
from braid.model.regions import kind_of
from braid.ontology.tree import OntologyTree


@dataclass(frozen=True, slots=True, kw_only=True)
class EndView:
    """What the ontology looks at in an end: its kind ("entity" or a region kind), class and modality."""

    kind: str
    class_id: str
    modality: str | None = None


def view_of(record: Annotation | Entity, *, modality: str | None) -> EndView:
    """The view of a record; `modality` is that of its stream (None for entities)."""
    if isinstance(record, Entity):
        return EndView(kind="entity", class_id=record.class_id)
    return EndView(kind=kind_of(record.region), class_id=record.class_id, modality=modality)


def end_misfits(view: EndView, end: LinkEnd, tree: OntologyTree) -> Iterator[tuple[str, str, str]]:
    """(what, got, wanted) for everything about `view` that `end` does not admit."""
    if end.kinds and view.kind not in end.kinds:
        yield ("region kind", view.kind, " or ".join(end.kinds))
    if end.classes and not any(tree.is_a(view.class_id, wanted) for wanted in end.classes):
        yield ("class", tree.name_of(view.class_id), "a " + " or a ".join(map(tree.name_of, end.classes)))
    if end.modalities and view.modality is not None and view.modality not in end.modalities:
        yield ("modality", view.modality, " or ".join(end.modalities))


def joins(link_type: LinkType, source: EndView, target: EndView, tree: OntologyTree) -> bool:
    """Whether the type admits this source and this target, in this direction."""
    return not any(end_misfits(source, link_type.source, tree)) and not any(
        end_misfits(target, link_type.target, tree)
    )


def allowed_link_types(
    ontology: Ontology | OntologyTree, source: EndView, target: EndView
) -> tuple[LinkType, ...]:
    """The link types that may lead from `source` to `target`, deprecated ones left out, in the ontology's order."""
    tree = ontology if isinstance(ontology, OntologyTree) else OntologyTree(ontology=ontology)
    return tuple(
        kind for kind in tree.ontology.link_types if not kind.deprecated and joins(kind, source, target, tree)
    )
