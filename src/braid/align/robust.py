"""The fit under every clock map: anchors of two clocks, some of them wrong, to an affine map with its uncertainty.

Consensus over pairs for a start, jumps of the recorder, Huber's weights to the end, Theil-Sen as a second opinion.
All results are whole numbers; times enter exactly because only their distances from the centre become floats.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from braid.align.jumps import MAD_TO_SIGMA, Steps, find_jumps, pieces_of
from braid.align.ratios import is_suspicious, nearest_ratio
from braid.align.slopes import Floats, consensus_line, theil_sen
from braid.base.errors import InvalidInput
from braid.clock.clock_map import RATE_UNIT, ClockFit, ClockSegment, to_timeline
from braid.clock.named_rates import NAMED_RATES, SUSPICIOUS_PPQ, ppq_of
from braid.clock.ns import LIMIT_NS

HUBER_K = 1.5
DROP_SIGMAS = 6.0
ROUNDS = 30
MIN_AGREEING = 0.75
STEEP_SHARE = 5
"""A jump back of 1 s is squeezed into at least 2.5 s, so that no rate comes near one half."""
UNKNOWN_RATE_PPQ = 50 * RATE_UNIT // 1_000_000
"""One sigma of the rate between two consumer crystals when nothing measured it: 50 ppm."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    """`a = to_timeline(segments, b)` as the anchors say it.

    used: (N,) whether an anchor counted; residuals_ns: (N,) `a` minus the map's value; rms_ns, mad_ns: of the used
    ones. named: the known ratio that the rate is (exactly, or with drift on top), or "". jumps_ns: the size of each jump of the clock.
    """

    segments: tuple[ClockSegment, ...]
    fit: ClockFit
    used: NDArray[np.bool_]
    residuals_ns: Ints
    rms_ns: int
    mad_ns: int
    warnings: tuple[str, ...] = ()
    named: str = ""
    jumps_ns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Solved:
    """levels: lag at x = 0 of each piece; weights (N), 0 for outliers; spread: one sigma of an anchor of weight 1."""

    levels: Floats
    slope: float
    residuals: Floats
    weights: Floats
    spread: float


def fit_clock(
    a_ns: ArrayLike,
    b_ns: ArrayLike,
    *,
    sigma_ns: ArrayLike | None = None,
    support_ns: int,
    system_sigma_ns: int,
    allow_jumps: bool = True,
) -> ClockLine:
    """Fit clock A against clock B from N >= 1 instants seen on both (any order; N = 1 gives an offset only).

    sigma_ns: (N,) how sure each anchor is. support_ns: how far an anchor that agrees may lie from the line (0.3 ms for
    audio, one period of the slower stream otherwise). system_sigma_ns: what the method cannot see, added to every
    uncertainty. Raises InvalidInput for unequal lengths, no anchors or times beyond 2^53.
    """
    a, b, sigma = _checked(a_ns, b_ns, sigma_ns)
    order = np.argsort(b, kind="stable")
    a, b, sigma = a[order], b[order], None if sigma is None else sigma[order]
    centre = _middle(b)
    lag_0 = int(a[0] - b[0])
    x, y = (b - centre).astype(np.float64), ((a - b) - lag_0).astype(np.float64)
    warnings: list[str] = []
    if np.ptp(x) == 0:
        jumps: Steps = ()
        solved = _solve(x, y, sigma, jumps, (0.0, float(np.median(y))), float(support_ns), free_rate=False)
    else:
        start = consensus_line(x, y, support=float(support_ns))
        jumps = find_jumps(x, y, slope=start[0], support=float(support_ns)) if allow_jumps else ()
        solved = _solve(x, y, sigma, jumps, start, float(support_ns), free_rate=True)
    used = solved.weights > 0
    fit = _uncertainty(x, solved, sigma, jumps, float(support_ns), system_sigma_ns, centre)
    rate_ppq, named = round(solved.slope * RATE_UNIT), ""
    if is_suspicious(rate_ppq):
        ratio = nearest_ratio(rate_ppq)
        if abs(ratio.rate_ppq - rate_ppq) <= 3 * fit.rate_sigma_ppq:
            named, rate_ppq = ratio.name, ratio.rate_ppq
            solved = _solve(
                x, y, sigma, jumps, (rate_ppq / RATE_UNIT, 0.0), float(support_ns), free_rate=False, keep=used
            )
        else:
            named = ratio.name if abs(ratio.rate_ppq - rate_ppq) <= SUSPICIOUS_PPQ else ""
            warnings.append(_said_of_rate(rate_ppq, named))
    elif np.ptp(x) > 0 and not jumps:
        warnings += _second_opinion(x, y, solved, fit)
    if used.mean() < MIN_AGREEING:
        warnings.append(f"{int((~used).sum())} of {len(used)} anchors do not fit the line")
    segments, places, sizes = _segments(b, solved, jumps, rate_ppq, centre, lag_0)
    if jumps:
        warnings += [
            f"the clock jumps by {size / 1e6:+.1f} ms at {place / 1e9:.3f} s: "
            f"{'the stream' if size > 0 else 'the reference'} lost readings there"
            for size, place in zip(sizes, places, strict=True)
        ]
    exact = np.array(
        [int(one) - to_timeline(segments, int(other)) for one, other in zip(a, b, strict=True)], np.int64
    )
    back = np.argsort(order, kind="stable")
    kept = exact[used].astype(np.float64)
    return ClockLine(
        segments=segments,
        fit=fit,
        used=used[back],
        residuals_ns=exact[back],
        rms_ns=round(float(np.sqrt((kept**2).mean()))),
        mad_ns=round(float(np.median(np.abs(kept - np.median(kept))))),
        warnings=tuple(warnings),
        named=named,
        jumps_ns=sizes,
    )


def _checked(
    a_ns: ArrayLike, b_ns: ArrayLike, sigma_ns: ArrayLike | None
) -> tuple[Ints, Ints, Floats | None]:
    a, b = np.asarray(a_ns, dtype=np.int64), np.asarray(b_ns, dtype=np.int64)
    if a.ndim != 1 or a.shape != b.shape or not len(a):
        raise InvalidInput(
            "a clock fit needs anchors on both clocks",
            got=f"{a.shape} and {b.shape}",
            wanted="(N,) twice, N >= 1",
        )
    if max(abs(int(edge)) for times in (a, b) for edge in (times.min(), times.max())) >= LIMIT_NS:
        raise InvalidInput("an anchor's time is too large", wanted="within 2^53 ns")
    if sigma_ns is None:
        return a, b, None
    sigma = np.asarray(sigma_ns, dtype=np.float64)
    if sigma.shape != a.shape or not np.isfinite(sigma).all() or (sigma < 0).any():
        raise InvalidInput(
            "every anchor has an uncertainty of its own", got=sigma.shape, wanted="(N,), all >= 0"
        )
    return a, b, np.maximum(sigma, 1.0)


def _middle(b: Ints) -> int:
    return int(b[0]) + (int(b[-1]) - int(b[0])) // 2


def _solve(
    x: Floats,
    y: Floats,
    sigma: Floats | None,
    jumps: Steps,
    start: tuple[float, float],
    support: float,
    *,
    free_rate: bool,
    keep: NDArray[np.bool_] | None = None,
) -> _Solved:
    """Huber's estimate by weighted least squares, again and again; anchors beyond 6 sigma drop out."""
    piece, pieces = pieces_of(len(x), jumps), len(jumps) + 1
    trust = np.ones(len(x)) if sigma is None else np.median(sigma) / sigma
    scale = max(float(np.abs(x).max()), 1.0)
    columns = np.zeros((len(x), pieces + 1))
    columns[np.arange(len(x)), piece] = 1.0
    columns[:, -1] = x / scale
    slope = start[0]
    rough = y - slope * x
    levels = np.array([np.median(rough[piece == number]) for number in range(pieces)])
    if not jumps and keep is None:
        levels = np.array([start[1]])
    residuals = rough - levels[piece]
    close = (np.abs(residuals) <= support) if keep is None else keep
    if np.bincount(piece[close], minlength=pieces).min() == 0:
        close = np.ones(len(x), dtype=bool)
    weights = close.astype(np.float64)
    spread = support
    for _ in range(ROUNDS):
        root = np.sqrt(weights) * trust
        target = y if free_rate else y - slope * x
        shown = columns if free_rate else columns[:, :-1]
        solved = np.linalg.lstsq(shown * root[:, None], target * root, rcond=None)[0]
        levels = solved[:pieces]
        slope = float(solved[-1]) / scale if free_rate else slope
        residuals = y - slope * x - levels[piece]
        apart = np.abs(residuals) * trust
        count = int((weights > 0).sum())
        few = np.sqrt(count / max(1, count - pieces - 1))
        spread = max(MAD_TO_SIGMA * few * float(np.median(apart[weights > 0])), 1.0)
        now = np.where(apart <= HUBER_K * spread, 1.0, HUBER_K * spread / np.maximum(apart, 1e-9))
        now = np.where(apart > max(DROP_SIGMAS * spread, 2.0), 0.0, now)
        if np.bincount(piece[now > 0], minlength=pieces).min() == 0:
            break
        settled = bool(np.max(np.abs(now - weights)) < 1e-9)
        weights = now
        if settled:
            break
    return _Solved(levels, slope, residuals, weights, spread)


def _uncertainty(
    x: Floats,
    solved: _Solved,
    sigma: Floats | None,
    jumps: Steps,
    support: float,
    system_sigma_ns: int,
    centre: int,
) -> ClockFit:
    """Standard errors of the offset at the centre and of the rate; at least what the anchors' own sigmas allow.

    Huber's clipped residuals count as he says: their mean square over the squared share of those not clipped.
    With jumps the rate is measured within pieces only. The centre of the fit is the weighted mean of the anchors, so
    that both errors are independent.
    """
    trust = np.ones(len(x)) if sigma is None else (np.median(sigma) / sigma) ** 2
    weights = np.where(solved.weights > 0, trust, 0.0)
    piece, pieces = pieces_of(len(x), jumps), len(jumps) + 1
    total = np.bincount(piece, weights=weights, minlength=pieces)
    means = np.bincount(piece, weights=weights * x, minlength=pieces) / np.maximum(total, 1e-12)
    lever = float((weights * (x - means[piece]) ** 2).sum())
    used = int((solved.weights > 0).sum())
    free = used - pieces - 1
    square = float((trust * (solved.weights * solved.residuals) ** 2).sum())
    unclipped = float((solved.weights >= 1.0).sum()) / used
    seen = np.sqrt(square / free) / unclipped if free > 0 and unclipped else 0.0
    own = float(np.median(sigma)) if sigma is not None else (support / 3 if free <= 0 else 0.0)
    one = max(float(seen), own, 0.5)
    offset = one / np.sqrt(float(total.min()) if pieces > 1 else float(total.sum()))
    rate = one / np.sqrt(lever) * RATE_UNIT if lever > 0 else float(UNKNOWN_RATE_PPQ)
    middle = float((weights * x).sum() / weights.sum())
    return ClockFit(
        offset_sigma_ns=int(np.ceil(offset)),
        rate_sigma_ppq=int(np.ceil(min(rate, RATE_UNIT))),
        system_sigma_ns=system_sigma_ns,
        centre_ns=centre + round(middle),
    )


def _second_opinion(x: Floats, y: Floats, solved: _Solved, fit: ClockFit) -> list[str]:
    other = theil_sen(x, y)
    if other is None:
        return []
    if abs(other.value - solved.slope) <= max(3 * fit.rate_sigma_ppq / RATE_UNIT, 1.5 * other.error) + 1e-12:
        return []
    most, median = f"{solved.slope * 1e6:+.3f} ppm", f"{other.value * 1e6:+.3f} ppm"
    return [
        f"the anchors do not agree on one rate: {most} by the best line, {median} by the median of all pairs"
    ]


def _said_of_rate(rate_ppq: int, named: str) -> str:
    said = f"the clocks run {rate_ppq / 1e9:+.1f} ppm apart, more than two crystals do"
    if named:
        rest = rate_ppq - ppq_of(NAMED_RATES[named])
        return f"{said}: {named} and {rest / 1e9:+.1f} ppm of drift"
    return f"{said}: is a nominal rate wrong?"


def _segments(
    b: Ints, solved: _Solved, jumps: Steps, rate_ppq: int, centre: int, lag_0: int
) -> tuple[tuple[ClockSegment, ...], tuple[int, ...], tuple[int, ...]]:
    """One segment a piece, the place of each jump (the middle between two anchors) and its size.

    A clock that jumps back cannot be a map; the times that happened twice are squeezed into a steep segment.
    """
    places = [int(b[jump - 1]) + (int(b[jump]) - int(b[jump - 1])) // 2 for jump in jumps]

    def piece(number: int, media_ns: int) -> ClockSegment:
        lag = lag_0 + round(float(solved.levels[number])) + ((media_ns - centre) * rate_ppq) // RATE_UNIT
        return ClockSegment(media_ns=media_ns, timeline_ns=media_ns + lag, rate_ppq=rate_ppq)

    made = [piece(0, int(b[0]))]
    sizes: list[int] = []
    for number, (jump, place) in enumerate(zip(jumps, places, strict=True), start=1):
        after = piece(number, place)
        size = after.timeline_ns - to_timeline((piece(number - 1, int(b[0])),), place)
        sizes.append(size)
        if size > 0:
            made.append(after)
            continue
        room = max(int(b[jump]) - int(b[jump - 1]), -size * STEEP_SHARE // 2) // 2
        begin, end = piece(number - 1, place - room), piece(number, place + room)
        if begin.media_ns <= made[-1].media_ns or end.media_ns >= int(b[-1]):
            raise InvalidInput(
                "the clock jumps back further than it runs between its jumps",
                got=f"{size} ns at {place} ns",
                hint="Are the anchors of one recording?",
            )
        steep = (end.timeline_ns - begin.timeline_ns) * RATE_UNIT // (2 * room) - RATE_UNIT
        made += [ClockSegment(media_ns=begin.media_ns, timeline_ns=begin.timeline_ns, rate_ppq=steep), end]
    return tuple(made), tuple(places), tuple(sizes)
