"""The fit under every clock map: exact on clean anchors, honest on noisy ones, unmoved by wrong ones."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from braid.align.robust import ClockLine, fit_clock
from braid.base.errors import InvalidInput
from braid.clock.clock_map import RATE_UNIT, check_segments, sigma_ns, to_timeline

SECOND = 1_000_000_000
SPAN_NS = 600 * SECOND
MS = 1_000_000

Ints = NDArray[np.int64]


def places(count: int, seed: int = 0) -> Ints:
    return np.sort(np.random.default_rng(seed).integers(0, SPAN_NS, count))


def true_times(
    b: Ints, *, offset_ns: int = 7_312_945_700, ratio: Fraction = Fraction(1_000_035, 1_000_000)
) -> Ints:
    return np.array([offset_ns + round(int(one) * ratio) for one in b], np.int64)


def noisy(a: Ints, sigma: int, seed: int = 1) -> Ints:
    return a + np.random.default_rng(seed).normal(0, sigma, len(a)).round().astype(np.int64)


def error_ns(line: ClockLine, b: Ints, a: Ints) -> int:
    return max(
        abs(to_timeline(line.segments, int(one)) - int(other)) for one, other in zip(b, a, strict=True)
    )


def test_A1_clean_anchors_give_the_map_to_the_nanosecond() -> None:
    b = places(40)
    line = fit_clock(true_times(b), b, support_ns=300_000, system_sigma_ns=5)
    check_segments(line.segments)
    assert error_ns(line, b, true_times(b)) <= 2
    assert abs(line.segments[0].rate_ppq - 35_000_000_000) < 10_000
    assert line.used.all()
    assert line.rms_ns <= 1
    assert (line.warnings, line.named) == ((), "")
    assert line.fit.system_sigma_ns == 5


def test_A1_the_error_of_the_rate_follows_the_anchors_the_noise_and_the_span() -> None:
    count, sigma = 400, MS
    b = np.linspace(0, SPAN_NS, count).astype(np.int64)
    line = fit_clock(noisy(true_times(b), sigma), b, support_ns=10 * MS, system_sigma_ns=0)
    said = line.fit.rate_sigma_ppq / RATE_UNIT
    assert said == pytest.approx(sigma * np.sqrt(12 / count) / SPAN_NS, rel=0.15)
    assert line.fit.offset_sigma_ns == pytest.approx(sigma / np.sqrt(count), rel=0.15)
    assert line.fit.centre_ns == pytest.approx(SPAN_NS / 2, rel=0.02)
    assert sigma_ns(line.fit, 3 * SPAN_NS) > 4 * sigma_ns(line.fit, SPAN_NS // 2)


def test_A1_the_true_rate_lies_within_the_said_error() -> None:
    misses = []
    for seed in range(60):
        b = places(30, seed)
        line = fit_clock(noisy(true_times(b), MS, seed + 1), b, support_ns=5 * MS, system_sigma_ns=0)
        misses.append((line.segments[0].rate_ppq - 35_000_000_000) / line.fit.rate_sigma_ppq)
    assert 0.75 < float(np.std(misses)) < 1.4


def test_A1_one_anchor_gives_an_offset_and_admits_an_unknown_rate() -> None:
    line = fit_clock([9 * SECOND], [2 * SECOND], sigma_ns=[MS], support_ns=MS, system_sigma_ns=0)
    assert to_timeline(line.segments, 2 * SECOND) == 9 * SECOND
    assert line.segments[0].rate_ppq == 0
    assert sigma_ns(line.fit, 2 * SECOND) == MS
    assert sigma_ns(line.fit, 602 * SECOND) == pytest.approx(30 * MS, rel=0.01)


def test_A1_two_anchors_give_a_rate_with_the_error_their_own_sigmas_allow() -> None:
    line = fit_clock(
        [0, 600 * SECOND + 21 * MS], [0, 600 * SECOND], sigma_ns=[MS, MS], support_ns=MS, system_sigma_ns=0
    )
    assert line.segments[0].rate_ppq == pytest.approx(35_000_000_000, abs=10)
    assert line.fit.rate_sigma_ppq / RATE_UNIT == pytest.approx(MS * np.sqrt(2) / SPAN_NS, rel=0.01)


def test_A1_an_anchor_that_is_surer_counts_more() -> None:
    b = np.array([0, 100, 200, 300, 400, 500], np.int64) * SECOND
    a = b + np.array([0, 0, 0, 4 * MS, 4 * MS, 4 * MS])
    sure = np.where(np.arange(6) < 3, 10_000, 4 * MS)
    line = fit_clock(a, b, sigma_ns=sure, support_ns=10 * MS, system_sigma_ns=0, allow_jumps=False)
    assert abs(line.residuals_ns[:3]).max() < 0.1 * abs(line.residuals_ns[3:]).max()


@pytest.mark.parametrize("seed", range(5))
def test_A2_a_third_of_wrong_anchors_moves_nothing(seed: int) -> None:
    b = places(60, seed)
    truth = true_times(b)
    rng = np.random.default_rng(seed)
    wrong = rng.choice(60, 18, replace=False)
    a = noisy(truth, MS, seed)
    a[wrong] += rng.choice([-1, 1], 18) * rng.integers(50 * MS, 5 * SECOND, 18)
    line = fit_clock(a, b, support_ns=5 * MS, system_sigma_ns=0)
    assert not line.used[wrong].any()
    assert line.used.sum() >= 40
    assert error_ns(line, b, truth) < 1.5 * MS
    assert len(line.segments) == 1


def test_A2_anchors_that_agree_on_no_rate_are_said_to() -> None:
    b = np.linspace(0, SPAN_NS, 60).astype(np.int64)
    bent = true_times(b) + (np.abs(b - SPAN_NS // 3) / SPAN_NS * 30 * MS).astype(np.int64)
    line = fit_clock(bent, b, support_ns=MS, system_sigma_ns=0, allow_jumps=False)
    assert "do not agree on one rate" in line.warnings[0]
    assert line.warnings[1] == "20 of 60 anchors do not fit the line"
    straight = fit_clock(true_times(b), b, support_ns=MS, system_sigma_ns=0, allow_jumps=False)
    assert not straight.warnings


def test_A3_a_recorder_that_lost_readings_shows_as_a_jump() -> None:
    b = places(60)
    truth = true_times(b)
    truth[35:] += 50 * MS
    a = noisy(truth, MS)
    a[3] += SECOND
    line = fit_clock(a, b, support_ns=33 * MS, system_sigma_ns=0)
    assert len(line.segments) == 2
    assert b[34] < line.segments[1].media_ns <= b[35]
    assert line.jumps_ns[0] == pytest.approx(50 * MS, abs=2 * MS)
    assert line.segments[0].rate_ppq == line.segments[1].rate_ppq == pytest.approx(35e9, abs=5e9)
    assert "the clock jumps by +" in line.warnings[0]
    assert not line.used[3]
    assert line.used.sum() >= 57


def test_A3_the_place_of_a_jump_among_many_anchors_is_exact() -> None:
    b = np.linspace(0, SPAN_NS, 20_000).astype(np.int64)
    truth = true_times(b)
    truth[7_001:] += 20 * MS
    line = fit_clock(noisy(truth, 100_000), b, support_ns=MS, system_sigma_ns=0)
    assert len(line.segments) == 2
    assert b[7_000] < line.segments[1].media_ns <= b[7_001]


def test_A3_two_jumps_and_none_where_none_are_wanted() -> None:
    b = places(90)
    truth = true_times(b)
    truth[30:] += 40 * MS
    truth[60:] -= 25 * MS
    a = noisy(truth, MS)
    both = fit_clock(a, b, support_ns=5 * MS, system_sigma_ns=0)
    assert [round(size / MS) for size in both.jumps_ns] == pytest.approx([40, -25], abs=2)
    check_segments(both.segments)
    steep = both.segments[2]
    assert steep.media_ns >= b[59] - 50 * MS
    assert both.segments[3].media_ns <= b[60] + 50 * MS
    assert both.used.sum() >= 86
    assert len(fit_clock(a, b, support_ns=5 * MS, system_sigma_ns=0, allow_jumps=False).segments) == 1


def test_A3_a_step_below_two_milliseconds_is_no_jump() -> None:
    b = places(60)
    truth = true_times(b)
    truth[30:] += 1_500_000
    assert len(fit_clock(noisy(truth, 1_000), b, support_ns=MS * 5, system_sigma_ns=0).segments) == 1


@pytest.mark.parametrize(
    ("ratio", "named", "rate_ppq"),
    [
        (Fraction(44_100, 48_000), "44100/48000", -81_250_000_000_000),
        (Fraction(1001, 1000), "1001/1000", 1_000_000_000_000),
        (Fraction(25, 24), "25/24", 41_666_666_666_667),
        (Fraction(25_025, 24_000), "25/23.976", 42_708_333_333_333),
        (Fraction(1000, 1001), "1000/1001", -999_000_999_001),
    ],
)
def test_A4_a_known_ratio_is_named_and_exact(ratio: Fraction, named: str, rate_ppq: int) -> None:
    b = places(50)
    a = noisy(true_times(b, ratio=ratio), MS)
    a[::7] += SECOND
    line = fit_clock(a, b, support_ns=5 * MS, system_sigma_ns=0)
    assert line.named == named
    assert line.segments[0].rate_ppq == rate_ppq
    assert not line.warnings


def test_A4_a_rate_near_a_known_ratio_is_fitted_and_said() -> None:
    b = places(50)
    a = noisy(true_times(b, ratio=Fraction(1_001_035, 1_000_000)), 100_000)
    line = fit_clock(a, b, support_ns=5 * MS, system_sigma_ns=0)
    assert line.named == "1001/1000"
    assert line.segments[0].rate_ppq == pytest.approx(1_035e9, abs=1e9)
    assert "1001/1000 and +34.9 ppm of drift" in line.warnings[0]
    odd = fit_clock(true_times(b, ratio=Fraction(1_003, 1_000)), b, support_ns=5 * MS, system_sigma_ns=0)
    assert "is a nominal rate wrong?" in odd.warnings[0]


@settings(max_examples=40, deadline=None)
@given(
    offset=st.integers(-(10**15), 10**15),
    ppm=st.integers(-190, 190),
    count=st.integers(2, 30),
    seed=st.integers(0, 99),
    shuffled=st.booleans(),
)
def test_A1_any_clean_clock_is_found_in_any_order(
    offset: int, ppm: int, count: int, seed: int, *, shuffled: bool
) -> None:
    b = np.unique(places(count, seed))
    a = true_times(b, offset_ns=offset, ratio=1 + Fraction(ppm, 1_000_000))
    order = np.random.default_rng(seed).permutation(len(b)) if shuffled else np.arange(len(b))
    line = fit_clock(a[order], b[order], support_ns=MS, system_sigma_ns=0)
    assert error_ns(line, b, a) <= 2
    assert (line.residuals_ns == [a[i] - to_timeline(line.segments, int(b[i])) for i in order]).all()
    again = fit_clock(a, b, support_ns=MS, system_sigma_ns=0)
    assert again.segments == line.segments


def test_what_is_no_set_of_anchors_is_refused() -> None:
    with pytest.raises(InvalidInput):
        fit_clock([], [], support_ns=1, system_sigma_ns=0)
    with pytest.raises(InvalidInput):
        fit_clock([1, 2], [1], support_ns=1, system_sigma_ns=0)
    with pytest.raises(InvalidInput):
        fit_clock([1], [2**53], support_ns=1, system_sigma_ns=0)
    with pytest.raises(InvalidInput):
        fit_clock([1], [2], sigma_ns=[float("nan")], support_ns=1, system_sigma_ns=0)
