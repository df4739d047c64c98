from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.media.clips import tone, write_sound
from tests.media.shared import shared_file

from braid.base.errors import InvalidInput
from braid.clock.rates import Rate
from braid.media import derive, probe
from braid.model.records import Modality


def unpack(path: Path) -> tuple[dict[str, object], list[NDArray[np.int8]]]:
    """The head and, per level, (bins, channels, 2) values."""
    head = json.loads(derive("peaks", path))
    data = np.frombuffer(derive("peaks.bin", path), dtype=np.int8)
    levels = []
    for level in head["levels"]:
        size = level["bins"] * head["channels"] * 2
        levels.append(data[level["offset"] : level["offset"] + size].reshape(level["bins"], -1, 2))
    assert levels[-1].nbytes + head["levels"][-1]["offset"] == len(data)
    return head, levels


def test_peaks_are_the_least_and_greatest_of_each_bin(tmp_path: Path) -> None:
    left = tone(100_003, 16000)
    samples = np.stack([left, -0.5 * left + 0.25], axis=1).astype(np.float32)
    path = write_sound(tmp_path / "a.wav", samples, 16000, subtype="FLOAT")
    head, levels = unpack(path)
    assert (head["rate"], head["channels"], head["start_ns"]) == ({"num": 16000, "den": 1}, 2, 0)
    assert head["duration_ns"] == 100_003 * 62_500
    for index, values in enumerate(levels):
        size = 64 * 4**index
        bins = [samples[at : at + size] for at in range(0, len(samples), size)]
        wanted = np.rint(np.array([[part.min(axis=0), part.max(axis=0)] for part in bins]) * 127).transpose(
            0, 2, 1
        )
        assert np.array_equal(values, wanted.astype(np.int8))
    assert len(levels[-1]) <= 256 < len(levels[-2])


def test_full_scale_is_127_and_louder_is_clipped(tmp_path: Path) -> None:
    samples = np.array([1.0, -1.0, 3.0, -3.0, np.nan] * 100, dtype=np.float32)
    _, levels = unpack(write_sound(tmp_path / "a.wav", samples, 8000, subtype="FLOAT"))
    assert levels[0][0].tolist() == [[-127, 127]]


@pytest.mark.parametrize(("name", "media_type"), [("a.wav", "audio/wav"), ("a.flac", "audio/flac")])
def test_sound_files_are_known_by_content(tmp_path: Path, name: str, media_type: str) -> None:
    made = probe(write_sound(tmp_path / name, tone(22_050, 44100), 44100))
    assert (made.modality, made.media_type) == (Modality.AUDIO, media_type)
    assert (made.facts.rate, made.facts.channel_count) == (Rate(num=44100), 1)
    assert (made.facts.start_ns, made.facts.duration_ns) == (0, 500_000_000)
    assert made.warnings == ()


def write_aac(path: Path, *, options: dict[str, str] | None = None) -> Path:
    """1 s of silence with one click at 0.5 s."""
    samples = np.zeros((1, 48_000), dtype=np.float32)
    samples[0, 24_000:24_032] = 0.9
    with av.open(str(path), "w", options=options or {}) as output:
        stream = output.add_stream("aac", rate=48_000)
        for at in range(0, 48_000, 1024):
            frame = av.AudioFrame.from_ndarray(
                samples[:, at : at + 1024].copy(), format="fltp", layout="mono"
            )
            frame.sample_rate, frame.pts, frame.time_base = 48_000, at, Fraction(1, 48_000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def test_encoder_priming_is_cut_when_the_container_stores_it(tmp_path: Path) -> None:
    path = write_aac(tmp_path / "a.m4a")
    assert probe(path).warnings == ()
    head, levels = unpack(path)
    loudest = int(np.argmax(levels[0][:, 0, 1].astype(int) - levels[0][:, 0, 0]))
    assert head["start_ns"] == 0
    assert abs(loudest * 64 - 24_000) <= 64


def test_unknown_priming_is_said(tmp_path: Path) -> None:
    assert probe(write_aac(tmp_path / "a.aac")).facts.warnings.count("W_PRIMING_UNKNOWN") == 1


def test_a_header_that_claims_too_much_warns(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", tone(16_000, 16_000), 16_000)
    assert probe(path).warnings == ()
    path.write_bytes(path.read_bytes()[:20_001])
    made = probe(path)
    assert made.facts.warnings == ("W_TRUNCATED",)
    assert 0 < (made.facts.duration_ns or 0) < 1_000_000_000
    assert unpack(path)[0]["duration_ns"] == (20_001 - 44) // 2 * 62_500


def test_a_wav_without_samples_is_refused(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", tone(0, 16_000), 16_000)
    with pytest.raises(InvalidInput, match="no audio"):
        probe(path)


def test_a_file_never_chooses_its_demuxer(tmp_path: Path) -> None:
    secret = write_sound(tmp_path / "secret.wav", tone(1000, 8000), 8000)
    for name, script in (
        ("a.wav", f"ffconcat version 1.0\nfile {secret}\n"),
        ("a.mp4", f"#EXTM3U\n{secret}\n"),
    ):
        (tmp_path / name).write_text(script)
        with pytest.raises(InvalidInput, match="not"):
            probe(tmp_path / name)
        with pytest.raises(InvalidInput, match="neither audio nor video"):
            derive("peaks", tmp_path / name)


@pytest.mark.parametrize(
    ("name", "samples"),
    [
        ("broken/truncated_odd.wav", 49_948),
        ("broken/header_lies.wav", 100_000),
        ("dialogue/praat/mary.wav", 89_745),
    ],
)
def test_real_sounds(name: str, samples: int) -> None:
    path = shared_file(name)
    head, _ = unpack(path)
    rate = head["rate"]["num"]  # type: ignore[index]
    assert head["duration_ns"] == round(samples * 1_000_000_000 / rate)
    assert ("W_TRUNCATED" in probe(path).facts.warnings) == name.startswith("broken")


@pytest.mark.parametrize("name", ["mono.empty.wav", "mono.invalid.wav", "mono.zero.wav", "p001.empty"])
def test_broken_sounds_are_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        probe(shared_file(f"broken/audio/{name}"))


@pytest.mark.parametrize(
    ("name", "unknown"), [("aac", True), ("mp3", False), ("mp4", False), ("ogg", False), ("webm", False)]
)
def test_one_speech_in_five_codecs(name: str, *, unknown: bool) -> None:
    made = probe(shared_file(f"formats/audio_codecs/p001.{name}"))
    assert made.modality is Modality.AUDIO
    assert abs((made.facts.duration_ns or 0) - 9_000_000_000) < 50_000_000
    assert ("W_PRIMING_UNKNOWN" in made.facts.warnings) == unknown


def test_a_hole_between_packets_becomes_silence(tmp_path: Path) -> None:
    path = tmp_path / "a.mka"
    with av.open(str(path), "w", format="matroska") as output:
        stream = output.add_stream("flac", rate=16_000)
        stream.codec_context.layout = "mono"
        for at in (*range(0, 16_000, 4000), *range(48_000, 64_000, 4000)):
            block = np.full((1, 4000), 16_000, dtype=np.int16)
            frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = 16_000, at, Fraction(1, 16_000)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    head, levels = unpack(path)
    assert head["duration_ns"] == pytest.approx(4_000_000_000, abs=10_000_000)
    assert levels[0][500].tolist() == [[0, 0]]
    assert levels[0][100].tolist() == levels[0][-2].tolist() == [[62, 62]]
