"""Remuxing changes the container and nothing that is seen or heard. Rule T15."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from tests.media.click_clips import CASES, Case, write_case
from tests.media.clips import write_video

from braid.base.errors import InvalidInput
from braid.media import derive, probe, proxy_type
from braid.media.audio import blocks
from braid.media.containers import scan
from braid.media.remux import remux, why_remux
from braid.model.records import Modality

BY_NAME = {case.name: case for case in CASES}
VARIABLE_MS = [0, 33, 67, 100, 200, 233, 267, 700, 733, 767, 800, 1300, 1333, 1367, 1400, 1433, 1467]
LATE = Fraction(293, 1000)


def pictures(path: Path) -> Iterator[bytes]:
    """Every decoded video frame in presentation order."""
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="gray").tobytes()


def sound(path: Path) -> tuple[int | None, Any]:
    """Where it starts, and all of it."""
    return probe(path, modality=Modality.AUDIO).facts.start_ns, np.concatenate(list(blocks(path, track=0)))


@pytest.mark.parametrize("late", [Fraction(0), LATE])
@pytest.mark.parametrize("name", ["mp4 without edit list", "mkv", "mpegts"])
def test_T15_a_remux_keeps_every_frame_at_its_time_and_every_audio_sample(
    tmp_path: Path, name: str, late: Fraction
) -> None:
    path, into = write_case(tmp_path, BY_NAME[name], audio_start=late), tmp_path / "remuxed.mp4"
    assert why_remux(path)
    remux(path, into)
    before, after = json.loads(derive("frames", path)), json.loads(derive("frames", into))
    for key in ("starts_ns", "end_ns", "key_frames"):
        assert before[key] == after[key]
    assert list(pictures(path)) == list(pictures(into))
    (start, heard), (start_after, heard_after) = sound(path), sound(into)
    assert start is not None
    assert start_after is not None
    lead = round(
        (start - start_after) * 48_000 / 10**9
    )  # MP4 cannot pause and then drop priming: it is heard
    assert lead in {0, 1024}
    assert abs(start - start_after - lead * 10**9 / 48_000) <= 21_000
    common = min(len(heard), len(heard_after) - lead)
    assert np.array_equal(heard[:common], heard_after[lead : lead + common])
    assert len(heard) - common < 1024
    assert scan(into).zero == 0
    assert (after["zero_s"], proxy_type(into), why_remux(into)) == (0.0, "", "")
    assert probe(into).facts.rate == probe(path).facts.rate


@pytest.mark.parametrize("ending", ["mp4", "mkv", "ts"])
def test_T15_a_varying_rate_survives(tmp_path: Path, ending: str) -> None:
    path = write_video(
        tmp_path / f"a.{ending}",
        VARIABLE_MS,
        time_base=Fraction(1, 1000),
        b_frames=2,
        container="mpegts" if ending == "ts" else None,
        options={"use_editlist": "0"} if ending == "mp4" else None,
    )
    remux(path, tmp_path / "remuxed.mp4")
    starts = json.loads(derive("frames", tmp_path / "remuxed.mp4"))["starts_ns"]
    assert starts == json.loads(derive("frames", path))["starts_ns"]
    assert [round(at / 1e6) for at in starts] == VARIABLE_MS


@pytest.mark.parametrize(
    "case",
    [BY_NAME["mp4"], BY_NAME["webm"], BY_NAME["adts"], replace(BY_NAME["mkv"], video="libvpx-vp9")],
    ids=str,
)
def test_T15_what_needs_no_cure_is_left_alone(tmp_path: Path, case: Case) -> None:
    assert why_remux(write_case(tmp_path, case)) == ""


def test_T15_what_mp4_cannot_hold_is_refused(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mkv", [0, 40, 80], time_base=Fraction(1, 1000), codec="libvpx")
    assert why_remux(path) == ""
    with pytest.raises(InvalidInput):
        remux(path, tmp_path / "b.mp4")


def test_T15_a_track_that_would_be_lost_keeps_the_original(tmp_path: Path) -> None:
    plain, path = write_case(tmp_path, BY_NAME["mkv"]), tmp_path / "subtitled.mkv"
    with av.open(str(plain)) as source, av.open(str(path), "w") as output:
        copies = {one.index: output.add_stream_from_template(one) for one in source.streams}
        output.add_attachment("notes.ttf", "application/x-truetype-font", b"a font of the subtitles")
        for packet in source.demux():
            if packet.size:
                packet.stream = copies[packet.stream_index]
                output.mux(packet)
    assert why_remux(path)
    with pytest.raises(InvalidInput, match="would be lost"):
        remux(path, tmp_path / "b.mp4")
