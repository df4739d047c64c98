"""Delays along two recordings: short windows where both were recording, each cut out, compared and put on its clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from braid.align.audio_coarse import Match
from braid.align.audio_phat import delay, matched_lengths
from braid.align.audio_sound import Sound

MOST_WINDOWS = 80
WINDOW_S = 6.0
SHORTEST_WINDOW_S = 2.0
SPACING_S = 2.0
MARGIN_S = 0.12
MARGIN_RATE = 150e-6
CLEAR_RATIO = 1.25
STEEPEST = 500e-6
JUMPED_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """Where A is expected for an instant of B: `a = b + lag_s + rate * (b - centre_s)`, within margin_s."""

    centre_s: float
    lag_s: float
    rate: float = 0.0
    margin_s: float = MARGIN_S
    margin_rate: float = MARGIN_RATE

    def a_of(self, b_s: float) -> float:
        """The expected time of A, seconds."""
        return b_s + self.lag_s + self.rate * (b_s - self.centre_s)


Expectation = Callable[[float], tuple[Guess, ...]]
"""What to try for an instant of B, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """(N,) each: fractional audio sample indexes of the same instants in A and B, the peak's clearness and sign."""

    a_index: NDArray[np.float64]
    b_index: NDArray[np.float64]
    ratio: NDArray[np.float64]
    sign: NDArray[np.int64]
    tried: int

    def __len__(self) -> int:
        return len(self.a_index)


def overlap_s(a: Sound, b: Sound, guess: Guess) -> tuple[float, float]:
    """The part of B, in seconds, during which A was recording; end <= start when there is none."""
    speed = 1 + guess.rate
    start = (0.0 - guess.lag_s + guess.rate * guess.centre_s) / speed
    return max(0.0, start), min(b.seconds, start + a.seconds / speed)


def window_length_s(common_s: float) -> float:
    """6 s, less when little is common: three must fit."""
    return max(SHORTEST_WINDOW_S, min(WINDOW_S, common_s / 3))


def centres_s(start_s: float, end_s: float, *, length_s: float) -> list[float]:
    """Where windows stand: every 2 s while that makes at most 80, else 80 spread evenly."""
    room_s = end_s - start_s - length_s
    if room_s < 0:
        return []
    count = int(min(MOST_WINDOWS, max(3, room_s / SPACING_S + 1)))
    return [start_s + length_s / 2 + room_s * index / (count - 1) for index in range(count)]


def around(places: Sequence[Match]) -> Expectation:
    """The nearest coarse match of an instant of B, and the next one where the recorder may have jumped between them.

    Their drift is the median from one to the next, so that one jump is not it.
    """
    slopes = [
        (later.lag_s - earlier.lag_s) / (later.centre_s - earlier.centre_s)
        for earlier, later in pairwise(places)
    ]
    rate = float(np.median(slopes)) if slopes else 0.0
    rate = rate if abs(rate) < STEEPEST else 0.0
    known = [Guess(centre_s=one.centre_s, lag_s=one.lag_s, rate=rate) for one in places]

    def guesses(b_s: float) -> tuple[Guess, ...]:
        first, *others = sorted(known, key=lambda one: abs(one.centre_s - b_s))[:2]
        apart = [one for one in others if abs(one.a_of(b_s) - first.a_of(b_s)) > JUMPED_S]
        return (first, *apart)

    return guesses


def measure(
    a: Sound, b: Sound, centres: Sequence[float], expected: Expectation, *, length_s: float
) -> Delays:
    """The delay in each window where it is clearest of what is expected there; only clear peaks are kept."""
    rows: list[tuple[float, float, float, int]] = []
    for centre in centres:
        tried = (_one(a, b, centre, guess, length_s) for guess in expected(centre))
        clear = [row for row in tried if row is not None]
        if clear:
            rows.append(max(clear, key=lambda row: row[2]))
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    return Delays(
        a_index=table[:, 0],
        b_index=table[:, 1],
        ratio=table[:, 2],
        sign=table[:, 3].astype(np.int64),
        tried=len(centres),
    )


def _one(
    a: Sound, b: Sound, centre_s: float, guess: Guess, length_s: float
) -> tuple[float, float, float, int] | None:
    """Index in A, index in B, clearness and sign of one window; None when its peak is not clear."""
    count_a, count_b = matched_lengths(a.rate_hz, b.rate_hz, speed=1 + guess.rate, seconds=length_s)
    first_b = round(centre_s * b.rate_hz - count_b / 2)
    wanted_a = guess.a_of(first_b / b.rate_hz) * a.rate_hz
    first_a = round(wanted_a)
    seconds_a = count_a / a.rate_hz
    margin_s = guess.margin_s + guess.margin_rate * abs(centre_s - guess.centre_s)
    peak = delay(
        a.cut(first_a, first_a + count_a),
        b.cut(first_b, first_b + count_b),
        seconds=seconds_a,
        expected=(wanted_a - first_a) / count_a,
        within=min(0.25, margin_s / seconds_a),
    )
    if peak is None or peak.ratio <= CLEAR_RATIO:
        return None
    return first_a + (0.5 + peak.shift) * count_a, first_b + 0.5 * count_b, peak.ratio, peak.sign
