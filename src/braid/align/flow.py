"""How a camera turned between two pictures, as one shift and one roll of the whole picture: no features, no lens."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput

Picture = NDArray[np.float64]

ROUNDS = 4
EDGE = 0.06
MIN_CONTRAST = 0.5
"""Grey levels of spread below which a picture shows nothing that could move."""


def turn_between(before: Picture, after: Picture) -> tuple[float, float, float] | None:
    """(right, down, clockwise): pixels and radians by which the picture `after` (H, W) moved from `before`, grey 0-255.

    Phase correlation finds the whole pixels, least squares on brightness the rest. None where a picture is empty.
    """
    if before.shape != after.shape or before.ndim != 2 or min(before.shape) < 16:
        raise InvalidInput(
            "two pictures of one size are compared", got=f"{before.shape}, {after.shape}", wanted=">= 16 x 16"
        )
    if min(before.std(), after.std()) < MIN_CONTRAST:
        return None
    right, down = _whole_pixels(before, after)
    roll = 0.0
    height, width = before.shape
    y: Picture = np.repeat(np.arange(height, dtype=np.float64)[:, None], width, axis=1)
    x: Picture = np.repeat(np.arange(width, dtype=np.float64)[None, :], height, axis=0)
    across, along = x - (width - 1) / 2, y - (height - 1) / 2
    for _ in range(ROUNDS):
        moved, inside = _looked_up(after, x + right - roll * along, y + down + roll * across)
        slope_y, slope_x = np.gradient(moved, axis=0), np.gradient(moved, axis=1)
        rest = _inner(inside)
        if rest.sum() < 64:
            return None
        columns = np.column_stack(
            [
                slope_x[rest],
                slope_y[rest],
                (slope_y * across - slope_x * along)[rest],
                np.ones(int(rest.sum())),
                before[rest],
            ]
        )
        target = moved[rest] - before[rest]
        solved = np.linalg.lstsq(columns, target, rcond=None)[0]
        right, down, roll = right - float(solved[0]), down - float(solved[1]), roll - float(solved[2])
        if np.abs(solved[:2]).max() < 1e-4:
            break
    if abs(right) > width / 2 or abs(down) > height / 2 or abs(roll) > 0.5:
        return None
    return right, down, roll


def _whole_pixels(before: Picture, after: Picture) -> tuple[float, float]:
    window = np.outer(np.hanning(before.shape[0]), np.hanning(before.shape[1]))
    one = np.fft.rfft2((before - before.mean()) * window)
    other = np.fft.rfft2((after - after.mean()) * window)
    cross = other * np.conj(one)
    peaks = np.fft.irfft2(cross / np.maximum(np.abs(cross), 1e-9), before.shape)
    down, right = divmod(int(np.argmax(peaks)), before.shape[1])
    height, width = before.shape
    return (
        float(right if right <= width // 2 else right - width),
        float(down if down <= height // 2 else down - height),
    )


def _looked_up(picture: Picture, x: Picture, y: Picture) -> tuple[Picture, NDArray[np.bool_]]:
    """The picture between its pixels, by cubic splines, and which places lie inside."""
    from scipy.ndimage import map_coordinates

    inside = (x >= 1) & (x <= picture.shape[1] - 2) & (y >= 1) & (y <= picture.shape[0] - 2)
    return np.asarray(map_coordinates(picture, (y, x), order=3, mode="nearest"), np.float64), inside


def _inner(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    rim = max(2, int(EDGE * min(inside.shape)))
    kept = np.zeros_like(inside)
    kept[rim:-rim, rim:-rim] = inside[rim:-rim, rim:-rim]
    return kept
