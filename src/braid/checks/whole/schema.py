"""Schema: every record fits the ontology, and everything it refers to is there."""

from __future__ import annotations

from collections.abc import Iterator

from braid.checks.registry import Check, register
from braid.checks.tables import Tables
from braid.model import records as m
from braid.model.findings import Finding, LayerOfCheck, Severity
from braid.ontology.conformance import problems_of
from braid.ontology.problems import Problem

_MILD = frozenset({"class-deprecated", "link-type-deprecated", "attribute-missing"})


@register
class Schema(Check):
    """Unknown or deprecated classes, attributes that do not fit, malformed regions, references to nothing."""

    id = "schema"
    title = "Schema and dangling references"
    layer = LayerOfCheck.WHOLE
    severity = Severity.ERROR
    purpose = "Every record fits the ontology and everything it refers to exists."
    example = "A link whose target was deleted; a class that the ontology does not know; an attribute without answer."
    reads = (
        "samples",
        "streams",
        "annotations",
        "links",
        "entities",
        "clock_maps",
        "calibrations",
        "classes",
    )
    source = "Exact, zero tolerance (graph hygiene)."

    def run(self, tables: Tables) -> Iterator[Finding]:
        """One finding per problem of each record in scope."""
        has_layers = any(isinstance(record, m.Layer) for record in tables.records.values())
        for record in tables.in_scope:
            for problem in problems_of(record, tables.look_up, tables.ontology):
                if problem.code.startswith("link-") and not problem.code.startswith("link-type-"):
                    continue
                if problem.facet == "layer" and not has_layers:
                    continue
                yield self._finding(tables, record, problem)

    def _finding(self, tables: Tables, record: m.AnyRecord, problem: Problem) -> Finding:
        facts = {"problem": problem.code, "got": problem.got, "wanted": problem.wanted}
        wanted = f" (got {problem.got}, wanted {problem.wanted})" if problem.got and problem.wanted else ""
        return self.finding(
            sample=str(m.sample_of(record)),
            message=f"{tables.name_of(record)}: {problem.what}{wanted}.",
            culprits=[tables.culprit(record)],
            facet=f"{problem.code}/{problem.facet}",
            severity=Severity.WARNING if problem.code in _MILD else Severity.ERROR,
            facts={key: value for key, value in facts.items() if value},
            hint=problem.hint,
        )
