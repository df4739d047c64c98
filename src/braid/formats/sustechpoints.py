"""SUSTechPOINTS scenes: lidar/*.pcd, camera/NAME/*.jpg, calib/camera/NAME.json, label/*.json. One sample per sweep.

Boxes: psr.position is the centre, psr.scale length width height, psr.rotation the angles of Rx Ry Rz.
Calibration: `extrinsic` is camera_from_lidar, 4x4 by rows. Source: the tool's own public/js/util.js.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from braid.base.errors import InvalidInput
from braid.formats.beside import IMAGE
from braid.formats.json_fields import finite, take
from braid.formats.json_input import read_json
from braid.formats.read_only import ReadOnly
from braid.formats.rig import camera_calibration, camera_stream, lidar_stream
from braid.formats.rigid import Matrix, euler_xyz, finite_matrix, inverse, rigid
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources
from braid.model.records import Annotation, AnyRecord, Entity, Sample, Stream
from braid.model.regions import Cuboid
from braid.space.pose import Vec3
from braid.space.rotation import wxyz_from_matrix

LIDAR = "lidar"
MAX_BOXES = 100_000


class Sustechpoints(ReadOnly):
    """Scenes of the SUSTechPOINTS labelling tool."""

    id: ClassVar[str] = "sustechpoints"
    title: ClassVar[str] = "SUSTechPOINTS"
    purpose: ClassVar[str] = "Lidar sequences with cameras and cuboids that keep their id."
    example: ClassVar[str] = "scene/lidar/000965.pcd"
    instead: ClassVar[tuple[str, ...]] = ("kitti", "braid")

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """Scenes are the folder itself or its subfolders; sweeps in the order of their names."""
        scenes = [
            folder for folder in (files.base, *sorted(files.base.glob("*/"))) if (folder / "lidar").is_dir()
        ]
        if not scenes:
            raise InvalidInput(
                "no SUSTechPOINTS scene", where=files.base.name, wanted="a folder with lidar/*.pcd"
            )
        for scene in scenes:
            if not scene.resolve().is_relative_to(files.base):
                continue
            mounts: dict[str, tuple[Matrix, Matrix]] = {}
            for path in sorted((scene / "calib" / "camera").glob("*.json")):
                try:
                    mounts[path.stem] = _mount(files, path)
                except InvalidInput as error:
                    yield Problem(
                        where=files.name(path), code="bad_calibration", message=error.letter(), rejected=True
                    )
            for sweep in sorted((scene / "lidar").glob("*.pcd")):
                yield from _read_sweep(files, context, scene, sweep, mounts)


def _mount(files: Sources, path: Path) -> tuple[Matrix, Matrix]:
    """lidar_from_camera (4, 4) and intrinsics (3, 3) of a camera's file."""
    where = files.name(path)
    document = read_json(files, path, limit=2**20)
    extrinsic = finite_matrix(take(document, list, "extrinsic", where=where), rows=4, columns=4, where=where)
    intrinsic = finite_matrix(take(document, list, "intrinsic", where=where), rows=3, columns=3, where=where)
    return inverse(rigid(extrinsic, where=f"{where}, extrinsic")), intrinsic


def _read_sweep(
    files: Sources,
    context: ReadContext,
    scene: Path,
    sweep: Path,
    mounts: dict[str, tuple[Matrix, Matrix]],
) -> Iterator[SampleBundle | Problem]:
    if not sweep.resolve().is_relative_to(files.base):
        return
    name = sweep.stem
    key = name if scene == files.base else f"{files.name(scene)}/{name}"
    sample = Sample(id=context.new_id(), key=key, source={"format": "sustechpoints", "frame": name})
    lidar = lidar_stream(
        files, context, sample, sweep, name=LIDAR, layout="", media_type="application/vnd.pcd"
    )
    streams: list[Stream] = [lidar]
    calibrations: list[AnyRecord] = []
    for folder in sorted((scene / "camera").glob("*/")):
        picture = next(
            (path for ending in IMAGE if (path := folder / f"{name}{ending}").is_file()),
            None,
        )
        if picture is None or not picture.resolve().is_relative_to(files.base):
            yield _note(key, "no_image", f'camera "{folder.name}" has no picture of this sweep')
            continue
        camera = camera_stream(files, context, sample, picture, name=folder.name)
        streams.append(camera)
        if folder.name not in mounts:
            yield _note(key, "no_calibration", f'camera "{folder.name}" has no usable calibration')
            continue
        lidar_from_camera, intrinsics = mounts[folder.name]
        calibration = camera_calibration(
            context,
            camera,
            picture,
            parent_frame=LIDAR,
            parent_from_camera=lidar_from_camera,
            intrinsics_px=intrinsics,
        )
        if calibration is None:
            yield _note(
                files.name(picture), "unreadable_image", "the size cannot be read, so its camera is left out"
            )
        else:
            calibrations.append(calibration)
    entities: dict[str, Entity] = {}
    cuboids: list[Annotation] = []
    label = scene / "label" / f"{name}.json"
    if label.is_file() and label.resolve().is_relative_to(files.base):
        yield from _take_boxes(files, context, lidar, label, entities, cuboids)
    yield SampleBundle(sample=sample, records=(*streams, *calibrations, *entities.values(), *cuboids))


def _take_boxes(
    files: Sources,
    context: ReadContext,
    lidar: Stream,
    path: Path,
    entities: dict[str, Entity],
    cuboids: list[Annotation],
) -> Iterator[Problem]:
    where = files.name(path)
    try:
        document = read_json(files, path, limit=64 * 2**20)
        boxes = document if isinstance(document, list) else take(document, list, "objs", where=where)
        if len(boxes) > MAX_BOXES:
            raise InvalidInput("too many boxes", where=where, got=len(boxes), wanted=f"<= {MAX_BOXES}")
    except InvalidInput as error:
        yield Problem(where=where, code="bad_label", message=error.letter(), rejected=True)
        return
    for number, box in enumerate(boxes, start=1):
        spot = f"{where}, box {number}"
        try:
            label = take(box, str, "obj_type", where=spot)
            region = _cuboid(box, spot)
        except InvalidInput as error:
            yield Problem(where=spot, code="bad_box", message=error.letter(), rejected=True)
            continue
        class_id = context.class_id(label)
        identity = box.get("obj_id")
        identity = str(identity) if isinstance(identity, str | int) and str(identity) else f"box {number}"
        if identity in entities:
            yield _note(spot, "duplicate_id", f"obj_id {identity} appears twice in one sweep")
        else:
            entities[identity] = Entity(
                id=context.new_id(),
                sample=lidar.sample,
                layer=context.layer,
                class_id=class_id,
                name=f"{label} {identity}",
                source_id=identity,
            )
        cuboids.append(
            Annotation(
                id=context.new_id(),
                sample=lidar.sample,
                stream=lidar.id,
                layer=context.layer,
                class_id=class_id,
                region=region,
                entity=entities[identity].id,
                source_id=identity,
            )
        )


def _cuboid(box: Any, where: str) -> Cuboid:
    def triple(part: str) -> Vec3:
        axes = take(box, dict, "psr", part, where=where)
        x, y, z = (finite(axes.get(axis), where=f"{where}, psr.{part}.{axis}") for axis in "xyz")
        return (x, y, z)

    size_m = triple("scale")
    if min(size_m) <= 0:
        raise InvalidInput("a box has no extent", where=where, got=size_m, wanted="length, width, height > 0")
    return Cuboid(
        frame=LIDAR,
        centre_m=triple("position"),
        size_m=size_m,
        rotation_wxyz=wxyz_from_matrix(euler_xyz(*triple("rotation"))),
    )


def _note(where: str, code: str, message: str) -> Problem:
    return Problem(where=where, code=code, message=message, rejected=False)
