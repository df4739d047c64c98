"""Where somebody speaks in a recording: loudness between the room's noise and the voices, and the edges of speech."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from braid.align.audio_flux import HOPS_PER_S, band_energy
from braid.align.audio_sound import Sound

FIRST_BAND = 2
QUIET, LOUD = 10.0, 90.0
ONSET_SHARE, OFFSET_SHARE = 0.6, 1.1
"""Of the level that parts speech from the rest. A start shows low, before the first vowel; an end high, before the room."""
SMOOTH_HOPS = 5
BRIDGED_S = 0.2
SHORTEST_S = 0.15

Floats = NDArray[np.float64]


def loudness(sound: Sound) -> Floats:
    """(N,) log energy above 380 Hz at `k / 200` s, clipped to its 10th and 90th percentile and scaled to 0..1.

    Empty when it never changes.
    """
    energy = band_energy(sound)[FIRST_BAND:].sum(axis=0, dtype=np.float64)
    heard = energy[energy > 0]
    if len(heard) == 0:
        return np.zeros(0)
    level = np.log(energy + 1e-4 * np.median(heard))
    low, high = (float(edge) for edge in np.percentile(level, (QUIET, LOUD)))
    if high - low < 0.1:
        return np.zeros(0)
    return np.asarray((np.clip(level, low, high) - low) / (high - low), dtype=np.float64)


def speech_spans(loud: Floats) -> Floats:
    """(M, 2) starts and ends of speech in seconds, ascending; pauses below 0.2 s are part of it."""
    smooth = np.convolve(loud, np.ones(SMOOTH_HOPS) / SMOOTH_HOPS, "same")
    level = _parting_level(loud)
    spans: list[tuple[float, float]] = []
    for start, stop in _bridged(_runs(smooth > ONSET_SHARE * level)):
        above = np.flatnonzero(smooth[start:stop] > min(0.95, OFFSET_SHARE * level))
        if len(above) and (start + above[-1] - start) >= SHORTEST_S * HOPS_PER_S:
            end = start + int(above[-1])
            spans.append(
                (
                    _crossing(smooth, start, ONSET_SHARE * level) / HOPS_PER_S,
                    _crossing(smooth, end + 1, min(0.95, OFFSET_SHARE * level)) / HOPS_PER_S,
                )
            )
    return np.array(spans, dtype=np.float64).reshape(-1, 2)


def _parting_level(loud: Floats) -> float:
    """Otsu's: the level whose two sides differ most."""
    counts, edges = np.histogram(loud, bins=200)
    centres = (edges[1:] + edges[:-1]) / 2
    share = np.cumsum(counts) / counts.sum()
    mean = np.cumsum(counts * centres) / counts.sum()
    between = (mean[-1] * share - mean) ** 2 / np.maximum(share * (1 - share), 1e-9)
    return float(centres[int(np.argmax(between))])


def _runs(inside: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Half-open runs of True."""
    steps = np.diff(np.concatenate(([0], inside.astype(np.int8), [0])))
    starts, stops = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    return [(int(start), int(stop)) for start, stop in zip(starts, stops, strict=True)]


def _bridged(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, stop in runs:
        if joined and start - joined[-1][1] < BRIDGED_S * HOPS_PER_S:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined


def _crossing(smooth: Floats, at: int, level: float) -> float:
    """Where between hop `at - 1` and hop `at` the level is met; `at` itself at either end of the recording."""
    if not 0 < at < len(smooth):
        return float(at)
    before, after = float(smooth[at - 1]), float(smooth[at])
    return at - 1 + (level - before) / (after - before) if before != after else float(at)
