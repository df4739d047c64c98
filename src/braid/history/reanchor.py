"""Spans on edited texts: derived updates that take them along (law: text spans are re-anchored by diff and quote)."""

from __future__ import annotations

import msgspec

from braid.history.anchoring import anchor
from braid.history.overlay import Overlay
from braid.model.records import Annotation
from braid.model.regions import TextSpan


def reanchor_spans(overlay: Overlay) -> frozenset[str]:
    """Plan the derived updates; ids of the spans that stand on their text for certain.

    A span that the change set itself writes is left as its author wants it.
    """
    edited: dict[str, tuple[str, str]] = {}
    for record, write in overlay.of_kind("annotation"):
        old, new = write.before.record if write.before else None, write.after
        if not isinstance(old, Annotation) or not isinstance(new, Annotation):
            continue
        if old.text is not None and new.text is not None and new.text != old.text:
            edited[record] = (old.text, new.text)
    if not edited:
        return frozenset()
    held = overlay.reader.spans_of(sorted(edited))
    overlay.keep(held)
    certain = set()
    for one in held:
        span = overlay.after(one.id)
        if (
            one.id in overlay.writes
            or not isinstance(span, Annotation)
            or not isinstance(span.region, TextSpan)
        ):
            continue
        before, after = edited[span.region.of or ""]
        anchored = anchor(span.region, before=before, after=after)
        if anchored.span != span.region:
            overlay.put(one.id, msgspec.structs.replace(span, region=anchored.span), derived=True)
            if anchored.certain:
                certain.add(one.id)
    return frozenset(certain)
