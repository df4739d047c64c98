"""Roughly where cues lie on a recording, and at what rate: cue on and off slid along the loudness, for each known rate."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from braid.align.audio_flux import HOPS_PER_S
from braid.align.ratios import RATIOS
from braid.align.transcript_speech import Floats

RATES = (
    Fraction(1),
    *(way for name, one in RATIOS.items() if name != "48000/44100" for way in (one, 1 / one)),
)
EQUAL_OVERLAP = 0.5
NEAR_S = 0.4
STEP_S = 0.02
SPREAD_S = 0.6
"""How far the ends of the cues may be stretched against a known rate, to each side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`audio = offset_s + rate * cue`. score: correlation -1..1. z: peak above the noise of all offsets. curve: from first_s."""

    offset_s: float
    rate: float
    score: float
    z: float
    first_s: float
    curve: NDArray[np.float32]


def place(loud: Floats, cues_s: Floats) -> Place:
    """The best of the known rates and all offsets, then a continuous rate and offset near it.

    loud: (N,) 0..1 at `k / 200` s. cues_s: (M, 2) starts and ends, M >= 1, sorted.
    """
    best = max((_at_rate(loud, cues_s, float(rate)) for rate in RATES), key=lambda one: one.score)
    offset_s, rate = _refined(loud - loud.mean(), cues_s, best.offset_s, best.rate)
    return Place(
        offset_s=offset_s, rate=rate, score=best.score, z=best.z, first_s=best.first_s, curve=best.curve
    )


def _at_rate(loud: Floats, cues_s: Floats, rate: float) -> Place:
    """Every offset at one rate: the correlation of cue on/off with loudness where they overlap by half of the shorter."""
    from scipy.fft import irfft, next_fast_len, rfft

    first_s = float(cues_s[0, 0]) * rate
    cue_on = _on_off(cues_s * rate - first_s)
    hops, count = len(loud), len(cue_on)
    size = next_fast_len(hops + count, real=True)
    lags = np.arange(-int(count * EQUAL_OVERLAP), hops - int(min(hops, count) * EQUAL_OVERLAP) + 1)
    mirrored = np.conj(rfft(cue_on - cue_on.mean(), size))
    norm = np.sqrt(np.sum((cue_on - cue_on.mean()) ** 2) * np.sum((loud - loud.mean()) ** 2))
    curve = irfft(rfft(loud - loud.mean(), size) * mirrored, size)[lags] / max(float(norm), 1e-9)
    peak = int(np.argmax(curve))
    middle = float(np.median(curve))
    spread = 1.4826 * float(np.median(np.abs(curve - middle)))
    return Place(
        offset_s=float(lags[peak]) / HOPS_PER_S - first_s,
        rate=rate,
        score=float(curve[peak]),
        z=(float(curve[peak]) - middle) / max(spread, 1e-9),
        first_s=float(lags[0]) / HOPS_PER_S - first_s,
        curve=curve.astype(np.float32),
    )


def _on_off(cues_s: Floats) -> Floats:
    """1 inside a cue, 0 outside, at 200 Hz from the first cue on."""
    edges = np.round(cues_s * HOPS_PER_S).astype(np.int64)
    steps = np.zeros(int(edges.max()) + 2)
    np.add.at(steps, edges[:, 0], 1)
    np.add.at(steps, edges[:, 1], -1)
    return np.minimum(1.0, np.cumsum(steps))


def _refined(centred: Floats, cues_s: Floats, offset_s: float, rate: float) -> tuple[float, float]:
    """The offset within 0.4 s and the rate within what stretches the cues by 0.6 s that hold most loudness in the cues."""
    total = np.concatenate(([0.0], np.cumsum(centred)))
    middle_s = float(cues_s.mean())
    half_s = max(1.0, float(np.ptp(cues_s)) / 2)
    shifts = np.arange(-NEAR_S, NEAR_S + STEP_S / 2, STEP_S)
    best = (-np.inf, offset_s, rate)
    for stretch in np.arange(-SPREAD_S, SPREAD_S + STEP_S, 2 * STEP_S) / half_s:
        tried = rate + stretch
        start_s = offset_s - stretch * middle_s
        at = (cues_s[None] * tried + start_s + shifts[:, None, None]) * HOPS_PER_S + 0.5
        inside = np.interp(at, np.arange(len(total)), total)
        held = (inside[..., 1] - inside[..., 0]).sum(axis=1)
        top = int(np.argmax(held))
        if held[top] > best[0]:
            best = (float(held[top]), float(start_s + shifts[top]), float(tried))
    return best[1], best[2]
