"""Made-up motion: the speed of a car and the turning of a head, smooth, seeded, as dense as one likes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import lfilter

Floats = NDArray[np.float64]


def speed(length_s: float, rng: np.random.Generator, *, step_s: float = 0.005) -> tuple[Floats, Floats]:
    """(times in s, speed in m/s): accelerations of 1 m/s² rms that last about 3 s."""
    count, lasting_s = int(length_s / step_s) + 1, 3.0
    pushes = rng.normal(0, np.sqrt(2 * step_s / lasting_s), count)
    acceleration = lfilter([1.0], [1.0, -(1 - step_s / lasting_s)], pushes)
    velocity = lfilter([step_s], [1.0, -(1 - 0.03 * step_s)], acceleration) + 12
    return np.arange(count, dtype=np.float64) * step_s, gaussian_filter1d(velocity, 0.1 / step_s)


def turning(length_s: float, rng: np.random.Generator, *, step_s: float = 0.001) -> tuple[Floats, Floats]:
    """(times in s, turn rate in rad/s): quick shakes below 2 Hz on slow sways, 0.5 rad/s rms."""
    count = int(length_s / step_s) + 1
    quick = gaussian_filter1d(rng.normal(0, 1, count), 1 / (4 * np.pi) / step_s)
    slow = gaussian_filter1d(rng.normal(0, 1, count), 0.5 / step_s)
    both = np.asarray(0.35 * (quick / quick.std() + slow / slow.std()), np.float64)
    return np.arange(count, dtype=np.float64) * step_s, both


def ns(t_s: NDArray[np.floating[Any]]) -> NDArray[np.int64]:
    """Seconds to whole nanoseconds."""
    return np.round(t_s * 1e9).astype(np.int64)
