"""Two recordings to a clock map: exactness, uncertainty, jumps, wrong rates, refusals. Rules A10 to A16."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from tests.align.speech import Pair, Sound, pair

from braid.align.audio import align_audio
from braid.align.estimate import Estimate, Refusal
from braid.base.errors import InvalidInput
from braid.clock.clock_map import check_segments, sigma_ns, to_timeline
from braid.clock.ns import Ns

TARGET_NS = 10_000


def aligned(sounds: Pair, *, mic_distance_m: float | None = None) -> Estimate:
    outcome = align_audio(
        sounds.a, sounds.rate_a_hz, sounds.b, sounds.rate_b_hz, mic_distance_m=mic_distance_m
    )
    assert isinstance(outcome, Estimate), outcome
    return outcome


def refused(outcome: Estimate | Refusal) -> Refusal:
    assert isinstance(outcome, Refusal)
    return outcome


def worst_ns(estimate: Estimate, sounds: Pair) -> float:
    """The largest error anywhere in the part that both recorded."""
    start_s, end_s = sounds.overlap_b_s()
    times_ns = [round(1e9 * float(at_s)) for at_s in np.linspace(start_s, end_s, 30)]
    return max(abs(to_timeline(estimate.segments, Ns(t)) - sounds.a_of(t * 1e-9) * 1e9) for t in times_ns)


@pytest.fixture(scope="module")
def ordinary() -> Pair:
    return pair(seconds=35, offset_s=3.1415926, drift_ppm=35, seed=1)


@pytest.mark.parametrize(
    ("drift_ppm", "offset_s", "rate_a_hz", "rate_b_hz", "snr_b_db"),
    [
        (35.0, 3.1415926, 48_000, 44_100, 10.0),
        (-120.0, -5.70001, 48_000, 16_000, 5.0),
        (80.0, 1.0123457, 44_100, 16_000, -5.0),
    ],
)
def test_A11_offset_and_drift_are_found_within_10_us_over_the_whole_file(
    drift_ppm: float, offset_s: float, rate_a_hz: int, rate_b_hz: int, snr_b_db: float
) -> None:
    sounds = pair(
        seconds=35,
        offset_s=offset_s,
        drift_ppm=drift_ppm,
        seed=5,
        rate_a_hz=rate_a_hz,
        rate_b_hz=rate_b_hz,
        snr_b_db=snr_b_db,
        rt60_s=(0.5, 0.9),
        direct_db=(6.0, 0.0),
    )
    found = aligned(sounds)
    assert worst_ns(found, sounds) <= TARGET_NS
    check_segments(found.segments)


def test_A11_media_times_of_both_first_samples_enter(ordinary: Pair) -> None:
    plain = aligned(ordinary)
    moved = align_audio(
        ordinary.a,
        ordinary.rate_a_hz,
        ordinary.b,
        ordinary.rate_b_hz,
        a_start_ns=7_000_000_003,
        b_start_ns=-2_000_000_001,
    )
    assert isinstance(moved, Estimate)
    for b_ns in (4_000_000_000, 20_000_000_000):
        expected = to_timeline(plain.segments, Ns(b_ns)) + 7_000_000_003
        assert abs(to_timeline(moved.segments, Ns(b_ns - 2_000_000_001)) - expected) <= 2


def test_A11_whole_number_audio_and_memory_maps_are_read_in_place(
    ordinary: Pair, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("audio") / "b.raw"
    (np.clip(ordinary.b, -1, 1) * 32767).astype("<i2").tofile(path)
    on_disk = np.memmap(path, dtype="<i2", mode="r")
    outcome = align_audio(ordinary.a, ordinary.rate_a_hz, on_disk, ordinary.rate_b_hz)
    assert isinstance(outcome, Estimate)
    assert worst_ns(outcome, ordinary) <= TARGET_NS


def test_A11_an_inverted_microphone_is_aligned_and_said(ordinary: Pair) -> None:
    outcome = align_audio(ordinary.a, ordinary.rate_a_hz, -ordinary.b, ordinary.rate_b_hz)
    assert isinstance(outcome, Estimate)
    assert worst_ns(outcome, ordinary) <= TARGET_NS
    assert any("polarity" in warning for warning in outcome.warnings)
    assert not any("polarity" in warning for warning in aligned(ordinary).warnings)


def test_A11_values_that_are_no_numbers_count_as_silence(ordinary: Pair) -> None:
    broken = ordinary.b.copy()
    broken[10_000:10_050] = np.nan
    broken[20_000] = np.inf
    outcome = align_audio(ordinary.a, ordinary.rate_a_hz, broken, ordinary.rate_b_hz)
    assert isinstance(outcome, Estimate)
    assert worst_ns(outcome, ordinary) <= TARGET_NS


def test_A11_the_same_input_gives_the_same_answer(ordinary: Pair) -> None:
    assert aligned(ordinary) == aligned(ordinary)


def test_A12_the_distance_of_microphones_is_in_the_uncertainty(ordinary: Pair) -> None:
    unknown, beside, apart = (aligned(ordinary, mic_distance_m=metres) for metres in (None, 0.0, 2.0))
    assert unknown.fit.system_sigma_ns == 1_000_000
    assert beside.fit.system_sigma_ns == 0
    assert apart.fit.system_sigma_ns == 5_800_000
    sixteenth_ns = 1e9 / 44_100 / 16
    assert beside.fit.offset_sigma_ns >= sixteenth_ns
    middle_ns = Ns(beside.fit.centre_ns)
    assert sixteenth_ns <= sigma_ns(beside.fit, middle_ns) < 20_000


def test_A13_a_jump_of_the_recorder_is_a_segment_of_its_own() -> None:
    sounds = pair(seconds=60, offset_s=1.0, drift_ppm=20, seed=10, rate_b_hz=16_000)
    first, missing = 30 * 16_000, 4_000
    b = np.concatenate((sounds.b[:first], sounds.b[first + missing :]))
    outcome = align_audio(sounds.a, sounds.rate_a_hz, b, 16_000)
    assert isinstance(outcome, Estimate)
    assert len(outcome.segments) == 2
    assert abs(outcome.segments[1].media_ns - 30_000_000_000) < 3_000_000_000
    for at_s, shift_s in ((10.0, 0.0), (50.0, 0.25)):
        found_ns = to_timeline(outcome.segments, Ns(round(at_s * 1e9)))
        assert abs(found_ns - sounds.a_of(at_s + shift_s) * 1e9) <= TARGET_NS
    assert any("jumps by +250.0 ms" in warning for warning in outcome.warnings)


@pytest.mark.parametrize(
    ("stated_hz", "name"), [(44_100, "44100/48000"), (50_000, "25/24"), (48_048, "1001/1000")]
)
def test_A14_a_wrong_nominal_rate_is_named(stated_hz: int, name: str) -> None:
    sounds = pair(seconds=35, offset_s=1.0, drift_ppm=20, seed=3, rate_a_hz=16_000, rate_b_hz=48_000)
    outcome = align_audio(sounds.a, 16_000, sounds.b, stated_hz)
    assert isinstance(outcome, Estimate)
    assert name in outcome.named or any(name in warning for warning in outcome.warnings)
    faster = Fraction(stated_hz, 48_000)
    for at_s in (5.0, 30.0):
        stated_ns = Ns(round(Fraction(at_s) / faster * 10**9))
        assert abs(to_timeline(outcome.segments, stated_ns) - sounds.a_of(at_s) * 1e9) <= TARGET_NS


def test_A15_unrelated_speech_of_the_same_voices_and_syllables_is_refused() -> None:
    scenes = [
        pair(seconds=30, offset_s=2.0, drift_ppm=35, seed=seed, rate_a_hz=16_000, rate_b_hz=16_000)
        for seed in range(20, 24)
    ]
    for number, one in enumerate(scenes):
        assert isinstance(align_audio(one.a, 16_000, one.b, 16_000), Estimate)
        other = scenes[number - 1]
        outcome = refused(align_audio(one.a, 16_000, other.b, 16_000))
        assert outcome.quality is not None
        assert outcome.quality_bound is not None
        assert outcome.quality < outcome.quality_bound
        assert "no common sound" in outcome.why
        assert outcome.evidence


def test_A15_silence_noise_and_short_sound_are_refused_with_their_reason(ordinary: Pair) -> None:
    rate_hz = ordinary.rate_a_hz
    silence: Sound = np.zeros(30 * rate_hz, dtype=np.float32)
    noise = np.random.default_rng(1).standard_normal(30 * rate_hz, dtype=np.float32)
    assert "this stream: the loudness" in refused(align_audio(ordinary.a, rate_hz, silence, rate_hz)).why
    assert "the reference: the loudness" in refused(align_audio(silence, rate_hz, ordinary.a, rate_hz)).why
    assert "no common sound" in refused(align_audio(ordinary.a, rate_hz, noise, rate_hz)).why
    assert "lasts only 3.0 s" in refused(align_audio(ordinary.a, rate_hz, noise[: 3 * rate_hz], rate_hz)).why


def test_A15_sound_that_repeats_is_refused_because_the_offset_would_be_a_guess() -> None:
    rate_hz = 16_000
    at_s = np.arange(40 * rate_hz) / rate_hz
    beats = (np.sin(2 * np.pi * 440 * at_s) * (np.mod(at_s, 0.5) < 0.05)).astype(np.float32)
    outcome = refused(align_audio(beats, rate_hz, beats[10_000:], rate_hz))
    assert "repeats itself" in outcome.why
    tone = np.sin(2 * np.pi * 440 * at_s).astype(np.float32)
    assert isinstance(align_audio(tone, rate_hz, tone[999:], rate_hz), Refusal)


def test_A15_what_cannot_be_audio_is_an_error(ordinary: Pair) -> None:
    with pytest.raises(InvalidInput, match="one channel"):
        align_audio(ordinary.a.reshape(-1, 2), 48_000, ordinary.b, 44_100)
    for kind in (np.uint8, np.complex64, np.bool_):
        with pytest.raises(InvalidInput, match="signed numbers"):
            align_audio(ordinary.a, 48_000, ordinary.b.astype(kind), 44_100)
    for rate_hz in (0, -48_000, float("nan"), 50, 1e9):
        with pytest.raises(InvalidInput, match="implausible audio rate"):
            align_audio(ordinary.a, rate_hz, ordinary.b, 44_100)


def test_A16_anchors_and_evidence_show_what_the_map_stands_on(ordinary: Pair) -> None:
    found = aligned(ordinary)
    used = [anchor for anchor in found.anchors if anchor.used]
    assert len(used) >= 8
    for anchor in used:
        assert anchor.residual_ns == anchor.a_ns - to_timeline(found.segments, Ns(anchor.b_ns))
        assert found.valid_from_ns <= anchor.b_ns <= found.valid_to_ns
        assert abs(anchor.a_ns - ordinary.a_of(anchor.b_ns * 1e-9) * 1e9) <= TARGET_NS
    peak, before, after = found.evidence
    best = peak.x[int(np.argmax(peak.y))]
    assert abs(best - (ordinary.a_of(10.0) - 10.0)) < 0.02
    assert found.quality > found.quality_bound
    slope = float(np.polyfit(before.x, before.y, 1)[0])
    assert slope * 1000 == pytest.approx(-35, abs=5)
    assert max(abs(value) for value in after.y) < 10
    assert all(len(curve.x) == len(curve.y) <= 2000 for curve in found.evidence)
    start_s, end_s = ordinary.overlap_b_s()
    assert start_s * 1e9 - 1e6 <= found.valid_from_ns < found.valid_to_ns <= end_s * 1e9 + 1e6


def test_A16_little_common_sound_is_valid_only_where_it_was_heard() -> None:
    sounds = pair(seconds=30, offset_s=-18.0, drift_ppm=20, seed=12, rate_a_hz=16_000, rate_b_hz=44_100)
    found = aligned(sounds)
    assert worst_ns(found, sounds) <= TARGET_NS
    assert found.valid_to_ns <= 12_100_000_000
