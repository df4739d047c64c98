"""Ontologies as YAML that people write: a nested class tree and link types (rule O5).

A class nested under `children` takes its parent's `regions` unless it names its own. Loading what was saved gives
the same ontology again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

from braid.base.errors import InvalidInput
from braid.model.records import Attribute, LinkEnd, LinkType, Ontology, OntologyClass
from braid.model.regions import AttributeValue
from braid.ontology.tree import check_ontology
from braid.ontology.yaml_nodes import Place, parse_yaml

_CLASS_KEYS = (*OntologyClass.__struct_fields__, "children")


def ontology_from_yaml(text: str, *, ontology_id: str, file: str = "") -> Ontology:
    """Read and check an ontology. Raises InvalidInput with file, line, column, path, got and wanted."""
    root = parse_yaml(text, file=file)
    fields = root.fields(("version", "classes", "link_types"), required=("classes",))
    places: dict[str, Place] = {}
    classes: list[OntologyClass] = []
    for item in fields["classes"].items():
        classes.extend(_classes(item, parent=None, places=places))
    link_types = (
        [_link_type(item, places) for item in fields["link_types"].items()] if "link_types" in fields else []
    )
    ontology = Ontology(
        id=ontology_id,
        version=fields["version"].integer() if "version" in fields else 1,
        classes=tuple(classes),
        link_types=tuple(link_types),
    )
    try:
        check_ontology(ontology)
    except InvalidInput as error:
        place = places.get(error.where.split(",")[0], root)
        raise InvalidInput(
            error.what,
            where=", ".join(part for part in (place.where, error.where) if part),
            got=error.got,
            wanted=error.wanted,
            hint=error.hint,
        ) from error
    return ontology


def ontology_to_yaml(ontology: Ontology) -> str:
    """The ontology as YAML; nested when its classes stand in the order of the tree, flat with `parent` otherwise."""
    children: dict[str | None, list[OntologyClass]] = {}
    for node in ontology.classes:
        children.setdefault(node.parent, []).append(node)
    if list(_in_tree_order(children)) == list(ontology.classes):
        classes = [_class_form(node, children) for node in children.get(None, [])]
    else:
        classes = [_plain(node) for node in ontology.classes]
    form: dict[str, Any] = {"version": ontology.version, "classes": classes}
    if ontology.link_types:
        form["link_types"] = [_plain(kind) for kind in ontology.link_types]
    return yaml.dump(
        form, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110
    )


class _Dumper(yaml.SafeDumper):
    """Writes no anchors, because they are not read."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _classes(
    place: Place, *, parent: OntologyClass | None, places: dict[str, Place]
) -> Iterator[OntologyClass]:
    fields = place.fields(_CLASS_KEYS, required=("id",))
    if parent is not None and "parent" in fields:
        fields["parent"].refuse("a nested class names another parent", wanted="no parent key under children")
    class_id = fields["id"].text()
    inherited = parent.regions if parent is not None else ()
    node = OntologyClass(
        id=class_id,
        name=_text(fields, "name") or _name_from(class_id),
        parent=parent.id if parent is not None else (fields["parent"].text() if "parent" in fields else None),
        regions=fields["regions"].texts() if "regions" in fields else inherited,
        attributes=_attributes(fields),
        colour=fields["colour"].integer() if "colour" in fields else None,
        deprecated=_flag(fields, "deprecated"),
        replaced_by=_text(fields, "replaced_by") or None,
        synonyms=_texts(fields, "synonyms"),
        skeleton=_texts(fields, "skeleton"),
        description=_text(fields, "description"),
    )
    places[f"class {class_id}"] = place
    yield node
    if "children" in fields:
        for child in fields["children"].items():
            yield from _classes(child, parent=node, places=places)


def _link_type(place: Place, places: dict[str, Place]) -> LinkType:
    fields = place.fields(LinkType.__struct_fields__, required=("id",))
    kind_id = fields["id"].text()
    places[f"link type {kind_id}"] = place
    return LinkType(
        id=kind_id,
        name=_text(fields, "name") or _name_from(kind_id),
        source=_end(fields.get("source")),
        target=_end(fields.get("target")),
        attributes=_attributes(fields),
        symmetric=_flag(fields, "symmetric"),
        temporal=_text(fields, "temporal"),
        spatial=_text(fields, "spatial"),
        same_entity=_flag(fields, "same_entity"),
        inverse_name=_text(fields, "inverse_name"),
        deprecated=_flag(fields, "deprecated"),
        description=_text(fields, "description"),
    )


def _end(place: Place | None) -> LinkEnd:
    if place is None:
        return LinkEnd()
    fields = place.fields(LinkEnd.__struct_fields__)
    return LinkEnd(**{name: field.texts() for name, field in fields.items()})


def _attributes(fields: dict[str, Place]) -> tuple[Attribute, ...]:
    return tuple(map(_attribute, fields["attributes"].items())) if "attributes" in fields else ()


def _attribute(place: Place) -> Attribute:
    fields = place.fields(Attribute.__struct_fields__, required=("id",))
    kind = _text(fields, "type") or "choice"
    attribute_id = fields["id"].text()
    return Attribute(
        id=attribute_id,
        name=_text(fields, "name") or _name_from(attribute_id),
        type=kind,
        values=_texts(fields, "values"),
        minimum=fields["minimum"].number() if "minimum" in fields else None,
        maximum=fields["maximum"].number() if "maximum" in fields else None,
        required=_flag(fields, "required"),
        default=_value(fields["default"], kind) if "default" in fields else None,
        description=_text(fields, "description"),
    )


def _value(place: Place, kind: str) -> AttributeValue:
    match kind:
        case "boolean":
            return place.boolean()
        case "number":
            value = place.number()
            return int(value) if value.is_integer() and abs(value) < 2**53 else value
        case "choices":
            return place.texts()
        case _:
            return place.text()


def _class_form(node: OntologyClass, children: dict[str | None, list[OntologyClass]]) -> dict[str, Any]:
    form = _plain(node)
    form.pop("parent", None)
    inner = []
    for child in children.get(node.id, []):
        child_form = _class_form(child, children)
        if child.regions == node.regions:
            child_form.pop("regions", None)
        elif not child.regions:
            child_form = {"id": child_form.pop("id"), "regions": [], **child_form}
        inner.append(child_form)
    return {**form, "children": inner} if inner else form


def _plain(value: msgspec.Struct) -> dict[str, Any]:
    form: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(value))
    return {key: part for key, part in form.items() if part != {}}


def _in_tree_order(children: dict[str | None, list[OntologyClass]]) -> Iterator[OntologyClass]:
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children.get(node.id, [])))


def _name_from(identifier: str) -> str:
    """`traffic-light` reads "Traffic light"."""
    return identifier.replace("-", " ").replace("_", " ").capitalize()


def _text(fields: dict[str, Place], key: str) -> str:
    return fields[key].text() if key in fields else ""


def _texts(fields: dict[str, Place], key: str) -> tuple[str, ...]:
    return fields[key].texts() if key in fields else ()


def _flag(fields: dict[str, Place], key: str) -> bool:
    return key in fields and fields[key].boolean()
