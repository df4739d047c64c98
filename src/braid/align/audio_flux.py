"""How the loudness of a sound changes: log energy of 8 bands, 200 times a second. What coarse alignment compares.

Rooms, gains and microphones change a spectrum; where it rises and falls they leave alone.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from braid.align.audio_sound import Samples, Sound
from braid.align.audio_thin import thinned

HOPS_PER_S = 200
WINDOW_S = 0.02
BANDS = 8
LOWEST_HZ, HIGHEST_HZ = 150.0, 6000.0
CLIP = 3.0
BLOCK_HOPS = 4096
WANTED_HZ = 12_800.0
LONGEST_PERIOD = 16

Flux = NDArray[np.float32]


def flux(sound: Sound, *, from_s: float = 0.0, to_s: float | None = None) -> Flux:
    """(8, N) changes of log energy clipped to +-3, each band with mean 0 and deviation 1; hop k is at `from_s + k / 200`.

    Exact to half an audio sample. A band that never changes (silence, or beyond what the rate can carry) is all zeros.
    """
    return _changes(band_energy(sound, from_s=from_s, to_s=to_s))


def band_energy(sound: Sound, *, from_s: float = 0.0, to_s: float | None = None) -> Flux:
    """(8, N) energies of 20 ms around the hops, N = 0 for less than two hops. Working memory does not grow with length."""
    last_s = sound.seconds if to_s is None else min(to_s, sound.seconds)
    hops = int((last_s - from_s) * HOPS_PER_S)
    if hops < 2:
        return np.zeros((BANDS, 0), dtype=np.float32)
    energy = np.empty((BANDS, hops), dtype=np.float32)
    for first in range(0, hops, BLOCK_HOPS):
        last = min(hops, first + BLOCK_HOPS)
        energy[:, first:last] = _block_energy(sound, from_s, first, last)
    return energy


def _block_energy(sound: Sound, from_s: float, first: int, last: int) -> Flux:
    """(8, last - first) energies of Hann windows centred at the hops."""
    from scipy.fft import rfft

    step = max(1, int(sound.rate_hz // WANTED_HZ))
    rate_hz = sound.rate_hz / step
    length = round(WINDOW_S * rate_hz)
    base = round(from_s * rate_hz) - length // 2
    hop = Fraction(sound.rate.num, sound.rate.den * step * HOPS_PER_S)
    starts = _starts(hop, first, last)
    thin = thinned(sound, base + int(starts[0]), int(starts[-1] - starts[0]) + length, step=step)
    views = np.lib.stride_tricks.sliding_window_view(thin, length)
    taper = np.hanning(length + 1)[:-1].astype(np.float32)
    spectrum = rfft(_rows(views, starts - starts[0], period=hop.denominator) * taper, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    return np.ascontiguousarray((power @ _bands(length, rate_hz)).T)


def _starts(hop: Fraction, first: int, last: int) -> NDArray[np.int64]:
    """Where hops [first, last) begin, in whole (thinned) audio samples; `hop` of them make one hop."""
    index = np.arange(first, last, dtype=np.int64)
    return (index * hop.numerator + hop.denominator // 2) // hop.denominator


def _rows(views: Samples, starts: NDArray[np.int64], *, period: int) -> Samples:
    """The windows at `starts`, whose spacing repeats after `period`: by strides, ten times quicker than one by one."""
    if period > LONGEST_PERIOD or len(starts) <= period:
        return views[starts]
    rows = np.empty((len(starts), views.shape[1]), dtype=np.float32)
    every = int(starts[period] - starts[0])
    for phase in range(period):
        rows[phase::period] = views[starts[phase] :: every][: len(rows[phase::period])]
    return rows


def _bands(length: int, rate_hz: float) -> Flux:
    """(bins, 8) of zeros and ones: bands of equal width in log frequency."""
    hz = np.fft.rfftfreq(length, 1 / rate_hz)
    edges = np.geomspace(LOWEST_HZ, HIGHEST_HZ, BANDS + 1)
    inside = (hz[:, None] >= edges[:-1]) & (hz[:, None] < edges[1:])
    return inside.astype(np.float32)


def _changes(energy: Flux) -> Flux:
    out = np.zeros_like(energy)
    for index, row in enumerate(energy):
        heard = row[row > 0]
        if len(heard) == 0:
            continue
        loudness = np.log(row + np.float32(1e-3) * np.median(heard))
        rises = np.zeros_like(row)
        rises[1:] = np.clip(np.diff(loudness), -CLIP, CLIP)
        deviation = float(np.std(rises))
        if deviation > 1e-6:
            out[index] = (rises - rises.mean()) / deviation
    return out
