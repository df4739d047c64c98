"""How a stream answers for an instant between its readings, and when it has no answer (rule T5)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from braid.base.errors import InvalidInput
from braid.clock.ns import LIMIT_NS


class Lookup(StrEnum):
    """hold: the last reading at or before; nearest: the closest one; linear, slerp: between two; none: no answer."""

    HOLD = "hold"
    NEAREST = "nearest"
    LINEAR = "linear"
    SLERP = "slerp"
    NONE = "none"


DEFAULT_POLICY: dict[str, Lookup] = {
    "instant": Lookup.NEAREST,
    "interval": Lookup.HOLD,
    "sweep": Lookup.NEAREST,
    "event": Lookup.HOLD,
    "continuous": Lookup.HOLD,
}
"""By a stream's sampling: what it does when its timing names no policy."""

FOREVER_NS = LIMIT_NS
"""The tolerance of events: a state holds until the next one, however long that takes."""


ALONE = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`index` answers; with linear and slerp, `other` has the share `weight` of the answer and `index` the rest.

    offset_ns: the time of reading `index` minus the instant that was asked for.
    """

    index: int
    other: int
    weight: Fraction
    offset_ns: int

    @classmethod
    def one(cls, index: int, *, offset_ns: int) -> Found:
        """A reading that answers alone."""
        return cls(index=index, other=index, weight=ALONE, offset_ns=offset_ns)


def look_up(
    times_ns: Sequence[int],
    at_ns: int,
    *,
    policy: Lookup,
    tolerance_ns: int | None = None,
    period_ns: int | None = None,
) -> Found | None:
    """The reading, or the two, that stand for `at_ns`; None when the stream has no answer there.

    times_ns: ascending, may repeat (the last of equal ones counts). tolerance_ns: None for the stream's own measure.
    period_ns: the median distance when None (worked out on every call: pass it where that matters).
    Two readings more than 1.5 periods apart have a gap between them. nearest: within the tolerance, ties to the earlier
    reading; without one, anywhere between two readings but in a gap, where it is half a period. hold: the last reading,
    at most the tolerance old; without one, 1.5 periods. linear, slerp: between two readings with no gap.
    none: only where a reading stands. The only reading of a stream has no period and answers at any distance.
    """
    count = len(times_ns)
    if not count:
        return None
    before = bisect_right(times_ns, at_ns) - 1
    if before >= 0 and times_ns[before] == at_ns:
        return _one(times_ns, before, at_ns)
    if policy is Lookup.NONE:
        return None
    period = median_period_ns(times_ns) if period_ns is None else period_ns
    if period is None:
        best = _nearest(times_ns, before, at_ns)
        return best if tolerance_ns is None or _close(best, tolerance_ns, policy) else None
    inside = 0 <= before < count - 1
    gap_free = inside and 2 * int(times_ns[before + 1] - times_ns[before]) <= 3 * period
    if policy is Lookup.HOLD:
        held = before >= 0 and 2 * int(at_ns - times_ns[before]) <= _twice(tolerance_ns, 3 * period)
        return _one(times_ns, before, at_ns) if held else None
    if policy is Lookup.NEAREST:
        best = _nearest(times_ns, before, at_ns)
        near = 2 * abs(best.offset_ns) <= _twice(tolerance_ns, period)
        return best if near or (gap_free and tolerance_ns is None) else None
    if not gap_free:
        return None
    start, end = int(times_ns[before]), int(times_ns[before + 1])
    weight = Fraction(at_ns - start, end - start)
    return Found(index=before, other=before + 1, weight=weight, offset_ns=start - at_ns)


def median_period_ns(times_ns: Sequence[int]) -> int | None:
    """The median distance of readings at different times (the shorter of two middle ones); None below two.

    >>> median_period_ns([0, 33, 67, 100, 100, 200])
    33
    """
    gaps = sorted(int(b) - int(a) for a, b in pairwise(times_ns) if b != a)
    return gaps[(len(gaps) - 1) // 2] if gaps else None


def policy_of(sampling: str, *, policy: Lookup | None = None) -> Lookup:
    """The policy a stream has: its own, or the one its sampling implies. Raises InvalidInput for another sampling."""
    if policy is not None:
        return policy
    if sampling not in DEFAULT_POLICY:
        raise InvalidInput(
            "there is no such sampling", got=sampling, wanted=", ".join(sorted(DEFAULT_POLICY))
        )
    return DEFAULT_POLICY[sampling]


def tolerance_of(sampling: str, *, tolerance_ns: int | None = None) -> int | None:
    """The tolerance to look up with: the stream's own, without end for events, else None (by its period)."""
    return FOREVER_NS if tolerance_ns is None and sampling == "event" else tolerance_ns


def _twice(tolerance_ns: int | None, otherwise_ns: int) -> int:
    return otherwise_ns if tolerance_ns is None else 2 * tolerance_ns


def _close(found: Found, tolerance_ns: int, policy: Lookup) -> bool:
    """Whether the only reading is close enough; one that holds must not lie ahead."""
    return abs(found.offset_ns) <= tolerance_ns and not (policy is Lookup.HOLD and found.offset_ns > 0)


def _one(times_ns: Sequence[int], index: int, at_ns: int) -> Found:
    return Found.one(index, offset_ns=int(times_ns[index]) - at_ns)


def _nearest(times_ns: Sequence[int], before: int, at_ns: int) -> Found:
    after = before + 1
    if before < 0:
        return _one(times_ns, bisect_right(times_ns, times_ns[0]) - 1, at_ns)
    if after == len(times_ns) or at_ns - times_ns[before] <= times_ns[after] - at_ns:
        return _one(times_ns, before, at_ns)
    return _one(times_ns, bisect_right(times_ns, times_ns[after]) - 1, at_ns)
