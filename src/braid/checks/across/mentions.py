"""Mentions: phrases without a region, and regions without a phrase, where the ontology lets text refer to regions."""

from __future__ import annotations

from collections.abc import Iterator

from braid.checks.registry import Check, register
from braid.checks.tables import Tables
from braid.model import records as m
from braid.model.findings import Finding, LayerOfCheck, Severity
from braid.model.regions import REGION_KINDS, TextSpan
from braid.ontology.links import end_misfits, view_of

_SHAPES = frozenset(REGION_KINDS) - {"text_span", "time_span", "whole_stream"}


@register
class Mentions(Check):
    """Only in samples that have text which could refer; phrases marked as not visual are left alone."""

    id = "mention"
    title = "Phrases have regions, regions have phrases"
    layer = LayerOfCheck.ACROSS
    severity = Severity.WARNING
    purpose = "What the text speaks of is marked in the picture, and what is marked is spoken of."
    example = (
        "The caption says “a dog” and no box is linked to it; a box of a bicycle that no caption mentions."
    )
    reads = ("annotations", "links", "entities", "streams", "classes", "texts")
    source = "Completeness: box without mention, mention without box, minus what is not visual."

    def run(self, tables: Tables) -> Iterator[Finding]:
        """One finding per annotation that could be an end of a referring link type and is not."""
        kinds = [
            kind
            for kind in tables.ontology.ontology.link_types
            if not kind.deprecated and "text_span" in kind.source.kinds and _SHAPES & set(kind.target.kinds)
        ]
        ids = {kind.id for kind in kinds}
        with_text = _samples_with_text(tables) if kinds else set()
        for sample in sorted(tables.scope if kinds else ()):
            annotations = tables.annotations_of_sample.get(sample, ())
            phrases = [
                a
                for a in annotations
                if isinstance(a.region, TextSpan) and _fits(tables, a, kinds, side="source")
            ]
            if not phrases and sample not in with_text:
                continue
            regions = [
                a
                for a in annotations
                if not isinstance(a.region, TextSpan) and _fits(tables, a, kinds, side="target")
            ]
            for phrase in phrases:
                if not _linked(tables, phrase, ids):
                    yield self._phrase(tables, phrase)
            for region in regions:
                if not _linked(tables, region, ids):
                    yield self._region(tables, region, has_phrases=bool(phrases))

    def _phrase(self, tables: Tables, phrase: m.Annotation) -> Finding:
        quote = phrase.region.quote if isinstance(phrase.region, TextSpan) else ""
        return self.finding(
            sample=phrase.sample,
            message=f"The phrase “{quote}” refers to no region.",
            culprits=[tables.culprit(phrase)],
            facet="phrase",
            score=0.7,
            facts={"quote": quote, "class": phrase.class_id},
            hint="Draw or choose its region and link them, or mark the phrase as not visual",
        )

    def _region(self, tables: Tables, region: m.Annotation, *, has_phrases: bool) -> Finding:
        return self.finding(
            sample=region.sample,
            message=f"{tables.name_of(region)} is mentioned by no phrase.",
            culprits=[tables.culprit(region)],
            facet="region",
            severity=Severity.WARNING if has_phrases else Severity.HINT,
            score=0.5 if has_phrases else 0.3,
            facts={"class": region.class_id},
            hint="Link the phrase that speaks of it, or complete the caption",
        )


def _fits(tables: Tables, annotation: m.Annotation, kinds: list[m.LinkType], *, side: str) -> bool:
    if annotation.attributes.get("visual") is False:
        return False
    stream = tables.streams.get(annotation.stream)
    view = view_of(annotation, modality=str(stream.modality) if stream else None)
    return any(
        not any(end_misfits(view, kind.source if side == "source" else kind.target, tables.ontology))
        for kind in kinds
    )


def _linked(tables: Tables, annotation: m.Annotation, kinds: set[str]) -> bool:
    """Whether it, or the entity it speaks of, is an end of a referring link."""
    ids = [annotation.id, *([annotation.entity] if annotation.entity else [])]
    return any(link.type_id in kinds for end in ids for link in tables.links_at.get(end, ()))


def _samples_with_text(tables: Tables) -> set[str]:
    """Samples with a text stream, or with an annotation that has a text."""
    streams = {stream.sample for stream in tables.streams.values() if stream.modality is m.Modality.TEXT}
    return streams | {annotation.sample for annotation in tables.annotations if annotation.text}
