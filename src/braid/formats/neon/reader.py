"""Neon recordings as samples: every sensor on Unix time, what the glasses found as annotations on the gaze."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import numpy as np

from braid.clock.ns import LIMIT_NS
from braid.formats.neon.cameras import SCENE, camera_records, camera_stamps
from braid.formats.neon.events import event_annotations, gaps_of, span_annotations
from braid.formats.neon.files import (
    PART_LIMIT,
    Ints,
    Sensor,
    check_manifest,
    part_paths,
    read_dtype,
    read_sensor,
    read_stamps,
    recording_folders,
)
from braid.formats.neon.imu_packets import read_packets
from braid.formats.neon.series import GROUPS, TIME_FIELD, column_name, grouped
from braid.formats.read_only import ReadOnly
from braid.formats.recording.series_asset import Column, SeriesAsset
from braid.formats.recording.stamps import median_period_ns
from braid.formats.recording.streams import stream_of
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources
from braid.formats.troubles import Troubles
from braid.model.records import AnyRecord, Modality, Sample, Sampling, Stream
from braid.model.timing import Stamp, Timescale, Timing

SENSORS: tuple[tuple[str, str, str, str], ...] = (
    ("gaze_200hz", "gaze", "gaze", ""),
    ("gaze", "gaze", "gaze", ""),
    ("gaze_right", "gaze", "gaze right eye", ""),
    ("gaze_left", "gaze", "gaze left eye", ""),
    ("worn_200hz", "worn", "worn", "gaze_200hz"),
    ("worn", "worn", "worn", "gaze"),
    ("eye_state", "eye_state", "", ""),
    ("imu", "imu", "", ""),
)
"""(stem of the files, name of the description, name of the stream, whose stamps serve when it has none)."""
REAL_TIME = " (real time)"


class Info(msgspec.Struct, frozen=True):
    """What info.json says, without the person."""

    recording_id: str = ""
    data_format_version: str = ""
    app_version: str = ""
    android_device_model: str = ""
    module_serial_number: str = ""
    pipeline_version: str = ""
    gaze_mode: str = ""
    gaze_frequency: int = 0
    gaze_offset: list[float] = []
    start_time: int = 0


class Neon(ReadOnly):
    """Recordings of Pupil Labs Neon glasses."""

    id: ClassVar[str] = "neon"
    title: ClassVar[str] = "Pupil Labs Neon eye tracking"
    purpose: ClassVar[str] = (
        "Gaze, eye state, IMU, scene video, blinks, fixations and events in the native layout."
    )
    example: ClassVar[str] = "recording/info.json with recording/gaze ps1.raw"

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample per recording folder."""
        for folder in recording_folders(files):
            yield from _read_recording(files, context, folder)


def _read_recording(files: Sources, context: ReadContext, folder: Path) -> Iterator[SampleBundle | Problem]:
    key = files.name(folder) if folder != files.base else folder.name
    troubles = Troubles(key)
    info = _info(files, folder, troubles)
    check_manifest(files, folder, troubles)
    sensors = _sensors(files, folder, troubles)
    names, event_ns = _events(files, folder, troubles)
    cameras = camera_stamps(files, folder, troubles)
    everything = [*(one.unix_ns for _, _, one in sensors), *cameras.values()]
    if not everything:
        yield from troubles.told()
        yield Problem(
            where=key, code="empty", message="no sensor of the recording can be read", rejected=True
        )
        return
    zero_ns = _zero(everything, event_ns)
    sample = Sample(id=context.new_id(), key=key, epoch_ns=str(zero_ns), source=_facts(info))
    records: list[AnyRecord] = []
    for name, described, sensor in sensors:
        records += _streams(
            files, context, sample.id, sensor, troubles, name=name, described=described, zero_ns=zero_ns
        )
    records += camera_records(files, context, sample.id, folder, troubles, zero_ns=zero_ns)
    anchor = next((one for one in records if isinstance(one, Stream)), None)
    if anchor is not None:
        for stem in ("fixations", "blinks"):
            dtype = read_dtype(files, folder, stem, troubles)
            found = None if dtype is None else read_sensor(files, folder, stem, dtype, troubles)
            if found is not None:
                records += span_annotations(context, anchor, found, troubles, zero_ns=zero_ns)
        if names:
            records += event_annotations(context, anchor, names, event_ns, zero_ns=zero_ns)
    yield from troubles.told()
    yield SampleBundle(sample=sample, records=tuple(records))


def _info(files: Sources, folder: Path, troubles: Troubles) -> Info:
    try:
        return msgspec.json.decode(files.read(folder / "info.json", limit=2**20), type=Info, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        troubles.add("bad_info", f"it cannot be read: {str(error)[:100]}", spot="info.json", rejected=False)
        return Info()


def _facts(info: Info) -> dict[str, str]:
    facts = {
        name: str(getattr(info, name))[:200]
        for name in info.__struct_fields__
        if name not in {"gaze_offset", "start_time"} and getattr(info, name)
    }
    if info.gaze_offset:
        facts["gaze_offset_px"] = " ".join(f"{value:g}" for value in info.gaze_offset[:2])
    return {"format": "neon", **facts}


def _sensors(files: Sources, folder: Path, troubles: Troubles) -> list[tuple[str, str, Sensor]]:
    """(stream name, description, sensor). Gaze computed afterwards comes before that of the moment, which is kept."""
    found: list[tuple[str, str, Sensor]] = []
    for stem, described, name, times_of in SENSORS:
        if not part_paths(files, folder, stem, ".raw"):
            continue
        dtype = read_dtype(files, folder, described, troubles)
        if dtype is None:
            troubles.add("no_dtype", f"no description of its records ({described}.dtype)", spot=f"{stem}.raw")
            continue
        sensor = read_sensor(files, folder, stem, dtype, troubles, times_of=times_of)
        if sensor is None:
            continue
        before = next((one for known, _, one in found if known == name and name), None)
        if before is not None and _same(before, sensor):
            continue
        found.append((name if before is None else f"{name}{REAL_TIME}", described, sensor))
    packets = _packets(files, folder, troubles)
    if packets is not None:
        imu = next((one for _, described, one in found if described == "imu"), None)
        if imu is None or not _same_values(imu, packets):
            found.append(("" if imu is None else "extimu", "imu", packets))
    return found


def _same(one: Sensor, other: Sensor) -> bool:
    return np.array_equal(one.unix_ns, other.unix_ns) and one.records.tobytes() == other.records.tobytes()


def _same_values(one: Sensor, other: Sensor) -> bool:
    """Whether both hold the same readings, whatever the order of their fields."""
    names = one.records.dtype.names or ()
    return np.array_equal(one.unix_ns, other.unix_ns) and all(
        name in (other.records.dtype.names or ()) and np.array_equal(one.records[name], other.records[name])
        for name in names
    )


def _packets(files: Sources, folder: Path, troubles: Troubles) -> Sensor | None:
    parts: list[np.ndarray[tuple[int], np.dtype[Any]]] = []
    stamps: list[Ints] = []
    starts: list[int] = []
    for path in part_paths(files, folder, "extimu", ".raw"):
        records = read_packets(files.read(path, limit=PART_LIMIT), troubles, spot=path.name)
        time_path = path.with_suffix(".time")
        times = (
            read_stamps(files, time_path, troubles)
            if time_path.is_file()
            else records[TIME_FIELD].astype(np.int64)
        )
        whole = min(len(times), len(records))
        if len(times) != len(records):
            text = f"{len(records)} packets and {len(times)} stamps; the first {whole} were paired"
            troubles.add("count_differs", text, spot=path.name)
        if whole:
            starts.append(sum(len(one) for one in stamps))
            parts.append(records[:whole])
            stamps.append(times[:whole])
    if not parts:
        return None
    return Sensor(
        name="extimu", unix_ns=np.concatenate(stamps), records=np.concatenate(parts), starts=tuple(starts)
    )


def _events(files: Sources, folder: Path, troubles: Troubles) -> tuple[list[str], Ints]:
    text_path, time_path = folder / "event.txt", folder / "event.time"
    if not text_path.is_file() or not time_path.is_file():
        return [], np.zeros(0, dtype=np.int64)
    names = files.read(text_path, limit=2**24).decode("utf-8", "replace").splitlines()
    stamps = read_stamps(files, time_path, troubles)
    whole = min(len(names), len(stamps))
    if len(names) != len(stamps):
        text = f"{len(names)} events and {len(stamps)} stamps; the first {whole} were paired"
        troubles.add("count_differs", text, spot="event.txt")
    return names[:whole], stamps[:whole]


def _zero(columns: list[Ints], event_ns: Ints) -> int:
    """The earliest stamp within 52 days of the median one; a stamp that was flipped does not move the origin."""
    stamps = np.concatenate([*columns, event_ns])
    middle = int(np.sort(stamps)[len(stamps) // 2])
    near = np.abs(stamps.astype(np.float64) - middle) < LIMIT_NS // 2
    return int(stamps[near].min())


def _streams(
    files: Sources,
    context: ReadContext,
    sample: str,
    sensor: Sensor,
    troubles: Troubles,
    *,
    name: str,
    described: str,
    zero_ns: int,
) -> Iterator[Stream]:
    good = (sensor.unix_ns >= zero_ns) & (sensor.unix_ns.astype(np.float64) < float(zero_ns + LIMIT_NS))
    if not good.all():
        text = f"{int((~good).sum())} readings are stamped outside of the recording"
        troubles.add("far_time", text, spot=sensor.name)
    unix_ns, records = sensor.unix_ns[good], sensor.records[good]
    if not len(unix_ns):
        return
    gaps, lost = gaps_of(unix_ns)
    if gaps:
        text = f"{gaps} gaps, in which about {lost} readings are missing"
        troubles.add("gaps", text, spot=sensor.name, rejected=False)
    device = TIME_FIELD in (records.dtype.names or ()) and not np.array_equal(records[TIME_FIELD], unix_ns)
    if device:
        text = "stamps inside of the records differ from those beside them; both are kept"
        troubles.add("stamps_differ", text, spot=sensor.name, rejected=False)
    timing = Timing(
        period_ns=median_period_ns(unix_ns), timescale=Timescale.UTC, stamp=Stamp.DEVICE, zero_ns=str(zero_ns)
    )
    for group, fields in grouped(
        sensor.name if sensor.name in GROUPS else described, records.dtype.names or ()
    ):
        columns = [Column(name=column_name(field, group), unit=group.unit) for field in fields]
        series = SeriesAsset(context.scratch, columns, stamps=("publish",) if device else ())
        series.add_many(
            unix_ns - zero_ns,
            [records[field].astype(np.float64) for field in fields],
            [records[TIME_FIELD].astype(np.int64) - zero_ns] if device else [],
        )
        facts = {"format": "neon", "file": sensor.name, "gaps": str(gaps), "parts": str(len(sensor.starts))}
        if group.about:
            facts["about"] = group.about
        title = name if name and described in {"gaze", "worn"} else f"{name} {group.name}".strip()
        yield stream_of(
            context,
            sample=sample,
            name=title,
            modality=Modality.SERIES,
            sampling=Sampling.EVENT if described == "worn" else Sampling.INSTANT,
            asset=series.finish(files),
            timing=timing,
            frame=SCENE if described == "gaze" else "",
            source=facts,
        )
