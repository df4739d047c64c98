"""Rates that are no drift but a known mistake: film against television, a wrong nominal audio rate (rule T11)."""

from __future__ import annotations

from fractions import Fraction

from braid.clock.clock_map import RATE_UNIT
from braid.clock.ns import round_half_up

SUSPICIOUS_PPQ = 200 * 10**9
"""200 ppm: no oscillator is that far off; a rate beyond it is a wrong nominal rate."""

NAMED_RATES: dict[str, Fraction] = {
    "1000/1001": Fraction(1000, 1001),
    "1001/1000": Fraction(1001, 1000),
    "24/25": Fraction(24, 25),
    "25/24": Fraction(25, 24),
    "23.976/25": Fraction(24000, 25025),
    "25/23.976": Fraction(25025, 24000),
    "44100/48000": Fraction(44100, 48000),
    "48000/44100": Fraction(48000, 44100),
    "32000/44100": Fraction(32000, 44100),
    "44100/32000": Fraction(44100, 32000),
    "32000/48000": Fraction(32000, 48000),
}
"""Timeline time per media time, by the name that people know it by."""


def recognise_rate(rate: Fraction | int, *, within_ppq: int = SUSPICIOUS_PPQ) -> str:
    """The known ratio that a rate is, drift of at most `within_ppq` apart; "" when it is none.

    rate: the ratio itself, or its excess over 1 as `rate_ppq`.

    >>> recognise_rate(1_000_000_000_000), recognise_rate(Fraction(25025, 24000)), recognise_rate(35_000_000_000)
    ('1001/1000', '25/23.976', '')
    """
    excess = rate if isinstance(rate, int) else ppq_of(rate)
    name = min(NAMED_RATES, key=lambda one: abs(ppq_of(NAMED_RATES[one]) - excess))
    return name if abs(ppq_of(NAMED_RATES[name]) - excess) <= within_ppq else ""


def ppq_of(ratio: Fraction) -> int:
    """The excess of a ratio over 1 in 1e-15 units, as clock maps store it.

    >>> ppq_of(Fraction(44100, 48000))
    -81250000000000
    """
    return round_half_up((ratio - 1) * RATE_UNIT)
