"""From delays in windows to a clock: fit, cut the windows again where the fit puts them, and fit again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from braid.align.audio_sound import Sound
from braid.align.audio_windows import Delays, Expectation, Guess, measure
from braid.align.robust import ClockLine, fit_clock
from braid.clock.clock_map import RATE_UNIT, to_timeline
from braid.clock.ns import LIMIT_NS, SECOND_NS, Ns

FEWEST = 3
FIRST_SUPPORT_NS = 1_000_000
SUPPORT_NS = 300_000
NEXT_MARGIN_S = 0.002
PASSES = 5
NEAR_JUMP_NS = 60 * SECOND_NS
PLACED_NS = 1_500_000_000
AT_JUMP = 7
SETTLED_PPQ = RATE_UNIT // 2_000_000
"""A rate that moves by less than 0.5 ppm smears no window that was cut with the one before."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """(N,) instants on both clocks in media ns, the middles of windows of length_s, and the line through them.

    tried: how many windows there were. inverted: one microphone is of opposite polarity.
    """

    a_ns: Ints
    b_ns: Ints
    line: ClockLine
    tried: int
    length_s: float
    inverted: bool


def fit_delays(
    a: Sound,
    b: Sound,
    centres: Sequence[float],
    expected: Expectation,
    *,
    stated: Sound,
    length_s: float,
    system_sigma_ns: int,
) -> list[Measured]:
    """Each pass with what it measured; empty when fewer than 3 windows have a clear delay, or when they do not agree.

    stated: B at the rate that it says it has, whose media time the fit is in; b itself runs nearly as fast as A.

    The first pass cuts both recordings alike, so drift smears its delays; each later one cuts them along the line of
    the one before, until the rate rests. Where the clock jumps, windows are added.
    """
    passes: list[Measured] = []
    for number in range(PASSES):
        delays = measure(a, b, centres, expected, length_s=length_s)
        support_ns = SUPPORT_NS if number else FIRST_SUPPORT_NS
        found = _fitted(
            a, stated, delays, length_s=length_s, support_ns=support_ns, system_sigma_ns=system_sigma_ns
        )
        if found is None:
            return []
        passes.append(found)
        expected = _along(found.line, a, b, stated)
        extra = _at_jumps(found, b, stated)
        centres = [*centres, *extra]
        if number and not extra and _settled(passes[-2].line, found.line):
            break
    return passes


def _fitted(
    a: Sound, b: Sound, delays: Delays, *, length_s: float, support_ns: int, system_sigma_ns: int
) -> Measured | None:
    """The line through the delays of the more frequent polarity; None when too few lie on it."""
    inverted = bool(np.sum(delays.sign) < 0)
    same = np.flatnonzero(delays.sign == (-1 if inverted else 1))
    if len(same) < FEWEST:
        return None
    a_ns = np.array([a.at_ns(float(index)) for index in delays.a_index[same]], dtype=np.int64)
    b_ns = np.array([b.at_ns(float(index)) for index in delays.b_index[same]], dtype=np.int64)
    line = fit_clock(a_ns, b_ns, support_ns=support_ns, system_sigma_ns=system_sigma_ns)
    close = line.used & (np.abs(line.residuals_ns) <= support_ns)
    if close.sum() < max(FEWEST, len(same) // 2, delays.tried // 8):
        return None
    return Measured(a_ns=a_ns, b_ns=b_ns, line=line, tried=delays.tried, length_s=length_s, inverted=inverted)


def _along(line: ClockLine, a: Sound, b: Sound, stated: Sound) -> Expectation:
    """The segment of an instant of B, and those that begin or end within a minute of it."""
    faster = b.rate_hz / stated.rate_hz
    rate = (1 + line.segments[0].rate_ppq / RATE_UNIT) * faster - 1
    starts_ns = [-LIMIT_NS, *(segment.media_ns for segment in line.segments[1:]), LIMIT_NS]

    def guesses(b_s: float) -> tuple[Guess, ...]:
        b_ns = stated.at_ns(b_s * b.rate_hz)
        return tuple(
            Guess(
                centre_s=b_s,
                lag_s=(to_timeline((segment,), Ns(b_ns)) - a.start_ns) / SECOND_NS - b_s,
                rate=rate,
                margin_s=NEXT_MARGIN_S,
                margin_rate=0.0,
            )
            for segment, start_ns, end_ns in zip(line.segments, starts_ns, starts_ns[1:], strict=False)
            if start_ns - NEAR_JUMP_NS <= b_ns < end_ns + NEAR_JUMP_NS
        )

    return guesses


def _at_jumps(found: Measured, b: Sound, stated: Sound) -> list[float]:
    """Further windows between the last one before each jump and the first one after it, so that it is placed."""
    used_ns = found.b_ns[found.line.used]
    extra: list[float] = []
    for segment in found.line.segments[1:]:
        before, after = used_ns[used_ns < segment.media_ns], used_ns[used_ns >= segment.media_ns]
        if len(before) and len(after) and after.min() - before.max() > PLACED_NS:
            inner = np.linspace(before.max(), after.min(), AT_JUMP + 2)[1:-1]
            extra += [
                float(b_ns - stated.start_ns) / SECOND_NS * stated.rate_hz / b.rate_hz for b_ns in inner
            ]
    return extra


def _settled(before: ClockLine, after: ClockLine) -> bool:
    moved = abs(before.segments[0].rate_ppq - after.segments[0].rate_ppq)
    return moved < SETTLED_PPQ and len(before.segments) == len(after.segments)
