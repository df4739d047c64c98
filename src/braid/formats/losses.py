"""Loss reports: what a format cannot hold is counted while writing and told afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from braid.formats.seam import Loss
from braid.model.records import AnyRecord, kind_of_record


class LossCounter:
    """Counts what is left out; `report` is sorted, so the same export tells the same."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, what: str, why: str, count: int = 1) -> None:
        """Note `count` things of the sort `what` that were left out, and why."""
        if count > 0:
            self._counts[what, why] += count

    def add_kinds(self, records: Iterable[AnyRecord], *, kinds: Iterable[str], why: str) -> None:
        """Note all records of these kinds."""
        wanted = frozenset(kinds)
        for record in records:
            kind = kind_of_record(record)
            if kind in wanted:
                self.add(kind.replace("_", " "), why)

    def report(self) -> tuple[Loss, ...]:
        """What was left out, sorted."""
        return tuple(
            Loss(what=what, why=why, count=count) for (what, why), count in sorted(self._counts.items())
        )
