from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from braid.base.ids import is_uuid7
from braid.store import ids


def test_ids_are_uuid7_and_ascend() -> None:
    made = [ids.new_id() for _ in range(2000)]
    assert all(map(is_uuid7, made))
    assert made == sorted(set(made))


def test_ids_ascend_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    times_ns = iter([5_000_000_000, 4_000_000_000, 5_000_000_000, 6_000_000_000])
    monkeypatch.setattr("time.time_ns", lambda: next(times_ns))
    new_id = ids.system_ids()
    made = [new_id() for _ in range(4)]
    assert made == sorted(set(made))


def test_ids_stay_ids_when_a_millisecond_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time_ns", lambda: 5_000_000_000)
    monkeypatch.setattr("secrets.randbits", lambda bits: (1 << bits) - 1)
    new_id = ids.system_ids()
    first = new_id()
    monkeypatch.setattr(ids, "_STEP_BITS", 73)
    second = new_id()
    assert is_uuid7(first)
    assert is_uuid7(second)
    assert second > first


def test_ids_of_many_threads_are_distinct() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = [
            one for part in pool.map(lambda _: [ids.new_id() for _ in range(200)], range(8)) for one in part
        ]
    assert len(set(made)) == 1600
