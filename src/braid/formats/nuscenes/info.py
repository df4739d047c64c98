"""nuScenes samples in the layout of mmdetection3d's info files (version 1.1) as JSON: six cameras and one lidar.

Boxes lie in the lidar frame: centre, length width height, yaw. Cameras fire at their own times: each gets a clock map, and
the ego pose at that time follows from `lidar2cam`, which has the ego motion in it. Boxes in the images are projections.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from braid.base.errors import InvalidInput
from braid.formats.attempt import attempt
from braid.formats.beside import files_below
from braid.formats.classes import widen
from braid.formats.json_fields import finite, numbers, take
from braid.formats.json_input import read_json
from braid.formats.rig import camera_calibration, camera_stream, lidar_stream, offset_map, trajectory_of
from braid.formats.rigid import Matrix, finite_matrix, inverse, pose_of, rigid
from braid.formats.seam import (
    Problem,
    ReadContext,
    SampleBundle,
    Sources,
    end_of,
)
from braid.model.records import (
    Annotation,
    AnyRecord,
    Attribute,
    Calibration,
    ClockMap,
    Entity,
    Link,
    LinkEnd,
    Sample,
    Stream,
)
from braid.model.regions import AttributeValue, Box, Cuboid
from braid.space.rotation import wxyz_from_yaw

LIDAR = "LIDAR_TOP"
EGO = "ego"
WORLD = "world"
LAYOUTS = {4: "float32 x y z intensity", 5: "float32 x y z intensity ring"}
ATTRIBUTES = (
    Attribute(id="num-lidar-pts", name="Lidar points inside", type="number", minimum=0.0),
    Attribute(id="num-radar-pts", name="Radar points inside", type="number", minimum=0.0),
    Attribute(id="velocity-x-mps", name="Velocity along x (m/s)", type="number"),
    Attribute(id="velocity-y-mps", name="Velocity along y (m/s)", type="number"),
)
SAME_CENTRE_PX = 1.0
SAME_DEPTH_M = 0.1


def read_info_files(
    files: Sources, context: ReadContext, *, skip: frozenset[Path]
) -> Generator[SampleBundle | Problem, None, bool]:
    """Every entry of `data_list` of every info file outside of the folders `skip`; answers whether there was one."""
    found = False
    for path in files_below(files, ".json"):
        if path.parent in skip:
            continue
        where = files.name(path)
        try:
            document = read_json(files, path)
        except InvalidInput as error:
            yield Problem(where=where, code=error.code, message=error.letter(), rejected=True)
            continue
        if not isinstance(document, dict) or not isinstance(document.get("data_list"), list):
            continue
        found = True
        names = _class_names(document)
        for number, entry in enumerate(document["data_list"]):
            spot = f"{where}, data_list.{number}"
            reading = _Reading(files=files, context=context, folder=path.parent, where=spot, names=names)
            yield from attempt(
                partial(reading.bundle, entry), reading.problems, where=spot, code="bad_sample"
            )
    return found


def microseconds(value: Any, *, where: str) -> int:
    """A Unix time in float seconds to whole microseconds (what the sensors recorded)."""
    return round(finite(value, where=where) * 1e6)


def _class_names(document: dict[str, Any]) -> dict[int, str]:
    meta = document.get("metainfo")
    categories = meta.get("categories") if isinstance(meta, dict) else None
    if not isinstance(categories, dict):
        return {}
    known = {number: name for name, number in categories.items() if isinstance(number, int)}
    return {-1: "other", **known}  # -1: a class outside of the ten that the detection task counts


@dataclass(slots=True, kw_only=True)
class _Camera:
    """What is needed to place boxes of one camera."""

    stream: Stream
    camera_from_lidar: Matrix
    intrinsics_px: Matrix
    width_px: float
    height_px: float


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One entry on its way to one sample."""

    files: Sources
    context: ReadContext
    folder: Path
    where: str
    names: dict[int, str]
    problems: list[Problem] = field(default_factory=list)
    streams: list[Stream] = field(default_factory=list)
    clocks: list[ClockMap] = field(default_factory=list)
    calibrations: list[Calibration] = field(default_factory=list)
    poses: dict[int, Matrix] = field(default_factory=dict)
    entities: list[Entity] = field(default_factory=list)
    shapes: list[Annotation] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def bundle(self, entry: Any) -> SampleBundle:
        token = take(entry, str, "token", where=self.where)
        at_us = microseconds(entry.get("timestamp"), where=f"{self.where}, timestamp")
        sample = Sample(
            id=self.context.new_id(),
            key=token,
            epoch_ns=str(at_us * 1000),
            source={"format": "nuscenes", "token": token},
        )
        world_from_ego = self._transform(entry, "ego2global")
        ego_from_lidar = self._transform(entry, "lidar_points", "lidar2ego")
        self.poses[0] = world_from_ego
        lidar = self._lidar(sample, entry)
        self.calibrations.append(
            Calibration(
                id=self.context.new_id(),
                sample=sample.id,
                stream=lidar.id,
                frame=LIDAR,
                parent_frame=EGO,
                parent_from_frame=pose_of(ego_from_lidar),
            )
        )
        cameras: dict[str, _Camera] = {}
        for name in take(entry, dict, "images", where=self.where):
            camera = self._camera(sample, entry, name, at_us, world_from_ego @ ego_from_lidar)
            if camera is not None:
                cameras[name] = camera
        cuboids = self._cuboids(lidar, entry)
        for name, camera in cameras.items():
            self._boxes(camera, entry.get("cam_instances"), name, cuboids)
        trajectory = trajectory_of(self.context, sample, self.poses, frame=EGO, parent_frame=WORLD)
        records: tuple[AnyRecord, ...] = (
            *self.streams,
            *self.clocks,
            *self.calibrations,
            trajectory,
            *self.entities,
            *self.shapes,
            *self.links,
        )
        return SampleBundle(sample=sample, records=records)

    def _transform(self, entry: Any, *path: str) -> Matrix:
        spot = f"{self.where}, {'.'.join(path)}"
        return rigid(
            finite_matrix(take(entry, list, *path, where=self.where), rows=4, columns=4, where=spot),
            where=spot,
        )

    def _file(self, name: str) -> Path | None:
        """The sensor file beside the info file, wherever the info file says it was."""
        for candidate in (name, name.replace("\\", "/").rpartition("/")[2]):
            relative = (self.folder / candidate).resolve()
            if relative.is_relative_to(self.files.base) and relative.is_file():
                return relative
        return None

    def _lidar(self, sample: Sample, entry: Any) -> Stream:
        name = take(entry, str, "lidar_points", "lidar_path", where=self.where)
        path = self._file(name)
        if path is None:
            raise InvalidInput("the lidar file is missing", where=self.where, got=name)
        width = entry["lidar_points"].get("num_pts_feats", 5)
        layout = LAYOUTS.get(width if isinstance(width, int) else 0)
        if layout is None:
            raise InvalidInput("an unknown point layout", where=self.where, got=width, wanted="4 or 5 values")
        stream = lidar_stream(
            self.files,
            self.context,
            sample,
            path,
            name=LIDAR,
            layout=layout,
            media_type="application/octet-stream",
        )
        self.streams.append(stream)
        return stream

    def _camera(
        self, sample: Sample, entry: Any, name: str, lidar_us: int, world_from_lidar: Matrix
    ) -> _Camera | None:
        facts = take(entry, dict, "images", name, where=self.where)
        spot = f"{self.where}, images.{name}"
        file_name = take(facts, str, "img_path", where=spot)
        path = self._file(file_name)
        if path is None:
            self._warn(spot, "no_image", f'the picture "{file_name[-120:]}" is missing')
            return None
        stream = camera_stream(self.files, self.context, sample, path, name=name)
        self.streams.append(stream)
        offset_ns = (microseconds(facts.get("timestamp"), where=spot) - lidar_us) * 1000
        self.clocks.append(
            offset_map(self.context, stream, offset_ns=offset_ns, method="recorded time of the camera")
        )
        ego_from_camera = self._transform(entry, "images", name, "cam2ego")
        camera_from_lidar = self._transform(entry, "images", name, "lidar2cam")
        intrinsics = finite_matrix(take(facts, list, "cam2img", where=spot), rows=3, columns=3, where=spot)
        self.poses.setdefault(
            offset_ns, world_from_lidar @ inverse(camera_from_lidar) @ inverse(ego_from_camera)
        )
        calibration = camera_calibration(
            self.context,
            stream,
            path,
            parent_frame=EGO,
            parent_from_camera=ego_from_camera,
            intrinsics_px=intrinsics,
        )
        if calibration is None:
            self._warn(
                spot, "unreadable_image", "the picture's size cannot be read, so its camera is left out"
            )
        else:
            self.calibrations.append(calibration)
        seen = None if calibration is None else calibration.camera
        return _Camera(
            stream=stream,
            camera_from_lidar=camera_from_lidar,
            intrinsics_px=intrinsics,
            width_px=math.inf if seen is None else seen.width_px,
            height_px=math.inf if seen is None else seen.height_px,
        )

    def _label(self, instance: Any, spot: str) -> str:
        number = instance.get("bbox_label_3d") if isinstance(instance, dict) else None
        if not isinstance(number, int) or number not in self.names:
            raise InvalidInput(
                "an unknown class number", where=spot, got=number, wanted="metainfo.categories"
            )
        return self.names[number]

    def _cuboids(self, lidar: Stream, entry: Any) -> list[Annotation]:
        cuboids: list[Annotation] = []
        for number, instance in enumerate(take(entry, list, "instances", where=self.where)):
            spot = f"{self.where}, instances.{number}"
            try:
                label = self._label(instance, spot)
                x, y, z, length, width, height, yaw = numbers(instance, 7, "bbox_3d", where=spot)
                if min(length, width, height) <= 0:
                    raise InvalidInput("a box has no extent", where=spot, got=(length, width, height))
            except InvalidInput as error:
                self.problems.append(
                    Problem(where=spot, code="bad_box", message=error.letter(), rejected=True)
                )
                continue
            class_id = self.context.class_id(label.replace("_", " "))
            widen(self.context, class_id, attributes=ATTRIBUTES)
            entity = Entity(
                id=self.context.new_id(),
                sample=lidar.sample,
                layer=self.context.layer,
                class_id=class_id,
                name=f"{label.replace('_', ' ')} {number}",
                source_id=str(number),
            )
            self.entities.append(entity)
            cuboids.append(
                Annotation(
                    id=self.context.new_id(),
                    sample=lidar.sample,
                    stream=lidar.id,
                    layer=self.context.layer,
                    class_id=class_id,
                    region=Cuboid(
                        frame=LIDAR,
                        centre_m=(x, y, z),
                        size_m=(length, width, height),
                        rotation_wxyz=wxyz_from_yaw(yaw),
                    ),
                    attributes=_facts(instance),
                    entity=entity.id,
                    source_id=str(number),
                )
            )
        self.shapes += cuboids
        return cuboids

    def _boxes(self, camera: _Camera, instances: Any, name: str, cuboids: list[Annotation]) -> None:
        found = instances.get(name) if isinstance(instances, dict) else None
        for number, instance in enumerate(found if isinstance(found, list) else ()):
            spot = f"{self.where}, cam_instances.{name}.{number}"
            try:
                label = self._label(instance, spot)
                x0, y0, x1, y1 = numbers(instance, 4, "bbox", where=spot)
                if not (x0 < x1 and y0 < y1):
                    raise InvalidInput("a box has no area", where=spot, got=(x0, y0, x1, y1))
                centre_px = numbers(instance, 2, "center_2d", where=spot)
                depth_m = finite(instance.get("depth"), where=f"{spot}, depth")
            except InvalidInput as error:
                self.problems.append(
                    Problem(where=spot, code="bad_box", message=error.letter(), rejected=True)
                )
                continue
            class_id = self.context.class_id(label.replace("_", " "))
            cuboid = _seen_at(camera, cuboids, class_id, centre_px, depth_m)
            box = Annotation(
                id=self.context.new_id(),
                sample=camera.stream.sample,
                stream=camera.stream.id,
                layer=self.context.layer,
                class_id=class_id,
                region=Box(
                    x0_px=x0 + 0.5,
                    y0_px=y0 + 0.5,
                    x1_px=min(x1 + 0.5, camera.width_px),
                    y1_px=min(y1 + 0.5, camera.height_px),
                ),
                entity=None if cuboid is None else cuboid.entity,
                source_id=f"{name}.{number}",
            )
            self.shapes.append(box)
            if cuboid is None:
                self._warn(spot, "no_cuboid", "no cuboid projects to this box's centre")
                continue
            self.links.append(
                Link(
                    id=self.context.new_id(),
                    sample=box.sample,
                    layer=self.context.layer,
                    type_id=self.context.link_type(
                        "same-object",
                        name="Same object",
                        source=LinkEnd(kinds=("cuboid",)),
                        target=LinkEnd(kinds=("box", "rotated_box", "polygon", "mask")),
                    ),
                    source=end_of(cuboid),
                    target=end_of(box),
                    source_id=box.source_id,
                )
            )

    def _warn(self, where: str, code: str, message: str) -> None:
        self.problems.append(Problem(where=where, code=code, message=message, rejected=False))


def _facts(instance: dict[str, Any]) -> dict[str, AttributeValue]:
    """Point counts and velocity (lidar frame); what is not a finite number is left out."""
    facts: dict[str, AttributeValue] = {}
    for name in ("num_lidar_pts", "num_radar_pts"):
        if isinstance(instance.get(name), int):
            facts[name.replace("_", "-")] = instance[name]
    velocity = instance.get("velocity")
    if isinstance(velocity, list) and len(velocity) == 2:
        for axis, speed in zip("xy", velocity, strict=True):
            if isinstance(speed, int | float) and math.isfinite(speed):
                facts[f"velocity-{axis}-mps"] = float(speed)
    return facts


def _seen_at(
    camera: _Camera, cuboids: list[Annotation], class_id: str, centre_px: tuple[float, ...], depth_m: float
) -> Annotation | None:
    """The cuboid of that class whose centre projects there at that depth."""
    best, least = None, SAME_CENTRE_PX
    for cuboid in cuboids:
        if cuboid.class_id != class_id or not isinstance(cuboid.region, Cuboid):
            continue
        centre_camera_m = camera.camera_from_lidar @ np.array([*cuboid.region.centre_m, 1.0])
        if centre_camera_m[2] <= 0 or abs(float(centre_camera_m[2]) - depth_m) > SAME_DEPTH_M:
            continue
        pixel = camera.intrinsics_px @ centre_camera_m[:3]
        away = math.hypot(
            float(pixel[0] / pixel[2]) - centre_px[0], float(pixel[1] / pixel[2]) - centre_px[1]
        )
        if away < least:
            best, least = cuboid, away
    return best
