"""The delay between two cuts of one sound, to a fraction of a microsecond: GCC-PHAT with an exact peak.

Both cuts are the same stretch of time on their own clocks, so bin k of one spectrum belongs to bin k of the other
whatever the two rates are: nothing is resampled. A drift is taken out by cutting one of them that much longer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from braid.align.audio_sound import Samples

WHITENING = 0.8
LOWEST_HZ, HIGHEST_HZ = 150.0, 7000.0
USABLE_SHARE = 0.45
"""Of a rate; above it recorders filter as they like."""
TAPER_S = 0.75
GUARD_S = 0.0006
STEPS = 8
EXPANSIONS = 4
TERMS = 10
REACH = 0.6
"""How far from its centre, in radians of the highest bin, the series of TERMS terms is used: its error is below 1e-8."""
FACTORIALS = np.array([math.factorial(n) for n in range(TERMS)], dtype=np.float64)
FINE = 256
MISFIT = 1e-6
QUICK_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """B's fraction x of its cut is A's fraction `x + shift`. ratio: peak over the best beyond 0.6 ms. sign: -1 when inverted."""

    shift: float
    ratio: float
    sign: int


@lru_cache(maxsize=64)
def matched_lengths(rate_a_hz: float, rate_b_hz: float, *, speed: float, seconds: float) -> tuple[int, int]:
    """Lengths (A, B) in audio samples within a tenth of `seconds`, whose true durations stand as `speed` to 1.

    `speed`: seconds of A per second of B. They fit within 1e-6 of the cut, mostly better, and have small prime factors
    where that is possible, because those transform ten times quicker.
    """
    lengths_b = _quick_lengths(int(seconds * rate_b_hz * 0.9), int(seconds * rate_b_hz * 1.1))
    wanted_a = lengths_b * (speed * rate_a_hz / rate_b_hz)
    lengths_a = np.round(wanted_a).astype(np.int64)
    quick_a = _quick_lengths(int(lengths_a.min()), int(lengths_a.max()))
    cost = np.abs(wanted_a - lengths_a) / wanted_a + np.where(np.isin(lengths_a, quick_a), 0.0, MISFIT)
    best = int(np.argmin(cost))
    return int(lengths_a[best]), int(lengths_b[best])


def delay(a: Samples, b: Samples, *, seconds: float, expected: float, within: float) -> Peak | None:
    """The delay of A's cut against B's, sought `within` a fraction of the cut around `expected`. None in silence.

    a, b: (Na,), (Nb,) of the same stretch of `seconds`. The peak is refined on the sum over bins itself, not on a grid.
    """
    from scipy.fft import irfft, next_fast_len, rfft

    highest_hz = min(HIGHEST_HZ, USABLE_SHARE * min(len(a), len(b)) / seconds)
    low, high = int(np.ceil(LOWEST_HZ * seconds)), int(highest_hz * seconds)
    if high - low < 16:
        return None
    bins_a = rfft(a * _taper(len(a), seconds))[low:high]
    bins_b = rfft(b * _taper(len(b), seconds))[low:high]
    cross = bins_a * np.conj(bins_b)
    size = np.abs(cross)
    if not size.any():
        return None
    cross *= np.power(size + np.float32(1e-6) * size.max(), -np.float32(WHITENING))
    grid = next_fast_len(4 * high, real=True)
    padded = np.zeros(grid // 2 + 1, dtype=np.complex64)
    padded[low:high] = cross
    curve = irfft(padded, grid)
    middle, reach = round(expected * grid), max(2, int(within * grid))
    near = curve[np.arange(middle - reach, middle + reach + 1) % grid]
    at = int(np.argmax(np.abs(near)))
    if at in {0, len(near) - 1}:
        return None
    sign = 1 if near[at] > 0 else -1
    guard = max(1, int(GUARD_S / seconds * grid))
    beyond = np.abs(np.concatenate((near[: max(0, at - guard)], near[at + guard + 1 :])))
    ratio = float(np.abs(near[at]) / beyond.max()) if len(beyond) else np.inf
    start = (middle - reach + at + _vertex(sign * near[at - 1 : at + 2])) / grid
    return Peak(shift=_climb(sign * cross, low, start, step=1 / grid), ratio=ratio, sign=sign)


def _climb(cross: NDArray[np.complex64], low: int, start: float, *, step: float) -> float:
    """The top of sum(Re(G_k e^{2 pi i k s})) near `start`, never further than two grid steps from it.

    Around `start` the sum is a power series in s, whose first terms say it exactly enough; Newton climbs that. Far from
    the start it is expanded again.
    """
    count = len(cross)
    unit = 2 * np.pi * (low + count)
    powers = _powers(low, count)
    at = start
    for _ in range(EXPANSIONS):
        terms = cross * _turns(low, count, at)
        moments = powers @ terms.view(np.float32).reshape(count, 2)
        signed = np.array(
            [(moments[n, 0], -moments[n, 1], -moments[n, 0], moments[n, 1])[n % 4] for n in range(TERMS)]
        )
        slope = np.polynomial.Polynomial(signed[1:] / FACTORIALS[: TERMS - 1])
        bend = slope.deriv()
        moved = 0.0
        for _ in range(STEPS):
            if bend(moved) >= 0:
                return start
            moved -= float(slope(moved) / bend(moved))
            if abs(moved) > REACH:
                break
        moved = float(np.clip(moved, -REACH, REACH))
        at += moved / unit
        if abs(at - start) > 2 * step:
            return start
        if abs(moved) < REACH:
            break
    return at


def _turns(low: int, count: int, at: float) -> NDArray[np.complex64]:
    """(count,) of e^{2 pi i k at} for k from low on, as the outer product of two short rows."""
    fine = np.exp(2j * np.pi * at * np.arange(FINE))
    wide = np.exp(2j * np.pi * at * (low + FINE * np.arange(-(-count // FINE))))
    return np.outer(wide, fine).reshape(-1)[:count].astype(np.complex64)


@lru_cache(maxsize=4)
def _powers(low: int, count: int) -> Samples:
    """(TERMS, count): powers of each bin's frequency, the highest being 1."""
    relative = (low + np.arange(count)) / (low + count)
    return (relative ** np.arange(TERMS)[:, None]).astype(np.float32)


def _vertex(three: NDArray[np.float32]) -> float:
    left, top, right = (float(value) for value in three)
    bend = left - 2 * top + right
    return 0.0 if bend >= 0 else (left - right) / (2 * bend)


@lru_cache(maxsize=16)
def _taper(length: int, seconds: float) -> Samples:
    """Flat, with half a cosine over the first and last 0.75 s (at most a quarter of the cut)."""
    from scipy.signal.windows import tukey

    return np.asarray(tukey(length, min(0.5, 2 * TAPER_S / seconds), sym=False), dtype=np.float32)


@lru_cache(maxsize=16)
def _quick_lengths(low: int, high: int) -> NDArray[np.int64]:
    """The lengths from low to high without a prime factor above 47."""
    left = np.arange(low, high + 1)
    for prime in QUICK_PRIMES:
        divides = left % prime == 0
        while divides.any():
            left[divides] //= prime
            divides = left % prime == 0
    return low + np.flatnonzero(left == 1).astype(np.int64)
