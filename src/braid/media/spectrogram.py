"""Spectrogram: how loud each band of frequencies is over time, as bytes in a pyramid that a browser can take in tiles.

A column is 10 ms of a mono mix: a Hann window of 25 ms around its middle, power in 128 equal bands from 0 Hz to 8 kHz
(or half the sample rate), 0 for -90 dB of full scale and below, 255 for 0 dB. Coarser levels keep the greatest value.
Source of the window lengths: common practice for speech (Rabiner and Schafer, 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput
from braid.media.audio import LEVEL_FACTOR, SMALLEST_LEVEL_BINS, blocks
from braid.media.containers import scan

BANDS = 128
TOP_HZ = 8000
FLOOR_DB = -90.0
COLUMNS_PER_S = 100
WINDOW_S = 0.025
BATCH_COLUMNS = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class SpectrumLevel:
    """One level; hop: audio samples per column; `offset`: its first byte, columns follow each other, low bands first."""

    hop: int
    columns: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spectrogram:
    """All levels in `data`, uint8 (columns, BANDS) each."""

    sample_rate_hz: int
    top_hz: float
    start_ns: int
    levels: tuple[SpectrumLevel, ...]
    data: bytes


def spectrogram(path: Path, *, track: int) -> Spectrogram:
    """Of one audio track. Memory: 128 bytes per 10 ms. Raises InvalidInput when there is no sound."""
    found = scan(path)
    one = found.pick("audio", track, where=path.name)
    builder = _Columns(one.sample_rate_hz)
    for block in blocks(path, track=track):
        builder.add(np.nan_to_num(block.mean(axis=1), nan=0.0, posinf=1.0, neginf=-1.0))
    base = builder.finish()
    if not len(base):
        raise InvalidInput("the file holds no audio sample", where=path.name)
    levels: list[SpectrumLevel] = []
    parts: list[bytes] = []
    offset, hop = 0, builder.hop
    while True:
        levels.append(SpectrumLevel(hop=hop, columns=len(base), offset=offset))
        parts.append(base.tobytes())
        offset += base.nbytes
        if len(base) <= SMALLEST_LEVEL_BINS:
            break
        base, hop = _coarser(base), hop * LEVEL_FACTOR
    return Spectrogram(
        sample_rate_hz=one.sample_rate_hz,
        top_hz=builder.top_hz,
        start_ns=0 if one.start is None else found.media_ns(one.start),
        levels=tuple(levels),
        data=b"".join(parts),
    )


class _Columns:
    """Turns mono blocks of any length into columns."""

    def __init__(self, sample_rate_hz: int) -> None:
        self.hop = max(1, round(sample_rate_hz / COLUMNS_PER_S))
        self._window = max(self.hop, round(sample_rate_hz * WINDOW_S))
        self._size = 1 << (max(self._window, 2 * BANDS) - 1).bit_length()
        self.top_hz = min(float(TOP_HZ), sample_rate_hz / 2)
        bins = round(self.top_hz * self._size / sample_rate_hz)
        self._edges = np.minimum(np.arange(BANDS) * bins // BANDS, self._size // 2)
        self._bins = max(bins, int(self._edges[-1]) + 1)
        self._hann = np.hanning(self._window).astype(np.float32)
        # A sine of full scale has this power in its bin; it is the 0 dB.
        self._full = float(self._hann.sum() / 2) ** 2
        before = (self._window - self.hop) // 2
        self._waiting = np.zeros(before, dtype=np.float32)
        self._seen = 0
        self._made = 0
        self._parts: list[NDArray[np.uint8]] = []

    def add(self, mono: NDArray[np.float32]) -> None:
        self._seen += len(mono)
        self._waiting = np.concatenate([self._waiting, mono.astype(np.float32, copy=False)])
        if len(self._waiting) >= BATCH_COLUMNS * self.hop + self._window:
            self._reduce()

    def finish(self) -> NDArray[np.uint8]:
        missing = -(-self._seen // self.hop) - self._made
        if missing > 0:
            wanted = (missing - 1) * self.hop + self._window
            self._waiting = np.pad(self._waiting, (0, max(0, wanted - len(self._waiting))))[:wanted]
            self._reduce()
        return np.concatenate(self._parts) if self._parts else np.empty((0, BANDS), dtype=np.uint8)

    def _reduce(self) -> None:
        count = (len(self._waiting) - self._window) // self.hop + 1
        for start in range(0, count, BATCH_COLUMNS):
            size = min(BATCH_COLUMNS, count - start)
            part = self._waiting[start * self.hop : (start + size - 1) * self.hop + self._window]
            frames = np.lib.stride_tricks.sliding_window_view(part, self._window)[:: self.hop]
            spectrum = np.fft.rfft(frames * self._hann, n=self._size, axis=1)[:, : self._bins]
            power = (spectrum.real**2 + spectrum.imag**2) / self._full
            bands = np.maximum.reduceat(power, self._edges, axis=1)
            level_db = 10 * np.log10(np.maximum(bands, 1e-12))
            self._parts.append(np.clip((1 - level_db / FLOOR_DB) * 255, 0, 255).astype(np.uint8))
        self._made += count
        self._waiting = self._waiting[count * self.hop :]


def _coarser(base: NDArray[np.uint8]) -> NDArray[np.uint8]:
    short = -len(base) % LEVEL_FACTOR
    padded = np.concatenate([base, np.repeat(base[-1:], short, axis=0)]) if short else base
    grouped: NDArray[np.uint8] = padded.reshape(-1, LEVEL_FACTOR, BANDS).max(axis=1)
    return grouped
