"""KITTI object benchmark: label_2, calib, image_2, velodyne. Each label row is a cuboid, a box and the link between.

Cuboids move from the rectified camera 0 (bottom centre, h w l, turn about y) to `velodyne` (centre, l w h, quaternion).
2D corners are positions where a pixel's centre is whole, so 0.5 px leads to edge coordinates. Source: the object devkit.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from braid.base.errors import InvalidInput
from braid.formats.beside import IMAGE, image_size_px
from braid.formats.classes import widen
from braid.formats.kitti.calib import KittiCalib, parse_calib
from braid.formats.kitti.labels import class_of
from braid.formats.kitti.rows import OCCLUSION, KittiRow, parse_rows
from braid.formats.kitti.writer import write_sample
from braid.formats.losses import LossCounter
from braid.formats.rigid import inverse, pose_of
from braid.formats.seam import (
    ExportSource,
    Loss,
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
    Entity,
    Link,
    LinkEnd,
    Modality,
    Sample,
    Sampling,
    Stream,
)
from braid.model.regions import Box

LIDAR = "velodyne"
CAMERA = "camera-2"
SPLITS = ("", "training", "testing", "object/training", "data/object/training")
ATTRIBUTES = (
    Attribute(id="occlusion", name="Occlusion", values=tuple(OCCLUSION.values())),
    Attribute(id="truncation", name="Truncation", type="number", minimum=0.0, maximum=1.0),
    Attribute(id="alpha-rad", name="Observation angle (rad)", type="number"),
)


class Kitti:
    """The object detection benchmark's folders."""

    id: ClassVar[str] = "kitti"
    title: ClassVar[str] = "KITTI object"
    purpose: ClassVar[str] = "Single frames with a camera, a lidar sweep, boxes and cuboids."
    example: ClassVar[str] = "training/label_2/000000.txt"
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample per frame number found in label_2, image_2 or velodyne."""
        folder = _split_folder(files)
        stems = sorted(
            {
                path.stem
                for part, endings in (
                    ("label_2", {".txt"}),
                    ("image_2", set(IMAGE)),
                    ("velodyne", {".bin"}),
                )
                for path in (folder / part).glob("*")
                if path.suffix.casefold() in endings
            }
        )
        for stem in stems:
            yield from _read_frame(files, context, folder, stem)

    def write(self, source: ExportSource, out: Path, *, options: dict[str, str]) -> tuple[Loss, ...]:
        """label_2 and calib per sample; with option media=copy also image_2 and velodyne."""
        root = out / "training"
        for part in ("label_2", "calib"):
            (root / part).mkdir(parents=True, exist_ok=True)
        losses = LossCounter()
        for bundle in source.bundles():
            name = write_sample(bundle, source.ontology, root, options.get("layer"), losses)
            for record in bundle.records if options.get("media") == "copy" else ():
                if not isinstance(record, Stream) or record.asset is None:
                    continue
                if record.modality is Modality.POINT_CLOUD:
                    target = root / "velodyne" / f"{name}.bin"
                elif record.modality is Modality.IMAGE:
                    target = root / "image_2" / (name + (Path(record.file_name).suffix or ".png"))
                else:
                    continue
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(source.asset_path(record.asset), target)
        return losses.report()


def _split_folder(files: Sources) -> Path:
    for split in SPLITS:
        folder = files.base / split
        if (folder / "label_2").is_dir() or ((folder / "image_2").is_dir() and (folder / "calib").is_dir()):
            return folder
    raise InvalidInput(
        "no KITTI object folder",
        where=files.base.name,
        wanted="label_2, calib, image_2 and velodyne, or training/ with these",
    )


def _read_frame(
    files: Sources, context: ReadContext, folder: Path, stem: str
) -> Iterator[SampleBundle | Problem]:
    sample = Sample(id=context.new_id(), key=stem, source={"format": "kitti", "frame": stem})
    prefix = files.name(folder) if folder != files.base else ""
    prefix = f"{prefix}/" if prefix and prefix != "." else ""
    picture = next(
        (found for ending in IMAGE if (found := files.find(f"{prefix}image_2/{stem}{ending}")) is not None),
        None,
    )
    sweep = files.find(f"{prefix}velodyne/{stem}.bin")
    labels = files.find(f"{prefix}label_2/{stem}.txt")
    calib_path = files.find(f"{prefix}calib/{stem}.txt")
    calib: KittiCalib | None = None
    if calib_path is None:
        yield _note(stem, "no_calibration", "there is no calib file, so cuboids cannot be placed")
    else:
        try:
            calib = parse_calib(
                files.read(calib_path, limit=2**20).decode("utf-8", "replace"), where=files.name(calib_path)
            )
        except InvalidInput as error:
            yield Problem(
                where=files.name(calib_path), code="bad_calibration", message=error.letter(), rejected=True
            )
    records: list[AnyRecord] = []
    camera = _camera_stream(files, context, sample, picture, calib)
    lidar = _lidar_stream(files, context, sample, sweep)
    size = image_size_px(picture) if picture is not None else None
    records.extend(stream for stream in (camera, lidar) if stream is not None)
    if camera is None:
        yield _note(stem, "no_image", "there is no image, so boxes are left out")
    elif size is None:
        yield _note(stem, "unreadable_image", "the image's size cannot be read, so its camera is left out")
    if lidar is None:
        yield _note(stem, "no_sweep", "there is no velodyne sweep, so cuboids are left out")
    if camera is not None and calib is not None and size is not None:
        records.append(
            Calibration(
                id=context.new_id(),
                sample=sample.id,
                stream=camera.id,
                frame=CAMERA,
                parent_frame=LIDAR,
                parent_from_frame=pose_of(inverse(calib.camera_from_velodyne)),
                camera=calib.camera(width_px=size[0], height_px=size[1]),
            )
        )
    entities: list[Entity] = []
    shapes: list[Annotation] = []
    links: list[Link] = []
    if labels is not None:
        text = files.read(labels, limit=16 * 2**20).decode("utf-8", "replace")
        for row in parse_rows(text, where=files.name(labels)):
            if isinstance(row, Problem):
                yield row
            else:
                _take_row(context, sample, row, camera, lidar, calib, (entities, shapes, links))
    yield SampleBundle(sample=sample, records=(*records, *entities, *shapes, *links))


def _take_row(
    context: ReadContext,
    sample: Sample,
    row: KittiRow,
    camera: Stream | None,
    lidar: Stream | None,
    calib: KittiCalib | None,
    into: tuple[list[Entity], list[Annotation], list[Link]],
) -> None:
    entities, shapes, links = into
    ignored = row.label == "DontCare"
    class_id = class_of(context, row.label)
    if not ignored:
        widen(context, class_id, attributes=ATTRIBUTES)
    source_id = f"{sample.key}:{row.line}"
    entity: Entity | None = None
    if not ignored:
        entity = Entity(
            id=context.new_id(),
            sample=sample.id,
            layer=context.layer,
            class_id=class_id,
            name=f"{row.label} {row.line}",
            source_id=source_id,
        )
        entities.append(entity)
    common = {
        "sample": sample.id,
        "layer": context.layer,
        "class_id": class_id,
        "entity": None if entity is None else entity.id,
        "score": row.score,
        "source_id": source_id,
    }
    box: Annotation | None = None
    if camera is not None:
        x0, y0, x1, y1 = row.box_px
        box = Annotation(
            id=context.new_id(),
            stream=camera.id,
            region=Box(x0_px=x0 + 0.5, y0_px=y0 + 0.5, x1_px=x1 + 0.5, y1_px=y1 + 0.5),
            attributes={} if ignored else row.attributes(),
            **common,  # type: ignore[arg-type]
        )
        shapes.append(box)
    if ignored or lidar is None or calib is None or not row.has_cuboid:
        return
    cuboid = Annotation(
        id=context.new_id(),
        stream=lidar.id,
        region=row.cuboid(calib, frame=LIDAR),
        **common,  # type: ignore[arg-type]
    )
    shapes.append(cuboid)
    if box is not None:
        type_id = context.link_type(
            "same-object",
            name="Same object",
            source=LinkEnd(kinds=("cuboid",)),
            target=LinkEnd(kinds=("box", "rotated_box", "polygon", "mask")),
        )
        links.append(
            Link(
                id=context.new_id(),
                sample=sample.id,
                layer=context.layer,
                type_id=type_id,
                source=end_of(cuboid),
                target=end_of(box),
                source_id=source_id,
            )
        )


def _camera_stream(
    files: Sources, context: ReadContext, sample: Sample, path: Path | None, calib: KittiCalib | None
) -> Stream | None:
    if path is None:
        return None
    return Stream(
        id=context.new_id(),
        sample=sample.id,
        name=CAMERA,
        modality=Modality.IMAGE,
        sampling=Sampling.INSTANT,
        asset=files.asset(path),
        media_type=IMAGE[path.suffix.casefold()],
        file_name=path.name,
        frame=CAMERA,
        source={} if calib is None else dict(calib.lines),
    )


def _lidar_stream(files: Sources, context: ReadContext, sample: Sample, path: Path | None) -> Stream | None:
    if path is None:
        return None
    return Stream(
        id=context.new_id(),
        sample=sample.id,
        name=LIDAR,
        modality=Modality.POINT_CLOUD,
        sampling=Sampling.SWEEP,
        asset=files.asset(path),
        media_type="application/octet-stream",
        file_name=path.name,
        frame=LIDAR,
        source={"point_layout": "float32 x y z intensity"},
    )


def _note(where: str, code: str, message: str) -> Problem:
    return Problem(where=where, code=code, message=message, rejected=False)
