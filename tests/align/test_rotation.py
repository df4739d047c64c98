"""Gyroscope against video: half a frame and half a readout are where naive code goes wrong."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates
from tests.align.motion import Floats, ns, turning

from braid.align.estimate import Estimate, Refusal
from braid.align.flow import turn_between
from braid.align.rotation import align_rotation, turn_times
from braid.base.errors import InvalidInput
from braid.clock.clock_map import to_timeline

MS = 1_000_000
EXPOSURE_NS, READOUT_NS = 8 * MS, 20 * MS


def shaken(seed: int, *, length_s: float = 40) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64], Floats]:
    """A gyroscope at 100 Hz mounted askew, and a video at 30000/1001 with exposure and rolling shutter."""
    rng = np.random.default_rng(seed)
    truth = [turning(length_s + 20, rng) for _ in range(3)]
    t = truth[0][0]
    rates = np.column_stack([rate for _, rate in truth])
    askew = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    t_gyro = np.arange(3, length_s + 17, 0.01)
    gyro = np.column_stack([np.interp(t_gyro, t, one) for one in rates.T]) @ askew.T
    frames = 10 + np.arange(int(length_s * 30000 / 1001)) * 1001 / 30000
    turned = (np.cumsum(rates, axis=0) - rates / 2) * 0.001
    seen_at = frames + (EXPOSURE_NS + READOUT_NS) / 2e9
    angles = np.column_stack([np.interp(seen_at, t, one) for one in turned.T])
    turns = np.diff(angles, axis=0) * 100 + rng.normal(0, 0.03, (len(frames) - 1, 3))
    return ns(t_gyro), gyro + rng.normal(0, 0.005, gyro.shape), ns(frames), turns


@pytest.mark.parametrize("video_is_a", [False, True])
def test_A5_gyroscope_and_video_agree_within_a_fraction_of_a_millisecond(*, video_is_a: bool) -> None:
    t_gyro, gyro, frames, turns = shaken(3)
    shift = 2_345_678_901
    found = align_rotation(
        t_gyro,
        gyro,
        frames - shift,
        turns,
        video_is_a=video_is_a,
        exposure_ns=EXPOSURE_NS,
        readout_ns=READOUT_NS,
    )
    assert isinstance(found, Estimate)
    assert not found.warnings
    middle = int(frames.mean()) - (0 if video_is_a else shift)
    wanted = middle - shift if video_is_a else middle + shift
    assert abs(to_timeline(found.segments, middle) - wanted) < 0.6 * MS
    assert found.fit.system_sigma_ns < 0.1 * MS


def test_A5_unknown_exposure_and_readout_widen_the_uncertainty_and_are_said() -> None:
    t_gyro, gyro, frames, turns = shaken(3)
    found = align_rotation(t_gyro, gyro, frames, turns, video_is_a=False)
    assert isinstance(found, Estimate)
    assert found.fit.system_sigma_ns > 5 * MS
    assert "exposure and readout" in found.warnings[0]
    half = (EXPOSURE_NS + READOUT_NS) // 2
    assert to_timeline(found.segments, 30_000_000_000) - 30_000_000_000 == pytest.approx(half, abs=0.6 * MS)


def test_A5_a_turn_belongs_to_the_middle_between_exposures() -> None:
    times = turn_times([0, 40 * MS, 80 * MS], exposure_offset_ns=MS, exposure_ns=8 * MS, readout_ns=20 * MS)
    assert times.tolist() == [20 * MS + MS + 4 * MS + 10 * MS, 60 * MS + MS + 4 * MS + 10 * MS]
    with pytest.raises(InvalidInput):
        turn_times([0, 0])


def test_A6_a_camera_that_stands_still_is_refused() -> None:
    t_gyro, gyro, frames, turns = shaken(5)
    rng = np.random.default_rng(0)
    still = align_rotation(t_gyro, gyro, frames, rng.normal(0, 0.01, turns.shape), video_is_a=False)
    assert isinstance(still, Refusal)
    blind = align_rotation(t_gyro, gyro, frames, np.full(turns.shape, np.nan), video_is_a=False)
    assert isinstance(blind, Refusal)


@pytest.mark.parametrize(
    "moved", [(0.3, -0.2, 0.002), (5.4, 3.3, 0.01), (-20.2, 7.7, -0.02), (0.0, 0.0, 0.0)]
)
def test_a_picture_that_moved_says_by_how_much(moved: tuple[float, float, float]) -> None:
    rng = np.random.default_rng(1)
    world = gaussian_filter(rng.normal(0, 1, (400, 500)), 2) * 400 + 128
    down, right = np.mgrid[0:90, 0:160].astype(float)
    across, along = right - 79.5, down - 44.5

    def view(shift_x: float, shift_y: float, roll: float) -> Floats:
        rows = 200 + along - shift_y - roll * across
        columns = 250 + across - shift_x + roll * along
        return np.asarray(map_coordinates(world, (rows, columns), order=3), np.float64)

    found = turn_between(view(0, 0, 0), view(*moved) + rng.normal(0, 2, (90, 160)))
    assert found is not None
    assert found[0] == pytest.approx(moved[0], abs=0.05 + 0.02 * abs(moved[0]))
    assert found[1] == pytest.approx(moved[1], abs=0.05 + 0.06 * abs(moved[1]))
    assert found[2] == pytest.approx(moved[2], abs=0.001)


def test_an_empty_picture_shows_no_turn() -> None:
    assert turn_between(np.full((32, 32), 7.0), np.full((32, 32), 7.0)) is None
    with pytest.raises(InvalidInput):
        turn_between(np.zeros((32, 32)), np.zeros((32, 31)))
