"""Which tiers an export needs: annotations grouped by class and speaker, put under their parents, never overlapping."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from braid.clock.clock_map import to_timeline
from braid.clock.ns import MILLISECOND_NS
from braid.formats.losses import LossCounter
from braid.formats.seam import SampleBundle
from braid.formats.voices import voices_of
from braid.model.records import Annotation, ClockMap, Link, Ontology
from braid.model.regions import TimeSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """An annotation on document time, whole milliseconds; `parent` when a part-of link leads to another one."""

    record: Annotation
    start_ms: int
    end_ms: int
    parent: str | None


@dataclass(slots=True, kw_only=True)
class PlannedTier:
    """A tier to write. constraint: "", Included_In, Symbolic_Association or Symbolic_Subdivision."""

    id: str
    class_id: str
    participant: str
    parent: str
    constraint: str
    items: list[Timed] = field(default_factory=list)

    @property
    def symbolic(self) -> bool:
        """Whether its annotations take their time from their parents."""
        return self.constraint.startswith("Symbolic")


def timed_annotations(
    bundle: SampleBundle, layer: str | None, losses: LossCounter
) -> tuple[dict[str, Timed], frozenset[str]]:
    """The time spans of the bundle by record id, and the part-of links that became parents."""
    maps = {record.stream: record.segments for record in bundle.records if isinstance(record, ClockMap)}
    spans: dict[str, tuple[Annotation, int, int]] = {}
    for record in bundle.records:
        if not isinstance(record, Annotation) or layer not in {None, record.layer}:
            continue
        if not isinstance(record.region, TimeSpan):
            losses.add("annotation", "a tier holds time spans only")
            continue
        ends_ns = [record.region.start_ns, record.region.end_ns]
        if record.stream in maps:
            ends_ns = [to_timeline(maps[record.stream], at_ns) for at_ns in ends_ns]
        start, end = ((at_ns + MILLISECOND_NS // 2) // MILLISECOND_NS for at_ns in ends_ns)
        if start < 0:
            losses.add("annotation", "EAF has no time before its zero")
            continue
        if any(at_ns % MILLISECOND_NS for at_ns in ends_ns):
            losses.add("time below a millisecond", "EAF counts whole milliseconds")
        spans[record.id] = (record, start, max(start + 1, end))
    parents: dict[str, str] = {}
    used: set[str] = set()
    for record in bundle.records:
        if isinstance(record, Link) and record.type_id == "part-of" and record.source.id not in parents:
            child, parent = record.source.id, record.target.id
            if (
                child in spans
                and parent in spans
                and child != parent
                and not _leads_to(parents, parent, child)
            ):
                parents[child] = parent
                used.add(record.id)
    timed = {
        key: Timed(record=record, start_ms=start, end_ms=end, parent=parents.get(key))
        for key, (record, start, end) in spans.items()
    }
    return timed, frozenset(used)


def plan_tiers(bundle: SampleBundle, ontology: Ontology, timed: dict[str, Timed]) -> list[PlannedTier]:
    """Tiers with parents first. Every item stands in exactly one; items of aligned tiers do not overlap."""
    names = {known.id: known.name for known in ontology.classes}
    voices, _ = voices_of(bundle)
    groups: dict[tuple[str, str], list[Timed]] = {}
    for item in timed.values():
        speaker = voices.get(item.record.id, "")
        groups.setdefault((item.record.class_id, speaker), []).append(item)
    group_of = {item.record.id: key for key, items in groups.items() for item in items}
    hosts = {key: _host_group(key, items, group_of) for key, items in groups.items()}
    planned: list[PlannedTier] = []
    tier_of: dict[str, str] = {}
    taken: set[str] = set()
    waiting = list(groups)
    while waiting:
        ready = [key for key in waiting if hosts[key] not in waiting]
        if not ready:  # groups that stand in one another: the first becomes a root
            hosts[waiting[0]] = None
            continue
        for key in ready:
            waiting.remove(key)
            class_id, speaker = key
            alone = sum(class_id == other for other, _ in groups) == 1
            label = names.get(class_id, class_id) + (f"@{speaker}" if speaker and not alone else "")
            below: dict[str, list[Timed]] = {}
            for item in groups[key]:
                below.setdefault(tier_of[item.parent] if hosts[key] and item.parent else "", []).append(item)
            for parent, items in below.items():
                for constraint, lane in _lanes(items, timed, has_parent=bool(parent)):
                    tier = PlannedTier(
                        id=_fresh(label, taken),
                        class_id=class_id,
                        participant=speaker,
                        parent=parent,
                        constraint=constraint,
                        items=lane,
                    )
                    planned.append(tier)
                    tier_of.update({item.record.id: tier.id for item in lane})
    return planned


def _host_group(
    key: tuple[str, str], items: list[Timed], group_of: dict[str, tuple[str, str]]
) -> tuple[str, str] | None:
    """The group that holds all parents of a group, when every item has one, in one other group, around it in time."""
    found = {None if item.parent is None else group_of[item.parent] for item in items}
    if len(found) != 1:
        return None
    (host,) = found
    return None if host == key else host


def _lanes(items: list[Timed], timed: dict[str, Timed], *, has_parent: bool) -> list[tuple[str, list[Timed]]]:
    """Split into tiers: one symbolic tier when all last as long as their parents, else lanes without overlap."""
    spans = {key: (item.start_ms, item.end_ms) for key, item in timed.items()}
    if has_parent and all(spans[item.parent or ""] == (item.start_ms, item.end_ms) for item in items):
        most = max(Counter(item.parent for item in items).values())
        return [("Symbolic_Association" if most == 1 else "Symbolic_Subdivision", items)]
    lanes: list[list[Timed]] = []
    for item in sorted(items, key=lambda item: (item.start_ms, item.end_ms, item.record.id)):
        lane = next((lane for lane in lanes if lane[-1].end_ms <= item.start_ms), None)
        if lane is None:
            lanes.append(lane := [])
        lane.append(item)
    return [("Included_In" if has_parent else "", lane) for lane in lanes]


def _leads_to(parents: dict[str, str], start: str, goal: str) -> bool:
    while start in parents:
        start = parents[start]
        if start == goal:
            return True
    return False


def _fresh(label: str, taken: set[str]) -> str:
    name, number = label, 1
    while name in taken:
        number += 1
        name = f"{label} ({number})"
    taken.add(name)
    return name
