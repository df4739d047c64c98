"""`braid probe` shows what a container says of its time."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Braid
from tests.media.click_clips import CASES, write_case

BY_NAME = {case.name: case for case in CASES}


def test_probe_shows_tracks_priming_edits_and_media_zero(braid: Braid, tmp_path: Path) -> None:
    path = write_case(tmp_path, BY_NAME["mp4"])
    video, audio = braid("probe", str(path), "--json").document["items"]
    assert (video["modality"], video["facts"]["frame_count"], video["period_ns"]) == ("video", 60, 33_366_667)
    assert (audio["facts"]["priming"], audio["facts"]["edits"][0]["from_ns"]) == (1024, 21_333_333)
    said = braid("probe", str(path))
    assert "30000/1001 a second, 60 video frames, from 0 s, for 2.002 s" in said.out
    assert "priming of 1024 audio samples cut" in said.out
    assert said.code == 0


def test_probe_says_what_the_file_does_not_tell(braid: Braid, tmp_path: Path) -> None:
    said = braid("probe", str(write_case(tmp_path, BY_NAME["mpegts"])))
    assert "media time 0 is 0.0454 s of its container" in said.out
    assert "W_PRIMING_UNKNOWN" in said.err


def test_probe_refuses_what_is_no_stream(braid: Braid, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"<html>not a video</html>")
    assert braid("probe", str(tmp_path / "a.mp4")).code == 3
    (tmp_path / "a.txt").write_text("a text", encoding="utf-8")
    assert braid("probe", str(tmp_path / "a.txt")).out.startswith("text")
