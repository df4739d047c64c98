"""Every file here is damaged at random, from a seed: probing and deriving answer or refuse, and never crash."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.media.clips import barcode, tone, write_sound, write_video

from braid.base.errors import BraidError
from braid.media import derive, probe, write_pcd

ROUNDS = 40


def mp4(path: Path) -> None:
    write_video(path, [k * 40 for k in range(8)], time_base=Fraction(1, 1000), b_frames=2, audio_hz=48000)


def webm(path: Path) -> None:
    write_video(
        path, [k * 40 for k in range(8)], time_base=Fraction(1, 1000), codec="libvpx", container="webm"
    )


def wav(path: Path) -> None:
    write_sound(path, tone(3000, 8000), 8000)


def png(path: Path) -> None:
    Image.fromarray(barcode(5)).save(path)


def pcd(path: Path) -> None:
    write_pcd(
        path, np.random.default_rng(1).normal(0, 9, (60, 4)).astype(np.float32), encoding="binary_compressed"
    )


def ascii_pcd(path: Path) -> None:
    write_pcd(path, np.random.default_rng(1).normal(0, 9, (60, 4)).astype(np.float32), encoding="ascii")


def csv(path: Path) -> None:
    path.write_text("t_ms,x\n" + "".join(f"{k},{k / 3}\n" for k in range(80)))


def damaged(data: bytes, dice: random.Random) -> bytes:
    """A few bytes changed, a stretch lost or doubled, or the end missing; the head is hit more often than the rest."""
    made = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        made[dice.randrange(len(made) if dice.random() < 0.5 else min(600, len(made)))] = dice.randrange(256)
    at = dice.randrange(len(made))
    shape = dice.random()
    if shape < 0.2:
        del made[at : at + dice.randint(1, 200)]
    elif shape < 0.4:
        made[at:at] = made[at : at + dice.randint(1, 200)]
    elif shape < 0.6:
        del made[at:]
    return bytes(made)


@pytest.mark.parametrize(
    ("write", "name", "kinds"),
    [
        (mp4, "a.mp4", ("frames", "peaks", "frame", "thumbnail", "playable")),
        (webm, "a.webm", ("frames", "frame")),
        (wav, "a.wav", ("peaks", "peaks.bin")),
        (png, "a.png", ("picture", "thumbnail")),
        (pcd, "a.pcd", ("points", "points.bin")),
        (ascii_pcd, "a.pcd", ("points",)),
        (csv, "a.csv", ("series", "text")),
    ],
)
def test_damage_is_answered_or_refused(
    tmp_path: Path, write: Callable[[Path], None], name: str, kinds: tuple[str, ...]
) -> None:
    path = tmp_path / name
    write(path)
    whole = path.read_bytes()
    assert probe(path).media_type
    dice = random.Random(name)
    for number in range(ROUNDS):
        broken = tmp_path / f"{number} {name}"
        broken.write_bytes(damaged(whole, dice))
        with suppress(BraidError):  # any other exception fails the test
            probe(broken)
        for kind in kinds:
            with suppress(BraidError):
                assert derive(kind, broken, index=3 if kind == "frame" else None)
        broken.unlink()
