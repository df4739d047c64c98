"""Point clouds as arrays: KITTI .bin (4 x float32), nuScenes .pcd.bin (5 x float32), PCD."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput, LimitExceeded
from braid.media.limits import MAX_CLOUD_BYTES
from braid.media.pcd import read_pcd
from braid.media.sniff import BINARY, EMPTY, PCD, REFUSED, sniff

Warnings = tuple[tuple[str, str], ...]
FARTHEST_M = 1e7


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """points: (N, 4 or 5) float32 x, y, z in metres, intensity as stored (and ring); every row of the file."""

    points: NDArray[np.float32]
    layout: str
    warnings: Warnings = ()

    def kept(self) -> NDArray[np.bool_]:
        """(N,) which rows are usable: finite coordinates within 10,000 km."""
        xyz = self.points[:, :3]
        with np.errstate(invalid="ignore"):
            return np.asarray((np.abs(xyz) <= FARTHEST_M).all(axis=1))


def read_points(path: Path, *, media_type: str = "", name: str = "") -> NDArray[np.float32]:
    """(N, 4 or 5) float32: x, y, z in metres in the sensor's frame, intensity as stored (0 without), nuScenes: ring.

    Row i is point i of the file, so that an index stays true; NaN and Inf are kept. Raises InvalidInput.
    """
    return read_cloud(path, media_type=media_type, name=name).points


def read_cloud(path: Path, *, media_type: str = "", name: str = "") -> Cloud:
    """The cloud with its layout ("pcd", "kitti", "nuscenes") and warnings. Raises InvalidInput."""
    found = sniff(path)
    if found.family == EMPTY:
        raise InvalidInput("the point cloud is empty", where=path.name, got="0 bytes")
    if found.family == REFUSED:
        raise InvalidInput("the file is not a point cloud we read", where=path.name, got=found.name)
    if found.family == PCD:
        points, warnings = read_pcd(path)
        layout = "pcd"
    else:
        if found.family != BINARY:
            _refuse_unlikely(path, found.family)
        points, layout, warnings = _raw(path, claims=f"{name or path.name} {media_type}".lower())
    return Cloud(points=points, layout=layout, warnings=warnings + _judge(points, path))


def _raw(path: Path, *, claims: str) -> tuple[NDArray[np.float32], str, Warnings]:
    size = path.stat().st_size
    if size > MAX_CLOUD_BYTES:
        raise LimitExceeded("the point cloud is too large", where=path.name, got=f"{size} bytes")
    flat = np.fromfile(path, dtype="<f4", count=size // 4)
    five = _looks_like_five(flat, size, likely="pcd.bin" in claims or "nuscenes" in claims)
    columns = 5 if five else 4
    count = len(flat) // columns
    if not count:
        raise InvalidInput("the file holds no whole point", where=path.name, got=f"{size} bytes")
    points = flat[: count * columns].reshape(count, columns)
    warnings: Warnings = ()
    if count * columns * 4 != size:
        lost = size - count * columns * 4
        warnings = (("W_TRUNCATED", f"the file ends inside a point: {lost} bytes were ignored"),)
    return points, "nuscenes" if five else "kitti", warnings


def _looks_like_five(flat: NDArray[np.float32], size: int, *, likely: bool) -> bool:
    """Whether every fifth value is a ring number (whole, 0 to 255): true of nuScenes, practically never of KITTI."""
    count = min(len(flat) // 5, 20_000)
    if count < 8:
        return likely and size % 20 == 0
    ring = flat[: count * 5].reshape(count, 5)[:, 4]
    with np.errstate(invalid="ignore"):
        whole = bool(np.all((ring == np.floor(ring)) & (ring >= 0) & (ring <= 255)))
    return whole and (likely or bool(np.ptp(ring) > 0))


def _refuse_unlikely(path: Path, family: str) -> None:
    """Text and media are not raw floats, unless every value is a plausible coordinate all the same."""
    size = path.stat().st_size
    flat = np.fromfile(path, dtype="<f4", count=min(size // 4, 4096))
    with np.errstate(invalid="ignore"):
        plausible = size % 4 == 0 and len(flat) >= 4 and bool(np.all(np.abs(flat) < 1e4))
    if not plausible or family == "text":
        raise InvalidInput(
            "the file is not a point cloud",
            where=path.name,
            got=family,
            wanted="PCD, KITTI .bin or nuScenes .pcd.bin",
        )


def _judge(points: NDArray[np.float32], path: Path) -> Warnings:
    if not len(points):
        raise InvalidInput("the point cloud has no points", where=path.name)
    xyz = points[:, :3]
    warnings: list[tuple[str, str]] = []
    finite = np.isfinite(xyz).all(axis=1)
    with np.errstate(invalid="ignore"):
        far = int(np.count_nonzero(finite & (np.abs(xyz) > FARTHEST_M).any(axis=1)))
    broken = len(points) - int(np.count_nonzero(finite))
    zeros = int(np.count_nonzero((xyz == 0).all(axis=1)))
    if broken + far == len(points):
        raise InvalidInput("no point has usable coordinates", where=path.name, got=f"{len(points)} points")
    if far * 10 > len(points):
        raise InvalidInput(
            "many coordinates are implausible: this is no point cloud of floats",
            where=path.name,
            got=f"{far} points",
        )
    if broken:
        warnings.append(("W_NOT_FINITE", f"{broken} points with NaN or Inf are not shown"))
    if far:
        warnings.append(("W_FAR_POINTS", f"{far} points beyond 10,000 km are not shown"))
    if zeros:
        warnings.append(
            ("W_ZERO_RETURNS", f"{zeros} points lie exactly at the origin: returns without an echo")
        )
    return tuple(warnings)
