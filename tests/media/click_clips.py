"""One click and a barcode in every kind of container: the truth that positions are measured against."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile
from numpy.typing import NDArray
from tests.media.clips import HEIGHT, WIDTH, barcode

CLICK_S = Fraction(1002, 1000)
FRAME_S = Fraction(1001, 30000)
FRAMES = 60
SECONDS = 2
PLAIN = {"use_editlist": "0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One container with its codecs. options: of the muxer. unknown: nothing in the file says how long the priming is."""

    name: str
    ending: str
    audio: str
    video: str = ""
    rate_hz: int = 48_000
    options: dict[str, str] = field(default_factory=dict)
    unknown: bool = False
    by_soundfile: bool = False


CASES = (
    Case(name="wav", ending="wav", audio="pcm_s16le"),
    Case(name="flac", ending="flac", audio="flac"),
    Case(name="m4a", ending="m4a", audio="aac"),
    Case(name="m4a without edit list", ending="m4a", audio="aac", options=PLAIN, unknown=True),
    Case(name="adts", ending="aac", audio="aac", unknown=True),
    Case(name="mp3 with xing", ending="mp3", audio="libmp3lame"),
    Case(
        name="mp3 without xing", ending="mp3", audio="libmp3lame", options={"write_xing": "0"}, unknown=True
    ),
    Case(name="opus", ending="ogg", audio="libopus"),
    Case(name="vorbis", ending="ogg", audio="vorbis", by_soundfile=True),
    Case(name="mp4", ending="mp4", audio="aac", video="libx264"),
    Case(
        name="mp4 without edit list", ending="mp4", audio="aac", video="libx264", options=PLAIN, unknown=True
    ),
    Case(name="mkv", ending="mkv", audio="aac", video="libx264"),
    Case(name="mpegts", ending="ts", audio="aac", video="libx264", unknown=True),
    Case(name="webm", ending="webm", audio="libopus", video="libvpx-vp9"),
)


def click(rate_hz: int) -> NDArray[np.float32]:
    """Two seconds of near silence with one click whose middle lies at CLICK_S."""
    samples = np.random.default_rng(4).normal(0, 1e-4, SECONDS * rate_hz)
    away_s = np.arange(len(samples)) / rate_hz - float(CLICK_S)
    samples += 0.9 * np.exp(-((away_s / 0.0002) ** 2)) * np.cos(2 * np.pi * 3000 * away_s)
    return samples.astype(np.float32)


def write_case(folder: Path, case: Case, *, audio_start: Fraction = Fraction(0)) -> Path:
    """The file of a case. audio_start: when its sound begins, against its first video frame."""
    path = folder / f"clip.{case.ending}"
    samples = click(case.rate_hz)
    if case.by_soundfile:
        soundfile.write(path, samples, case.rate_hz, format="OGG", subtype="VORBIS")
        return path
    with av.open(str(path), "w", options=case.options) as output:
        picture = _video(output, case) if case.video else None
        sound: Any = output.add_stream(case.audio, rate=case.rate_hz)
        sound.codec_context.layout = "mono"
        frames = _sound_frames(samples, case.rate_hz, sound.codec_context.format.name, audio_start)
        steps = [(at / case.rate_hz, partial(sound.encode, frame)) for at, frame in frames]
        if picture is not None:
            steps += [(float(k * FRAME_S), partial(_encode_picture, picture, k)) for k in range(FRAMES)]
        for _, step in sorted(steps, key=lambda one: one[0]):
            output.mux(step())
        if picture is not None:
            output.mux(picture.encode(None))
        output.mux(sound.encode(None))
    return path


def _video(output: Any, case: Case) -> Any:
    calm = {"sc_threshold": "0"} if case.video == "libx264" else {"deadline": "realtime", "cpu-used": "8"}
    stream = output.add_stream(case.video, rate=1 / FRAME_S, options=calm)
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    stream.codec_context.gop_size = 12
    stream.codec_context.max_b_frames = 2 if case.video == "libx264" else 0
    stream.codec_context.thread_count = 1
    stream.codec_context.time_base = stream.time_base = Fraction(1, 30000)
    return stream


def _encode_picture(stream: Any, number: int) -> Any:
    frame = av.VideoFrame.from_ndarray(barcode(number), format="rgb24")
    frame.pts, frame.time_base = number * 1001, Fraction(1, 30000)
    return stream.encode(frame)


def _sound_frames(
    samples: NDArray[np.float32], rate_hz: int, layout: str, start: Fraction
) -> list[tuple[int, av.AudioFrame]]:
    """In blocks of 960, which suits every encoder, in the encoder's own sample format."""
    made = []
    for at in range(0, len(samples), 960):
        block = samples[None, at : at + 960].copy()
        if layout.startswith("s16"):
            block = np.rint(block * 32767).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(
            block, format="s16" if block.dtype == np.int16 else "fltp", layout="mono"
        )
        frame.sample_rate, frame.time_base = rate_hz, Fraction(1, rate_hz)
        frame.pts = at + int(start * rate_hz)
        made.append((frame.pts, frame))
    return made
