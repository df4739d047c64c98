"""Link types: each link joins what its type may join (law L6), and ends that speak of one thing agree on it."""

from __future__ import annotations

from collections.abc import Iterator

from braid.checks.registry import Check, register
from braid.checks.tables import Tables
from braid.model import records as m
from braid.model.findings import Finding, LayerOfCheck, Severity
from braid.ontology.conformance import link_problems


@register
class LinkTypes(Check):
    """Region kinds, classes and modalities at both ends; links of a thing with itself; two entities in one link."""

    id = "link-type"
    title = "Link type conformance"
    layer = LayerOfCheck.ACROSS
    severity = Severity.ERROR
    purpose = "The ontology admits both ends of every link, and a link that means one thing joins one entity."
    example = "“Same object” leads from a cuboid to a time span, or joins two different cars."
    reads = ("links", "annotations", "entities", "streams", "classes")
    source = "Exact, zero tolerance (graph hygiene)."

    def run(self, tables: Tables) -> Iterator[Finding]:
        """One finding per end that does not fit."""
        for link in tables.links:
            ends = [tables.end(end) for end in (link.source, link.target)]
            culprits = [tables.culprit(link), *(tables.culprit(end) for end in ends if end is not None)]
            for problem in link_problems(link, tables.look_up, tables.ontology):
                if problem.code.startswith("link-") and not problem.code.startswith("link-type-"):
                    yield self.finding(
                        sample=link.sample,
                        message=f"{problem.what} (got {problem.got}, wanted {problem.wanted or 'another end'}).",
                        culprits=culprits,
                        facet=f"{problem.code}/{problem.facet}",
                        facts={"got": problem.got, "wanted": problem.wanted},
                        hint=problem.hint,
                    )
            kind = tables.ontology.link_types.get(link.type_id)
            source, target = ends
            if kind is None or not kind.same_entity or source is None or target is None:
                continue
            first, second = _entity(source), _entity(target)
            if first and second and first != second:
                names = [
                    tables.name_of(record) if (record := tables.look_up(e)) else e for e in (first, second)
                ]
                yield self.finding(
                    sample=link.sample,
                    message=f"{kind.name} joins two different entities: {names[0]} and {names[1]}.",
                    culprits=culprits,
                    facet="same-entity",
                    facts={"source_entity": first, "target_entity": second},
                    hint="Retarget the link, or give both ends the same entity",
                )


def _entity(record: m.Annotation | m.Entity) -> str | None:
    return record.id if isinstance(record, m.Entity) else record.entity
