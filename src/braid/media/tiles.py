"""Point tiles: clouds cut into pieces that a browser draws at once, 16-bit coordinates with a stated error.

Per tile, from `byte_offset` on: count x int16 x, y, z (metre = offset + value * scale), count x uint8 intensity,
zero bytes up to a multiple of 4, count x uint32 index of the point in the file. All little-endian.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from braid.media.clouds import Cloud

MAX_TILE_POINTS = 65_536
MAX_TILE_EXTENT_M = 65.0
MAX_STEP = 32_767


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """Where a tile lies in the bytes and how its numbers become metres."""

    byte_offset: int
    count: int
    scale_m: float
    offset_m: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """All tiles of a cloud and their bytes. Bounds in metres in the sensor's frame."""

    count: int
    bounds_min_m: tuple[float, float, float]
    bounds_max_m: tuple[float, float, float]
    tiles: tuple[Tile, ...]
    data: bytes


def make_tiles(cloud: Cloud) -> Tiles:
    """Tiles of at most 65,536 points and 65 m, so that the error is below 1 mm; unusable points are left out."""
    index = np.flatnonzero(cloud.kept()).astype(np.uint32)
    xyz_m = cloud.points[index, :3].astype(np.float64)
    intensity = _eight_bit(cloud.points[index, 3])
    tiles: list[Tile] = []
    parts: list[bytes] = []
    at = 0
    for rows in _split(xyz_m):
        part, tile = _pack(xyz_m[rows], intensity[rows], index[rows], at)
        tiles.append(tile)
        parts.append(part)
        at += len(part)
    return Tiles(
        count=len(index),
        bounds_min_m=_triple(xyz_m.min(axis=0)),
        bounds_max_m=_triple(xyz_m.max(axis=0)),
        tiles=tuple(tiles),
        data=b"".join(parts),
    )


def _split(xyz_m: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Row numbers of each tile: halved along the longest side until small enough in points and metres."""
    waiting: list[NDArray[np.int64]] = [np.arange(len(xyz_m), dtype=np.int64)]
    done: list[NDArray[np.int64]] = []
    while waiting:
        rows = waiting.pop()
        low, high = xyz_m[rows].min(axis=0), xyz_m[rows].max(axis=0)
        axis = int(np.argmax(high - low))
        extent = float(high[axis] - low[axis])
        if extent > MAX_TILE_EXTENT_M:
            right = xyz_m[rows, axis] > (low[axis] + high[axis]) / 2
            waiting += [rows[right], rows[~right]]
        elif len(rows) > MAX_TILE_POINTS:
            order = np.argsort(xyz_m[rows, axis], kind="stable")
            middle = len(rows) // 2
            waiting += [np.sort(rows[order[middle:]]), np.sort(rows[order[:middle]])]
        else:
            done.append(rows)
    return done


def _pack(
    xyz_m: NDArray[np.float64], intensity: NDArray[np.uint8], index: NDArray[np.uint32], at: int
) -> tuple[bytes, Tile]:
    low, high = xyz_m.min(axis=0), xyz_m.max(axis=0)
    offset_m = (low + high) / 2
    scale_m = max(float((high - low).max()) / (2 * MAX_STEP), 1e-6)
    steps = np.clip(np.rint((xyz_m - offset_m) / scale_m), -MAX_STEP, MAX_STEP).astype("<i2")
    body = steps.tobytes() + intensity.tobytes()
    body += bytes(-len(body) % 4)
    body += index.astype("<u4").tobytes()
    return body, Tile(byte_offset=at, count=len(index), scale_m=scale_m, offset_m=_triple(offset_m))


def _eight_bit(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Intensity to 0-255: values up to 1 are shares, up to 255 are kept, larger ones are scaled by their maximum."""
    clean = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    top = float(clean.max(initial=0.0))
    factor = 255.0 if top <= 1.0 else 1.0 if top <= 255.0 else 255.0 / top
    return np.clip(np.rint(clean * factor), 0, 255).astype(np.uint8)


def _triple(values: NDArray[np.float64]) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])
