"""Clock maps composed and turned round, in whole numbers. Rules T6, T10, T11 and T12."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clock.test_clock_map import maps

from braid.base.errors import InvalidInput
from braid.clock.clock_map import (
    RATE_UNIT,
    ClockFit,
    ClockSegment,
    Jump,
    check_segments,
    compose,
    inverse,
    jumps,
    media_at,
    outside_ns,
    sigma_ns,
    to_media,
    to_timeline,
)
from braid.clock.named_rates import NAMED_RATES, ppq_of, recognise_rate
from braid.clock.uncertainty import compose_fits

Segments = tuple[ClockSegment, ...]
NEAR = st.integers(0, 9 * 10**14)
"""Within 11 days after the start of a piece."""


def exact(segments: Segments, media: Fraction) -> Fraction:
    """The map without any rounding, after the piece that the whole number below `media` lies in."""
    piece = max(
        (one for one in segments if one.media_ns <= media), key=lambda one: one.media_ns, default=segments[0]
    )
    return piece.timeline_ns + (media - piece.media_ns) * (1 + Fraction(piece.rate_ppq, RATE_UNIT))


@settings(max_examples=300, deadline=None)
@given(maps(), maps(), st.data())
def test_T10_a_composed_map_is_within_a_nanosecond_of_the_two_lines(
    outer: Segments, inner: Segments, data: st.DataObject
) -> None:
    both = compose(outer, inner)
    check_segments(both)
    piece = data.draw(st.sampled_from(both))
    after = [one.media_ns for one in both if one.media_ns > piece.media_ns]
    at = min([piece.media_ns + data.draw(NEAR), *(start - 1 for start in after[:1])])
    line = exact(outer, exact(inner, Fraction(at)))
    mapped = to_timeline(both, at)
    assert line.__floor__() - 1 <= mapped <= line.__floor__() + 1
    assert abs(mapped - to_timeline(outer, to_timeline(inner, at))) <= 2


@settings(max_examples=150, deadline=None)
@given(maps(), st.integers(-(10**14), 10**14))
def test_T10_composing_with_the_identity_changes_nothing(clock: Segments, at: int) -> None:
    assert compose((ClockSegment(media_ns=0, timeline_ns=0),), clock) == clock
    same = (ClockSegment(media_ns=-(10**15), timeline_ns=-(10**15)),)
    assert abs(to_timeline(compose(clock, same), at) - to_timeline(clock, at)) <= 1


def test_T10_pieces_of_both_maps_become_pieces_of_the_whole() -> None:
    inner = (ClockSegment(media_ns=0, timeline_ns=100), ClockSegment(media_ns=50, timeline_ns=200))
    outer = (
        ClockSegment(media_ns=0, timeline_ns=0),
        ClockSegment(media_ns=120, timeline_ns=1120),
        ClockSegment(media_ns=180, timeline_ns=2180),
        ClockSegment(media_ns=230, timeline_ns=3230),
    )
    both = compose(outer, inner)
    assert [(one.media_ns, one.timeline_ns) for one in both] == [
        (0, 100), (20, 1120), (50, 2200), (80, 3230),
    ]  # fmt: skip
    early = compose(outer, (ClockSegment(media_ns=1000, timeline_ns=500),))
    assert [(one.media_ns, one.timeline_ns) for one in early] == [
        (500, 0), (620, 1120), (680, 2180), (730, 3230),
    ]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    st.integers(-(10**14), 10**14),
    st.integers(-(10**14), 10**14),
    st.integers(-(10**12), 10**12),
    st.integers(-(9 * 10**14), 9 * 10**14),
)
def test_T10_the_inverse_is_a_map_too(media: int, timeline: int, rate: int, since: int) -> None:
    clock = (ClockSegment(media_ns=media, timeline_ns=timeline, rate_ppq=rate),)
    back = inverse(clock)
    at = timeline + since
    assert abs(to_timeline(back, at) - to_media(clock, at)) <= (1 if since >= 0 else 2)
    around = compose(back, clock)
    assert abs(to_timeline(around, media + since) - (media + since)) <= 2


def test_T10_a_jump_is_a_hole_that_has_no_media_time() -> None:
    clock = (ClockSegment(media_ns=0, timeline_ns=0), ClockSegment(media_ns=100, timeline_ns=150))
    assert jumps(clock) == (Jump(media_ns=100, from_ns=100, to_ns=150),)
    assert [media_at(clock, at) for at in (99, 100, 149, 150, 151)] == [99, None, None, 100, 101]
    assert to_media(clock, 120) == 99
    with pytest.raises(InvalidInput, match="jump"):
        inverse(clock)
    rounded = (ClockSegment(media_ns=0, timeline_ns=0), ClockSegment(media_ns=100, timeline_ns=101))
    assert jumps(rounded) == ()


def test_T7_a_piece_that_overruns_the_next_is_refused() -> None:
    touching = (ClockSegment(media_ns=0, timeline_ns=0), ClockSegment(media_ns=100, timeline_ns=99))
    check_segments(touching)
    overrun = (ClockSegment(media_ns=0, timeline_ns=0), ClockSegment(media_ns=100, timeline_ns=98))
    with pytest.raises(InvalidInput, match="later into earlier"):
        check_segments(overrun)


def test_T11_known_ratios_are_named() -> None:
    for name, ratio in NAMED_RATES.items():
        assert recognise_rate(ratio) == name
        assert recognise_rate(ppq_of(ratio) + 120 * 10**9) == name
    assert ppq_of(NAMED_RATES["44100/48000"]) == -81_250 * 10**9
    assert NAMED_RATES["25/23.976"] == 25 / Fraction(24000, 1001)
    assert recognise_rate(35 * 10**9) == recognise_rate(Fraction(1)) == recognise_rate(700 * 10**9) == ""
    assert recognise_rate(1_050 * 10**9, within_ppq=10 * 10**9) == ""


def test_T12_beyond_where_it_was_measured_a_map_knows_less() -> None:
    fit = ClockFit(offset_sigma_ns=1000)
    seen = {"valid_from_ns": 0, "valid_to_ns": 10**9}
    assert sigma_ns(fit, 10**9, **seen) == sigma_ns(fit, 0, **seen) == sigma_ns(fit, 10**12) == 1000
    assert sigma_ns(fit, 2 * 10**9, **seen) == sigma_ns(fit, -(10**9), **seen) == 1415
    assert sigma_ns(fit, 10**9 + 3600 * 10**9, **seen) == 3_600_001
    assert outside_ns(-5, **seen) == 5
    assert outside_ns(10**9, **seen) == 0
    assert outside_ns(10**18, valid_from_ns=None, valid_to_ns=None) == 0


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 10**7), st.integers(0, 10**10), st.integers(-(10**12), 10**12),
    st.integers(0, 10**7), st.integers(0, 10**10), st.integers(-(10**12), 10**12),
    st.integers(-(10**13), 10**13),
)  # fmt: skip
def test_T6_variances_of_composed_maps_add(
    a1: int, b1: int, c1: int, a2: int, b2: int, c2: int, at: int
) -> None:
    inner_fit = ClockFit(offset_sigma_ns=a1, rate_sigma_ppq=b1, centre_ns=c1, system_sigma_ns=5)
    outer_fit = ClockFit(offset_sigma_ns=a2, rate_sigma_ppq=b2, centre_ns=c2, system_sigma_ns=12)
    inner = (ClockSegment(media_ns=0, timeline_ns=77),)
    both = compose_fits(outer_fit, inner_fit, inner=inner)
    assert both.system_sigma_ns == 13
    wanted = sigma_ns(inner_fit, at) ** 2 + sigma_ns(outer_fit, at + 77) ** 2
    got = sigma_ns(both, at)
    assert abs(got - wanted**0.5) <= 4 + 2e-6 * got
