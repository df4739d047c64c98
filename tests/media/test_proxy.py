from __future__ import annotations

import json
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from tests.media.clips import read_barcode, tone, write_sound, write_video
from tests.media.shared import shared_file

from braid.base.errors import InvalidInput
from braid.media import derive, probe, proxy_type, write_playable
from braid.media.proxy import Target
from braid.model.records import Modality

MILLISECONDS = Fraction(1, 1000)
VARIABLE_MS = [0, 40, 80, 200, 240, 280, 700, 740, 780, 820, 860, 900, 940, 980, 1020, 1060, 1100, 1400]


def table(path: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(derive("frames", path))
    return made


def made_proxy(path: Path, into: Path) -> Path:
    into.write_bytes(derive("playable", path))
    return into


def shown_numbers(path: Path) -> list[int]:
    with av.open(str(path)) as container:
        return [read_barcode(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


@pytest.mark.parametrize("codec", ["libx264", "libx265", "mpeg4"])
def test_T4_a_proxy_keeps_every_frame_at_its_time(tmp_path: Path, codec: str) -> None:
    source = write_video(
        tmp_path / "a.mkv",
        VARIABLE_MS,
        time_base=MILLISECONDS,
        codec=codec,
        audio_hz=44100,
        audio_codec="flac",
    )
    assert proxy_type(source) == "video/mp4"
    proxy = made_proxy(source, tmp_path / "p.mp4")
    before, after = table(source), table(proxy)
    assert before["starts_ns"] == after["starts_ns"]
    assert before["playable_starts_s"] == after["playable_starts_s"]
    assert before["zero_s"] == after["zero_s"] == 0.0
    copied = codec == "libx264"  # only the container was in the way
    assert after["key_frames"] == (before["key_frames"] if copied else [0, 15])
    assert (before["proxy"], after["proxy"]) == (True, False)
    assert shown_numbers(proxy) == list(range(len(VARIABLE_MS)))
    assert proxy_type(proxy) == ""
    assert probe(proxy, modality=Modality.AUDIO).facts.start_ns == 0


def test_T4_a_proxy_starts_at_media_zero_though_the_file_does_not(tmp_path: Path) -> None:
    source = write_video(
        tmp_path / "a.ts",
        [k * 3600 for k in range(40)],
        time_base=Fraction(1, 90000),
        b_frames=2,
        audio_hz=48000,
        audio_codec="mp2",
    )
    before = table(source)
    after = table(made_proxy(source, tmp_path / "p.mp4"))
    steps = np.diff(before["starts_ns"])
    assert {round(step, -3) for step in steps.tolist()} == {40_000_000}
    assert after["starts_ns"] == before["starts_ns"]
    assert after["playable_starts_s"] == pytest.approx(before["playable_starts_s"], abs=1e-6)
    assert shown_numbers(tmp_path / "p.mp4") == list(range(40))


def test_an_avi_without_presentation_times_is_decoded_to_learn_them(tmp_path: Path) -> None:
    source = write_video(
        tmp_path / "a.avi", list(range(30)), time_base=Fraction(1, 25), codec="mpeg4", b_frames=0
    )
    facts = probe(source).facts
    assert facts.frame_count == 30
    proxy = made_proxy(source, tmp_path / "p.mp4")
    assert table(proxy)["starts_ns"] == table(source)["starts_ns"] == [k * 40_000_000 for k in range(30)]
    assert shown_numbers(proxy) == list(range(30))


def test_without_an_h264_encoder_the_proxy_is_webm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    webm = Target(container="webm", video="libvpx-vp9", audio="libopus", media_type="video/webm")
    monkeypatch.setattr("braid.media.proxy.target", lambda: webm)
    source = write_video(
        tmp_path / "a.avi",
        list(range(20)),
        time_base=Fraction(1, 25),
        codec="mpeg4",
        audio_hz=44100,
        audio_codec="mp2",
    )
    proxy = made_proxy(source, tmp_path / "p.webm")
    assert probe(proxy).media_type == "video/webm"
    assert len(table(proxy)["starts_ns"]) == 20
    assert shown_numbers(proxy) == list(range(20))


def test_what_a_browser_plays_needs_no_proxy(tmp_path: Path) -> None:
    source = write_video(tmp_path / "a.mp4", [k * 40 for k in range(5)], time_base=MILLISECONDS)
    assert proxy_type(source) == ""
    assert derive("playable", source) == source.read_bytes()
    assert proxy_type(write_sound(tmp_path / "a.wav", tone(800, 8000), 8000)) == ""


def test_odd_sound_becomes_flac_without_loss(tmp_path: Path) -> None:
    samples = np.rint(tone(30_000, 16_000) * 32767) / 32768
    source = write_sound(tmp_path / "a.aiff", samples.astype(np.float32), 16_000)
    assert proxy_type(source) == "audio/flac"
    proxy = made_proxy(source, tmp_path / "p.flac")
    assert derive("peaks.bin", proxy) == derive("peaks.bin", source)


def test_sound_of_a_video_is_played_from_media_zero(tmp_path: Path) -> None:
    source = write_video(
        tmp_path / "a.mkv",
        [k * 40 for k in range(50)],
        time_base=MILLISECONDS,
        audio_hz=48000,
        audio_codec="flac",
        audio_start=Fraction(3, 10),
    )
    sink = BytesIO()
    assert write_playable(source, sink, modality=Modality.AUDIO) == "audio/flac"
    (tmp_path / "p.flac").write_bytes(sink.getvalue())
    levels = json.loads(derive("peaks", tmp_path / "p.flac"))["levels"][0]
    values = np.frombuffer(derive("peaks.bin", tmp_path / "p.flac"), np.int8)[: levels["bins"] * 2]
    loud = np.flatnonzero(np.abs(values.astype(int)) > 20)[0] // 2
    assert abs(loud * 64 / 48000 - 0.3) < 0.01


def test_only_video_and_audio_have_a_playable_form(tmp_path: Path) -> None:
    source = write_video(tmp_path / "a.mp4", [0, 40], time_base=MILLISECONDS)
    with pytest.raises(InvalidInput, match="only video and audio"):
        proxy_type(source, modality=Modality.IMAGE)
    with pytest.raises(InvalidInput, match="no such video track"):
        proxy_type(source, track=1)


def test_a_real_mpeg_clip_gets_an_exact_proxy(tmp_path: Path) -> None:
    source = shared_file("dialogue/grid_av/swwp2s.mpg")
    proxy = made_proxy(source, tmp_path / "p.mp4")
    assert table(proxy)["starts_ns"] == table(source)["starts_ns"]
    assert probe(proxy).facts.frame_count == 75


def test_a_damaged_mpeg_clip_still_gets_a_proxy(tmp_path: Path) -> None:
    proxy = made_proxy(shared_file("broken/bitflips.mpg"), tmp_path / "p.mp4")
    assert 1 <= (probe(proxy).facts.frame_count or 0) <= 75


def test_a_proxy_of_a_turned_video_is_upright_and_even(tmp_path: Path) -> None:
    source = write_video(tmp_path / "a.mkv", [0, 40, 80], time_base=MILLISECONDS, codec="mpeg4", turned=-90)
    proxy = made_proxy(source, tmp_path / "p.mp4")
    facts = probe(proxy).facts
    assert (facts.width_px, facts.height_px) == (64, 192)
    with av.open(str(proxy)) as container:
        turned = [np.rot90(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]
    assert [read_barcode(picture) for picture in turned] == [0, 1, 2]
