"""The dialogue demo: two drawn people talk for ten seconds; voices are synthesised, mouths follow the sound."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from braid.demo.drawing import Canvas, Colour, Rect, shade

Floats = NDArray[np.float64]

RATE_HZ = 24_000
FRAMES_PER_SECOND = 25
SECONDS = 10
WIDTH_PX, HEIGHT_PX = 768, 432


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """What one person says, word by word: (word, start in ms, end in ms)."""

    speaker: str
    intent: str
    emotion: str
    words: tuple[tuple[str, int, int], ...]

    @property
    def start_ms(self) -> int:
        """When the first word begins."""
        return self.words[0][1]

    @property
    def end_ms(self) -> int:
        """When the last word ends."""
        return self.words[-1][2]

    @property
    def text(self) -> str:
        """The words with spaces between."""
        return " ".join(word for word, _, _ in self.words)


def _spoken(speaker: str, intent: str, emotion: str, text: str, start_ms: int, pace_ms: int) -> Utterance:
    at, words = start_ms, []
    for word in text.split():
        length = 90 + pace_ms * len(word.strip(".,?"))
        words.append((word, at, at + length))
        at += length + (140 if word.endswith((".", ",", "?")) else 30)
    return Utterance(speaker=speaker, intent=intent, emotion=emotion, words=tuple(words))


UTTERANCES = (
    _spoken(
        "Anna", "complaint", "frustration", "I have called three times now and nobody rang back.", 500, 40
    ),
    _spoken("Ben", "apology", "neutral", "I am sorry to hear that. Let me look.", 4300, 42),
    _spoken("Anna", "thanks", "joy", "Good, thank you.", 7600, 46),
)
FROWN_MS = (900, 3600)
SMILE_MS = (7700, 9300)
FACES = {"Anna": Rect(x0=128, y0=96, x1=288, y1=302), "Ben": Rect(x0=480, y0=90, x1=640, y1=296)}


def sway_px(speaker: str, at_ms: float) -> tuple[float, float]:
    """How far a head has moved from its place, pixels right and down."""
    phase = 0.0 if speaker == "Anna" else 1.9
    return 9 * math.sin(at_ms / 1300 + phase), 4 * math.sin(at_ms / 900 + phase)


def voices() -> Floats:
    """The sound, mono in [-1, 1]: a glottal pulse train through vowel formants, word by word."""
    sound = np.random.default_rng(3).normal(0, 0.004, RATE_HZ * SECONDS)
    vowels = [(730, 1090), (530, 1840), (390, 1990), (570, 840), (440, 1020)]
    for utterance in UTTERANCES:
        pitch = 205.0 if utterance.speaker == "Anna" else 118.0
        if utterance.emotion == "frustration":
            pitch *= 1.18
        for number, (word, start_ms, end_ms) in enumerate(utterance.words):
            length = (end_ms - start_ms) * RATE_HZ // 1000
            t = np.arange(length) / RATE_HZ
            bend = (
                pitch * (1.04 - 0.1 * number / len(utterance.words)) * (1 + 0.03 * np.sin(2 * np.pi * 4 * t))
            )
            phase = 2 * np.pi * np.cumsum(bend) / RATE_HZ
            low, high = vowels[(len(word) + number) % len(vowels)]
            tone = np.zeros(length)
            for harmonic in range(1, int(4000 / pitch)):
                frequency = harmonic * pitch
                gain = (
                    1 / (1 + ((frequency - low) / 110) ** 2)
                    + 0.5 / (1 + ((frequency - high) / 160) ** 2)
                    + 0.02
                )
                tone += gain / np.sqrt(harmonic) * np.sin(harmonic * phase)
            envelope = np.minimum(1, np.minimum(t / 0.03, (t[-1] - t) / 0.05 + 1e-3))
            first = start_ms * RATE_HZ // 1000
            sound[first : first + length] += 0.16 * tone * envelope
    return np.clip(sound, -0.98, 0.98)


def picture(at_ms: float, loudness: dict[str, float]) -> NDArray[np.uint8]:
    """The video frame at a time: (HEIGHT_PX, WIDTH_PX, 3) RGB; `loudness` 0..1 opens each mouth."""
    canvas = Canvas(WIDTH_PX, HEIGHT_PX, top=(74, 88, 110), bottom=(46, 54, 70))
    canvas.rect(Rect(x0=300, y0=40, x1=468, y1=210), (150, 178, 204), radius=4)
    canvas.rect(Rect(x0=380, y0=40, x1=388, y1=210), (74, 88, 110))
    _person(
        canvas, "Anna", at_ms, loudness["Anna"], skin=(226, 180, 150), hair=(116, 58, 36), top=(178, 74, 92)
    )
    _person(canvas, "Ben", at_ms, loudness["Ben"], skin=(168, 120, 92), hair=(36, 32, 34), top=(72, 122, 130))
    canvas.rect(Rect(x0=0, y0=392, x1=WIDTH_PX, y1=HEIGHT_PX), (120, 90, 66))
    return np.asarray(canvas.finished(), dtype=np.uint8)


def write_clip(path: Path) -> None:
    """Write the clip as MP4: H.264 video at 25 frames a second and AAC sound."""
    import av

    sound = voices()
    with av.open(str(path), "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=FRAMES_PER_SECOND)
        video.width, video.height, video.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        video.options = {"crf": "24", "preset": "veryfast", "g": "25", "threads": "1"}
        audio = container.add_stream("aac", rate=RATE_HZ)
        audio.layout = "mono"
        step = RATE_HZ // FRAMES_PER_SECOND
        for index in range(SECONDS * FRAMES_PER_SECOND):
            at_ms = 1000 * index / FRAMES_PER_SECOND
            piece = sound[index * step : (index + 1) * step]
            level = float(min(1.0, np.sqrt(np.mean(piece**2)) * 7))
            speaking = _speaker_at(at_ms)
            loudness = {name: level if name == speaking else 0.0 for name in FACES}
            frame = av.VideoFrame.from_ndarray(picture(at_ms, loudness), format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, FRAMES_PER_SECOND)
            container.mux(video.encode(frame))
            samples = (piece * 32767).astype(np.int16)[None, :]
            chunk = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            chunk.sample_rate, chunk.pts, chunk.time_base = RATE_HZ, index * step, Fraction(1, RATE_HZ)
            container.mux(audio.encode(chunk))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))


def _speaker_at(at_ms: float) -> str | None:
    return next((said.speaker for said in UTTERANCES if said.start_ms <= at_ms < said.end_ms), None)


def _person(
    canvas: Canvas, name: str, at_ms: float, loudness: float, *, skin: Colour, hair: Colour, top: Colour
) -> None:
    dx, dy = sway_px(name, at_ms)
    face = FACES[name]
    middle, y0 = (face.x0 + face.x1) / 2 + dx, face.y0 + dy
    canvas.rect(Rect(x0=middle - 130 - dx, y0=330, x1=middle + 130 - dx, y1=460), top, radius=60)
    canvas.rect(Rect(x0=middle - 30, y0=y0 + 180, x1=middle + 30, y1=350), shade(skin, 0.86), radius=14)
    if name == "Anna":
        canvas.rect(Rect(x0=middle - 82, y0=y0 - 6, x1=middle + 82, y1=y0 + 216), hair, radius=70)
    canvas.ellipse(Rect(x0=middle - 68, y0=y0 + 12, x1=middle + 68, y1=y0 + 204), skin)
    fringe = [
        (middle - 74, y0 + 76),
        (middle - 58, y0 + 8),
        (middle, y0 - 12),
        (middle + 58, y0 + 8),
        (middle + 74, y0 + 76),
        (middle + 40, y0 + 44),
        (middle - 20, y0 + 38),
    ]
    canvas.polygon(fringe, hair)
    frown = name == "Anna" and FROWN_MS[0] <= at_ms < FROWN_MS[1]
    smile = name == "Anna" and SMILE_MS[0] <= at_ms < SMILE_MS[1]
    blink = (at_ms + (0 if name == "Anna" else 1400)) % 3100 < 120
    for side in (-1, 1):
        eye = middle + side * 29
        canvas.ellipse(
            Rect(x0=eye - 12, y0=y0 + 88, x1=eye + 12, y1=y0 + (92 if blink else 106)), (248, 248, 246)
        )
        if not blink:
            canvas.ellipse(Rect(x0=eye - 6, y0=y0 + 91, x1=eye + 6, y1=y0 + 104), (44, 36, 34))
        inner, outer = (y0 + 82, y0 + 70) if frown else (y0 + 72, y0 + 74)
        canvas.line([(eye - side * 16, inner), (eye + side * 16, outer)], shade(hair, 0.8), width=5)
    canvas.line(
        [(middle, y0 + 108), (middle - 6, y0 + 134), (middle + 4, y0 + 136)], shade(skin, 0.78), width=3
    )
    opening = 3 + 22 * loudness
    if loudness > 0.08:
        canvas.ellipse(
            Rect(x0=middle - 22, y0=y0 + 158 - opening / 2, x1=middle + 22, y1=y0 + 158 + opening / 2),
            (120, 44, 48),
        )
    elif smile:
        canvas.arc(
            Rect(x0=middle - 28, y0=y0 + 128, x1=middle + 28, y1=y0 + 170),
            start=20,
            end=160,
            colour=(120, 44, 48),
            width=5,
        )
    elif frown:
        canvas.arc(
            Rect(x0=middle - 24, y0=y0 + 154, x1=middle + 24, y1=y0 + 184),
            start=205,
            end=335,
            colour=(120, 44, 48),
            width=5,
        )
    else:
        canvas.line([(middle - 22, y0 + 158), (middle + 22, y0 + 158)], (120, 44, 48), width=4)
