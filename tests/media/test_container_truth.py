"""The 14 containers: where a click and every video frame land, against where they were put. Rule T14."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests.media.click_clips import CASES, CLICK_S, FRAME_S, FRAMES, Case, write_case
from tests.media.clips import write_video
from tests.media.shared import shared_file

from braid.media import derive, list_tracks, probe
from braid.media.audio import blocks
from braid.media.mp4_edits import edit_lists
from braid.model.records import Edit, Modality

MILLISECOND_NS = 1_000_000
BY_NAME = {case.name: case for case in CASES}


def heard_ns(path: Path) -> int:
    """Where the click lies in media time, by the audio that is drawn and played."""
    facts = probe(path, modality=Modality.AUDIO).facts
    assert facts.rate is not None
    assert facts.start_ns is not None
    samples = np.concatenate(list(blocks(path, track=0)))[:, 0]
    loudest = int(np.argmax(np.abs(samples)))
    return facts.start_ns + loudest * 10**9 // facts.rate.num


def starts_ns(path: Path) -> list[int]:
    """The frame table."""
    found = json.loads(derive("frames", path))["starts_ns"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_T14_audio_and_video_lie_within_a_millisecond_of_the_truth_or_a_warning_says_why_not(
    tmp_path: Path, case: Case
) -> None:
    path = write_case(tmp_path, case)
    warnings = probe(path, modality=Modality.AUDIO).facts.warnings
    late_ns = heard_ns(path) - int(CLICK_S * 10**9)
    assert ("W_PRIMING_UNKNOWN" in warnings) == case.unknown
    assert abs(late_ns) < (70 if case.unknown else 1) * MILLISECOND_NS
    if case.video:
        starts = starts_ns(path)
        assert len(starts) == FRAMES
        off = [start - int(number * FRAME_S * 10**9) for number, start in enumerate(starts)]
        assert max(off) - min(off) <= MILLISECOND_NS
        assert (
            abs(late_ns - off[0]) < MILLISECOND_NS
        )  # against each other they are right even without priming


@pytest.mark.parametrize(
    ("name", "priming", "padding", "edits", "zero"),
    [
        ("wav", 0, None, (), ""),
        ("m4a", 1024, 0, (Edit(duration_ns=2_000_000_000, from_ns=21_333_333),), ""),
        ("m4a without edit list", None, None, (), ""),
        ("mp3 with xing", 1105, 815, (), "221/9600"),
        ("mp3 without xing", None, None, (), ""),
        ("opus", 312, 648, (), ""),
        ("vorbis", 128, None, (), ""),
        ("webm", 312, 648, (), ""),
        ("mpegts", None, None, (), "227/5000"),
    ],
)
def test_T14_what_the_file_says_of_its_ends_is_kept(
    tmp_path: Path, name: str, priming: int | None, padding: int | None, edits: tuple[Edit, ...], zero: str
) -> None:
    facts = probe(write_case(tmp_path, BY_NAME[name]), modality=Modality.AUDIO).facts
    assert (facts.priming, facts.padding, facts.edits, facts.media_zero) == (priming, padding, edits, zero)


@pytest.mark.parametrize("name", ["wav", "flac", "m4a", "mp3 with xing", "opus", "vorbis", "mp4", "webm"])
def test_T14_sound_lasts_as_long_as_it_was_made(tmp_path: Path, name: str) -> None:
    path = write_case(tmp_path, BY_NAME[name])
    facts = probe(path, modality=Modality.AUDIO).facts
    count = sum(len(block) for block in blocks(path, track=0))
    assert abs(count - 96_000) <= 1
    assert abs((facts.duration_ns or 0) - 2_000_000_000) <= MILLISECOND_NS


@pytest.mark.parametrize(
    ("name", "warning"), [("mp4", "W_AUDIO_LATE"), ("mkv", "W_AUDIO_LATE"), ("webm", "W_AUDIO_LATE")]
)
def test_T14_sound_that_starts_late_is_placed_there(tmp_path: Path, name: str, warning: str) -> None:
    path = write_case(tmp_path, BY_NAME[name], audio_start=Fraction(293, 1000))
    assert warning in probe(path).facts.warnings
    assert abs(heard_ns(path) - int((CLICK_S + Fraction(293, 1000)) * 10**9)) < MILLISECOND_NS
    assert abs(starts_ns(path)[0]) < MILLISECOND_NS


def test_T14_a_live_webm_without_duration_keeps_its_times(tmp_path: Path) -> None:
    path = write_case(tmp_path, replace(BY_NAME["webm"], options={"live": "1"}))
    assert "W_NO_DURATION" in probe(path).facts.warnings
    assert abs(heard_ns(path) - int(CLICK_S * 10**9)) < MILLISECOND_NS
    assert len(starts_ns(path)) == FRAMES


def test_T14_dropped_video_frames_leave_the_others_where_they_are(tmp_path: Path) -> None:
    kept = [k * 1001 for k in range(90) if k not in {7, 8, 40}]
    path = write_video(tmp_path / "dropped.mp4", kept, time_base=Fraction(1, 30000), b_frames=2)
    facts = probe(path).facts
    assert "W_VARIABLE_RATE" in facts.warnings
    assert facts.frame_count == 87
    assert starts_ns(path) == [-(-tick * 10**9 // 30000) for tick in kept]


def test_T14_a_lost_packet_of_sound_stays_a_hole(tmp_path: Path) -> None:
    """Twenty milliseconds are missing before the click; it does not move forward."""
    import av

    whole = write_case(tmp_path, BY_NAME["opus"])
    lossy = tmp_path / "lossy.mka"
    with av.open(str(whole)) as source, av.open(str(lossy), "w", format="matroska") as output:
        stream = output.add_stream_from_template(source.streams.audio[0])
        for number, packet in enumerate(source.demux(audio=0)):
            if packet.size and number != 20:
                packet.stream = stream
                output.mux(packet)
    assert abs(heard_ns(lossy) - int(CLICK_S * 10**9)) < MILLISECOND_NS


def test_edit_lists_of_hostile_boxes_end_quietly(tmp_path: Path) -> None:
    whole = write_case(tmp_path, BY_NAME["mp4"]).read_bytes()
    at = whole.index(b"elst")
    for name, damaged in (
        ("huge", whole[:at] + b"elst" + b"\x00" * 4 + b"\xff" * 4 + whole[at + 12 :]),
        ("cut", whole[: at + 6]),
        ("small", b"\x00\x00\x00\x01moov" + b"\xff" * 8),
        ("none", b""),
        ("loop", b"\x00\x00\x00\x08moov" * 20_000),
    ):
        path = tmp_path / name
        path.write_bytes(damaged)
        assert all(len(found) <= 1000 for found in edit_lists(path).values())


def test_T14_one_speech_lies_at_the_same_place_in_real_codecs() -> None:
    mp3, mp4 = (
        np.concatenate(list(blocks(shared_file(f"formats/audio_codecs/p001.{end}"), track=0)))[:, 0]
        for end in ("mp3", "mp4")
    )
    size = 1 << 20
    product = np.fft.rfft(mp4, size) * np.conj(np.fft.rfft(mp3, size))
    assert int(np.argmax(np.fft.irfft(product, size))) == 0


@pytest.mark.parametrize("name", ["chrome57", "firefox53"])
def test_T14_recorded_webm_keeps_its_packets_and_late_sound(name: str) -> None:
    tracks = {one.kind: one for one in list_tracks(shared_file(f"clocks/vfr_webm/{name}.webm"))}
    sound = tracks["audio"]
    assert sound.rate is not None
    samples = sum(len(block) for block in blocks(shared_file(f"clocks/vfr_webm/{name}.webm"), track=0))
    assert abs(samples * 10**9 // sound.rate.num - (sound.duration_ns or 0)) < 25 * MILLISECOND_NS
