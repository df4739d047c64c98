"""Suspect links: an end changed since the link was judged, and nobody has looked since (laws L3 and L5)."""

from __future__ import annotations

from collections.abc import Iterator

from braid.checks.registry import Check, register
from braid.checks.tables import Tables
from braid.model import records as m
from braid.model.findings import Finding, LayerOfCheck, Severity


@register
class SuspectLinks(Check):
    """One finding per suspect link; it closes when a person confirms, retargets or retracts the link."""

    id = "suspect-link"
    title = "Suspect links"
    layer = LayerOfCheck.ACROSS
    severity = Severity.WARNING
    purpose = "Every link has been judged against what its ends are now."
    example = "A cuboid was moved after it was linked to its camera box."
    reads = ("links", "annotations", "entities")
    source = "Laws L3 and L5."

    def run(self, tables: Tables) -> Iterator[Finding]:
        """One finding per link with causes."""
        for link in tables.links:
            if not link.causes:
                continue
            ends = [tables.end(end) for end in (link.source, link.target)]
            missing = any("missing" in cause.changed for cause in link.causes)
            yield self.finding(
                sample=link.sample,
                message=f"{tables.name_of(link).capitalize()}: {'; '.join(_said(cause) for cause in link.causes)}.",
                culprits=[tables.culprit(link), *(tables.culprit(end) for end in ends if end is not None)],
                severity=Severity.ERROR if missing else Severity.WARNING,
                facts={
                    "changed": ", ".join(sorted({name for cause in link.causes for name in cause.changed})),
                    "by": ", ".join(sorted({cause.by for cause in link.causes})),
                },
                hint="Confirm, retarget or retract the link",
            )


def _said(cause: m.Cause) -> str:
    if "missing" in cause.changed:
        return f"its {cause.end} was deleted by {cause.by}"
    amount = f" ({cause.amount})" if cause.amount else ""
    return f"the {' and '.join(cause.changed)} of its {cause.end} was changed by {cause.by}{amount}"
