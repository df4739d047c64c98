"""Whether a record conforms to the ontology and to what it refers to (rules O6 to O10).

`admit` guards writes and raises at the first problem; `problems_of` lists all of them for checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches

from braid.base.errors import InvalidInput
from braid.clock.clock_map import check_segments
from braid.model import records as m
from braid.model.regions import AttributeValue, TextSpan, Track, kind_of
from braid.model.validate import check_region
from braid.ontology.attributes import attribute_problems
from braid.ontology.links import allowed_link_types, end_misfits, view_of
from braid.ontology.problems import Problem
from braid.ontology.sense import check_calibration, check_times, check_trajectory
from braid.ontology.tree import OntologyTree, check_ontology

LookUp = Callable[[str], m.AnyRecord | None]
"""Heads by id, those of the change set that is being written included."""

REGIONS_OF_MODALITY: dict[str, frozenset[str]] = {
    "image": frozenset(
        [
            "box",
            "rotated_box",
            "polygon",
            "polyline",
            "mask",
            "keypoints",
            "cuboid",
            "track",
            "time_span",
            "text_span",
            "whole_stream",
        ]
    ),
    "video": frozenset(
        [
            "box",
            "rotated_box",
            "polygon",
            "polyline",
            "mask",
            "keypoints",
            "cuboid",
            "track",
            "time_span",
            "text_span",
            "whole_stream",
        ]
    ),
    "audio": frozenset(["time_span", "text_span", "whole_stream"]),
    "text": frozenset(["text_span", "time_span", "whole_stream"]),
    "point_cloud": frozenset(["cuboid", "point_set", "track", "time_span", "text_span", "whole_stream"]),
    "series": frozenset(["time_span", "text_span", "whole_stream"]),
}
"""What may be drawn on a stream. A text span on anything but a text stream speaks of an annotation's text."""


def admit(record: m.AnyRecord, look_up: LookUp, ontology: m.Ontology | OntologyTree) -> None:
    """Raises InvalidInput when the record may not be written. Unfinished answers are allowed."""
    tree = ontology if isinstance(ontology, OntologyTree) else OntologyTree(ontology=ontology)
    before = look_up(record.id)
    if before is not None and m.kind_of_record(before) != m.kind_of_record(record):
        raise InvalidInput(
            "a record cannot change its kind",
            where=record.id,
            got=m.kind_of_record(record),
            wanted=m.kind_of_record(before),
        )
    for problem in problems_of(record, look_up, tree, before=before):
        if not problem.unfinished:
            raise problem.error()


def admission(ontology: m.Ontology) -> Callable[[m.AnyRecord, LookUp], None]:
    """`admit` with its ontology built in: what `Store.commit` takes as `admit`."""
    tree = OntologyTree(ontology=ontology)
    return lambda record, look_up: admit(record, look_up, tree)


def problems_of(
    record: m.AnyRecord, look_up: LookUp, tree: OntologyTree, *, before: m.AnyRecord | None = None
) -> Iterator[Problem]:
    """All problems of a record. With `before` (its present head) what already stood is let stand (deprecation)."""
    match record:
        case m.Annotation():
            yield from _annotation(
                record, look_up, tree, before if isinstance(before, m.Annotation) else None
            )
        case m.Entity():
            where = f"entity {record.name or record.id}"
            yield from _references(record, look_up, where, sample=m.Sample, layer=m.Layer)
            old = before if isinstance(before, m.Entity) else None
            yield from _class(record.class_id, tree, where, old.class_id if old else None)
            yield from attribute_problems(
                record.attributes,
                tree.attributes_of(record.class_id),
                where=where,
                before=_stood(record, old),
            )
        case m.Link():
            yield from _references(record, look_up, f"link {record.id}", sample=m.Sample, layer=m.Layer)
            yield from link_problems(
                record, look_up, tree, before=before if isinstance(before, m.Link) else None
            )
        case m.Ontology():
            yield from _raised("ontology", lambda: check_ontology(record))
        case m.Stream():
            yield from _references(record, look_up, f"stream {record.name}", sample=m.Sample)
        case m.ClockMap():
            where = f"clock map of stream {record.stream}"
            yield from _references(record, look_up, where, sample=m.Sample, stream=m.Stream)
            yield from _raised("clock-map", lambda: check_segments(record.segments), where=where)
        case m.Calibration():
            where = f"calibration of {record.frame}"
            yield from _references(record, look_up, where, sample=m.Sample, stream=m.Stream)
            yield from _raised("calibration", lambda: check_calibration(record, where), where=where)
        case m.Trajectory():
            where = f"trajectory of {record.frame}"
            yield from _references(record, look_up, where, sample=m.Sample)
            yield from _raised("trajectory", lambda: check_trajectory(record, where), where=where)
        case m.Verdict():
            yield from _references(record, look_up, f"verdict {record.id}", sample=m.Sample)
            if record.decision is m.Decision.WAIVED and not record.reason.strip():
                yield Problem(
                    code="verdict-reason", what="a waiver needs a reason", where=f"verdict {record.id}"
                )
        case _:
            pass


def _annotation(
    record: m.Annotation, look_up: LookUp, tree: OntologyTree, before: m.Annotation | None
) -> Iterator[Problem]:
    where = f"annotation {record.id}"
    yield from _references(record, look_up, where, sample=m.Sample, stream=m.Stream, layer=m.Layer)
    if record.entity is not None:
        yield from _references(record, look_up, where, entity=m.Entity)
    yield from _class(record.class_id, tree, where, before.class_id if before else None)
    yield from _raised("region", lambda: check_region(record.region, where=where))
    kinds = _kinds(record)
    node = tree.classes.get(record.class_id)
    if node and node.regions and not set(kinds) & set(node.regions):
        yield Problem(
            code="region-not-allowed",
            what=f"{node.name} does not take a {kinds[0].replace('_', ' ')}",
            where=where,
            got=kinds[0],
            wanted=" or ".join(node.regions),
            hint="Choose another tool or another class",
        )
    stream = look_up(record.stream)
    if isinstance(stream, m.Stream) and kinds[0] not in REGIONS_OF_MODALITY[stream.modality]:
        yield Problem(
            code="region-modality",
            what=f"a {kinds[0].replace('_', ' ')} cannot stand on a stream of {stream.modality.replace('_', ' ')}",
            where=where,
            got=kinds[0],
            wanted=", ".join(sorted(REGIONS_OF_MODALITY[stream.modality])),
        )
    if isinstance(record.region, TextSpan) and record.region.of is not None:
        host = look_up(record.region.of)
        if not isinstance(host, m.Annotation) or host.text is None:
            yield Problem(
                code="dangling",
                what="the text that the span stands on is not there",
                where=where,
                got=record.region.of,
                wanted="an annotation with a text",
                facet="of",
            )
    yield from _raised("times", lambda: check_times(record, where))
    questions = tree.attributes_of(record.class_id)
    yield from attribute_problems(record.attributes, questions, where=where, before=_stood(record, before))
    for key in record.region.key_frames if isinstance(record.region, Track) else ():
        place = f"{where}, key frame {key.at_ns} ns"
        answered = attribute_problems(key.attributes, questions, where=place) if key.attributes else ()
        yield from (problem for problem in answered if not problem.unfinished)


def link_problems(
    link: m.Link, look_up: LookUp, tree: OntologyTree, *, before: m.Link | None = None
) -> Iterator[Problem]:
    """Whether the type exists, both ends are there, and the type may join them (law L6)."""
    where = f"link {link.id}"
    kind = tree.link_types.get(link.type_id)
    if kind is None or (kind.deprecated and (before is None or before.type_id != link.type_id)):
        usable = [option.id for option in tree.ontology.link_types if not option.deprecated]
        yield Problem(
            code="link-type-unknown" if kind is None else "link-type-deprecated",
            what="the ontology has no such link type"
            if kind is None
            else f"the link type {kind.name} is deprecated",
            where=where,
            got=link.type_id,
            wanted=", ".join(usable) or "a link type of the ontology",
        )
        return
    ends: list[m.Annotation | m.Entity] = []
    for side, end in (("source", link.source), ("target", link.target)):
        record = look_up(end.id)
        wanted: type[m.Annotation | m.Entity] = m.Entity if end.kind is m.EndKind.ENTITY else m.Annotation
        if isinstance(record, wanted):
            ends.append(record)
        elif not (before is not None and getattr(before, side).id == end.id):
            yield Problem(
                code="dangling",
                what=f"the {side} of the link is not there",
                where=where,
                got=end.id,
                wanted=f"an existing {end.kind}",
                hint="Was it deleted? Retarget the link or retract it",
                facet=side,
            )
    yield from attribute_problems(
        link.attributes,
        {a.id: a for a in kind.attributes},
        where=where,
        before=before.attributes if before is not None and before.type_id == link.type_id else None,
    )
    if len(ends) < 2:
        return
    if link.source.id == link.target.id:
        yield Problem(
            code="link-self", what="a link joins a thing with itself", where=where, got=link.source.id
        )
    views = [view_of(record, modality=_modality(record, look_up)) for record in ends]
    for side, view, end_rule in zip(("source", "target"), views, (kind.source, kind.target), strict=True):
        for what, got, wanted_text in end_misfits(view, end_rule, tree):
            usable = [option.name for option in allowed_link_types(tree, views[0], views[1])]
            yield Problem(
                code="link-end",
                what=f"{kind.name} does not take this {what} as its {side}",
                where=where,
                got=got,
                wanted=wanted_text,
                hint=f"Between these two {', '.join(usable)} would do"
                if usable
                else "No link type joins these two",
                facet=f"{side}-{what}",
            )


def _stood(
    record: m.Annotation | m.Entity, before: m.Annotation | m.Entity | None
) -> dict[str, AttributeValue] | None:
    """The attributes that a record had under the same class."""
    return before.attributes if before is not None and before.class_id == record.class_id else None


def _class(class_id: str, tree: OntologyTree, where: str, before: str | None) -> Iterator[Problem]:
    node = tree.classes.get(class_id)
    if node is None:
        near = get_close_matches(class_id, tree.classes, n=1)
        yield Problem(
            code="class-unknown",
            what="the ontology has no such class",
            where=where,
            got=class_id,
            wanted="a class id of the ontology",
            hint=f"Did you mean {near[0]}?" if near else "",
        )
    elif node.deprecated and before != class_id:
        yield Problem(
            code="class-deprecated",
            what=f"the class {node.name} is deprecated",
            where=where,
            got=class_id,
            wanted=node.replaced_by or "another class",
            hint=f"Use {tree.name_of(node.replaced_by)} instead" if node.replaced_by else "",
        )


def _references(
    record: m.AnyRecord, look_up: LookUp, where: str, **fields: type[m.Record]
) -> Iterator[Problem]:
    for name, wanted in fields.items():
        target = getattr(record, name)
        found = look_up(target)
        if not isinstance(found, wanted):
            yield Problem(
                code="dangling",
                what=f"its {name} is not there",
                where=where,
                got=target,
                wanted=f"an existing {name}",
                facet=name,
            )
        elif name in {"stream", "entity"} and getattr(found, "sample", None) != m.sample_of(record):
            yield Problem(
                code="other-sample",
                what=f"its {name} belongs to another sample",
                where=where,
                got=str(getattr(found, "sample", None)),
                wanted=str(m.sample_of(record)),
                facet=name,
            )


def _kinds(record: m.Annotation) -> tuple[str, ...]:
    """The kind of the region; for a track also the kind of its shapes."""
    if isinstance(record.region, Track):
        shapes = {kind_of(key.shape) for key in record.region.key_frames if key.shape is not None}
        return ("track", *sorted(shapes))
    return (kind_of(record.region),)


def _modality(record: m.Annotation | m.Entity, look_up: LookUp) -> str | None:
    if isinstance(record, m.Entity):
        return None
    stream = look_up(record.stream)
    return str(stream.modality) if isinstance(stream, m.Stream) else None


def _raised(code: str, run: Callable[[], None], *, where: str = "") -> Iterator[Problem]:
    try:
        run()
    except InvalidInput as error:
        yield Problem(
            code=code,
            what=error.what,
            where=error.where or where,
            got=error.got or "",
            wanted=error.wanted,
            hint=error.hint,
        )
