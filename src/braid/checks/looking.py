"""What a camera sees of a cuboid, at the camera's own time (rules S3 and S9): ego motion, object motion, uncertainty."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from braid.base.errors import BraidError
from braid.checks.frames import camera_of
from braid.checks.motion import Movement, cuboid_at, movement_of
from braid.checks.shutter import row_times_ns
from braid.checks.tables import Tables
from braid.checks.timing import clock_sigma_ns, instant_ns, media_of
from braid.model import records as m
from braid.model.regions import Cuboid, Track
from braid.space.pose import IDENTITY_WXYZ, Camera, Pose, Vec3
from braid.space.projection import Projected, project_cuboid
from braid.space.transforms import FrameTree, compose
from braid.tracks.shapes import pose_of

SPEED_VEHICLE_M_S = 15.0
SPEED_OTHER_M_S = 3.0
"""How fast a thing may move when nothing says how fast it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A cuboid in a camera: projected is None behind it. tolerance_px: how far time offsets may have moved it."""

    projected: Projected | None
    offset_ns: int
    tolerance_px: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sightline:
    """A cuboid and the camera that looks at it. solid_ns, camera_ns: timeline instants of the cuboid and the picture.

    rows_ns: when the first and the last row saw the light.
    """

    tree: FrameTree
    camera: Camera
    camera_frame: str
    cuboid: Cuboid
    movement: Movement
    solid_ns: int
    camera_ns: int
    rows_ns: tuple[int, int]

    @property
    def size_m(self) -> Vec3:
        """Length, width, height."""
        return self.cuboid.size_m

    def camera_from_cuboid(self, at_ns: int) -> Pose:
        """Where the cuboid stands before the camera at an instant. Raises NotFound where that is not known."""
        if at_ns == self.solid_ns or not self.movement.known:
            frames = (self.camera_frame, self.cuboid.frame)
            camera_from_src = self.tree.dst_from_src(*frames, at_ns=self.solid_ns, dst_at_ns=at_ns)
            return compose(camera_from_src, pose_of(self.cuboid))
        root = self.tree.line(self.camera_frame)[-1]
        camera_from_root = self.tree.dst_from_src(self.camera_frame, root, at_ns=at_ns)
        return compose(camera_from_root, self.movement.root_from_cuboid(at_ns))

    def projected(self) -> Projected | None:
        """In the picture; None when all of it is behind the camera. Raises NotFound where a pose is missing."""
        first_ns, last_ns = self.rows_ns
        return project_cuboid(
            self.camera,
            self.camera_from_cuboid(first_ns),
            centre_m=(0.0, 0.0, 0.0),
            size_m=self.size_m,
            rotation_wxyz=IDENTITY_WXYZ,
            last_row_camera_from_src=None if first_ns == last_ns else self.camera_from_cuboid(last_ns),
        )


def pairs_at(
    tables: Tables, tree: FrameTree | None, solid: m.Annotation, flat: m.Annotation
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
            at_ns = instant_ns(tables, shape)
            cuboid = None if at_ns is None else cuboid_at(tables, tree, solid, at_ns)
            if cuboid is not None:
                media_ns = media_of(tables, solid.stream, at_ns or 0)
                yield msgspec.structs.replace(solid, region=cuboid, at_ns=media_ns), shape


def sightline(tables: Tables, tree: FrameTree, solid: m.Annotation, flat: m.Annotation) -> Sightline | None:
    """From the camera of `flat` to the cuboid `solid`; None when one of them, or its camera, is not there."""
    stream, cuboid = tables.streams.get(flat.stream), solid.region
    if stream is None or solid.stream not in tables.streams or not isinstance(cuboid, Cuboid):
        return None
    calibration = camera_of(tables, stream)
    if calibration is None or calibration.camera is None:
        return None
    solid_ns, camera_ns = instant_ns(tables, solid), instant_ns(tables, flat)
    if solid_ns is None or camera_ns is None:
        solid_ns = camera_ns = solid_ns if solid_ns is not None else camera_ns
    here_ns, there_ns = solid_ns or 0, camera_ns or 0
    return Sightline(
        tree=tree,
        camera=calibration.camera,
        camera_frame=calibration.frame,
        cuboid=cuboid,
        movement=movement_of(tables, tree, solid, cuboid, here_ns),
        solid_ns=here_ns,
        camera_ns=there_ns,
        rows_ns=row_times_ns(stream.timing, there_ns),
    )


def look(tables: Tables, tree: FrameTree, solid: m.Annotation, flat: m.Annotation) -> View | None:
    """The cuboid `solid` in the camera of `flat` at the camera's own time; None when that cannot be worked out."""
    line = sightline(tables, tree, solid, flat)
    if line is None:
        return None
    try:
        projected = line.projected()
    except BraidError:
        return None
    offset_ns = line.camera_ns - line.solid_ns
    speed = SPEED_VEHICLE_M_S if tables.ontology.is_a(solid.class_id, "vehicle") else SPEED_OTHER_M_S
    known = line.movement.known or (
        _ego_known(tree) and solid.attributes.get("motion") in {"stopped", "parked"}
    )
    sigma = math.hypot(
        clock_sigma_ns(tables, flat.stream, line.camera_ns),
        clock_sigma_ns(tables, solid.stream, line.solid_ns),
    )
    unsure_s = (2 * sigma + (0 if known else abs(offset_ns))) / 1e9
    depth = max(projected.depth_m, 1.0) if projected else 1.0
    focal = max(line.camera.fx_px, line.camera.fy_px)
    return View(projected=projected, offset_ns=offset_ns, tolerance_px=focal / depth * speed * unsure_s)


def _ego_known(tree: FrameTree) -> bool:
    return any(edge.at_ns for edge in tree.edges.values())
