"""The stamp that places readings, and what the others say."""

from __future__ import annotations

import numpy as np
import pytest

from braid.base.errors import InvalidInput
from braid.formats.recording.stamps import Ints, choose, median_period_ns, stamp_option
from braid.model.timing import Stamp

EPOCH = 1_700_000_000_000_000_000
MS = 1_000_000


def at(*offsets_ms: int) -> Ints:
    return np.array([EPOCH + offset * MS for offset in offsets_ms], dtype=np.int64)


def test_R1_the_device_comes_before_the_publisher_and_the_recorder() -> None:
    columns = {Stamp.LOG: at(20, 50, 85), Stamp.PUBLISH: at(5, 35, 65), Stamp.DEVICE: at(0, 30, 60)}
    chosen = choose(columns)
    assert chosen.stamp is Stamp.DEVICE
    assert chosen.used_ns.tolist() == at(0, 30, 60).tolist()
    assert chosen.code == ""
    assert choose({Stamp.LOG: at(20, 50), Stamp.PUBLISH: at(5, 35)}).stamp is Stamp.PUBLISH
    assert choose({Stamp.LOG: at(20, 50), Stamp.DEVICE: np.zeros(2, dtype=np.int64)}).stamp is Stamp.LOG


def test_R2_every_other_stamp_says_how_far_it_is() -> None:
    chosen = choose({Stamp.DEVICE: at(0, 30, 60), Stamp.PUBLISH: at(5, 35, 65), Stamp.LOG: at(20, 50, 85)})
    publish, log = chosen.gaps
    assert (publish.stamp, publish.count, publish.median_ns, publish.p95_ns) == (
        Stamp.PUBLISH,
        3,
        5 * MS,
        5 * MS,
    )
    assert (log.stamp, log.count, log.median_ns, log.p95_ns) == (Stamp.LOG, 3, 20 * MS, 25 * MS)


def test_R3_publish_times_that_are_the_log_times_say_nothing() -> None:
    chosen = choose({Stamp.PUBLISH: at(1, 2, 3), Stamp.LOG: at(1, 2, 3)})
    assert chosen.stamp is Stamp.LOG
    assert chosen.gaps == ()


@pytest.mark.parametrize(
    ("shift_ms", "said"),
    [(37_000, "TAI (PTP) against UTC: 37 s"), (18_010, "GPS against UTC: 18 s"), (2_000, ""), (-5_000, "")],
)
def test_R4_stamps_that_cannot_be_right_give_way_to_the_recorders(shift_ms: int, said: str) -> None:
    device = at(*(step * 10 + shift_ms for step in range(9)))
    chosen = choose({Stamp.DEVICE: device, Stamp.LOG: at(*(step * 10 for step in range(9)))})
    assert chosen.stamp is Stamp.LOG
    assert chosen.code == "W_STAMPS_DISAGREE"
    assert said in chosen.problem_text
    assert ("after" if shift_ms > 0 else "before") in chosen.problem_text
    assert chosen.gaps[0].median_ns == shift_ms * MS


def test_R4_a_forced_stamp_is_used_all_the_same() -> None:
    columns = {Stamp.DEVICE: at(5000, 5010), Stamp.LOG: at(0, 10)}
    assert choose(columns, forced=Stamp.DEVICE).stamp is Stamp.DEVICE
    assert choose(columns, forced=Stamp.LOG).code == ""
    with pytest.raises(InvalidInput, match="no such stamp"):
        choose(columns, forced=Stamp.PUBLISH)


def test_readings_without_a_device_stamp_are_placed_by_the_next_one() -> None:
    device = at(0, 30, 60, 90)
    device[2] = 0
    chosen = choose({Stamp.DEVICE: device, Stamp.LOG: at(20, 50, 80, 110)})
    assert chosen.used_ns.tolist() == at(0, 30, 60, 90).tolist()
    assert chosen.code == "W_STAMPS_MISSING"
    assert "1 of 4" in chosen.problem_text
    assert chosen.gaps[0].count == 3


def test_stamps_that_all_are_zero_are_still_times() -> None:
    chosen = choose({Stamp.LOG: np.zeros(1, dtype=np.int64)})
    assert (chosen.stamp, chosen.used_ns.tolist()) == (Stamp.LOG, [0])
    with pytest.raises(InvalidInput):
        choose({})


def test_periods_are_medians_in_order_of_time() -> None:
    assert median_period_ns(at(0, 60, 30, 90)) == 30 * MS
    assert median_period_ns(at(0)) is None
    assert median_period_ns(at(1, 1, 1)) is None


def test_the_option_names_a_stamp() -> None:
    assert stamp_option({}) is None
    assert stamp_option({"stamp": "log"}) is Stamp.LOG
    with pytest.raises(InvalidInput):
        stamp_option({"stamp": "media"})


def test_R1_one_wild_stamp_does_not_move_the_recording() -> None:
    device, log = at(*range(0, 100, 10)), at(*range(5, 105, 10))
    device[3] ^= 1 << 61
    device[6] = 5_000_000_000  # the device had no time yet
    chosen = choose({Stamp.DEVICE: device, Stamp.LOG: log})
    assert chosen.used_ns.tolist() == at(*range(0, 100, 10)).tolist()
    assert "2 of 10" in chosen.problem_text
    assert chosen.believed[Stamp.DEVICE].tolist().count(False) == 2
    log[4] ^= 1 << 62
    alone = choose({Stamp.LOG: log})
    assert alone.used_ns.tolist() == at(5, 15, 25, 35, 35, 55, 65, 75, 85, 95).tolist()
    assert alone.code == "W_STAMPS_MISSING"


def test_a_clock_that_starts_at_zero_is_a_clock() -> None:
    chosen = choose({Stamp.LOG: np.array([0, 10, 20], dtype=np.int64)})
    assert (chosen.used_ns.tolist(), chosen.code) == ([0, 10, 20], "")
