"""Text spans with the quote and the context that let them find their place again."""

from __future__ import annotations

from braid.model.regions import TextSpan

CONTEXT = 32
"""Code points kept on either side of a span."""


def text_span(text: str, start: int, end: int, *, of: str | None = None) -> TextSpan:
    """The span [start, end) in code points of `text`, which is the stream's text or that of annotation `of`.

    >>> text_span("a red kite", 2, 5).quote
    'red'
    """
    return TextSpan(
        start=start,
        end=end,
        quote=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        of=of,
    )
