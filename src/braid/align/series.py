"""Two numeric channels that saw the same motion (wheel speed and GPS speed, two gyroscopes): offset and drift.

Coarse: Pearson's correlation of both on a 20 ms grid. Fine: the channel with more readings, smoothed without a phase
shift, as a spline, under the readings of the other one; the smoothing is the one that leaves the least uncertainty.
Where the recording is long enough, each window of it gives an anchor, so that drift and jumps are seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from braid.align.delay import MIN_CHANCE_Z, MIN_GAP_Z, Coarse, Fine, correlate, refine
from braid.align.estimate import Anchor, Curve, Estimate, Refusal
from braid.align.robust import UNKNOWN_RATE_PPQ, ClockLine, fit_clock
from braid.align.signals import (
    DETREND_SMOOTHINGS,
    GRID_S,
    MIN_DETREND_S,
    MOST_CELLS,
    Floats,
    Grid,
    Signal,
    Smooth,
    noise_of,
    on_grid,
    signal_of,
    smoothed,
)
from braid.clock.clock_map import RATE_UNIT, ClockFit, ClockSegment, to_timeline

METHOD = "series"
SECOND_NS = 1_000_000_000
MIN_READINGS = 16
WINDOW_SMOOTHINGS = 100.0
MIN_WINDOW_READINGS = 60
MOST_WINDOWS = 40
MIN_WINDOWS = 4
LOCAL_REACH_S = 2.0
LOCAL_Z = 4.0
SYSTEM_SHARE = 100
"""What sampling itself may hide: one hundredth of the longer period."""
SURE_RATE_PPQ = 5 * RATE_UNIT // 1_000_000
MOST_TRIED = 6_000
CURVE_POINTS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """The readings that are looked up (query) and the channel they are looked up in; flipped: the query is A.

    box_s: each reading of the query is a mean over that long.
    """

    query: Signal
    reference: Signal
    flipped: bool
    smooth_s: float
    box_s: float

    def curve(self, smooth_s: float) -> Smooth:
        """The reference as a smooth curve."""
        return smoothed(self.reference, smooth_s=smooth_s, box_s=self.box_s)

    def times(self, query_s: float, delay_s: float) -> tuple[int, int]:
        """(A's time, B's time) in ns of one instant of the query."""
        one = self.query.zero_ns + round(query_s * SECOND_NS)
        other = self.reference.zero_ns + round((query_s + delay_s) * SECOND_NS)
        return (one, other) if self.flipped else (other, one)


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
        return _refused(
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
    pair = _Pair(query=query, reference=reference, flipped=query_is_a, smooth_s=smooth, box_s=box_s)
    for signal, name in ((a, "the reference"), (b, "the stream")):
        if _is_flat(signal, smooth):
            return _refused(
                f"{name} hardly changes, so it holds no information about time",
                "Choose a channel or a stretch with changes: braking, turning, shaking",
            )
    found = _coarse(pair)
    if isinstance(found, Refusal):
        return found
    coarse, query_grid, reference_grid = found
    picture = _correlation(coarse, pair)
    smallest_s, whole = _best_smoothing(pair, coarse.at_s)
    if whole is None:
        return _refused("the best place could not be refined", "Mark anchors by hand", coarse, picture)
    anchors = _windows(pair, pair.curve(smallest_s), query_grid, reference_grid, whole)
    line, kept = _line(pair, whole, anchors, system)
    warnings = list(line.warnings)
    if coarse.r[coarse.peak] < 0:
        warnings.append("the channels run opposite ways: where one grows the other falls")
    seen_ns = sorted(pair.times(at, whole.delay_s)[1] for at in _overlap(pair, whole.delay_s))
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
        evidence=(picture, *_overlay(a, b, line), *_residuals(kept)),
    )


def _is_flat(signal: Signal, smooth_s: float) -> bool:
    """Whether what is left after smoothing is no more than what smoothed noise leaves."""
    step_s = max(GRID_S, signal.length_s / MOST_CELLS)
    grid = on_grid(signal, step_s=step_s, smooth_s=max(smooth_s, step_s), detrend_s=_detrend_s(smooth_s))
    moves = float(grid.v[grid.known].std()) if grid.known.any() else 0.0
    factor = np.sqrt(min(1.0, signal.period_s / (2 * np.sqrt(np.pi) * max(smooth_s, step_s))))
    return moves <= max(1.5 * noise_of(signal) * float(factor), 1e-9 * float(np.abs(signal.v).max() or 1.0))


def _coarse(pair: _Pair) -> tuple[Coarse, Grid, Grid] | Refusal:
    length_s = max(pair.query.length_s, pair.reference.length_s)
    step_s = max(GRID_S, length_s / MOST_CELLS)
    smooth_s, detrend_s = max(pair.smooth_s, step_s), _detrend_s(pair.smooth_s)
    query = on_grid(pair.query, step_s=step_s, smooth_s=smooth_s, detrend_s=detrend_s)
    reference = on_grid(pair.reference, step_s=step_s, smooth_s=smooth_s, detrend_s=detrend_s)
    shorter_s = min(pair.query.length_s, pair.reference.length_s)
    overlap_s = min(max(50 * pair.smooth_s, 0.2 * shorter_s), 0.8 * shorter_s)
    best: Coarse | None = None
    for block in _blocks(query, pair.smooth_s):
        found = correlate(block, reference, min_overlap_s=min(overlap_s, 0.8 * len(block.v) * step_s))
        if found is not None and (best is None or found.chance_z > best.chance_z):
            best = found
    if best is None:
        return _refused("the readings never overlap long enough", "Use longer recordings")
    picture = _correlation(best, pair)
    if best.chance_z < MIN_CHANCE_Z:
        return _refused(
            "the channels are no more alike than chance",
            "Do both show the same motion? Choose other channels or a longer stretch",
            best,
            picture,
        )
    if best.gap_z < MIN_GAP_Z and best.other is not None:
        apart_s = abs(float(best.delay_s[best.other]) - best.at_s)
        return _refused(
            f"two places, {apart_s:.2f} s apart, fit equally well",
            "The motion repeats itself; choose a stretch with an event of its own",
            best,
            picture,
        )
    return best, query, reference


def _blocks(query: Grid, smooth_s: float) -> list[Grid]:
    """Parts of the query short enough that a drift of 150 ppm does not blur them, the whole when it is short."""
    cells = max(64, int(1000 * smooth_s / query.step_s))
    if len(query.v) <= 1.5 * cells:
        return [query]
    starts = np.linspace(0, len(query.v) - cells, min(8, len(query.v) // cells)).astype(int)
    return [query.part(int(start), int(start) + cells) for start in starts]


def _best_smoothing(pair: _Pair, start_s: float) -> tuple[float, Fine | None]:
    """The smoothing of the reference that leaves the least uncertainty, and the delay with it over all readings."""
    ladder = [pair.smooth_s / 2**power for power in range(5)]
    floor = 1.25 * pair.reference.period_s
    ladder = [one for one in ladder if one >= floor] or [max(floor, 1e-6)]
    there = _overlap_mask(pair, start_s)
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
    if len(t_s) <= MOST_TRIED:
        return smooth_s, refine(t_s, v, curve, start_s=delay_s, within_s=pair.smooth_s)
    return smooth_s, refine(t_s[part], v[part], curve, start_s=delay_s, within_s=pair.smooth_s)


def _windows(
    pair: _Pair, reference: Smooth, query_grid: Grid, reference_grid: Grid, whole: Fine
) -> list[tuple[float, Fine]]:
    """(middle of the window in the query's seconds, its own delay), for every window that shows one."""
    first_s, last_s = _overlap(pair, whole.delay_s)
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


def _line(
    pair: _Pair, whole: Fine, windows: list[tuple[float, Fine]], system_sigma_ns: int
) -> tuple[ClockLine, tuple[Anchor, ...]]:
    """The clock from the windows when they say its rate well enough, else one offset from all readings."""
    first_s, last_s = _overlap(pair, whole.delay_s)
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
    return tuple(
        Anchor(
            a_ns=one.a_ns,
            b_ns=one.b_ns,
            sigma_ns=one.sigma_ns,
            residual_ns=one.a_ns - one.b_ns - offset_ns,
            used=one.used,
            name=one.name,
        )
        for one in anchors
    )


def _overlap(pair: _Pair, delay_s: float) -> tuple[float, float]:
    """The query's seconds between which the reference has readings too."""
    low, high = max(0.0, -delay_s), min(pair.query.length_s, pair.reference.length_s - delay_s)
    return (low, high) if low < high else (0.0, pair.query.length_s)


def _overlap_mask(pair: _Pair, delay_s: float) -> slice:
    low, high = _overlap(pair, delay_s)
    return slice(*np.searchsorted(pair.query.t_s, (low, high)))


def _detrend_s(smooth_s: float) -> float:
    return max(MIN_DETREND_S, DETREND_SMOOTHINGS * smooth_s)


def _correlation(coarse: Coarse, pair: _Pair) -> Curve:
    """Correlation by offset around its peak; the offset is what B's seconds need to become A's."""
    reach = max(1, CURVE_POINTS // 2)
    part = slice(max(0, coarse.peak - reach), coarse.peak + reach)
    zero_s = (pair.reference.zero_ns - pair.query.zero_ns) / SECOND_NS
    offsets = (coarse.delay_s[part] + zero_s) * (-1 if pair.flipped else 1)
    pairs = sorted(zip(offsets.tolist(), coarse.r[part].tolist(), strict=True))
    return Curve(
        title="Correlation",
        x_label="offset, s",
        y_label="r",
        x=tuple(round(one, 6) for one, _ in pairs),
        y=tuple(round(other, 6) for _, other in pairs),
    )


def _overlay(a: Signal, b: Signal, line: ClockLine) -> tuple[Curve, Curve]:
    """Both channels on A's clock, each from its own mean in its own spread."""
    ends = [to_timeline(line.segments, b.zero_ns + round(t * SECOND_NS)) for t in (0.0, b.length_s)]
    low_s = max(0.0, (ends[0] - a.zero_ns) / SECOND_NS)
    high_s = min(a.length_s, (ends[1] - a.zero_ns) / SECOND_NS)
    at = np.linspace(low_s, max(high_s, low_s + 1e-6), CURVE_POINTS)
    share = (at * SECOND_NS + (a.zero_ns - ends[0])) / max(1, ends[1] - ends[0])
    return (
        _drawn("Reference", at, np.interp(at, a.t_s, a.v)),
        _drawn("Stream on the reference's clock", at, np.interp(share * b.length_s, b.t_s, b.v)),
    )


def _drawn(title: str, x: Floats, y: Floats) -> Curve:
    level = (y - y.mean()) / (float(y.std()) or 1.0)
    return Curve(
        title=title,
        x_label="reference's time, s",
        y_label="standard deviations",
        x=tuple(np.round(x, 6).tolist()),
        y=tuple(np.round(level, 4).tolist()),
    )


def _residuals(anchors: tuple[Anchor, ...]) -> tuple[Curve, ...]:
    if len(anchors) < 2:
        return ()
    return (
        Curve(
            title="Residuals",
            x_label="stream's time, s",
            y_label="ms",
            x=tuple(round(one.b_ns / SECOND_NS, 6) for one in anchors),
            y=tuple(round(one.residual_ns / 1e6, 6) for one in anchors),
            style="points",
        ),
    )


def _refused(why: str, hint: str, coarse: Coarse | None = None, *evidence: Curve) -> Refusal:
    return Refusal(
        method=METHOD,
        why=why,
        hint=hint,
        quality=None if coarse is None else round(coarse.chance_z, 2),
        quality_bound=None if coarse is None else MIN_CHANCE_Z,
        evidence=evidence,
    )
