"""Whole nuScenes scenes: one sample with every sensor's readings, sweeps between key frames and radars included.

Times are Unix microseconds, so the sample has an epoch and the streams need no clock maps. Boxes (2 Hz, global) become
tracks on the lidar, each box in the lidar's frame of reference at its own sweep.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from braid.base.errors import InvalidInput
from braid.formats.attempt import attempt
from braid.formats.json_fields import finite, take
from braid.formats.nuscenes.relations import EGO, LAYOUT, WORLD, Relations, Row, transform
from braid.formats.readings import TimedFile, stream_of_files
from braid.formats.rig import camera_calibration, trajectory_of
from braid.formats.rigid import Matrix, finite_matrix, inverse, pose_of, vec3
from braid.formats.seam import Problem, ReadContext, SampleBundle
from braid.model.records import (
    Annotation,
    AnyRecord,
    Calibration,
    Entity,
    Modality,
    Sample,
    Stream,
)
from braid.model.regions import Cuboid, KeyFrame, Track
from braid.model.timing import Stamp, StampPart, Timescale, Timing
from braid.space.rotation import wxyz_from_matrix

MODALITY = {"camera": Modality.IMAGE, "lidar": Modality.POINT_CLOUD, "radar": Modality.POINT_CLOUD}
LIDAR_SWEEP_NS = 50_000_000


def read_scenes(relations: Relations, context: ReadContext) -> Iterator[SampleBundle | Problem]:
    """One sample per scene, by name. Key frames without a scene are rejected."""
    samples: dict[str, list[Row]] = {}
    for row in relations.tables["sample"].values():
        samples.setdefault(str(row.get("scene_token")), []).append(row)
    readings: dict[str, list[Row]] = {}
    for row in relations.tables["sample_data"].values():
        readings.setdefault(str(row.get("sample_token")), []).append(row)
    boxes: dict[str, list[Row]] = {}
    for row in relations.tables["sample_annotation"].values():
        boxes.setdefault(str(row.get("sample_token")), []).append(row)
    where = relations.files.name(relations.folder / "scene.json")
    for token, rows in sorted(samples.items()):
        scene = relations.tables["scene"].get(token)
        name = str(scene.get("name") or token) if scene else token
        reading = _Scene(relations=relations, context=context, where=f"{where}, {name[:60]}")
        make = partial(reading.bundle, token, name, rows, readings, boxes)
        yield from attempt(make, reading.problems, where=reading.where, code="bad_scene")


@dataclass(slots=True, kw_only=True)
class _Channel:
    """One sensor of a scene on its way to a stream."""

    kind: str
    mount: Row
    timed: list[TimedFile] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Scene:
    """One scene on its way to one sample."""

    relations: Relations
    context: ReadContext
    where: str
    problems: list[Problem] = field(default_factory=list)
    channels: dict[str, _Channel] = field(default_factory=dict)
    poses: dict[int, Matrix] = field(default_factory=dict)
    key_sweeps: dict[str, tuple[int, Matrix]] = field(default_factory=dict)

    def bundle(
        self,
        token: str,
        name: str,
        samples: list[Row],
        readings: dict[str, list[Row]],
        boxes: dict[str, list[Row]],
    ) -> SampleBundle:
        samples = sorted(samples, key=lambda row: finite(row.get("timestamp"), where=self.where))
        tokens = [str(row["token"]) for row in samples]
        rows = [row for one in tokens for row in readings.get(one, ())]
        if not rows:
            raise InvalidInput("a scene without sensor data", where=self.where)
        zero_us = min(self._us(row) for row in rows)
        for row in sorted(rows, key=lambda row: str(row.get("filename"))):
            self._take(row, zero_us)
        if not any(channel.timed for channel in self.channels.values()):
            raise InvalidInput("no sensor file of this scene is here", where=self.where)
        sample = Sample(
            id=self.context.new_id(),
            key=name,
            epoch_ns=str(zero_us * 1000),
            source={"format": "nuscenes", "scene": token},
        )
        streams: dict[str, Stream] = {}
        calibrations: list[Calibration] = []
        for channel, one in sorted(self.channels.items()):
            if one.timed:
                streams[channel] = self._stream(sample, channel, one)
                calibrations += self._calibration(streams[channel], one)
        trajectory = trajectory_of(self.context, sample, self.poses, frame=EGO, parent_frame=WORLD)
        lidar = next(
            (
                streams[name]
                for name in ("LIDAR_TOP", *sorted(streams))
                if name in streams and self._is_lidar(name)
            ),
            None,
        )
        records: list[AnyRecord] = [*streams.values(), *calibrations, trajectory]
        if lidar is not None:
            records += self._tracks(lidar, tokens, boxes)
        elif any(boxes.get(one) for one in tokens):
            count = sum(len(boxes.get(one, ())) for one in tokens)
            self._reject(self.where, "no_sweep", f"{count} boxes have no lidar sweep to stand on")
        return SampleBundle(sample=sample, records=tuple(records))

    def _us(self, row: Row) -> int:
        return round(finite(row.get("timestamp"), where=f"{self.where}, timestamp"))

    def _is_lidar(self, channel: str) -> bool:
        return self.channels[channel].kind == "lidar"

    def _take(self, row: Row, zero_us: int) -> None:
        """One row of sample_data: its file, its ego pose, and for key frames of a lidar where boxes stand."""
        spot = f"{self.where}, sample_data {str(row.get('token'))[:12]}"
        try:
            mount = self.relations.row("calibrated_sensor", row.get("calibrated_sensor_token"), spot)
            sensor = self.relations.row("sensor", mount.get("sensor_token"), spot)
            channel = take(sensor, str, "channel", where=spot)
            name = take(row, str, "filename", where=spot)
            pose_row = self.relations.row("ego_pose", row.get("ego_pose_token"), spot)
            world_from_ego = transform(pose_row, f"{spot}, ego_pose")
            at_ns = (self._us(row) - zero_us) * 1000
        except InvalidInput as error:
            self._reject(spot, "bad_reading", error.letter())
            return
        kind = str(sensor.get("modality"))
        if kind not in MODALITY:
            self._warn(spot, "unknown_sensor", f"{channel} ({kind}) was left out")
            return
        self.poses.setdefault(at_ns, world_from_ego)
        held = self.channels.setdefault(channel, _Channel(kind=kind, mount=mount))
        if held.mount["token"] != mount["token"] and _moved(held.mount, mount):
            self._warn(spot, "W_CALIBRATION_CHANGES", f"{channel} is mounted differently within the scene")
        path = self.relations.file(name)
        if path is None:
            if row.get("is_key_frame") is True:
                self._warn(spot, "missing_file", f'the file of {channel}, "{name[-120:]}", is not here')
            return
        held.timed.append(TimedFile(at_ns=at_ns, path=path, name=Path(name).name))
        if kind == "lidar" and row.get("is_key_frame") is True:
            mounted = transform(mount, f"{spot}, calibrated_sensor")
            first = str(row.get("sample_token")) not in self.key_sweeps
            if channel == "LIDAR_TOP" or first:
                self.key_sweeps[str(row.get("sample_token"))] = (at_ns, inverse(world_from_ego @ mounted))

    def _stream(self, sample: Sample, channel: str, one: _Channel) -> Stream:
        lidar = one.kind == "lidar"
        raw = lidar and not any(timed.path.suffix == ".pcd" for timed in one.timed)
        return stream_of_files(
            self.relations.files,
            self.context,
            sample,
            one.timed,
            name=channel,
            modality=MODALITY[one.kind],
            timing=Timing(
                stamp=Stamp.DEVICE,
                timescale=Timescale.UTC,
                part=StampPart.END if lidar else StampPart.START,
                sweep_ns=LIDAR_SWEEP_NS if lidar else None,
            ),
            source={"point_layout": LAYOUT} if raw else {},
        )

    def _calibration(self, stream: Stream, one: _Channel) -> Iterator[Calibration]:
        spot = f"{self.where}, {stream.name}"
        ego_from_sensor = transform(one.mount, spot)
        if one.kind != "camera":
            yield Calibration(
                id=self.context.new_id(),
                sample=stream.sample,
                stream=stream.id,
                frame=stream.frame,
                parent_frame=EGO,
                parent_from_frame=pose_of(ego_from_sensor),
            )
            return
        made = camera_calibration(
            self.context,
            stream,
            one.timed[0].path,
            parent_frame=EGO,
            parent_from_camera=ego_from_sensor,
            intrinsics_px=finite_matrix(one.mount.get("camera_intrinsic"), rows=3, columns=3, where=spot),
        )
        if made is None:
            self._warn(
                spot, "unreadable_image", "the picture's size cannot be read, so its camera is left out"
            )
        else:
            yield made

    def _tracks(self, lidar: Stream, tokens: list[str], boxes: dict[str, list[Row]]) -> list[AnyRecord]:
        """Entities and tracks. An instance without a box at a key frame is absent there."""
        index = {reading.at_ns: number for number, reading in enumerate(lidar.readings)}
        entities: dict[str, Entity] = {}
        frames: dict[str, dict[str, KeyFrame]] = {}
        for token in tokens:
            for row in boxes.get(token, ()):
                spot = f"{self.where}, sample_annotation {str(row.get('token'))[:12]}"
                if token not in self.key_sweeps:
                    self._reject(spot, "no_sweep", "the box has no lidar sweep to stand on")
                    continue
                at_ns, lidar_from_world = self.key_sweeps[token]
                try:
                    lidar_from_box = lidar_from_world @ transform(row, spot)
                    size_m = self.relations.size_m(row, spot)
                    identity = str(row.get("instance_token"))
                    if identity not in entities:
                        entities[identity] = self.relations.entity(self.context, lidar.sample, row, spot)
                except InvalidInput as error:
                    self._reject(spot, "bad_box", error.letter())
                    continue
                shape = Cuboid(
                    frame=lidar.frame,
                    centre_m=vec3(lidar_from_box[:3, 3]),
                    size_m=size_m,
                    rotation_wxyz=wxyz_from_matrix(lidar_from_box[:3, :3]),
                )
                frames.setdefault(identity, {})[token] = KeyFrame(
                    at_ns=at_ns,
                    index=index.get(at_ns),
                    shape=shape,
                    attributes=self.relations.attributes(row),
                )
        swept = [token for token in tokens if token in self.key_sweeps]
        return [
            *entities.values(),
            *(
                Annotation(
                    id=self.context.new_id(),
                    sample=lidar.sample,
                    stream=lidar.id,
                    layer=self.context.layer,
                    class_id=entities[identity].class_id,
                    region=Track(key_frames=tuple(self._with_gaps(held, swept))),
                    entity=entities[identity].id,
                    source_id=identity,
                )
                for identity, held in frames.items()
            ),
        ]

    def _with_gaps(self, held: dict[str, KeyFrame], tokens: list[str]) -> Iterator[KeyFrame]:
        """The key frames in order of time, and an absent one at the first key frame of each gap."""
        here = [token in held for token in tokens]
        last = len(here) - 1 - here[::-1].index(True)
        for number in range(here.index(True), last + 1):
            if here[number]:
                yield held[tokens[number]]
            elif here[number - 1]:
                yield KeyFrame(at_ns=self.key_sweeps[tokens[number]][0], shape=None)

    def _warn(self, where: str, code: str, message: str) -> None:
        self.problems.append(Problem(where=where, code=code, message=message, rejected=False))

    def _reject(self, where: str, code: str, message: str) -> None:
        self.problems.append(Problem(where=where, code=code, message=message, rejected=True))


def _moved(one: Row, other: Row) -> bool:
    return any(one.get(key) != other.get(key) for key in ("translation", "rotation", "camera_intrinsic"))
