"""Text spans: inside their text, and covering what they quote."""

from __future__ import annotations

from collections.abc import Iterator

from braid.checks.registry import Check, register
from braid.checks.tables import Tables
from braid.model import records as m
from braid.model.findings import Finding, LayerOfCheck, Severity
from braid.model.regions import TextSpan


@register
class TextSpans(Check):
    """Offsets are code points; without the text only its length is held against them."""

    id = "text-span"
    title = "Text spans cover what they quote"
    layer = LayerOfCheck.WITHIN
    severity = Severity.ERROR
    purpose = "Every text span lies within its text and covers the words it was made on."
    example = "A span quotes “a dog” but covers “a cat” since the transcript was corrected."
    reads = ("annotations", "streams", "texts")
    source = "Exact; offsets in Unicode code points."

    def run(self, tables: Tables) -> Iterator[Finding]:
        """At most one finding per span."""
        for annotation in tables.annotations:
            if isinstance(annotation.region, TextSpan):
                yield from self._span(tables, annotation, annotation.region)

    def _span(self, tables: Tables, annotation: m.Annotation, span: TextSpan) -> Iterator[Finding]:
        host = tables.look_up(span.of) if span.of else None
        stream = tables.streams.get(annotation.stream)
        text = host.text if isinstance(host, m.Annotation) else None
        if span.of is None:
            text = tables.texts.get(annotation.stream)
        length = (
            len(text) if text is not None else (stream.facts.text_length if stream and not span.of else None)
        )
        culprits = [tables.culprit(annotation), *([tables.culprit(host)] if host is not None else [])]
        if length is not None and span.end > length:
            yield self.finding(
                sample=annotation.sample,
                message=f"The span “{span.quote}” ends at {span.end}, but its text has {length} characters.",
                culprits=culprits,
                facet="bounds",
                facts={"span": f"[{span.start}, {span.end})", "length": str(length)},
                hint="Were UTF-16 or byte offsets taken for code points?",
            )
        elif text is not None and text[span.start : span.end] != span.quote:
            found = text.find(span.quote)
            covered = text[span.start : span.end]
            yield self.finding(
                sample=annotation.sample,
                message=f"The span quotes “{span.quote}” but covers “{covered}”.",
                culprits=culprits,
                facet="quote",
                facts={
                    "quote": span.quote,
                    "covers": covered,
                    **({"nearest": str(found)} if found >= 0 else {}),
                },
                hint=f"The quote stands at {found}; move the span there"
                if found >= 0
                else "Mark the phrase again",
            )
