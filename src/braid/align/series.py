"""Two numeric channels that saw the same motion (wheel speed and GPS speed, two gyroscopes): offset and drift.

Coarse: Pearson's correlation of both on a 20 ms grid. Fine: the channel with more readings, smoothed without a phase
shift, as a spline, under the readings of the other one; the smoothing is the one that leaves the least uncertainty.
Where the recording is long enough, each window of it gives an anchor, so that drift and jumps are seen.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from braid.align.delay import MIN_CHANCE_Z
from braid.align.estimate import Estimate, Refusal
from braid.align.series_coarse import coarse_place, is_flat
from braid.align.series_evidence import correlation_curve, overlay_curves, residual_curves
from braid.align.series_fit import best_smoothing, clock_line, window_delays
from braid.align.series_pair import METHOD, SECOND_NS, SeriesPair, refused
from braid.align.signals import Signal, signal_of

MIN_READINGS = 16
SYSTEM_SHARE = 100
"""What sampling itself may hide: one hundredth of the longer period."""


def align_series(
    a_t_ns: ArrayLike,
    a_values: ArrayLike,
    b_t_ns: ArrayLike,
    b_values: ArrayLike,
    *,
    smooth_s: float | None = None,
    system_sigma_ns: int | None = None,
) -> Estimate | Refusal:
    """B's clock against A's from one channel of each: times (N,) in ns of their own stream, values (N,) in any unit.

    smooth_s: how much the coarse search smooths, None for twice the longer period (0.03 to 0.4 s). Refuses where a
    channel hardly changes, where they are no more alike than chance, and where two places fit equally well. Raises
    InvalidInput for times and values of unequal length.
    """
    there = [int(np.isfinite(np.asarray(values, np.float64)).sum()) for values in (a_values, b_values)]
    if min(there) < MIN_READINGS:
        return refused(
            f"there are only {min(there)} readings to compare",
            f"At least {MIN_READINGS} on both sides are needed",
        )
    a, b = signal_of(a_t_ns, a_values, name="reference"), signal_of(b_t_ns, b_values, name="stream")
    longer_s = max(a.period_s, b.period_s)
    system = system_sigma_ns if system_sigma_ns is not None else round(longer_s * SECOND_NS / SYSTEM_SHARE)
    return align_signals(
        a, b, query_is_a=b.period_s < 0.999 * a.period_s, smooth_s=smooth_s, system_sigma_ns=system
    )


def align_signals(
    a: Signal,
    b: Signal,
    *,
    query_is_a: bool,
    smooth_s: float | None,
    system_sigma_ns: int,
    box_s: float = 0.0,
    method: str = METHOD,
) -> Estimate | Refusal:
    """`align_series` on signals that are ready; query_is_a: whose readings are looked up on the other's curve.

    box_s: how long each reading of the query is a mean over (0: an instant).
    """
    made = _align(a, b, query_is_a=query_is_a, smooth_s=smooth_s, system=system_sigma_ns, box_s=box_s)
    return replace(made, method=method)


def _align(
    a: Signal, b: Signal, *, query_is_a: bool, smooth_s: float | None, system: int, box_s: float
) -> Estimate | Refusal:
    smooth = smooth_s if smooth_s is not None else float(np.clip(2 * max(a.period_s, b.period_s), 0.03, 0.4))
    query, reference = (a, b) if query_is_a else (b, a)
    pair = SeriesPair(query=query, reference=reference, flipped=query_is_a, smooth_s=smooth, box_s=box_s)
    for signal, name in ((a, "the reference"), (b, "the stream")):
        if is_flat(signal, smooth):
            return refused(
                f"{name} hardly changes, so it holds no information about time",
                "Choose a channel or a stretch with changes: braking, turning, shaking",
            )
    found = coarse_place(pair)
    if isinstance(found, Refusal):
        return found
    coarse, query_grid, reference_grid = found
    picture = correlation_curve(coarse, pair)
    smallest_s, whole = best_smoothing(pair, coarse.at_s)
    if whole is None:
        return refused("the best place could not be refined", "Mark anchors by hand", coarse, picture)
    anchors = window_delays(pair, pair.curve(smallest_s), query_grid, reference_grid, whole)
    line, kept = clock_line(pair, whole, anchors, system)
    warnings = list(line.warnings)
    if coarse.r[coarse.peak] < 0:
        warnings.append("the channels run opposite ways: where one grows the other falls")
    seen_ns = sorted(pair.times(at, whole.delay_s)[1] for at in pair.overlap(whole.delay_s))
    return Estimate(
        method=METHOD,
        segments=line.segments,
        fit=line.fit,
        anchors=kept,
        rms_ns=line.rms_ns,
        quality=round(coarse.chance_z, 2),
        quality_bound=MIN_CHANCE_Z,
        valid_from_ns=seen_ns[0],
        valid_to_ns=seen_ns[-1],
        named=line.named,
        warnings=tuple(warnings),
        evidence=(picture, *overlay_curves(a, b, line), *residual_curves(kept)),
    )
