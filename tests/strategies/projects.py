"""A small project for tests: ids from a counter, a clock that ticks, one sample with a picture, a sound and a text."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from braid.base.hashing import revision_of_record
from braid.base.ids import uuid7
from braid.model.changes import ChangeSet, Create, Delete, Op, Origin, Update
from braid.model.records import (
    Annotation,
    AnyRecord,
    End,
    EndKind,
    Entity,
    Layer,
    Link,
    LinkType,
    Modality,
    Ontology,
    OntologyClass,
    Project,
    Sample,
    Sampling,
    Stream,
    kind_of_record,
)
from braid.model.regions import AnyRegion, Box

_COUNTER = itertools.count(1)


def fresh_id() -> str:
    """The next id of this process; ids ascend."""
    number = next(_COUNTER)
    return uuid7(unix_ms=1_700_000_000_000 + number, entropy=number.to_bytes(10, "big"))


def ticking() -> Iterator[int]:
    """Unix nanoseconds, a second apart."""
    return itertools.count(1_700_000_000_000_000_000, 1_000_000_000)


def change_set(*ops: Op, reason: str = "", origin: Origin = Origin.EDIT) -> ChangeSet:
    return ChangeSet(id=fresh_id(), ops=ops, reason=reason, origin=origin)


def create(*records: AnyRecord) -> ChangeSet:
    return change_set(*(Create(record=record) for record in records))


def update(before: AnyRecord, after: AnyRecord) -> ChangeSet:
    return change_set(Update(record=after, base=revision_of_record(before)))


def delete(record: AnyRecord) -> ChangeSet:
    return change_set(Delete(kind=kind_of_record(record), id=record.id, base=revision_of_record(record)))


class Scene:
    """The records of one small project, made but not stored."""

    def __init__(self) -> None:
        slug = fresh_id()[-12:]
        self.project = Project(id=fresh_id(), slug=f"p-{slug}", name="Small project")
        self.ontology = Ontology(
            id=fresh_id(),
            version=1,
            classes=(OntologyClass(id="car", name="Car"), OntologyClass(id="person", name="Person")),
            link_types=(LinkType(id="refers-to", name="refers to"),),
        )
        self.layer = Layer(id=fresh_id(), name="local", actor="local")
        self.sample = Sample(id=fresh_id(), key="drive-01", tags=("rain",))
        self.image = self.stream("picture", Modality.IMAGE)
        self.audio = self.stream("sound", Modality.AUDIO)
        self.words = self.stream("caption", Modality.TEXT)
        self.car = self.annotation(Box(x0_px=10, y0_px=10, x1_px=110, y1_px=60))
        self.person = self.annotation(Box(x0_px=200, y0_px=20, x1_px=240, y1_px=120), class_id="person")
        self.entity = Entity(
            id=fresh_id(), sample=self.sample.id, layer=self.layer.id, class_id="car", name="red car"
        )
        self.link = self.join(self.car, self.person)

    def founding(self) -> ChangeSet:
        return create(self.project, self.ontology, self.layer)

    def content(self) -> ChangeSet:
        return create(
            self.sample, self.image, self.audio, self.words, self.entity, self.car, self.person, self.link
        )

    def stream(self, name: str, modality: Modality) -> Stream:
        return Stream(
            id=fresh_id(),
            sample=self.sample.id,
            name=name,
            modality=modality,
            sampling=Sampling.CONTINUOUS,
            asset="ab" * 32,
        )

    def annotation(
        self,
        region: AnyRegion,
        *,
        stream: Stream | None = None,
        class_id: str = "car",
        text: str | None = None,
    ) -> Annotation:
        return Annotation(
            id=fresh_id(),
            sample=self.sample.id,
            stream=(stream or self.image).id,
            layer=self.layer.id,
            class_id=class_id,
            region=region,
            text=text,
        )

    def join(self, source: Annotation | Entity, target: Annotation | Entity) -> Link:
        return Link(
            id=fresh_id(),
            sample=self.sample.id,
            layer=self.layer.id,
            type_id="refers-to",
            source=end_of(source),
            target=end_of(target),
        )


def end_of(record: Annotation | Entity) -> End:
    return End(id=record.id, judged=revision_of_record(record), kind=EndKind(kind_of_record(record)))
