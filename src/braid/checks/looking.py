"""What a camera sees of a cuboid, at the camera's own time (rule S3): ego motion, object motion, uncertainty."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import numpy as np

from braid.base.errors import BraidError
from braid.checks.frames import camera_of
from braid.checks.tables import Tables
from braid.checks.timing import clock_sigma_ns, instant_ns
from braid.clock.clock_map import to_media
from braid.model import records as m
from braid.model.regions import Cuboid, KeyFrame, Track
from braid.space.pose import Pose, Vec3
from braid.space.projection import Projected, project_cuboid
from braid.space.rotation import slerp
from braid.space.transforms import FrameTree, apply, compose

SPEED_VEHICLE_M_S = 15.0
SPEED_OTHER_M_S = 3.0
"""How fast a thing may move when nothing says how fast it was."""
NEIGHBOUR_NS = 1_000_000_000
"""Other cuboids of the entity within this time say how fast it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A cuboid in a camera: projected is None behind it. tolerance_px: how far time offsets may have moved it."""

    projected: Projected | None
    offset_ns: int
    tolerance_px: float


def pairs_at(
    tables: Tables, solid: m.Annotation, flat: m.Annotation
) -> Iterator[tuple[m.Annotation, m.Annotation]]:
    """The two as shapes at an instant: themselves, or a pair for each key frame of the picture's track."""
    shapes = [flat]
    if isinstance(flat.region, Track):
        shapes = [
            msgspec.structs.replace(flat, region=key.shape, at_ns=key.at_ns)
            for key in flat.region.key_frames
            if key.shape is not None
        ]
    for shape in shapes:
        if isinstance(shape.region, Cuboid):
            continue
        if isinstance(solid.region, Cuboid):
            yield solid, shape
        elif isinstance(solid.region, Track):
            at_ns = _solid_media_ns(tables, solid, shape)
            cuboid = None if at_ns is None else _cuboid_at(solid.region, at_ns)
            if cuboid is not None:
                yield msgspec.structs.replace(solid, region=cuboid, at_ns=at_ns), shape


def look(tables: Tables, tree: FrameTree, solid: m.Annotation, flat: m.Annotation) -> View | None:
    """The cuboid `solid` in the camera of `flat` at the camera's own time; None when that cannot be worked out."""
    stream, solid_stream = tables.streams.get(flat.stream), tables.streams.get(solid.stream)
    cuboid = solid.region
    if stream is None or solid_stream is None or not isinstance(cuboid, Cuboid):
        return None
    calibration = camera_of(tables, stream)
    if calibration is None or calibration.camera is None:
        return None
    solid_ns, camera_ns = instant_ns(tables, solid), instant_ns(tables, flat)
    if solid_ns is None or camera_ns is None:
        solid_ns = camera_ns = solid_ns if solid_ns is not None else camera_ns
    offset_ns = (camera_ns or 0) - (solid_ns or 0)
    velocity = _velocity_m_s(tables, tree, solid, cuboid) if offset_ns else None
    try:
        root = tree.line(cuboid.frame)[-1]
        if velocity is None:
            camera_from_src = tree.dst_from_src(
                calibration.frame, cuboid.frame, at_ns=solid_ns, dst_at_ns=camera_ns
            )
        else:
            x, y, z = (part * offset_ns / 1e9 for part in velocity)
            moved = compose(
                Pose(translation_m=(x, y, z)), tree.dst_from_src(root, cuboid.frame, at_ns=solid_ns)
            )
            camera_from_src = compose(tree.dst_from_src(calibration.frame, root, at_ns=camera_ns), moved)
        projected = project_cuboid(
            calibration.camera,
            camera_from_src,
            centre_m=cuboid.centre_m,
            size_m=cuboid.size_m,
            rotation_wxyz=cuboid.rotation_wxyz,
        )
    except BraidError:
        return None
    speed = SPEED_VEHICLE_M_S if tables.ontology.is_a(solid.class_id, "vehicle") else SPEED_OTHER_M_S
    known = velocity is not None or (
        _ego_known(tree) and solid.attributes.get("motion") in {"stopped", "parked"}
    )
    sigma = math.hypot(
        clock_sigma_ns(tables, stream.id, camera_ns or 0),
        clock_sigma_ns(tables, solid_stream.id, solid_ns or 0),
    )
    unsure_s = (2 * sigma + (0 if known else abs(offset_ns))) / 1e9
    depth = max(projected.depth_m, 1.0) if projected else 1.0
    focal = max(calibration.camera.fx_px, calibration.camera.fy_px)
    return View(projected=projected, offset_ns=offset_ns, tolerance_px=focal / depth * speed * unsure_s)


def _ego_known(tree: FrameTree) -> bool:
    return any(edge.at_ns for edge in tree.edges.values())


def _velocity_m_s(tables: Tables, tree: FrameTree, solid: m.Annotation, cuboid: Cuboid) -> Vec3 | None:
    """In the root of the tree, from the cuboids of the same entity on the same stream nearest before and after."""
    here = instant_ns(tables, solid)
    if here is None or solid.entity is None:
        return None
    places: dict[int, Vec3] = {}
    for other in tables.annotations_of_entity.get(solid.entity, ()):
        at = instant_ns(tables, other)
        same = (
            other.stream == solid.stream and other.layer == solid.layer and isinstance(other.region, Cuboid)
        )
        if same and at is not None and abs(at - here) <= NEIGHBOUR_NS and isinstance(other.region, Cuboid):
            try:
                root_from_src = tree.dst_from_src(tree.line(cuboid.frame)[-1], other.region.frame, at_ns=at)
            except BraidError:
                continue
            x, y, z = (float(part) for part in apply(root_from_src, np.asarray([other.region.centre_m]))[0])
            places[at] = (x, y, z)
    if here not in places or len(places) < 2:
        return None
    first = max((at for at in places if at < here), default=here)
    last = min((at for at in places if at > here), default=here)
    seconds = (last - first) / 1e9
    x, y, z = ((b - a) / seconds for a, b in zip(places[first], places[last], strict=True))
    return (x, y, z)


def _solid_media_ns(tables: Tables, solid: m.Annotation, flat: m.Annotation) -> int | None:
    """The camera's instant in the media time of the cuboid's stream."""
    instant = instant_ns(tables, flat)
    if instant is None:
        return None
    clock = tables.clock_maps.get(solid.stream)
    return to_media(clock.segments, instant) if clock and clock.segments else instant


def _cuboid_at(track: Track, at_ns: int) -> Cuboid | None:
    """The cuboid between the key frames around an instant; None outside of them, or where the thing is absent."""
    before: KeyFrame | None = None
    for key in track.key_frames:
        if key.at_ns == at_ns:
            return key.shape if isinstance(key.shape, Cuboid) else None
        if key.at_ns > at_ns:
            return None if before is None else _between(before, key, at_ns)
        before = key
    return None


def _between(before: KeyFrame, after: KeyFrame, at_ns: int) -> Cuboid | None:
    a, b = before.shape, after.shape
    if not isinstance(a, Cuboid) or not isinstance(b, Cuboid) or a.frame != b.frame:
        return None
    weight = (at_ns - before.at_ns) / (after.at_ns - before.at_ns)
    return Cuboid(
        frame=a.frame,
        centre_m=_mixed(a.centre_m, b.centre_m, weight),
        size_m=_mixed(a.size_m, b.size_m, weight),
        rotation_wxyz=slerp(a.rotation_wxyz, b.rotation_wxyz, weight),
    )


def _mixed(a: Vec3, b: Vec3, weight: float) -> Vec3:
    x, y, z = (one + weight * (other - one) for one, other in zip(a, b, strict=True))
    return (x, y, z)
