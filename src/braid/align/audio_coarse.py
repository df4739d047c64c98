"""Where B lies on A to within a few milliseconds: both fluxes slid along each other, in blocks that drift cannot smear."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from braid.align.audio_flux import HOPS_PER_S, Flux, flux
from braid.align.audio_sound import Sound

ACCEPTED_Z = 9.0
BLOCK_S = 300.0
SHORTEST_S = 5.0
EQUAL_OVERLAP_S = 10.0
NEAR_S = 20.0
PIECE_S = 20.0
PIECE_NEAR_S = 5.0
APART_S = 0.25
REPEATED = 0.9
"""A second peak this high, apart from the first, means that the sound repeats itself and the offset is a guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The best lag: `a = b + lag_s` around `centre_s` of B. z: peak over the noise of all lags. scores: (N,) from first_lag_s."""

    lag_s: float
    centre_s: float
    z: float
    rival: float
    first_lag_s: float
    scores: NDArray[np.float32]

    @property
    def accepted(self) -> bool:
        """Whether the peak cannot be chance."""
        return self.z > ACCEPTED_Z


@dataclass(frozen=True, slots=True, kw_only=True)
class Coarse:
    """best: the clearest match. places: what was accepted along B, by time of B; empty when nothing was."""

    best: Match
    places: tuple[Match, ...]


def match(a: Flux, b: Flux, *, a_from_s: float = 0.0, b_from_s: float = 0.0) -> Match | None:
    """B slid along A, over every lag with at least 5 s in common; None when there is no such lag or nothing changes.

    Each lag's sum over bands is divided by the root of its overlap (at least 10 s), so that chance looks alike everywhere.
    """
    from scipy.fft import irfft, next_fast_len, rfft

    hops_a, hops_b = a.shape[1], b.shape[1]
    least = int(SHORTEST_S * HOPS_PER_S)
    if min(hops_a, hops_b) < least:
        return None
    size = next_fast_len(hops_a + hops_b, real=True)
    total = np.zeros(size // 2 + 1, dtype=np.complex64)
    for row_a, row_b in zip(a, b, strict=True):
        total += rfft(row_a, size) * np.conj(rfft(row_b, size))
    circular = irfft(total, size)
    lags = np.arange(least - hops_b, hops_a - least + 1)
    overlap = np.minimum(hops_a, lags + hops_b) - np.maximum(0, lags)
    scores = circular[lags] / np.sqrt(np.maximum(overlap, EQUAL_OVERLAP_S * HOPS_PER_S), dtype=np.float32)
    middle = float(np.median(scores))
    spread = max(1.4826 * float(np.median(np.abs(scores - middle))), 1e-3 * float(np.abs(scores).max()))
    if spread <= 1e-6:
        return None
    scores = ((scores - middle) / spread).astype(np.float32)
    best = int(np.argmax(scores))
    apart = int(APART_S * HOPS_PER_S)
    others = np.concatenate((scores[: max(0, best - apart)], scores[best + apart + 1 :]))
    shift = (lags[best] + _vertex(scores, best)) / HOPS_PER_S
    first_b = max(0, -lags[best])
    last_b = min(hops_b, hops_a - lags[best])
    return Match(
        lag_s=float(shift + a_from_s - b_from_s),
        centre_s=float(b_from_s + (first_b + last_b) / 2 / HOPS_PER_S),
        z=float(scores[best]),
        rival=float(others.max()) if len(others) else 0.0,
        first_lag_s=float(lags[0] / HOPS_PER_S + a_from_s - b_from_s),
        scores=scores,
    )


def coarse(whole_a: Flux, b: Sound) -> Coarse | None:
    """Where B lies on A. None when there is nothing to compare.

    Blocks of 5 min of B, the middle first, are sought everywhere until one is accepted, the others within 20 s of it;
    in each accepted block, pieces of 20 s within 5 s, so that a recorder's jump inside it is seen. When no block is
    accepted, `best` is the best of them all.
    """
    best: Match | None = None
    places: list[Match] = []
    for from_s, to_s in _middle_first(_blocks(b.seconds)):
        block = flux(b, from_s=from_s, to_s=to_s)
        if best is None or not best.accepted:
            found = match(whole_a, block, b_from_s=from_s)
        else:
            found = _near(whole_a, block, from_s, best.lag_s, NEAR_S)
        if found is not None and (best is None or found.z > best.z):
            best = found
        if found is not None and found.accepted:
            places += _pieces(whole_a, block, from_s, found) or [found]
    if best is None:
        return None
    return Coarse(best=best, places=tuple(sorted(places, key=lambda one: one.centre_s)))


def _near(whole_a: Flux, b: Flux, b_from_s: float, lag_s: float, reach_s: float) -> Match | None:
    """The best lag near a known one."""
    low = max(0, int((b_from_s + lag_s - reach_s) * HOPS_PER_S))
    high = max(low, int((b_from_s + lag_s + reach_s) * HOPS_PER_S) + b.shape[1])
    return match(whole_a[:, low:high], b, a_from_s=low / HOPS_PER_S, b_from_s=b_from_s)


def _pieces(whole_a: Flux, block: Flux, from_s: float, found: Match) -> list[Match]:
    count = max(1, round(block.shape[1] / HOPS_PER_S / PIECE_S))
    edges = [block.shape[1] * index // count for index in range(count + 1)]
    tried = [
        _near(whole_a, block[:, low:high], from_s + low / HOPS_PER_S, found.lag_s, PIECE_NEAR_S)
        for low, high in pairwise(edges)
    ]
    return [one for one in tried if one is not None and one.accepted]


def _blocks(seconds: float) -> list[tuple[float, float]]:
    count = max(1, round(seconds / BLOCK_S))
    return [(seconds * index / count, seconds * (index + 1) / count) for index in range(count)]


def _middle_first(blocks: list[tuple[float, float]]) -> list[tuple[float, float]]:
    middle = len(blocks) / 2 - 0.5
    order = sorted(range(len(blocks)), key=lambda index: (abs(index - middle), index))
    return [blocks[index] for index in order]


def _vertex(values: NDArray[np.float32], at: int) -> float:
    """Where the parabola through a peak and its neighbours turns, relative to `at`, within half a step."""
    if not 0 < at < len(values) - 1:
        return 0.0
    left, top, right = (float(value) for value in values[at - 1 : at + 2])
    bend = left - 2 * top + right
    return 0.0 if bend >= 0 else float(np.clip((left - right) / (2 * bend), -0.5, 0.5))
