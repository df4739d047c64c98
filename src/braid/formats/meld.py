"""MELD's utterance tables (CSV): dialogues with speakers, emotions and sentiments, without media.

Each dialogue is a sample with one text stream, its transcript of `Speaker: utterance` lines. An utterance is a time
span in episode time (media time; a clock map sets the dialogue's first instant to zero) that bears its text; where
the times do not hold, it is the text span of its line. Speakers are entities, joined by `spoken-by` links
(a text span gets one only if the ontology lets it).
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from braid.base.errors import InvalidInput
from braid.clock.clock_map import ClockSegment
from braid.clock.ns import LIMIT_NS, MILLISECOND_NS
from braid.formats.classes import first_of, widen
from braid.formats.meld_writer import write_meld
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
from braid.formats.spans import text_span
from braid.formats.text_tables import TextRow, TextTable, open_table
from braid.model.records import (
    Annotation,
    Attribute,
    ClockMap,
    Entity,
    Link,
    LinkEnd,
    MediaFacts,
    Modality,
    Sample,
    Sampling,
    Stream,
)
from braid.model.regions import AnyRegion, TimeSpan, kind_of

NEEDED = ("Utterance", "Speaker", "Dialogue_ID", "Utterance_ID")
LABELS = ("Emotion", "Sentiment")
_CLOCK = re.compile(r"(\d{1,3}):(\d{1,2}):(\d{1,2})[,.;](\d{1,3})")


class Meld:
    """MELD and tables of the same columns."""

    id: ClassVar[str] = "meld"
    title: ClassVar[str] = "MELD utterance table"
    purpose: ClassVar[str] = (
        "Dialogues as CSV: utterance, speaker, emotion, sentiment, times within the episode."
    )
    example: ClassVar[str] = "braid import meld ./dev_sent_emo.csv --project talks"
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample for each dialogue, in the order of the table. Raises InvalidInput without a fitting table."""
        paths = [files.root] if files.root.is_file() else sorted(files.root.glob("*.csv"))
        if not paths:
            raise InvalidInput("no table here", where=str(files.root), wanted="a .csv file")
        for path in paths:
            yield from _TableReader(table=_table_of(files, path), files=files, context=context).bundles()

    def write(
        self,
        source: ExportSource,
        out: Path,
        *,
        options: dict[str, str],
    ) -> tuple[Loss, ...]:
        """Write utterances.csv: the flat view of all text-bearing annotations on time or text spans."""
        return write_meld(source, out / "utterances.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Utterance:
    row: TextRow
    text: str
    speaker: str
    span: TimeSpan | None
    line_start: int = 0


@dataclass(slots=True, kw_only=True)
class _TableReader:
    """One table to bundles."""

    table: TextTable
    files: Sources
    context: ReadContext
    classes: dict[str, str] = field(default_factory=dict)
    speakable: tuple[str, ...] = ()

    def bundles(self) -> Iterator[SampleBundle | Problem]:
        dialogues: dict[str, list[_Utterance]] = {}
        seen: set[tuple[str, str]] = set()
        values: dict[str, Counter[str]] = {label: Counter() for label in LABELS}
        for row in self.table.rows():
            if isinstance(row, Problem):
                yield row
                continue
            where = self._where(row)
            dialogue, utterance = row.cells["Dialogue_ID"].strip(), row.cells["Utterance_ID"].strip()
            if not dialogue or not utterance:
                yield Problem(
                    where=where, code="no-id", message="Dialogue_ID or Utterance_ID is empty", rejected=True
                )
            elif (dialogue, utterance) in seen:
                message = f"utterance {utterance} of dialogue {dialogue} is there already"
                yield Problem(where=where, code="duplicate-id", message=message, rejected=True)
            else:
                seen.add((dialogue, utterance))
                taken, oddity = _utterance(row, where)
                if oddity is not None:
                    yield oddity
                dialogues.setdefault(dialogue, []).append(taken)
                for label, counter in values.items():
                    counter.update([row.cells.get(label, "").strip()])
        self._declare(values)
        for dialogue, utterances in dialogues.items():
            yield self._bundle(dialogue, utterances)

    def _where(self, row: TextRow) -> str:
        return f"{self.table.name}: row {row.number}"

    def _declare(self, values: dict[str, Counter[str]]) -> None:
        """The classes and the choices that the table uses."""
        utterance = self.context.class_id("utterance")
        choices = [
            Attribute(id=slug_of(label), name=label, values=tuple(sorted(filter(None, counter))))
            for label, counter in values.items()
            if any(counter)
        ]
        widen(self.context, utterance, attributes=choices)
        speaker = first_of(self.context, "speaker", "participant") or self.context.class_id("speaker")
        self.classes = {"utterance": utterance, "speaker": speaker}
        known = [one for one in self.context.ontology.link_types if one.id == "spoken-by"]
        self.speakable = (known[0].source.kinds if known else ()) or ("time_span", "text_span")
        self.context.link_type(
            "spoken-by",
            name="spoken by",
            source=LinkEnd(kinds=("time_span", "text_span")),
            target=LinkEnd(kinds=("entity", "box", "track", "time_span")),
        )

    def _bundle(self, dialogue: str, utterances: list[_Utterance]) -> SampleBundle:
        new_id = self.context.new_id
        sample, stream = new_id(), new_id()
        lines = [f"{one.speaker}: {one.text}\n" for one in utterances]
        transcript = "".join(lines)
        asset = self.files.asset_of_bytes(transcript.encode(), store=self.context.scratch)
        speakers: dict[str, Entity] = {}
        annotations: list[Annotation] = []
        links: list[Link] = []
        line_start = 0
        for one, line in zip(utterances, lines, strict=True):
            speaker = speakers.get(one.speaker)
            if speaker is None:
                speaker = speakers[one.speaker] = Entity(
                    id=new_id(),
                    sample=sample,
                    layer=self.context.layer,
                    class_id=self.classes["speaker"],
                    name=one.speaker,
                    source_id=one.speaker,
                )
            text_start = line_start + len(line) - len(one.text) - 1
            region = one.span or text_span(transcript, text_start, text_start + max(1, len(one.text)))
            annotation = self._annotation(one, region, sample=sample, stream=stream)
            annotations.append(annotation)
            if kind_of(region) not in self.speakable:
                line_start += len(line)
                continue
            links.append(
                Link(
                    id=new_id(),
                    sample=sample,
                    layer=self.context.layer,
                    type_id="spoken-by",
                    source=end_of(annotation),
                    target=end_of(speaker),
                )
            )
            line_start += len(line)
        first = utterances[0].row.cells
        spans = [one.span for one in utterances if one.span is not None]
        start_ns = min((span.start_ns for span in spans), default=None)
        end_ns = max((span.end_ns for span in spans), default=0)
        clock = () if start_ns is None else (
            ClockMap(
                id=new_id(),
                sample=sample,
                stream=stream,
                segments=(ClockSegment(media_ns=start_ns, timeline_ns=0),),
                method="the dialogue's first instant is zero",
            ),
        )  # fmt: skip
        kept = {"dialogue": dialogue, "table": self.table.name}
        kept |= {name.lower(): first[name] for name in ("Season", "Episode") if first.get(name)}
        transcript_stream = Stream(
            id=stream,
            sample=sample,
            name="transcript",
            modality=Modality.TEXT,
            sampling=Sampling.INTERVAL,
            asset=asset,
            media_type="text/plain; charset=utf-8",
            file_name=f"dialogue-{slug_of(dialogue)}.txt",
            facts=MediaFacts(
                text_length=len(transcript),
                start_ns=start_ns,
                duration_ns=None if start_ns is None else end_ns - start_ns,
            ),
        )
        return SampleBundle(
            sample=Sample(id=sample, key=f"{self._prefix()}-dia{dialogue}", source=kept),
            records=(transcript_stream, *clock, *speakers.values(), *annotations, *links),
        )

    def _prefix(self) -> str:
        stem = Path(self.table.name).stem
        return stem.removesuffix("_sent_emo") or stem

    def _annotation(self, one: _Utterance, region: AnyRegion, *, sample: str, stream: str) -> Annotation:
        cells = one.row.cells
        labels = {slug_of(label): cells.get(label, "").strip() for label in LABELS}
        return Annotation(
            id=self.context.new_id(),
            sample=sample,
            stream=stream,
            layer=self.context.layer,
            class_id=self.classes["utterance"],
            region=region,
            text=one.text,
            attributes={name: value for name, value in labels.items() if value},
            source_id=cells["Utterance_ID"].strip(),
        )


def _table_of(files: Sources, path: Path) -> TextTable:
    table = open_table(files, path)
    missing = [name for name in NEEDED if name not in table.columns]
    if missing:
        raise InvalidInput(
            "a MELD table lacks columns",
            where=f"{table.name}: row 1",
            got=", ".join(table.columns),
            wanted=", ".join(missing),
            hint="Names are case-sensitive",
        )
    return table


def _utterance(row: TextRow, where: str) -> tuple[_Utterance, Problem | None]:
    """The row's utterance, and what is odd about it."""
    cells = row.cells
    start_ns, end_ns = clock_ns(cells.get("StartTime", "")), clock_ns(cells.get("EndTime", ""))
    span = None
    oddity = None
    if start_ns is not None and end_ns is not None and start_ns < end_ns < LIMIT_NS:
        span = TimeSpan(start_ns=start_ns, end_ns=end_ns)
    else:
        message = (
            f"no valid time ({cells.get('StartTime')!r} to {cells.get('EndTime')!r}); kept as a text span"
        )
        oddity = Problem(where=where, code="no-time", message=message, rejected=False)
    text = cells["Utterance"].replace("\r\n", "\n")
    return _Utterance(row=row, text=text, speaker=_speaker(cells["Speaker"]), span=span), oddity


def clock_ns(text: str) -> int | None:
    """`HH:MM:SS,mmm` (comma, point or semicolon) in nanoseconds, None for anything else.

    >>> clock_ns("00:20:57,256")
    1257256000000
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None or int(match[2]) > 59 or int(match[3]) > 59:
        return None
    hours, minutes, seconds, fraction = match.groups()
    whole_ms = ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))
    return whole_ms * MILLISECOND_NS


def _speaker(cell: str) -> str:
    """The speaker's name; tables of the same family write it as a list."""
    text = " ".join(cell.split())
    if text.startswith("[") and len(text) < 1000:
        try:
            names = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            return text
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            return ", ".join(names) or "unknown"
    return text or "unknown"
