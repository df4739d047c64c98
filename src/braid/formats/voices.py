"""Who speaks: named voices of timed text as entities, joined to what they say by links; and back to names."""

from __future__ import annotations

from braid.formats.classes import class_by_id, first_of
from braid.formats.seam import ReadContext, SampleBundle, end_of
from braid.model.records import Annotation, EndKind, Entity, Link, LinkEnd

SPOKEN_BY = "spoken-by"
BY_PARTICIPANT = "by-participant"
"""For tiers of a participant that are no speech (gestures, comments), where `spoken-by` does not admit them."""


def speaker_of(context: ReadContext, sample: str, name: str) -> Entity:
    """A named voice: of the ontology's class `speaker` or `participant`, else of a new one."""
    return Entity(
        id=context.new_id(),
        sample=sample,
        layer=context.layer,
        class_id=first_of(context, "speaker", "participant") or context.class_id("speaker"),
        name=name,
        source_id=name,
    )


def voice_link(context: ReadContext, said: Annotation, speaker: Entity) -> Link:
    """`said` is spoken by `speaker`."""
    target = LinkEnd(kinds=("entity",))
    if _admits(context, said.class_id):
        type_id = context.link_type(SPOKEN_BY, name="Spoken by", target=target)
    else:
        type_id = context.link_type(BY_PARTICIPANT, name="By participant", target=target)
    return Link(
        id=context.new_id(),
        sample=said.sample,
        layer=context.layer,
        type_id=type_id,
        source=end_of(said),
        target=end_of(speaker),
    )


def voices_of(bundle: SampleBundle) -> tuple[dict[str, str], frozenset[str]]:
    """Names by annotation id, and the links that say so. Without a link the annotation's own entity counts."""
    names = {record.id: record.name for record in bundle.records if isinstance(record, Entity)}
    voices = {
        record.id: names[record.entity]
        for record in bundle.records
        if isinstance(record, Annotation) and record.entity in names
    }
    used: set[str] = set()
    for link in bundle.records:
        if (
            isinstance(link, Link)
            and link.type_id in {SPOKEN_BY, BY_PARTICIPANT}
            and link.target.kind is EndKind.ENTITY
            and link.target.id in names
        ):
            voices[link.source.id] = names[link.target.id]
            used.add(link.id)
    return voices, frozenset(used)


def _admits(context: ReadContext, class_id: str) -> bool:
    """Whether the ontology's `spoken-by`, if it has one, may start at that class or one of its ancestors."""
    known = next((item for item in context.ontology.link_types if item.id == SPOKEN_BY), None)
    if known is None or not known.source.classes:
        return True
    seen: set[str] = set()
    at: str | None = class_id
    while at is not None and at not in seen:
        if at in known.source.classes:
            return True
        seen.add(at)
        at = class_by_id(context, at).parent
    return False
