"""Speech-like sound made by code, and the same scene as two recorders would store it: offset, drift, rooms, noise.

Seven voices share one pool of syllables: glottal pulses through formants for vowels, shaped noise for consonants,
words and pauses. Everything follows from the seed; the times of a pair are exact by construction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve, resample_poly

SOURCE_HZ = 16_000
OVERSAMPLED = 8
VOWELS_HZ = (
    (730, 1090, 2440),
    (270, 2290, 3010),
    (300, 870, 2240),
    (530, 1840, 2480),
    (570, 840, 2410),
    (660, 1720, 2410),
    (490, 1350, 1690),
    (440, 1020, 2240),
)
CONSONANTS_HZ = ((4500, 1800), (3000, 1200), (6000, 1200), (1500, 700), (2200, 900), (5200, 2500))
VOICES_F0_HZ = (95.0, 118.0, 140.0, 172.0, 201.0, 228.0, 255.0)

Sound = NDArray[np.float32]
Spans = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two recordings of one scene. Truth: `t_b = offset_s + t_a * (1 + drift_ppm * 1e-6)`, times from each start."""

    a: Sound
    b: Sound
    rate_a_hz: int
    rate_b_hz: int
    offset_s: float
    drift_ppm: float

    def a_of(self, t_b_s: float) -> float:
        """Where an instant of B lies on A's clock, seconds."""
        return (t_b_s - self.offset_s) / (1 + self.drift_ppm * 1e-6)

    def overlap_b_s(self) -> tuple[float, float]:
        """The part of B in which A was recording too, seconds of B."""
        end_a = self.offset_s + len(self.a) / self.rate_a_hz * (1 + self.drift_ppm * 1e-6)
        return max(0.0, self.offset_s), min(len(self.b) / self.rate_b_hz, end_a)


def speech(seconds: float, *, seed: int, voice: int | None = None) -> tuple[Sound, Spans]:
    """Dry sound at 16 kHz with peak near 0.5, and the spans (seconds) of its phrases. Voices take turns unless named."""
    rng = np.random.default_rng([seed, 11])
    out = np.zeros(int(seconds * SOURCE_HZ) + SOURCE_HZ, dtype=np.float32)
    phrases: Spans = []
    at_s = end_s = float(rng.uniform(0.2, 1.0))
    while at_s < seconds - 1.0:
        speaker = int(rng.integers(len(VOICES_F0_HZ))) if voice is None else voice
        start_s, stop_s = at_s, min(seconds - 0.3, at_s + rng.uniform(1.2, 4.0))
        while at_s < stop_s:
            sound = _syllable(rng, speaker)
            first = int(at_s * SOURCE_HZ)
            out[first : first + len(sound)] += sound[: len(out) - first]
            end_s = at_s + len(sound) / SOURCE_HZ
            at_s += len(sound) / SOURCE_HZ * 0.92 + (rng.uniform(0.03, 0.12) if rng.random() < 0.3 else 0.0)
        phrases.append((start_s, end_s))
        at_s += float(rng.uniform(0.3, 1.8))
    return out[: int(seconds * SOURCE_HZ)], phrases


def room(*, seed: int, rt60_s: float, direct_db: float) -> Sound:
    """An impulse response at 16 kHz: the direct sound at audio sample 0, reflections from 2 ms on, `direct_db` below or above."""
    rng = np.random.default_rng([seed, 12])
    count = int(rt60_s * SOURCE_HZ)
    tail = rng.standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    silent = int(0.002 * SOURCE_HZ)
    tail[:silent] = 0.0
    sparse = rng.random(count) < np.minimum(1.0, 0.1 + np.arange(count) / (0.05 * SOURCE_HZ))
    tail *= sparse
    tail *= np.sqrt(10 ** (-direct_db / 10) / np.sum(tail**2))
    tail[0] = 1.0
    return tail.astype(np.float32)


def record(
    source: Sound, *, rate_hz: int, seconds: float, start_s: float, speed: float, block_s: float = 20.0
) -> Sound:
    """The source (16 kHz) at instants `start_s + speed * n / rate_hz`: 8-fold oversampled, then cubic. Exact in time."""
    count = int(seconds * rate_hz)
    out = np.zeros(count, dtype=np.float32)
    step = int(block_s * rate_hz)
    margin = 64
    for first in range(0, count, step):
        index = np.arange(first, min(count, first + step), dtype=np.float64)
        at = (start_s + speed * index / rate_hz) * SOURCE_HZ
        low, high = int(at[0]) - margin, int(at[-1]) + margin
        piece = np.zeros(high - low, dtype=np.float32)
        inside = slice(max(0, low), min(len(source), high))
        piece[inside.start - low : inside.stop - low] = source[inside]
        fine = resample_poly(piece, OVERSAMPLED, 1).astype(np.float32)
        out[first : first + len(index)] = _cubic(fine, (at - low) * OVERSAMPLED)
    return out


def pair(
    *,
    seconds: float,
    offset_s: float,
    drift_ppm: float,
    seed: int,
    rate_a_hz: int = 48_000,
    rate_b_hz: int = 44_100,
    snr_a_db: float = 20.0,
    snr_b_db: float = 10.0,
    rt60_s: tuple[float, float] = (0.4, 0.6),
    direct_db: tuple[float, float] = (6.0, 3.0),
    seconds_b: float | None = None,
) -> Pair:
    """Two recorders in one scene, each `seconds` long (B `seconds_b`): A hears one room, B another, at its own pace."""
    lead_s = max(0.0, offset_s) + 2.0
    length_b_s = seconds if seconds_b is None else seconds_b
    dry, _ = speech(max(seconds, length_b_s) + abs(offset_s) + lead_s + 3.0, seed=seed)
    wet = [
        fftconvolve(dry, room(seed=seed * 2 + ear, rt60_s=rt60_s[ear], direct_db=direct_db[ear]))[: len(dry)]
        for ear in (0, 1)
    ]
    speed = 1 / (1 + drift_ppm * 1e-6)
    a = record(wet[0].astype(np.float32), rate_hz=rate_a_hz, seconds=seconds, start_s=lead_s, speed=1.0)
    b = record(
        wet[1].astype(np.float32),
        rate_hz=rate_b_hz,
        seconds=length_b_s,
        start_s=lead_s - offset_s * speed,
        speed=speed,
    )
    return Pair(
        a=noisy(a, snr_db=snr_a_db, seed=seed * 2 + 1),
        b=noisy(b, snr_db=snr_b_db, seed=seed * 2 + 2) * np.float32(0.4),
        rate_a_hz=rate_a_hz,
        rate_b_hz=rate_b_hz,
        offset_s=offset_s,
        drift_ppm=drift_ppm,
    )


def noisy(sound: Sound, *, snr_db: float, seed: int) -> Sound:
    """White noise added at this level below the mean power of the sound."""
    rng = np.random.default_rng([seed, 13])
    level = np.sqrt(np.mean(np.square(sound, dtype=np.float64)) * 10 ** (-snr_db / 10))
    return sound + np.float32(level) * rng.standard_normal(len(sound), dtype=np.float32)


def _syllable(rng: np.random.Generator, speaker: int) -> NDArray[np.float64]:
    """A consonant and a vowel of the pool, spoken once: durations, pitch and noise differ every time."""
    kind = int(rng.integers(40))
    formants = VOWELS_HZ[kind % len(VOWELS_HZ)]
    centre_hz, width_hz = CONSONANTS_HZ[(kind * 7) % len(CONSONANTS_HZ)]
    vowel = _vowel(rng, formants, VOICES_F0_HZ[speaker], 1 + 0.04 * (speaker - 3), rng.uniform(0.09, 0.22))
    count = int(rng.uniform(0.03, 0.09) * SOURCE_HZ)
    hz = np.fft.rfftfreq(count, 1 / SOURCE_HZ)
    band = np.exp(-0.5 * ((hz - centre_hz) / width_hz) ** 2)
    hiss = np.fft.irfft(np.fft.rfft(rng.standard_normal(count)) * band, count) * np.hanning(count)
    hiss *= 0.05 * rng.uniform(0.5, 1.5) / max(1e-9, float(np.std(hiss)))
    joined = np.zeros(count + len(vowel))
    joined[:count] += hiss
    joined[count:] += vowel
    return joined


def _vowel(
    rng: np.random.Generator, formants_hz: tuple[int, int, int], f0_hz: float, scale: float, length_s: float
) -> NDArray[np.float64]:
    count = int(length_s * SOURCE_HZ)
    along = np.linspace(0, 1, count)
    pitch_hz = f0_hz * rng.uniform(0.85, 1.2) * (1 + rng.uniform(-0.15, 0.15) * along)
    phase = np.cumsum(pitch_hz / SOURCE_HZ * (1 + 0.01 * rng.standard_normal(count)))
    pulses = (np.diff(np.floor(phase), prepend=0.0) > 0).astype(np.float64) + 0.02 * rng.standard_normal(
        count
    )
    hz = np.fft.rfftfreq(count, 1 / SOURCE_HZ)
    shape = 0.02 * np.ones_like(hz)
    for order, formant_hz in enumerate(formants_hz):
        shape += 0.6**order / (1 + ((hz - formant_hz * scale) / (60 + 40 * order)) ** 2)
    sound = np.fft.irfft(np.fft.rfft(pulses) * shape * (hz < 7200), count)
    envelope = np.minimum(1, along / 0.15) * np.minimum(1, (1 - along) / 0.3)
    loud = rng.uniform(0.08, 0.2) / max(1e-9, float(np.std(sound)))
    return np.asarray(sound * envelope * loud, dtype=np.float64)


def _cubic(fine: Sound, at: NDArray[np.float64]) -> Sound:
    """Lagrange through the four neighbours."""
    base = np.floor(at).astype(np.int64)
    x = (at - base).astype(np.float32)
    before, here, after, beyond = (fine[base + step] for step in (-1, 0, 1, 2))
    return np.asarray(
        here
        + x
        * (
            after
            - before / 3
            - here / 2
            - beyond / 6
            + x * ((before + after) / 2 - here + x * ((beyond - before) / 6 + (here - after) / 2))
        ),
        dtype=np.float32,
    )
