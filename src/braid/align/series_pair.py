"""Two channels of which one is looked up on the other's smooth curve, and what is said when that does not work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from braid.align.delay import MIN_CHANCE_Z, Coarse
from braid.align.estimate import Curve, Refusal
from braid.align.signals import Signal, Smooth, smoothed

METHOD = "series"
SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPair:
    """The readings that are looked up (query) and the channel they are looked up in; flipped: the query is A.

    box_s: each reading of the query is a mean over that long.
    """

    query: Signal
    reference: Signal
    flipped: bool
    smooth_s: float
    box_s: float

    def curve(self, smooth_s: float) -> Smooth:
        """The reference as a smooth curve."""
        return smoothed(self.reference, smooth_s=smooth_s, box_s=self.box_s)

    def times(self, query_s: float, delay_s: float) -> tuple[int, int]:
        """(A's time, B's time) in ns of one instant of the query."""
        one = self.query.zero_ns + round(query_s * SECOND_NS)
        other = self.reference.zero_ns + round((query_s + delay_s) * SECOND_NS)
        return (one, other) if self.flipped else (other, one)

    def overlap(self, delay_s: float) -> tuple[float, float]:
        """The query's seconds between which the reference has readings too."""
        low, high = max(0.0, -delay_s), min(self.query.length_s, self.reference.length_s - delay_s)
        return (low, high) if low < high else (0.0, self.query.length_s)

    def readings_within(self, delay_s: float) -> slice:
        """The query's readings in the overlap."""
        return slice(*np.searchsorted(self.query.t_s, self.overlap(delay_s)))


def refused(why: str, hint: str, coarse: Coarse | None = None, *evidence: Curve) -> Refusal:
    """The refusal, with how sure the coarse search was."""
    return Refusal(
        method=METHOD,
        why=why,
        hint=hint,
        quality=None if coarse is None else round(coarse.chance_z, 2),
        quality_bound=None if coarse is None else MIN_CHANCE_Z,
        evidence=evidence,
    )
