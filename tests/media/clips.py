"""Media that the tests make themselves: small, exact, and with the oddities that real files have."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

WIDTH, HEIGHT, CELLS = 192, 64, 12


def barcode(number: int) -> NDArray[np.uint8]:
    """A picture that carries `number` as 12 black or white cells, safe against lossy codecs."""
    picture = np.full((HEIGHT, WIDTH, 3), 128, dtype=np.uint8)
    for bit in range(CELLS):
        picture[:, bit * 16 : bit * 16 + 16] = 235 if number >> bit & 1 else 16
    return picture


def read_barcode(picture: NDArray[Any]) -> int:
    """The number of a barcode picture."""
    grey = picture.astype(np.float64).mean(axis=2) if picture.ndim == 3 else picture
    return sum(1 << bit for bit in range(CELLS) if grey[16:48, bit * 16 + 4 : bit * 16 + 12].mean() > 128)


def write_video(
    path: Path,
    ticks: Sequence[int],
    *,
    time_base: Fraction,
    codec: str = "libx264",
    b_frames: int = 0,
    gop: int = 12,
    container: str | None = None,
    options: dict[str, str] | None = None,
    audio_hz: int = 0,
    audio_codec: str = "aac",
    audio_start: Fraction = Fraction(0),
    turned: int = 0,
) -> Path:
    """A clip whose video frame i shows barcode i at `ticks[i]`; with a 440 Hz tone from `audio_start` on if asked."""
    with av.open(str(path), "w", format=container, options=options or {}) as output:
        mean = Fraction(len(ticks) - 1, ticks[-1] - ticks[0]) / time_base
        calm = {"sc_threshold": "0"} if codec == "libx264" else {}
        stream: Any = output.add_stream(codec, rate=mean.limit_denominator(1001), options=calm)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.gop_size = gop
        stream.codec_context.max_b_frames = b_frames
        stream.codec_context.thread_count = 1
        stream.codec_context.time_base = time_base
        stream.time_base = time_base
        if turned:
            stream.set_display_rotation(turned)
        sound: Any = output.add_stream(audio_codec, rate=audio_hz) if audio_hz else None
        if sound is not None:
            sound.codec_context.layout = "mono"
            length = (ticks[-1] - ticks[0]) * time_base
            samples = tone(int(length * audio_hz), audio_hz)
            for at in range(0, len(samples), 1024):
                frame = av.AudioFrame.from_ndarray(
                    samples[None, at : at + 1024], format="fltp", layout="mono"
                )
                frame.sample_rate, frame.time_base = audio_hz, Fraction(1, audio_hz)
                frame.pts = at + int(audio_start * audio_hz)
                output.mux(sound.encode(frame))
            output.mux(sound.encode(None))
        for number, tick in enumerate(ticks):
            picture = av.VideoFrame.from_ndarray(barcode(number), format="rgb24")
            picture.pts, picture.time_base = tick, time_base
            output.mux(stream.encode(picture))
        output.mux(stream.encode(None))
    return path


def tone(count: int, rate_hz: int) -> NDArray[np.float32]:
    """`count` audio samples of a 440 Hz tone at half of full scale."""
    return (0.5 * np.sin(2 * np.pi * 440 * np.arange(count) / rate_hz)).astype(np.float32)


def write_sound(path: Path, samples: NDArray[np.float32], rate_hz: int, *, subtype: str = "PCM_16") -> Path:
    """A WAV, FLAC or Ogg file by its ending."""
    soundfile.write(path, samples, rate_hz, subtype=subtype)
    return path
