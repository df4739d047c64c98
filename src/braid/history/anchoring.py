"""Text spans on an edited text: found again by difference, quote and context, with a word on whether that is certain."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

import msgspec

from braid.model.regions import TextSpan

CONTEXT_LENGTH = 32
"""Code points of prefix and suffix that a span keeps."""

DIFF_LIMIT = 20_000
"""Changed middles longer than this are not compared letter by letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """Where a span stands after an edit. Not certain: a person has to look."""

    span: TextSpan
    certain: bool


def anchor(span: TextSpan, *, before: str, after: str) -> Anchored:
    """The span of `before` on the text `after`; offsets are code points.

    Certain when the difference leaves the quoted text untouched, or when the quote stands exactly once in the new
    text with its context on one side at least. Otherwise the span covers what the difference maps it to (a new
    quote), or collapses to a point and keeps its old quote when its text is gone.
    """
    if before[span.start : span.end] != span.quote or span.start >= span.end:
        return _by_quote(span, after) or Anchored(span=span, certain=False)
    start, end, untouched = _mapped(span, before, after)
    if untouched:
        return Anchored(span=_placed(span, after, start, end), certain=True)
    moved = _by_quote(span, after)
    if moved is not None:
        return moved
    if end > start:
        return Anchored(span=_placed(span, after, start, end), certain=False)
    return Anchored(span=msgspec.structs.replace(span, start=start, end=start), certain=False)


def _placed(span: TextSpan, text: str, start: int, end: int) -> TextSpan:
    return msgspec.structs.replace(
        span,
        start=start,
        end=end,
        quote=text[start:end],
        prefix=text[max(0, start - CONTEXT_LENGTH) : start],
        suffix=text[end : end + CONTEXT_LENGTH],
    )


def _by_quote(span: TextSpan, text: str) -> Anchored | None:
    """The only place where the quote stands with some of its context."""
    if not span.quote or text.count(span.quote) != 1:
        return None
    start = text.index(span.quote)
    end = start + len(span.quote)
    near_prefix, near_suffix = span.prefix[-4:], span.suffix[:4]
    fits = (bool(near_prefix) and text[:start].endswith(near_prefix)) or (
        bool(near_suffix) and text[end:].startswith(near_suffix)
    )
    return Anchored(span=_placed(span, text, start, end), certain=True) if fits else None


def _mapped(span: TextSpan, before: str, after: str) -> tuple[int, int, bool]:
    """Start and end on the new text, and whether the covered text was left alone by the edit."""
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    shift = len(after) - len(before)
    if span.end <= head:
        return span.start, span.end, True
    if span.start >= len(before) - tail:
        return span.start + shift, span.end + shift, True
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if len(old) > DIFF_LIMIT or len(new) > DIFF_LIMIT:
        return min(span.start, head), max(head, span.end + shift), False
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    pieces = [(0, 0, head), *((a + head, b + head, n) for a, b, n in blocks)]
    pieces.append((len(before) - tail, len(after) - tail, tail))
    whole = [(a, b, n) for a, b, n in pieces if a <= span.start and span.end <= a + n]
    if whole:
        a, b, _ = whole[0]
        return span.start - a + b, span.end - a + b, True
    inside = [
        (max(a, span.start) - a + b, min(a + n, span.end) - a + b)
        for a, b, n in pieces
        if max(a, span.start) < min(a + n, span.end)
    ]
    if inside:
        return min(start for start, _ in inside), max(end for _, end in inside), False
    point = max((b + n for a, b, n in pieces if a + n <= span.start), default=0)
    return point, point, False


def _common(one: str, other: str) -> int:
    """Length of the common beginning."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
