"""Streams that lie 18, 19 or 37 s beside the others."""

from __future__ import annotations

import pytest

from braid.checks.run import run_checks
from braid.checks.tables import Tables
from braid.clock.clock_map import ClockSegment
from braid.model import records as m
from braid.model.findings import Finding

SECOND = 1_000_000_000


def recording(**starts_s: float) -> dict[str, m.AnyRecord]:
    """A sample of streams of 100 s that begin at these seconds; the one called "late" lasts 20 s less."""
    records: list[m.AnyRecord] = [m.Sample(id="s1", key="drive-1")]
    for name, start_s in starts_s.items():
        start = round(start_s * SECOND)
        facts = m.MediaFacts(start_ns=start, duration_ns=(80 if name == "late" else 100) * SECOND)
        records.append(
            m.Stream(
                id=name,
                sample="s1",
                name=name,
                modality=m.Modality.SERIES,
                sampling=m.Sampling.INSTANT,
                facts=facts,
            )
        )
    return {one.id: one for one in records}


def found(records: dict[str, m.AnyRecord]) -> list[Finding]:
    tables = Tables.build(records.values(), scope=["s1"], texts={})
    return [one for one in run_checks(tables) if one.check == "time-scale-mixup"]


@pytest.mark.parametrize(
    ("apart_s", "said"),
    [
        (36.9, "36.90 s after can, imu: that smells of TAI (PTP) against UTC: 37 s"),
        (-18.2, "18.20 s before can, imu: that smells of GPS against UTC: 18 s"),
        (19.1, "TAI (PTP) against GPS: 19 s"),
    ],
)
def test_C16_the_stream_that_lies_beside_the_others_is_named(apart_s: float, said: str) -> None:
    [one] = found(recording(can=0, imu=0.02, camera=apart_s))
    assert said in one.message
    assert [culprit.id for culprit in one.culprits] == ["camera"]


def test_C16_streams_that_agree_or_only_start_later_are_left_alone() -> None:
    assert found(recording(can=0, imu=0.02, camera=5)) == []
    assert found(recording(can=0, imu=0.02, late=20)) == []
    assert found(recording(can=0, late=18)) == []


def test_C16_a_corrected_clock_ends_the_finding() -> None:
    records = recording(can=0, camera=37)
    assert len(found(records)) == 1
    piece = ClockSegment(media_ns=37 * SECOND, timeline_ns=0)
    records["map"] = m.ClockMap(id="map", sample="s1", stream="camera", segments=(piece,))
    assert found(records) == []


def test_C16_readings_count_as_well_as_facts() -> None:
    records = recording(can=0, imu=0)
    readings = tuple(m.Reading(at_ns=(37 + at) * SECOND, asset="a" * 64) for at in range(0, 101, 10))
    records["cam"] = m.Stream(
        id="cam",
        sample="s1",
        name="cam",
        modality=m.Modality.IMAGE,
        sampling=m.Sampling.INSTANT,
        readings=readings,
    )
    [one] = found(records)
    assert one.culprits[0].id == "cam"
