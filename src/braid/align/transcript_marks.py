"""How people's marks lie against the edges of speech: pair them, and fit the line that suits how people erred.

Marks of a careful person scatter evenly and the mean serves; marks within bounds are best judged by their extremes,
marks with blunders by their median. So the power of the loss is chosen by likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma

import numpy as np
from numpy.typing import NDArray

from braid.align.transcript_speech import Floats

POWERS = (1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
BLUNDER = 5.0
SMALLEST_S = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """(N,) each: the cue's edge, the edge of speech it stands for, whether it is an end, which cue. Seconds."""

    cue_s: Floats
    audio_s: Floats
    is_end: NDArray[np.bool_]
    cue: NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksLine:
    """`audio = cue + lag_s + slope * (cue - centre_s)`, with standard errors; power: of the loss that suits the marks.

    apart_s: how much further ends lie from speech than starts do, which is no clock's fault.
    """

    centre_s: float
    lag_s: float
    slope: float
    lag_error_s: float
    slope_error: float
    power: float
    apart_s: float
    residuals_s: Floats


def paired(cues_s: Floats, spans_s: Floats, *, offset_s: float, rate: float, reach_s: float) -> Marks:
    """Starts with starts and ends with ends, each the other's nearest, at most reach_s apart. cues_s (M, 2), spans_s (K, 2)."""
    parts: list[tuple[Floats, Floats, NDArray[np.bool_], NDArray[np.intp]]] = []
    for edge in (0, 1):
        cue, speech = cues_s[:, edge], spans_s[:, edge]
        there = cue * rate + offset_s
        near = _nearest(speech, there)
        order = np.argsort(there, kind="stable")
        back = order[_nearest(there[order], speech)]
        index = np.arange(len(cue))
        good = (back[near] == index) & (np.abs(speech[near] - there) <= reach_s)
        parts.append((cue[good], speech[near][good], np.full(int(good.sum()), bool(edge)), index[good]))
    cue_s, audio_s, is_end, cue_index = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Marks(cue_s=cue_s, audio_s=audio_s, is_end=is_end, cue=cue_index)


def fit_marks(marks: Marks, *, slope: float | None = None) -> MarksLine:
    """The line through at least 4 marks; with `slope` only its lag. Starts and ends may differ by a constant, halved away.

    Marks further than 5 deviations of the middle half have no say.
    """
    centre_s = float(marks.cue_s.mean())
    x = marks.cue_s - centre_s
    lag = marks.audio_s - marks.cue_s
    scale = max(1.0, float(np.abs(x).max()))
    columns = np.stack((np.ones_like(x), np.where(marks.is_end, 0.5, -0.5), x / scale), axis=1)
    target = lag if slope is None else lag - slope * x
    shown = columns if slope is None else columns[:, :2]
    solved = np.linalg.lstsq(shown, target, rcond=None)[0]
    rest = target - shown @ solved
    limit = BLUNDER * max(1.4826 * float(np.median(np.abs(rest - np.median(rest)))), SMALLEST_S)
    kept = np.abs(rest - np.median(rest)) <= limit
    fits = [(_loss_fit(shown[kept], target[kept], power, solved), power) for power in POWERS]
    (likelihood, values, errors), power = max(fits, key=lambda fit: fit[0][0])
    del likelihood
    return MarksLine(
        centre_s=centre_s,
        lag_s=float(values[0]),
        slope=float(values[2]) / scale if slope is None else slope,
        lag_error_s=float(errors[0]),
        slope_error=float(errors[2]) / scale if slope is None else 0.0,
        power=power,
        apart_s=float(values[1]),
        residuals_s=target - shown[:, [0, *range(2, shown.shape[1])]] @ values[[0, *range(2, len(values))]],
    )


def _loss_fit(columns: Floats, target: Floats, power: float, start: Floats) -> tuple[float, Floats, Floats]:
    """Log likelihood, values and standard errors of the line that makes sum(|residual|^power) least."""
    from scipy.optimize import minimize

    unit = max(float(np.std(target - columns @ start)), SMALLEST_S)

    def loss(step: Floats) -> tuple[float, Floats]:
        rest = (target - columns @ (start + step * unit)) / unit
        size = np.sqrt(rest**2 + 1e-6)
        gradient = -columns.T @ (power * size ** (power - 2) * rest)
        return float(np.sum(size**power)), np.asarray(gradient, dtype=np.float64)

    step = np.asarray(minimize(loss, np.zeros(len(start)), jac=True, method="BFGS").x, dtype=np.float64)
    values = start + step * unit
    rest = (target - columns @ values) / unit
    size = np.sqrt(rest**2 + 1e-6)
    pull = power * size ** (power - 2) * rest
    curve = np.linalg.pinv((columns * (power * (power - 1) * size ** (power - 2))[:, None]).T @ columns)
    variance = curve @ ((columns * (pull**2)[:, None]).T @ columns) @ curve
    count = len(target)
    width = (power * float(np.mean(size**power))) ** (1 / power)
    likelihood = -count * (np.log(2 * width * unit) + lgamma(1 + 1 / power) + 1 / power)
    return float(likelihood), values, np.sqrt(np.diag(variance)) * unit


def _nearest(ascending: Floats, wanted: Floats) -> NDArray[np.intp]:
    """For each wanted value the index of the nearest of the ascending ones."""
    right = np.clip(np.searchsorted(ascending, wanted), 1, max(1, len(ascending) - 1))
    if len(ascending) == 1:
        return np.zeros(len(wanted), dtype=np.intp)
    left_is_nearer = np.abs(ascending[right - 1] - wanted) <= np.abs(ascending[right] - wanted)
    return np.where(left_is_nearer, right - 1, right).astype(np.intp)
