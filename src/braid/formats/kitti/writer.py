"""Records of one sample to a KITTI label file and its calib file."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from braid.formats.beside import safe_stem
from braid.formats.kitti.calib import KittiCalib, parse_calib, plain_calib
from braid.formats.kitti.labels import label_of
from braid.formats.kitti.rows import OCCLUSION, KittiRow, rectified_of
from braid.formats.losses import LossCounter
from braid.formats.rigid import inverse, matrix_of
from braid.formats.seam import SampleBundle
from braid.model.records import Annotation, Calibration, Link, Modality, Ontology, Stream
from braid.model.regions import Box, Cuboid
from braid.space.rotation import matrix_from_wxyz

TILT_RAD = math.radians(1.0)


def write_sample(
    bundle: SampleBundle, ontology: Ontology, root: Path, layer: str | None, losses: LossCounter
) -> str:
    """Write label_2/NAME.txt and calib/NAME.txt below `root`; answers NAME. Adds to `losses` (what, why) counts."""
    name = safe_stem(bundle.sample.key)
    streams = {record.id: record for record in bundle.records if isinstance(record, Stream)}
    camera, calib = _camera_of(bundle, streams, losses)
    boxes: dict[str, Annotation] = {}
    cuboids: dict[str, Annotation] = {}
    for record in bundle.records:
        if not isinstance(record, Annotation) or layer not in {None, record.layer}:
            continue
        if isinstance(record.region, Box) and camera is not None and record.stream == camera.id:
            boxes[record.id] = record
        elif isinstance(record.region, Cuboid) and streams[record.stream].modality is Modality.POINT_CLOUD:
            cuboids[record.id] = record
        else:
            losses.add("annotation", "a label row holds one box of camera 2 and one cuboid of the lidar")
    pairs = _pairs(bundle, boxes, cuboids, losses)
    names = {known.id: label_of(known) for known in ontology.classes}
    rows: list[tuple[tuple[int, str], str]] = []
    for box_id, box in boxes.items():
        cuboid = cuboids.pop(pairs[box_id]) if box_id in pairs and calib is not None else None
        row = _row(box, cuboid, None, calib, names, losses)
        if row is not None:
            rows.append((_order(box), row.text()))
    for cuboid in cuboids.values():
        row = _row(None, cuboid, camera, calib, names, losses, _size(bundle, camera))
        if row is not None:
            rows.append((_order(cuboid), row.text()))
    text = "".join(f"{line}\n" for _, line in sorted(rows))
    (root / "label_2" / f"{name}.txt").write_text(text, encoding="utf-8")
    if calib is not None:
        lines = "".join(f"{key}: {numbers}\n" for key, numbers in calib.lines.items())
        (root / "calib" / f"{name}.txt").write_text(lines, encoding="utf-8")
    return name


def _camera_of(
    bundle: SampleBundle, streams: dict[str, Stream], losses: LossCounter
) -> tuple[Stream | None, KittiCalib | None]:
    """The camera that is written, with its calibration. The file's own numbers are kept while they still hold."""
    pictures = [stream for stream in streams.values() if stream.modality is Modality.IMAGE]
    calibrations = {
        record.stream: record
        for record in bundle.records
        if isinstance(record, Calibration) and record.camera is not None
    }
    pictures.sort(key=lambda stream: (stream.id not in calibrations, stream.name != "camera-2", stream.name))
    for _ in pictures[1:]:
        losses.add("camera", "a label file speaks of one camera")
    if not pictures:
        return None, None
    calibration = calibrations.get(pictures[0].id)
    if calibration is None or calibration.camera is None:
        return pictures[0], None
    camera_from_velodyne = inverse(matrix_of(calibration.parent_from_frame))
    if "Tr_velo_to_cam" in pictures[0].source:
        own = parse_calib(
            "\n".join(f"{key}: {value}" for key, value in pictures[0].source.items()), where=bundle.sample.key
        )
        same = np.allclose(own.camera_from_velodyne, camera_from_velodyne, rtol=0, atol=1e-6)
        size = {"width_px": calibration.camera.width_px, "height_px": calibration.camera.height_px}
        if same and own.camera(**size) == calibration.camera:
            return pictures[0], own
    if calibration.camera.distortion != "none":
        losses.add("lens distortion", "the benchmark's images are rectified")
    return pictures[0], plain_calib(camera_from_velodyne=camera_from_velodyne, camera=calibration.camera)


def _pairs(
    bundle: SampleBundle, boxes: dict[str, Annotation], cuboids: dict[str, Annotation], losses: LossCounter
) -> dict[str, str]:
    """Box id to cuboid id: by link, else by entity; each stands in one row only."""
    pairs: dict[str, str] = {}
    for record in bundle.records:
        if not isinstance(record, Link):
            continue
        ends = (record.source.id, record.target.id)
        cuboid, box = ends if ends[0] in cuboids else ends[::-1]
        if cuboid in cuboids and box in boxes and box not in pairs and cuboid not in pairs.values():
            pairs[box] = cuboid
        else:
            losses.add("link", "a row links one box with one cuboid, nothing else")
    by_entity = {
        record.entity: record.id
        for record in cuboids.values()
        if record.entity is not None and record.id not in pairs.values()
    }
    for box_record in boxes.values():
        if box_record.id not in pairs and box_record.entity in by_entity:
            pairs[box_record.id] = by_entity.pop(box_record.entity)
    return pairs


def _row(
    box: Annotation | None,
    cuboid: Annotation | None,
    camera: Stream | None,
    calib: KittiCalib | None,
    names: dict[str, str],
    losses: LossCounter,
    size_px: tuple[int, int] | None = None,
) -> KittiRow | None:
    subject = box or cuboid
    if subject is None:
        return None
    flat = box.region if box is not None and isinstance(box.region, Box) else None
    solid = cuboid.region if cuboid is not None and isinstance(cuboid.region, Cuboid) else None
    hwl_m, bottom, turn = (-1.0, -1.0, -1.0), (-1000.0, -1000.0, -1000.0), -10.0
    if solid is not None:
        if calib is None:
            losses.add("cuboid", "without a calibrated camera a cuboid cannot be placed")
            return None
        hwl_m, bottom, turn, tilt = rectified_of(solid, calib)
        if tilt > TILT_RAD:
            losses.add("tilt of a cuboid", "a label row turns about the camera's y only")
    if flat is not None:
        box_px = (flat.x0_px - 0.5, flat.y0_px - 0.5, flat.x1_px - 0.5, flat.y1_px - 0.5)
    else:
        seen_px = None
        if solid is not None and calib is not None and camera is not None and size_px is not None:
            seen_px = _projected(solid, calib, size_px)
        if seen_px is None:
            losses.add("cuboid", "a row needs a 2D box, and the camera does not see the whole cuboid")
            return None
        box_px = seen_px
    attributes = subject.attributes
    occlusion = {word: number for number, word in OCCLUSION.items()}.get(str(attributes.get("occlusion")), -1)
    label = names.get(subject.class_id, subject.class_id)
    if any(char.isspace() for char in label):
        losses.add("class name", "a class is one word, blanks became _")
        label = "_".join(label.split())
    extra = set(attributes) - {"occlusion", "truncation", "alpha-rad"}
    for _ in extra:
        losses.add("attribute", "a row has occlusion, truncation and alpha only")
    truncation = _number(attributes.get("truncation"), -1.0)
    alpha = _number(attributes.get("alpha-rad"), -10.0)
    if solid is not None:
        seen = _wrapped(turn - math.atan2(bottom[0], bottom[2]))
        alpha = alpha if abs(_wrapped(alpha - seen)) < 0.05 else seen
    return KittiRow(
        line=0,
        label=label,
        truncation=truncation,
        occlusion=occlusion,
        alpha_rad=alpha,
        box_px=box_px,
        hwl_m=hwl_m,
        bottom_rectified_m=bottom,
        rotation_y_rad=turn,
        score=subject.score,
    )


def _projected(
    cuboid: Cuboid, calib: KittiCalib, size_px: tuple[int, int]
) -> tuple[float, float, float, float] | None:
    """The hull of the eight corners within the image, pixel-centre coordinates; None when one is behind or all are out."""
    half = np.asarray(cuboid.size_m) / 2
    signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    corners_velodyne_m = (signs * half) @ matrix_from_wxyz(cuboid.rotation_wxyz).T + np.asarray(
        cuboid.centre_m
    )
    move = calib.camera_from_velodyne
    corners_camera_m = corners_velodyne_m @ move[:3, :3].T + move[:3, 3]
    if float(corners_camera_m[:, 2].min()) < 0.1:
        return None
    pixels = corners_camera_m @ calib.intrinsics_px.T
    pixels = pixels[:, :2] / pixels[:, 2:]
    x0, y0 = (max(0.0, float(value)) for value in pixels.min(axis=0))
    x1, y1 = (
        min(limit - 1.0, float(value)) for limit, value in zip(size_px, pixels.max(axis=0), strict=True)
    )
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def _size(bundle: SampleBundle, camera: Stream | None) -> tuple[int, int] | None:
    for record in bundle.records:
        if isinstance(record, Calibration) and camera is not None and record.stream == camera.id:
            return None if record.camera is None else (record.camera.width_px, record.camera.height_px)
    return None


def _order(annotation: Annotation) -> tuple[int, str]:
    line = annotation.source_id.rpartition(":")[2]
    return (int(line) if line.isascii() and line.isdigit() and len(line) < 10 else 10**9, annotation.id)


def _wrapped(angle_rad: float) -> float:
    return (angle_rad + math.pi) % (2 * math.pi) - math.pi


def _number(value: object, default: float) -> float:
    return float(value) if isinstance(value, int | float) else default
