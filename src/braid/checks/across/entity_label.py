"""Entity labels: annotations of one thing carry its class or an ancestor of it (law O4)."""

from __future__ import annotations

from collections.abc import Iterator

from braid.checks.registry import Check, register
from braid.checks.tables import Tables
from braid.model import records as m
from braid.model.findings import Finding, LayerOfCheck, Severity


@register
class EntityLabels(Check):
    """An ancestor is granularity drift (warning); any other class contradicts (error)."""

    id = "entity-label"
    title = "One thing, one class"
    layer = LayerOfCheck.ACROSS
    severity = Severity.ERROR
    purpose = (
        "All annotations of one entity, and both ends of a link that means one thing, agree on its class."
    )
    example = "The lidar says truck and the camera says bus; or one says vehicle where the other says car."
    reads = ("annotations", "entities", "links", "classes")
    source = "Law O4: equal is fine, an ancestor is drift, anything else a contradiction."

    def run(self, tables: Tables) -> Iterator[Finding]:
        """One finding per annotation that differs from its entity, then per link whose ends differ."""
        settled: set[str] = set()
        for entity in tables.entities:
            for annotation in tables.annotations_of_entity.get(entity.id, ()):
                settled.add(annotation.id)
                if annotation.class_id != entity.class_id:
                    yield self._compare(tables, annotation, entity, drift_up_only=True)
        for link in tables.links:
            kind = tables.ontology.link_types.get(link.type_id)
            source, target = tables.end(link.source), tables.end(link.target)
            if kind is None or not kind.same_entity or source is None or target is None:
                continue
            both_settled = all(isinstance(end, m.Entity) or end.id in settled for end in (source, target))
            if not both_settled and source.class_id != target.class_id:
                yield self._compare(tables, source, target, link=link)

    def _compare(
        self,
        tables: Tables,
        one: m.Annotation | m.Entity,
        other: m.Annotation | m.Entity,
        *,
        link: m.Link | None = None,
        drift_up_only: bool = False,
    ) -> Finding:
        tree = tables.ontology
        drift = tree.is_a(other.class_id, one.class_id) or (
            not drift_up_only and tree.is_a(one.class_id, other.class_id)
        )
        here, there = tree.name_of(one.class_id), tree.name_of(other.class_id)
        verdict = "one is more general than the other" if drift else "these contradict each other"
        records: list[m.AnyRecord] = [one, other, *([link] if link else [])]
        return self.finding(
            sample=one.sample,
            message=f"{tables.name_of(one)} is labelled {here}, {tables.name_of(other)} is labelled {there}: {verdict}.",
            culprits=[tables.culprit(record) for record in records],
            severity=Severity.WARNING if drift else Severity.ERROR,
            score=0.5 if drift else 1.0,
            facts={
                "class": one.class_id,
                "other_class": other.class_id,
                "relation": "granularity drift" if drift else "contradiction",
            },
            hint="Use the more exact class on both" if drift else "Correct one label, or unlink the two",
        )
