"""Clock error or calibration error? A regression that tells them apart (rule S11).

What a camera shows and what a cuboid predicts differ by `seconds * image velocity` when a clock is off, and by the same
small turn of the camera for all things, wherever they go, when the calibration is. A shift of the camera along the way
that the vehicle drives looks like a clock error, so it is fitted along, held near zero by what a mount can be off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MOUNT_SIGMA_M = 0.05
"""How far a measured mount may be off along each axis: what cannot be seen in the pictures is believed to this degree."""
WIDE_SIGMA_S, WIDE_SIGMA_RAD = 1.0, 0.2
"""Clock and turn are believed to be smaller than this; it only matters where nothing that is seen tells them apart."""
MIN_SIGHTINGS, MIN_THINGS = 24, 4
STEPS = 30
HUBER, TUKEY = 1.345, 4.685
LEAST_SIGMA_PX = 1.0
"""Boxes are not believed to be better than this, however well they agree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sightings:
    """N comparisons. Rows of `things` with one number are of one thing, whose errors go together.

    offsets_px (N, 2): shown minus predicted centre. speeds_px_s (N, 2): of the predicted centre as time goes on.
    turns_px_rad, shifts_px_m (N, 2, 3): how it moves when the camera turns about, or moves along, its own x, y and z.
    """

    offsets_px: Array
    speeds_px_s: Array
    turns_px_rad: Array
    shifts_px_m: Array
    things: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualFit:
    """seconds: add to the camera's times. turn_rad: of the camera about its x (pitch), y (yaw), z (roll). Sigmas: one.

    reach: how many sigmas a 95 % interval has with so few things. rms_px: (before, after). explained_px: root mean square of
    what the fit moves. wald: squared size of clock and turn together in their own sigmas. clock_yaw: their correlation.
    """

    seconds: float
    seconds_sigma: float
    turn_rad: tuple[float, float, float]
    turn_sigma_rad: tuple[float, float, float]
    shift_m: tuple[float, float, float]
    count: int
    things: int
    rms_px: tuple[float, float]
    explained_px: float
    speed_rms_px_s: float
    wald: float
    clock_yaw: float

    def reach(self, confidence: float = 0.95) -> float:
        """By how many sigmas an interval of that confidence reaches to each side.

        Student's t with one degree of freedom less than there are things.
        """
        from scipy.special import stdtrit

        return float(stdtrit(self.things - 1, 0.5 + confidence / 2))


def fit_residuals(seen: Sightings) -> ResidualFit | None:
    """Clock, turn and shift of a camera at once; None with too few sightings or things.

    Robust (Huber, then Tukey weights per sighting); uncertainties count errors of one thing as going together.
    """
    count = len(seen.offsets_px)
    names, groups = np.unique(np.asarray(seen.things), return_inverse=True)
    if count < MIN_SIGHTINGS or len(names) < MIN_THINGS:
        return None
    design = np.concatenate([seen.speeds_px_s[:, :, None], seen.turns_px_rad, seen.shifts_px_m], axis=2)
    offsets = np.asarray(seen.offsets_px, dtype=np.float64)
    prior = np.diag([WIDE_SIGMA_S**-2] + [WIDE_SIGMA_RAD**-2] * 3 + [MOUNT_SIGMA_M**-2] * 3)
    found, weights, sigma = _robust(design, offsets, prior)
    bread = np.linalg.inv(np.einsum("n,nij,nik->jk", weights, design, design) / sigma**2 + prior)
    rest = offsets - design @ found
    spread = _larger(bread, _left_out(design, offsets, weights / sigma**2, groups, prior, found))
    sigmas = np.sqrt(np.diag(spread))
    moved = design[:, :, :4] @ found[:4]
    return ResidualFit(
        seconds=float(found[0]),
        seconds_sigma=float(sigmas[0]),
        turn_rad=_three(found[1:4]),
        turn_sigma_rad=_three(sigmas[1:4]),
        shift_m=_three(found[4:7]),
        count=count,
        things=len(names),
        rms_px=(_rms(offsets, weights), _rms(rest, weights)),
        explained_px=_rms(moved, np.ones(count)),
        speed_rms_px_s=_rms(seen.speeds_px_s, np.ones(count)),
        wald=float(found[:4] @ np.linalg.solve(spread[:4, :4], found[:4])),
        clock_yaw=float(spread[0, 2] / (sigmas[0] * sigmas[2])),
    )


def _robust(design: Array, offsets: Array, prior: Array) -> tuple[Array, Array, float]:
    """Parameters (7,), weights (N,) and the spread of one component, px."""
    weights = np.ones(len(offsets))
    found = np.zeros(design.shape[2])
    sigma = _spread(offsets)
    for step in range(STEPS):
        information = np.einsum("n,nij,nik->jk", weights, design, design) / sigma**2 + prior
        pull = np.einsum("n,nij,ni->j", weights, design, offsets) / sigma**2
        found = np.linalg.inv(information) @ pull
        rest = offsets - design @ found
        sigma = _spread(rest)
        size = np.sqrt((rest * rest).sum(axis=1)) / (sigma * np.sqrt(2.0))
        if step < STEPS // 2:
            weights = HUBER / np.maximum(size, HUBER)
        else:
            weights = np.clip(1 - (size / TUKEY) ** 2, 0.0, None) ** 2
    return found, weights, sigma


def _left_out(
    design: Array, offsets: Array, weights: Array, groups: NDArray[np.intp], prior: Array, found: Array
) -> Array:
    """Covariance (7, 7) by leaving out one thing after the other, and what the prior does not know."""
    things = int(groups.max()) + 1
    information, pull = np.zeros((things, 7, 7)), np.zeros((things, 7))
    np.add.at(information, groups, np.einsum("n,nij,nik->njk", weights, design, design))
    np.add.at(pull, groups, np.einsum("n,nij,ni->nj", weights, design, offsets))
    whole = information.sum(axis=0) + prior
    without = np.linalg.solve(whole - information, (pull.sum(axis=0) - pull)[:, :, None])[:, :, 0] - found
    bread = np.linalg.inv(whole)
    jackknife = (without.T @ without) * (things - 1) / things
    return np.asarray(jackknife + bread @ prior @ bread, dtype=np.float64)


def _larger(one: Array, other: Array) -> Array:
    """The second covariance, with variances raised to those of the first where they are smaller."""
    raised = np.sqrt(np.maximum(np.diag(one) / np.maximum(np.diag(other), 1e-300), 1.0))
    return np.asarray(other * np.outer(raised, raised), dtype=np.float64)


def _spread(rest: NDArray[Any]) -> float:
    return max(1.4826 * float(np.median(np.abs(rest))), LEAST_SIGMA_PX)


def _rms(values: Array, weights: Array) -> float:
    total = float(weights.sum()) * values.shape[1]
    return float(np.sqrt((weights[:, None] * values * values).sum() / total)) if total > 0 else 0.0


def _three(values: Array) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in values)
    return (x, y, z)
