"""Argoverse 2 sensor logs: one log is one sample with its lidar, cameras, ego poses, calibrations and tracks.

Times are nanoseconds of one clock; the earliest is the sample's zero. Sweeps and boxes are in the ego vehicle's frame of
reference at their own time. Source: the data set's API and its paper (Wilson et al., 2021).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from braid.base.errors import InvalidInput
from braid.formats.attempt import attempt
from braid.formats.av2.tracks import Boxes, read_boxes, tracks_of
from braid.formats.beside import IMAGE
from braid.formats.feather import TEXT, Column, read_feather
from braid.formats.read_only import ReadOnly
from braid.formats.readings import TimedFile, stream_of_files
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources
from braid.formats.sweep_file import sweep_asset
from braid.model.records import AnyRecord, Calibration, Modality, Sample, Stream, TimedPose, Trajectory
from braid.model.timing import Stamp, Timing
from braid.space.pose import Camera, Pose
from braid.space.rotation import normalised

EGO, CITY = "ego", "city"
POSES = "city_SE3_egovehicle.feather"
BOXES = "annotations.feather"
SENSORS = ("qw", "qx", "qy", "qz", "tx_m", "ty_m", "tz_m")
SWEEP = {"x": "float32", "y": "float32", "z": "float32", "intensity": "uint8", "laser_number": "uint8"}
SWEEP_NS = 100_000_000


class Av2(ReadOnly):
    """Sensor logs of Argoverse 2."""

    id: ClassVar[str] = "av2"
    title: ClassVar[str] = "Argoverse 2 sensor logs"
    purpose: ClassVar[str] = "Lidar sweeps, cameras, ego poses and tracks of cuboids on one clock."
    example: ClassVar[str] = "val/7fab2350-.../annotations.feather with sensors/lidar/*.feather"
    instead: ClassVar[tuple[str, ...]] = ("braid", "kitti")

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample per log folder, by name. A broken one is a problem; the others go on."""
        folders = sorted({path.parent for name in (BOXES, POSES) for path in files.base.rglob(name)})
        folders = [folder for folder in folders if folder.resolve().is_relative_to(files.base)]
        if not folders:
            raise InvalidInput("no Argoverse 2 log", where=files.root.name, wanted=f"a folder with {POSES}")
        for folder in folders:
            log = _Log(files=files, context=context, folder=folder)
            yield from attempt(log.bundle, log.problems, where=files.name(folder), code="bad_log")


@dataclass(slots=True, kw_only=True)
class _Log:
    """One log on its way to one sample."""

    files: Sources
    context: ReadContext
    folder: Path
    problems: list[Problem] = field(default_factory=list)

    def bundle(self) -> SampleBundle:
        name = self.folder.name if self.folder != self.files.base else self.files.root.name
        poses = self._poses()
        boxes = self._boxes()
        sweeps = self._timed(self.folder / "sensors" / "lidar", {".feather"})
        cameras = {
            folder.name: self._timed(folder, set(IMAGE))
            for folder in sorted((self.folder / "sensors" / "cameras").glob("*/"))
        }
        stamps = [*(at_ns for at_ns, _ in (*sweeps, *(one for some in cameras.values() for one in some)))]
        stamps += [int(at_ns) for at_ns in poses["timestamp_ns"][:1]] if poses else []
        stamps += boxes.instants_ns[:1] if boxes else []
        if not stamps:
            raise InvalidInput("a log without a single time stamp", where=self.files.name(self.folder))
        zero_ns = min(stamps)
        sample = Sample(
            id=self.context.new_id(),
            key=name,
            source={"format": "av2", "log": name, "zero_ns": str(zero_ns)},
        )
        timing = Timing(stamp=Stamp.DEVICE, zero_ns=str(zero_ns))
        lidar = self._lidar(sample, sweeps, zero_ns, timing)
        streams = [lidar]
        calibrations: list[Calibration] = []
        mounts = self._mounts()
        lenses = self._lenses()
        for camera, pictures in cameras.items():
            if not pictures:
                continue
            stream = stream_of_files(
                self.files,
                self.context,
                sample,
                [TimedFile(at_ns=at_ns - zero_ns, path=path) for at_ns, path in pictures],
                name=camera,
                modality=Modality.IMAGE,
                timing=timing,
            )
            streams.append(stream)
            if camera in mounts and camera in lenses:
                calibrations.append(self._calibration(stream, mounts[camera], lenses[camera]))
            else:
                self._warn(camera, "no_calibration", f'camera "{camera}" has no usable calibration')
        dark = sorted({*mounts} & {*lenses} - {*cameras})
        if dark:
            message = f"{len(dark)} cameras have a calibration and no pictures: {', '.join(dark)[:200]}"
            self._warn("sensors/cameras", "no_pictures", message)
        records: list[AnyRecord] = [*streams, *calibrations, *self._trajectory(sample, poses, zero_ns)]
        for found in tracks_of(boxes, self.context, lidar, zero_ns=zero_ns) if boxes else ():
            if isinstance(found, Problem):
                self.problems.append(found)
            else:
                records.append(found)
        return SampleBundle(sample=sample, records=tuple(records))

    def _lidar(self, sample: Sample, sweeps: list[tuple[int, Path]], zero_ns: int, timing: Timing) -> Stream:
        """Both lidars' sweep, motion compensated to its stamp by the data set, in the ego frame of reference."""
        timed: list[TimedFile] = []
        for at_ns, path in sweeps:
            try:
                columns = read_feather(self.files, path, SWEEP | {"offset_ns": "int32"})
            except InvalidInput as error:
                where = self.files.name(path)
                self.problems.append(
                    Problem(where=where, code="bad_sweep", message=error.letter(), rejected=True)
                )
                continue
            made = sweep_asset(self.files, columns, scratch=self.context.scratch)
            timed.append(TimedFile(at_ns=at_ns - zero_ns, path=made, name=f"{path.stem}.pcd"))
        if not timed:
            self._warn(
                "sensors/lidar", "no_sweep", "the log has no lidar sweep; its boxes stand on an empty stream"
            )
        return stream_of_files(
            self.files,
            self.context,
            sample,
            timed,
            name="lidar",
            modality=Modality.POINT_CLOUD,
            frame=EGO,
            timing=Timing(stamp=timing.stamp, zero_ns=timing.zero_ns, sweep_ns=SWEEP_NS, period_ns=SWEEP_NS),
            media_type="application/vnd.pcd",
            source={"compensated": "to the sweep's stamp"},
        )

    def _timed(self, folder: Path, endings: set[str]) -> list[tuple[int, Path]]:
        """Files whose name is a time stamp, by time."""
        found: list[tuple[int, Path]] = []
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            if path.suffix.casefold() not in endings or not path.resolve().is_relative_to(self.files.base):
                continue
            if path.stem.isascii() and path.stem.isdigit() and len(path.stem) < 20:
                found.append((int(path.stem), path))
            else:
                self._warn(
                    self.files.name(path), "no_time", "the file's name is no time stamp; it was left out"
                )
        return sorted(found)

    def _poses(self) -> dict[str, Column] | None:
        path = self.folder / POSES
        if not path.is_file():
            self._warn(POSES, "no_poses", "the log has no ego poses")
            return None
        table = read_feather(self.files, path, {"timestamp_ns": "int64"} | dict.fromkeys(SENSORS, "float64"))
        order = np.argsort(table["timestamp_ns"], kind="stable")
        return {name: values[order] for name, values in table.items()} if len(order) else None

    def _boxes(self) -> Boxes | None:
        path = self.folder / BOXES
        return read_boxes(self.files, path) if path.is_file() else None

    def _mounts(self) -> dict[str, Pose]:
        """ego_from_sensor by sensor."""
        return {str(row["sensor_name"]): _pose(row) for row in self._table("egovehicle_SE3_sensor", SENSORS)}

    def _lenses(self) -> dict[str, Camera]:
        names = ("fx_px", "fy_px", "cx_px", "cy_px", "k1", "k2", "k3", "height_px", "width_px")
        return {
            str(row["sensor_name"]): Camera(
                fx_px=row["fx_px"],
                fy_px=row["fy_px"],
                cx_px=row["cx_px"],
                cy_px=row["cy_px"],
                width_px=int(row["width_px"]),
                height_px=int(row["height_px"]),
                distortion="brown_conrady",
                coefficients=(row["k1"], row["k2"], 0.0, 0.0, row["k3"]),
            )
            for row in self._table("intrinsics", names)
        }

    def _table(self, name: str, numbers: tuple[str, ...]) -> list[dict[str, Any]]:
        """The rows of a calibration table; those with values that are not finite are problems."""
        path = self.folder / "calibration" / f"{name}.feather"
        if not path.is_file():
            self._warn(f"calibration/{name}.feather", "no_calibration", "the log has no such table")
            return []
        columns = read_feather(self.files, path, {"sensor_name": TEXT} | dict.fromkeys(numbers, "float64"))
        rows: list[dict[str, Any]] = []
        for row in range(len(columns["sensor_name"])):
            values = {number: float(columns[number][row]) for number in numbers}
            if all(np.isfinite(value) for value in values.values()):
                rows.append(values | {"sensor_name": columns["sensor_name"][row]})
            else:
                spot = f"{self.files.name(path)}, row {row + 1}"
                message = "a calibration holds a value that is not finite"
                self.problems.append(
                    Problem(where=spot, code="bad_calibration", message=message, rejected=True)
                )
        return rows

    def _calibration(self, stream: Stream, ego_from_sensor: Pose, camera: Camera) -> Calibration:
        return Calibration(
            id=self.context.new_id(),
            sample=stream.sample,
            stream=stream.id,
            frame=stream.frame,
            parent_frame=EGO,
            parent_from_frame=ego_from_sensor,
            camera=camera,
        )

    def _trajectory(
        self, sample: Sample, poses: dict[str, Column] | None, zero_ns: int
    ) -> Iterator[Trajectory]:
        """The ego vehicle in the city, by time; of several poses of one instant the first counts."""
        if poses is None:
            return
        timed: list[TimedPose] = []
        for row in range(len(poses["timestamp_ns"])):
            at_ns = int(poses["timestamp_ns"][row]) - zero_ns
            if not timed or at_ns > timed[-1].at_ns:
                timed.append(
                    TimedPose(at_ns=at_ns, pose=_pose({name: float(poses[name][row]) for name in SENSORS}))
                )
        yield Trajectory(
            id=self.context.new_id(), sample=sample.id, frame=EGO, parent_frame=CITY, poses=tuple(timed)
        )

    def _warn(self, where: str, code: str, message: str) -> None:
        self.problems.append(Problem(where=where, code=code, message=message, rejected=False))


def _pose(row: dict[str, Any]) -> Pose:
    """Quaternion qw qx qy qz and translation in metres. Raises InvalidInput when it is no unit quaternion."""
    rotation = (row["qw"], row["qx"], row["qy"], row["qz"])
    if not abs(sum(part * part for part in rotation) - 1) < 0.02:
        raise InvalidInput("a rotation is not a unit quaternion", got=rotation, wanted="qw, qx, qy, qz")
    return Pose(rotation_wxyz=normalised(rotation), translation_m=(row["tx_m"], row["ty_m"], row["tz_m"]))
