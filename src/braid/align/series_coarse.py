"""Where one channel lies in the other, roughly: Pearson's correlation on a grid, and whether to believe it."""

from __future__ import annotations

import numpy as np

from braid.align.delay import MIN_CHANCE_Z, MIN_GAP_Z, Coarse, correlate
from braid.align.estimate import Refusal
from braid.align.series_evidence import correlation_curve
from braid.align.series_pair import SeriesPair, refused
from braid.align.signals import (
    DETREND_SMOOTHINGS,
    GRID_S,
    MIN_DETREND_S,
    MOST_CELLS,
    Grid,
    Signal,
    noise_of,
    on_grid,
)


def is_flat(signal: Signal, smooth_s: float) -> bool:
    """Whether what is left after smoothing is no more than what smoothed noise leaves."""
    step_s = max(GRID_S, signal.length_s / MOST_CELLS)
    grid = on_grid(signal, step_s=step_s, smooth_s=max(smooth_s, step_s), detrend_s=_detrend_s(smooth_s))
    moves = float(grid.v[grid.known].std()) if grid.known.any() else 0.0
    factor = np.sqrt(min(1.0, signal.period_s / (2 * np.sqrt(np.pi) * max(smooth_s, step_s))))
    return moves <= max(1.5 * noise_of(signal) * float(factor), 1e-9 * float(np.abs(signal.v).max() or 1.0))


def coarse_place(pair: SeriesPair) -> tuple[Coarse, Grid, Grid] | Refusal:
    """The best place, with the query's and the reference's grid; refuses what is no better than chance or has a double."""
    length_s = max(pair.query.length_s, pair.reference.length_s)
    step_s = max(GRID_S, length_s / MOST_CELLS)
    smooth_s, detrend_s = max(pair.smooth_s, step_s), _detrend_s(pair.smooth_s)
    query = on_grid(pair.query, step_s=step_s, smooth_s=smooth_s, detrend_s=detrend_s)
    reference = on_grid(pair.reference, step_s=step_s, smooth_s=smooth_s, detrend_s=detrend_s)
    shorter_s = min(pair.query.length_s, pair.reference.length_s)
    overlap_s = min(max(50 * pair.smooth_s, 0.2 * shorter_s), 0.8 * shorter_s)
    best: Coarse | None = None
    for block in _blocks(query, pair.smooth_s):
        found = correlate(block, reference, min_overlap_s=min(overlap_s, 0.8 * len(block.v) * step_s))
        if found is not None and (best is None or found.chance_z > best.chance_z):
            best = found
    if best is None:
        return refused("the readings never overlap long enough", "Use longer recordings")
    picture = correlation_curve(best, pair)
    if best.chance_z < MIN_CHANCE_Z:
        return refused(
            "the channels are no more alike than chance",
            "Do both show the same motion? Choose other channels or a longer stretch",
            best,
            picture,
        )
    if best.gap_z < MIN_GAP_Z and best.other is not None:
        apart_s = abs(float(best.delay_s[best.other]) - best.at_s)
        return refused(
            f"two places, {apart_s:.2f} s apart, fit equally well",
            "The motion repeats itself; choose a stretch with an event of its own",
            best,
            picture,
        )
    return best, query, reference


def _blocks(query: Grid, smooth_s: float) -> list[Grid]:
    """Parts of the query short enough that a drift of 150 ppm does not blur them, the whole when it is short."""
    cells = max(64, int(1000 * smooth_s / query.step_s))
    if len(query.v) <= 1.5 * cells:
        return [query]
    starts = np.linspace(0, len(query.v) - cells, min(8, len(query.v) // cells)).astype(int)
    return [query.part(int(start), int(start) + cells) for start in starts]


def _detrend_s(smooth_s: float) -> float:
    return max(MIN_DETREND_S, DETREND_SMOOTHINGS * smooth_s)
