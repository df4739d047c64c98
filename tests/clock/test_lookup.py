"""Look-ups between readings: what answers, how far off it is, and when there is no answer. Rule T5."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from braid.base.errors import InvalidInput
from braid.clock.lookup import FOREVER_NS, Found, Lookup, look_up, median_period_ns, policy_of, tolerance_of

IMU_NS = [index * 10_000_000 for index in range(2000)]
HOLED_NS = [0, 10, 20, 30, 70, 80, 90]
AT_NS = 14_327_000_000


def index_of(policy: Lookup, at_ns: int, **options: int) -> int | None:
    found = look_up(HOLED_NS, at_ns, policy=policy, **options)
    return None if found is None else found.index


def test_T5_row_10_an_imu_held_nearest_and_between() -> None:
    assert look_up(IMU_NS, AT_NS, policy=Lookup.HOLD) == Found(
        index=1432, other=1432, weight=Fraction(0), offset_ns=-7_000_000
    )
    assert look_up(IMU_NS, AT_NS, policy=Lookup.NEAREST) == Found(
        index=1433, other=1433, weight=Fraction(0), offset_ns=3_000_000
    )
    for policy in (Lookup.LINEAR, Lookup.SLERP):
        found = look_up(IMU_NS, AT_NS, policy=policy)
        assert found == Found(index=1432, other=1433, weight=Fraction(7, 10), offset_ns=-7_000_000)


def test_T5_beyond_one_and_a_half_periods_the_answer_is_missing_and_never_stale() -> None:
    assert [index_of(Lookup.HOLD, at) for at in (-1, 0, 9, 30, 45, 46, 69, 70, 90, 105, 106)] == [
        None, 0, 0, 3, 3, None, None, 4, 6, 6, None,
    ]  # fmt: skip
    assert [index_of(Lookup.NEAREST, at) for at in (-6, -5, 35, 36, 64, 65, 95, 96)] == [
        None, 0, 3, None, None, 4, 6, None,
    ]  # fmt: skip
    assert [index_of(Lookup.LINEAR, at) for at in (-1, 5, 30, 31, 69, 75, 90, 91)] == [
        None, 0, 3, None, None, 4, 6, None,
    ]  # fmt: skip
    assert [index_of(Lookup.NONE, at) for at in (19, 20, 21)] == [None, 2, None]
    assert look_up([0, 15], 7, policy=Lookup.LINEAR, period_ns=10) is not None
    assert look_up([0, 16], 7, policy=Lookup.LINEAR, period_ns=10) is None


def test_T5_ties_go_to_the_earlier_reading_and_the_last_of_equal_times_counts() -> None:
    assert index_of(Lookup.NEAREST, 5) == 0
    assert index_of(Lookup.NEAREST, 6) == 1
    equal = [0, 0, 10, 10]
    for at, index in ((-1, 1), (0, 1), (4, 1), (6, 3), (10, 3), (11, 3)):
        found = look_up(equal, at, policy=Lookup.NEAREST)
        assert found is not None
        assert found.index == index


def test_T5_a_stated_tolerance_counts() -> None:
    assert index_of(Lookup.NEAREST, 36, tolerance_ns=6) == 3
    assert index_of(Lookup.NEAREST, 35, tolerance_ns=4) is None
    assert index_of(Lookup.NEAREST, 5, tolerance_ns=4) is None
    assert [index_of(Lookup.HOLD, at, tolerance_ns=5) for at in (35, 36)] == [3, None]
    assert [index_of(Lookup.HOLD, at, tolerance_ns=30) for at in (60, 61)] == [3, None]
    assert index_of(Lookup.LINEAR, 5, tolerance_ns=1) == 0


def test_T5_readings_that_jitter_leave_no_holes() -> None:
    jittered = [0, 100, 193, 305, 400, 500]
    found = [look_up(jittered, at, policy=Lookup.NEAREST) for at in range(501)]
    assert all(one is not None for one in found)
    assert median_period_ns(jittered) == 100


def test_T5_events_hold_until_the_next_however_long_that_takes() -> None:
    tolerance = tolerance_of("event")
    assert tolerance == FOREVER_NS
    found = look_up([0, 5, 10**15], 10**14, policy=policy_of("event"), tolerance_ns=tolerance)
    assert found is not None
    assert found.index == 1
    assert tolerance_of("event", tolerance_ns=3) == 3
    assert tolerance_of("instant") is None


def test_T5_a_single_reading_answers_at_any_distance() -> None:
    for policy in (Lookup.HOLD, Lookup.NEAREST, Lookup.LINEAR):
        assert look_up([7], 10**12, policy=policy) is not None
        assert look_up([7, 7], -(10**12), policy=policy) is not None
    assert look_up([7], 8, policy=Lookup.NEAREST, tolerance_ns=0) is None
    assert look_up([7], 8, policy=Lookup.HOLD, tolerance_ns=1) is not None
    assert look_up([7], 6, policy=Lookup.HOLD, tolerance_ns=1) is None
    assert look_up([7], 8, policy=Lookup.NONE) is None
    assert look_up([], 0, policy=Lookup.NEAREST) is None


def test_T5_every_sampling_has_a_policy() -> None:
    assert [policy_of(one) for one in ("instant", "interval", "sweep", "event", "continuous")] == [
        Lookup.NEAREST, Lookup.HOLD, Lookup.NEAREST, Lookup.HOLD, Lookup.HOLD,
    ]  # fmt: skip
    assert policy_of("instant", policy=Lookup.LINEAR) is Lookup.LINEAR
    with pytest.raises(InvalidInput, match="no such sampling"):
        policy_of("sometimes")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(-1000, 1000), min_size=1, max_size=30).map(sorted),
    st.integers(-1100, 1100),
    st.sampled_from([Lookup.HOLD, Lookup.NEAREST, Lookup.LINEAR]),
    st.one_of(st.none(), st.integers(0, 500)),
)
def test_T5_a_look_up_finds_what_a_search_through_all_readings_finds(
    times: list[int], at: int, policy: Lookup, tolerance: int | None
) -> None:
    gaps = sorted(b - a for a, b in pairwise(times) if b > a)
    period = gaps[(len(gaps) - 1) // 2] if gaps else None
    before = [i for i, time in enumerate(times) if time <= at]
    nearest = min(range(len(times)), key=lambda i: (abs(times[i] - at), times[i], -i))
    away = abs(times[nearest] - at)
    expected: int | None = None
    if any(time == at for time in times):
        expected = before[-1]
    elif period is None:
        fits = tolerance is None or (away <= tolerance and (policy is not Lookup.HOLD or bool(before)))
        expected = nearest if fits else None
    elif policy is Lookup.HOLD:
        limit = Fraction(3 * period, 2) if tolerance is None else tolerance
        expected = before[-1] if before and at - times[before[-1]] <= limit else None
    else:
        whole = bool(before) and before[-1] + 1 < len(times)
        gap_free = whole and Fraction(times[before[-1] + 1] - times[before[-1]]) <= Fraction(3 * period, 2)
        if policy is Lookup.LINEAR:
            expected = before[-1] if gap_free else None
        elif tolerance is None:
            expected = nearest if gap_free or away <= Fraction(period, 2) else None
        else:
            expected = nearest if away <= tolerance else None
    for given_times in (times, np.array(times, dtype=np.int64)):
        found = look_up(given_times, at, policy=policy, tolerance_ns=tolerance)  # type: ignore[arg-type]
        assert (None if found is None else found.index) == expected
        if found is not None:
            assert found.offset_ns == times[found.index] - at
            assert 0 <= found.weight < 1
