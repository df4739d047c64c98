"""The picture behind a clock or calibration error: residuals against image speed, before and after the fit (rule S11)."""

from __future__ import annotations

import numpy as np

from braid.align.estimate import Curve
from braid.checks.sightings import Sighting
from braid.space.residuals import ResidualFit

MAX_DOTS = 2_000
SLOWEST_PX_S = 1.0
"""What moves slower than this in the picture has no direction to measure along."""


def evidence(seen: list[Sighting], fit: ResidualFit) -> tuple[Curve, ...]:
    """Dots: what is off along the motion, px, over image speed, px/s, once the turn is taken out; a line: the slope.

    And dots of what is off to the right over the place of the fit's turn, so that a turned camera shows as a level shift.
    """
    speeds = np.array([one.speed_px_s for one in seen])
    turn = np.asarray(fit.turn_rad)
    turned = np.array([one.turn_px_rad @ turn for one in seen])
    offsets = np.array([one.offset_px for one in seen])
    size = np.sqrt((speeds * speeds).sum(axis=1))
    moving = np.flatnonzero(size > SLOWEST_PX_S)
    moving = moving[:: max(1, -(-len(moving) // MAX_DOTS))]
    along = ((offsets - turned)[moving] * speeds[moving]).sum(axis=1) / size[moving]
    fastest = float(size[moving].max()) if len(moving) else 0.0
    every = np.arange(len(seen))[:: max(1, -(-len(seen) // MAX_DOTS))]
    still = offsets - fit.seconds * speeds
    return (
        Curve(
            title="Off along the motion",
            x_label="image speed (px/s)",
            y_label="px",
            x=_floats(size[moving]),
            y=_floats(along),
            style="points",
        ),
        Curve(
            title=f"Clock {fit.seconds * 1e3:+.1f} ms",
            x_label="image speed (px/s)",
            y_label="px",
            x=(0.0, fastest),
            y=(0.0, fit.seconds * fastest),
        ),
        Curve(
            title="Off to the right, clock taken out",
            x_label="what the turn explains (px)",
            y_label="px",
            x=_floats(turned[every, 0]),
            y=_floats(still[every, 0]),
            style="points",
        ),
    )


def _floats(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
