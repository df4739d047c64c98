"""Nanoseconds and spans. Rules T1 and T2 of docs/spec/time.md."""

from __future__ import annotations

from fractions import Fraction
from typing import NewType

import msgspec

from braid.base.errors import InvalidInput

Ns = NewType("Ns", int)
"""Whole nanoseconds, relative to a stream's zero (media time) or a sample's origin (timeline); |Ns| < 2^53."""

LIMIT_NS = 2**53
SECOND_NS = Ns(1_000_000_000)
MILLISECOND_NS = Ns(1_000_000)


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A half-open interval `[start_ns, end_ns)`: the start is inside, the end is not. Empty spans are refused."""

    start_ns: int
    end_ns: int

    def __post_init__(self) -> None:
        if not -LIMIT_NS < self.start_ns < self.end_ns < LIMIT_NS:
            raise InvalidInput(
                "a span ends after it starts",
                got=f"[{self.start_ns}, {self.end_ns})",
                wanted="start_ns < end_ns, both within 2^53 ns",
                hint="Spans are half-open; an instant is a time, not a span",
            )

    @property
    def length_ns(self) -> Ns:
        """How long the span lasts."""
        return Ns(self.end_ns - self.start_ns)

    def contains(self, at_ns: Ns) -> bool:
        """Whether the instant lies inside; the end does not."""
        return self.start_ns <= at_ns < self.end_ns

    def overlap_ns(self, other: Span) -> Ns:
        """How long both spans last together; spans that only touch give 0."""
        return Ns(max(0, min(self.end_ns, other.end_ns) - max(self.start_ns, other.start_ns)))


def ns_from_seconds(seconds: Fraction | int | str) -> Ns:
    """Exact seconds to nanoseconds, rounded half up. Floats are refused by type: pass their decimal text.

    >>> ns_from_seconds("14.327")
    14327000000
    """
    return Ns(round_half_up(Fraction(seconds) * SECOND_NS))


def seconds_text(at_ns: int) -> str:
    """A time as decimal seconds without loss, the shortest way.

    >>> seconds_text(14_327_000_000)
    '14.327'
    """
    sign = "-" if at_ns < 0 else ""
    whole, rest = divmod(abs(at_ns), SECOND_NS)
    return f"{sign}{whole}.{rest:09d}".rstrip("0").rstrip(".") if rest else f"{sign}{whole}"


def round_half_up(value: Fraction) -> int:
    """The nearest integer; halves go up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def ceil_div(numerator: int, denominator: int) -> int:
    """Integer division rounded up (denominator > 0)."""
    return -(-numerator // denominator)
