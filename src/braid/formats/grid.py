"""GRID audiovisual sentences: a talking face per clip, word times in `.align` (units of 1/25000 s), transcripts.csv.

Each clip is a video stream and an audio stream of one file; the sentence is an utterance on the audio with timed words.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from braid.base.errors import InvalidInput
from braid.formats.beside import VIDEO, files_below, key_of
from braid.formats.read_only import ReadOnly
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources
from braid.model.records import Annotation, AnyRecord, Modality, Sample, Sampling, Stream, Word
from braid.model.regions import TimeSpan, WholeStream

UNIT_NS = 40_000
"""One unit of an `.align` file: 1/25000 s."""
LIMIT_UNITS = 2**53 // UNIT_NS
SILENCE = frozenset({"sil", "sp"})


class Grid(ReadOnly):
    """Clips of the GRID corpus."""

    id: ClassVar[str] = "grid"
    title: ClassVar[str] = "GRID audiovisual sentences"
    purpose: ClassVar[str] = "Talking faces with the time of every word."
    example: ClassVar[str] = "swwp2s.mpg with swwp2s.align"
    instead: ClassVar[tuple[str, ...]] = ("webvtt", "textgrid", "eaf")

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample per clip. Without an `.align` the transcript stands for the whole stream."""
        clips = list(files_below(files, ".mpg", ".mpeg"))
        if not clips:
            raise InvalidInput("no GRID clips", where=files.root.name, wanted="*.mpg with *.align")
        aligns: dict[str, list[Path]] = {}
        for path in files_below(Sources(files.base), ".align"):
            aligns.setdefault(path.stem, []).append(path)
        transcripts: dict[str, str] = {}
        table = files.find("transcripts.csv")
        if table is not None:
            for row in _transcripts(files, table):
                if isinstance(row, Problem):
                    yield row
                else:
                    transcripts[row[0]] = row[1]
        for clip in clips:
            align = _nearest(clip, aligns.get(clip.stem, []))
            yield from _read_clip(files, context, clip, align, transcripts.get(clip.stem))


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignedWord:
    """A word of an `.align` file, in media nanoseconds."""

    text: str
    start_ns: int
    end_ns: int


def parse_align(text: str, *, where: str) -> Iterator[AlignedWord | Problem]:
    """`start end word` lines without the silences; reversed and overlapping ones are problems."""
    latest = 0
    for number, line in enumerate(text.splitlines(), start=1):
        fields = line.split()
        if not fields:
            continue
        spot = f"{where}, line {number}"
        if len(fields) != 3 or not all(field.isascii() and field.isdigit() for field in fields[:2]):
            yield Problem(
                where=spot, code="bad_line", message="wanted two whole numbers and a word", rejected=True
            )
            continue
        if max(len(field) for field in fields[:2]) > 12 or len(fields[2]) > 200:
            yield Problem(where=spot, code="too_large", message="a time or word is too long", rejected=True)
            continue
        start, end = int(fields[0]), int(fields[1])
        if not start < end < LIMIT_UNITS:
            yield Problem(where=spot, code="reversed", message="a word ends before it starts", rejected=True)
            continue
        if start < latest:
            yield Problem(
                where=spot, code="overlap", message="a word starts before the last one ends", rejected=False
            )
        latest = max(latest, end)
        if fields[2] not in SILENCE:
            yield AlignedWord(text=fields[2], start_ns=start * UNIT_NS, end_ns=end * UNIT_NS)


def _read_clip(
    files: Sources, context: ReadContext, clip: Path, align: Path | None, transcript: str | None
) -> Iterator[SampleBundle | Problem]:
    sample = Sample(
        id=context.new_id(), key=key_of(files, clip), source={"format": "grid", "clip": clip.stem}
    )
    asset = files.asset(clip)
    video, audio = (
        Stream(
            id=context.new_id(),
            sample=sample.id,
            name=modality.value,
            modality=modality,
            sampling=sampling,
            asset=asset,
            media_type=VIDEO[clip.suffix.casefold()],
            file_name=clip.name,
        )
        for modality, sampling in (
            (Modality.VIDEO, Sampling.INTERVAL),
            (Modality.AUDIO, Sampling.CONTINUOUS),
        )
    )
    records: list[AnyRecord] = [video, audio]
    words: list[AlignedWord] = []
    if align is not None:
        text = files.read(align, limit=2**20).decode("utf-8", "replace")
        for part in parse_align(text, where=files.name(align)):
            if isinstance(part, Problem):
                yield part
            else:
                words.append(part)
    if words:
        said = " ".join(word.text for word in words)
        if transcript is not None and transcript.split() != said.split():
            yield Problem(
                where=files.name(clip),
                code="transcript_differs",
                message=f'the table says "{transcript}", the alignment "{said}"; the alignment was taken',
                rejected=False,
            )
        records.append(_utterance(context, sample, audio, said, words))
    elif transcript is not None:
        records.append(
            Annotation(
                id=context.new_id(),
                sample=sample.id,
                stream=audio.id,
                layer=context.layer,
                class_id=context.class_id("utterance"),
                region=WholeStream(),
                text=transcript,
                language="en",
                source_id=clip.stem,
            )
        )
    else:
        yield Problem(
            where=files.name(clip),
            code="no_transcript",
            message="neither an .align file nor a row in transcripts.csv",
            rejected=False,
        )
    yield SampleBundle(sample=sample, records=tuple(records))


def _utterance(
    context: ReadContext, sample: Sample, audio: Stream, said: str, aligned: list[AlignedWord]
) -> Annotation:
    words: list[Word] = []
    at = 0
    for word in aligned:
        words.append(Word(start=at, end=at + len(word.text), start_ns=word.start_ns, end_ns=word.end_ns))
        at += len(word.text) + 1
    return Annotation(
        id=context.new_id(),
        sample=sample.id,
        stream=audio.id,
        layer=context.layer,
        class_id=context.class_id("utterance"),
        region=TimeSpan(
            start_ns=min(word.start_ns for word in aligned), end_ns=max(word.end_ns for word in aligned)
        ),
        text=said,
        language="en",
        words=tuple(words),
        source_id=f"{sample.source['clip']}.align",
    )


def _nearest(clip: Path, aligns: list[Path]) -> Path | None:
    """The alignment in the clip's own folder, else in `align/` beside it, else the only one of that name."""
    for path in aligns:
        if path.parent in {clip.parent, clip.parent / "align"}:
            return path
    return aligns[0] if len(aligns) == 1 else None


def _transcripts(files: Sources, table: Path) -> Iterator[tuple[str, str] | Problem]:
    text = files.read(table, limit=64 * 2**20).decode("utf-8-sig", "replace")
    rows = csv.reader(io.StringIO(text, newline=""))
    where = files.name(table)
    try:
        for number, row in enumerate(rows, start=1):
            if number == 1 and [field.strip().casefold() for field in row] == ["clip", "transcript"]:
                continue
            if len(row) == 2:
                yield row[0].strip(), row[1].strip()
            elif row:
                yield Problem(
                    where=f"{where}, line {number}",
                    code="field_count",
                    message=f"a row has {len(row)} fields, wanted clip and transcript",
                    rejected=True,
                )
    except csv.Error as error:
        yield Problem(where=where, code="bad_table", message=str(error), rejected=True)
