"""Checks in shards: the same findings, whatever the size of a shard. Rule C1."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.checks.scenes import broken

from braid.base.errors import InvalidInput
from braid.checks.run import run_checks
from braid.checks.tables import Tables
from braid.engine.local import check_samples
from braid.model import records as m

KEPT = ("kind", "type", "class_id", "frame", "parent_frame", "modality")
SHARED = ("onto", "layer")


def copies(count: int) -> list[m.AnyRecord]:
    """The broken drive several times, under other ids; ontology and layer are shared."""
    one = broken()
    found: list[m.AnyRecord] = [one[name] for name in SHARED]

    def renamed(value: Any, number: int) -> Any:
        if isinstance(value, dict):
            return {key: part if key in KEPT else renamed(part, number) for key, part in value.items()}
        if isinstance(value, list):
            return [renamed(part, number) for part in value]
        known = isinstance(value, str) and value not in SHARED and (value in one or value == "clock-mic")
        return f"{value}-{number}" if known else value

    for number in range(count):
        for name, record in one.items():
            if name not in SHARED:
                plain = renamed(msgspec.json.decode(msgspec.json.encode(record)), number)
                found.append(msgspec.convert(plain, type=m.AnyRecord))
    return found


@pytest.mark.parametrize("shard_size", [1, 2, 5, 64])
def test_C1_shards_find_what_one_run_finds(shard_size: int) -> None:
    records = copies(5)
    samples = [f"s1-{number}" for number in range(5)]
    whole = run_checks(Tables.build(records))
    parts = check_samples(samples, lambda shard: Tables.build(records, scope=shard), shard_size=shard_size)
    assert parts == whole
    assert {finding.sample for finding in whole} == set(samples)
    assert {finding.check for finding in whole} == {"projection", "entity-label", "temporal-overlap"}


def test_C1_progress_tells_how_far_it_is() -> None:
    records = copies(5)
    seen: list[tuple[int, int]] = []
    samples = [f"s1-{number}" for number in range(5)]
    check_samples(
        samples,
        lambda shard: Tables.build(records, scope=shard),
        shard_size=2,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(0, 5), (2, 5), (4, 5), (5, 5)]


def test_C1_only_named_checks_and_sound_shards() -> None:
    records = copies(1)
    found = check_samples(["s1-0"], lambda shard: Tables.build(records, scope=shard), only=["projection"])
    assert [finding.check for finding in found] == ["projection"]
    with pytest.raises(InvalidInput):
        check_samples(["s1-0"], lambda shard: Tables.build(records, scope=shard), shard_size=0)
