from __future__ import annotations

import json
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.media.clips import read_barcode, write_video
from tests.media.shared import shared_file

from braid.base.errors import InvalidInput
from braid.clock.rates import Rate, frame_start_ns
from braid.media import derive, list_tracks, probe
from braid.media.containers import scan
from braid.model.records import Modality

MILLISECONDS = Fraction(1, 1000)
VARIABLE_MS = [0, 33, 67, 100, 200, 233, 267, 700, 733, 767, 800, 1300, 1333, 1367, 1400, 1433, 1467]


def codes(path: Path, **claims: object) -> set[str]:
    return {code for code, _ in probe(path, **claims).warnings}  # type: ignore[arg-type]


def frame_number(path: Path, index: int) -> int:
    with Image.open(BytesIO(derive("frame", path, index=index))) as picture:
        return read_barcode(np.asarray(picture.convert("RGB")))


def test_T4_frame_starts_of_30000_1001_are_exact(tmp_path: Path) -> None:
    path = write_video(tmp_path / "ntsc.mp4", [k * 1001 for k in range(60)], time_base=Fraction(1, 30000))
    made = probe(path)
    table = json.loads(derive("frames", path))
    rate = Rate(num=30000, den=1001)
    assert made.modality is Modality.VIDEO
    assert made.media_type == "video/mp4"
    assert made.facts.rate == rate
    assert made.facts.frame_count == 60
    assert table["starts_ns"] == [frame_start_ns(k, rate) for k in range(60)]
    assert table["end_ns"] == frame_start_ns(60, rate)
    assert table["key_frames"] == [0, 12, 24, 36, 48]
    assert table["zero_s"] == 0.0
    assert table["proxy"] is False
    assert "W_VARIABLE_RATE" not in codes(path)


def test_T4_reordered_frames_stand_in_presentation_order_and_decode_exactly(tmp_path: Path) -> None:
    path = write_video(
        tmp_path / "b.mp4", [k * 512 for k in range(50)], time_base=Fraction(1, 12800), b_frames=2, gop=20
    )
    assert scan(path).tracks[0].reordered
    assert json.loads(derive("frames", path))["starts_ns"] == [k * 40_000_000 for k in range(50)]
    assert [frame_number(path, index) for index in (0, 1, 19, 20, 21, 33, 49)] == [0, 1, 19, 20, 21, 33, 49]


def test_T4_a_variable_rate_is_kept_and_said(tmp_path: Path) -> None:
    path = write_video(tmp_path / "vfr.mp4", VARIABLE_MS, time_base=MILLISECONDS)
    made = probe(path)
    assert made.facts.rate is None
    assert "W_VARIABLE_RATE" in made.facts.warnings
    assert json.loads(derive("frames", path))["starts_ns"] == [ms * 1_000_000 for ms in VARIABLE_MS]
    assert [frame_number(path, index) for index in (4, 7, 11)] == [4, 7, 11]


def test_T4_millisecond_containers_do_not_hide_a_constant_rate(tmp_path: Path) -> None:
    rounded = [round(k * 1001 / 30) for k in range(40)]
    path = write_video(tmp_path / "a.webm", rounded, time_base=MILLISECONDS, codec="libvpx")
    assert probe(path).facts.rate == Rate(num=30000, den=1001)
    assert probe(path).media_type == "video/webm"


def test_a_live_webm_without_duration_is_read_with_a_warning(tmp_path: Path) -> None:
    path = write_video(
        tmp_path / "live.webm", VARIABLE_MS, time_base=MILLISECONDS, codec="libvpx", options={"live": "1"}
    )
    assert "W_NO_DURATION" in codes(path)
    assert json.loads(derive("frames", path))["starts_ns"] == [ms * 1_000_000 for ms in VARIABLE_MS]
    assert frame_number(path, 9) == 9


def test_without_an_edit_list_media_zero_is_the_first_frame_and_the_player_clock_keeps_its_offset(
    tmp_path: Path,
) -> None:
    path = write_video(
        tmp_path / "late.mp4",
        [k * 40 for k in range(30)],
        time_base=MILLISECONDS,
        b_frames=2,
        options={"use_editlist": "0", "avoid_negative_ts": "make_non_negative"},
    )
    table = json.loads(derive("frames", path))
    assert table["starts_ns"] == [k * 40_000_000 for k in range(30)]
    assert table["zero_s"] == pytest.approx(0.08)
    assert table["playable_starts_s"] == pytest.approx([0.08 + k * 0.04 for k in range(30)])


def test_audio_that_starts_late_is_placed_there(tmp_path: Path) -> None:
    path = write_video(
        tmp_path / "late.mkv",
        [k * 40 for k in range(50)],
        time_base=MILLISECONDS,
        audio_hz=48000,
        audio_codec="flac",
        audio_start=Fraction(3, 10),
    )
    assert "W_AUDIO_LATE" in codes(path)
    sound = probe(path, modality=Modality.AUDIO)
    assert sound.facts.start_ns == 300_000_000
    assert [(one.kind, one.track) for one in list_tracks(path)] == [("video", 0), ("audio", 0)]


def test_a_cut_mp4_warns_and_keeps_what_is_there(tmp_path: Path) -> None:
    whole = write_video(
        tmp_path / "whole.mp4",
        [k * 40 for k in range(60)],
        time_base=MILLISECONDS,
        options={"movflags": "faststart"},
    )
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    assert "W_TRUNCATED" not in codes(whole)
    assert "W_TRUNCATED" in codes(cut)
    assert 0 < (probe(cut).facts.frame_count or 0) < 60


def test_an_mp4_without_its_index_is_refused(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.mp4", [k * 40 for k in range(60)], time_base=MILLISECONDS)
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(InvalidInput, match="cannot be read"):
        probe(cut)


def test_a_frame_outside_the_table_is_refused(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", [0, 40, 80], time_base=MILLISECONDS)
    assert frame_number(path, 2) == 2
    for index in (-1, 3):
        with pytest.raises(InvalidInput, match="no such video frame"):
            derive("frame", path, index=index)


def test_thumbnail_of_a_video_is_small(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", [k * 40 for k in range(20)], time_base=MILLISECONDS)
    with Image.open(BytesIO(derive("thumbnail", path))) as small:
        assert small.format == "WEBP"
        assert max(small.size) <= 320


@pytest.mark.parametrize("clip", ["bbaf2n", "brbk7n", "lbax4n", "lbbc2a", "lrwp9a", "swwp2s"])
def test_grid_clips_hold_75_video_frames_at_25_per_second(clip: str) -> None:
    path = shared_file(f"dialogue/grid_av/{clip}.mpg")
    facts = probe(path).facts
    assert (facts.frame_count, facts.rate) == (75, Rate(num=25))
    table = json.loads(derive("frames", path))
    assert table["starts_ns"] == [k * 40_000_000 for k in range(75)]
    assert table["proxy"] is True


def test_described_video_holds_899_video_frames_though_audio_comes_first() -> None:
    path = shared_file("dialogue/described_video/chrome.mp4")
    facts = probe(path).facts
    assert (facts.frame_count, facts.rate) == (899, Rate(num=30000, den=1001))
    assert [one.kind for one in list_tracks(path)] == ["audio", "video"]


def test_recorded_webm_holds_185_packets_and_late_audio() -> None:
    path = shared_file("clocks/vfr_webm/chrome57.webm")
    video = next(one for one in list_tracks(path) if one.kind == "video")
    assert video.packet_count == 185
    made = probe(path)
    assert {"W_VARIABLE_RATE", "W_NO_DURATION", "W_AUDIO_LATE", "W_DUPLICATE_TIMES"} <= set(
        made.facts.warnings
    )
    assert probe(path, modality=Modality.AUDIO).facts.start_ns == 293_000_000


@pytest.mark.parametrize(("name", "frames"), [("truncated.mp4", 168), ("first_900kB.mp4", 372)])
def test_cut_downloads_keep_the_frames_that_arrived(name: str, frames: int) -> None:
    made = probe(shared_file(f"broken/{name}"))
    assert made.facts.frame_count == frames
    assert "W_TRUNCATED" in made.facts.warnings


@pytest.mark.parametrize(("turned", "size"), [(0, (192, 64)), (-90, (64, 192)), (180, (192, 64))])
def test_a_turned_video_is_shown_upright(tmp_path: Path, turned: int, size: tuple[int, int]) -> None:
    path = write_video(tmp_path / "a.mp4", [0, 40, 80], time_base=MILLISECONDS, turned=turned)
    facts = probe(path).facts
    table = json.loads(derive("frames", path))
    with Image.open(BytesIO(derive("frame", path, index=1))) as picture:
        assert (
            picture.size
            == size
            == (facts.width_px, facts.height_px)
            == (table["width_px"], table["height_px"])
        )
        assert read_barcode(np.rot90(np.asarray(picture.convert("RGB")), k=-turned // 90)) == 1
