"""Time stamps as anchors: pairs of two clocks for the same readings, and PTP or NTP exchanges."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from braid.align.estimate import Anchor, Curve, Estimate, Refusal
from braid.align.robust import fit_clock
from braid.align.slopes import spread, theil_sen
from braid.base.errors import InvalidInput
from braid.clock.clock_map import to_timeline
from braid.clock.ns import SECOND_NS

METHOD = "stamps"
MIN_PAIRS = 8
BINS = 200
MIN_PER_BIN = 5
MOST_SHOWN = 400


def align_stamp_pairs(
    a_ns: ArrayLike, b_ns: ArrayLike, *, late_only: bool = True, system_sigma_ns: int | None = None
) -> Estimate | Refusal:
    """Clock A (for example a recorder's log) against clock B (the device) from both stamps of N readings.

    late_only: a reading is logged after it was stamped, never before, and the wait varies; so the least wait of each
    stretch counts, not the mean (a lower envelope). What the least wait itself is cannot be seen: system_sigma_ns,
    by default the median wait above the envelope.
    """
    a, b = np.asarray(a_ns, dtype=np.int64), np.asarray(b_ns, dtype=np.int64)
    if a.ndim != 1 or a.shape != b.shape:
        raise InvalidInput("each reading has both stamps", got=f"{a.shape}, {b.shape}")
    if len(a) < MIN_PAIRS:
        return Refusal(
            method=METHOD,
            why=f"only {len(a)} readings have both stamps",
            hint=f"At least {MIN_PAIRS} are needed",
        )
    if (a == b).all():
        return Refusal(
            method=METHOD,
            why="both stamps are the same number in every reading, so one was copied from the other",
            hint="The recorder did not know the device's time; align by content instead",
        )
    order = np.argsort(b, kind="stable")
    a, b = a[order], b[order]
    picked = _envelope(a, b) if late_only else _thinned(len(a))
    scatter = scatter_ns(a[picked], b[picked])
    line = fit_clock(
        a[picked],
        b[picked],
        support_ns=max(1_000, round(6 * scatter)),
        system_sigma_ns=0,
    )
    sampled = spread(len(a), 20_000)
    waits = np.array(
        [int(a[one]) - to_timeline(line.segments, int(b[one])) for one in sampled.tolist()], dtype=np.int64
    )
    system = system_sigma_ns if system_sigma_ns is not None else round(float(np.median(np.abs(waits))))
    fit = msgspec.structs.replace(line.fit, system_sigma_ns=system)
    shown = _some(line.used, MOST_SHOWN)
    return Estimate(
        method=METHOD,
        segments=line.segments,
        fit=fit,
        anchors=tuple(
            Anchor(
                a_ns=int(a[picked][one]),
                b_ns=int(b[picked][one]),
                residual_ns=int(line.residuals_ns[one]),
                used=bool(line.used[one]),
            )
            for one in shown
        ),
        rms_ns=line.rms_ns,
        quality=float(line.used.mean()),
        quality_bound=0.5,
        valid_from_ns=int(b[0]),
        valid_to_ns=int(b[-1]),
        named=line.named,
        warnings=line.warnings,
        evidence=(_waits(b[sampled], waits),),
    )


def exchange_anchor(t1_ns: int, t2_ns: int, t3_ns: int, t4_ns: int) -> Anchor:
    """One NTP or PTP exchange: B asks at t1 and hears back at t4 (its clock), A receives at t2 and answers at t3.

    The path may be as unequal as it likes, so the anchor is sure to half the round trip, no better. Raises
    InvalidInput when an answer comes before its question.
    """
    if t4_ns < t1_ns or t3_ns < t2_ns:
        raise InvalidInput("an exchange ends after it began", got=f"{t1_ns}, {t2_ns}, {t3_ns}, {t4_ns}")
    delay = (t4_ns - t1_ns) - (t3_ns - t2_ns)
    if delay < 0:
        raise InvalidInput("the answer took longer than the whole exchange", got=f"round trip of {delay} ns")
    offset_twice = (t2_ns - t1_ns) + (t3_ns - t4_ns)
    b_ns = t1_ns + (t4_ns - t1_ns) // 2
    return Anchor(a_ns=b_ns + offset_twice // 2, b_ns=b_ns, sigma_ns=max(1, delay // 2))


def _envelope(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.intp]:
    """In each stretch of B's time the reading that waited least; a slow drift within it is taken out first."""
    lag = (a - b).astype(np.float64)
    bins = int(np.clip(len(a) // MIN_PER_BIN, 1, BINS))
    edges = np.linspace(0, len(a), bins + 1).astype(np.intp)
    middle = (b - b[0]).astype(np.float64)
    lows = np.array([lag[start:end].min() for start, end in pairwise(edges)])
    centres = np.array([middle[start:end].mean() for start, end in pairwise(edges)])
    slope = _median_slope(centres, lows)
    flat = lag - slope * middle
    picked = [start + int(np.argmin(flat[start:end])) for start, end in pairwise(edges)]
    return np.array(picked, dtype=np.intp)


def _median_slope(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    found = theil_sen(x, y)
    return 0.0 if found is None else found.value


def _thinned(count: int) -> NDArray[np.intp]:
    return spread(count, 20_000)


def scatter_ns(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    """How far neighbouring readings disagree about the two clocks' lag, one sigma in ns; both (N,), 0 for N < 2."""
    steps = np.diff((a - b).astype(np.float64))
    return float(1.4826 * np.median(np.abs(steps - np.median(steps)))) if len(steps) else 0.0


def _some(used: NDArray[np.bool_], most: int) -> list[int]:
    return [int(one) for one in spread(len(used), most)]


def _waits(b: NDArray[np.int64], waits: NDArray[np.int64]) -> Curve:
    some = spread(len(b), 2000).tolist()
    return Curve(
        title="Wait of each reading beyond the fitted clock",
        x_label="stream's time, s",
        y_label="ms",
        x=tuple(round(int(b[one]) / SECOND_NS, 6) for one in some),
        y=tuple(round(int(waits[one]) / 1e6, 6) for one in some),
        style="points",
    )
