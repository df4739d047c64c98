"""KITTI raw: one drive is one sample with its cameras, velodyne, GPS/IMU, calibrations and tracklets.

The velodyne's stamp names the moment when it faces forward, which also triggers the cameras. Stamps are the recording
computer's local time; the zone is not stated, so the sample has no epoch. Source: Geiger et al., IJRR 2013.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median_low
from typing import ClassVar

from braid.base.errors import InvalidInput
from braid.formats.attempt import attempt
from braid.formats.beside import IMAGE
from braid.formats.kitti_raw.calib import Mounts, read_mounts
from braid.formats.kitti_raw.oxts import CHANNELS, Oxts, path_of, read_oxts
from braid.formats.kitti_raw.times import stamps_of
from braid.formats.kitti_raw.tracklets import read_tracklets
from braid.formats.read_only import ReadOnly
from braid.formats.readings import SWEEP_TYPES, TimedFile, stream_of_files
from braid.formats.recording.series_asset import Column, SeriesAsset
from braid.formats.rigid import pose_of
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources
from braid.model.records import (
    AnyRecord,
    Calibration,
    MediaFacts,
    Modality,
    Sample,
    Sampling,
    Stream,
    Trajectory,
)
from braid.model.timing import Stamp, StampPart, Timing

IMU, WORLD, VELODYNE = "imu", "world", "velodyne"
LABELS = "tracklet_labels.xml"
GUESSED_PERIOD_NS = 100_000_000
LAYOUT = "float32 x y z intensity"


class KittiRaw(ReadOnly):
    """Drives of the KITTI raw data."""

    id: ClassVar[str] = "kitti-raw"
    title: ClassVar[str] = "KITTI raw drives"
    purpose: ClassVar[str] = (
        "Whole drives: cameras, velodyne, GPS/IMU and tracklets with their recorded times."
    )
    example: ClassVar[str] = "2011_09_26/2011_09_26_drive_0001_sync/velodyne_points/data/*.bin"
    instead: ClassVar[tuple[str, ...]] = ("kitti", "braid")

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample per drive folder, by name. A broken one is a problem; the others go on."""
        drives = sorted(
            {
                path.parent.parent
                for path in files.base.rglob("data")
                if path.is_dir() and _sensor_of(path.parent) and path.resolve().is_relative_to(files.base)
            }
        )
        if not drives:
            raise InvalidInput(
                "no KITTI drive", where=files.root.name, wanted="image_02/data or velodyne_points/data"
            )
        for folder in drives:
            drive = _Drive(files=files, context=context, folder=folder)
            yield from attempt(drive.bundle, drive.problems, where=files.name(folder), code="bad_drive")


def _sensor_of(folder: Path) -> str:
    """The sensor of a drive's subfolder, "" when it is none."""
    name = folder.name.casefold()
    known = {VELODYNE: "velodyne_points", "oxts": "oxts", **{f"image_0{i}": f"image_0{i}" for i in range(4)}}
    return next((sensor for sensor, called in known.items() if called == name), "")


@dataclass(slots=True, kw_only=True)
class _Sensor:
    """One subfolder: its files by number, and the stamp of each number."""

    folder: Path
    files: dict[int, Path]
    stamps: list[int | None]


@dataclass(slots=True, kw_only=True)
class _Drive:
    """One drive on its way to one sample."""

    files: Sources
    context: ReadContext
    folder: Path
    problems: list[Problem] = field(default_factory=list)

    def bundle(self) -> SampleBundle:
        sensors = {
            name: self._sensor(name, path)
            for path in sorted(self.folder.iterdir())
            if path.is_dir() and (name := _sensor_of(path)) and (path / "data").is_dir()
        }
        known = [stamp for sensor in sensors.values() for stamp in sensor.stamps if stamp is not None]
        zero_ns = min(known, default=0)
        sample = Sample(
            id=self.context.new_id(),
            key=self.folder.name if self.folder != self.files.base else self.files.root.name,
            source={"format": "kitti-raw", **({"zero_ns": str(zero_ns)} if zero_ns else {})},
        )
        mounts = Mounts()
        for part in read_mounts(
            self.files,
            self.folder,
            cameras=[name[-2:] for name in sensors if name.startswith("image")],
            rectified=not self.folder.name.endswith("_extract"),
        ):
            if isinstance(part, Problem):
                self.problems.append(part)
            else:
                mounts = part
        streams: list[Stream] = []
        records: list[AnyRecord] = []
        lidar = self._lidar(sample, sensors, zero_ns)
        if lidar is not None:
            streams.append(lidar)
            if mounts.imu_from_velodyne is not None:
                records.append(self._mount(lidar, IMU, mounts))
        for name, sensor in sensors.items():
            if name.startswith("image"):
                stream = self._camera(sample, name, sensor, zero_ns)
                streams.append(stream)
                if name[-2:] in mounts.cameras:
                    records.append(self._mount(stream, VELODYNE, mounts))
        if "oxts" in sensors:
            series, path = self._oxts(sample, sensors["oxts"], zero_ns)
            streams += series
            records += path
        labels = self.folder / LABELS
        if labels.is_file() and lidar is not None:
            times = self._times(sensors[VELODYNE], zero_ns)
            for found in read_tracklets(self.files, self.context, labels, lidar, times):
                if isinstance(found, Problem):
                    self.problems.append(found)
                else:
                    records.append(found)
        return SampleBundle(sample=sample, records=(*streams, *records))

    def _sensor(self, name: str, folder: Path) -> _Sensor:
        numbered: dict[int, Path] = {}
        for path in sorted((folder / "data").iterdir()):
            if path.stem.isascii() and path.stem.isdigit() and path.resolve().is_relative_to(self.files.base):
                numbered[int(path.stem)] = path
        stamps_path = folder / "timestamps.txt"
        if stamps_path.is_file():
            stamps = stamps_of(self.files, stamps_path)
        else:
            stamps = []
            message = f"{name} has no timestamps.txt; its readings were placed 100 ms apart"
            self._note(self.files.name(folder), "W_TIMES_GUESSED", message)
        loose = sorted(number for number in numbered if stamps and self._stamp(stamps, number) is None)
        if loose:
            message = f"{len(loose)} files of {name} have no time stamp, the first is {loose[0]}"
            self.problems.append(
                Problem(where=self.files.name(folder), code="no_time", message=message, rejected=True)
            )
        return _Sensor(
            folder=folder,
            files={number: path for number, path in numbered.items() if number not in set(loose)},
            stamps=stamps,
        )

    @staticmethod
    def _stamp(stamps: list[int | None], number: int) -> int | None:
        return stamps[number] if number < len(stamps) else None

    def _times(self, sensor: _Sensor, zero_ns: int) -> list[int | None]:
        """Media time by frame number."""
        if sensor.stamps:
            return [None if stamp is None else stamp - zero_ns for stamp in sensor.stamps]
        count = max(sensor.files, default=-1) + 1
        return [number * GUESSED_PERIOD_NS for number in range(count)]

    def _timed(self, sensor: _Sensor, zero_ns: int) -> list[tuple[int, Path]]:
        times = self._times(sensor, zero_ns)
        timed = [(times[number], path) for number, path in sensor.files.items()]
        return sorted((at_ns, path) for at_ns, path in timed if at_ns is not None)

    def _lidar(self, sample: Sample, sensors: dict[str, _Sensor], zero_ns: int) -> Stream | None:
        if VELODYNE not in sensors:
            return None
        sensor = sensors[VELODYNE]
        timed = [
            TimedFile(at_ns=at_ns, path=path)
            for at_ns, path in self._timed(sensor, zero_ns)
            if path.suffix.casefold() in SWEEP_TYPES
        ]
        raw = any(one.path.suffix.casefold() == ".bin" for one in timed)
        return stream_of_files(
            self.files,
            self.context,
            sample,
            timed,
            name=VELODYNE,
            modality=Modality.POINT_CLOUD,
            timing=Timing(
                stamp=Stamp.DEVICE if sensor.stamps else Stamp.MEDIA,
                part=StampPart.MIDDLE,
                sweep_ns=self._sweep_ns(sensor.folder),
                zero_ns=str(zero_ns) if zero_ns else "",
            ),
            source={"point_layout": LAYOUT} if raw else {},
        )

    def _sweep_ns(self, folder: Path) -> int | None:
        """The median time from the start of a sweep to its end."""
        paths = [folder / f"timestamps_{part}.txt" for part in ("start", "end")]
        if not all(path.is_file() for path in paths):
            return None
        starts, ends = (stamps_of(self.files, path) for path in paths)
        lengths = [end - start for start, end in zip(starts, ends, strict=False) if None not in (start, end)]  # type: ignore[operator]
        return median_low(lengths) if lengths else None

    def _camera(self, sample: Sample, name: str, sensor: _Sensor, zero_ns: int) -> Stream:
        return stream_of_files(
            self.files,
            self.context,
            sample,
            [
                TimedFile(at_ns=at_ns, path=path)
                for at_ns, path in self._timed(sensor, zero_ns)
                if path.suffix.casefold() in IMAGE
            ],
            name=name,
            modality=Modality.IMAGE,
            timing=Timing(
                stamp=Stamp.DEVICE if sensor.stamps else Stamp.MEDIA, zero_ns=str(zero_ns) if zero_ns else ""
            ),
        )

    def _mount(self, stream: Stream, parent: str, mounts: Mounts) -> Calibration:
        number = stream.name[-2:]
        transform = mounts.imu_from_velodyne if parent == IMU else mounts.velodyne_from_camera[number]
        assert transform is not None
        return Calibration(
            id=self.context.new_id(),
            sample=stream.sample,
            stream=stream.id,
            frame=stream.frame,
            parent_frame=parent,
            parent_from_frame=pose_of(transform),
            camera=None if parent == IMU else mounts.cameras[number],
        )

    def _oxts(self, sample: Sample, sensor: _Sensor, zero_ns: int) -> tuple[list[Stream], list[Trajectory]]:
        """The readings as a series, and the vehicle's path; nothing where there is no reading."""
        oxts = Oxts()
        for part in read_oxts(self.files, self._timed(sensor, zero_ns)):
            if isinstance(part, Problem):
                self.problems.append(part)
            else:
                oxts = part
        asset = SeriesAsset(self.context.scratch, [Column(name=name, unit=unit) for name, unit in CHANNELS])
        for at_ns, values in zip(oxts.at_ns, oxts.values, strict=True):
            asset.add(at_ns, values)
        digest = asset.finish(self.files)
        if digest is None:
            return [], []
        series = Stream(
            id=self.context.new_id(),
            sample=sample.id,
            name="oxts",
            modality=Modality.SERIES,
            sampling=Sampling.INSTANT,
            asset=digest,
            media_type="application/vnd.apache.parquet",
            file_name="oxts.parquet",
            facts=MediaFacts(channels=tuple(name for name, _ in CHANNELS)),
            frame=IMU,
            timing=Timing(stamp=Stamp.DEVICE, zero_ns=str(zero_ns)) if zero_ns else Timing(),
        )
        path = Trajectory(
            id=self.context.new_id(), sample=sample.id, frame=IMU, parent_frame=WORLD, poses=path_of(oxts)
        )
        return [series], [path]

    def _note(self, where: str, code: str, message: str) -> None:
        self.problems.append(Problem(where=where, code=code, message=message, rejected=False))
