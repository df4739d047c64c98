"""SubRip subtitles: numbered blocks, `HH:MM:SS,mmm --> HH:MM:SS,mmm`. No speakers; tags like <i> are dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from braid.base.errors import InvalidInput
from braid.formats.beside import files_below
from braid.formats.cue_blocks import cue_blocks
from braid.formats.cues import (
    MAX_BYTES,
    Cue,
    clock_text,
    cues_of,
    decoded,
    one_block,
    read_cues,
    write_text,
)
from braid.formats.losses import LossCounter
from braid.formats.seam import ExportSource, Loss, Problem, ReadContext, SampleBundle, Sources

_CLOCK = r"(\d{1,4}):(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
_TIMING = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s.*)?")
_EXAMPLE = "00:00:01,000 --> 00:00:02,500"
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
    for block in cue_blocks(text.split("\n"), _TIMING, where=where, example=_EXAMPLE):
        if isinstance(block, Problem):
            yield block
            continue
        yield Cue(
            where=block.where,
            id=block.id,
            start_ns=block.start_ns,
            end_ns=block.end_ns,
            text=_TAG.sub("", block.text).strip(),
        )


def looks_like_srt(text: str) -> bool:
    """Whether the first lines are a SubRip block."""
    start = [line for line in text.split("\n")[:20] if line.strip()][:2]
    return any(_TIMING.fullmatch(line) for line in start)
