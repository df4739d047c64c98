"""What a stream shows at an instant, from its file or its readings. Rule T13."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.media.click_clips import CASES, CLICK_S, FRAME_S, write_case

from braid.base.errors import InvalidInput
from braid.clock.clock_map import ClockFit, ClockSegment
from braid.clock.index import AudioSamples, Sweeps, shown_at
from braid.clock.lookup import Lookup
from braid.media.audio import blocks
from braid.media.stream_index import audio_index, index_of, video_index
from braid.model.records import Modality, Reading, Sampling, Stream
from braid.model.timing import StampPart, Timing

CLICK_NS = int(CLICK_S * 10**9)


def stream(modality: Modality, sampling: Sampling, **more: object) -> Stream:
    return Stream(id="s", sample="x", name="one", modality=modality, sampling=sampling, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", [one for one in CASES if not one.unknown], ids=lambda case: case.name)
def test_T13_the_click_is_the_audio_sample_and_the_video_frame_of_its_instant(
    tmp_path: Path, case: object
) -> None:
    path = write_case(tmp_path, case)  # type: ignore[arg-type]
    sound = audio_index(path)
    samples = np.concatenate(list(blocks(path, track=0)))[:, 0]
    assert abs(len(samples) - len(sound)) <= 256
    heard = sound.at(CLICK_NS)
    assert heard is not None
    assert abs(int(np.argmax(np.abs(samples))) - heard.index) <= 2
    assert sound.nearest(sound.time_ns(heard.index)) == heard.index
    if getattr(case, "video", ""):
        shown = video_index(path).at(CLICK_NS)
        assert shown is not None
        assert shown.index == int(CLICK_S / FRAME_S)
        assert abs(shown.offset_ns + CLICK_NS - shown.index * FRAME_S * 10**9) <= 500_001


def test_T13_a_stream_is_looked_up_by_what_it_is(tmp_path: Path) -> None:
    path = write_case(tmp_path, next(one for one in CASES if one.name == "mp4"))
    assert index_of(stream(Modality.VIDEO, Sampling.INTERVAL), path) == video_index(path)
    assert isinstance(index_of(stream(Modality.AUDIO, Sampling.CONTINUOUS), path), AudioSamples)
    readings = tuple(Reading(at_ns=k * 100_000_000, asset="a") for k in range(5))
    lidar = stream(
        Modality.POINT_CLOUD,
        Sampling.SWEEP,
        readings=readings,
        timing=Timing(sweep_ns=100_000_000, part=StampPart.END),
    )
    turns = index_of(lidar)
    assert isinstance(turns, Sweeps)
    found = turns.at(30_000_000)
    assert found is not None
    assert (found.index, found.offset_ns) == (1, 70_000_000)
    assert not isinstance(index_of(stream(Modality.POINT_CLOUD, Sampling.SWEEP, readings=readings)), Sweeps)
    with pytest.raises(InvalidInput, match="no times"):
        index_of(stream(Modality.TEXT, Sampling.CONTINUOUS), path)


def test_T13_a_table_is_looked_up_between_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "speed.csv"
    path.write_text("time_s,speed\n" + "".join(f"{k / 10},{k}\n" for k in (0, 1, 2, 3, 9)), encoding="utf-8")
    speed = stream(Modality.SERIES, Sampling.INSTANT, timing=Timing(lookup=Lookup.LINEAR))
    clock = (ClockSegment(media_ns=0, timeline_ns=1_000_000_000),)
    shown = shown_at(
        index_of(speed, path), 1_225_000_000, segments=clock, fit=ClockFit(offset_sigma_ns=400_000)
    )
    assert shown is not None
    assert (shown.found.index, shown.found.other, float(shown.found.weight)) == (2, 3, 0.25)
    assert (shown.offset_ns, shown.sigma_ns) == (-25_000_000, 400_000)
    assert shown_at(index_of(speed, path), 1_500_000_000, segments=clock) is None
