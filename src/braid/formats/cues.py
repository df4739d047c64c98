"""Cues: what WebVTT and SubRip have in common. Cue text to annotations on the media beside, and back.

A voice becomes an entity. Reversed cues are refused, overlapping ones noticed; the text may hold timed words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from braid.clock.clock_map import to_timeline
from braid.clock.ns import LIMIT_NS, MILLISECOND_NS
from braid.formats.beside import copy_media, key_of, media_beside, media_stream, safe_stem, transcript_stream
from braid.formats.losses import LossCounter
from braid.formats.seam import ExportSource, Problem, ReadContext, SampleBundle, Sources
from braid.formats.voices import speaker_of, voice_link, voices_of
from braid.model.records import Annotation, AnyRecord, ClockMap, Entity, Modality, Sample, Stream, Word
from braid.model.regions import TimeSpan

MAX_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One cue of a file: media nanoseconds, plain text, who speaks ("" unknown), words with offsets into `text`."""

    where: str
    id: str
    start_ns: int
    end_ns: int
    text: str
    voice: str = ""
    words: tuple[Word, ...] = ()


def decoded(data: bytes) -> tuple[str, str]:
    """Text with LF line ends, and a warning or "". UTF-8 and UTF-16 by mark; else Windows-1252."""
    warning = ""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
            warning = "the text is not UTF-8; it was read as Windows-1252"
    return text.replace("\r\n", "\n").replace("\r", "\n"), warning


def time_ns(hours: str, minutes: str, seconds: str, fraction: str) -> int:
    """Clock fields to nanoseconds; `fraction` is up to three digits after the point."""
    whole_s = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return (whole_s * 1000 + int(fraction.ljust(3, "0"))) * MILLISECOND_NS


def sound_cues(cues: Iterable[Cue | Problem]) -> Iterator[Cue | Problem]:
    """Pass cues on; refuse those that end before they start or lie beyond 2^53 ns; notice overlaps."""
    latest = 0
    for cue in cues:
        if isinstance(cue, Problem):
            yield cue
        elif not cue.start_ns < cue.end_ns < LIMIT_NS:
            yield Problem(
                where=cue.where,
                code="reversed",
                message="the cue ends before it starts, lasts for nothing, or lies too far out",
                rejected=True,
            )
        else:
            if cue.start_ns < latest:
                yield Problem(
                    where=cue.where,
                    code="overlap",
                    message="the cue starts before an earlier one ends",
                    rejected=False,
                )
            latest = max(latest, cue.end_ns)
            yield cue


def read_cues(
    files: Sources, context: ReadContext, path: Path, cues: Iterable[Cue | Problem], *, format_id: str
) -> Iterator[SampleBundle | Problem]:
    """One sample for one cue file: the media beside it, or a text stream of what is said."""
    sample = Sample(
        id=context.new_id(), key=key_of(files, path), source={"format": format_id, "file": path.name}
    )
    taken: list[Cue] = []
    for cue in sound_cues(cues):
        if isinstance(cue, Problem):
            yield cue
        else:
            taken.append(cue)
    media = media_beside(files, path)
    if media is not None:
        stream = media_stream(files, context, sample.id, media)
    else:
        said = "\n".join(cue.text for cue in taken)
        stream = transcript_stream(files, context, sample.id, said, file_name=f"{path.stem}.txt")
    speakers: dict[str, Entity] = {}
    spoken: list[Annotation] = []
    for cue in taken:
        if cue.voice and cue.voice not in speakers:
            speakers[cue.voice] = speaker_of(context, sample.id, cue.voice)
        spoken.append(
            Annotation(
                id=context.new_id(),
                sample=sample.id,
                stream=stream.id,
                layer=context.layer,
                class_id=context.class_id("utterance"),
                region=TimeSpan(start_ns=cue.start_ns, end_ns=cue.end_ns),
                text=cue.text,
                words=cue.words,
                source_id=cue.id,
            )
        )
    links = [
        voice_link(context, said, speakers[cue.voice])
        for cue, said in zip(taken, spoken, strict=True)
        if cue.voice
    ]
    records: tuple[AnyRecord, ...] = (stream, *speakers.values(), *spoken, *links)
    yield SampleBundle(sample=sample, records=records)


def cues_of(bundle: SampleBundle, layer: str | None, losses: LossCounter) -> list[Cue]:
    """The cues of a sample on its timeline, by time: every time span with text. What cannot be said is counted."""
    maps = {record.stream: record.segments for record in bundle.records if isinstance(record, ClockMap)}
    voices, told = voices_of(bundle)
    found: list[Cue] = []
    classes: set[str] = set()
    for record in bundle.records:
        if not isinstance(record, Annotation) or layer not in {None, record.layer}:
            if not isinstance(record, Stream | ClockMap | Entity | Annotation) and record.id not in told:
                losses.add(type(record).__name__.casefold(), "a cue file holds text and times only")
            continue
        if not isinstance(record.region, TimeSpan) or not record.text:
            losses.add("annotation", "a cue is a time span with text")
            continue
        ends_ns = [record.region.start_ns, record.region.end_ns]
        if record.stream in maps:
            ends_ns = [to_timeline(maps[record.stream], at_ns) for at_ns in ends_ns]
        if ends_ns[0] < 0:
            losses.add("annotation", "cues cannot start before zero")
            continue
        if any(at_ns % MILLISECOND_NS for at_ns in ends_ns):
            losses.add("time below a millisecond", "cues count whole milliseconds")
        if record.attributes:
            losses.add("attributes", "a cue holds text only")
        classes.add(record.class_id)
        start, end = ((at_ns + MILLISECOND_NS // 2) // MILLISECOND_NS * MILLISECOND_NS for at_ns in ends_ns)
        found.append(
            Cue(
                where="",
                id=record.source_id,
                start_ns=start,
                end_ns=max(start + MILLISECOND_NS, end),
                text=record.text,
                voice=voices.get(record.id, ""),
                words=record.words,
            )
        )
    if len(classes) > 1:
        losses.add("class", "a cue file has one kind of cue", len(found))
    return sorted(found, key=lambda cue: (cue.start_ns, cue.end_ns, cue.text))


def one_block(text: str, losses: LossCounter) -> str:
    """A text that no blank line cuts short."""
    lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    kept = "\n".join(lines)
    if kept != text:
        losses.add("blank lines", "an empty line ends a cue")
    return kept


def clock_text(at_ns: int, *, mark: str) -> str:
    """HH:MM:SS and milliseconds after `mark`.

    >>> clock_text(3_723_004_000_000, mark=".")
    '01:02:03.004'
    """
    seconds, milliseconds = divmod(at_ns // MILLISECOND_NS, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{mark}{milliseconds:03d}"


def write_text(
    bundle: SampleBundle, source: ExportSource, out: Path, text: str, *, ending: str, options: dict[str, str]
) -> None:
    """Write OUT/KEY.ending as UTF-8; with option media=copy also its audio and video."""
    stem = safe_stem(bundle.sample.key)
    (out / f"{stem}{ending}").write_text(text, encoding="utf-8", newline="\n")
    for record in bundle.records if options.get("media") == "copy" else ():
        if isinstance(record, Stream) and record.modality in {Modality.AUDIO, Modality.VIDEO}:
            copy_media(source, record, out)
