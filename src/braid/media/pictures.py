"""Still pictures: facts, thumbnail, and what an <img> can show (EXIF applied, 8 bit).

A 16-bit picture is scaled to 8 bit by its own minimum and maximum, because sensors seldom use the whole range
(a thermal or depth picture cut to its top byte would be black).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

from braid.base.errors import InvalidInput, LimitExceeded
from braid.media.limits import MAX_PICTURE_PIXELS
from braid.media.sniff import PICTURE, sniff

if TYPE_CHECKING:
    from PIL.Image import Image

EXIF_ORIENTATION = 0x0112
THUMBNAIL_PX = 320
_READABLE = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")
_DEEP_MODES = frozenset({"I", "I;16", "I;16B", "I;16L", "I;16N", "F"})


@contextmanager
def opened(path: Path) -> Iterator[Image]:
    """A picture with its header read and its size within bounds, pixels not yet decoded. Raises InvalidInput."""
    import PIL.Image
    from PIL import UnidentifiedImageError

    found = sniff(path)
    if found.family != PICTURE:
        raise InvalidInput(
            "the file is not a picture", where=path.name, got=found.family, wanted=", ".join(_READABLE)
        )
    try:
        with catch_warnings():
            simplefilter("ignore", PIL.Image.DecompressionBombWarning)
            picture = PIL.Image.open(path, formats=(found.name,))
    except PIL.Image.DecompressionBombError as error:
        raise LimitExceeded(
            "the picture is too large", where=path.name, wanted=f"at most {MAX_PICTURE_PIXELS} pixels"
        ) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise InvalidInput(
            f"the {found.name} picture cannot be read",
            where=path.name,
            got=str(error),
            hint="Is it cut short?",
        ) from error
    with picture:
        width, height = picture.size
        if width * height > MAX_PICTURE_PIXELS:
            raise LimitExceeded(
                "the picture is too large",
                where=path.name,
                got=f"{width} x {height}",
                wanted=f"at most {MAX_PICTURE_PIXELS} pixels",
            )
        yield picture


def picture_size(path: Path) -> tuple[int, int, str]:
    """(width_px, height_px, format) after EXIF orientation; decodes every pixel so that a cut file is refused."""
    with opened(path) as picture:
        _decode(picture, path)
        width, height = picture.size
        turned = picture.getexif().get(EXIF_ORIENTATION, 1) in {5, 6, 7, 8}
        return (height, width, str(picture.format)) if turned else (width, height, str(picture.format))


def upright(path: Path) -> Image:
    """The decoded picture in mode L, RGB or RGBA, upright. Raises InvalidInput for broken files."""
    from PIL import ImageOps

    with opened(path) as picture:
        _decode(picture, path)
        turned = ImageOps.exif_transpose(picture)
        return _eight_bit(turned)


def picture_webp(path: Path) -> bytes:
    """The whole picture as lossless WebP when it was lossless, else at quality 92. PNG beyond WebP's 16383 px."""
    with opened(path) as source:
        lossless = source.format not in {"JPEG", "WEBP"}
    image = upright(path)
    return encode(image, lossless=lossless)


def encode(image: Image, *, lossless: bool = False) -> bytes:
    """WebP bytes, or PNG when a side is longer than WebP allows."""
    sink = BytesIO()
    if max(image.size) > 16383:
        image.save(sink, "PNG")
    else:
        image.save(sink, "WEBP", quality=80 if lossless else 92, lossless=lossless, method=2)
    return sink.getvalue()


def thumbnail_webp(image: Image) -> bytes:
    """At most 320 px on the longer side."""
    small = image.copy()
    small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
    sink = BytesIO()
    small.save(sink, "WEBP", quality=80, method=4)
    return sink.getvalue()


def _decode(picture: Image, path: Path) -> None:
    try:
        picture.load()
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InvalidInput(
            f"the {picture.format} picture is damaged or cut short",
            where=path.name,
            got=str(error),
            hint="Fetch the file again from its source",
        ) from error


def _eight_bit(picture: Image) -> Image:
    if picture.mode in _DEEP_MODES:
        import numpy as np
        import PIL.Image

        values = np.asarray(picture, dtype=np.float64)
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
        scale = 255.0 / (high - low) if high > low else 0.0
        scaled = np.nan_to_num((values - low) * scale, nan=0.0, posinf=255.0, neginf=0.0)
        return PIL.Image.fromarray(np.clip(np.rint(scaled), 0, 255).astype(np.uint8))
    if picture.mode in {"L", "RGB", "RGBA"}:
        return picture.copy()
    transparent = picture.mode in {"LA", "PA", "La", "RGBa"} or "transparency" in picture.info
    return picture.convert("RGBA" if transparent else "RGB")
