"""Centres on a cubic through three and more key frames (rule K7): exact where a thing speeds up or brakes evenly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.float64]
"""(N, D): centres at N instants."""

MIN_KEYS = 3


def velocities(seconds: Sequence[float], places: Places) -> Places:
    """(N, D) per second: slopes of the parabola through each place and its neighbours. N must be at least 3."""
    t = np.asarray(seconds, dtype=np.float64)
    steps = np.diff(t)[:, None]
    slopes = np.diff(places, axis=0) / steps
    out = np.empty_like(places)
    before, after = steps[:-1], steps[1:]
    out[1:-1] = (slopes[:-1] * after + slopes[1:] * before) / (before + after)
    out[0] = slopes[0] + (slopes[0] - slopes[1]) * steps[0] / (steps[0] + steps[1])
    out[-1] = slopes[-1] + (slopes[-1] - slopes[-2]) * steps[-1] / (steps[-1] + steps[-2])
    return out


def hermite(
    weight: float, step_s: float, a: Places, b: Places, velocity_a: Places, velocity_b: Places
) -> Places:
    """The place at `weight` (0: a, 1: b) of a piece that lasts `step_s`; places and velocities (D,)."""
    w, w2, w3 = weight, weight**2, weight**3
    return np.asarray(
        (2 * w3 - 3 * w2 + 1) * a
        + (w3 - 2 * w2 + w) * step_s * velocity_a
        + (3 * w2 - 2 * w3) * b
        + (w3 - w2) * step_s * velocity_b,
        dtype=np.float64,
    )
