from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.media.shared import shared_file

from braid.base.errors import InvalidInput, LimitExceeded, NotFound
from braid.media import derive, probe
from braid.model.records import Modality


def gradient(width: int = 64, height: int = 40) -> Image.Image:
    x = np.linspace(0, 255, width, dtype=np.uint8)
    return Image.fromarray(np.stack([np.tile(x, (height, 1))] * 3, axis=-1))


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize(
    ("name", "media_type"), [("a.png", "image/png"), ("a.jpg", "image/jpeg"), ("a.webp", "image/webp")]
)
def test_the_usual_pictures_are_known_by_content(tmp_path: Path, name: str, media_type: str) -> None:
    gradient().save(tmp_path / name)
    made = probe(tmp_path / name)
    assert (made.modality, made.media_type) == (Modality.IMAGE, media_type)
    assert (made.facts.width_px, made.facts.height_px) == (64, 40)
    assert made.warnings == ()


def test_exif_orientation_turns_size_and_picture(tmp_path: Path) -> None:
    picture = gradient()
    exif = picture.getexif()
    exif[0x0112] = 6
    picture.save(tmp_path / "turned.jpg", exif=exif)
    facts = probe(tmp_path / "turned.jpg").facts
    shown = opened(derive("picture", tmp_path / "turned.jpg"))
    assert (facts.width_px, facts.height_px) == (40, 64) == shown.size
    values = np.asarray(shown.convert("L"), dtype=int)
    assert values[0].mean() < 20
    assert values[-1].mean() > 200


def test_a_16_bit_png_is_scaled_by_its_own_range(tmp_path: Path) -> None:
    depth = np.linspace(1000, 3000, 64 * 40).reshape(40, 64).astype(np.uint16)
    Image.fromarray(depth).save(tmp_path / "depth.png")
    shown = np.asarray(opened(derive("picture", tmp_path / "depth.png")).convert("L"))
    assert (shown.min(), shown.max()) == (0, 255)


def test_a_lossless_picture_stays_exact(tmp_path: Path) -> None:
    gradient().save(tmp_path / "a.png")
    assert np.array_equal(np.asarray(opened(derive("picture", tmp_path / "a.png"))), np.asarray(gradient()))


def test_thumbnails_are_bounded(tmp_path: Path) -> None:
    gradient(900, 500).save(tmp_path / "a.png")
    assert opened(derive("thumbnail", tmp_path / "a.png")).size == (320, 178)


def test_a_picture_with_palette_and_transparency_becomes_rgba(tmp_path: Path) -> None:
    palette = Image.new("P", (8, 8))
    palette.info["transparency"] = 0
    palette.save(tmp_path / "p.png", transparency=0)
    assert opened(derive("picture", tmp_path / "p.png")).getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_a_decompression_bomb_is_refused_before_decoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gradient(100, 100).save(tmp_path / "a.png")
    assert probe(tmp_path / "a.png").facts.width_px == 100
    monkeypatch.setattr("braid.media.pictures.MAX_PICTURE_PIXELS", 9_999)
    with pytest.raises(LimitExceeded, match="too large"):
        probe(tmp_path / "a.png")


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_a_cut_picture_is_refused(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (80, 80, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / name)
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(InvalidInput, match="damaged or cut short"):
        probe(tmp_path / name)


def test_a_jpeg_named_png_works_with_a_warning(tmp_path: Path) -> None:
    gradient().save(tmp_path / "a.png", "JPEG")
    made = probe(tmp_path / "a.png")
    assert made.media_type == "image/jpeg"
    assert made.facts.warnings == ("W_NAME_MISMATCH",)


def test_an_html_page_named_jpg_is_refused_whatever_is_claimed(tmp_path: Path) -> None:
    page = tmp_path / "a.jpg"
    page.write_text("<!DOCTYPE html><html>404</html>")
    for claim in (None, Modality.IMAGE):
        with pytest.raises(InvalidInput, match="HTML page"):
            probe(page, modality=claim)
    with pytest.raises(InvalidInput, match="HTML page"):
        probe(page, name="0badc0de", media_type="image/jpeg")


def test_a_missing_or_empty_file_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        probe(tmp_path / "none.png")
    (tmp_path / "empty.png").touch()
    with pytest.raises(InvalidInput, match="empty"):
        probe(tmp_path / "empty.png")


@pytest.mark.parametrize("name", ["bad_crc.png", "truncated.png", "truncated.jpg", "not_an_image.jpg"])
def test_broken_pictures_are_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        probe(shared_file(f"broken/{name}"))


def test_a_real_jpeg_named_png_is_read() -> None:
    made = probe(shared_file("broken/jpeg_named.png"))
    assert (made.media_type, made.facts.warnings) == ("image/jpeg", ("W_NAME_MISMATCH",))
