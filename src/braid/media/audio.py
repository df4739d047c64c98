"""Audio: decoded blocks in bounded memory, placed by packet times, and the peaks pyramid made from them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput, LimitExceeded
from braid.clock.ns import SECOND_NS, round_half_up
from braid.media.containers import Scan, TrackScan, opened, scan
from braid.media.limits import MAX_AUDIO_CHANNELS, MAX_AUDIO_GAP_NS
from braid.media.playability import plays_audio

if TYPE_CHECKING:
    from av.audio.stream import AudioStream

BASE_SAMPLES_PER_BIN = 64
LEVEL_FACTOR = 4
SMALLEST_LEVEL_BINS = 256
FULL_SCALE = 127
GAP_TOLERANCE_S = 0.015
"""Packets may be stamped this far off without a hole between them; a lost packet of Opus lasts 20 ms."""
VORBIS_TOLERANCE_S = 0.1
"""Vorbis changes its block size, and stamps a block as if it had not."""
FIRST_TOLERANCE_S = 0.001
BATCH_SAMPLES = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of the pyramid; `offset`: its first byte in peaks.bin."""

    samples_per_bin: int
    bins: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Peaks:
    """Per bin and channel the least and greatest value as int8, full scale = 127; all levels in `data`."""

    sample_rate_hz: int
    channel_count: int
    start_ns: int
    sample_count: int
    levels: tuple[Level, ...]
    data: bytes
    zero_s: float

    @property
    def duration_ns(self) -> int:
        """How long the audio lasts."""
        return round_half_up(Fraction(self.sample_count * SECOND_NS, self.sample_rate_hz))


def blocks(path: Path, *, track: int) -> Iterator[NDArray[np.float32]]:
    """Decoded audio as (n, channels) float32 blocks, full scale = 1, from the content start on.

    Holes between packets longer than 0.1 s are filled with silence, so that an index is a time. Damaged ends are cut.
    """
    import av

    found = scan(path)
    one = found.pick("audio", track, where=path.name)
    check_audio(one.sample_rate_hz, one.channel_count, path)
    begin_s = None if one.start is None else float(one.start)
    wanted = _declared_samples(found, one)
    unit_s = float(one.time_base)
    done = 0
    with opened(path) as container:
        stream = cast("AudioStream", container.streams[one.stream_index])
        resampler = av.AudioResampler(format="fltp")
        try:
            for frame in container.decode(stream):
                rate, channels = frame.sample_rate, frame.layout.nb_channels
                if (rate, channels) != (one.sample_rate_hz, one.channel_count):
                    raise InvalidInput(
                        "the audio changes its form midway",
                        where=path.name,
                        got=f"{rate} Hz, {channels} channels",
                        wanted=f"{one.sample_rate_hz} Hz, {one.channel_count} channels",
                    )
                hole_s = _hole_s(frame.pts, unit_s, begin_s, done / rate)
                if _tolerance_s(one, done) < hole_s <= MAX_AUDIO_GAP_NS / SECOND_NS:
                    for silence in _silence(round(hole_s * rate), channels):
                        done += len(silence)
                        yield silence
                for converted in resampler.resample(frame):
                    block = np.ascontiguousarray(converted.to_ndarray().T, dtype=np.float32)
                    block = block[: max(0, wanted - done)]
                    done += len(block)
                    yield block
        except av.FFmpegError:
            return


def _tolerance_s(one: TrackScan, done: int) -> float:
    """How long a hole must be to be one. At the start nothing can have been stamped off, except by rounding."""
    if not done:
        return FIRST_TOLERANCE_S
    return VORBIS_TOLERANCE_S if one.codec == "vorbis" else GAP_TOLERANCE_S


def _declared_samples(found: Scan, one: TrackScan) -> int:
    """How many audio samples an MP4 says it holds: the last packet decodes to more. Others say it while decoding."""
    if found.container != "mp4" or one.start is None or one.end is None or found.damaged:
        return sys.maxsize
    return round_half_up((one.end - one.start) * one.sample_rate_hz)


def check_audio(sample_rate_hz: int, channel_count: int, path: Path) -> None:
    """Raises InvalidInput for a rate or channel count that no recorder makes."""
    if not 0 < sample_rate_hz <= 6_144_000:
        raise InvalidInput("the audio sample rate is implausible", where=path.name, got=sample_rate_hz)
    if not 0 < channel_count <= MAX_AUDIO_CHANNELS:
        raise LimitExceeded(
            "the audio has too many channels",
            where=path.name,
            got=channel_count,
            wanted=f"1 to {MAX_AUDIO_CHANNELS}",
        )


def peaks(path: Path, *, track: int) -> Peaks:
    """The pyramid of one audio track. Memory: about 1/16 byte per audio sample and channel."""
    found = scan(path)
    one = found.pick("audio", track, where=path.name)
    builder = _BaseLevel(max(1, one.channel_count))
    for block in blocks(path, track=track):
        builder.add(block)
    base = builder.finish()
    if not builder.sample_count:
        raise InvalidInput("the file holds no audio sample", where=path.name)
    levels: list[Level] = []
    parts: list[bytes] = []
    offset, per_bin = 0, BASE_SAMPLES_PER_BIN
    while True:
        levels.append(Level(samples_per_bin=per_bin, bins=len(base), offset=offset))
        parts.append(base.tobytes())
        offset += base.nbytes
        if len(base) <= SMALLEST_LEVEL_BINS:
            break
        base, per_bin = _coarser(base), per_bin * LEVEL_FACTOR
    return Peaks(
        sample_rate_hz=one.sample_rate_hz,
        channel_count=one.channel_count,
        start_ns=0 if one.start is None else found.media_ns(one.start),
        sample_count=builder.sample_count,
        levels=tuple(levels),
        data=b"".join(parts),
        zero_s=_zero_s(path, found, one),
    )


def _zero_s(path: Path, found: Scan, one: TrackScan) -> float:
    """Seconds of an <audio> element at media time 0: players cut the encoder delay of elementary formats themselves."""
    container_clock = found.container in {"mp4", "matroska"} and plays_audio(path, found, one)
    return float(found.zero) if container_clock else 0.0


def _hole_s(pts: int | None, unit_s: float, begin_s: float | None, done_s: float) -> float:
    """Seconds between where the sound has come to and where this block belongs; floats do, a hole is 0.1 s or more."""
    return 0.0 if pts is None or begin_s is None else pts * unit_s - begin_s - done_s


class _BaseLevel:
    """Collects (bins, channels, 2) int8 from blocks of any length, in batches since blocks may be tiny."""

    def __init__(self, channel_count: int) -> None:
        self.sample_count = 0
        self._channels = channel_count
        self._waiting: list[NDArray[np.float32]] = []
        self._waiting_count = 0
        self._bins: list[NDArray[np.int8]] = []

    def add(self, block: NDArray[np.float32]) -> None:
        self.sample_count += len(block)
        self._waiting.append(block)
        self._waiting_count += len(block)
        if self._waiting_count >= BATCH_SAMPLES:
            self._reduce()

    def _reduce(self) -> None:
        joined = np.nan_to_num(np.concatenate(self._waiting), nan=0.0, posinf=1.0, neginf=-1.0)
        whole = len(joined) // BASE_SAMPLES_PER_BIN * BASE_SAMPLES_PER_BIN
        if whole:
            shaped = joined[:whole].reshape(-1, BASE_SAMPLES_PER_BIN, self._channels)
            self._bins.append(_as_int8(shaped.min(axis=1), shaped.max(axis=1)))
        self._waiting = [joined[whole:].copy()]
        self._waiting_count = len(joined) - whole

    def finish(self) -> NDArray[np.int8]:
        if self._waiting_count:
            self._reduce()
        if self._waiting_count:
            rest = self._waiting[0]
            self._bins.append(_as_int8(rest.min(axis=0)[None], rest.max(axis=0)[None]))
        return np.concatenate(self._bins) if self._bins else np.empty((0, self._channels, 2), dtype=np.int8)


def _as_int8(low: NDArray[np.float32], high: NDArray[np.float32]) -> NDArray[np.int8]:
    pairs = np.stack([low, high], axis=-1)
    return np.clip(np.rint(pairs * FULL_SCALE), -FULL_SCALE, FULL_SCALE).astype(np.int8)


def _coarser(base: NDArray[np.int8]) -> NDArray[np.int8]:
    short = -len(base) % LEVEL_FACTOR
    padded = np.concatenate([base, np.repeat(base[-1:], short, axis=0)]) if short else base
    grouped = padded.reshape(-1, LEVEL_FACTOR, base.shape[1], 2)
    return np.stack([grouped[..., 0].min(axis=1), grouped[..., 1].max(axis=1)], axis=-1)


def _silence(count: int, channels: int) -> Iterator[NDArray[np.float32]]:
    while count > 0:
        size = min(count, 1 << 16)
        yield np.zeros((size, channels), dtype=np.float32)
        count -= size
