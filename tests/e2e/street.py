"""A short drive made by arithmetic: six sweeps, two cameras at times of their own that go on longer, a parked car, a van.

The van is a track with key frames at the first and the last sweep only; the car is there to be drawn. What the cameras
saw is painted with `braid.space`, so that a projection that is right lies on the paint.
"""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from braid.base.hashing import sha256_hex
from braid.model.changes import ChangeSet, Create
from braid.model.records import (
    Annotation,
    AnyRecord,
    Calibration,
    Layer,
    MediaFacts,
    Modality,
    Reading,
    Sample,
    Sampling,
    Stream,
    TimedPose,
    Trajectory,
)
from braid.model.regions import Cuboid, KeyFrame, Track
from braid.space.camera import project
from braid.space.overlap import convex_hull
from braid.space.pose import Camera, Pose, Quat, Vec3
from braid.space.projection import corners_m
from braid.space.transforms import apply, compose, inverse
from braid.work.as_record import as_record
from braid.work.workspace import Workspace, init_project

MS = 1_000_000
SWEEPS = 6
PERIOD_MS = 100
LIDAR_HEIGHT_M = 1.8
SIZE_PX = (640, 400)
EGO_M_PER_S = 10.0
CAR_M: Vec3 = (15.0, 4.0, 0.8)
CAR_YAW_RAD = -0.25
CAR_SIZE_M: Vec3 = (4.4, 1.9, 1.6)
VAN_SIZE_M: Vec3 = (5.2, 2.0, 2.2)
VAN_M_PER_S = 14.0
SLUG, KEY = "drive", "street-01"

_FORWARD: Quat = (0.5, -0.5, 0.5, -0.5)
CAMERAS: dict[str, tuple[Camera, float, int]] = {
    "cam_front": (
        Camera(fx_px=320, fy_px=320, cx_px=319.5, cy_px=199.5, width_px=SIZE_PX[0], height_px=SIZE_PX[1]),
        0.0,
        35,
    ),
    "cam_left": (
        Camera(
            fx_px=240,
            fy_px=240,
            cx_px=319.5,
            cy_px=199.5,
            width_px=SIZE_PX[0],
            height_px=SIZE_PX[1],
            distortion="kannala_brandt",
            coefficients=(-0.01, 0.01, -0.006, 0.001),
        ),
        math.radians(50),
        -20,
    ),
}
"""Each camera, its yaw, and how long after the sweep its picture was taken, ms."""


def yaw_wxyz(yaw_rad: float) -> Quat:
    """A turn about z."""
    return (math.cos(yaw_rad / 2), 0.0, 0.0, math.sin(yaw_rad / 2))


def world_from_ego(at_ms: float) -> Pose:
    """The ego drives along x and turns a little."""
    at_s = at_ms / 1000
    return Pose(rotation_wxyz=yaw_wxyz(0.12 * at_s), translation_m=(EGO_M_PER_S * at_s, 0.0, 0.0))


def ego_from_lidar() -> Pose:
    """On the roof."""
    return Pose(rotation_wxyz=(1.0, 0.0, 0.0, 0.0), translation_m=(0.0, 0.0, LIDAR_HEIGHT_M))


def ego_from_camera(name: str) -> Pose:
    """Behind the windscreen, looking its way."""
    turned = compose(
        Pose(rotation_wxyz=yaw_wxyz(CAMERAS[name][1]), translation_m=(1.5, 0.0, 1.4)),
        Pose(rotation_wxyz=_FORWARD),
    )
    return turned


def van_m(at_ms: float) -> Vec3:
    """The van overtakes on the right."""
    return (9.0 + VAN_M_PER_S * at_ms / 1000, -3.2, VAN_SIZE_M[2] / 2)


def solids(at_ms: float) -> list[tuple[Vec3, Vec3, float]]:
    """Centre, size and yaw of everything, in the world."""
    return [
        (CAR_M, CAR_SIZE_M, CAR_YAW_RAD),
        (van_m(at_ms), VAN_SIZE_M, 0.0),
        ((22.0, -7.0, 3.0), (0.4, 0.4, 6.0), 0.0),
    ]


def sweep(at_ms: float, *, more: int = 0) -> bytes:
    """x, y, z, intensity in `lidar` as float32; `more` further points of a wide plain."""
    world_from_lidar = compose(world_from_ego(at_ms), ego_from_lidar())
    parts = []
    radius = np.geomspace(3, 45, 45)
    around = np.linspace(-math.pi, math.pi, 180, endpoint=False)
    r, a = (grid.ravel() for grid in np.meshgrid(radius, around))
    parts.append(np.stack([r * np.cos(a), r * np.sin(a), np.full(len(r), -LIDAR_HEIGHT_M)], axis=1))
    for centre, size, yaw in solids(at_ms):
        lidar_from_box = compose(
            inverse(world_from_lidar), Pose(rotation_wxyz=yaw_wxyz(yaw), translation_m=centre)
        )
        eye = np.asarray(inverse(lidar_from_box).translation_m)
        for axis in (0, 1):
            side = 1 if eye[axis] > 0 else -1
            if abs(eye[axis]) < size[axis] / 2:
                continue
            other = 1 - axis
            u = np.arange(-size[other] / 2 + 0.03, size[other] / 2, 0.12)
            v = np.arange(-size[2] / 2 + 0.03, size[2] / 2, 0.12)
            grid_u, grid_v = (grid.ravel() for grid in np.meshgrid(u, v))
            local = np.zeros((len(grid_u), 3))
            local[:, axis], local[:, other], local[:, 2] = side * size[axis] / 2, grid_u, grid_v
            parts.append(apply(lidar_from_box, local))
    points = np.concatenate(parts)
    if more:
        random = np.random.default_rng(5)
        flat = random.uniform(-60, 60, (more, 2))
        height = (
            -LIDAR_HEIGHT_M
            + 0.4 * np.sin(flat[:, 0] / 7) * np.cos(flat[:, 1] / 9)
            + 3 * (random.random(more) > 0.8)
        )
        points = np.concatenate([points, np.column_stack([flat, height])])
    return np.column_stack([points, np.full(len(points), 0.4)]).astype("<f4").tobytes()


def picture(name: str, at_ms: float) -> bytes:
    """What the camera sees then: outlines of the solids, painted."""
    camera = CAMERAS[name][0]
    image = Image.new("RGB", SIZE_PX, (96, 106, 118))
    paint = ImageDraw.Draw(image)
    camera_from_world = inverse(compose(world_from_ego(at_ms), ego_from_camera(name)))
    colours = [(214, 120, 90), (230, 220, 120), (120, 170, 200)]
    for (centre, size, yaw), colour in zip(solids(at_ms), colours, strict=True):
        corners = apply(camera_from_world, corners_m(centre, size, yaw_wxyz(yaw)))
        pixels = project(camera, corners) - 0.5
        if (corners[:, 2] > 0.3).all() and np.isfinite(pixels).all():
            paint.polygon([(float(x), float(y)) for x, y in convex_hull(pixels)], fill=colour)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def build(folder: Path, *, more: int = 0) -> None:
    """A workspace with the one project `drive`."""
    with Workspace.open(folder, create=True) as workspace:
        made = init_project(workspace, name="Drive", slug=SLUG, template="driving")
        layer = as_record(next(workspace.store.records(made.id, "layer")).record, Layer).id
        sample = Sample(id=workspace.new_id(), key=KEY)
        records: list[AnyRecord] = [sample]

        def keep(data: bytes) -> str:
            workspace.blobs.put_bytes(data)
            return sha256_hex(data)

        lidar = Stream(
            id=workspace.new_id(),
            sample=sample.id,
            name="lidar",
            modality=Modality.POINT_CLOUD,
            sampling=Sampling.SWEEP,
            media_type="application/x-kitti-bin",
            frame="lidar",
            readings=tuple(
                Reading(
                    at_ns=step * PERIOD_MS * MS,
                    asset=keep(sweep(step * PERIOD_MS, more=more)),
                    name=f"{step:06d}.bin",
                )
                for step in range(SWEEPS)
            ),
        )
        records += [lidar, _mount(workspace, sample, lidar, "lidar", ego_from_lidar(), None)]
        for name, (camera, _, late_ms) in CAMERAS.items():
            stream = Stream(
                id=workspace.new_id(),
                sample=sample.id,
                name=name,
                modality=Modality.IMAGE,
                sampling=Sampling.INSTANT,
                media_type="image/png",
                frame=name,
                facts=MediaFacts(width_px=SIZE_PX[0], height_px=SIZE_PX[1]),
                readings=tuple(
                    Reading(
                        at_ns=(step * PERIOD_MS + late_ms) * MS,
                        asset=keep(picture(name, step * PERIOD_MS + late_ms)),
                        name=f"{step:06d}.png",
                    )
                    for step in range(SWEEPS + 3)
                ),
            )
            records += [stream, _mount(workspace, sample, stream, name, ego_from_camera(name), camera)]
        records.append(
            Trajectory(
                id=workspace.new_id(),
                sample=sample.id,
                frame="ego",
                parent_frame="world",
                poses=tuple(
                    TimedPose(at_ns=at_ms * MS, pose=world_from_ego(at_ms)) for at_ms in range(-50, 900, 25)
                ),
            )
        )
        records.append(
            Annotation(
                id=workspace.new_id(),
                sample=sample.id,
                stream=lidar.id,
                layer=layer,
                class_id="car",
                region=Track(key_frames=tuple(_van_key(step) for step in (0, SWEEPS - 1)), size_locked=True),
            )
        )
        change = ChangeSet(
            id=workspace.new_id(),
            ops=tuple(Create(record=record) for record in records),
            reason="Made by a test",
        )
        (outcome,) = workspace.store.commit(made.id, [change], actor="local").outcomes
        assert not outcome.errors, outcome.errors


def _van_key(step: int) -> KeyFrame:
    at_ms = step * PERIOD_MS
    lidar_from_world = inverse(compose(world_from_ego(at_ms), ego_from_lidar()))
    placed = compose(lidar_from_world, Pose(rotation_wxyz=(1.0, 0.0, 0.0, 0.0), translation_m=van_m(at_ms)))
    shape = Cuboid(
        frame="lidar",
        centre_m=placed.translation_m,
        size_m=VAN_SIZE_M,
        rotation_wxyz=placed.rotation_wxyz,
    )
    return KeyFrame(at_ns=at_ms * MS, index=step, shape=shape)


def _mount(
    workspace: Workspace, sample: Sample, stream: Stream, frame: str, place: Pose, camera: Camera | None
) -> Calibration:
    return Calibration(
        id=workspace.new_id(),
        sample=sample.id,
        stream=stream.id,
        frame=frame,
        parent_frame="ego",
        parent_from_frame=place,
        camera=camera,
    )
