"""Fewer audio samples per second, low-pass filtered, without delay: quick, for what only needs coarse times."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from braid.align.audio_sound import Samples, Sound

BLOCK = 32
HALF_TAPS = 6
"""Half the filter's length, in audio samples of the result."""


def thinned(sound: Sound, first: int, count: int, *, step: int) -> Samples:
    """`count` values: the recording at audio samples `(first + n) * step`, low-pass filtered below half the new rate.

    A linear-phase FIR as two matrix products over blocks of 32 results.
    """
    if step == 1:
        return sound.cut(first, first + count)
    half = HALF_TAPS * step
    width = BLOCK * step
    rows = -(-count // BLOCK) + 1
    low = first * step - half
    wide = sound.cut(low, low + rows * width).reshape(rows, width)
    here, beyond = _filter(step)
    result = wide[:-1] @ here + wide[1:, : 2 * half] @ beyond
    return np.asarray(result.reshape(-1)[:count], dtype=np.float32)


@lru_cache(maxsize=8)
def _filter(step: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The taps laid out for 32 results: what they take from their own block and from the next."""
    from scipy.signal import firwin

    half = HALF_TAPS * step
    taps = firwin(2 * half + 1, 1 / step).astype(np.float32)
    matrix = np.zeros((BLOCK * step + 2 * half, BLOCK), dtype=np.float32)
    for column in range(BLOCK):
        matrix[column * step : column * step + 2 * half + 1, column] = taps
    return matrix[: BLOCK * step], matrix[BLOCK * step :]
