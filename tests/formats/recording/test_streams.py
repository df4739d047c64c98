"""Streams of recordings: origin, timing, clock maps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.formats.reading import LAYER, counted_ids

from braid.base.errors import InvalidInput
from braid.clock.clock_map import to_timeline
from braid.formats.recording.stamps import choose
from braid.formats.recording.streams import (
    fitted_clock,
    origin_of,
    stamp_zeros,
    stream_of,
    timing_of,
)
from braid.formats.seam import ReadContext
from braid.model.records import Modality, Ontology, Reading, Sampling, Stream
from braid.model.timing import Stamp, Timescale

EPOCH = 1_700_000_000_000_000_000
SAMPLE = "01900000-0000-7000-8000-00000000fffd"


@pytest.fixture
def context(tmp_path: Path) -> ReadContext:
    new_id = counted_ids()
    return ReadContext(
        new_id=new_id, layer=LAYER, ontology=Ontology(id=new_id(), version=1), scratch=tmp_path
    )


def a_stream(context: ReadContext) -> Stream:
    used = np.array([EPOCH, EPOCH + 100, EPOCH + 200], dtype=np.int64)
    chosen = choose({Stamp.DEVICE: used, Stamp.LOG: used + 7})
    origin = origin_of([used])
    return stream_of(
        context,
        sample=SAMPLE,
        name="/imu/data",
        modality=Modality.SERIES,
        sampling=Sampling.INSTANT,
        timing=timing_of(chosen, origin),
        asset="0" * 64,
    )


def test_R5_the_origin_is_the_earliest_unix_stamp() -> None:
    early, late = np.array([EPOCH + 5, EPOCH + 3]), np.array([EPOCH + 9])
    boot = np.array([12_000_000_000])
    origin = origin_of([late, boot, early])
    assert (origin.zero_ns, origin.epoch_ns) == (EPOCH + 3, str(EPOCH + 3))
    assert origin.timescale is Timescale.UTC
    alone = origin_of([boot, boot + 5])
    assert (alone.zero_ns, alone.epoch_ns) == (12_000_000_000, None)
    assert alone.timescale is Timescale.UNKNOWN
    with pytest.raises(InvalidInput):
        origin_of([np.zeros(0, dtype=np.int64)])


def test_a_stream_says_its_clock(context: ReadContext) -> None:
    stream = a_stream(context)
    timing = stream.timing
    assert (timing.period_ns, timing.timescale, timing.stamp) == (100, Timescale.UTC, Stamp.DEVICE)
    assert timing.zero_ns == str(EPOCH)
    assert [(gap.stamp, gap.median_ns) for gap in timing.gaps] == [(Stamp.LOG, 7)]
    assert stream.media_type == "application/vnd.apache.parquet"
    assert stream.file_name == "imu-data.parquet"


def test_readings_are_put_in_order(context: ReadContext) -> None:
    timing = a_stream(context).timing
    readings = [Reading(at_ns=at_ns, asset=f"{at_ns:064x}") for at_ns in (3, 1, 2)]
    stream = stream_of(
        context,
        sample=SAMPLE,
        name="cam",
        modality=Modality.IMAGE,
        sampling=Sampling.INSTANT,
        timing=timing,
        readings=readings,
    )
    assert [reading.at_ns for reading in stream.readings] == [1, 2, 3]
    with pytest.raises(InvalidInput):
        stream_of(
            context,
            sample=SAMPLE,
            name="x",
            modality=Modality.IMAGE,
            sampling=Sampling.INSTANT,
            timing=timing,
        )


def test_a_stamp_of_another_clock_counts_from_its_own_start() -> None:
    log = np.array([EPOCH, EPOCH + 100, EPOCH + 200], dtype=np.int64)
    boot = np.array([0, 5_000, 5_100], dtype=np.int64)
    columns = {Stamp.DEVICE: boot, Stamp.LOG: log}
    chosen = choose(columns)
    assert chosen.stamp is Stamp.LOG
    zeros = stamp_zeros(columns, chosen, origin_of([chosen.used_ns]))
    assert zeros == {Stamp.DEVICE: 5_000, Stamp.LOG: EPOCH}


def test_R6_a_boot_clock_is_fitted_to_the_recorders(context: ReadContext) -> None:
    rng = np.random.default_rng(7)
    media = (np.arange(2_000) * 10_000_000).astype(np.int64)
    true = media + 5_000_000_000 + media * 80 // 1_000_000  # 80 ppm
    seen = true + rng.normal(0, 300_000, len(media)).astype(np.int64)
    seen[::97] += 40_000_000
    found = fitted_clock(context, a_stream(context), media_ns=media, timeline_ns=seen, method="stamps")
    worst = max(abs(to_timeline(found.segments, int(at)) - int(t)) for at, t in zip(media, true, strict=True))
    assert worst < 60_000
    assert abs(found.segments[0].rate_ppq - 80 * 10**9) < 3 * 10**9
    assert (found.valid_from_ns, found.valid_to_ns) == (0, int(media[-1]))
    assert 200_000 < found.fit.system_sigma_ns < 400_000


def test_an_implausible_rate_is_no_rate(context: ReadContext) -> None:
    media = (np.arange(100) * 10_000_000).astype(np.int64)
    found = fitted_clock(context, a_stream(context), media_ns=media, timeline_ns=media * 2, method="stamps")
    assert found.segments[0].rate_ppq == 0
