"""The parts of the audio aligner one by one, and that the test sounds are as exact as they claim."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import firwin
from tests.align.speech import SOURCE_HZ, record, speech

from braid.align.audio_coarse import match
from braid.align.audio_flux import HOPS_PER_S, flux
from braid.align.audio_phat import delay, matched_lengths
from braid.align.audio_sound import Sound, sound_of
from braid.align.audio_thin import thinned
from braid.align.audio_windows import centres_s
from braid.clock.rates import Rate


def delay_by_phase(sound: NDArray[np.floating], *, rate_hz: int, expected_s: float) -> float:
    """Where a band-limited click lies, by the slope of its phase."""
    hz = np.fft.rfftfreq(len(sound), 1 / rate_hz)
    inside = (hz > 200) & (hz < 5000)
    turned = np.fft.rfft(sound.astype(np.float64))[inside] * np.exp(2j * np.pi * hz[inside] * expected_s)
    return expected_s - float(np.polyfit(hz[inside], np.unwrap(np.angle(turned)), 1)[0]) / (2 * np.pi)


def test_clicks_in_the_test_sounds_land_within_ten_nanoseconds() -> None:
    click = firwin(129, 6000, fs=SOURCE_HZ).astype(np.float32)
    source = np.zeros(20 * SOURCE_HZ, dtype=np.float32)
    at = list(range(8000, len(source) - 8000, 2 * SOURCE_HZ + 137))
    for index in at:
        source[index - 64 : index + 65] += click
    speed = 1 / (1 + 120e-6)
    heard = record(source, rate_hz=44_100, seconds=17, start_s=0.7, speed=speed, block_s=5.0)
    errors = []
    for index in at:
        truth_s = (index / SOURCE_HZ - 0.7) / speed
        first = round(truth_s * 44_100) - 100
        if first < 0 or first + 200 > len(heard):
            continue
        expected_s = truth_s - first / 44_100
        found_s = delay_by_phase(heard[first : first + 200], rate_hz=44_100, expected_s=expected_s)
        errors.append(abs(found_s - expected_s))
    assert len(errors) >= 6
    assert max(errors) < 10e-9


@pytest.mark.parametrize("speed", [1.0, 1.000035, 0.99988, 1.00045, 0.9991])
@pytest.mark.parametrize("rates", [(48_000.0, 44_100.0), (48_000.0, 16_000.0), (16_000.0, 16_000.0)])
def test_A11_two_cuts_last_as_long_as_their_clocks_say(speed: float, rates: tuple[float, float]) -> None:
    count_a, count_b = matched_lengths(*rates, speed=speed, seconds=6.0)
    assert (count_a / rates[0]) / (count_b / rates[1]) == pytest.approx(speed, abs=2e-6)
    assert 5.3 < count_b / rates[1] < 6.7


@pytest.mark.parametrize("shift_s", [0.0, 1.234567e-3, -17.7654321e-3, 0.05])
def test_A11_a_delay_is_found_to_a_hundredth_of_a_microsecond(shift_s: float) -> None:
    dry, _ = speech(8.0, seed=4)
    a = record(dry, rate_hz=48_000, seconds=6, start_s=1.0 - shift_s, speed=1.0)
    b = record(dry, rate_hz=44_100, seconds=6, start_s=1.0, speed=1.0)
    peak = delay(a, b, seconds=6.0, expected=0.0, within=0.02)
    assert peak is not None
    assert peak.shift * 6.0 == pytest.approx(shift_s, abs=1e-7)
    assert peak.ratio > 1.25
    assert peak.sign == 1
    inverted = delay(a, -b, seconds=6.0, expected=0.0, within=0.02)
    assert inverted is not None
    assert inverted.sign == -1
    assert inverted.shift == pytest.approx(peak.shift, abs=1e-9)


def test_A11_silence_and_too_little_band_have_no_delay() -> None:
    silence = np.zeros(96_000, dtype=np.float32)
    assert delay(silence, silence, seconds=6.0, expected=0.0, within=0.02) is None
    narrow = np.ones(600, dtype=np.float32)
    assert delay(narrow, narrow, seconds=2.0, expected=0.0, within=0.02) is None


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_A10_hops_are_where_they_say_at_every_rate(rate_hz: int) -> None:
    """A burst begins at the same hop whatever the rate."""
    rng = np.random.default_rng(3)
    sound = 1e-4 * rng.standard_normal(30 * rate_hz)
    for at_s in (2.0, 13.005, 27.5):
        first = round(at_s * rate_hz)
        sound[first : first + rate_hz // 4] += rng.standard_normal(rate_hz // 4)
    changes = flux(sound_of(sound.astype(np.float32), rate_hz)).sum(axis=0)
    for at_s in (2.0, 13.005, 27.5):
        middle = round(at_s * HOPS_PER_S)
        rise = int(np.argmax(changes[middle - 20 : middle + 20])) - 20
        assert rise in {-2, -1, 0}


def test_A10_a_part_of_a_recording_has_the_flux_of_that_part() -> None:
    sound = sound_of(speech(60.0, seed=2)[0], SOURCE_HZ)
    whole, part = flux(sound), flux(sound, from_s=20.0, to_s=40.0)
    assert part.shape == (8, 20 * HOPS_PER_S)
    for band in range(8):
        assert np.corrcoef(whole[band, 4010:7990], part[band, 10:3990])[0, 1] > 0.99


def test_A10_silence_has_no_flux_and_no_match() -> None:
    silent = flux(sound_of(np.zeros(20 * 16_000, dtype=np.float32), 16_000))
    assert not silent.any()
    assert match(silent, silent) is None
    assert match(silent[:, :100], silent) is None


def test_A10_chance_stays_far_below_the_bound_and_truth_far_above() -> None:
    rng = np.random.default_rng(8)
    one, other = (rng.standard_normal((8, 12_000)).astype(np.float32) for _ in range(2))
    chance = match(one, other)
    assert chance is not None
    assert not chance.accepted
    truth = match(one, 0.2 * one[:, 2000:9000] + other[:, :7000])
    assert truth is not None
    assert truth.accepted
    assert truth.lag_s == pytest.approx(10.0, abs=1e-3)


def test_A11_thinning_filters_without_delay() -> None:
    """A slow sine keeps its phase, a fast one vanishes."""
    at_s = np.arange(48_000) / 48_000
    slow, fast = (np.sin(2 * np.pi * hz * at_s).astype(np.float32) for hz in (300.0, 15_500.0))
    kept = thinned(sound_of(slow, 48_000), 100, 1000, step=3)
    assert np.abs(kept - slow[300:3300:3]).max() < 0.01
    assert np.abs(thinned(sound_of(fast, 48_000), 100, 1000, step=3)).max() < 0.01


def test_A11_indexes_become_nanoseconds_exactly() -> None:
    sound = sound_of(np.zeros(10, dtype=np.float32), Rate(num=44_100), start_ns=5)
    assert sound.at_ns(44_100 * 3600) == 5 + 3600 * 10**9
    assert sound.at_ns(0.5) == 5 + 11_338
    played: Sound = sound.replayed(Fraction(48_000, 44_100))
    assert played.rate == Rate(num=48_000)


def test_A11_windows_lie_inside_and_are_at_most_eighty() -> None:
    for end_s in (5.9, 20.0, 300.0, 7200.0):
        centres = centres_s(1.0, end_s, length_s=6.0)
        assert len(centres) <= 80
        assert all(4.0 - 1e-9 <= centre <= end_s - 3.0 + 1e-9 for centre in centres)
    assert centres_s(1.0, 5.9, length_s=6.0) == []
