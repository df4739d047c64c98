"""Clock maps: monotone, invertible within a nanosecond, honest about uncertainty. Rules T3, T6 and T7."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from braid.base.errors import InvalidInput
from braid.clock.clock_map import (
    RATE_UNIT,
    ClockFit,
    ClockSegment,
    check_segments,
    sigma_ns,
    span_to_timeline,
    to_media,
    to_timeline,
)
from braid.clock.ns import Span

TIMES = st.integers(-(10**14), 10**14)
RATES = st.integers(-(10**12), 10**12)


@st.composite
def maps(draw: st.DrawFn) -> tuple[ClockSegment, ...]:
    """One to four pieces; each begins where the one before ends, or jumps forward from there."""
    media, timeline = draw(TIMES), draw(TIMES)
    pieces = [ClockSegment(media_ns=media, timeline_ns=timeline, rate_ppq=draw(RATES))]
    for _ in range(draw(st.integers(0, 3))):
        media = pieces[-1].media_ns + draw(st.integers(10**6, 10**12))
        timeline = to_timeline(tuple(pieces), media) + draw(st.sampled_from([0, 0, 5_000_000]))
        pieces.append(ClockSegment(media_ns=media, timeline_ns=timeline, rate_ppq=draw(RATES)))
    return tuple(pieces)


@settings(max_examples=150, deadline=None)
@given(maps(), TIMES)
def test_T7_the_inverse_returns_within_a_nanosecond(clock: tuple[ClockSegment, ...], media_ns: int) -> None:
    check_segments(clock)
    back = to_media(clock, to_timeline(clock, media_ns))
    assert abs(back - media_ns) <= 1


@settings(max_examples=150, deadline=None)
@given(maps(), TIMES, st.integers(0, 10**10))
def test_T7_later_stays_later(clock: tuple[ClockSegment, ...], media_ns: int, more_ns: int) -> None:
    assert to_timeline(clock, media_ns) <= to_timeline(clock, media_ns + more_ns)


@settings(max_examples=150, deadline=None)
@given(maps(), TIMES)
def test_T7_the_inverse_never_maps_beyond(clock: tuple[ClockSegment, ...], timeline_ns: int) -> None:
    assert to_timeline(clock, to_media(clock, timeline_ns)) <= timeline_ns


@settings(max_examples=150, deadline=None)
@given(TIMES, TIMES, RATES, TIMES)
def test_T7_one_piece_is_the_exact_line_rounded_down(d0: int, s0: int, rate: int, media_ns: int) -> None:
    exact = s0 + (media_ns - d0) * (1 + Fraction(rate, RATE_UNIT))
    mapped = to_timeline((ClockSegment(media_ns=d0, timeline_ns=s0, rate_ppq=rate),), media_ns)
    assert mapped == exact.numerator // exact.denominator


def test_T3_a_corrected_clock_moves_all_that_was_seen_through_it() -> None:
    before = (ClockSegment(media_ns=0, timeline_ns=0),)
    after = (ClockSegment(media_ns=0, timeline_ns=250_000_000),)
    span = Span(start_ns=1_000_000_000, end_ns=1_500_000_000)
    assert span_to_timeline(before, span) == span
    assert span_to_timeline(after, span) == Span(start_ns=1_250_000_000, end_ns=1_750_000_000)


def test_T2_a_span_never_collapses() -> None:
    slow = (ClockSegment(media_ns=0, timeline_ns=0, rate_ppq=-(10**14)),)
    mapped = [span_to_timeline(slow, Span(start_ns=at, end_ns=at + 1)) for at in range(40)]
    assert {span.length_ns for span in mapped} == {1}


def test_T6_uncertainty_grows_with_the_distance_from_the_centre() -> None:
    fit = ClockFit(
        offset_sigma_ns=3_000, rate_sigma_ppq=4_000_000_000, system_sigma_ns=0, centre_ns=10_000_000_000
    )
    assert sigma_ns(fit, 10_000_000_000) == 3_000
    assert sigma_ns(fit, 11_000_000_000) == 5_000
    assert sigma_ns(fit, 9_000_000_000) == 5_000
    assert sigma_ns(ClockFit(offset_sigma_ns=1, system_sigma_ns=1), 0) == 2
    assert sigma_ns(ClockFit(), 5) == 0


@pytest.mark.parametrize(
    "segments",
    [
        (),
        (ClockSegment(media_ns=0, timeline_ns=0), ClockSegment(media_ns=0, timeline_ns=1)),
        (ClockSegment(media_ns=0, timeline_ns=5), ClockSegment(media_ns=1, timeline_ns=5)),
        (ClockSegment(media_ns=0, timeline_ns=0, rate_ppq=RATE_UNIT // 2),),
        (ClockSegment(media_ns=0, timeline_ns=0, rate_ppq=-RATE_UNIT // 2),),
    ],
)
def test_T7_maps_that_make_no_sense_are_refused(segments: tuple[ClockSegment, ...]) -> None:
    with pytest.raises(InvalidInput):
        check_segments(segments)
