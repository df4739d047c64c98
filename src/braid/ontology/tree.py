"""The class tree as look-ups, and whether an ontology holds together (rules O1 and O5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from braid.base.errors import InvalidInput
from braid.base.ids import is_slug
from braid.model.records import Attribute, LinkType, Modality, Ontology, OntologyClass
from braid.model.regions import REGION_KINDS

ATTRIBUTE_TYPES = ("text", "number", "boolean", "choice", "choices")
LINK_END_KINDS = (*REGION_KINDS, "entity")
MAX_CLASSES = 20_000
MAX_DEPTH = 64


@dataclass(frozen=True, kw_only=True)
class OntologyTree:
    """An ontology with its indexes. Built once, used for many records."""

    ontology: Ontology

    @cached_property
    def classes(self) -> dict[str, OntologyClass]:
        """Classes by id."""
        return {node.id: node for node in self.ontology.classes}

    @cached_property
    def link_types(self) -> dict[str, LinkType]:
        """Link types by id."""
        return {kind.id: kind for kind in self.ontology.link_types}

    @cached_property
    def _lines(self) -> dict[str, tuple[str, ...]]:
        lines: dict[str, tuple[str, ...]] = {}
        for class_id in self.classes:
            line: list[str] = []
            at: str | None = class_id
            while at is not None and at in self.classes and at not in line and len(line) < MAX_DEPTH:
                line.append(at)
                at = self.classes[at].parent
            lines[class_id] = tuple(line)
        return lines

    @cached_property
    def _attributes(self) -> dict[str, dict[str, Attribute]]:
        return {
            class_id: {
                attribute.id: attribute
                for node in reversed(line)
                for attribute in self.classes[node].attributes
            }
            for class_id, line in self._lines.items()
        }

    def line_of(self, class_id: str) -> tuple[str, ...]:
        """The class and its ancestors, from itself to the root; empty for an unknown class."""
        return self._lines.get(class_id, ())

    def is_a(self, class_id: str, ancestor: str) -> bool:
        """Whether `class_id` is `ancestor` or one of its descendants."""
        return ancestor in self.line_of(class_id)

    def attributes_of(self, class_id: str) -> dict[str, Attribute]:
        """The class's own attributes and those of its ancestors, by id."""
        return self._attributes.get(class_id, {})

    def name_of(self, class_id: str) -> str:
        """The display name, or the id of an unknown class."""
        node = self.classes.get(class_id)
        return node.name if node else class_id


def check_ontology(ontology: Ontology) -> None:
    """Raises InvalidInput with the first thing that does not hold together."""
    for problem in ontology_problems(ontology):
        raise problem


def ontology_problems(ontology: Ontology) -> Iterator[InvalidInput]:
    """Every unknown parent, cycle, duplicate or unknown id in an ontology, as letters."""
    if len(ontology.classes) > MAX_CLASSES:
        yield InvalidInput(
            "an ontology has too many classes", got=len(ontology.classes), wanted=f"at most {MAX_CLASSES}"
        )
        return
    if ontology.version < 1:
        yield InvalidInput("an ontology's version starts at 1", where="version", got=ontology.version)
    yield from _duplicates("class", [node.id for node in ontology.classes])
    yield from _duplicates("link type", [kind.id for kind in ontology.link_types])
    known = {node.id: node for node in ontology.classes}
    for node in ontology.classes:
        where = f"class {node.id}"
        if not node.name:
            yield InvalidInput("a class has no name", where=where)
        if node.parent is not None and node.parent not in known:
            yield _unknown("parent", node.parent, where=where, known=known)
        if node.replaced_by is not None and node.replaced_by not in known:
            yield _unknown("replaced_by", node.replaced_by, where=where, known=known)
        if node.colour is not None and not 0 <= node.colour <= 7:
            yield InvalidInput(
                "a colour is not in the palette", where=where, got=node.colour, wanted="0 to 7"
            )
        for region in node.regions:
            if region not in REGION_KINDS:
                yield _unknown("region kind", region, where=where, known=REGION_KINDS)
        yield from _attribute_problems(node.attributes, where)
    yield from _cycles(known)
    for kind in ontology.link_types:
        yield from _link_type_problems(kind, known)


def _link_type_problems(kind: LinkType, known: dict[str, OntologyClass]) -> Iterator[InvalidInput]:
    where = f"link type {kind.id}"
    if not kind.name:
        yield InvalidInput("a link type has no name", where=where)
    for side, end in (("source", kind.source), ("target", kind.target)):
        place = f"{where}, {side}"
        for name, values, allowed in (
            ("kind", end.kinds, LINK_END_KINDS),
            ("class", end.classes, tuple(known)),
            ("modality", end.modalities, tuple(Modality)),
        ):
            for value in values:
                if value not in allowed:
                    yield _unknown(name, value, where=place, known=allowed)
    if kind.temporal not in {"", "overlap", "contains"}:
        yield InvalidInput(
            "an unknown temporal rule", where=where, got=kind.temporal, wanted="overlap or contains"
        )
    if kind.spatial not in {"", "projection"}:
        yield InvalidInput("an unknown spatial rule", where=where, got=kind.spatial, wanted="projection")
    if kind.symmetric and kind.source != kind.target:
        yield InvalidInput(
            "a symmetric link type has different ends",
            where=where,
            hint="Give both ends the same kinds and classes",
        )
    yield from _attribute_problems(kind.attributes, where)


def _attribute_problems(attributes: tuple[Attribute, ...], where: str) -> Iterator[InvalidInput]:
    yield from _duplicates("attribute", [attribute.id for attribute in attributes], where=where)
    for attribute in attributes:
        place = f"{where}, attribute {attribute.id}"
        if attribute.type not in ATTRIBUTE_TYPES:
            yield _unknown("attribute type", attribute.type, where=place, known=ATTRIBUTE_TYPES)
        elif attribute.type in {"choice", "choices"} and not attribute.values:
            yield InvalidInput("a choice has no values", where=place, wanted="values: [...]")
        elif (
            attribute.minimum is not None
            and attribute.maximum is not None
            and attribute.minimum > attribute.maximum
        ):
            yield InvalidInput(
                "minimum exceeds maximum", where=place, got=f"{attribute.minimum:g} > {attribute.maximum:g}"
            )


def _duplicates(name: str, ids: list[str], *, where: str = "") -> Iterator[InvalidInput]:
    seen: set[str] = set()
    for identifier in ids:
        if not is_slug(identifier):
            yield InvalidInput(
                f"a {name} id is not a slug",
                where=where or f"{name} {identifier}",
                got=identifier,
                wanted="1-64 of a-z 0-9 . _ -",
            )
        if identifier in seen:
            yield InvalidInput(
                "an id is defined twice", where=where or f"{name} {identifier}", got=identifier
            )
        seen.add(identifier)


def _cycles(known: dict[str, OntologyClass]) -> Iterator[InvalidInput]:
    told: set[str] = set()
    for start in known:
        line: list[str] = []
        at: str | None = start
        while at is not None and at in known and at not in told:
            if at in line:
                told.update(line)
                loop = " < ".join([*line[line.index(at) :], at])
                yield InvalidInput("the class tree has a cycle", where=f"class {at}", got=loop)
                break
            if len(line) == MAX_DEPTH:
                yield InvalidInput(
                    "the class tree is too deep", where=f"class {start}", wanted=f"at most {MAX_DEPTH} levels"
                )
                return
            line.append(at)
            at = known[at].parent


def _unknown(name: str, value: str, *, where: str, known: object) -> InvalidInput:
    options = [str(option) for option in known] if isinstance(known, dict | tuple) else []
    near = get_close_matches(value, options, n=1)
    hint = f"Did you mean {near[0]}?" if near else ""
    wanted = ", ".join(options) if len(options) <= 15 else "an id of the ontology"
    return InvalidInput(f"an unknown {name}", where=where, got=value, wanted=wanted, hint=hint)
