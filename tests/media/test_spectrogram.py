"""The spectrogram: a tone stands in its band at its time, levels keep the loudest, silence is black."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.media.clips import tone, write_sound

from braid.base.errors import InvalidInput
from braid.media import derive
from braid.media.spectrogram import BANDS, FLOOR_DB, spectrogram


def columns(path: Path, level: int = 0) -> np.ndarray:
    made = spectrogram(path, track=0)
    one = made.levels[level]
    data = np.frombuffer(made.data, dtype=np.uint8, count=one.columns * BANDS, offset=one.offset)
    return data.reshape(-1, BANDS)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 44_100, 48_000])
def test_a_tone_stands_in_its_band(tmp_path: Path, rate_hz: int) -> None:
    at_s = np.arange(rate_hz * 2) / rate_hz
    sound = np.where(at_s >= 1, np.sin(2 * np.pi * 1000 * at_s), 0).astype(np.float32)
    path = write_sound(tmp_path / "a.wav", sound, rate_hz)
    made = spectrogram(path, track=0)
    shown = columns(path)
    assert len(shown) == 200
    assert made.top_hz == min(8000, rate_hz / 2)
    loudest = shown[150].argmax()
    assert abs((loudest + 0.5) * made.top_hz / BANDS - 1000) <= made.top_hz / BANDS
    assert shown[150].max() >= 250
    assert shown[90].max() == 0
    assert abs(int(np.flatnonzero(shown.max(axis=1) > 128)[0]) - 100) <= 1


def test_half_the_amplitude_is_six_decibels_less(tmp_path: Path) -> None:
    full = write_sound(tmp_path / "a.wav", tone(16_000, 16_000), 16_000)
    half = write_sound(tmp_path / "b.wav", tone(16_000, 16_000) * 0.5, 16_000)
    step = int(columns(full)[50].max()) - int(columns(half)[50].max())
    assert step == pytest.approx(6.02 / -FLOOR_DB * 255, abs=1.5)


def test_coarser_levels_keep_the_loudest_and_cover_the_same_time(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", tone(16_000 * 20, 16_000), 16_000)
    header = json.loads(derive("spectrogram", path))
    assert [level["hop"] for level in header["levels"]] == [160, 640, 2560]
    fine, coarse = columns(path), columns(path, 1)
    assert np.array_equal(coarse[:499], fine[: 499 * 4].reshape(-1, 4, BANDS).max(axis=1))
    assert len(derive("spectrogram.bin", path)) == sum(level["columns"] * BANDS for level in header["levels"])


def test_the_same_columns_come_from_blocks_of_any_length(tmp_path: Path) -> None:
    """A long file is reduced in batches; its beginning must look like that of a short one."""
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, 16_000 * 30).astype(np.float32)
    long = columns(write_sound(tmp_path / "a.wav", noise, 16_000))
    short = columns(write_sound(tmp_path / "b.wav", noise[: 16_000 * 5], 16_000))
    assert np.array_equal(long[:498], short[:498])


def test_a_file_without_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("no sound")
    with pytest.raises(InvalidInput):
        derive("spectrogram", path)
