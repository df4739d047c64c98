"""What a person looks at to believe an alignment of two channels: correlation, one channel over the other, residuals."""

from __future__ import annotations

import numpy as np

from braid.align.delay import Coarse
from braid.align.estimate import Anchor, Curve
from braid.align.robust import ClockLine
from braid.align.series_pair import SECOND_NS, SeriesPair
from braid.align.signals import Floats, Signal
from braid.clock.clock_map import to_timeline

CURVE_POINTS = 1_000


def correlation_curve(coarse: Coarse, pair: SeriesPair) -> Curve:
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


def overlay_curves(a: Signal, b: Signal, line: ClockLine) -> tuple[Curve, Curve]:
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


def residual_curves(anchors: tuple[Anchor, ...]) -> tuple[Curve, ...]:
    """How far each window lies from the clock, ms; nothing where there is only one."""
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
