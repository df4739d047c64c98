"""A TextGrid as plain values. Long and short layouts are one grammar: free-standing numbers, "strings" and <flags>.

Source: Praat's manual on text files; everything else in the file is a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from braid.base.errors import InvalidInput, LimitExceeded
from braid.clock.ns import LIMIT_NS, ns_from_seconds, seconds_text

_TOKEN = re.compile(r'"((?:[^"]|"")*)"|<(\w+)>|(![^\n]*)|([^\s"]+)')
_NUMBER = re.compile(r"[-+]?\d{1,15}(?:\.\d{0,40})?(?:[eE][-+]?\d{1,2})?")
MAX_TIERS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An interval [start_ns, end_ns), or a point when both are the same."""

    start_ns: int
    end_ns: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GridTier:
    """One tier in file order. points: a TextTier."""

    name: str
    points: bool
    start_ns: int
    end_ns: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextGrid:
    """The whole file."""

    start_ns: int
    end_ns: int
    tiers: tuple[GridTier, ...]


class _Tokens:
    """Reads free-standing values in order; says where it stands when one is not what was wanted."""

    def __init__(self, text: str, where: str) -> None:
        self._where = where
        self._text = text
        self._matches: Iterator[re.Match[str]] = _TOKEN.finditer(text)

    def string(self) -> str:
        kind, value, at = self._next()
        if kind != "string":
            raise self._wrong(value, "a quoted text", at)
        return value

    def time_ns(self) -> int:
        value, at = self._number("a time in seconds")
        at_ns = ns_from_seconds(Fraction(value))
        if abs(at_ns) >= LIMIT_NS:
            raise self._wrong(value, "a time within 104 days", at)
        return at_ns

    def count(self, limit: int) -> int:
        value, at = self._number("a whole number")
        if not value.isdigit():
            raise self._wrong(value, "a whole number", at)
        if int(value) > limit:
            raise LimitExceeded(
                "a TextGrid claims more than the file can hold",
                where=self._where,
                got=value,
                wanted=f"<= {limit}",
            )
        return int(value)

    def flag(self) -> str:
        kind, value, at = self._next()
        if kind != "flag":
            raise self._wrong(value, "<exists>", at)
        return value

    def _number(self, wanted: str) -> tuple[str, int]:
        kind, value, at = self._next()
        if kind != "number":
            raise self._wrong(value, wanted, at)
        return value, at

    def _next(self) -> tuple[str, str, int]:
        for match in self._matches:
            text, flag, _, word = match.groups()
            if text is not None:
                return "string", text.replace('""', '"'), match.start()
            if flag is not None:
                return "flag", flag, match.start()
            if word is not None and _NUMBER.fullmatch(word):
                return "number", word, match.start()
        raise InvalidInput("a TextGrid ends too early", where=self._where)

    def _wrong(self, got: str, wanted: str, at: int) -> InvalidInput:
        line = self._text.count("\n", 0, at) + 1
        return InvalidInput(
            "a TextGrid is not in order", where=f"{self._where}, line {line}", got=got, wanted=wanted
        )


def parse_textgrid(text: str, *, where: str) -> TextGrid:
    """Long or short layout. Raises InvalidInput; times are rounded half up to nanoseconds."""
    tokens = _Tokens(text, where)
    kind, holds = tokens.string(), tokens.string()
    if not kind.startswith("ooTextFile") or holds != "TextGrid":
        raise InvalidInput("not a TextGrid", where=where, got=f"{kind} {holds}", wanted="ooTextFile TextGrid")
    start, end = tokens.time_ns(), tokens.time_ns()
    tiers: list[GridTier] = []
    if tokens.flag() == "exists":
        for _ in range(tokens.count(MAX_TIERS)):
            tier_kind, name = tokens.string(), tokens.string()
            if tier_kind not in {"IntervalTier", "TextTier"}:
                raise InvalidInput(
                    "an unknown kind of tier", where=where, got=tier_kind, wanted="IntervalTier or TextTier"
                )
            points = tier_kind == "TextTier"
            tier_start, tier_end = tokens.time_ns(), tokens.time_ns()
            marks: list[Mark] = []
            for _ in range(tokens.count(len(text))):
                first = tokens.time_ns()
                last = first if points else tokens.time_ns()
                marks.append(Mark(start_ns=first, end_ns=last, text=tokens.string()))
            tiers.append(
                GridTier(name=name, points=points, start_ns=tier_start, end_ns=tier_end, marks=tuple(marks))
            )
    return TextGrid(start_ns=start, end_ns=end, tiers=tuple(tiers))


def textgrid_text(grid: TextGrid) -> str:
    """The long layout, nanoseconds kept."""
    lines = [
        'File type = "ooTextFile"',
        'Object class = "TextGrid"',
        "",
        f"xmin = {seconds_text(grid.start_ns)} ",
        f"xmax = {seconds_text(grid.end_ns)} ",
        "tiers? <exists> ",
        f"size = {len(grid.tiers)} ",
        "item []: ",
    ]
    for number, tier in enumerate(grid.tiers, start=1):
        part = "points" if tier.points else "intervals"
        lines += [
            f"    item [{number}]:",
            f'        class = "{"TextTier" if tier.points else "IntervalTier"}" ',
            f"        name = {_quoted(tier.name)} ",
            f"        xmin = {seconds_text(tier.start_ns)} ",
            f"        xmax = {seconds_text(tier.end_ns)} ",
            f"        {part}: size = {len(tier.marks)} ",
        ]
        for place, mark in enumerate(tier.marks, start=1):
            lines.append(f"        {part} [{place}]:")
            if tier.points:
                lines.append(f"            number = {seconds_text(mark.start_ns)} ")
                lines.append(f"            mark = {_quoted(mark.text)} ")
            else:
                lines.append(f"            xmin = {seconds_text(mark.start_ns)} ")
                lines.append(f"            xmax = {seconds_text(mark.end_ns)} ")
                lines.append(f"            text = {_quoted(mark.text)} ")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
