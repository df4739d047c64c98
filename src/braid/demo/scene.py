"""A builder for demo samples: streams, annotations, entities and links in the words of the field, as records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from braid.base.hashing import revision_of_record, sha256_hex
from braid.base.ids import NewId
from braid.clock.clock_map import ClockFit, ClockSegment
from braid.demo.drawing import Rect
from braid.model.records import (
    Annotation,
    AnyRecord,
    ClockMap,
    End,
    EndKind,
    Entity,
    Link,
    MediaFacts,
    Modality,
    Reading,
    Sample,
    Sampling,
    Stream,
    Word,
)
from braid.model.regions import AnyRegion, AttributeValue, Box, TextSpan, TimeSpan, WholeStream

MILLISECOND_NS = 1_000_000
CONTEXT = 32

Facts = Callable[[bytes, Modality, str], MediaFacts]
"""Probes bytes that the demo made: the bytes, what they are, their file name."""


@dataclass(slots=True, kw_only=True)
class Scene:
    """One sample being put together. `assets` are the bytes of its streams by digest."""

    new_id: NewId
    layer: str
    facts: Facts
    sample: Sample
    records: list[AnyRecord] = field(default_factory=list)
    assets: dict[str, bytes] = field(default_factory=dict)

    def stream(
        self,
        name: str,
        modality: Modality,
        data: bytes,
        file_name: str,
        *,
        sampling: Sampling,
        media_type: str,
        frame: str = "",
        single: bool = False,
        offset_ns: int = 0,
    ) -> Stream:
        """A stream of one file; `single` for one picture or sweep at media time 0. `offset_ns` shifts its clock."""
        digest = sha256_hex(data)
        self.assets[digest] = data
        made = Stream(
            id=self.new_id(),
            sample=self.sample.id,
            name=name,
            modality=modality,
            sampling=sampling,
            asset=None if single else digest,
            readings=(Reading(at_ns=0, asset=digest, name=file_name),) if single else (),
            media_type=media_type,
            file_name=file_name,
            facts=self.facts(data, modality, file_name),
            frame=frame,
        )
        self.records.append(made)
        if offset_ns:
            self.records.append(
                ClockMap(
                    id=self.new_id(),
                    sample=self.sample.id,
                    stream=made.id,
                    segments=(ClockSegment(media_ns=0, timeline_ns=offset_ns),),
                    fit=ClockFit(offset_sigma_ns=500_000),
                    method="trigger times",
                )
            )
        return made

    def entity(self, class_id: str, name: str) -> Entity:
        """A thing of the real world."""
        made = Entity(id=self.new_id(), sample=self.sample.id, layer=self.layer, class_id=class_id, name=name)
        self.records.append(made)
        return made

    def annotate(
        self,
        stream: Stream,
        class_id: str,
        region: AnyRegion,
        *,
        entity: Entity | None = None,
        text: str | None = None,
        words: tuple[Word, ...] = (),
        at_ns: int | None = None,
        **attributes: AttributeValue,
    ) -> Annotation:
        """A region with a class."""
        made = Annotation(
            id=self.new_id(),
            sample=self.sample.id,
            stream=stream.id,
            layer=self.layer,
            class_id=class_id,
            region=region,
            at_ns=at_ns,
            text=text,
            language="en" if text is not None else "",
            words=words,
            attributes=attributes,
            entity=None if entity is None else entity.id,
        )
        self.records.append(made)
        return made

    def phrase(
        self, caption: Annotation, quote: str, class_id: str, *, entity: Entity | None = None
    ) -> Annotation:
        """The first place where `caption` says `quote`, as a text span."""
        text = caption.text or ""
        start = text.index(quote)
        end = start + len(quote)
        region = TextSpan(
            start=start,
            end=end,
            quote=quote,
            prefix=text[max(0, start - CONTEXT) : start],
            suffix=text[end : end + CONTEXT],
            of=caption.id,
        )
        made = Annotation(
            id=self.new_id(),
            sample=self.sample.id,
            stream=caption.stream,
            layer=self.layer,
            class_id=class_id,
            region=region,
            entity=None if entity is None else entity.id,
        )
        self.records.append(made)
        return made

    def link(self, type_id: str, source: Annotation | Entity, target: Annotation | Entity) -> Link:
        """A typed relation, judged against both ends as they are."""
        made = Link(
            id=self.new_id(),
            sample=self.sample.id,
            layer=self.layer,
            type_id=type_id,
            source=_end(source),
            target=_end(target),
        )
        self.records.append(made)
        return made


def box(rect: Rect) -> Box:
    """A rectangle as a region, rounded to tenths of a pixel as a person would draw it."""
    return Box(
        x0_px=round(rect.x0, 1), y0_px=round(rect.y0, 1), x1_px=round(rect.x1, 1), y1_px=round(rect.y1, 1)
    )


def span_ms(start_ms: int, end_ms: int) -> TimeSpan:
    """A time span given in milliseconds."""
    return TimeSpan(start_ns=start_ms * MILLISECOND_NS, end_ns=end_ms * MILLISECOND_NS)


def whole() -> WholeStream:
    """All of a stream."""
    return WholeStream()


def _end(record: Annotation | Entity) -> End:
    kind = EndKind.ENTITY if isinstance(record, Entity) else EndKind.ANNOTATION
    return End(id=record.id, judged=revision_of_record(record), kind=kind)
