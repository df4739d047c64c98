"""A gyroscope against the turning of a video: which axis sees which motion is found on the way.

Two traps are taken out first. The turn between two pictures belongs to the middle between their exposures, not to
either frame's time; and a rolling shutter exposes the middle row half its readout later.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from braid.align.delay import correlate
from braid.align.estimate import Estimate, Refusal
from braid.align.series import MIN_READINGS, align_signals
from braid.align.signals import GRID_S, MOST_CELLS, Floats, Signal, on_grid, signal_of
from braid.base.errors import InvalidInput

METHOD = "rotation"
SMOOTH_S = 0.06
DETREND_S = 1.5
SECOND_NS = 1_000_000_000
UNKNOWN_SHARE = 2 * np.sqrt(12.0)
"""A time that is unknown by half a frame has this part of a frame as its one sigma."""


def turn_times(
    frame_times_ns: ArrayLike, *, exposure_offset_ns: int = 0, exposure_ns: int = 0, readout_ns: int = 0
) -> NDArray[np.int64]:
    """When the turn between each two video frames took place: (F,) frame times to (F - 1,) middles.

    A frame's light comes in during exposure_ns after its time plus exposure_offset_ns; the middle row comes half of
    readout_ns later.
    """
    times = np.asarray(frame_times_ns, dtype=np.int64)
    if times.ndim != 1 or len(times) < 2 or (np.diff(times) <= 0).any():
        raise InvalidInput("frame times ascend", got=f"{len(times)} times", wanted="two or more, ascending")
    late = exposure_offset_ns + exposure_ns // 2 + readout_ns // 2
    return np.asarray(times[:-1] + np.diff(times) // 2 + late, dtype=np.int64)


def align_rotation(
    gyro_t_ns: ArrayLike,
    gyro: ArrayLike,
    frame_times_ns: ArrayLike,
    turns: ArrayLike,
    *,
    video_is_a: bool,
    exposure_offset_ns: int = 0,
    exposure_ns: int | None = None,
    readout_ns: int | None = None,
) -> Estimate | Refusal:
    """The clock of one against the other: B is the video, or the gyroscope when video_is_a.

    gyro: (N,) or (N, 3) turn rates in any unit. turns: (F - 1, 3) how far the picture moved right, down and clockwise
    between frames, NaN where that could not be seen. What is not known of exposure and readout widens the uncertainty.
    """
    frames = np.asarray(frame_times_ns, dtype=np.int64)
    seen = np.asarray(turns, dtype=np.float64)
    rates = np.asarray(gyro, dtype=np.float64)
    rates = rates[:, None] if rates.ndim == 1 else rates
    if seen.ndim != 2 or len(seen) != len(frames) - 1:
        raise InvalidInput(
            "there is one turn between two frames", got=seen.shape, wanted=f"({len(frames) - 1}, 3)"
        )
    when = turn_times(
        frames,
        exposure_offset_ns=exposure_offset_ns,
        exposure_ns=exposure_ns or 0,
        readout_ns=readout_ns or 0,
    )
    speeds = seen / (np.diff(frames) / SECOND_NS)[:, None]
    found = _axes(gyro_t_ns, rates, when, speeds)
    if isinstance(found, Refusal):
        return found
    video, turning = found
    unknown = [part for part, value in (("exposure", exposure_ns), ("readout", readout_ns)) if value is None]
    period_ns = video.period_s * SECOND_NS
    system_ns = np.hypot(
        period_ns / 1000, np.sqrt(len(unknown)) * period_ns / UNKNOWN_SHARE if unknown else 0.0
    )
    made = align_signals(
        video if video_is_a else turning,
        turning if video_is_a else video,
        query_is_a=video_is_a,
        smooth_s=max(SMOOTH_S, 1.5 * turning.period_s),
        system_sigma_ns=round(float(system_ns)),
        box_s=video.period_s,
        method=METHOD,
    )
    if isinstance(made, Refusal) or not unknown:
        return made
    said = f"the camera's {' and '.join(unknown)} time is not known; each may shift the result by up to half a frame"
    return replace(made, warnings=(*made.warnings, said))


def _axes(
    gyro_t_ns: ArrayLike, rates: Floats, when: NDArray[np.int64], speeds: Floats
) -> tuple[Signal, Signal] | Refusal:
    """The video's motion that agrees best with the gyroscope, and the mixture of axes that sees that motion."""
    times = np.asarray(gyro_t_ns, dtype=np.int64)
    best: tuple[float, Signal, float] | None = None
    axes = [axis for axis in range(rates.shape[1]) if np.isfinite(rates[:, axis]).sum() >= MIN_READINGS]
    for way in range(speeds.shape[1]):
        if np.isfinite(speeds[:, way]).sum() < MIN_READINGS:
            continue
        video = signal_of(when, speeds[:, way], name="video")
        for axis in axes:
            turning = signal_of(times, rates[:, axis], name="gyroscope")
            step_s = max(GRID_S, max(video.length_s, turning.length_s) / MOST_CELLS)
            grids = [
                on_grid(one, step_s=step_s, smooth_s=SMOOTH_S, detrend_s=DETREND_S)
                for one in (video, turning)
            ]
            shorter_s = min(video.length_s, turning.length_s)
            coarse = correlate(
                grids[0], grids[1], min_overlap_s=min(max(3.0, 0.2 * shorter_s), 0.8 * shorter_s)
            )
            if coarse is not None and (best is None or coarse.chance_z > best[0]):
                delay_s = coarse.at_s + (turning.zero_ns - video.zero_ns) / SECOND_NS
                best = (coarse.chance_z, video, delay_s)
    if best is None:
        return Refusal(
            method=METHOD,
            why="the video shows no motion, or the gyroscope has no readings that overlap it",
            hint="Choose a stretch in which the camera turns",
        )
    _, video, delay_s = best
    return video, _mixture(times, rates, video, delay_s)


def _mixture(times: NDArray[np.int64], rates: Floats, video: Signal, delay_s: float) -> Signal:
    """The gyroscope's axes added up so that they look like the video's motion."""
    usable = np.isfinite(rates).all(axis=1)
    times, rates = times[usable], rates[usable]
    order = np.argsort(times, kind="stable")
    t_s = (times[order] - video.zero_ns) / SECOND_NS
    at = video.t_s + delay_s
    inside = (at >= t_s[0]) & (at <= t_s[-1])
    shown = np.column_stack([np.interp(at[inside], t_s, column) for column in rates[order].T])
    centred = shown - shown.mean(axis=0)
    weights = np.linalg.lstsq(centred, video.v[inside] - video.v[inside].mean(), rcond=1e-6)[0]
    return signal_of(times, rates @ weights, name="gyroscope")
