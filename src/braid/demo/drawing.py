"""A small brush for the demo's pictures: anti-aliased flat shapes with soft gradients, drawn with Pillow."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
SCALE = 2
"""Everything is drawn twice as large and then reduced, which smooths edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rect:
    """An axis-parallel rectangle in pixels, edge coordinates."""

    x0: float
    y0: float
    x1: float
    y1: float


class Canvas:
    """A picture of `width` x `height` pixels; coordinates are pixels of the finished picture."""

    def __init__(self, width: int, height: int, *, top: Colour, bottom: Colour) -> None:
        self.width, self.height = width, height
        ramp = np.linspace(0.0, 1.0, height * SCALE)[:, None, None]
        rows = np.array(top) * (1 - ramp) + np.array(bottom) * ramp
        pixels = np.repeat(rows, width * SCALE, axis=1).astype(np.uint8)
        self.image = Image.fromarray(pixels)
        self.draw = ImageDraw.Draw(self.image)

    def polygon(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """Fill a polygon."""
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def rect(self, area: Rect, colour: Colour, *, radius: float = 0) -> None:
        """Fill a rectangle, its corners rounded by `radius` pixels."""
        box = (area.x0 * SCALE, area.y0 * SCALE, area.x1 * SCALE - 1, area.y1 * SCALE - 1)
        self.draw.rounded_rectangle(box, radius=radius * SCALE, fill=colour)

    def ellipse(self, area: Rect, colour: Colour) -> None:
        """Fill the ellipse that the rectangle holds."""
        self.draw.ellipse((area.x0 * SCALE, area.y0 * SCALE, area.x1 * SCALE, area.y1 * SCALE), fill=colour)

    def arc(self, area: Rect, *, start: float, end: float, colour: Colour, width: float) -> None:
        """Part of an ellipse's outline, degrees clockwise from the right."""
        box = (area.x0 * SCALE, area.y0 * SCALE, area.x1 * SCALE, area.y1 * SCALE)
        self.draw.arc(box, start, end, fill=colour, width=round(width * SCALE))

    def line(self, points: list[tuple[float, float]], colour: Colour, *, width: float) -> None:
        """A line with round joints."""
        self.draw.line(
            [(x * SCALE, y * SCALE) for x, y in points],
            fill=colour,
            width=round(width * SCALE),
            joint="curve",
        )

    def shadow(self, area: Rect, *, strength: float = 0.35) -> None:
        """A soft dark ellipse on the ground."""
        mask = Image.new("L", self.image.size, 0)
        box = (area.x0 * SCALE, area.y0 * SCALE, area.x1 * SCALE, area.y1 * SCALE)
        ImageDraw.Draw(mask).ellipse(box, fill=round(255 * strength))
        mask = mask.filter(ImageFilter.GaussianBlur(6))
        self.image.paste(Image.new("RGB", self.image.size, (12, 16, 28)), mask=mask)
        self.draw = ImageDraw.Draw(self.image)

    def finished(self) -> Image.Image:
        """The picture at its own size."""
        return self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)

    def pixels(self) -> np.ndarray:
        """The picture as (height, width, 3) uint8."""
        return np.asarray(self.finished())

    def jpeg(self) -> bytes:
        """The picture as a JPEG file."""
        out = io.BytesIO()
        self.finished().save(out, "JPEG", quality=88)
        return out.getvalue()


def shade(colour: Colour, factor: float) -> Colour:
    """A colour made lighter (> 1) or darker (< 1)."""
    red, green, blue = (max(0, min(255, round(part * factor))) for part in colour)
    return red, green, blue
