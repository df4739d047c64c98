"""Blocks of a subtitle file: lines between blank ones, with the timing on the first line or below a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from braid.formats.cues import time_ns
from braid.formats.seam import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class CueBlock:
    """A block as it stands: media nanoseconds, its name ("" for none), its text with tags; where: file and line."""

    where: str
    id: str
    start_ns: int
    end_ns: int
    text: str


def cue_blocks(
    lines: list[str],
    timing: re.Pattern[str],
    *,
    where: str,
    example: str,
    first: int = 0,
    asides: tuple[str, ...] = (),
) -> Iterator[CueBlock | Problem]:
    """The blocks from line index `first` on; one without a timing line like `example` is a problem.

    timing: matches a whole timing line, with eight groups (hours, minutes, seconds, fraction; twice). asides: first
    words of blocks that are passed over.
    """
    index = first
    while index < len(lines):
        if not lines[index].strip():
            index += 1
            continue
        begin = index
        while index < len(lines) and lines[index].strip():
            index += 1
        block = lines[begin:index]
        at = next((place for place, line in enumerate(block[:2]) if "-->" in line), None)
        if at is None and re.split(r"[ \t]", block[0], maxsplit=1)[0] in asides:
            continue
        match = None if at is None else timing.fullmatch(block[at])
        if at is None or match is None:
            yield Problem(
                where=f"{where}, line {begin + 1 + (at or 0)}",
                code="bad_timing",
                message=f"a block has no line like {example}",
                rejected=True,
            )
            continue
        fields = match.groups()
        yield CueBlock(
            where=f"{where}, line {begin + at + 1}",
            id=block[0].strip()[:64] if at == 1 else "",
            start_ns=time_ns(*fields[:4]),
            end_ns=time_ns(*fields[4:]),
            text="\n".join(block[at + 1 :]),
        )
