"""Duplicate links: the same relation between the same two things, twice in one layer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from braid.checks.registry import Check, register
from braid.checks.tables import Tables
from braid.model import records as m
from braid.model.findings import Finding, LayerOfCheck, Severity


@register
class DuplicateLinks(Check):
    """Links of one type with the same ends in one layer; for symmetric types the direction does not matter."""

    id = "duplicate-link"
    title = "Duplicate links"
    layer = LayerOfCheck.WHOLE
    severity = Severity.WARNING
    purpose = "Two things are linked at most once by one link type in one layer."
    example = "The phrase “a red car” refers to the same box twice."
    reads = ("links", "classes")
    source = "Exact, zero tolerance (graph hygiene)."

    def run(self, tables: Tables) -> Iterator[Finding]:
        """One finding per surplus link; the oldest of a group is the one to keep."""
        groups: dict[tuple[str, str, str, str, str], list[m.Link]] = defaultdict(list)
        for link in tables.links:
            kind = tables.ontology.link_types.get(link.type_id)
            ends = (link.source.id, link.target.id)
            first, second = sorted(ends) if kind and kind.symmetric else ends
            groups[link.sample, link.layer, link.type_id, first, second].append(link)
        for links in groups.values():
            kept, *surplus = sorted(links, key=lambda link: link.id)
            ends_named = [tables.end(end) for end in (kept.source, kept.target)]
            names = " and ".join(tables.name_of(end) for end in ends_named if end is not None)
            for link in surplus:
                yield self.finding(
                    sample=link.sample,
                    message=f"{names or 'Two things'} are joined {len(links)} times by the same {tables.name_of(link)}.",
                    culprits=[tables.culprit(link), tables.culprit(kept)],
                    facts={"copies": str(len(links)), "keep": kept.id},
                    hint="Delete the newer one",
                )
