"""Classes that a source brings: kept numbers, joints and attributes, added to a new class or to one that is there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from braid.formats.seam import ReadContext, label_key, slug_of
from braid.model.records import Attribute, Ontology, OntologyClass


def class_by_id(context: ReadContext, class_id: str) -> OntologyClass:
    """The class as the import will leave it."""
    if class_id in context.new_classes:
        return context.new_classes[class_id]
    return next(known for known in context.ontology.classes if known.id == class_id)


def exact_class(context: ReadContext, label: str, *, parent: str | None = None) -> str:
    """The class of that id or name; else a new one, below the class that has the label as a synonym if there is one.

    Sources with their own closed list of classes need this: `cow` and `sheep` must not both become `livestock`.
    """
    wanted = label_key(label)
    found = context.class_id(label, parent=parent)
    known = class_by_id(context, found)
    if wanted in context.class_map or wanted in (known.id, known.name.casefold()):
        return found
    slug = slug_of(label)
    if has_class(context, slug):
        slug = f"{slug[:50]}-{hashlib.sha256(label.encode()).hexdigest()[:8]}"
    context.new_classes[slug] = OntologyClass(id=slug, name=label.strip(), parent=found)
    return slug


def has_class(context: ReadContext, class_id: str) -> bool:
    """Whether the class is there or will be."""
    return class_id in context.new_classes or any(known.id == class_id for known in context.ontology.classes)


def first_of(context: ReadContext, *class_ids: str) -> str | None:
    """The first of these classes that is there."""
    return next((class_id for class_id in class_ids if has_class(context, class_id)), None)


def _inherited(context: ReadContext, known: OntologyClass) -> set[str]:
    """Ids of the attributes that a class has from its ancestors."""
    found: set[str] = set()
    seen = {known.id}
    while known.parent is not None and known.parent not in seen and has_class(context, known.parent):
        seen.add(known.parent)
        known = class_by_id(context, known.parent)
        found.update(attribute.id for attribute in known.attributes)
    return found


def widen(
    context: ReadContext,
    class_id: str,
    *,
    attributes: Iterable[Attribute] = (),
    synonyms: Iterable[str] = (),
    skeleton: tuple[str, ...] = (),
) -> None:
    """Give a class what it lacks: attributes (or values of a choice), synonyms, joints. What it has stays."""
    known = class_by_id(context, class_id)
    merged = {attribute.id: attribute for attribute in known.attributes}
    inherited = _inherited(context, known)
    for attribute in (new for new in attributes if new.id not in inherited):
        old = merged.get(attribute.id)
        merged[attribute.id] = attribute if old is None else _with_values(old, attribute.values)
    missing = tuple(word for word in synonyms if word not in known.synonyms)
    wider = msgspec.structs.replace(
        known,
        attributes=tuple(merged.values()),
        synonyms=known.synonyms + missing,
        skeleton=known.skeleton or skeleton,
    )
    if wider != known:
        context.new_classes[class_id] = wider


def with_new_classes(ontology: Ontology, context: ReadContext) -> Ontology:
    """The ontology with what the import brings: the next version, or the same value when it brings nothing."""
    replaced = tuple(context.new_classes.get(known.id, known) for known in ontology.classes)
    there = {known.id for known in ontology.classes}
    added = tuple(new for new in context.new_classes.values() if new.id not in there)
    link_types = ontology.link_types + tuple(context.new_link_types.values())
    if replaced == ontology.classes and not added and not context.new_link_types:
        return ontology
    return msgspec.structs.replace(
        ontology, version=ontology.version + 1, classes=replaced + added, link_types=link_types
    )


def _with_values(old: Attribute, values: tuple[str, ...]) -> Attribute:
    if old.type not in {"choice", "choices"}:
        return old
    return msgspec.structs.replace(
        old, values=old.values + tuple(value for value in values if value not in old.values)
    )
