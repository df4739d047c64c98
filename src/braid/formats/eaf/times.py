"""When EAF annotations are: slots to nanoseconds, unaligned slots between their neighbours, children with their parents.

Document time is the sample timeline; a media's TIME_ORIGIN leads to its media time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from braid.clock.ns import MILLISECOND_NS
from braid.formats.eaf.document import EafAnnotation, EafDocument
from braid.formats.seam import Problem
from braid.model.regions import TimeSpan


@dataclass(slots=True, kw_only=True)
class EafTimes:
    """Spans by annotation id, on document time. `problems` says which had none, and which were guessed."""

    spans: dict[str, TimeSpan] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def slot_times_ns(slots_ms: dict[str, int | None]) -> tuple[dict[str, int], frozenset[str]]:
    """Each slot's time; slots without one lie evenly between their neighbours in TIME_ORDER (second answer: which).

    Negative slots, and unaligned ones without a later neighbour, have no time.

    >>> slot_times_ns({"ts1": 100, "ts2": None, "ts3": 200})[0]["ts2"]
    150000000
    """
    known: dict[str, int] = {}
    guessed: list[str] = []
    waiting: list[str] = []
    before = 0
    for slot, value_ms in slots_ms.items():
        if value_ms is None:
            waiting.append(slot)
            continue
        if value_ms < 0:
            continue
        at_ns = value_ms * MILLISECOND_NS
        if at_ns >= before:
            for place, name in enumerate(waiting, start=1):
                known[name] = before + (at_ns - before) * place // (len(waiting) + 1)
            guessed += waiting
        waiting = []
        known[slot] = before = at_ns
    return known, frozenset(guessed)


def times_of(document: EafDocument, *, where: str) -> EafTimes:
    """The span of every annotation that has one."""
    times = EafTimes()
    slots_ns, guessed = slot_times_ns(document.slots_ms)
    children: list[EafAnnotation] = []
    seen: set[str] = set()
    for tier in document.tiers:
        for item in tier.annotations:
            spot = f"{where}, annotation {item.id}"
            if not item.id or item.id in seen:
                _reject(times, spot, "duplicate_id", "an annotation id is missing or used twice")
                continue
            seen.add(item.id)
            if item.parent:
                children.append(item)
                continue
            start, end = slots_ns.get(item.start_slot), slots_ns.get(item.end_slot)
            if start is None or end is None:
                _reject(times, spot, "no_time", "a time slot is missing, negative or cannot be interpolated")
            elif start >= end:
                _reject(times, spot, "reversed", "the annotation ends before it starts, or lasts for nothing")
            else:
                times.spans[item.id] = TimeSpan(start_ns=start, end_ns=end)
                if guessed & {item.start_slot, item.end_slot}:
                    times.problems.append(
                        Problem(
                            where=spot,
                            code="unaligned",
                            message="a time slot has no value; its time was put between its neighbours",
                            rejected=False,
                        )
                    )
    _follow_parents(times, children, where)
    return times


def _follow_parents(times: EafTimes, children: list[EafAnnotation], where: str) -> None:
    while children:
        later = [item for item in children if item.parent not in times.spans]
        if len(later) == len(children):
            break
        for item in children:
            if item.parent in times.spans:
                times.spans[item.id] = times.spans[item.parent]
        children = later
    for item in children:
        _reject(
            times,
            f"{where}, annotation {item.id}",
            "no_parent",
            f'the parent annotation "{item.parent}" is missing, was refused, or leads back here',
        )


def _reject(times: EafTimes, where: str, code: str, message: str) -> None:
    times.problems.append(Problem(where=where, code=code, message=message, rejected=True))
