"""Key frames from nuScenes' tables. Boxes are global (centre, width length height, w x y z) and move to the lidar.

Every sensor has the ego pose of its own time; times are Unix microseconds. Source: the data set's schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from braid.base.errors import InvalidInput
from braid.formats.attempt import attempt
from braid.formats.json_fields import finite, take
from braid.formats.nuscenes.relations import EGO, LAYOUT, WORLD, Relations, Row, transform
from braid.formats.rig import camera_calibration, camera_stream, lidar_stream, offset_map, trajectory_of
from braid.formats.rigid import Matrix, finite_matrix, inverse, pose_of, vec3
from braid.formats.seam import Problem, ReadContext, SampleBundle
from braid.model.records import (
    Annotation,
    AnyRecord,
    Calibration,
    ClockMap,
    Entity,
    Sample,
    Stream,
)
from braid.model.regions import Cuboid
from braid.space.rotation import wxyz_from_matrix


def read_key_frames(relations: Relations, context: ReadContext) -> Iterator[SampleBundle | Problem]:
    """One sample per row of sample.json, by time."""
    files, folder, tables = relations.files, relations.folder, relations.tables
    sensors: dict[str, list[Row]] = {}
    for row in tables["sample_data"].values():
        if row.get("is_key_frame") is True:
            sensors.setdefault(str(row.get("sample_token")), []).append(row)
    boxes: dict[str, list[Row]] = {}
    for row in tables["sample_annotation"].values():
        boxes.setdefault(str(row.get("sample_token")), []).append(row)
    for token in tables["sample"]:
        where = f"{files.name(folder / 'sample.json')}, {token[:12]}"
        reading = _Reading(context=context, where=where, relations=relations)
        make = partial(reading.bundle, token, sensors.get(token, []), boxes.get(token, []))
        yield from attempt(make, reading.problems, where=where, code="bad_sample")


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One row of sample.json on its way to one sample."""

    context: ReadContext
    where: str
    relations: Relations
    problems: list[Problem] = field(default_factory=list)
    streams: list[Stream] = field(default_factory=list)
    clocks: list[ClockMap] = field(default_factory=list)
    calibrations: list[Calibration] = field(default_factory=list)
    poses: dict[int, Matrix] = field(default_factory=dict)
    lidars: dict[str, tuple[Stream, Matrix]] = field(default_factory=dict)

    def bundle(self, token: str, sensors: list[Row], boxes: list[Row]) -> SampleBundle:
        at_us = round(
            finite(self.relations.tables["sample"][token].get("timestamp"), where=f"{self.where}, timestamp")
        )
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
        trajectory = trajectory_of(self.context, sample, self.poses, frame=EGO, parent_frame=WORLD)
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
        mount = self.relations.row("calibrated_sensor", row.get("calibrated_sensor_token"), spot)
        sensor = self.relations.row("sensor", mount.get("sensor_token"), spot)
        channel = take(sensor, str, "channel", where=spot)
        kind = sensor.get("modality")
        if kind not in {"camera", "lidar"}:
            self._warn(spot, "unknown_sensor", f"{channel} ({kind}) was left out")
            return
        name = take(row, str, "filename", where=spot)
        path = self.relations.file(name)
        if path is None:
            self._warn(spot, "missing_file", f'the file of {channel}, "{name[-120:]}", is not here')
            return
        ego_from_sensor = transform(mount, f"{spot}, calibrated_sensor")
        offset_ns = (round(finite(row.get("timestamp"), where=f"{spot}, timestamp")) - at_us) * 1000
        pose = transform(self.relations.row("ego_pose", row.get("ego_pose_token"), spot), f"{spot}, ego_pose")
        world_from_ego = self.poses.setdefault(offset_ns, pose)
        if kind == "lidar":
            stream = lidar_stream(
                self.relations.files,
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
            stream = camera_stream(self.relations.files, self.context, sample, path, name=channel)
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
            lidar_from_box = lidar_from_world @ transform(row, spot)
            size_m = self.relations.size_m(row, spot)
            identity = str(row.get("instance_token"))
            if identity not in entities:
                entities[identity] = self.relations.entity(self.context, lidar.sample, row, spot)
        except InvalidInput as error:
            self.problems.append(Problem(where=spot, code="bad_box", message=error.letter(), rejected=True))
            return
        cuboids.append(
            Annotation(
                id=self.context.new_id(),
                sample=lidar.sample,
                stream=lidar.id,
                layer=self.context.layer,
                class_id=entities[identity].class_id,
                region=Cuboid(
                    frame=lidar.frame,
                    centre_m=vec3(lidar_from_box[:3, 3]),
                    size_m=size_m,
                    rotation_wxyz=wxyz_from_matrix(lidar_from_box[:3, :3]),
                ),
                attributes=self.relations.attributes(row),
                entity=entities[identity].id,
                source_id=token,
            )
        )

    def _warn(self, where: str, code: str, message: str) -> None:
        self.problems.append(Problem(where=where, code=code, message=message, rejected=False))
