"""Clock or calibration, told from numbers alone. Rule S11."""

from __future__ import annotations

import math

import numpy as np
import pytest

from braid.space.residuals import ResidualFit, Sightings, fit_residuals

FOCAL_PX = 1000.0


def seen(
    *,
    seed: int,
    seconds: float = 0.0,
    yaw_rad: float = 0.0,
    things: int = 9,
    each: int = 25,
    noise_px: float = 1.5,
    bias_px: float = 0.0,
    even: bool = False,
    outliers: int = 0,
) -> Sightings:
    """Things that drift through the picture. bias_px: how far each thing's cuboid is off for good.

    even: every image speed is what a turning vehicle makes of things that stand still.
    """
    draw = np.random.default_rng(seed)
    count = things * each
    thing = np.repeat(np.arange(things), each)
    x, y = draw.uniform(-0.5, 0.5, count), draw.uniform(-0.1, 0.15, count)
    depth = draw.uniform(12, 60, count)
    turns = np.empty((count, 2, 3))
    turns[:, 0] = np.stack([-x * y, 1 + x * x, -y], axis=1) * -FOCAL_PX
    turns[:, 1] = np.stack([1 + y * y, -x * y, -x], axis=1) * FOCAL_PX
    shifts = np.zeros((count, 2, 3))
    shifts[:, 0, 0] = shifts[:, 1, 1] = -FOCAL_PX / depth
    shifts[:, 0, 2], shifts[:, 1, 2] = FOCAL_PX * x / depth, FOCAL_PX * y / depth
    if even:
        speeds = 0.1 * turns[:, :, 1]
    else:
        own = draw.normal(0, 6, things)[thing]
        speeds = 9.0 * shifts[:, :, 2]
        speeds[:, 0] += FOCAL_PX * own / depth
    offsets = seconds * speeds + yaw_rad * turns[:, :, 1] + draw.normal(0, noise_px, (count, 2))
    offsets += draw.normal(0, bias_px, (things, 2))[thing]
    offsets[draw.choice(count, outliers, replace=False)] += draw.uniform(-200, 200, (outliers, 2))
    return Sightings(
        offsets_px=offsets, speeds_px_s=speeds, turns_px_rad=turns, shifts_px_m=shifts, things=thing.tolist()
    )


def fit(of: Sightings) -> ResidualFit:
    found = fit_residuals(of)
    assert found is not None
    return found


@pytest.mark.parametrize(("clock_ms", "yaw_deg"), [(0, 0), (30, 0), (0, 0.2), (30, 0.2), (-30, 0.2)])
def test_S11_clock_and_yaw_are_told_apart(clock_ms: float, yaw_deg: float) -> None:
    """Each alone and both together, within the interval, through one bad pairing in ten."""
    found = fit(seen(seed=4, seconds=clock_ms / 1e3, yaw_rad=math.radians(yaw_deg), outliers=22))
    reach = found.reach(0.99)
    assert found.seconds * 1e3 == pytest.approx(clock_ms, abs=reach * found.seconds_sigma * 1e3)
    assert math.degrees(found.turn_rad[1]) == pytest.approx(
        yaw_deg, abs=reach * math.degrees(found.turn_sigma_rad[1])
    )
    assert reach * found.seconds_sigma < 0.008
    assert reach * math.degrees(found.turn_sigma_rad[1]) < 0.08
    assert found.rms_px[1] < 2


def test_S11_the_slope_is_as_sure_as_the_pictures_are_fast() -> None:
    """2 px, 100 px/s and N sightings: sigma / (speed sqrt N), if nothing else is fitted along."""
    slow, fast = fit(seen(seed=5, noise_px=2.0)), fit(seen(seed=5, noise_px=2.0, each=100))
    by_hand = 2.0 / (fast.speed_rms_px_s * math.sqrt(2 * fast.count))
    assert by_hand < fast.seconds_sigma < slow.seconds_sigma
    assert fast.seconds_sigma < 8 * by_hand


@pytest.mark.parametrize("bias_px", [0.0, 2.0])
def test_S11_intervals_cover_the_truth(bias_px: float) -> None:
    """95 % intervals over 120 draws hold it at least 110 times, also when each cuboid is off for good."""
    held = np.zeros(2, dtype=int)
    for seed in range(120):
        found = fit(seen(seed=seed, seconds=0.03, yaw_rad=0.0035, bias_px=bias_px))
        held += [
            abs(found.seconds - 0.03) < found.reach() * found.seconds_sigma,
            abs(found.turn_rad[1] - 0.0035) < found.reach() * found.turn_sigma_rad[1],
        ]
    assert held.min() >= 110


def test_S11_where_nothing_tells_them_apart_neither_is_sure() -> None:
    """A vehicle that only turns, past things that stand: a late picture looks as if the camera were turned."""
    found = fit(seen(seed=6, seconds=0.03, even=True))
    assert abs(found.seconds) < 3 * found.seconds_sigma
    assert abs(found.turn_rad[1]) < 3 * found.turn_sigma_rad[1]
    assert abs(found.clock_yaw) > 0.99
    assert found.wald > 100
    assert found.explained_px > 2


def test_S11_few_sightings_say_nothing() -> None:
    assert fit_residuals(seen(seed=7, things=3, each=20)) is None
    assert fit_residuals(seen(seed=7, things=4, each=5)) is None
    assert fit_residuals(seen(seed=7, things=4, each=6)) is not None
