"""Tables: what checks read. An immutable set of the records of some samples, with indexes (law C1).

No database, no file, no clock: the caller gathers the records; texts of text streams come along by stream id.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from braid.model import records as m
from braid.model.findings import Culprit
from braid.model.regions import TimeSpan, Track
from braid.ontology.tree import OntologyTree

R = TypeVar("R", bound=m.Record)


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Records by id, and which samples are to be reported on.

    Records of samples out of scope may come along as context (the far ends of links).
    texts: contents of text streams by stream id, as far as they are known.
    """

    records: Mapping[str, m.AnyRecord]
    scope: frozenset[str]
    texts: Mapping[str, str]
    ontology: OntologyTree

    @classmethod
    def build(
        cls,
        records: Iterable[m.AnyRecord],
        *,
        scope: Iterable[str] | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> Tables:
        """From records in any order: the ontology, layers, samples and all that belongs to them.

        Without `scope` every sample is reported on. Without an ontology an empty one stands in.
        """
        by_id = {record.id: record for record in records}
        ontologies = [record for record in by_id.values() if isinstance(record, m.Ontology)]
        ontology = max(ontologies, key=lambda o: o.version) if ontologies else m.Ontology(id="", version=1)
        samples = frozenset(record.id for record in by_id.values() if isinstance(record, m.Sample))
        return cls(
            records=dict(sorted(by_id.items())),
            scope=samples if scope is None else frozenset(scope),
            texts=dict(texts or {}),
            ontology=OntologyTree(ontology=ontology),
        )

    def look_up(self, record_id: str) -> m.AnyRecord | None:
        """Any record of the tables by id."""
        return self.records.get(record_id)

    @cached_property
    def in_scope(self) -> tuple[m.AnyRecord, ...]:
        """All records of the samples in scope, by id."""
        return tuple(record for record in self.records.values() if m.sample_of(record) in self.scope)

    @cached_property
    def streams(self) -> Mapping[str, m.Stream]:
        """Streams by id, context included."""
        return {record.id: record for record in self.records.values() if isinstance(record, m.Stream)}

    @cached_property
    def annotations(self) -> tuple[m.Annotation, ...]:
        """Annotations in scope, by id."""
        return tuple(record for record in self.in_scope if isinstance(record, m.Annotation))

    @cached_property
    def links(self) -> tuple[m.Link, ...]:
        """Links in scope, by id."""
        return tuple(record for record in self.in_scope if isinstance(record, m.Link))

    @cached_property
    def entities(self) -> tuple[m.Entity, ...]:
        """Entities in scope, by id."""
        return tuple(record for record in self.in_scope if isinstance(record, m.Entity))

    @cached_property
    def clock_maps(self) -> Mapping[str, m.ClockMap]:
        """Clock maps by stream id."""
        return {record.stream: record for record in self.records.values() if isinstance(record, m.ClockMap)}

    @cached_property
    def calibrations(self) -> Mapping[str, tuple[m.Calibration, ...]]:
        """Calibrations by sample id."""
        return self._by_sample(m.Calibration)

    @cached_property
    def trajectories(self) -> Mapping[str, tuple[m.Trajectory, ...]]:
        """Trajectories by sample id."""
        return self._by_sample(m.Trajectory)

    @cached_property
    def annotations_of_entity(self) -> Mapping[str, tuple[m.Annotation, ...]]:
        """Annotations in scope by the entity they speak of."""
        found: dict[str, list[m.Annotation]] = defaultdict(list)
        for annotation in self.annotations:
            if annotation.entity is not None:
                found[annotation.entity].append(annotation)
        return {key: tuple(value) for key, value in found.items()}

    @cached_property
    def annotations_of_sample(self) -> Mapping[str, tuple[m.Annotation, ...]]:
        """Annotations by sample id."""
        return self._by_sample(m.Annotation)

    @cached_property
    def links_at(self) -> Mapping[str, tuple[m.Link, ...]]:
        """Links by the id of each of their ends."""
        found: dict[str, list[m.Link]] = defaultdict(list)
        for record in self.records.values():
            if isinstance(record, m.Link):
                found[record.source.id].append(record)
                if record.target.id != record.source.id:
                    found[record.target.id].append(record)
        return {key: tuple(value) for key, value in found.items()}

    def end(self, end: m.End) -> m.Annotation | m.Entity | None:
        """What stands at the end of a link; None when it is missing."""
        record = self.records.get(end.id)
        return record if isinstance(record, m.Annotation | m.Entity) else None

    def name_of(self, record: m.AnyRecord) -> str:
        """What people call a record: "Car in cam_front"."""
        match record:
            case m.Annotation():
                stream = self.streams.get(record.stream)
                place = f" in {stream.name}" if stream else ""
                return f"{self.ontology.name_of(record.class_id)}{place}"
            case m.Entity():
                return record.name or f"{self.ontology.name_of(record.class_id)} (entity)"
            case m.Link():
                kind = self.ontology.link_types.get(record.type_id)
                return f"link {kind.name if kind else record.type_id}"
            case m.Stream() | m.Layer() | m.Project():
                return f"{m.kind_of_record(record)} {record.name}"
            case _:
                return m.kind_of_record(record).replace("_", " ")

    def culprit(self, record: m.AnyRecord) -> Culprit:
        """Where a screen should go to look at a record."""
        stream = getattr(record, "stream", None)
        at_ns = None
        if isinstance(record, m.Annotation):
            at_ns = media_start_ns(record)
        return Culprit(kind=m.kind_of_record(record), id=record.id, stream=stream, at_ns=at_ns)

    def _by_sample(self, kind: type[R]) -> Mapping[str, tuple[R, ...]]:
        found: dict[str, list[R]] = defaultdict(list)
        for record in self.records.values():
            if isinstance(record, kind):
                found[str(m.sample_of(record))].append(record)
        return {key: tuple(value) for key, value in found.items()}


def media_start_ns(annotation: m.Annotation) -> int | None:
    """The media time at which an annotation begins; None when it has no time of its own."""
    match annotation.region:
        case TimeSpan():
            return annotation.region.start_ns
        case Track():
            return annotation.region.key_frames[0].at_ns if annotation.region.key_frames else None
        case _:
            return annotation.at_ns
