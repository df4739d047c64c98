"""The table of known answers for time; each test names its rows. Rules T1, T2, T4, T6, T8 and T9."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest

from braid.base.errors import InvalidInput
from braid.clock.clock_map import ClockSegment, to_media, to_timeline
from braid.clock.frame_table import FrameTable
from braid.clock.ns import LIMIT_NS, Ns, Span, ceil_div, ns_from_seconds, round_half_up, seconds_text
from braid.clock.rates import (
    Rate,
    audio_sample_held_at,
    audio_sample_nearest,
    audio_sample_ns,
    frame_at,
    frame_start_ns,
)
from braid.clock.timecode import FRAMES_PER_DAY, drop_frame_label, frame_of_label
from braid.clock.timescales import (
    gps_from_unix_ns,
    scale_mixup,
    tai_from_unix_ns,
    tai_minus_utc_s,
    unix_from_gps_ns,
    unix_from_tai_ns,
)

AT = Ns(14_327_000_000)
NTSC = Rate(num=30000, den=1001)
SECOND = 1_000_000_000


def table(rate: Rate, count: int) -> FrameTable:
    base = 1 / rate.per_second
    return FrameTable.from_ticks(range(count), time_base=base, end_ticks=count)


def test_T1_row_1_seconds_become_whole_nanoseconds() -> None:
    assert ns_from_seconds("14.327") == AT
    assert seconds_text(AT) == "14.327"
    assert ns_from_seconds(Fraction(1, 3)) == 333_333_333
    assert ns_from_seconds("-0.0000000005") == 0


@pytest.mark.parametrize(
    ("rate", "frame", "span_s"),
    [
        (Rate(num=30), 429, (Fraction(143, 10), Fraction(430, 30))),
        (NTSC, 429, (Fraction(143143, 10000), Fraction(430 * 1001, 30000))),
        (Rate(num=25), 358, (Fraction(358, 25), Fraction(359, 25))),
        (Rate(num=50), 716, (Fraction(716, 50), Fraction(717, 50))),
        (Rate(num=120), 1719, (Fraction(1719, 120), Fraction(1720, 120))),
        (Rate(num=24000, den=1001), 343, (Fraction(343343, 24000), Fraction(344 * 1001, 24000))),
        (Rate(num=60000, den=1001), 858, (Fraction(143143, 10000), Fraction(859 * 1001, 60000))),
    ],
)
def test_T4_rows_2_to_6_the_frame_shown(rate: Rate, frame: int, span_s: tuple[Fraction, Fraction]) -> None:
    assert frame_at(AT, rate) == frame
    frames = table(rate, 2000)
    assert frames.frame_at(AT) == frame
    start, end = (ceil_div(part.numerator * SECOND, part.denominator) for part in span_s)
    assert frames.span_of(frame) == Span(start_ns=start, end_ns=end)
    assert frame_start_ns(frame, rate) == start


def test_T4_row_5_a_start_rounds_up() -> None:
    film = Rate(num=24000, den=1001)
    assert frame_start_ns(343, film) == 14_305_958_334
    assert frame_at(Ns(14_305_958_333), film) == 342
    assert frame_start_ns(429, NTSC) == 14_314_300_000


def test_T4_rows_7_to_9_audio_samples() -> None:
    for hertz, index in ((16000, 229_232), (48000, 687_696), (8000, 114_616)):
        assert audio_sample_held_at(AT, Rate(num=hertz)) == audio_sample_nearest(AT, Rate(num=hertz)) == index
        assert audio_sample_ns(index, Rate(num=hertz)) == AT
    cd = Rate(num=44100)
    assert (audio_sample_held_at(AT, cd), audio_sample_nearest(AT, cd)) == (631_820, 631_821)
    assert AT - audio_sample_ns(631_821, cd) == -6_803
    half = Rate(num=22050)
    assert audio_sample_held_at(AT, half) == audio_sample_nearest(AT, half) == 315_910
    assert AT - audio_sample_ns(315_910, half) == 15_873


def test_T4_row_10_readings_of_an_imu() -> None:
    imu = Rate(num=100)
    assert audio_sample_held_at(AT, imu) == 1432
    assert audio_sample_nearest(AT, imu) == 1433
    assert audio_sample_ns(1433, imu) - AT == 3_000_000
    weight = Fraction(AT - audio_sample_ns(1432, imu), 10_000_000)
    assert weight == Fraction(7, 10)


def test_T4_row_11_a_sweep_and_its_azimuth() -> None:
    sweep = frame_at(AT, Rate(num=10))
    assert sweep == 143
    turned = Fraction(AT - frame_start_ns(sweep, Rate(num=10)), 100_000_000)
    assert turned * 360 == Fraction(972, 10)
    assert turned * 1800 == 486


@pytest.mark.parametrize("hertz", [44_100, 192_000])
def test_T4_row_12_audio_samples_come_back(hertz: int) -> None:
    rate = Rate(num=hertz)
    picks = [*range(2000), *range(hertz * 3600 - 2000, hertz * 3600), *range(0, hertz * 3600, 99_991)]
    assert all(audio_sample_nearest(audio_sample_ns(index, rate), rate) == index for index in picks)


def test_T4_row_13_rounding_up_names_the_frame_and_rounding_down_does_not() -> None:
    def floor_ns(index: int) -> Ns:
        return Ns(index * 1001 * SECOND // 30000)

    wrong = [index for index in range(200_000) if frame_at(floor_ns(index), NTSC) != index]
    assert (len(wrong), wrong[:5]) == (133_333, [1, 2, 4, 5, 7])
    assert all(frame_at(frame_start_ns(index, NTSC), NTSC) == index for index in range(200_000))


def test_T1_row_14_floats_fall_into_traps_that_whole_numbers_do_not() -> None:
    assert sum(int((k / 30) * 30) != k for k in range(100_000)) == 1632
    assert next(k for k in range(100) if int(k * 0.1 / 0.1) != k) == 43
    assert (int(4.35 * 100), int(0.29 * 100)) == (434, 28)
    assert all(frame_at(frame_start_ns(k, Rate(num=30)), Rate(num=30)) == k for k in range(100_000))


def test_T4_rows_15_and_16_near_rates_are_not_the_same() -> None:
    decimal = Rate(num=2997, den=100)
    at = ns_from_seconds(Fraction(33366670, 1000))
    apart = abs(Fraction(at, SECOND) * (NTSC.per_second - decimal.per_second))
    assert apart == pytest.approx(1, abs=1e-4)
    assert frame_start_ns(1, decimal) != frame_start_ns(1, NTSC)
    hour = 3600 * (Rate(num=30).per_second - NTSC.per_second)
    assert float(hour) == pytest.approx(107.89, abs=0.005)


@pytest.mark.parametrize(
    ("frame", "label"),
    [
        (0, "00:00:00;00"),
        (1799, "00:00:59;29"),
        (1800, "00:01:00;02"),
        (17981, "00:09:59;29"),
        (17982, "00:10:00;00"),
        (107892, "01:00:00;00"),
        (2589407, "23:59:59;29"),
    ],
)
def test_T9_rows_17_and_18_drop_frame_labels(frame: int, label: str) -> None:
    assert drop_frame_label(frame) == label
    assert frame_of_label(label) == frame


def test_T9_labels_and_frames_are_each_others_inverse() -> None:
    assert all(frame_of_label(drop_frame_label(frame)) == frame for frame in range(0, FRAMES_PER_DAY, 17))
    assert frame_start_ns(17981, NTSC) == 599_966_033_334
    for bad in ("00:01:00;00", "00:01:00;01", "24:00:00;00", "00:00:00:00", "00:00:61;00"):
        with pytest.raises(InvalidInput):
            frame_of_label(bad)
    with pytest.raises(InvalidInput):
        drop_frame_label(FRAMES_PER_DAY)


def test_T4_row_19_a_table_of_varying_durations() -> None:
    frames = FrameTable.from_ticks(
        [0, 33, 67, 100, 200, 233, 267, 700], time_base=Fraction(1, 1000), end_ticks=733
    )
    shown = [
        frames.frame_at(Ns(ms * 1_000_000)) for ms in (32, 33, 99, 100, 199, 200, 699, 700, 732, 733, -1)
    ]
    assert shown == [0, 1, 2, 3, 3, 4, 6, 7, 7, None, None]


def test_T4_rows_20_and_21_time_bases() -> None:
    seconds = Fraction(AT, SECOND)
    assert seconds * 90_000 == 1_289_430
    assert seconds * 30_000 == 429_810
    assert seconds * 15_360 == Fraction(5_501_568, 25)
    assert seconds * 12_800 == Fraction(916_928, 5)
    assert (seconds * 15_360).__floor__() == 220_062
    assert (seconds * 12_800).__floor__() == 183_385
    assert Fraction(90_000 * 1001, 30_000) == 3003
    assert Fraction(90_000 * 1001, 24_000) == Fraction(375_375, 100)
    film = FrameTable.from_ticks([0, 3754, 7508, 11261, 15015], time_base=Fraction(1, 90_000))
    assert film.frame_at(Ns(ceil_div(7508 * SECOND, 90_000))) == 2
    assert film.frame_at(Ns(ceil_div(7508 * SECOND, 90_000) - 1)) == 1


def test_T1_row_22_flicks_cannot_hold_a_nanosecond() -> None:
    flicks = 705_600_000
    assert Fraction(AT, SECOND) * flicks == 10_109_131_200
    assert flicks / NTSC.per_second == 23_543_520
    assert flicks / Fraction(24000, 1001) == 29_429_400
    assert Fraction(flicks, SECOND) == Fraction(441, 625)
    assert ns_from_seconds(Fraction(10_109_131_200, flicks)) == AT


def test_T8_rows_23_and_24_time_scales_and_leap_seconds() -> None:
    assert tai_from_unix_ns(1_748_736_000 * SECOND) == 1_748_736_037 * SECOND
    assert gps_from_unix_ns(1_748_736_000 * SECOND) == 1_432_771_218 * SECOND
    assert tai_from_unix_ns(1_483_228_799 * SECOND) == 1_483_228_835 * SECOND
    assert tai_from_unix_ns(1_483_228_800 * SECOND) == 1_483_228_837 * SECOND
    assert tai_minus_utc_s(63_072_000) == 10
    with pytest.raises(InvalidInput):
        tai_minus_utc_s(63_071_999)


def test_T8_time_scales_come_back() -> None:
    draw = random.Random(1)
    edges = [1_483_228_799, 1_483_228_800, 78_796_799, 78_796_800, 63_072_000]
    for unix_s in [*edges, *(draw.randint(63_072_000, 2_000_000_000) for _ in range(2000))]:
        unix_ns = unix_s * SECOND + 123_456_789
        assert unix_from_tai_ns(tai_from_unix_ns(unix_ns)) == unix_ns
        assert unix_from_gps_ns(gps_from_unix_ns(unix_ns)) == unix_ns


def test_T8_mixed_up_scales_are_named() -> None:
    assert scale_mixup(-18_200_000_000) == "GPS against UTC: 18 s"
    assert scale_mixup(19_000_000_000) == "TAI (PTP) against GPS: 19 s"
    assert scale_mixup(37_499_999_999) == "TAI (PTP) against UTC: 37 s"
    assert scale_mixup(20_000_000_000) == scale_mixup(0) == ""


def test_T6_rows_25_and_32_an_affine_clock_in_whole_numbers() -> None:
    clock = (ClockSegment(media_ns=0, timeline_ns=7_312_945_700, rate_ppq=35_000_000_000),)
    assert to_timeline(clock, AT) == 21_640_447_145
    assert to_media(clock, 21_640_447_145) == AT
    hour = 3600 * SECOND
    assert to_timeline(clock, hour) - 7_312_945_700 - hour == 126_000_000


def test_T4_row_26_codec_delays_are_audio_samples() -> None:
    assert audio_sample_ns(1024, Rate(num=48000)) == 21_333_333
    assert audio_sample_ns(2112, Rate(num=48000)) == 44_000_000
    assert audio_sample_ns(1024, Rate(num=44100)) == 23_219_955
    assert audio_sample_ns(2112, Rate(num=44100)) == 47_891_156
    assert audio_sample_ns(1105, Rate(num=44100)) == 25_056_689
    assert audio_sample_ns(312, Rate(num=48000)) == 6_500_000


def test_T4_row_27_a_delay_that_fills_packets() -> None:
    delay, content, packet = 2112, audio_sample_held_at(Ns(5 * SECOND), Rate(num=48000)), 1024
    packets = ceil_div(delay + content, packet)
    assert (packets, packets * packet, packets * packet - delay - content) == (237, 242_688, 576)
    assert audio_sample_ns(packets * packet - delay - 576, Rate(num=48000)) == 5 * SECOND


def test_T2_row_28_frames_that_touch_a_span() -> None:
    span = Span(start_ns=14_300_000_000, end_ns=14_400_000_000)
    assert list(table(Rate(num=30), 600).frames_touching(span)) == [429, 430, 431]
    assert list(table(NTSC, 600).frames_touching(span)) == [428, 429, 430, 431]
    assert list(table(Rate(num=30), 600).frames_starting_in(span)) == [429, 430, 431]
    assert list(table(NTSC, 600).frames_starting_in(span)) == [429, 430, 431]


def test_T1_row_30_relative_times_stay_exact_in_json() -> None:
    assert float(Fraction(LIMIT_NS, 86_400 * SECOND)) == pytest.approx(104.25, abs=0.01)
    assert math.ulp(1.7e9) == pytest.approx(238.4e-9, abs=1e-10)
    assert math.ulp(1.7e18) == 256
    assert int(float(1_700_000_000_123_456_789)) != 1_700_000_000_123_456_789
    with pytest.raises(InvalidInput):
        Span(start_ns=0, end_ns=2**53)


def test_T1_row_31_stamps_in_microseconds_subtract_exactly() -> None:
    assert (1532402927612460 - 1532402927647951) * 1000 == -35_491_000


def test_T4_a_hundred_thousand_random_queries_agree_with_fractions() -> None:
    draw = random.Random(20)
    rates = [
        Rate(num=30),
        NTSC,
        Rate(num=24000, den=1001),
        Rate(num=44100),
        Rate(num=16000),
        Rate(num=7, den=3),
    ]
    for _ in range(100_000):
        rate = rates[draw.randrange(len(rates))]
        at = Ns(draw.randrange(-(10**12), 10**13))
        exact = Fraction(at, SECOND) * rate.per_second
        index = exact.numerator // exact.denominator
        assert frame_at(at, rate) == audio_sample_held_at(at, rate) == index
        assert audio_sample_nearest(at, rate) == round_half_up(exact)
        assert frame_start_ns(index, rate) <= at < frame_start_ns(index + 1, rate)


def test_T4_random_tables_show_what_a_linear_search_shows() -> None:
    draw = random.Random(8)
    for _ in range(200):
        ticks = draw.sample(range(500), draw.randint(1, 30))
        frames = FrameTable.from_ticks(ticks, time_base=Fraction(1001, 30_000), zero_ticks=draw.randint(0, 9))
        starts = frames.starts_ns
        for _ in range(20):
            at = Ns(draw.randint(starts[0] - 10, frames.end_ns + 10))
            slow = max((i for i, start in enumerate(starts) if start <= at), default=None)
            expected = None if at >= frames.end_ns else slow
            assert frames.frame_at(at) == expected
            if expected is not None:
                assert frames.span_of(expected).contains(at)
            span = Span(start_ns=at, end_ns=at + draw.randint(1, 10**9))
            touching = [i for i in range(len(frames)) if frames.span_of(i).overlap_ns(span) > 0]
            assert list(frames.frames_touching(span)) == touching
