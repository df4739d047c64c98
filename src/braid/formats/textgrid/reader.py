"""TextGrids to records and back: tiers to classes, intervals to time spans, points to spans of one nanosecond."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from braid.base.errors import InvalidInput
from braid.clock.clock_map import to_timeline
from braid.formats.beside import files_below, key_of, media_beside, media_stream, transcript_stream
from braid.formats.cues import MAX_BYTES, decoded, write_text
from braid.formats.losses import LossCounter
from braid.formats.seam import ExportSource, Loss, Problem, ReadContext, SampleBundle, Sources
from braid.formats.textgrid.document import GridTier, Mark, TextGrid, parse_textgrid, textgrid_text
from braid.formats.voices import voices_of
from braid.model.records import Annotation, AnyRecord, ClockMap, Link, Ontology, Sample, Stream
from braid.model.regions import TimeSpan

POINT_NS = 1
"""How long a point lasts in our model: the shortest span there is."""


class Textgrid:
    """Praat annotation files."""

    id: ClassVar[str] = "textgrid"
    title: ClassVar[str] = "Praat TextGrid"
    purpose: ClassVar[str] = "Tiers of intervals and points on a recording."
    example: ClassVar[str] = "mary.TextGrid with mary.wav"
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample per TextGrid. Intervals without text are silence and make no annotation."""
        paths = list(files_below(files, ".textgrid", ".textgrid_long", ".textgrid_short"))
        if not paths:
            raise InvalidInput("no TextGrids", where=files.root.name, wanted="*.TextGrid")
        for path in paths:
            where = files.name(path)
            text, warning = decoded(files.read(path, limit=MAX_BYTES))
            if warning:
                yield Problem(where=where, code="encoding", message=warning, rejected=False)
            try:
                grid = parse_textgrid(text, where=where)
            except InvalidInput as error:
                yield Problem(where=where, code=error.code, message=error.letter(), rejected=True)
                continue
            yield from _read_grid(files, context, path, grid)

    def write(self, source: ExportSource, out: Path, *, options: dict[str, str]) -> tuple[Loss, ...]:
        """One long TextGrid per sample, on the sample timeline. Options: media=copy, layer=ID."""
        losses = LossCounter()
        for bundle in source.bundles():
            grid = _grid_of(bundle, source.ontology, options.get("layer"), losses)
            write_text(bundle, source, out, textgrid_text(grid), ending=".TextGrid", options=options)
        return losses.report()


def _read_grid(
    files: Sources, context: ReadContext, path: Path, grid: TextGrid
) -> Iterator[SampleBundle | Problem]:
    where = files.name(path)
    sample = Sample(
        id=context.new_id(), key=key_of(files, path), source={"format": "textgrid", "file": path.name}
    )
    media = media_beside(files, path)
    if media is not None:
        stream = media_stream(files, context, sample.id, media)
    else:
        said = "\n".join(mark.text for tier in grid.tiers[:1] for mark in tier.marks if mark.text.strip())
        stream = transcript_stream(files, context, sample.id, said, file_name=f"{path.stem}.txt")
    records: list[AnyRecord] = [stream]
    names: set[str] = set()
    for number, tier in enumerate(grid.tiers, start=1):
        label = tier.name.strip() or f"tier {number}"
        if label in names:
            yield Problem(
                where=f"{where}, tier {number}",
                code="duplicate_tier",
                message=f'two tiers are named "{label}"; they become one class',
                rejected=False,
            )
        names.add(label)
        class_id = context.class_id(label)
        for place, part in enumerate(_sound_marks(tier, where=f"{where}, tier {number}")):
            if isinstance(part, Problem):
                yield part
            elif part.text.strip():
                end_ns = part.end_ns if not tier.points else part.start_ns + POINT_NS
                records.append(
                    Annotation(
                        id=context.new_id(),
                        sample=sample.id,
                        stream=stream.id,
                        layer=context.layer,
                        class_id=class_id,
                        region=TimeSpan(start_ns=part.start_ns, end_ns=end_ns),
                        text=part.text,
                        source_id=f"{number}:{place + 1}",
                    )
                )
    yield SampleBundle(sample=sample, records=tuple(records))


def _sound_marks(tier: GridTier, *, where: str) -> Iterator[Mark | Problem]:
    """Marks that end after they start; gaps and overlaps between intervals are noticed (they must tile)."""
    latest: int | None = None
    for number, mark in enumerate(tier.marks, start=1):
        spot = f"{where}, {'point' if tier.points else 'interval'} {number}"
        if not tier.points and mark.start_ns >= mark.end_ns:
            yield Problem(
                where=spot, code="reversed", message="the interval ends before it starts", rejected=True
            )
            continue
        if latest is not None and not tier.points and mark.start_ns != latest:
            overlap = mark.start_ns < latest
            yield Problem(
                where=spot,
                code="overlap" if overlap else "gap",
                message=f"the interval {'overlaps' if overlap else 'leaves a gap after'} the one before",
                rejected=False,
            )
        latest = mark.end_ns if latest is None else max(latest, mark.end_ns)
        yield mark


def _grid_of(bundle: SampleBundle, ontology: Ontology, layer: str | None, losses: LossCounter) -> TextGrid:
    maps = {record.stream: record.segments for record in bundle.records if isinstance(record, ClockMap)}
    names = {known.id: known.name for known in ontology.classes}
    voices, told = voices_of(bundle)
    ends = [
        record.facts.duration_ns
        for record in bundle.records
        if isinstance(record, Stream) and record.facts.duration_ns is not None
    ]
    groups: dict[tuple[str, bool], list[Mark]] = {}
    for record in bundle.records:
        if isinstance(record, Link) and record.id not in told:
            losses.add("link", "a TextGrid has no links")
        if not isinstance(record, Annotation) or layer not in {None, record.layer}:
            continue
        if not isinstance(record.region, TimeSpan):
            losses.add("annotation", "a tier holds times only")
            continue
        start, end = record.region.start_ns, record.region.end_ns
        point = end - start == POINT_NS
        if record.stream in maps:
            start, end = (to_timeline(maps[record.stream], at_ns) for at_ns in (start, end))
        if record.attributes or record.words:
            losses.add("attributes and words", "an interval holds one text")
        label = names.get(record.class_id, record.class_id)
        speaker = voices.get(record.id, "")
        name = f"{label} - {speaker}" if speaker else label
        groups.setdefault((name, point), []).append(
            Mark(start_ns=start, end_ns=start if point else end, text=record.text or label)
        )
    every = [mark for marks in groups.values() for mark in marks]
    first = min((0, *(mark.start_ns for mark in every)))
    last = max((1, *ends, *(mark.end_ns for mark in every)))
    tiers: list[GridTier] = []
    for (name, point), marks in sorted(groups.items()):
        lanes = [sorted(marks, key=lambda mark: mark.start_ns)] if point else _lanes(marks)
        for lane in lanes:
            taken = {tier.name for tier in tiers}
            number = next(number for number in range(1, 10**9) if _numbered(name, number) not in taken)
            tiers.append(
                GridTier(
                    name=_numbered(name, number),
                    points=point,
                    start_ns=first,
                    end_ns=last,
                    marks=tuple(lane if point else _tiled(lane, first, last)),
                )
            )
    return TextGrid(start_ns=first, end_ns=last, tiers=tuple(tiers))


def _lanes(marks: list[Mark]) -> list[list[Mark]]:
    """Tiers must not overlap: each interval goes to the first lane that is free."""
    lanes: list[list[Mark]] = []
    for mark in sorted(marks, key=lambda mark: (mark.start_ns, mark.end_ns, mark.text)):
        lane = next((lane for lane in lanes if lane[-1].end_ns <= mark.start_ns), None)
        if lane is None:
            lanes.append(lane := [])
        lane.append(mark)
    return lanes


def _tiled(lane: list[Mark], first: int, last: int) -> Iterator[Mark]:
    """Silence between the intervals, as Praat wants it."""
    at = first
    for mark in lane:
        if mark.start_ns > at:
            yield Mark(start_ns=at, end_ns=mark.start_ns, text="")
        yield mark
        at = mark.end_ns
    if at < last:
        yield Mark(start_ns=at, end_ns=last, text="")


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} ({number})"
