"""WebVTT: cues with voices (<v Name>), inline word times, comments and styles (passed over). Source: W3C WebVTT."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from braid.base.errors import InvalidInput
from braid.formats.beside import files_below
from braid.formats.cue_blocks import CueBlock, cue_blocks
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
from braid.formats.srt import looks_like_srt, parse_srt
from braid.model.records import Word

_CLOCK = r"(?:(\d{2,4}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"[ \t]*{_CLOCK}[ \t]*-->[ \t]*{_CLOCK}(?:[ \t].*)?")
_EXAMPLE = "00:00:01.000 --> 00:00:02.500"
_TOKEN = re.compile(r"<([^<>]*)>|([^<]+|<)")
_INLINE = re.compile(_CLOCK)
_ASIDE = ("NOTE", "STYLE", "REGION")


class Webvtt:
    """WebVTT files."""

    id: ClassVar[str] = "webvtt"
    title: ClassVar[str] = "WebVTT"
    purpose: ClassVar[str] = "Captions and transcripts with times and voices."
    example: ClassVar[str] = "talk.vtt with talk.mp4"
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample per .vtt. SubRip under that name is noticed and read as what it is."""
        paths = list(files_below(files, ".vtt"))
        if not paths:
            raise InvalidInput("no WebVTT files", where=files.root.name, wanted="*.vtt")
        for path in paths:
            where = files.name(path)
            text, warning = decoded(files.read(path, limit=MAX_BYTES))
            if warning:
                yield Problem(where=where, code="encoding", message=warning, rejected=False)
            head = text.split("\n", 1)[0]
            if re.fullmatch(r"WEBVTT(?:[ \t].*)?", head):
                cues = parse_webvtt(text, where=where)
            elif looks_like_srt(text):
                message = "the file is SubRip, whatever its name; it was read as that"
                yield Problem(where=where, code="srt_as_vtt", message=message, rejected=False)
                cues = parse_srt(text, where=where)
            else:
                yield Problem(
                    where=where, code="no_header", message="the first line is not WEBVTT", rejected=True
                )
                continue
            yield from read_cues(files, context, path, cues, format_id="webvtt")

    def write(self, source: ExportSource, out: Path, *, options: dict[str, str]) -> tuple[Loss, ...]:
        """One .vtt per sample, on the sample timeline. Options: media=copy, layer=ID."""
        losses = LossCounter()
        for bundle in source.bundles():
            blocks = ["WEBVTT\n"]
            for cue in cues_of(bundle, options.get("layer"), losses):
                times = f"{clock_text(cue.start_ns, mark='.')} --> {clock_text(cue.end_ns, mark='.')}"
                voice = _escaped(" ".join(cue.voice.split()))
                said = one_block(_payload(cue), losses)
                name = f"{cue.id}\n" if cue.id and "-->" not in cue.id and cue.id.isprintable() else ""
                blocks.append(f"{name}{times}\n{f'<v {voice}>' if voice else ''}{said}\n")
            write_text(bundle, source, out, "\n".join(blocks), ending=".vtt", options=options)
        return losses.report()


def parse_webvtt(text: str, *, where: str) -> Iterator[Cue | Problem]:
    """Cues after the header block (LF line ends); a cue with several voices gives one cue each."""
    lines = text.split("\n")
    index = next((place for place, line in enumerate(lines) if not line.strip()), len(lines))
    header = next((place for place, line in enumerate(lines[:index]) if "-->" in line), None)
    if header is not None:  # a cue right below WEBVTT, without the blank line
        index = header
    for block in cue_blocks(lines, _TIMING, where=where, example=_EXAMPLE, first=index, asides=_ASIDE):
        if isinstance(block, Problem):
            yield block
        else:
            yield from _voices(block)


def _voices(block: CueBlock) -> Iterator[Cue]:
    """Tags taken apart: <v> starts another voice, <time> another timed piece, all others are dropped."""
    parts: list[tuple[str, list[tuple[int, str]]]] = [("", [(block.start_ns, "")])]
    for match in _TOKEN.finditer(block.text):
        tag, plain = match.groups()
        pieces = parts[-1][1]
        if plain is not None:
            at_ns, before = pieces[-1]
            pieces[-1] = (at_ns, before + html.unescape(plain))
            continue
        inline = _INLINE.fullmatch(tag.strip())
        if inline is not None:
            pieces.append((time_ns(*inline.groups()), ""))
        elif re.match(r"v[. \t\n]", tag):
            name = " ".join(html.unescape(tag).split()[1:])
            parts.append((name, [(pieces[-1][0], "")]))
    spoken = [(voice, pieces) for voice, pieces in parts if "".join(text for _, text in pieces).strip()]
    for voice, pieces in spoken or parts[:1]:
        text, words = _timed_words(pieces, block.end_ns)
        yield Cue(
            where=block.where,
            id=block.id,
            start_ns=block.start_ns,
            end_ns=block.end_ns,
            text=text,
            voice=voice,
            words=words,
        )


def _timed_words(pieces: list[tuple[int, str]], end_ns: int) -> tuple[str, tuple[Word, ...]]:
    """The plain text and, when pieces have times of their own, a word for each piece that lasts."""
    whole = "".join(text for _, text in pieces)
    lead = len(whole) - len(whole.lstrip())
    plain = whole.strip()
    if len(pieces) == 1:
        return plain, ()
    words: list[Word] = []
    at = -lead
    for place, (start_ns, text) in enumerate(pieces):
        until_ns = pieces[place + 1][0] if place + 1 < len(pieces) else end_ns
        start, end = at + len(text) - len(text.lstrip()), at + len(text.rstrip())
        at += len(text)
        if 0 <= start < end <= len(plain) and start_ns < until_ns:
            words.append(Word(start=start, end=end, start_ns=start_ns, end_ns=until_ns))
    return plain, tuple(words)


def _payload(cue: Cue) -> str:
    """Escaped text with a time before each word that starts inside the cue."""
    out: list[str] = []
    at = 0
    for word in sorted(cue.words, key=lambda word: word.start):
        if word.start < at or not cue.start_ns < word.start_ns < cue.end_ns:
            continue
        out.append(_escaped(cue.text[at : word.start]))
        out.append(f"<{clock_text(word.start_ns, mark='.')}>")
        at = word.start
    out.append(_escaped(cue.text[at:]))
    return "".join(out)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
