"""A drive made by the tests: a vehicle that turns and brakes, things that stand and move, a camera that can be off.

Cuboid tracks lie in the lidar's frame; camera boxes are drawn where things really are, at the true times of the pictures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from braid.model import records as m
from braid.model.regions import Box, Cuboid, KeyFrame, Track
from braid.ontology.templates import template_ontology
from braid.space.pose import Camera, Pose, Quat, Vec3
from braid.space.projection import project_cuboid
from braid.space.rotation import multiply, normalised, wxyz_from_yaw
from braid.space.transforms import compose, inverse

SECOND = 1_000_000_000
FRAMES = 40
CAMERA = Camera(fx_px=1266.0, fy_px=1266.0, cx_px=799.5, cy_px=449.5, width_px=1600, height_px=900)
UPRIGHT: Quat = (0.5, -0.5, 0.5, -0.5)
"""Camera axes (x right, y down, z forward) to vehicle axes (x forward, y left, z up)."""
EGO_FROM_CAMERA = Pose(rotation_wxyz=UPRIGHT, translation_m=(1.5, 0.1, 1.4))
EGO_FROM_LIDAR = Pose(translation_m=(0.9, 0.0, 1.8))


@dataclass(frozen=True, kw_only=True)
class Thing:
    """Where it starts, its speed along its heading and how fast that turns."""

    name: str
    at_m: tuple[float, float]
    heading_rad: float = 0.0
    speed_m_s: float = 0.0
    turn_rad_s: float = 0.0
    size_m: Vec3 = (4.4, 1.9, 1.5)

    def world(self, t_s: float) -> Pose:
        """world_from_thing."""
        heading = self.heading_rad + self.turn_rad_s * t_s
        along = self.speed_m_s * t_s
        x = self.at_m[0] + along * math.cos(self.heading_rad + self.turn_rad_s * t_s / 2)
        y = self.at_m[1] + along * math.sin(self.heading_rad + self.turn_rad_s * t_s / 2)
        return Pose(rotation_wxyz=wxyz_from_yaw(heading), translation_m=(x, y, self.size_m[2] / 2))


THINGS = (
    Thing(name="parked-1", at_m=(45, 6)),
    Thing(name="parked-2", at_m=(60, -7), heading_rad=0.1),
    Thing(name="parked-3", at_m=(75, 9)),
    Thing(name="oncoming-1", at_m=(95, 4), heading_rad=math.pi, speed_m_s=11),
    Thing(name="oncoming-2", at_m=(120, 4.5), heading_rad=math.pi, speed_m_s=13),
    Thing(name="ahead-1", at_m=(22, 0), speed_m_s=10),
    Thing(name="ahead-2", at_m=(30, -3.5), speed_m_s=12, turn_rad_s=-0.02),
    Thing(name="crossing", at_m=(58, -15), heading_rad=math.pi / 2, speed_m_s=6),
    Thing(name="cyclist", at_m=(28, 6), speed_m_s=5, size_m=(1.8, 0.7, 1.7)),
    Thing(name="walker", at_m=(40, -6), heading_rad=1.2, speed_m_s=1.5, size_m=(0.7, 0.7, 1.75)),
)


def ego(t_s: float) -> Pose:
    """world_from_ego: about 9 m/s, a swing of some degrees, a little braking."""
    x = 9.0 * t_s - 1.2 * math.cos(0.9 * t_s) + 1.2
    y = 0.6 * math.sin(0.8 * t_s)
    return Pose(rotation_wxyz=wxyz_from_yaw(0.06 * math.sin(1.1 * t_s + 0.4)), translation_m=(x, y, 0.0))


def turned_camera(pitch_deg: float, yaw_deg: float, roll_deg: float) -> Pose:
    """ego_from_camera as it really is: turned about its own axes after it was calibrated."""
    x, y, z = (math.radians(part) / 2 for part in (pitch_deg, yaw_deg, roll_deg))
    turn = normalised((1.0, x, y, z))
    return Pose(
        rotation_wxyz=normalised(multiply(EGO_FROM_CAMERA.rotation_wxyz, turn)),
        translation_m=EGO_FROM_CAMERA.translation_m,
    )


def world(
    *,
    clock_ms: float = 0.0,
    pitch_deg: float = 0.0,
    yaw_deg: float = 0.0,
    noise_px: float = 1.5,
    seed: int = 1,
    things: tuple[Thing, ...] = THINGS,
    frames: int = FRAMES,
) -> dict[str, m.AnyRecord]:
    """The sample's records. clock_ms: the pictures are that much later than they say; pitch and yaw as above."""
    draw = np.random.default_rng(seed)
    camera_pose = turned_camera(pitch_deg, yaw_deg, 0.0)
    last_ns = frames * SECOND // 10
    poses = tuple(
        m.TimedPose(at_ns=at_ns, pose=ego(at_ns / SECOND))
        for at_ns in range(-SECOND // 5, last_ns + SECOND // 5, SECOND // 50)
    )
    made: list[m.AnyRecord] = [
        template_ontology("driving", ontology_id="onto"),
        m.Layer(id="layer", name="Ann", actor="ann"),
        m.Sample(id="s1", key="drive-1"),
        m.Stream(
            id="lidar", sample="s1", name="lidar_top", modality=m.Modality.POINT_CLOUD,
            sampling=m.Sampling.SWEEP, frame="lidar",
        ),
        m.Stream(
            id="cam", sample="s1", name="cam_front", modality=m.Modality.IMAGE,
            sampling=m.Sampling.INSTANT, frame="cam",
        ),
        m.Calibration(
            id="cal-lidar", sample="s1", stream="lidar", frame="lidar", parent_frame="ego",
            parent_from_frame=EGO_FROM_LIDAR,
        ),
        m.Calibration(
            id="cal-cam", sample="s1", stream="cam", frame="cam", parent_frame="ego",
            parent_from_frame=EGO_FROM_CAMERA, camera=CAMERA,
        ),
        m.Trajectory(id="ego", sample="s1", frame="ego", parent_frame="world", poses=poses),
    ]  # fmt: skip
    for thing in things:
        boxes: list[KeyFrame] = []
        for frame in range(frames):
            stamp_ns = frame * SECOND // 10 + 37_000_000
            box = _seen(thing, stamp_ns / SECOND + clock_ms / 1e3, camera_pose, draw, noise_px)
            if box is not None and stamp_ns < last_ns - SECOND // 10:
                boxes.append(KeyFrame(at_ns=stamp_ns, shape=box))
        if boxes:
            made += _annotated(thing, frames, tuple(boxes))
    return {record.id: record for record in made}


def _seen(
    thing: Thing, t_s: float, ego_from_camera: Pose, draw: np.random.Generator, noise_px: float
) -> Box | None:
    world_from_camera = compose(ego(t_s), ego_from_camera)
    camera_from_thing = compose(inverse(world_from_camera), thing.world(t_s))
    if camera_from_thing.translation_m[2] < 3:
        return None
    found = project_cuboid(
        CAMERA, camera_from_thing, centre_m=(0, 0, 0), size_m=thing.size_m, rotation_wxyz=(1, 0, 0, 0)
    )
    if found is None or found.visible_px is None:
        return None
    x0, y0, x1, y1 = (float(part) for part in np.asarray(found.visible_px) + draw.normal(0, noise_px, 4))
    return Box(x0_px=x0, y0_px=y0, x1_px=x1, y1_px=y1) if x1 > x0 + 1 and y1 > y0 + 1 else None


def _annotated(thing: Thing, frames: int, boxes: tuple[KeyFrame, ...]) -> list[m.AnyRecord]:
    keys: list[KeyFrame] = []
    for frame in range(frames):
        at_ns = frame * SECOND // 10
        world_from_lidar = compose(ego(at_ns / SECOND), EGO_FROM_LIDAR)
        pose = compose(inverse(world_from_lidar), thing.world(at_ns / SECOND))
        shape = Cuboid(
            frame="lidar", centre_m=pose.translation_m, size_m=thing.size_m, rotation_wxyz=pose.rotation_wxyz
        )
        keys.append(KeyFrame(at_ns=at_ns, shape=shape))
    name = thing.name

    def annotation(record_id: str, stream: str, region: Track) -> m.Annotation:
        return m.Annotation(
            id=record_id, sample="s1", layer="layer", class_id="car", entity=f"e-{name}", stream=stream,
            region=region,
        )  # fmt: skip

    return [
        m.Entity(id=f"e-{name}", sample="s1", layer="layer", class_id="car", name=name),
        annotation(f"solid-{name}", "lidar", Track(key_frames=tuple(keys))),
        annotation(f"flat-{name}", "cam", Track(key_frames=boxes)),
        m.Link(
            id=f"link-{name}",
            sample="s1",
            layer="layer",
            type_id="same-object",
            source=m.End(id=f"solid-{name}", judged="0" * 32),
            target=m.End(id=f"flat-{name}", judged="0" * 32),
        ),
    ]
