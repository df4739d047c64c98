"""The delay to a fraction of a reading: over everything for the offset, window by window for the rate and jumps."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from braid.align.delay import Fine, correlate, refine
from braid.align.estimate import Anchor
from braid.align.robust import UNKNOWN_RATE_PPQ, ClockLine, fit_clock
from braid.align.series_pair import SECOND_NS, SeriesPair
from braid.align.signals import GRID_S, Grid, Smooth
from braid.clock.clock_map import RATE_UNIT, ClockFit, ClockSegment

WINDOW_SMOOTHINGS = 100.0
MIN_WINDOW_READINGS = 60
MOST_WINDOWS = 40
MIN_WINDOWS = 4
LOCAL_REACH_S = 2.0
LOCAL_Z = 4.0
SURE_RATE_PPQ = 5 * RATE_UNIT // 1_000_000
MOST_TRIED = 6_000


def best_smoothing(pair: SeriesPair, start_s: float) -> tuple[float, Fine | None]:
    """The smoothing of the reference, s, that leaves the least uncertainty, and the delay with it.

    Looks at up to 6,000 readings in the middle; None where nothing could be refined.
    """
    ladder = [pair.smooth_s / 2**power for power in range(5)]
    floor = 1.25 * pair.reference.period_s
    ladder = [one for one in ladder if one >= floor] or [max(floor, 1e-6)]
    there = pair.readings_within(start_s)
    t_s, v = pair.query.t_s[there], pair.query.v[there]
    middle = len(t_s) // 2
    part = slice(max(0, middle - MOST_TRIED // 2), middle + MOST_TRIED // 2)
    reach_s = 3 * max(pair.smooth_s, GRID_S)
    tried: list[tuple[float, float, float]] = []
    for smooth_s in ladder:
        curve = pair.curve(smooth_s)
        fine = refine(t_s[part], v[part], curve, start_s=start_s, within_s=reach_s)
        if fine is not None:
            tried.append((fine.sigma_s, smooth_s, fine.delay_s))
    if not tried:
        return ladder[0], None
    _, smooth_s, delay_s = min(tried)
    curve = pair.curve(smooth_s)
    return smooth_s, refine(t_s[part], v[part], curve, start_s=delay_s, within_s=pair.smooth_s)


def window_delays(
    pair: SeriesPair, reference: Smooth, query_grid: Grid, reference_grid: Grid, whole: Fine
) -> list[tuple[float, Fine]]:
    """(middle of the window, its delay), in the query's seconds, for every window that shows one.

    reference: the curve the readings are refined on; both grids are those of the coarse search.
    """
    first_s, last_s = pair.overlap(whole.delay_s)
    length_s = max(WINDOW_SMOOTHINGS * pair.smooth_s, MIN_WINDOW_READINGS * pair.query.period_s)
    count = min(MOST_WINDOWS, int((last_s - first_s) / length_s))
    if count < MIN_WINDOWS:
        return []
    edges = np.linspace(first_s, last_s, count + 1)
    found: list[tuple[float, Fine]] = []
    for begin, end in pairwise(edges.tolist()):
        inside = slice(*np.searchsorted(pair.query.t_s, (begin, end)))
        t_s, v = pair.query.t_s[inside], pair.query.v[inside]
        if len(t_s) < MIN_WINDOW_READINGS // 2:
            continue
        start_s = _local(query_grid, reference_grid, (begin, end), whole.delay_s, last_s - first_s)
        if start_s is None:
            start_s = found[-1][1].delay_s if found else whole.delay_s
        fine = refine(t_s, v, reference, start_s=start_s, within_s=2 * max(pair.smooth_s, GRID_S))
        if fine is not None:
            found.append((float(t_s.mean()), fine))
    return found


def _local(
    query: Grid, reference: Grid, window: tuple[float, float], delay_s: float, length_s: float
) -> float | None:
    """Where a window of the query lies in the reference, looked for near the whole's delay; None when unsure."""
    step = query.step_s
    reach_s = LOCAL_REACH_S + 3e-4 * length_s
    first, last = int(window[0] / step), int(window[1] / step)
    low = max(0, int((window[0] + delay_s - reach_s) / step))
    high = min(len(reference.v), int((window[1] + delay_s + reach_s) / step))
    if high - low < last - first or last - first < 8:
        return None
    found = correlate(
        query.part(first, last), reference.part(low, high), min_overlap_s=0.9 * (last - first) * step
    )
    return found.at_s if found is not None and found.chance_z >= LOCAL_Z else None


def clock_line(
    pair: SeriesPair, whole: Fine, windows: list[tuple[float, Fine]], system_sigma_ns: int
) -> tuple[ClockLine, tuple[Anchor, ...]]:
    """The clock from the windows when they say its rate well enough, else one offset; with the anchors it rests on."""
    first_s, last_s = pair.overlap(whole.delay_s)
    a_ns, b_ns = pair.times((first_s + last_s) / 2, whole.delay_s)
    sigma_ns = max(1, round(whole.sigma_s * SECOND_NS))
    rate_sigma_ppq = UNKNOWN_RATE_PPQ
    if len(windows) >= MIN_WINDOWS:
        times = np.array([pair.times(at, fine.delay_s) for at, fine in windows], np.int64)
        sigmas = np.array([max(1.0, fine.sigma_s * SECOND_NS) for _, fine in windows])
        period_ns = max(pair.query.period_s, pair.reference.period_s) * SECOND_NS
        line = fit_clock(
            times[:, 0],
            times[:, 1],
            sigma_ns=sigmas,
            support_ns=max(1, round(min(period_ns, 6 * float(np.median(sigmas))))),
            system_sigma_ns=system_sigma_ns,
        )
        anchors = tuple(
            Anchor(
                a_ns=int(one[0]),
                b_ns=int(one[1]),
                sigma_ns=round(float(sigma)),
                residual_ns=int(residual),
                used=bool(used),
                name=f"window {number}",
            )
            for number, (one, sigma, residual, used) in enumerate(
                zip(times, sigmas, line.residuals_ns, line.used, strict=True), start=1
            )
        )
        rate = abs(line.segments[0].rate_ppq)
        if line.jumps_ns or line.fit.rate_sigma_ppq <= SURE_RATE_PPQ or rate > 3 * line.fit.rate_sigma_ppq:
            return line, anchors
        joint = 1 / np.sqrt(1 / line.fit.rate_sigma_ppq**2 + 1 / UNKNOWN_RATE_PPQ**2)
        rate_sigma_ppq = round(float(joint))
        return _offset_only(a_ns, b_ns, sigma_ns, rate_sigma_ppq, system_sigma_ns), _again(
            anchors, a_ns - b_ns
        )
    return (
        _offset_only(a_ns, b_ns, sigma_ns, rate_sigma_ppq, system_sigma_ns),
        (Anchor(a_ns=a_ns, b_ns=b_ns, sigma_ns=sigma_ns, name="whole"),),
    )


def _offset_only(a_ns: int, b_ns: int, sigma_ns: int, rate_sigma_ppq: int, system_sigma_ns: int) -> ClockLine:
    return ClockLine(
        segments=(ClockSegment(media_ns=b_ns, timeline_ns=a_ns),),
        fit=ClockFit(
            offset_sigma_ns=sigma_ns,
            rate_sigma_ppq=rate_sigma_ppq,
            system_sigma_ns=system_sigma_ns,
            centre_ns=b_ns,
        ),
        used=np.ones(1, dtype=np.bool_),
        residuals_ns=np.zeros(1, dtype=np.int64),
        rms_ns=sigma_ns,
        mad_ns=0,
    )


def _again(anchors: tuple[Anchor, ...], offset_ns: int) -> tuple[Anchor, ...]:
    """The anchors with their residuals from one offset."""
    return tuple(replace(one, residual_ns=one.a_ns - one.b_ns - offset_ns) for one in anchors)
