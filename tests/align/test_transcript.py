"""Cues to their recording: offset and rate, known rates by name, refusals. Rules A30 to A33."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from defusedxml.ElementTree import parse as defused_parse
from tests.align.speech import SOURCE_HZ, Sound, Spans, noisy, speech

from braid.align.estimate import Estimate, Refusal
from braid.align.transcript import align_transcript
from braid.align.transcript_marks import fit_marks, paired
from braid.base.errors import InvalidInput, LimitExceeded
from braid.clock.clock_map import sigma_ns, to_timeline
from braid.clock.ns import Ns

Cues = list[tuple[int, int]]
PAL = Fraction(25 * 1001, 24000)
TARGET_NS = 10_000_000
"""For 72 cues whose edges are off by up to 300 ms."""


@pytest.fixture(scope="module")
def scene() -> tuple[Sound, Spans]:
    """300 s at 10 dB, and 72 phrases of it."""
    dry, phrases = speech(300, seed=1)
    return noisy(dry, snr_db=10, seed=1), phrases[:72]


def cues_of(phrases: Spans, *, offset_s: float, rate: float, jitter_s: float, seed: int = 4) -> Cues:
    """Cues such that `audio = offset_s + rate * cue`, each edge off by up to half of jitter_s either way."""
    rng = np.random.default_rng(seed)
    made = []
    for start_s, end_s in phrases:
        early, late = rng.uniform(-jitter_s / 2, jitter_s / 2, 2)
        start = round((start_s + early - offset_s) / rate * 1e9)
        made.append((start, max(start + 200_000_000, round((end_s + late - offset_s) / rate * 1e9))))
    return made


def median_error_ns(found: Estimate | Refusal, cues: Cues, *, offset_s: float, rate: float) -> float:
    assert isinstance(found, Estimate), found
    return float(
        np.median(
            [
                abs(to_timeline(found.segments, Ns(edge)) - (offset_s * 1e9 + rate * edge))
                for cue in cues
                for edge in cue
            ]
        )
    )


@pytest.mark.parametrize(
    ("offset_s", "jitter_s"), [(3.7, 0.0), (-2.345, 0.15), (12.34, 0.3)], ids=["exact", "150ms", "300ms"]
)
def test_A30_the_offset_is_found_within_10_ms(
    scene: tuple[Sound, Spans], offset_s: float, jitter_s: float
) -> None:
    sound, phrases = scene
    cues = cues_of(phrases, offset_s=offset_s, rate=1.0, jitter_s=jitter_s)
    found = align_transcript(cues, sound, SOURCE_HZ)
    assert median_error_ns(found, cues, offset_s=offset_s, rate=1.0) <= TARGET_NS
    assert isinstance(found, Estimate)
    assert found.segments[0].rate_ppq == 0
    assert found.named == ""


def test_A30_the_audio_start_enters_and_the_order_of_cues_does_not(scene: tuple[Sound, Spans]) -> None:
    sound, phrases = scene
    cues = cues_of(phrases, offset_s=3.7, rate=1.0, jitter_s=0.15)
    plain = align_transcript(cues, sound, SOURCE_HZ)
    moved = align_transcript(cues[::-1], sound, SOURCE_HZ, start_ns=5_000_000_000)
    assert isinstance(plain, Estimate)
    assert isinstance(moved, Estimate)
    assert to_timeline(moved.segments, Ns(0)) == to_timeline(plain.segments, Ns(0)) + 5_000_000_000


@pytest.mark.parametrize(
    ("rate", "name"), [(PAL, "25/23.976"), (1 / PAL, "23.976/25"), (Fraction(24, 25), "24/25")]
)
def test_A31_a_known_rate_is_named_and_exact(scene: tuple[Sound, Spans], rate: Fraction, name: str) -> None:
    sound, phrases = scene
    cues = cues_of(phrases, offset_s=5.0, rate=float(rate), jitter_s=0.15)
    found = align_transcript(cues, sound, SOURCE_HZ)
    assert median_error_ns(found, cues, offset_s=5.0, rate=float(rate)) <= TARGET_NS
    assert isinstance(found, Estimate)
    assert found.named == name
    assert found.segments[0].rate_ppq == round((rate - 1) * 10**15)


def test_A31_a_rate_that_has_no_name_is_found_as_it_is(scene: tuple[Sound, Spans]) -> None:
    sound, phrases = scene
    cues = cues_of(phrases, offset_s=5.0, rate=1.0021, jitter_s=0.1)
    found = align_transcript(cues, sound, SOURCE_HZ)
    assert median_error_ns(found, cues, offset_s=5.0, rate=1.0021) <= 2 * TARGET_NS
    assert isinstance(found, Estimate)
    assert found.named == ""
    assert found.segments[0].rate_ppq / 1e15 == pytest.approx(0.0021, abs=2e-4)


def test_A32_another_recordings_cues_are_refused(scene: tuple[Sound, Spans]) -> None:
    sound, phrases = scene
    assert isinstance(
        align_transcript(cues_of(phrases, offset_s=3.0, rate=1.0, jitter_s=0.1), sound, SOURCE_HZ), Estimate
    )
    for seed in (31, 32):
        _, others = speech(300, seed=seed)
        found = align_transcript(cues_of(others[:72], offset_s=3.0, rate=1.0, jitter_s=0.1), sound, SOURCE_HZ)
        assert isinstance(found, Refusal)
        assert "better than chance" in found.why
        assert found.quality is not None
        assert found.quality_bound is not None
        assert found.quality < found.quality_bound
        assert found.evidence


def test_A32_too_few_cues_no_pauses_and_silence_are_refused_with_their_reason(
    scene: tuple[Sound, Spans],
) -> None:
    sound, phrases = scene
    cues = cues_of(phrases, offset_s=3.0, rate=1.0, jitter_s=0.0)

    def why(some: Cues, heard: Sound) -> str:
        found = align_transcript(some, heard, SOURCE_HZ)
        assert isinstance(found, Refusal)
        assert found.hint
        return found.why

    assert why(cues[:7], sound) == "only 7 cues"
    touching = [(start, after[0]) for (start, _), after in pairwise(cues)]
    assert "leave no pauses" in why(touching, sound)
    silence: Sound = np.zeros(60 * SOURCE_HZ, dtype=np.float32)
    assert "no pauses between sounds" in why(cues, silence)
    with pytest.raises(InvalidInput, match="a cue ends after it starts"):
        align_transcript([*cues, (5, 5)], sound, SOURCE_HZ)
    with pytest.raises(LimitExceeded, match="too much time"):
        align_transcript([*cues, (2**52, 2**52 + 1)], sound, SOURCE_HZ)
    with pytest.raises(LimitExceeded, match="too many cues"):
        align_transcript([(0, 1)] * 100_001, sound, SOURCE_HZ)


def test_A33_uncertainty_marks_and_evidence(scene: tuple[Sound, Spans]) -> None:
    sound, phrases = scene
    cues = cues_of(phrases, offset_s=3.7, rate=1.0, jitter_s=0.3)
    cues[10] = (cues[10][0] + 500_000_000, cues[10][1] + 500_000_000)
    found = align_transcript(cues, sound, SOURCE_HZ)
    assert isinstance(found, Estimate)
    middle = Ns(found.fit.centre_ns)
    assert 20_000_000 <= sigma_ns(found.fit, middle) < 40_000_000
    assert 0 < found.fit.rate_sigma_ppq < 10**12
    assert found.anchors[0].name == "start of cue 1"
    for anchor in found.anchors:
        assert anchor.residual_ns == anchor.a_ns - to_timeline(found.segments, Ns(anchor.b_ns))
    correlation, before, after = found.evidence
    assert correlation.x[int(np.argmax(correlation.y))] == pytest.approx(3.7, abs=0.2)
    assert np.median(before.y) == pytest.approx(3.7, abs=0.1)
    assert abs(float(np.median(after.y))) < 60
    assert all(len(curve.x) == len(curve.y) <= 2000 for curve in found.evidence)


def test_A30_marks_choose_the_loss_that_suits_them() -> None:
    """Bounded marks are judged by their extremes, blunders by the median, and one blunder moves nothing."""
    rng = np.random.default_rng(2)
    truth = np.sort(rng.uniform(0, 300, (80, 2)), axis=0)
    truth[:, 1] = truth[:, 0] + 1.0
    spans = truth + 7.0
    bounded = truth + rng.uniform(-0.15, 0.15, truth.shape)
    marks = paired(bounded, spans, offset_s=7.0, rate=1.0, reach_s=0.9)
    line = fit_marks(marks, slope=0.0)
    assert line.power >= 4
    assert line.lag_s == pytest.approx(7.0, abs=0.012)
    heavy = truth + np.clip(0.03 * rng.standard_t(1.5, truth.shape), -0.8, 0.8)
    line = fit_marks(paired(heavy, spans, offset_s=7.0, rate=1.0, reach_s=0.9), slope=0.0)
    assert line.power <= 2
    assert line.lag_s == pytest.approx(7.0, abs=0.012)


def test_A33_real_subtitle_chunks_find_their_place_within_their_uncertainty(shared_data: Path) -> None:
    """A person's chunks begin before speech and end after it: the uncertainty says so."""
    folder = shared_data / "dialogue" / "elan_fable"
    sound, rate_hz = soundfile.read(folder / "fables_01_03_aesop_64kb.ogg", dtype="float32", always_2d=True)
    tree = defused_parse(folder / "fables_01_03_aesop_64kb.eaf")
    times_ms = {one.get("TIME_SLOT_ID"): int(one.get("TIME_VALUE", "0")) for one in tree.iter("TIME_SLOT")}
    chunks = next(tier for tier in tree.iter("TIER") if tier.get("TIER_ID") == "StoryChunk")
    cues = [
        (
            (times_ms[one.get("TIME_SLOT_REF1")] + 2_500) * 1_000_000,
            (times_ms[one.get("TIME_SLOT_REF2")] + 2_500) * 1_000_000,
        )
        for one in chunks.iter("ALIGNABLE_ANNOTATION")
    ]
    found = align_transcript(cues, sound.mean(axis=1), rate_hz)
    assert isinstance(found, Estimate)
    middle = Ns(found.fit.centre_ns)
    error_ns = abs(to_timeline(found.segments, middle) + 2_500_000_000 - middle)
    assert error_ns < 2 * sigma_ns(found.fit, middle) < 400_000_000
