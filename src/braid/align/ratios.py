"""Known ratios between two clocks that were meant to be one: they are named, not fitted."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from braid.clock.clock_map import RATE_UNIT
from braid.clock.named_rates import NAMED_RATES, ppq_of

SUSPICIOUS_PPM = 200
"""Two crystals never differ by more: a larger rate is a wrong nominal rate, or a wrong fit."""

RATIOS: dict[str, Fraction] = {
    name: NAMED_RATES[name] for name in ("1001/1000", "25/24", "25/23.976", "48000/44100")
}
"""How often one clock ticks while the other ticks once. Each also counts the other way round."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A named ratio and its excess rate in 1e-15 units, exactly rounded."""

    name: str
    rate_ppq: int


NAMED = tuple(Ratio(name, ppq_of(ratio)) for name, ratio in NAMED_RATES.items())


def nearest_ratio(rate_ppq: int) -> Ratio:
    """The named ratio whose rate is closest.

    >>> nearest_ratio(-81_240_000_000_000).name
    '44100/48000'
    """
    return min(NAMED, key=lambda ratio: abs(ratio.rate_ppq - rate_ppq))


def is_suspicious(rate_ppq: int) -> bool:
    """Whether no pair of crystals explains the rate."""
    return abs(rate_ppq) > SUSPICIOUS_PPM * RATE_UNIT // 1_000_000
