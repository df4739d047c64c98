"""The two files of a Flickr30k Entities picture: marked sentences, and XML with the boxes of each id."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from braid.base.errors import InvalidInput
from braid.formats.seam import Problem, Sources
from braid.model.regions import Box

_MARK = re.compile(r"\[/EN#(\d+)((?:/[A-Za-z]+)+) ([^\[\]]*)\]")
TEXT_LIMIT = 2**20
XML_LIMIT = 16 * 2**20
NOT_VISUAL = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A marked phrase: code points [start, end) of the sentence without marks, its chain id and its types."""

    start: int
    end: int
    chain: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A caption without its marks, and the marks."""

    text: str
    marks: tuple[Mark, ...]


@dataclass(slots=True, kw_only=True)
class Boxes:
    """What the XML says: boxes with the ids they show; ids that are the scene, or have no box."""

    file_name: str = ""
    size_px: tuple[int, int] | None = None
    origin: int = 1
    boxes: list[tuple[tuple[str, ...], Box]] = field(default_factory=list)
    scene: list[str] = field(default_factory=list)
    without_box: list[str] = field(default_factory=list)


def parse_sentence(line: str) -> Sentence:
    """One line with `[/EN#<id>/<type> phrase]` marks. Raises InvalidInput for a broken mark.

    >>> parse_sentence("[/EN#7/people A girl] waves .").marks
    (Mark(start=0, end=6, chain='7', types=('people',)),)
    """
    parts: list[str] = []
    marks: list[Mark] = []
    length = position = 0
    for match in _MARK.finditer(line):
        between = line[position : match.start()]
        parts += [between, match[3]]
        length += len(between)
        types = tuple(match[2][1:].split("/"))
        if not match[3].strip():
            raise InvalidInput("a mark has no phrase", got=match[0])
        marks.append(Mark(start=length, end=length + len(match[3]), chain=match[1], types=types))
        length += len(match[3])
        position = match.end()
    parts.append(line[position:])
    text = "".join(parts)
    if "[/EN#" in text:
        raise InvalidInput("a mark is broken", got=line, wanted="[/EN#<id>/<type> phrase]")
    return Sentence(text=text, marks=tuple(marks))


def read_sentences(files: Sources, path: Path) -> tuple[list[Sentence], list[Problem]]:
    """All sentences of a file; lines that do not hold are problems."""
    try:
        lines = files.read(path, limit=TEXT_LIMIT).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InvalidInput("sentences have to be UTF-8", where=files.name(path), got=str(error)) from None
    sentences: list[Sentence] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            sentences.append(parse_sentence(line))
        except InvalidInput as error:
            where = f"{files.name(path)}: line {number}"
            problems.append(Problem(where=where, code="bad-mark", message=error.letter(), rejected=True))
    return sentences, problems


def read_boxes(files: Sources, path: Path, *, origin: str) -> tuple[Boxes, list[Problem]]:
    """The XML of a picture; objects that do not hold are problems.

    origin: number of the first pixel, "0", "1" or "auto": files of both sorts are about, and one that names pixel 0
    counts from 0. Corners are inclusive. Raises InvalidInput for XML that is broken or brings entities.
    """
    from braid.formats.xml_safe import parse_xml

    root = parse_xml(files.read(path, limit=XML_LIMIT), where=files.name(path))
    found = Boxes(file_name=(root.findtext("filename") or "").strip())
    width, height = _whole(root.findtext("size/width")), _whole(root.findtext("size/height"))
    if width and height:
        found.size_px = (width, height)
    rough: list[tuple[tuple[str, ...], list[int]]] = []
    problems: list[Problem] = []
    for number, element in enumerate(root.iter("object"), start=1):
        names = tuple(
            name.text.strip() for name in element.findall("name") if name.text and name.text.strip()
        )
        corners = [
            _whole(element.findtext(f"bndbox/{corner}")) for corner in ("xmin", "ymin", "xmax", "ymax")
        ]
        whole = [corner for corner in corners if corner is not None]
        if not names:
            problems.append(_bad(files, path, number, "an object has no name"))
        elif element.find("bndbox") is None:
            if _whole(element.findtext("scene")):
                found.scene += names
            if _whole(element.findtext("nobndbox")):
                found.without_box += names
        elif len(whole) < 4 or whole[0] > whole[2] or whole[1] > whole[3] or min(whole) < 0:
            problems.append(_bad(files, path, number, f"a box has no area or no whole corners: {corners}"))
        else:
            rough.append((names, whole))
    counts_from_0 = any(min(whole[:2]) == 0 for _, whole in rough)
    found.origin = (0 if counts_from_0 else 1) if origin == "auto" else int(origin)
    for names, (x0, y0, x1, y1) in rough:
        first = found.origin
        region = Box(
            x0_px=float(x0 - first),
            y0_px=float(y0 - first),
            x1_px=float(x1 - first + 1),
            y1_px=float(y1 - first + 1),
        )
        found.boxes.append((names, region))
    return found, problems


def _whole(text: str | None) -> int | None:
    stripped = (text or "").strip()
    return int(stripped) if stripped.isascii() and stripped.isdecimal() and len(stripped) < 8 else None


def _bad(files: Sources, path: Path, number: int, message: str) -> Problem:
    where = f"{files.name(path)}: object {number}"
    return Problem(where=where, code="bad-object", message=message, rejected=True)
