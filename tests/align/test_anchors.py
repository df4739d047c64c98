"""Anchors by hand, claps and flashes, and time stamps."""

from __future__ import annotations

import numpy as np
import pytest

from braid.align.anchors import align_anchors, claps, flashes, paired
from braid.align.estimate import Anchor, Estimate, Refusal
from braid.align.stamps import align_stamp_pairs, exchange_anchor
from braid.base.errors import InvalidInput
from braid.clock.clock_map import sigma_ns, to_timeline

SECOND, MS = 1_000_000_000, 1_000_000


def test_A7_one_anchor_is_an_offset_whose_rate_nobody_knows() -> None:
    found = align_anchors([Anchor(a_ns=5 * SECOND, b_ns=2 * SECOND, name="clap")])
    assert isinstance(found, Estimate)
    assert to_timeline(found.segments, 0) == 3 * SECOND
    assert sigma_ns(found.fit, 2 * SECOND) == 10 * MS
    assert sigma_ns(found.fit, 602 * SECOND) > 30 * MS
    assert found.anchors[0].name == "clap"


def test_A7_two_anchors_give_the_rate_and_more_give_residuals() -> None:
    two = align_anchors([Anchor(a_ns=0, b_ns=0), Anchor(a_ns=1000 * SECOND + 35 * MS, b_ns=1000 * SECOND)])
    assert isinstance(two, Estimate)
    assert two.segments[0].rate_ppq == pytest.approx(35_000_000_000, abs=10)
    marks = [
        Anchor(a_ns=at * SECOND + (5 if at == 300 else 0) * MS, b_ns=at * SECOND) for at in (0, 300, 600, 900)
    ]
    four = align_anchors(marks)
    assert isinstance(four, Estimate)
    assert four.anchors[1].residual_ns > 2 * MS
    assert four.valid_from_ns == 0
    assert four.valid_to_ns == 900 * SECOND


def test_A7_a_wrong_anchor_is_left_out_and_contradictions_are_refused() -> None:
    marks = [Anchor(a_ns=at * SECOND, b_ns=at * SECOND) for at in (0, 100, 200, 300, 400)]
    wrong = [*marks, Anchor(a_ns=255 * SECOND, b_ns=250 * SECOND)]
    found = align_anchors(wrong)
    assert isinstance(found, Estimate)
    assert [anchor.used for anchor in found.anchors] == [True] * 5 + [False]
    split = align_anchors([Anchor(a_ns=0, b_ns=7), Anchor(a_ns=9 * SECOND, b_ns=7)])
    assert isinstance(split, Refusal)
    assert isinstance(align_anchors([]), Refusal)


def test_A7_claps_are_found_at_their_first_audio_sample() -> None:
    rng = np.random.default_rng(0)
    rate = 16_000
    audio = rng.normal(0, 0.003, 20 * rate)
    truth = [round(2.5 * rate), round(9.125 * rate), round(15.75 * rate)]
    for start in truth:
        burst = rng.normal(0, 0.5, 800) * np.exp(-np.arange(800) / 150)
        audio[start : start + 800] += burst
    found = claps(audio, rate, start_ns=SECOND)
    assert [one - SECOND for one in found] == pytest.approx([s * SECOND / rate for s in truth], abs=0.5 * MS)
    assert claps(rng.normal(0, 0.003, 20 * rate), rate) == ()
    with pytest.raises(InvalidInput):
        claps(audio, 4_000)


def test_A7_flashes_are_found_at_their_first_bright_frame() -> None:
    rng = np.random.default_rng(0)
    times = np.arange(300) * 33_366_667
    light = 90 + np.cumsum(rng.normal(0, 0.2, 300)) + rng.normal(0, 0.3, 300)
    light[[60, 61, 200]] += 80
    assert flashes(times, light) == (60 * 33_366_667, 200 * 33_366_667)
    assert flashes(times, np.full(300, 90.0)) == ()


def test_A7_claps_and_flashes_are_paired_by_the_offset_that_most_share() -> None:
    b = [1_000, 5_000, 20_000]
    a = [1_000 + 300, 5_000 + 310, 12_345, 20_000 + 295]
    assert paired(a, b, tolerance_ns=30) == ((1_300, 1_000), (5_310, 5_000), (20_295, 20_000))
    assert paired([7], [3], tolerance_ns=1) == ((7, 3),)
    assert paired([1, 1_000], [5_000, 9_000], tolerance_ns=1) == ()


def test_A8_logged_stamps_follow_the_least_wait() -> None:
    rng = np.random.default_rng(3)
    device = np.arange(6_000) * 100 * MS
    wait = 3 * MS + rng.exponential(8 * MS, 6_000).astype(np.int64)
    log = device + device * 40 // 1_000_000 + wait
    found = align_stamp_pairs(log, device)
    assert isinstance(found, Estimate)
    assert found.segments[0].rate_ppq == pytest.approx(40e9, abs=2e9)
    for at in (0, 300 * SECOND, 600 * SECOND):
        assert to_timeline(found.segments, at) - (at + at * 40 // 1_000_000) == pytest.approx(3 * MS, abs=MS)
    assert found.fit.system_sigma_ns > 3 * MS


def test_A8_copied_stamps_hold_no_information() -> None:
    same = np.arange(100) * SECOND
    found = align_stamp_pairs(same, same)
    assert isinstance(found, Refusal)
    assert "copied" in found.why
    assert isinstance(align_stamp_pairs([1], [2]), Refusal)


def test_A8_an_exchange_is_sure_to_half_its_round_trip() -> None:
    anchor = exchange_anchor(1_000, 5_300, 5_400, 1_700)
    assert (anchor.a_ns - anchor.b_ns, anchor.sigma_ns) == (4_000, 300)
    with pytest.raises(InvalidInput):
        exchange_anchor(1_000, 5_300, 5_400, 900)
    with pytest.raises(InvalidInput):
        exchange_anchor(1_000, 5_300, 9_400, 1_100)
    asked = [
        (at, at + SECOND + 2 * MS, at + SECOND + 2 * MS, at + 4 * MS) for at in range(0, 90 * SECOND, SECOND)
    ]
    found = align_anchors([exchange_anchor(*one) for one in asked])
    assert isinstance(found, Estimate)
    assert to_timeline(found.segments, 0) == pytest.approx(SECOND, abs=10)
