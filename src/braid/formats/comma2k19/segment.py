"""One segment on disk: its arrays, checked, and the relation of its boot clock to UTC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.clock.ns import SECOND_NS
from braid.clock.timescales import unix_from_gps_ns
from braid.formats.comma2k19.arrays import boot_ns, load_array
from braid.formats.comma2k19.tables import TABLES, Table
from braid.formats.seam import Sources
from braid.formats.troubles import Troubles

Ints = NDArray[np.int64]
Matrix = NDArray[np.float64]

WEEK_S = 604_800
NEVER = int(np.iinfo(np.int64).min)
STEADY_NS = 1_000
"""The GPS time of frames counts as exact when it runs with the boot clock to a microsecond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """One log: boot_ns (N,), values (N, columns)."""

    table: Table
    boot_ns: Ints
    values: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Poses:
    """Per video frame: boot_ns (N,), and what there is of unix_ns (N,), ECEF positions, velocities, quaternions."""

    boot_ns: Ints
    unix_ns: Ints | None
    positions_ecef_m: Matrix | None
    velocities_ecef_m_s: Matrix | None
    quaternions: Matrix | None


def segment_folders(files: Sources) -> Iterator[Path]:
    """Folders with `processed_log` or `global_pose`, by name."""
    if not files.root.is_dir():
        return
    found = {
        path.parent
        for name in ("processed_log", "global_pose")
        for path in files.root.rglob(name)
        if path.is_dir() and path.resolve().is_relative_to(files.base)
    }
    yield from sorted(found)


def inside(files: Sources, folder: Path, relative: str) -> Path | None:
    """A file of the segment, also with the ending .npy."""
    for name in (relative, f"{relative}.npy"):
        path = folder / name
        if path.is_file() and path.resolve().is_relative_to(files.base):
            return path
    return None


def read_logs(files: Sources, folder: Path, troubles: Troubles) -> Iterator[Log]:
    """Every table that is there and whole."""
    for table in TABLES:
        place = f"processed_log/{table.folder}"
        times = load_array(files, inside(files, folder, f"{place}/t"), troubles)
        values = load_array(files, inside(files, folder, f"{place}/value"), troubles)
        if times is None or values is None:
            if (times is None) != (values is None):
                troubles.add("missing_array", "a log has times or values, not both", spot=place)
            continue
        values = values.reshape(len(values), -1).astype(np.float64)
        if times.ndim != 1 or len(times) != len(values):
            troubles.add("bad_array", f"{len(times)} times for {len(values)} values", spot=place)
            continue
        kept = boot_ns(times)
        good = kept != NEVER
        if not good.all():
            troubles.add("no_time", f"{int((~good).sum())} of {len(good)} rows have no time", spot=place)
        if good.any():
            yield Log(table=table, boot_ns=kept[good], values=values[good])


def read_poses(files: Sources, folder: Path, troubles: Troubles) -> Poses | None:
    """The frames' times and poses; None when there are no frame times."""

    def array(name: str, columns: int) -> Matrix | None:
        assert times is not None
        found = load_array(files, inside(files, folder, f"global_pose/{name}"), troubles)
        if found is None:
            return None
        if len(found) != len(times) or found.reshape(len(found), -1).shape[1] != columns:
            troubles.add(
                "bad_array",
                f"its shape is {found.shape}, wanted ({len(times)}, {columns})",
                spot=f"global_pose/{name}",
            )
            return None
        matrix: Matrix = found.reshape(len(found), -1).astype(np.float64)[good]
        return matrix

    times = load_array(files, inside(files, folder, "global_pose/frame_times"), troubles)
    if times is None or times.ndim != 1:
        return None
    kept = boot_ns(times)
    good = kept != NEVER
    if not good.all():
        troubles.add("no_time", f"{int((~good).sum())} frames have no time", spot="global_pose/frame_times")
    if not good.any():
        return None
    gps = array("frame_gps_times", 2)
    return Poses(
        boot_ns=kept[good],
        unix_ns=None if gps is None else unix_of_gps(gps[:, 0], gps[:, 1]),
        positions_ecef_m=array("frame_positions", 3),
        velocities_ecef_m_s=array("frame_velocities", 3),
        quaternions=array("frame_orientations", 4),
    )


def unix_of_gps(weeks: NDArray[Any], seconds: NDArray[Any]) -> Ints | None:
    """Unix nanoseconds (N,) of GPS weeks and seconds of week; None when a number is none. 0 where one is missing."""
    good = (
        np.isfinite(weeks)
        & np.isfinite(seconds)
        & (weeks >= 0)
        & (weeks < 10_000)
        & (np.abs(seconds) <= WEEK_S)
    )
    if not good.any():
        return None
    gps_ns = weeks[good].astype(np.int64) * (WEEK_S * SECOND_NS) + np.rint(seconds[good] * SECOND_NS).astype(
        np.int64
    )
    ahead = unix_from_gps_ns(int(gps_ns[0])) - int(gps_ns[0])
    answer = np.zeros(len(weeks), dtype=np.int64)
    answer[good] = gps_ns + ahead
    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Unix time minus boot time: the median, and how far single frames are from it."""

    unix_minus_boot_ns: int
    spread_ns: int

    @property
    def steady(self) -> bool:
        """Whether one number says it all."""
        return self.spread_ns <= STEADY_NS


def tie_of(poses: Poses | None) -> Tie | None:
    """From the GPS time of the video frames; None without it."""
    if poses is None or poses.unix_ns is None:
        return None
    there = poses.unix_ns != 0
    apart = np.sort(poses.unix_ns[there] - poses.boot_ns[there])
    if not len(apart):
        return None
    middle = int(apart[len(apart) // 2])
    return Tie(unix_minus_boot_ns=middle, spread_ns=max(middle - int(apart[0]), int(apart[-1]) - middle))
