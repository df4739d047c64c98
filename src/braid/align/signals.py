"""Numeric channels made ready to be compared: cleaned, on an even grid, smoothed without a phase shift, as a spline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from braid.base.errors import InvalidInput

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SECOND_NS = 1_000_000_000
MOST_CELLS = 1 << 21
GRID_S = 0.02
DETREND_SMOOTHINGS = 25.0
MIN_DETREND_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One channel. t_s: (N,) ascending seconds since zero_ns; v: (N,); period_s: median distance of readings."""

    zero_ns: int
    t_s: Floats
    v: Floats
    period_s: float

    @property
    def length_s(self) -> float:
        """From the first reading to the last."""
        return float(self.t_s[-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A channel on an even grid: v (N,) at start_s + i * step_s; known: (N,) whether readings are near."""

    start_s: float
    step_s: float
    v: Floats
    known: Flags

    def part(self, first: int, last: int) -> Grid:
        """Cells [first, last)."""
        return Grid(
            start_s=self.start_s + first * self.step_s,
            step_s=self.step_s,
            v=self.v[first:last],
            known=self.known[first:last],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Smooth:
    """A smoothed channel that has a value and a slope at any time (seconds since the signal's zero)."""

    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    known: Callable[[Floats], Flags]


def signal_of(t_ns: ArrayLike, values: ArrayLike, *, name: str) -> Signal:
    """From times (N,) in ns, any order, and values (N,): sorted, one value a time, missing values left out.

    Raises InvalidInput for unequal lengths or fewer than 16 usable readings.
    """
    times, numbers = np.asarray(t_ns, dtype=np.int64), np.asarray(values, dtype=np.float64)
    if times.ndim != 1 or times.shape != numbers.shape:
        raise InvalidInput(
            "a channel has one value a time", where=name, got=f"{times.shape}, {numbers.shape}"
        )
    there = np.isfinite(numbers)
    times, first = np.unique(times[there], return_index=True)
    numbers = numbers[there][first]
    if len(times) < 16:
        raise InvalidInput("too few readings to compare", where=name, got=len(times), wanted=">= 16")
    t_s = (times - times[0]) / SECOND_NS
    return Signal(zero_ns=int(times[0]), t_s=t_s, v=numbers, period_s=float(np.median(np.diff(t_s))))


def on_grid(signal: Signal, *, step_s: float, smooth_s: float, detrend_s: float | None) -> Grid:
    """The channel on a grid, smoothed by a Gaussian of smooth_s and without what is slower than detrend_s."""
    from scipy.ndimage import gaussian_filter1d

    count = int(signal.length_s / step_s) + 1
    at: Floats = np.arange(count, dtype=np.float64) * step_s
    v = _averaged(signal, at, step_s)
    known = _near(signal, at, smooth_s)
    fine = gaussian_filter1d(v, smooth_s / step_s, mode="nearest")
    if detrend_s is not None:
        fine = fine - gaussian_filter1d(v, detrend_s / step_s, mode="nearest", truncate=3.0)
    return Grid(start_s=0.0, step_s=step_s, v=fine, known=known)


def smoothed(signal: Signal, *, smooth_s: float, box_s: float = 0.0) -> Smooth:
    """The channel as a cubic spline after zero-phase smoothing; box_s: its mean over that long around each time.

    Without smoothing, a spline passes through the noise of each reading and averages it in between, so that the best
    fit is drawn to offsets of half a reading.
    """
    from scipy.interpolate import CubicSpline

    step_s = max(min(signal.period_s, smooth_s / 4), signal.length_s / MOST_CELLS)
    grid = on_grid(signal, step_s=step_s, smooth_s=smooth_s, detrend_s=None)
    spline = CubicSpline(np.arange(len(grid.v)) * step_s, grid.v)
    whole = spline.antiderivative() if box_s > 0 else None
    margin = min(2 * smooth_s, 0.1 * signal.length_s) + box_s / 2

    def known(when: Floats) -> Flags:
        inside = (when >= margin) & (when <= signal.length_s - margin)
        return np.asarray(inside & _near(signal, when, smooth_s), dtype=np.bool_)

    def value(when: Floats) -> Floats:
        if whole is None:
            return np.asarray(spline(when), dtype=np.float64)
        return np.asarray((whole(when + box_s / 2) - whole(when - box_s / 2)) / box_s, dtype=np.float64)

    def slope(when: Floats) -> Floats:
        if whole is None:
            return np.asarray(spline(when, 1), dtype=np.float64)
        return np.asarray((spline(when + box_s / 2) - spline(when - box_s / 2)) / box_s, dtype=np.float64)

    return Smooth(value=value, slope=slope, known=known)


def noise_of(signal: Signal) -> float:
    """How much readings scatter from one to the next beyond what a smooth curve does, by second differences."""
    bends = np.diff(signal.v, n=2)
    return float(1.4826 * np.median(np.abs(bends - np.median(bends))) / np.sqrt(6))


def _averaged(signal: Signal, at: Floats, step_s: float) -> Floats:
    """Values on the grid: the mean of a cell's readings where there are several, a line between readings else."""
    if step_s < 2 * signal.period_s:
        return np.interp(at, signal.t_s, signal.v)
    cell = np.minimum(np.round(signal.t_s / step_s).astype(np.int64), len(at) - 1)
    count = np.bincount(cell, minlength=len(at))
    total = np.bincount(cell, weights=signal.v, minlength=len(at))
    filled = count > 0
    return np.interp(at, at[filled], total[filled] / count[filled])


def _near(signal: Signal, when: Floats, smooth_s: float) -> Flags:
    """Whether the readings around each time are no further apart than a gap: 4 periods or 2 smoothings."""
    gap_s = max(4 * signal.period_s, 2 * smooth_s)
    after = np.clip(np.searchsorted(signal.t_s, when), 1, len(signal.t_s) - 1)
    near = signal.t_s[after] - signal.t_s[after - 1] <= gap_s
    inside = (when >= signal.t_s[0]) & (when <= signal.t_s[-1])
    return np.asarray(near & inside, dtype=np.bool_)
