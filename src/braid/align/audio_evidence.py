"""What a person looks at before applying an audio alignment: the peak, the drift, and what is left of it."""

from __future__ import annotations

from braid.align.audio_coarse import Match
from braid.align.audio_fit import Measured
from braid.align.audio_flux import HOPS_PER_S
from braid.align.estimate import Curve

AROUND_S = 2.0


def onset_curve(match: Match) -> Curve:
    """How well loudness changes agree, in deviations above chance, within 2 s of the best offset."""
    middle = round((match.lag_s - match.first_lag_s) * HOPS_PER_S)
    reach = int(AROUND_S * HOPS_PER_S)
    low, high = max(0, middle - reach), min(len(match.scores), middle + reach + 1)
    return Curve(
        title="Loudness changes in common",
        x_label="offset (s)",
        y_label="deviations above chance",
        x=tuple(match.first_lag_s + index / HOPS_PER_S for index in range(low, high)),
        y=tuple(float(score) for score in match.scores[low:high]),
    )


def evidence_of_fit(first: Measured, last: Measured) -> tuple[Curve, Curve]:
    """The delay of each window before the fit (so that drift shows as a slope), and what remains after it."""
    zero_ns = int(first.a_ns[0] - first.b_ns[0])
    return (
        Curve(
            title="Delay of each window, before",
            x_label="time (s)",
            y_label="delay beyond the first (ms)",
            x=tuple(float(b_ns) / 1e9 for b_ns in first.b_ns),
            y=tuple(
                float(a_ns - b_ns - zero_ns) / 1e6 for a_ns, b_ns in zip(first.a_ns, first.b_ns, strict=True)
            ),
            style="points",
        ),
        Curve(
            title="What remains in each window, after",
            x_label="time (s)",
            y_label="residual (µs)",
            x=tuple(float(b_ns) / 1e9 for b_ns in last.b_ns[last.line.used]),
            y=tuple(float(residual) / 1e3 for residual in last.line.residuals_ns[last.line.used]),
            style="points",
        ),
    )
