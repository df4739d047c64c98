"""A stream's readings by their exact index: index to nanoseconds and back, and what the stream shows at an instant.

Five kinds: constant rate, frame table (its own module), audio samples, instants (events too) and sweeps.
All times are media time; `shown_at` goes through the clock map to the timeline (rules T4, T5, T6 and T13).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Protocol

from braid.base.errors import InvalidInput
from braid.clock.clock_map import ClockFit, Segments, media_at, sigma_ns, to_timeline
from braid.clock.lookup import Found, Lookup, look_up, median_period_ns, policy_of, tolerance_of
from braid.clock.ns import SECOND_NS, Ns, Span, ceil_div
from braid.clock.rates import Rate


class Index(Protocol):
    """What every kind can do. `at`: which reading stands for an instant, None when none does."""

    def __len__(self) -> int: ...

    def time_ns(self, index: int) -> Ns:
        """The time of a reading that the stream has."""

    def at(self, media_ns: int) -> Found | None:
        """The reading, or the two, for a media time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstantRate:
    """`count` video frames at an exact rate; the first starts at `start` seconds. A frame is shown until the next."""

    rate: Rate
    count: int
    start: Fraction = Fraction(0)

    def __len__(self) -> int:
        return self.count

    def time_ns(self, index: int) -> Ns:
        """The first whole nanosecond of frame `index` (rounded up, so that it finds the frame again)."""
        return Ns(ceil_div(*_time(self.rate, self.start, index)))

    def at(self, media_ns: int) -> Found | None:
        """The frame shown; None before the first and from the end of the last one on."""
        place, unit = _place(self.rate, self.start, media_ns)
        index = place // unit
        return Found.one(index, offset_ns=self.time_ns(index) - media_ns) if 0 <= index < self.count else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioSamples:
    """`count` audio samples; the first, after encoder priming, stands exactly at `start` seconds of media time."""

    rate: Rate
    count: int
    start: Fraction = Fraction(0)

    def __len__(self) -> int:
        return self.count

    def time_ns(self, index: int) -> Ns:
        """The time of audio sample `index`, rounded half up."""
        time, unit = _time(self.rate, self.start, index)
        return Ns((2 * time + unit) // (2 * unit))

    def at(self, media_ns: int) -> Found | None:
        """The last audio sample at or before; None outside the sound."""
        place, unit = _place(self.rate, self.start, media_ns)
        index = place // unit
        return Found.one(index, offset_ns=self.time_ns(index) - media_ns) if 0 <= index < self.count else None

    def nearest(self, media_ns: int) -> int:
        """The closest audio sample (ties to the later one), the first or last when outside. Inverse of `time_ns`."""
        place, unit = _place(self.rate, self.start, media_ns)
        return min(max(0, (2 * place + unit) // (2 * unit)), self.count - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instants:
    """Readings at ascending times, looked up by policy: instants, events that hold, values in between."""

    times_ns: Sequence[int]
    policy: Lookup
    tolerance_ns: int | None
    period_ns: int | None

    @classmethod
    def of(
        cls,
        times_ns: Sequence[int],
        *,
        sampling: str,
        policy: Lookup | None = None,
        tolerance_ns: int | None = None,
    ) -> Instants:
        """With the policy and tolerance that the sampling implies where none is given. InvalidInput when unsorted."""
        _check_ascending(times_ns)
        return cls(
            times_ns=times_ns,
            policy=policy_of(sampling, policy=policy),
            tolerance_ns=tolerance_of(sampling, tolerance_ns=tolerance_ns),
            period_ns=median_period_ns(times_ns),
        )

    def __len__(self) -> int:
        return len(self.times_ns)

    def time_ns(self, index: int) -> Ns:
        """The stamp of a reading."""
        return Ns(int(self.times_ns[index]))

    def at(self, media_ns: int) -> Found | None:
        """By rule T5."""
        return look_up(
            self.times_ns,
            media_ns,
            policy=self.policy,
            tolerance_ns=self.tolerance_ns,
            period_ns=self.period_ns,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeps:
    """Turns of a scanner, each `sweep_ns` long. part: whether its stamp is the "start", "middle" or "end" of the turn."""

    times_ns: Sequence[int]
    sweep_ns: int
    part: str = "start"

    def __post_init__(self) -> None:
        _check_ascending(self.times_ns)
        if self.sweep_ns <= 0 or self.part not in {"start", "middle", "end"}:
            raise InvalidInput(
                "a sweep lasts some time and is stamped somewhere in it",
                got=f"{self.sweep_ns} ns, {self.part}",
                wanted="more than 0 ns; start, middle or end",
            )

    def __len__(self) -> int:
        return len(self.times_ns)

    def time_ns(self, index: int) -> Ns:
        """The stamp of a sweep, wherever in the turn it lies."""
        return Ns(int(self.times_ns[index]))

    def span_of(self, index: int) -> Span:
        """From the first to the last beam of a sweep."""
        start = self.time_ns(index) - self._lead_ns
        return Span(start_ns=start, end_ns=start + self.sweep_ns)

    def at(self, media_ns: int) -> Found | None:
        """The sweep during which the instant lies, or that has ended less than half a turn before."""
        index = bisect_right(self.times_ns, media_ns + self._lead_ns) - 1
        if index < 0 or 2 * (media_ns - self.span_of(index).start_ns) >= 3 * self.sweep_ns:
            return None
        return Found.one(index, offset_ns=self.time_ns(index) - media_ns)

    def turned(self, index: int, media_ns: int) -> Fraction:
        """The part of the turn that was done at an instant: 0 at its start, 1 at its end, not beyond."""
        done = Fraction(media_ns - self.span_of(index).start_ns, self.sweep_ns)
        return min(max(done, Fraction(0)), Fraction(1))

    @property
    def _lead_ns(self) -> int:
        return {"start": 0, "middle": self.sweep_ns // 2, "end": self.sweep_ns}[self.part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a stream shows at a timeline instant.

    found: the readings, in media time. media_ns: the instant on the stream's own clock. offset_ns: timeline time of
    the reading minus the instant. sigma_ns: how sure the clock map is there.
    """

    found: Found
    media_ns: int
    offset_ns: int
    sigma_ns: int


def shown_at(
    index: Index,
    timeline_ns: int,
    *,
    segments: Segments = (),
    fit: ClockFit | None = None,
    valid_from_ns: int | None = None,
    valid_to_ns: int | None = None,
) -> Shown | None:
    """The stream's answer for a timeline instant; None when it has none there (a jump, a gap, before or after).

    segments: the stream's clock map; none means that it is on the timeline as it is.
    """
    media_ns = media_at(segments, timeline_ns) if segments else timeline_ns
    found = None if media_ns is None else index.at(media_ns)
    if found is None or media_ns is None:
        return None
    stamp_ns = index.time_ns(found.index)
    placed_ns = to_timeline(segments, stamp_ns) if segments else stamp_ns
    sigma = (
        0 if fit is None else sigma_ns(fit, media_ns, valid_from_ns=valid_from_ns, valid_to_ns=valid_to_ns)
    )
    return Shown(found=found, media_ns=media_ns, offset_ns=placed_ns - timeline_ns, sigma_ns=sigma)


def _time(rate: Rate, start: Fraction, index: int) -> tuple[int, int]:
    """The exact time of a reading as a fraction of nanoseconds: (numerator, denominator), not reduced."""
    parts = start.numerator * rate.num + index * rate.den * start.denominator
    return parts * SECOND_NS, rate.num * start.denominator


def _place(rate: Rate, start: Fraction, media_ns: int) -> tuple[int, int]:
    """The exact, broken index at a media time: (numerator, denominator), not reduced."""
    since = media_ns * start.denominator - start.numerator * SECOND_NS
    return since * rate.num, SECOND_NS * start.denominator * rate.den


def _check_ascending(times_ns: Sequence[int]) -> None:
    for index, later in enumerate(islice(times_ns, 1, None)):
        if later < times_ns[index]:
            raise InvalidInput("times of readings must ascend", where=f"reading {index + 1}", got=int(later))
