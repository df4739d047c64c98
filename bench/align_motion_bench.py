"""Motion aligners on made-up recordings with known offsets: error, said uncertainty, and speed, beside plain correlation.

Plain: both channels on a 20 ms grid, scipy.signal.correlate, a parabola through the peak. Bound: what the noise of the
sparser channel allows at best, sigma / (rms slope * sqrt N). Run with --trials N (default 12); exits with 1 when an
error grows beyond twice what is usual.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.align.motion import ns, speed, turning

from braid.align.estimate import Estimate, Refusal
from braid.align.rotation import align_rotation
from braid.align.series import align_series
from braid.clock.clock_map import sigma_ns, to_timeline

Floats = NDArray[np.float64]
MS = 1e6
FRAME_S = 1001 / 30000


@dataclass(frozen=True)
class Trial:
    """One pair: A's and B's times (s, one true clock) and values; noise of the sparser one and its rms slope."""

    a_t: Floats
    a: Floats
    b_t: Floats
    b: Floats
    bound_s: float


def car(rng: np.random.Generator, length_s: float, hz: float) -> Trial:
    """CAN speed at 50 Hz (2 ms jitter, 0.02 m/s noise, steps of 0.01) and GPS speed with 0.05 m/s noise."""
    t, v = speed(length_s + 40, rng)
    at = np.arange(5, length_s + 35, 0.02)
    can = np.round((np.interp(at, t, v) + rng.normal(0, 0.02, len(at))) / 0.01) * 0.01
    seen = np.arange(20, length_s + 20, 1 / hz)
    gps = np.interp(seen, t, v) + rng.normal(0, 0.05, len(seen))
    bound = 0.05 / (float(np.gradient(v, t).std()) * np.sqrt(len(seen)))
    return Trial(at + rng.normal(0, 0.002, len(at)), can, seen, gps, bound)


def imus(rng: np.random.Generator, length_s: float) -> Trial:
    """Two gyroscopes on one thing, 100 and 200 Hz, 0.01 rad/s noise each."""
    t, rate = turning(length_s + 40, rng)
    a_t, b_t = np.arange(5, length_s + 35, 0.005), np.arange(20, length_s + 20, 0.01)
    bound = 0.01 / (float(np.gradient(rate, t).std()) * np.sqrt(len(b_t)))
    a, b = (np.interp(at, t, rate) + rng.normal(0, 0.01, len(at)) for at in (a_t, b_t))
    return Trial(a_t, a, b_t, b, bound)


def film(rng: np.random.Generator, length_s: float) -> tuple[Floats, Floats, Floats, Floats, float]:
    """A gyroscope at 100 Hz mounted askew, and the turns of a 29.97 Hz video with exposure and rolling shutter."""
    t, _ = turning(length_s + 20, rng)
    rates = np.column_stack([turning(length_s + 20, rng)[1] for _ in range(3)])
    askew = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    at = np.arange(3, length_s + 17, 0.01)
    gyro = np.column_stack([np.interp(at, t, one) for one in rates.T]) @ askew.T
    frames = 10 + np.arange(int(length_s / FRAME_S)) * FRAME_S
    turned = (np.cumsum(rates, axis=0) - rates / 2) * 0.001
    angles = np.column_stack([np.interp(frames + 0.014, t, one) for one in turned.T])
    turns = np.diff(angles, axis=0) * 100 + rng.normal(0, 0.03, (len(frames) - 1, 3))
    bound = 0.03 / 100 / FRAME_S / (float(np.gradient(rates[:, 0], t).std()) * np.sqrt(len(frames)))
    return at, gyro + rng.normal(0, 0.005, gyro.shape), frames, turns, bound


def plain(trial: Trial, shift_s: float) -> float:
    """The offset that plain correlation finds, in seconds."""
    step = 0.02
    b_t = trial.b_t - shift_s
    grids = [
        np.interp(np.arange(at[0], at[-1], step), at, v - v.mean())
        for at, v in ((np.sort(trial.a_t), trial.a), (b_t, trial.b))
    ]
    r = correlate(grids[0], grids[1], mode="full", method="fft")
    peak = int(np.argmax(r))
    left, top, right = r[peak - 1 : peak + 2]
    lag = peak - (len(grids[1]) - 1) + 0.5 * (left - right) / (left - 2 * top + right)
    return float(lag * step + np.sort(trial.a_t)[0] - b_t[0])


def measure(
    name: str, trials: int, run: Callable[[np.random.Generator, float], tuple[float, ...]], limit_ms: float
) -> bool:
    """Print one row: rms and largest error, said sigma, bound, plain correlation's rms, multiples of real time."""
    errors, sigmas, bounds, plains, factors = [], [], [], [], []
    for number in range(trials):
        rng = np.random.default_rng([number, 17])
        error, sigma, bound, other, factor = run(rng, float(rng.uniform(-4, 4)))
        errors.append(error)
        sigmas.append(sigma)
        bounds.append(bound)
        plains.append(other)
        factors.append(factor)
    rms = float(np.sqrt(np.mean(np.square(errors))))
    beside = float(np.sqrt(np.mean(np.square(plains)))) if np.isfinite(plains).all() else float("nan")
    print(
        f"{name:34} {rms:8.3f} {max(map(abs, errors)):8.3f} {np.median(sigmas):8.3f} {np.mean(bounds):8.3f} "
        f"{beside:9.2f} {np.median(factors):7.0f}x"
    )
    return rms <= limit_ms


def series(
    make: Callable[[np.random.Generator], Trial], ppm: float = 0.0
) -> Callable[..., tuple[float, ...]]:
    """A run of `align_series` on what `make` draws, with the offset and rate that are asked for."""

    def run(rng: np.random.Generator, shift_s: float) -> tuple[float, ...]:
        trial = make(rng)
        b_ns = ns((trial.b_t - shift_s) / (1 + ppm * 1e-6))
        start = time.perf_counter()
        found = align_series(ns(trial.a_t), trial.a, b_ns, trial.b)
        took = time.perf_counter() - start
        ends = (0, len(b_ns) // 2, -1) if ppm else (len(b_ns) // 2,)
        worst, sigma = worst_of(found, [(int(b_ns[i]), trial.b_t[i] * 1e9) for i in ends])
        beside = (plain(trial, shift_s) - shift_s) * 1e3 if not ppm else float("nan")
        return worst, sigma, trial.bound_s * 1e3, beside, float(np.ptp(trial.b_t)) / took

    return run


def rotation(length_s: float) -> Callable[..., tuple[float, ...]]:
    """A run of `align_rotation`."""

    def run(rng: np.random.Generator, shift_s: float) -> tuple[float, ...]:
        at, gyro, frames, turns, bound = film(rng, length_s)
        times = ns(frames - shift_s)
        start = time.perf_counter()
        found = align_rotation(
            ns(at), gyro, times, turns, video_is_a=False, exposure_ns=8_000_000, readout_ns=20_000_000
        )
        took = time.perf_counter() - start
        middle = int(times[len(times) // 2])
        worst, sigma = worst_of(found, [(middle, middle + shift_s * 1e9)])
        return worst, sigma, bound * 1e3, float("nan"), length_s / took

    return run


def worst_of(found: Estimate | Refusal, wanted: list[tuple[int, float]]) -> tuple[float, float]:
    """The largest error (ms, with its sign) and the said sigma there."""
    if isinstance(found, Refusal):
        return float("inf"), 0.0
    errors = [((to_timeline(found.segments, b) - a) / MS, sigma_ns(found.fit, b) / MS) for b, a in wanted]
    return max(errors, key=lambda one: abs(one[0]))


def main() -> None:
    """All rows; exits with 1 when one is beyond its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=12)
    trials = parser.parse_args().trials
    print(f"{'ms':34} {'rms':>8} {'largest':>8} {'said':>8} {'bound':>8} {'plain rms':>9} {'speed':>8}")
    fine = [
        measure("CAN 50 Hz, GPS 1 Hz, 300 s", trials, series(lambda rng: car(rng, 300, 1)), 6.0),
        measure("CAN 50 Hz, GPS 5 Hz, 300 s", trials, series(lambda rng: car(rng, 300, 5)), 3.0),
        measure("CAN 50 Hz, GPS 10 Hz, 300 s", trials, series(lambda rng: car(rng, 300, 10)), 2.0),
        measure("CAN 50 Hz, GPS 10 Hz, 60 s", trials, series(lambda rng: car(rng, 60, 10)), 6.0),
        measure(
            "  whole file, 35 ppm, 1800 s", trials // 3 or 1, series(lambda rng: car(rng, 1800, 10), 35), 2.0
        ),
        measure("gyro 100 Hz, gyro 200 Hz, 30 s", trials, series(lambda rng: imus(rng, 30)), 0.2),
        measure("  whole file, 80 ppm, 600 s", trials // 3 or 1, series(lambda rng: imus(rng, 600), 80), 0.2),
        measure("gyro 100 Hz, video 29.97 Hz, 60 s", trials, rotation(60), 0.3),
        measure("gyro 100 Hz, video 29.97 Hz, 40 s", trials, rotation(40), 0.5),
    ]
    if not all(fine):
        sys.exit(1)


if __name__ == "__main__":
    main()
