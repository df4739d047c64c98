"""A recording as an aligner reads it: slices of audio samples on demand, never the whole of it in another form."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput
from braid.clock.ns import SECOND_NS
from braid.clock.rates import Rate, audio_sample_ns

Samples = NDArray[np.float32]
RecordedAudio = NDArray[np.floating | np.integer]
"""What a recorder stored: floats of full scale 1, or whole numbers of their type's full scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """One channel. samples: (N,), float or integer, may be a memory map. start_ns: media time of audio sample 0."""

    samples: RecordedAudio
    rate: Rate
    start_ns: int = 0

    def __post_init__(self) -> None:
        if self.samples.ndim != 1:
            raise InvalidInput(
                "an aligner reads one channel",
                got=f"an array of {self.samples.ndim} dimensions",
                wanted="(N,)",
            )
        if self.samples.dtype.kind not in "fi":
            raise InvalidInput(
                "audio is signed numbers", got=str(self.samples.dtype), wanted="float or signed integer"
            )
        if not 1000 <= self.rate_hz <= 1_000_000:
            raise InvalidInput("an implausible audio rate", got=self.rate_hz, wanted="1 kHz to 1 MHz")

    @property
    def rate_hz(self) -> float:
        """Audio samples per second."""
        return self.rate.num / self.rate.den

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate_hz

    def replayed(self, ratio: Fraction) -> Sound:
        """The same audio samples, said to be `ratio` times as many a second."""
        faster = Fraction(self.rate.num, self.rate.den) * ratio
        return Sound(
            samples=self.samples,
            rate=Rate(num=faster.numerator, den=faster.denominator),
            start_ns=self.start_ns,
        )

    def cut(self, first: int, last: int) -> Samples:
        """Audio samples [first, last) as float32, full scale 1; zeros outside the recording and for what is no number."""
        piece = np.zeros(max(0, last - first), dtype=np.float32)
        low, high = max(0, first), min(len(self.samples), last)
        if high > low:
            piece[low - first : high - first] = self.samples[low:high]
        if self.samples.dtype.kind == "i":
            piece /= np.float32(2.0 ** (8 * self.samples.dtype.itemsize - 1))
        elif not np.isfinite(piece).all():
            np.nan_to_num(piece, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        return piece

    def at_ns(self, index: float) -> int:
        """The media time of a (fractional) audio sample index, nearest nanosecond."""
        whole = int(np.floor(index))
        rest = Fraction(index - whole) * SECOND_NS * self.rate.den / self.rate.num
        return self.start_ns + audio_sample_ns(whole, self.rate) + round(rest)


def sound_of(samples: RecordedAudio, rate_hz: float | Rate, *, start_ns: int = 0) -> Sound:
    """The one place where rates enter: whole numbers, floats of a rational rate, or a Rate. InvalidInput otherwise."""
    if isinstance(rate_hz, Rate):
        return Sound(samples=samples, rate=rate_hz, start_ns=start_ns)
    if not np.isfinite(rate_hz) or rate_hz <= 0:
        raise InvalidInput("an implausible audio rate", got=rate_hz, wanted="1 kHz to 1 MHz")
    exact = Fraction(rate_hz).limit_denominator(100_000)
    return Sound(samples=samples, rate=Rate(num=exact.numerator, den=exact.denominator), start_ns=start_ns)
