from __future__ import annotations

import json
import re
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from tests.media.clips import tone, write_sound
from tests.media.shared import shared_file

import braid.media
from braid.base.errors import BraidError, NotFound
from braid.media import DERIVERS, WARNING_CODES, cache_key, derive, probe

DIGEST = "ab" * 32
SOURCES = Path(braid.media.__file__).parent


def test_every_deriver_describes_itself() -> None:
    assert set(DERIVERS) == {
        "thumbnail",
        "picture",
        "frames",
        "frame",
        "playable",
        "peaks",
        "peaks.bin",
        "points",
        "points.bin",
        "text",
        "series",
        "series.columns",
        "spectrogram",
        "spectrogram.bin",
    }
    for name, one in DERIVERS.items():
        assert one.id == name
        assert one.version >= 1
        assert one.title


def test_cache_keys_differ_by_what_changes_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {
        cache_key("frame", DIGEST),
        cache_key("frame", DIGEST, index=1),
        cache_key("frame", DIGEST, index=1, track=1),
        cache_key("frames", DIGEST),
        cache_key("frames", "cd" * 32),
    }
    assert len(keys) == 5
    assert cache_key("frames", DIGEST, track=None) == cache_key("frames", DIGEST)
    before = cache_key("frames", DIGEST)
    newer = type(DERIVERS["frames"])(
        id="frames", version=99, title="t", output_type="", make=DERIVERS["frames"].make
    )
    monkeypatch.setitem(DERIVERS, "frames", newer)
    assert cache_key("frames", DIGEST) != before


def test_an_unknown_deriver_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no such deriver"):
        derive("horoscope", tmp_path / "a.wav")


@pytest.mark.parametrize("kind", ["peaks", "peaks.bin"])
def test_the_same_file_gives_the_same_bytes(tmp_path: Path, kind: str) -> None:
    path = write_sound(tmp_path / "a.wav", tone(9000, 16_000), 16_000)
    assert derive(kind, path) == derive(kind, path) == DERIVERS[kind].derive(path)


BROKEN = [
    "audio/mono.empty.wav", "audio/mono.invalid.wav", "audio/mono.zero.wav", "audio/p001.empty", "bad.rttm",
    "bad_crc.png", "bitflips.mpg", "bom_crlf.json", "chunk_bitflip_crc.mcap", "corrupt_lzf.pcd",
    "empty_rosbag2/empty_bag_0.db3", "first_900kB.mp4", "gap_and_overlap.TextGrid",
    "header_lies.wav", "header_more_points_than_data.pcd", "jpeg_named.png", "kitti_bad_label.txt",
    "latin1_semicolon.csv", "malformed_truncated.json", "missing_data_line.pcd", "nan_inf_zero_points.bin",
    "no_footer.mcap", "not_an_image.jpg", "ragged.csv", "reversed_and_overlapping.vtt", "semantic_errors_coco.json",
    "srt_as_vtt.vtt", "summary_bitflip.mcap", "time_slot_without_value_and_reversed.eaf", "truncated.jpg",
    "truncated.las", "truncated.mp4", "truncated.png", "truncated_half.webm", "truncated_not_multiple_of_16.bin",
    "truncated_odd.wav", "unclosed.eaf", "utf16.csv", "utf16le.TextGrid", "xxe.eaf", "zip_slip.zip",
]  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_a_letter_or_read_in_bounded_memory(name: str) -> None:
    path = shared_file(f"broken/{name}")
    tracemalloc.start()
    try:
        for kind in (None, *sorted(set(DERIVERS) - {"playable"})):
            with suppress(BraidError):  # any other exception fails the test
                made = (
                    probe(path) if kind is None else derive(kind, path, index=0 if kind == "frame" else None)
                )
                assert made
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


def test_every_warning_is_explained_and_given_somewhere() -> None:
    given = {
        code
        for path in SOURCES.glob("*.py")
        if path.name != "warning_codes.py"
        for code in re.findall(r'"(W_[A-Z0-9_]+)"', path.read_text(encoding="utf-8"))
    }
    assert given == set(WARNING_CODES)
    assert list(WARNING_CODES) == sorted(WARNING_CODES)


def test_the_workspace_says_every_warning_in_the_same_words() -> None:
    said = Path(__file__).parents[2] / "web" / "src" / "shell" / "stream_card" / "warning_codes.json"
    assert json.loads(said.read_text(encoding="utf-8")) == WARNING_CODES
