"""First guesses of a clock's rate from anchors of which some are wrong: consensus over pairs, and Theil-Sen.

Both are deterministic: where all pairs would be too many, evenly spread anchors stand for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from braid.align.ratios import NAMED
from braid.clock.clock_map import RATE_UNIT

Floats = NDArray[np.float64]

MOST_ANCHORS = 160
NARROW = 500e-6
WIDE = 0.1
_ENOUGH = 0.6
_MIN_BASE = 0.1


@dataclass(frozen=True, slots=True)
class Slope:
    """A Theil-Sen slope (dimensionless) and its standard error."""

    value: float
    error: float


def spread(count: int, at_most: int) -> NDArray[np.intp]:
    """Indexes of at most `at_most` of `count` things, evenly spread, both ends among them."""
    if count <= at_most:
        return np.arange(count)
    return np.unique(np.linspace(0, count - 1, at_most).round().astype(np.intp))


def consensus_line(x: Floats, y: Floats, *, support: float) -> tuple[float, float]:
    """Slope and intercept of the line through two anchors that most anchors lie within `support` of.

    x ascending, (N >= 2), not all equal. Rates of crystals (|slope| < 500 ppm) go first; only where they explain
    less than 60 % of the anchors are rates near the named ratios and, last, any below 10 % looked at.
    """
    some = spread(len(x), MOST_ANCHORS)
    xs, ys = x[some], y[some]
    left, right = np.triu_indices(len(xs), k=1)
    base = xs[right] - xs[left]
    far = base > _MIN_BASE * (xs[-1] - xs[0])
    left, right = left[far], right[far]
    slopes = (ys[right] - ys[left]) / base[far]
    offsets = ys[left] - slopes * xs[left]
    ratios = np.array([ratio.rate_ppq / RATE_UNIT for ratio in NAMED])
    near = np.abs(slopes[:, None] - ratios[None, :]).min(axis=1) < NARROW
    best: tuple[float, float, float] | None = None
    for allowed in (np.abs(slopes) < NARROW, near, np.abs(slopes) < WIDE):
        found = _best(xs, ys, slopes[allowed], offsets[allowed], support)
        if found is not None and (best is None or found[0] > best[0] + 0.1):
            best = found
        if best is not None and best[0] >= _ENOUGH:
            break
    if best is None:
        return 0.0, float(np.median(y))
    return best[1], best[2]


def theil_sen(x: Floats, y: Floats) -> Slope | None:
    """The median slope of all pairs, with the standard error that Kendall's variance gives; None below 4 anchors."""
    some = spread(len(x), 2 * MOST_ANCHORS)
    xs, ys = x[some], y[some]
    count = len(xs)
    if count < 4:
        return None
    left, right = np.triu_indices(count, k=1)
    base = xs[right] - xs[left]
    apart = base > 0
    if not apart.any():
        return None
    slopes = np.sort((ys[right] - ys[left])[apart] / base[apart])
    deviation = np.sqrt(count * (count - 1) * (2 * count + 5) / 18.0)
    middle = (len(slopes) - 1) / 2
    low = slopes[max(0, int(middle - deviation / 2))]
    high = slopes[min(len(slopes) - 1, int(np.ceil(middle + deviation / 2)))]
    return Slope(float(np.median(slopes)), float(high - low) / 2)


def _best(
    x: Floats, y: Floats, slopes: Floats, offsets: Floats, support: float
) -> tuple[float, float, float] | None:
    """(share of anchors within the support, slope, offset) of the best line; the tightest one of equals."""
    top: tuple[float, float] = (-1.0, 0.0)
    line: tuple[float, float, float] | None = None
    for begin in range(0, len(slopes), 1024):
        part = slice(begin, begin + 1024)
        away = np.abs(y[None, :] - slopes[part, None] * x[None, :] - offsets[part, None])
        share = (away <= support).mean(axis=1)
        loss = np.minimum(away, support).sum(axis=1)
        winner = int(np.lexsort((loss, -share))[0])
        score = (float(share[winner]), -float(loss[winner]))
        if score > top:
            top = score
            line = (score[0], float(slopes[begin + winner]), float(offsets[begin + winner]))
    return line
