"""Streams of one sample that differ by 18, 19 or 37 s from end to end: someone took one time scale for another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from braid.checks.registry import Check, register
from braid.checks.tables import Tables
from braid.checks.timing import on_timeline
from braid.clock.timescales import scale_mixup
from braid.model.findings import Culprit, Finding, LayerOfCheck, Severity
from braid.model.records import Stream

SHORTEST_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class _Extent:
    """When a stream begins and ends on the timeline."""

    stream: Stream
    start_ns: int
    end_ns: int


@register
class TimeScaleMixup(Check):
    """Compares when the streams of a sample begin and end, on the timeline."""

    id = "time-scale-mixup"
    title = "All streams count the same time scale"
    layer = LayerOfCheck.ACROSS
    severity = Severity.ERROR
    purpose = (
        "A stream that begins and ends 18, 19 or 37 s beside the others was stamped in GPS or TAI (PTP) time where "
        "UTC was meant, or the other way round."
    )
    example = (
        "The camera's clock was synchronised by PTP: all of its pictures lie 37 s after everything else."
    )
    reads = ("streams", "clock_maps")
    source = "TAI - UTC = 37 s since 2017, GPS - UTC = 18 s; both ends within 0.5 s of it (rule T8)."

    def run(self, tables: Tables) -> Iterator[Finding]:
        """At most one finding a stream: against the streams that most others agree with."""
        by_sample: dict[str, list[_Extent]] = defaultdict(list)
        for stream in tables.streams.values():
            found = _extent(tables, stream)
            if found is not None:
                by_sample[stream.sample].append(found)
        for sample in sorted(by_sample):
            yield from self._judge(sample, sorted(by_sample[sample], key=lambda one: one.stream.id))

    def _judge(self, sample: str, extents: list[_Extent]) -> Iterator[Finding]:
        together = {one.stream.id: sum(_differ(one, other)[1] == "" for other in extents) for one in extents}
        for one in extents:
            against: dict[str, list[int]] = defaultdict(list)
            names: dict[str, list[str]] = defaultdict(list)
            for other in extents:
                apart_ns, said = _differ(one, other)
                rank, others_rank = together[one.stream.id], together[other.stream.id]
                if said and (rank, other.stream.id) < (others_rank, one.stream.id):
                    against[said].append(apart_ns)
                    names[said].append(other.stream.name)
            for said in sorted(against, key=lambda scale: (-len(against[scale]), scale))[:1]:
                apart_s = sorted(against[said])[len(against[said]) // 2] / 1e9
                shown = ", ".join(sorted(names[said])[:3])
                yield self.finding(
                    sample=sample,
                    message=(
                        f"{one.stream.name} begins and ends {abs(apart_s):.2f} s "
                        f"{'after' if apart_s > 0 else 'before'} {shown}: that smells of {said}"
                    ),
                    culprits=[Culprit(kind="stream", id=one.stream.id, stream=one.stream.id)],
                    facet=said,
                    facts={"apart_s": f"{apart_s:.3f}", "streams": str(len(against[said]))},
                    hint="Import it with the right time scale, or correct its clock: braid align --anchor",
                )


def _extent(tables: Tables, stream: Stream) -> _Extent | None:
    """Its extent when the stream lasts at least a second; None for a still, a text or a single reading."""
    if len(stream.readings) > 1:
        times = [reading.at_ns for reading in stream.readings]
        start, end = min(times), max(times)
    elif stream.facts.duration_ns:
        start = stream.facts.start_ns or 0
        end = start + stream.facts.duration_ns
    else:
        return None
    if end - start < SHORTEST_NS:
        return None
    return _Extent(stream, on_timeline(tables, stream.id, start), on_timeline(tables, stream.id, end))


def _differ(one: _Extent, other: _Extent) -> tuple[int, str]:
    """How much later `one` begins, and the two time scales that this and the difference of the ends smell of."""
    begins, ends = one.start_ns - other.start_ns, one.end_ns - other.end_ns
    said = scale_mixup(begins)
    return begins, said if said and said == scale_mixup(ends) and begins * ends > 0 else ""
