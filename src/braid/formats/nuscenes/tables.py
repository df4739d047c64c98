"""nuScenes' own tables: rows by token. Boxes are global (centre, width length height, w x y z) and move to the lidar.

Key frames only. Every sensor has the ego pose of its own time; times are Unix microseconds. Source: the data set's schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from braid.base.errors import InvalidInput
from braid.formats.classes import has_class, widen
from braid.formats.json_fields import finite, numbers, take
from braid.formats.json_input import read_json
from braid.formats.rig import camera_calibration, camera_stream, lidar_stream, offset_map
from braid.formats.rigid import Matrix, finite_matrix, inverse, pose_of, vec3
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources, slug_of
from braid.model.records import (
    Annotation,
    AnyRecord,
    Attribute,
    Calibration,
    ClockMap,
    Entity,
    Sample,
    Stream,
    TimedPose,
    Trajectory,
)
from braid.model.regions import Cuboid
from braid.space.rotation import matrix_from_wxyz, wxyz_from_matrix

EGO, WORLD = "ego", "world"
NEEDED = ("sample", "sample_data", "calibrated_sensor", "sensor", "ego_pose")
OPTIONAL = ("sample_annotation", "instance", "category", "attribute", "visibility")
LAYOUT = "float32 x y z intensity ring"
ATTRIBUTES = (
    Attribute(id="nuscenes-state", name="State in nuScenes", type="text"),
    Attribute(id="visibility", name="Visibility", type="text"),
    Attribute(id="num-lidar-pts", name="Lidar points inside", type="number", minimum=0.0),
    Attribute(id="num-radar-pts", name="Radar points inside", type="number", minimum=0.0),
)
SPELLINGS = {"trafficcone": "traffic cone"}

Row = dict[str, Any]
Table = dict[str, Row]


def table_folders(files: Sources) -> tuple[Path, ...]:
    """Folders that hold the needed tables: the import folder or one directly below it."""
    folders = [files.base, *sorted(path for path in files.base.iterdir() if path.is_dir())]
    return tuple(
        folder
        for folder in folders
        if all((folder / f"{name}.json").is_file() for name in NEEDED)
        and folder.resolve().is_relative_to(files.base)
    )


def read_tables(files: Sources, context: ReadContext, folder: Path) -> Iterator[SampleBundle | Problem]:
    """One sample per row of sample.json, by time."""
    tables: dict[str, Table] = {}
    for name in (*NEEDED, *OPTIONAL):
        path = folder / f"{name}.json"
        try:
            tables[name] = _table(files, path) if path.is_file() else {}
        except InvalidInput as error:
            yield Problem(where=files.name(path), code=error.code, message=error.letter(), rejected=True)
            return
    sensors: dict[str, list[Row]] = {}
    for row in tables["sample_data"].values():
        if row.get("is_key_frame") is True:
            sensors.setdefault(str(row.get("sample_token")), []).append(row)
    boxes: dict[str, list[Row]] = {}
    for row in tables["sample_annotation"].values():
        boxes.setdefault(str(row.get("sample_token")), []).append(row)
    for token in tables["sample"]:
        where = f"{files.name(folder / 'sample.json')}, {token[:12]}"
        reading = _Reading(files=files, context=context, folder=folder, where=where, tables=tables)
        try:
            bundle = reading.bundle(token, sensors.get(token, []), boxes.get(token, []))
        except InvalidInput as error:
            yield from reading.problems
            yield Problem(where=where, code="bad_sample", message=error.letter(), rejected=True)
            continue
        yield from reading.problems
        yield bundle


def _table(files: Sources, path: Path) -> Table:
    where = files.name(path)
    rows = take(read_json(files, path), list, where=where)
    return {take(row, str, "token", where=f"{where}, row {number}"): row for number, row in enumerate(rows)}


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One row of sample.json on its way to one sample."""

    files: Sources
    context: ReadContext
    folder: Path
    where: str
    tables: dict[str, Table]
    problems: list[Problem] = field(default_factory=list)
    streams: list[Stream] = field(default_factory=list)
    clocks: list[ClockMap] = field(default_factory=list)
    calibrations: list[Calibration] = field(default_factory=list)
    poses: dict[int, Matrix] = field(default_factory=dict)
    lidars: dict[str, tuple[Stream, Matrix]] = field(default_factory=dict)

    def bundle(self, token: str, sensors: list[Row], boxes: list[Row]) -> SampleBundle:
        at_us = round(finite(self.tables["sample"][token].get("timestamp"), where=f"{self.where}, timestamp"))
        sample = Sample(
            id=self.context.new_id(),
            key=token,
            epoch_ns=str(at_us * 1000),
            source={"format": "nuscenes", "token": token},
        )
        for row in sorted(sensors, key=lambda row: str(row.get("filename"))):
            self._sensor(sample, row, at_us)
        if not self.streams:
            raise InvalidInput("no sensor file of this sample is here", where=self.where)
        entities: dict[str, Entity] = {}
        cuboids: list[Annotation] = []
        if boxes and not self.lidars:
            message = f"{len(boxes)} boxes have no lidar sweep to stand on"
            self.problems.append(Problem(where=self.where, code="no_sweep", message=message, rejected=True))
        elif boxes:
            lidar = self.lidars.get("LIDAR_TOP") or next(iter(self.lidars.values()))
            for row in boxes:
                self._box(row, *lidar, entities, cuboids)
        trajectory = Trajectory(
            id=self.context.new_id(),
            sample=sample.id,
            frame=EGO,
            parent_frame=WORLD,
            poses=tuple(
                TimedPose(at_ns=at_ns, pose=pose_of(pose)) for at_ns, pose in sorted(self.poses.items())
            ),
        )
        records: tuple[AnyRecord, ...] = (
            *self.streams,
            *self.clocks,
            *self.calibrations,
            trajectory,
            *entities.values(),
            *cuboids,
        )
        return SampleBundle(sample=sample, records=records)

    def _sensor(self, sample: Sample, row: Row, at_us: int) -> None:
        spot = f"{self.where}, sample_data {str(row.get('token'))[:12]}"
        mount = self._row("calibrated_sensor", row.get("calibrated_sensor_token"), spot)
        sensor = self._row("sensor", mount.get("sensor_token"), spot)
        channel = take(sensor, str, "channel", where=spot)
        kind = sensor.get("modality")
        if kind not in {"camera", "lidar"}:
            self._warn(spot, "unknown_sensor", f"{channel} ({kind}) was left out")
            return
        name = take(row, str, "filename", where=spot)
        path = self._file(name)
        if path is None:
            self._warn(spot, "missing_file", f'the file of {channel}, "{name[-120:]}", is not here')
            return
        ego_from_sensor = _transform(mount, f"{spot}, calibrated_sensor")
        offset_ns = (round(finite(row.get("timestamp"), where=f"{spot}, timestamp")) - at_us) * 1000
        pose = _transform(self._row("ego_pose", row.get("ego_pose_token"), spot), f"{spot}, ego_pose")
        world_from_ego = self.poses.setdefault(offset_ns, pose)
        if kind == "lidar":
            stream = lidar_stream(
                self.files,
                self.context,
                sample,
                path,
                name=channel,
                layout="" if path.suffix == ".pcd" else LAYOUT,
                media_type="application/vnd.pcd" if path.suffix == ".pcd" else "application/octet-stream",
            )
            self.lidars[channel] = (stream, inverse(world_from_ego @ ego_from_sensor))
            self.calibrations.append(
                Calibration(
                    id=self.context.new_id(),
                    sample=sample.id,
                    stream=stream.id,
                    frame=channel,
                    parent_frame=EGO,
                    parent_from_frame=pose_of(ego_from_sensor),
                )
            )
        else:
            stream = camera_stream(self.files, self.context, sample, path, name=channel)
            intrinsics = finite_matrix(mount.get("camera_intrinsic"), rows=3, columns=3, where=spot)
            calibration = camera_calibration(
                self.context,
                stream,
                path,
                parent_frame=EGO,
                parent_from_camera=ego_from_sensor,
                intrinsics_px=intrinsics,
            )
            if calibration is None:
                self._warn(
                    spot, "unreadable_image", "the picture's size cannot be read, so its camera is left out"
                )
            else:
                self.calibrations.append(calibration)
        self.streams.append(stream)
        if offset_ns:
            self.clocks.append(
                offset_map(self.context, stream, offset_ns=offset_ns, method="recorded time of the sensor")
            )

    def _box(
        self,
        row: Row,
        lidar: Stream,
        lidar_from_world: Matrix,
        entities: dict[str, Entity],
        cuboids: list[Annotation],
    ) -> None:
        token = str(row.get("token"))
        spot = f"{self.where}, sample_annotation {token[:12]}"
        try:
            lidar_from_box = lidar_from_world @ _transform(row, spot)
            width, length, height = numbers(row, 3, "size", where=spot)
            if min(width, length, height) <= 0:
                raise InvalidInput("a box has no extent", where=spot, got=(width, length, height))
            instance = self._row("instance", row.get("instance_token"), spot)
            category = self._row("category", instance.get("category_token"), spot)
            class_id = _class_of(self.context, take(category, str, "name", where=spot))
        except InvalidInput as error:
            self.problems.append(Problem(where=spot, code="bad_box", message=error.letter(), rejected=True))
            return
        widen(self.context, class_id, attributes=ATTRIBUTES)
        identity = str(instance["token"])
        if identity not in entities:
            entities[identity] = Entity(
                id=self.context.new_id(),
                sample=lidar.sample,
                layer=self.context.layer,
                class_id=class_id,
                name=f"{class_id} {identity[:6]}",
                source_id=identity,
            )
        names = row.get("attribute_tokens")
        states = [self.tables["attribute"].get(str(name), {}).get("name") for name in names or ()]
        level = self.tables["visibility"].get(str(row.get("visibility_token")), {}).get("level")
        counts = {name: row.get(name) for name in ("num_lidar_pts", "num_radar_pts")}
        cuboids.append(
            Annotation(
                id=self.context.new_id(),
                sample=lidar.sample,
                stream=lidar.id,
                layer=self.context.layer,
                class_id=class_id,
                region=Cuboid(
                    frame=lidar.frame,
                    centre_m=vec3(lidar_from_box[:3, 3]),
                    size_m=(length, width, height),
                    rotation_wxyz=wxyz_from_matrix(lidar_from_box[:3, :3]),
                ),
                attributes={
                    **({"nuscenes-state": ", ".join(map(str, states))} if states else {}),
                    **({"visibility": level} if isinstance(level, str) else {}),
                    **{
                        name.replace("_", "-"): count
                        for name, count in counts.items()
                        if isinstance(count, int) and count >= 0
                    },
                },
                entity=entities[identity].id,
                source_id=token,
            )
        )

    def _row(self, table: str, token: Any, where: str) -> Row:
        row = self.tables[table].get(str(token))
        if row is None:
            raise InvalidInput(
                "a token leads nowhere", where=where, got=token, wanted=f"a row of {table}.json"
            )
        return row

    def _file(self, name: str) -> Path | None:
        """Sensor files lie beside the folder of tables, or in it."""
        for root in (self.folder.parent, self.folder):
            path = (root / name).resolve()
            if path.is_relative_to(self.files.base) and path.is_file():
                return path
        return None

    def _warn(self, where: str, code: str, message: str) -> None:
        self.problems.append(Problem(where=where, code=code, message=message, rejected=False))


def _transform(row: Row, where: str) -> Matrix:
    """Translation and rotation (w, x, y, z) as (4, 4)."""
    w, x, y, z = numbers(row, 4, "rotation", where=where)
    norm = float(np.linalg.norm((w, x, y, z)))
    if not abs(norm - 1) < 0.01:
        raise InvalidInput("a rotation is not a unit quaternion", where=where, got=(w, x, y, z))
    result = np.eye(4)
    result[:3, :3] = matrix_from_wxyz((w, x, y, z))
    result[:3, 3] = numbers(row, 3, "translation", where=where)
    return result


def _class_of(context: ReadContext, name: str) -> str:
    """`vehicle.bus.bendy` by its longest ending that the ontology has as an id, else by its last part."""
    parts = name.replace("_", " ").split(".")
    for start in range(len(parts)):
        slug = slug_of(" ".join(parts[start:]))
        if has_class(context, slug):
            return slug
    return context.class_id(SPELLINGS.get(parts[-1], parts[-1]))
