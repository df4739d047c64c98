"""The delay between two channels: by normalised correlation on a grid first, then to a fraction of a reading.

A delay d says: what the query shows at t, the reference shows at t + d (seconds since each one's own zero).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from braid.align.signals import Floats, Grid, Smooth

MIN_CHANCE_Z = 5.5
MIN_GAP_Z = 1.5
STEEP = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Coarse:
    """Correlation r (L,) by delay_s (L,). peak: its best place; chance_z: how far above chance; gap_z: above the next."""

    delay_s: Floats
    r: Floats
    peak: int
    chance_z: float
    gap_z: float
    other: int | None

    @property
    def at_s(self) -> float:
        """The best delay, by a parabola through the peak."""
        step = float(self.delay_s[1] - self.delay_s[0]) if len(self.delay_s) > 1 else 0.0
        if not 0 < self.peak < len(self.r) - 1:
            return float(self.delay_s[self.peak])
        left, top, right = (abs(float(one)) for one in self.r[self.peak - 1 : self.peak + 2])
        bend = left - 2 * top + right
        return float(self.delay_s[self.peak]) + (0.5 * (left - right) / bend * step if bend < 0 else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fine:
    """A delay with one sigma, the correlation there, and over how many readings."""

    delay_s: float
    sigma_s: float
    r: float
    count: int


def correlate(query: Grid, reference: Grid, *, min_overlap_s: float) -> Coarse | None:
    """Pearson's r for every delay at which both overlap long enough; both grids share their step.

    None when they never overlap for min_overlap_s.
    """
    sums = _sums(query, reference)
    n = sums.n
    spread = np.maximum(n * sums.qq - sums.q**2, 0) * np.maximum(n * sums.rr - sums.r**2, 0)
    bottom = np.sqrt(spread)
    usable = bottom > 1e-9 * float(bottom.max())
    r = np.zeros(len(n))
    np.divide(n * sums.qr - sums.q * sums.r, bottom, out=r, where=usable)
    enough = n * query.step_s >= min_overlap_s
    if not enough.any():
        return None
    lags = np.arange(-(len(query.v) - 1), len(reference.v), dtype=np.float64)
    shown = np.arange(np.flatnonzero(enough)[0], np.flatnonzero(enough)[-1] + 1)
    values = np.where(enough[shown], np.clip(r[shown], -1.0, 1.0), 0.0)
    alike = _alike(query, reference, int(n.max()))
    seen = np.sqrt(np.maximum(0.0, n[shown] / alike - 3))
    z = np.arctanh(np.minimum(np.abs(values), 0.999999)) * seen
    peak = int(np.argmax(z))
    other = _next_peak(z, peak)
    return Coarse(
        delay_s=np.asarray(lags[shown] * query.step_s + (reference.start_s - query.start_s), np.float64),
        r=values,
        peak=peak,
        chance_z=float(z[peak]),
        gap_z=float(z[peak]) - (float(z[other]) if other is not None else 0.0),
        other=other,
    )


def refine(
    t_s: Floats, values: Floats, reference: Smooth, *, start_s: float, within_s: float, rate: float = 0.0
) -> Fine | None:
    """The delay that leaves the least of `values` unexplained by the reference, within `within_s` of the start.

    The time looked up is t + d + rate * (t - mean t). Gain and level are free. None where too little is known or the
    reference does not change.
    """
    from scipy.optimize import minimize_scalar

    middle = float(t_s.mean())
    stretched = t_s + rate * (t_s - middle)

    def unexplained(delay: float) -> float:
        when = stretched + delay
        known = reference.known(when)
        if known.sum() < STEEP:
            return 1.0
        return 1.0 - abs(_pearson(values[known], reference.value(when[known])))

    steps = np.linspace(start_s - within_s, start_s + within_s, 21)
    rough = steps[int(np.argmin([unexplained(one) for one in steps]))]
    step = 2 * within_s / 20
    found = minimize_scalar(
        unexplained, bounds=(rough - step, rough + step), method="bounded", options={"xatol": step * 1e-4}
    )
    delay = float(found.x)
    fine: Fine | None = None
    for _ in range(8):
        solved = _newton(stretched, values, reference, delay)
        if solved is None:
            return None
        moved, fine = solved
        delay += float(np.clip(moved, -step, step))
        if abs(moved) < 1e-10:
            break
    if fine is None or abs(delay - start_s) > within_s + step:
        return None
    return Fine(delay_s=delay, sigma_s=fine.sigma_s, r=fine.r, count=fine.count)


def _newton(when: Floats, values: Floats, reference: Smooth, delay: float) -> tuple[float, Fine] | None:
    """One step of least squares over gain, level and delay, with the error that correlated residuals leave."""
    known = reference.known(when + delay)
    if known.sum() < STEEP:
        return None
    at = when[known] + delay
    shape, slope = reference.value(at), reference.slope(at)
    columns = np.column_stack([shape, np.ones_like(shape), slope])
    size = np.abs(columns).max(axis=0)
    if (size < 1e-300).any():
        return None
    solved, _, rank, _ = np.linalg.lstsq(columns / size, values[known], rcond=1e-9)
    if rank < 3:
        return None
    gain, _, tilt = solved / size
    if abs(gain) < 1e-300:
        return None
    residuals = values[known] - columns @ (solved / size)
    others = columns[:, :2] / size[:2]
    steep = gain * (slope - others @ np.linalg.lstsq(others, slope, rcond=None)[0])
    power = float(steep @ steep)
    if power <= 0:
        return None
    sigma = np.sqrt(_long_run(steep * residuals)) / power
    return float(tilt / gain), Fine(
        delay_s=delay, sigma_s=float(sigma), r=_pearson(values[known], shape), count=int(known.sum())
    )


def _long_run(products: Floats) -> float:
    """The variance of the sum of these products, neighbours counted together as far as they go the same way.

    Bartlett's window over 4 (N / 100)^(2/9) to N^(1/2) lags (Newey and West), at least the sum of squares.
    """
    count = len(products)
    centred = products - products.mean()
    plain = float(centred @ centred)
    reach = min(count // 4, max(4, int(np.sqrt(count))))
    total = plain
    for lag in range(1, reach + 1):
        total += 2 * (1 - lag / (reach + 1)) * float(centred[lag:] @ centred[:-lag])
    return max(total, plain) * count / max(1, count - 3)


def _pearson(one: Floats, other: Floats) -> float:
    a, b = one - one.mean(), other - other.mean()
    bottom = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / bottom if bottom > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    """For each lag (L,), over the cells that both know: how many, and the sums of q, r, their squares and product."""

    n: Floats
    q: Floats
    r: Floats
    qq: Floats
    rr: Floats
    qr: Floats


def _sums(query: Grid, reference: Grid) -> _Sums:
    size = len(query.v) + len(reference.v) - 1
    length = 1 << (size - 1).bit_length()
    q, r = _scaled(query), _scaled(reference)

    def turned(values: Floats) -> NDArray[np.complex128]:
        return np.conj(np.fft.rfft(values, length))

    def plain(values: Floats) -> NDArray[np.complex128]:
        return np.fft.rfft(values, length)

    def over(product: NDArray[np.complex128]) -> Floats:
        full = np.fft.irfft(product, length)
        return np.concatenate([full[length - (len(query.v) - 1) :], full[: len(reference.v)]])

    known_q, known_r = turned(query.known.astype(np.float64)), plain(reference.known.astype(np.float64))
    return _Sums(
        n=np.round(over(known_q * known_r)),
        q=over(turned(q) * known_r),
        r=over(known_q * plain(r)),
        qq=over(turned(q * q) * known_r),
        rr=over(known_q * plain(r * r)),
        qr=over(turned(q) * plain(r)),
    )


def _scaled(grid: Grid) -> Floats:
    """The known values, centred, of unit spread, 0 elsewhere: so that sums lose no digits."""
    known = grid.v[grid.known]
    if not len(known):
        return np.zeros_like(grid.v)
    spread = float(known.std()) or 1.0
    return np.where(grid.known, (grid.v - known.mean()) / spread, 0.0)


def _alike(query: Grid, reference: Grid, count: int) -> float:
    """How many cells count as one independent: Bartlett's formula from both autocorrelations."""
    reach = max(2, min(len(query.v), len(reference.v), count) // 3)
    product = _autocorrelation(query, reach) * _autocorrelation(reference, reach)
    taper = 1 - np.arange(reach) / reach
    return max(1.0, 1 + 2 * float((product * taper)[1:].sum()))


def _autocorrelation(grid: Grid, reach: int) -> Floats:
    values = _scaled(grid)
    length = 1 << (2 * len(values) - 1).bit_length()
    power = np.fft.irfft(np.abs(np.fft.rfft(values, length)) ** 2, length)[:reach]
    return power / power[0] if power[0] > 0 else np.zeros(reach)


def _next_peak(size: Floats, peak: int) -> int | None:
    """The highest local maximum besides the best one."""
    inner = size[1:-1]
    tops = np.flatnonzero((inner >= size[:-2]) & (inner > size[2:])) + 1
    tops = tops[tops != peak]
    tops = tops[np.abs(tops - peak) > 1]
    return int(tops[np.argmax(size[tops])]) if len(tops) else None
