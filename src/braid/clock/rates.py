"""Exact rates: video frame and audio sample indexes to nanoseconds and back (rule T4; decision: start of a
video frame rounds up, an audio sample rounds half up, ns to index floors)."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from braid.base.errors import InvalidInput
from braid.clock.ns import SECOND_NS, Ns, ceil_div, round_half_up


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """`num/den` readings per second, for example 30000/1001 or 16000/1."""

    num: int
    den: int = 1

    def __post_init__(self) -> None:
        if self.num <= 0 or self.den <= 0:
            raise InvalidInput(
                "a rate is positive", got=f"{self.num}/{self.den}", wanted="num > 0 and den > 0"
            )

    @property
    def per_second(self) -> Fraction:
        """The rate as an exact fraction."""
        return Fraction(self.num, self.den)


def frame_start_ns(index: int, rate: Rate) -> Ns:
    """The first whole nanosecond of video frame `index` at a constant rate (rounded up, so that it maps back).

    >>> frame_start_ns(343, Rate(num=24000, den=1001))
    14305958334
    """
    return Ns(ceil_div(index * rate.den * SECOND_NS, rate.num))


def frame_at(at_ns: Ns, rate: Rate) -> int:
    """The video frame shown at `at_ns` at a constant rate.

    >>> frame_at(Ns(14_327_000_000), Rate(num=30000, den=1001))
    429
    """
    return (at_ns * rate.num) // (rate.den * SECOND_NS)


def audio_sample_ns(index: int, rate: Rate) -> Ns:
    """The time of audio sample `index`, rounded half up."""
    return Ns(round_half_up(Fraction(index * rate.den * SECOND_NS, rate.num)))


def audio_sample_held_at(at_ns: Ns, rate: Rate) -> int:
    """The last audio sample at or before `at_ns`."""
    return (at_ns * rate.num) // (rate.den * SECOND_NS)


def audio_sample_nearest(at_ns: Ns, rate: Rate) -> int:
    """The audio sample nearest to `at_ns`; ties go to the later one."""
    return round_half_up(Fraction(at_ns * rate.num, rate.den * SECOND_NS))
