"""SubRip subtitles: numbered blocks, `HH:MM:SS,mmm --> HH:MM:SS,mmm`. No speakers; tags like <i> are dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from braid.base.errors import InvalidInput
from braid.formats.beside import files_below
from braid.formats.cues import (
    MAX_BYTES,
    Cue,
    clock_text,
    cues_of,
    decoded,
    one_block,
    read_cues,
    time_ns,
    write_text,
)
from braid.formats.losses import LossCounter
from braid.formats.seam import ExportSource, Loss, Problem, ReadContext, SampleBundle, Sources

_CLOCK = r"(\d{1,4}):(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
_TIMING = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s.*)?")
_TAG = re.compile(r"</?(?:[biu]|font)(?:\s[^<>]*)?>|\{\\an?\d+\}", re.IGNORECASE)


class Srt:
    """SubRip files."""

    id: ClassVar[str] = "srt"
    title: ClassVar[str] = "SubRip (SRT)"
    purpose: ClassVar[str] = "Subtitles with times."
    example: ClassVar[str] = "talk.srt with talk.mp4"
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample per .srt."""
        paths = list(files_below(files, ".srt"))
        if not paths:
            raise InvalidInput("no SubRip files", where=files.root.name, wanted="*.srt")
        for path in paths:
            text, warning = decoded(files.read(path, limit=MAX_BYTES))
            where = files.name(path)
            if warning:
                yield Problem(where=where, code="encoding", message=warning, rejected=False)
            yield from read_cues(files, context, path, parse_srt(text, where=where), format_id="srt")

    def write(self, source: ExportSource, out: Path, *, options: dict[str, str]) -> tuple[Loss, ...]:
        """One .srt per sample. Options: media=copy, layer=ID."""
        losses = LossCounter()
        for bundle in source.bundles():
            blocks: list[str] = []
            for number, cue in enumerate(cues_of(bundle, options.get("layer"), losses), start=1):
                if cue.voice:
                    losses.add("speaker", "SubRip has no voices")
                if cue.words:
                    losses.add("word times", "SubRip times whole cues")
                times = f"{clock_text(cue.start_ns, mark=',')} --> {clock_text(cue.end_ns, mark=',')}"
                blocks.append(f"{number}\n{times}\n{one_block(cue.text, losses)}\n")
            write_text(bundle, source, out, "\n".join(blocks), ending=".srt", options=options)
        return losses.report()


def parse_srt(text: str, *, where: str) -> Iterator[Cue | Problem]:
    """Cues of a SubRip text (LF line ends). Blocks without a timing line are problems."""
    lines = text.split("\n")
    index = 0
    while index < len(lines):
        if not lines[index].strip():
            index += 1
            continue
        first = index
        while index < len(lines) and lines[index].strip():
            index += 1
        block = lines[first:index]
        at = next((place for place, line in enumerate(block[:2]) if "-->" in line), None)
        match = None if at is None else _TIMING.fullmatch(block[at])
        if at is None or match is None:
            yield Problem(
                where=f"{where}, line {first + 1}",
                code="bad_timing",
                message="a block has no line like 00:00:01,000 --> 00:00:02,500",
                rejected=True,
            )
            continue
        fields = match.groups()
        yield Cue(
            where=f"{where}, line {first + at + 1}",
            id=block[0].strip()[:64] if at == 1 else "",
            start_ns=time_ns(*fields[:4]),
            end_ns=time_ns(*fields[4:]),
            text=_TAG.sub("", "\n".join(block[at + 1 :])).strip(),
        )


def looks_like_srt(text: str) -> bool:
    """Whether the first lines are a SubRip block."""
    start = [line for line in text.split("\n")[:20] if line.strip()][:2]
    return any(_TIMING.fullmatch(line) for line in start)
