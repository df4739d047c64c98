"""Logs and frames of a segment as numeric series; receivers bring a stamp of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import numpy as np

from braid.formats.can.streams import Target
from braid.formats.comma2k19.poses import enu_from_ecef
from braid.formats.comma2k19.segment import Ints, Log, Matrix, Poses, Tie, unix_of_gps
from braid.formats.recording.series_asset import Column, SeriesAsset
from braid.formats.recording.stamps import Chosen, choose, median_period_ns, stamp_option
from braid.formats.recording.streams import stream_of
from braid.formats.troubles import Troubles
from braid.model.records import Modality, Sampling, Stream
from braid.model.timing import Stamp, Timescale, Timing

PLAUSIBLE_MS = 1e11
"""Unix times in milliseconds are beyond this number since 1973, in seconds never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A log with its stamps on the boot clock: `boot_ns` (N,) of the used one. chosen: None when there is one alone."""

    log: Log
    boot_ns: Ints
    chosen: Chosen | None


def place_log(log: Log, tie: Tie | None, options: Mapping[str, str], troubles: Troubles) -> Placed:
    """By the receiver's own time where it has one and the boot clock is tied to UTC, else by the recorder's."""
    device_ns = None if tie is None else _device_ns(log)
    if tie is None or device_ns is None:
        return Placed(log=log, boot_ns=log.boot_ns, chosen=None)
    columns = {Stamp.DEVICE: device_ns, Stamp.LOG: log.boot_ns + tie.unix_minus_boot_ns}
    forced = stamp_option(options)
    chosen = choose(columns, forced=forced if forced in columns else None)
    if chosen.code:
        troubles.add(chosen.code, chosen.problem_text, spot=log.table.name, rejected=False)
    return Placed(log=log, boot_ns=chosen.used_ns - tie.unix_minus_boot_ns, chosen=chosen)


def log_stream(target: Target, placed: Placed, tie: Tie | None) -> Stream:
    """A table as a series. Columns without any number are left out and named in the source."""
    log, chosen = placed.log, placed.chosen
    columns, values, empty = _columns(log)
    facts = {**target.source, "log": log.table.folder}
    if log.table.frame:
        facts["axes"] = log.table.frame
    if log.table.note:
        facts["note"] = log.table.note
    if empty:
        facts["empty"] = ", ".join(empty)
    timing = target.timing
    by_device = chosen is not None and chosen.stamp is Stamp.DEVICE
    if chosen is not None and tie is not None and by_device:
        epoch_ns = target.zero_ns + tie.unix_minus_boot_ns
        timing = Timing(timescale=Timescale.UTC, stamp=Stamp.DEVICE, zero_ns=str(epoch_ns))
    media_ns = placed.boot_ns - target.zero_ns
    series = SeriesAsset(target.context.scratch, columns, stamps=("log",) if by_device else ())
    series.add_many(media_ns, values, [log.boot_ns - target.zero_ns] if by_device else [])
    return stream_of(
        target.context,
        sample=target.sample,
        name=log.table.name,
        modality=Modality.SERIES,
        sampling=Sampling.INSTANT,
        asset=series.finish(target.files),
        timing=msgspec.structs.replace(
            timing,
            period_ns=median_period_ns(np.unique(media_ns)),
            gaps=() if chosen is None else chosen.gaps,
        ),
        source=facts,
    )


def _columns(log: Log) -> tuple[list[Column], list[Matrix], list[str]]:
    named = list(log.table.columns[: log.values.shape[1]])
    named += [(f"column {place + 1}", "") for place in range(len(named), log.values.shape[1])]
    columns: list[Column] = []
    values: list[Matrix] = []
    empty: list[str] = []
    for place, (name, unit) in enumerate(named):
        column = log.values[:, place]
        if np.isnan(column).all() and len(named) > 1:
            empty.append(name)
            continue
        columns.append(Column(name=name, unit=unit))
        values.append(column)
    return columns, values, empty


def _device_ns(log: Log) -> Ints | None:
    names = [name for name, _ in log.table.columns]
    if log.table.utc:
        utc = (
            log.values[:, names.index(log.table.utc)]
            if log.values.shape[1] > names.index(log.table.utc)
            else None
        )
        if utc is None or not np.isfinite(utc).all():
            return None
        unit = 1_000_000 if np.median(utc) > PLAUSIBLE_MS else 1_000_000_000
        whole = np.floor(utc)
        good: Ints = whole.astype(np.int64) * unit + np.rint((utc - whole) * unit).astype(np.int64)
        return good
    if log.table.gps is not None:
        week, second = (names.index(name) for name in log.table.gps)
        if log.values.shape[1] > max(week, second):
            return unix_of_gps(log.values[:, week], log.values[:, second])
    return None


def frame_stream(target: Target, poses: Poses) -> Stream:
    """The video frames as a series: number, place from the first one, speed; the log of the camera's clock."""
    count = len(poses.boot_ns)
    columns = [Column(name="frame", kind="int64")]
    values: list[Ints | Matrix] = [np.arange(count, dtype=np.int64)]
    if poses.velocities_ecef_m_s is not None:
        columns.append(Column(name="speed", unit="m/s"))
        values.append(np.linalg.norm(poses.velocities_ecef_m_s, axis=1))
    if poses.positions_ecef_m is not None and np.isfinite(poses.positions_ecef_m[0]).all():
        turn = enu_from_ecef(poses.positions_ecef_m[0])
        places = (poses.positions_ecef_m - poses.positions_ecef_m[0]) @ turn.T
        columns += [Column(name=name, unit="m") for name in ("east", "north", "up")]
        values += [places[:, axis] for axis in range(3)]
    series = SeriesAsset(target.context.scratch, columns)
    media_ns = poses.boot_ns - target.zero_ns
    series.add_many(media_ns, values)
    return stream_of(
        target.context,
        sample=target.sample,
        name="camera frames",
        modality=Modality.SERIES,
        sampling=Sampling.INSTANT,
        asset=series.finish(target.files),
        timing=msgspec.structs.replace(
            target.timing, stamp=Stamp.DEVICE, period_ns=median_period_ns(media_ns)
        ),
        source={**target.source, "log": "global_pose"},
    )
