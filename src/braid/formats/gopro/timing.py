"""When the samples of payloads were taken: spread over each payload's time, with the uncertainty that this leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from braid.formats.gopro.telemetry import Piece

Ints = NDArray[np.int64]

PARTIAL = 0.9
"""A last payload whose samples would fill less than this of its time ended early."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadTime:
    """A payload's place in media time; the end is exclusive."""

    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """media_ns (N,) of every sample, what one of them may be off (one standard deviation), the median distance."""

    media_ns: Ints
    sigma_ns: int
    period_ns: int | None


def spread(pieces: Sequence[Piece], times: Sequence[PayloadTime]) -> Spread:
    """Samples of a payload at even distances over it; those of a last one that ended early at the usual distance.

    Sigma: how far the payloads' starts are from a constant rate, and at least the rounding to a whole sample.
    """
    steps = [
        (times[piece.payload].end_ns - times[piece.payload].start_ns) / len(piece.values)
        for piece in pieces
        if len(piece.values)
    ]
    usual = float(np.median(steps[:-1] or steps)) if steps else 0.0
    parts: list[Ints] = []
    for number, piece in enumerate(pieces):
        count = len(piece.values)
        if not count:
            continue
        time = times[piece.payload]
        length = time.end_ns - time.start_ns
        if number == len(pieces) - 1 and number and count * usual < PARTIAL * length:
            length = round(count * usual)
        parts.append(time.start_ns + (np.arange(count, dtype=np.int64) * length) // count)
    media_ns = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
    period = int(np.median(np.diff(media_ns))) if len(media_ns) > 1 else None
    return Spread(media_ns=media_ns, sigma_ns=_sigma_ns(pieces, times, usual), period_ns=period)


def _sigma_ns(pieces: Sequence[Piece], times: Sequence[PayloadTime], usual: float) -> int:
    rounding = usual / 12**0.5
    whole = [piece for piece in pieces if len(piece.values)]
    if len(whole) < 3:
        return round(rounding)
    counts = np.cumsum([0, *(len(piece.values) for piece in whole[:-1])]).astype(np.float64)
    starts = np.array([times[piece.payload].start_ns for piece in whole], dtype=np.float64)
    centred = counts - counts.mean()
    power = float(centred @ centred)
    slope = float(centred @ (starts - starts.mean())) / power if power else 0.0
    rest = starts - starts.mean() - slope * centred
    return round(max(rounding, float(np.sqrt(np.mean(rest**2)))))


def stamps_ns(firsts_ns: Sequence[int | None], counts: Sequence[int]) -> Ints | None:
    """Stamps (N,) of every sample from those of each payload's first one, in between spread evenly.

    counts: samples per payload. None when a payload has no stamp, there is only one, or they do not ascend.
    """
    if len(firsts_ns) < 2 or 0 in counts:
        return None
    firsts = [one for one in firsts_ns if one is not None]
    if len(firsts) < len(firsts_ns) or any(after <= before for before, after in pairwise(firsts)):
        return None
    parts: list[Ints] = []
    step = 0
    for number, count in enumerate(counts):
        length = firsts[number + 1] - firsts[number] if number + 1 < len(firsts) else step * count
        step = length // count
        parts.append(firsts[number] + (np.arange(count, dtype=np.int64) * length) // count)
    return np.concatenate(parts)
