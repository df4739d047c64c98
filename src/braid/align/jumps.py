"""Jumps of a clock: places where a recorder lost readings, so that all later ones come early by the same amount.

Steps are added one at a time, each where it explains most, while the common rate and all levels are fitted again.
A step counts when it is larger than 5 times the scatter, than 6 of its standard errors and than 2 ms, and both its
sides have at least 3 anchors that agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from braid.align.slopes import Floats, spread

SMALLEST_JUMP_NS = 2_000_000
SCATTERS = 5.0
ERRORS = 6.0
MIN_ANCHORS = 3
MIN_FREE = 4
MOST_JUMPS = 12
MOST_PLACES = 240
MAD_TO_SIGMA = 1.4826
_ROUNDS = 5

Steps = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Fit:
    """Levels at x = 0, one a piece, and the common slope; residuals (N), their median size, who counted (N)."""

    levels: Floats
    slope: float
    residuals: Floats
    scatter: float
    close: NDArray[np.bool_]


def find_jumps(x: Floats, y: Floats, *, slope: float, support: float) -> Steps:
    """Indexes k > 0, ascending, so that the clock jumps between anchor k - 1 and anchor k.

    x ascending in ns, y the lag in ns (N each); slope: a first guess of the common rate; support: how far an anchor
    that agrees may scatter, in ns.
    """
    if len(x) < 2 * MIN_ANCHORS:
        return ()
    some = spread(len(x), MOST_PLACES)
    steps: Steps = ()
    fit = _fit(x[some], y[some], steps, slope)
    for _ in range(MOST_JUMPS):
        if fit.scatter * 6 < SMALLEST_JUMP_NS and float(abs(fit.residuals).max()) < SMALLEST_JUMP_NS / 2:
            break
        found = _best_step(x[some], y[some], steps, slope, support)
        if found is None:
            break
        steps, fit = found
    return tuple(_exact_place(x, y, some, fit, step, number) for number, step in enumerate(steps))


def pieces_of(count: int, jumps: Steps) -> NDArray[np.intp]:
    """For each of `count` anchors the number of its piece."""
    return np.searchsorted(np.array(jumps, dtype=np.intp), np.arange(count), side="right").astype(np.intp)


def _best_step(x: Floats, y: Floats, steps: Steps, slope: float, support: float) -> tuple[Steps, _Fit] | None:
    tried = [
        tuple(sorted((*steps, place)))
        for place in range(MIN_ANCHORS, len(x) - MIN_ANCHORS + 1)
        if all(abs(place - step) >= MIN_ANCHORS for step in steps)
    ]
    if not tried:
        return None
    fits = [_fit(x, y, jumps, slope) for jumps in tried]
    cap = max(6 * MAD_TO_SIGMA * min(fit.scatter for fit in fits), support)
    losses = [float(np.minimum(np.abs(fit.residuals), cap).sum()) for fit in fits]
    best = int(np.argmin(losses))
    jumps, fit = tried[best], fits[best]
    new = next(number for number, jump in enumerate(jumps) if jump not in steps)
    size = abs(float(fit.levels[new + 1] - fit.levels[new]))
    free = int(fit.close.sum()) - len(jumps) - 2
    if free < MIN_FREE:
        return None
    sure = ERRORS * _step_error(x, fit, jumps, new) * sqrt(np.count_nonzero(fit.close) / free)
    if size <= max(SMALLEST_JUMP_NS, SCATTERS * fit.scatter, sure) or not _agree(
        fit, pieces_of(len(x), jumps)
    ):
        return None
    return jumps, fit


def _fit(x: Floats, y: Floats, jumps: Steps, slope: float) -> _Fit:
    """Every piece its level, all pieces one rate; anchors further than 6 scatters from it have no say."""
    piece = pieces_of(len(x), jumps)
    pieces = len(jumps) + 1
    scale = max(float(np.abs(x).max()), 1.0)
    columns = np.zeros((len(x), pieces + 1))
    columns[np.arange(len(x)), piece] = 1.0
    columns[:, -1] = x / scale
    rough = y - slope * x
    levels = np.array([np.median(rough[piece == number]) for number in range(pieces)])
    residuals = rough - levels[piece]
    scatter = max(float(np.median(np.abs(residuals))), 0.5)
    close = np.ones(len(x), dtype=bool)
    for _ in range(_ROUNDS):
        close = np.abs(residuals) <= 6 * MAD_TO_SIGMA * scatter
        if np.bincount(piece[close], minlength=pieces).min() < 2:
            break
        solved = np.linalg.lstsq(columns[close], y[close], rcond=None)[0]
        levels, slope = solved[:-1], float(solved[-1]) / scale
        residuals = y - columns @ solved
        scatter = max(float(np.median(np.abs(residuals))), 0.5)
    return _Fit(levels, slope, residuals, scatter, close)


def _step_error(x: Floats, fit: _Fit, jumps: Steps, number: int) -> float:
    """One standard error of the step after piece `number`, when levels and rate are all unknown."""
    piece = pieces_of(len(x), jumps)
    columns = np.zeros((len(x), len(jumps) + 2))
    columns[np.arange(len(x)), piece] = 1.0
    columns[:, -1] = x / max(float(np.abs(x).max()), 1.0)
    inverse = np.linalg.pinv(columns[fit.close].T @ columns[fit.close])
    step = np.zeros(len(jumps) + 2)
    step[number], step[number + 1] = -1.0, 1.0
    return sqrt(max(0.0, float(step @ inverse @ step))) * MAD_TO_SIGMA * fit.scatter


def _agree(fit: _Fit, piece: NDArray[np.intp]) -> bool:
    """Whether each piece has three anchors that agree, and at least half of its own."""
    close = np.abs(fit.residuals) <= 6 * MAD_TO_SIGMA * fit.scatter
    sizes = np.bincount(piece)
    agreeing = np.bincount(piece[close], minlength=len(sizes))
    return bool(np.all(agreeing >= MIN_ANCHORS) and np.all(2 * agreeing >= sizes))


def _exact_place(x: Floats, y: Floats, some: NDArray[np.intp], fit: _Fit, step: int, number: int) -> int:
    """Where among all anchors the step lies that was found among some: where both sides fit best."""
    first, last = int(some[step - 1]) + 1, int(some[step])
    rough = y[first:last] - fit.slope * x[first:last]
    left = np.abs(rough - fit.levels[number])
    right = np.abs(rough - fit.levels[number + 1])
    costs = np.concatenate([[0.0], np.cumsum(left)]) + np.concatenate([np.cumsum(right[::-1])[::-1], [0.0]])
    return first + int(np.argmin(costs))
