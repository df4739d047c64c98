"""Numeric channels: found to a fraction of a reading, refused where there is nothing to find."""

from __future__ import annotations

import numpy as np
import pytest
from tests.align.motion import Floats, ns, speed, turning

from braid.align.estimate import Estimate, Refusal
from braid.align.series import align_series
from braid.base.errors import InvalidInput
from braid.clock.clock_map import sigma_ns, to_timeline

MS = 1_000_000


def estimate(found: Estimate | Refusal) -> Estimate:
    assert isinstance(found, Estimate), found.why
    return found


def car_and_gps(seed: int, *, length_s: float = 300, hz: float = 10) -> tuple[Floats, Floats, Floats, Floats]:
    """CAN wheel speed at 50 Hz with 2 ms of jitter, and GPS speed with 0.05 m/s of noise, on one clock."""
    rng = np.random.default_rng(seed)
    t, v = speed(length_s + 40, rng)
    asked = np.arange(5, length_s + 35, 0.02)
    wheel = np.round((np.interp(asked, t, v) + rng.normal(0, 0.02, len(asked))) / 0.01) * 0.01
    seen = np.arange(20, length_s + 20, 1 / hz)
    gps = np.interp(seen, t, v) + rng.normal(0, 0.05, len(seen))
    return asked + rng.normal(0, 0.002, len(asked)), wheel, seen, gps


def test_A5_wheel_speed_and_gps_speed_agree_within_a_few_of_a_hundredth_of_a_reading() -> None:
    errors, sizes = [], []
    for seed in range(6):
        t_can, wheel, t_gps, gps = car_and_gps(seed)
        shift = (seed - 2.5) * 3.3
        found = estimate(align_series(ns(t_can), wheel, ns(t_gps - shift), gps))
        middle = int(ns(t_gps - shift).mean())
        errors.append((to_timeline(found.segments, middle) - middle - shift * 1e9) / MS)
        sizes.append(sigma_ns(found.fit, middle) / MS)
        assert found.quality > found.quality_bound
    assert float(np.sqrt(np.mean(np.square(errors)))) < 2.0
    assert max(abs(e) / s for e, s in zip(errors, sizes, strict=True)) < 3.5
    assert max(sizes) < 3.0


@pytest.mark.parametrize("b_is_denser", [False, True])
def test_A5_two_gyroscopes_agree_within_a_tenth_of_a_millisecond(*, b_is_denser: bool) -> None:
    rng = np.random.default_rng(4)
    t, rate = turning(70, rng)
    slow, fast = np.arange(20, 50, 0.01), np.arange(5, 65, 0.005)
    values = {len(at): np.interp(at, t, rate) + rng.normal(0, 0.01, len(at)) for at in (slow, fast)}
    a_t, b_t = (slow, fast) if b_is_denser else (fast, slow)
    found = estimate(align_series(ns(a_t), values[len(a_t)], ns(b_t + 4.2), -values[len(b_t)]))
    middle = 30_000_000_000
    assert abs(to_timeline(found.segments, middle + 4_200_000_000) - middle) < 0.2 * MS
    assert found.warnings == ("the channels run opposite ways: where one grows the other falls",)


def test_A5_a_long_recording_shows_its_drift() -> None:
    rng = np.random.default_rng(8)
    t, rate = turning(330, rng, step_s=0.002)
    a_t, b_t = np.arange(5, 325, 0.01), np.arange(10, 320, 0.01)
    ran = (b_t - 3.0) / (1 + 80e-6)
    noise = rng.normal(0, 0.01, len(b_t))
    found = estimate(align_series(ns(a_t), np.interp(a_t, t, rate), ns(ran), np.interp(b_t, t, rate) + noise))
    assert found.segments[0].rate_ppq == pytest.approx(80e9, abs=3e9)
    worst = max(abs(to_timeline(found.segments, int(ns(ran)[i])) - int(ns(b_t)[i])) for i in (0, -1))
    assert worst < 0.5 * MS
    assert len(found.anchors) > 20
    assert {curve.title for curve in found.evidence} >= {"Correlation", "Residuals", "Reference"}
    assert all(len(curve.x) == len(curve.y) <= 2000 for curve in found.evidence)


def test_A5_lost_readings_show_as_a_jump() -> None:
    rng = np.random.default_rng(9)
    t, rate = turning(200, rng, step_s=0.002)
    a_t, b_t = np.arange(5, 195, 0.01), np.arange(10, 190, 0.01)
    counted = b_t - 0.3 * (b_t > 100)
    found = estimate(align_series(ns(a_t), np.interp(a_t, t, rate), ns(counted), np.interp(b_t, t, rate)))
    assert len(found.segments) == 2
    assert "the clock jumps by +300" in found.warnings[0]
    assert to_timeline(found.segments, 150_000_000_000) - 150_300_000_000 == pytest.approx(0, abs=MS)


def test_A6_a_constant_speed_is_refused() -> None:
    rng = np.random.default_rng(1)
    t = np.arange(0, 120, 0.1)
    _, wheel, *_ = car_and_gps(1, length_s=120)
    moving = np.arange(len(wheel)) * 0.02
    for still in (np.full(len(t), 13.0), 13 + rng.normal(0, 0.05, len(t))):
        found = align_series(ns(moving), wheel, ns(t), still)
        assert isinstance(found, Refusal)
        assert found.why == "the stream hardly changes, so it holds no information about time"


def test_A6_unrelated_drives_are_refused() -> None:
    accepted = 0
    for seed in range(12):
        t_can, wheel, *_ = car_and_gps(seed, length_s=120)
        *_, t_gps, gps = car_and_gps(seed + 100, length_s=120)
        accepted += isinstance(align_series(ns(t_can), wheel, ns(t_gps), gps), Estimate)
    assert accepted == 0


def test_A6_motion_that_repeats_itself_is_refused_for_it() -> None:
    t = np.arange(0, 120, 0.02)
    rng = np.random.default_rng(2)
    swings = [np.sin(2 * np.pi * t / 4) + rng.normal(0, 0.05, len(t)) for _ in range(2)]
    found = align_series(ns(t), swings[0], ns(t), swings[1])
    assert isinstance(found, Refusal)
    assert "fit equally well" in found.why
    assert found.quality is not None


def test_A6_too_few_readings_are_refused_and_unequal_ones_an_error() -> None:
    few = align_series([0, 1], [1.0, 2.0], [0, 1], [1.0, 2.0])
    assert isinstance(few, Refusal)
    with pytest.raises(InvalidInput):
        align_series(list(range(40)), [1.0] * 40, list(range(40)), [1.0] * 30)


def test_missing_values_and_disorder_change_nothing() -> None:
    t_can, wheel, t_gps, gps = car_and_gps(3, length_s=150)
    plain = estimate(align_series(ns(t_can), wheel, ns(t_gps), gps))
    order = np.random.default_rng(0).permutation(len(t_gps))
    holes = np.concatenate([gps[order], [np.nan, np.nan]])
    times = np.concatenate([ns(t_gps)[order], ns(t_gps)[:2] + 5])
    assert estimate(align_series(ns(t_can), wheel, times, holes)).segments == plain.segments
