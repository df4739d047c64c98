"""Every kind of index: exact round trips, and what a stream shows at a timeline instant. Rules T4, T6 and T13."""

from __future__ import annotations

import random
from bisect import bisect_right
from fractions import Fraction

import pytest

from braid.base.errors import InvalidInput
from braid.clock.clock_map import ClockFit, ClockSegment
from braid.clock.frame_table import FrameTable
from braid.clock.index import AudioSamples, ConstantRate, Index, Instants, Shown, Sweeps, shown_at
from braid.clock.lookup import Found, Lookup
from braid.clock.ns import SECOND_NS, Ns, Span
from braid.clock.rates import Rate, audio_sample_held_at, audio_sample_ns, frame_at, frame_start_ns

AT_NS = Ns(14_327_000_000)
NTSC = Rate(num=30000, den=1001)
RATES = (
    Rate(num=24000, den=1001), Rate(num=24), Rate(num=25), NTSC, Rate(num=30), Rate(num=50), Rate(num=60000, den=1001),
    Rate(num=120), Rate(num=8000), Rate(num=16000), Rate(num=44100), Rate(num=192000),
)  # fmt: skip
STARTS = (Fraction(0), Fraction(-1024, 48000), Fraction(1001, 15000), Fraction(7, 1000), Fraction(-3))


def test_T13_rows_2_to_11_every_kind_answers_for_one_instant() -> None:
    film = ConstantRate(rate=NTSC, count=1000)
    sound = AudioSamples(rate=Rate(num=44100), count=10**6)
    table = FrameTable.from_ticks(range(1000), time_base=1 / NTSC.per_second)
    imu = Instants.of([k * 10_000_000 for k in range(2000)], sampling="instant")
    lidar = Sweeps(times_ns=[k * 100_000_000 for k in range(200)], sweep_ns=100_000_000)
    kinds: list[tuple[Index, int, int]] = [
        (film, 429, -12_700_000),
        (table, 429, -12_700_000),
        (sound, 631_820, -15_873),
        (imu, 1433, 3_000_000),
        (lidar, 143, -27_000_000),
    ]
    for index, number, offset_ns in kinds:
        shown = shown_at(index, AT_NS)
        assert shown is not None
        assert (shown.found.index, shown.offset_ns, shown.sigma_ns) == (number, offset_ns, 0)
        assert shown_at(index, -5_000_001) is None
    assert sound.nearest(AT_NS) == 631_821
    assert lidar.turned(143, AT_NS) * 360 == Fraction(972, 10)
    assert int(lidar.turned(143, AT_NS) * 1800) == 486


@pytest.mark.parametrize("rate", RATES)
def test_T4_frames_and_audio_samples_come_back(rate: Rate) -> None:
    count = 400_000_000
    picks = [*range(500), *range(count - 500, count), *range(0, count, 500_009)]
    for start in STARTS:
        frames = ConstantRate(rate=rate, count=count, start=start)
        samples = AudioSamples(rate=rate, count=count, start=start)
        for index in picks:
            found = frames.at(frames.time_ns(index))
            assert found is not None
            assert (found.index, found.offset_ns) == (index, 0)
            assert samples.nearest(samples.time_ns(index)) == index


def test_T4_a_start_of_zero_is_the_plain_rate() -> None:
    draw = random.Random(3)
    for rate in RATES:
        frames, samples = ConstantRate(rate=rate, count=10**9), AudioSamples(rate=rate, count=10**9)
        for _ in range(200):
            index, at = draw.randrange(10**8), Ns(draw.randrange(10**12))
            assert frames.time_ns(index) == frame_start_ns(index, rate)
            assert samples.time_ns(index) == audio_sample_ns(index, rate)
            shown, heard = frames.at(at), samples.at(at)
            assert shown is not None
            assert heard is not None
            assert shown.index == frame_at(at, rate)
            assert heard.index == audio_sample_held_at(at, rate)


def test_T4_outside_there_is_no_frame_and_no_sound() -> None:
    frames = ConstantRate(rate=Rate(num=25), count=3, start=Fraction(1, 10))
    assert [None if (found := frames.at(ms * 10**6)) is None else found.index for ms in (99, 100, 140, 219, 220)] == [
        None, 0, 1, 2, None,
    ]  # fmt: skip
    samples = AudioSamples(rate=Rate(num=1000), count=2, start=Fraction(-1, 1000))
    assert [None if (found := samples.at(at)) is None else found.index for at in (-1_000_001, -1, 0, 10**6)] == [
        None, 0, 1, None,
    ]  # fmt: skip
    assert (samples.nearest(-(10**12)), samples.nearest(10**12)) == (0, 1)
    assert len(frames) == 3
    assert len(samples) == 2


def test_T13_a_sweep_is_a_span_wherever_its_stamp_lies() -> None:
    for part, stamp in (("start", 0), ("middle", 50), ("end", 100)):
        turns = Sweeps(times_ns=[stamp, stamp + 100, stamp + 400], sweep_ns=100, part=part)
        assert turns.span_of(1) == Span(start_ns=100, end_ns=200)
        assert [None if (found := turns.at(at)) is None else found.index for at in (-1, 0, 99, 100, 249, 250, 400)] == [
            None, 0, 0, 1, 1, None, 2,
        ]  # fmt: skip
        assert [turns.turned(1, at) for at in (90, 100, 150, 230)] == [0, 0, Fraction(1, 2), 1]
        found = turns.at(150)
        assert found is not None
        assert found.offset_ns == stamp - 50
    with pytest.raises(InvalidInput, match="sweep"):
        Sweeps(times_ns=[0], sweep_ns=0)
    with pytest.raises(InvalidInput, match="sweep"):
        Sweeps(times_ns=[0], sweep_ns=5, part="somewhere")


def test_T13_events_hold_and_unsorted_readings_are_refused() -> None:
    gear = Instants.of([0, 5, 10**12], sampling="event")
    found = gear.at(10**11)
    assert found is not None
    assert found.index == 1
    speed = Instants.of([0, 10, 20], sampling="instant", policy=Lookup.LINEAR)
    assert speed.at(4) == Found(index=0, other=1, weight=Fraction(2, 5), offset_ns=-4)
    with pytest.raises(InvalidInput, match="ascend"):
        Instants.of([0, 2, 1], sampling="instant")


def test_T13_what_is_shown_goes_through_the_clock_map_and_says_its_uncertainty() -> None:
    camera = Instants.of([k * 100_000_000 for k in range(10)], sampling="instant")
    clock = (
        ClockSegment(media_ns=0, timeline_ns=1_000_000_000),
        ClockSegment(media_ns=400_000_000, timeline_ns=1_900_000_000, rate_ppq=10**12),
    )
    fit = ClockFit(offset_sigma_ns=400_000)
    shown = shown_at(camera, 1_930_000_000, segments=clock, fit=fit)
    assert shown is not None
    assert shown == Shown(found=shown.found, media_ns=429_970_030, offset_ns=-30_000_000, sigma_ns=400_000)
    assert shown.found.index == 4
    assert shown_at(camera, 1_600_000_000, segments=clock, fit=fit) is None
    far = shown_at(camera, 1_930_000_000, segments=clock, fit=fit, valid_to_ns=29_970_030)
    assert far is not None
    assert far.sigma_ns == 400_001


def test_T13_a_hundred_thousand_queries_agree_with_exact_fractions() -> None:
    """Twelve rates, tables of varying durations behind an edit list, starts before zero: all against fractions."""
    draw = random.Random(9)
    for rate in RATES:
        period = 1 / rate.per_second
        for start in STARTS:
            count = draw.randrange(1, 10**6)
            frames = ConstantRate(rate=rate, count=count, start=start)
            samples = AudioSamples(rate=rate, count=count, start=start)
            for _ in range(556):
                edge = (start + draw.randrange(-2, count + 3) * period) * SECOND_NS
                at = draw.choice(
                    (edge.__floor__() + draw.randrange(-1, 3), draw.randrange(-(10**10), 10**13))
                )
                index = ((Fraction(at, SECOND_NS) - start) / period).__floor__()
                expected = index if 0 <= index < count else None
                for found in (frames.at(at), samples.at(at)):
                    assert (None if found is None else found.index) == expected
        ticks = sorted(draw.sample(range(10**6), 1000))
        zero = draw.randrange(10**6)
        table = FrameTable.from_ticks(ticks, time_base=period, zero_ticks=zero, end_ticks=ticks[-1] + 7)
        times = [(tick - zero) * period * SECOND_NS for tick in (*ticks, ticks[-1] + 7)]
        for _ in range(5560):
            at = draw.choice(times).__floor__() + draw.randrange(-1, 3)
            expected = bisect_right(times, at) - 1
            wanted = expected if 0 <= expected < len(ticks) else None
            found = table.at(at)
            assert (None if found is None else found.index) == wanted
