"""EAF documents to records: media to streams, tiers to classes, participants to entities, parents and links to links."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import ClassVar
from urllib.parse import unquote

from braid.base.errors import InvalidInput
from braid.clock.clock_map import ClockSegment
from braid.clock.ns import MILLISECOND_NS
from braid.formats.beside import (
    files_below,
    key_of,
    media_beside,
    media_named,
    media_stream,
    transcript_stream,
)
from braid.formats.classes import widen
from braid.formats.eaf.document import EafDocument, EafTier, EafVocabulary, parse_eaf, parse_ecv
from braid.formats.eaf.times import EafTimes, times_of
from braid.formats.eaf.writer import write_document
from braid.formats.losses import LossCounter
from braid.formats.seam import (
    ExportSource,
    Loss,
    Problem,
    ReadContext,
    SampleBundle,
    Sources,
    end_of,
    slug_of,
)
from braid.formats.voices import speaker_of, voice_link
from braid.model.records import (
    Annotation,
    AnyRecord,
    Attribute,
    ClockMap,
    Entity,
    Link,
    LinkEnd,
    Sample,
    Stream,
)
from braid.model.regions import TimeSpan

ALIGNED_CHILDREN = frozenset({"Included_In", "Time_Subdivision"})


class Eaf:
    """ELAN annotation documents."""

    id: ClassVar[str] = "eaf"
    title: ClassVar[str] = "ELAN (EAF)"
    purpose: ClassVar[str] = "Tiers of timed annotations on audio and video, with parents and links."
    example: ClassVar[str] = "interview.eaf with interview.wav"
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample per .eaf. A file that cannot be read is a problem; the others go on."""
        documents = list(files_below(files, ".eaf"))
        if not documents:
            raise InvalidInput("no EAF files", where=files.root.name, wanted="*.eaf")
        for path in documents:
            try:
                document = parse_eaf(files.read(path), where=files.name(path))
            except InvalidInput as error:
                yield Problem(where=files.name(path), code=error.code, message=error.letter(), rejected=True)
                continue
            yield from _Reading(files=files, context=context, path=path, document=document).parts()

    def write(self, source: ExportSource, out: Path, *, options: dict[str, str]) -> tuple[Loss, ...]:
        """One EAF 3.0 per sample. Options: media=copy, layer=ID, date=ISO time of the documents."""
        losses = LossCounter()
        for bundle in source.bundles():
            write_document(bundle, source, out, options, losses)
        return losses.report()


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One document on its way to one sample."""

    files: Sources
    context: ReadContext
    path: Path
    document: EafDocument
    problems: list[Problem] = field(default_factory=list)
    taken: dict[str, Annotation] = field(default_factory=dict)
    speakers: dict[str, Entity] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)

    def parts(self) -> Iterator[SampleBundle | Problem]:
        where = self.files.name(self.path)
        sample = Sample(
            id=self.context.new_id(),
            key=key_of(self.files, self.path),
            source={"format": "eaf", "file": self.path.name, "version": self.document.version},
        )
        if self.document.version not in {"2.7", "2.8", "3.0"}:
            self._warn(where, "version", f"EAF version {self.document.version!r} was read as 3.0")
        times = times_of(self.document, where=where)
        streams, maps = self._streams(sample)
        origin_ns = maps[0].segments[0].media_ns if maps and maps[0].stream == streams[0].id else 0
        for tier in self.document.tiers:
            self._take_tier(sample, streams[0], tier, times, origin_ns)
        self._join_parents(sample)
        self._join_links(sample, where)
        yield from times.problems
        yield from self.problems
        records: tuple[AnyRecord, ...] = (
            *streams,
            *maps,
            *self.speakers.values(),
            *self.taken.values(),
            *self.links,
        )
        yield SampleBundle(sample=sample, records=records)

    def _streams(self, sample: Sample) -> tuple[list[Stream], list[ClockMap]]:
        streams: list[Stream] = []
        maps: list[ClockMap] = []
        where = self.files.name(self.path)
        found: list[tuple[Path, int]] = []
        for media in self.document.media:
            name = PurePosixPath(unquote(media.relative_url or media.url).replace("\\", "/")).name
            path = media_named(self.files, self.path.parent, name)
            if path is None:
                self._warn(where, "media_missing", f'the media file "{name}" is not in the import folder')
                continue
            if path.name != name:
                self._warn(where, "media_relinked", f'the media file "{name}" is missing; took "{path.name}"')
            found.append((path, media.origin_ms))
        if not self.document.media:
            beside = media_beside(self.files, self.path)
            found += [] if beside is None else [(beside, 0)]
        for path, origin_ms in found:
            stream = media_stream(self.files, self.context, sample.id, path)
            if any(stream.name == other.name for other in streams):
                stream = media_stream(
                    self.files, self.context, sample.id, path, name=f"{stream.name}-{len(streams) + 1}"
                )
            streams.append(stream)
            if origin_ms:
                maps.append(
                    ClockMap(
                        id=self.context.new_id(),
                        sample=sample.id,
                        stream=stream.id,
                        segments=(ClockSegment(media_ns=origin_ms * MILLISECOND_NS, timeline_ns=0),),
                        method="TIME_ORIGIN of the EAF",
                    )
                )
        if not streams:
            said = "\n".join(
                item.text for tier in self.document.tiers if not tier.parent for item in tier.annotations
            )
            streams.append(
                transcript_stream(
                    self.files, self.context, sample.id, said, file_name=f"{self.path.stem}.txt"
                )
            )
        return streams, maps

    def _take_tier(
        self, sample: Sample, stream: Stream, tier: EafTier, times: EafTimes, origin_ns: int
    ) -> None:
        vocabulary = self._vocabulary(tier)
        values = tuple(dict(vocabulary.entries).values())
        class_id = self._class_of(tier, values)
        speaker = self._speaker(sample, tier.participant)
        for item in tier.annotations:
            span = times.spans.get(item.id)
            if span is None or item.id in self.taken:
                continue
            if values and item.text and item.text not in values:
                spot = f"{self.files.name(self.path)}, annotation {item.id}"
                self._warn(spot, "not_in_vocabulary", f'"{item.text[:60]}" is not in the tier\'s vocabulary')
            self.taken[item.id] = Annotation(
                id=self.context.new_id(),
                sample=sample.id,
                stream=stream.id,
                layer=self.context.layer,
                class_id=class_id,
                region=TimeSpan(start_ns=span.start_ns + origin_ns, end_ns=span.end_ns + origin_ns),
                text=item.text or None,
                language=tier.language,
                attributes={"value": item.text} if item.text in values else {},
                source_id=item.id,
            )
            if speaker is not None:
                self.links.append(voice_link(self.context, self.taken[item.id], speaker))

    def _class_of(self, tier: EafTier, values: tuple[str, ...]) -> str:
        """By the tier's name (without `@participant`), else by its linguistic type if the ontology knows that."""
        label = tier.id
        if tier.participant and label.endswith(f"@{tier.participant}"):
            label = label[: -len(tier.participant) - 1]
        known = {
            word.casefold()
            for known in (*self.context.ontology.classes, *self.context.new_classes.values())
            for word in (known.id, known.name, *known.synonyms)
        }
        if label.strip().casefold() not in known and tier.type_id.strip().casefold() in known:
            label = tier.type_id
        class_id = self.context.class_id(label or "tier")
        if values:
            widen(self.context, class_id, attributes=(Attribute(id="value", name="Value", values=values),))
        return class_id

    def _speaker(self, sample: Sample, name: str) -> Entity | None:
        if not name:
            return None
        if name not in self.speakers:
            self.speakers[name] = speaker_of(self.context, sample.id, name)
        return self.speakers[name]

    def _vocabulary(self, tier: EafTier) -> EafVocabulary:
        kind = self.document.types.get(tier.type_id)
        name = "" if kind is None else kind.vocabulary
        vocabulary = self.document.vocabularies.get(name, EafVocabulary(entries=()))
        if not vocabulary.external_url:
            return vocabulary
        file_name = PurePosixPath(unquote(vocabulary.external_url).replace("\\", "/")).name
        path = self.path.parent / file_name
        inside = path.is_file() and path.resolve().is_relative_to(self.files.base)
        if not file_name.endswith(".ecv") or not inside:
            self._warn(
                self.files.name(self.path), "vocabulary_missing", f'the vocabulary "{file_name}" is not here'
            )
            return vocabulary
        try:
            found = parse_ecv(self.files.read(path), where=self.files.name(path))
        except InvalidInput as error:
            self._warn(self.files.name(path), "bad_vocabulary", error.letter())
            return vocabulary
        return found.get(name, vocabulary)

    def _join_parents(self, sample: Sample) -> None:
        tiers = {tier.id: tier for tier in self.document.tiers}
        for tier in self.document.tiers:
            kind = self.document.types.get(tier.type_id)
            aligned = kind is not None and kind.constraint in ALIGNED_CHILDREN and tier.parent in tiers
            hosts = (
                [self.taken[item.id] for item in tiers[tier.parent].annotations if item.id in self.taken]
                if aligned
                else []
            )
            hosts.sort(key=_start_ns)
            for item in tier.annotations:
                child = self.taken.get(item.id)
                if child is None:
                    continue
                parent = self.taken.get(item.parent) if item.parent else _host(child, hosts)
                if parent is not None:
                    self._link(sample, "part-of", "Part of", child, parent, "")

    def _join_links(self, sample: Sample, where: str) -> None:
        for link in self.document.links:
            ends = [self.taken.get(end) for end in link.ends]
            first = ends[0] if ends else None
            if first is None or len(ends) < 2 or None in ends:
                self.problems.append(
                    Problem(
                        where=f"{where}, link {link.id}",
                        code="link_end_missing",
                        message="an end of the link is missing, was refused, or is itself a link",
                        rejected=True,
                    )
                )
                continue
            for other in ends[1:]:
                if other is not None:
                    self._link(sample, slug_of(link.label), link.label, first, other, link.id)

    def _link(
        self, sample: Sample, type_id: str, name: str, source: Annotation, target: Annotation, source_id: str
    ) -> None:
        any_span = LinkEnd(kinds=("time_span",))
        self.links.append(
            Link(
                id=self.context.new_id(),
                sample=sample.id,
                layer=self.context.layer,
                type_id=self.context.link_type(type_id, name=name, source=any_span, target=any_span),
                source=end_of(source),
                target=end_of(target),
                source_id=source_id,
            )
        )

    def _warn(self, where: str, code: str, message: str) -> None:
        self.problems.append(Problem(where=where, code=code, message=message, rejected=False))


def _host(child: Annotation, hosts: list[Annotation]) -> Annotation | None:
    """The parent annotation that a time-aligned child shares the most time with; `hosts` ascend in time.

    Annotations of one tier do not overlap, so only the neighbours of the child's start are looked at.
    """
    if not isinstance(child.region, TimeSpan):
        return None
    place = bisect_right(hosts, child.region.start_ns, key=_start_ns)
    best, most = None, 0
    for host in hosts[max(0, place - 1) : place + 2]:
        if isinstance(host.region, TimeSpan):
            shared = min(child.region.end_ns, host.region.end_ns) - max(
                child.region.start_ns, host.region.start_ns
            )
            if shared > most:
                best, most = host, shared
    return best


def _start_ns(annotation: Annotation) -> int:
    return annotation.region.start_ns if isinstance(annotation.region, TimeSpan) else 0
