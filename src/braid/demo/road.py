"""The driving demo's world: solids on a road, a simulated LiDAR sweep, rendered cameras, a horn and CAN signals.

World axes are those of the ego vehicle at the sweep (REP-103: x forward, y left, z up, metres, ground at z = 0).
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import numpy as np
import soundfile
from numpy.typing import NDArray

from braid.demo.drawing import Canvas, Colour, Rect, shade

Floats = NDArray[np.float64]

LIDAR_HEIGHT_M = 1.8
CAMERA_WIDTH_PX, CAMERA_HEIGHT_PX, FOCAL_PX = 960, 540, 720.0
EGO_SPEED_MPS = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Solid:
    """An upright box: centre, size as length, width, height, heading about z; how it looks and moves."""

    name: str
    label: str
    centre_m: tuple[float, float, float]
    size_m: tuple[float, float, float]
    yaw_rad: float
    colour: Colour
    speed_mps: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraPose:
    """A pinhole camera on the ego vehicle: its heading and place; it fires `offset_ms` before or after the sweep."""

    name: str
    yaw_rad: float
    place_m: tuple[float, float, float]
    offset_ms: int


SOLIDS = (
    Solid(
        name="car-1",
        label="car",
        centre_m=(18.0, 0.2, 0.78),
        size_m=(4.4, 1.85, 1.56),
        yaw_rad=0.02,
        colour=(186, 48, 44),
        speed_mps=5.0,
    ),
    Solid(
        name="van-1",
        label="truck",
        centre_m=(27.0, 4.1, 1.15),
        size_m=(5.6, 2.1, 2.3),
        yaw_rad=3.12,
        colour=(206, 208, 212),
        speed_mps=-7.0,
    ),
    Solid(
        name="person-1",
        label="pedestrian",
        centre_m=(15.0, -4.6, 0.88),
        size_m=(0.6, 0.65, 1.76),
        yaw_rad=1.5,
        colour=(64, 112, 178),
    ),
    Solid(
        name="rider-1",
        label="bicycle",
        centre_m=(22.0, -2.9, 0.87),
        size_m=(1.75, 0.6, 1.74),
        yaw_rad=0.05,
        colour=(214, 150, 46),
        speed_mps=4.0,
    ),
    Solid(
        name="car-2",
        label="car",
        centre_m=(11.5, 6.6, 0.74),
        size_m=(4.1, 1.8, 1.48),
        yaw_rad=1.35,
        colour=(70, 124, 96),
    ),
)
SCENERY = tuple(
    Solid(
        name=f"house-{i}",
        label="",
        centre_m=(8.0 + 13.5 * i, side * 15.0, 4.0),
        size_m=(12.0, 8.0, 8.0),
        yaw_rad=0.0,
        colour=colour,
    )
    for i, (side, colour) in enumerate(
        [
            (1, (150, 128, 112)),
            (-1, (128, 138, 148)),
            (1, (168, 150, 120)),
            (-1, (146, 118, 106)),
            (1, (132, 140, 132)),
            (-1, (160, 148, 134)),
        ]
    )
)
CAMERAS = (
    CameraPose(name="cam_front", yaw_rad=0.0, place_m=(1.6, 0.0, 1.5), offset_ms=-35),
    CameraPose(name="cam_front_left", yaw_rad=0.82, place_m=(1.4, 0.5, 1.5), offset_ms=-12),
)


def corners_m(solid: Solid, *, later_s: float = 0.0) -> Floats:
    """The eight corners, (8, 3) metres in the world; the solid moves along its lane for `later_s`."""
    signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
    local = signs * np.array(solid.size_m) / 2
    cos, sin = np.cos(solid.yaw_rad), np.sin(solid.yaw_rad)
    turned = local @ np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]]).T
    moved = np.array(solid.centre_m) + np.array([solid.speed_mps * later_s, 0.0, 0.0])
    placed: Floats = turned + moved
    return placed


def camera_from_world(camera: CameraPose) -> tuple[Floats, Floats]:
    """Rotation (3, 3) and camera place (3,) in the world when it fires: p_cam = R (p_world - place)."""
    cos, sin = np.cos(camera.yaw_rad), np.sin(camera.yaw_rad)
    forward, left, up = np.array([cos, sin, 0]), np.array([-sin, cos, 0]), np.array([0, 0, 1.0])
    rotation = np.stack([-left, -up, forward])
    ego_m = np.array([EGO_SPEED_MPS * camera.offset_ms / 1000, 0.0, 0.0])
    return rotation, np.array(camera.place_m) + ego_m


def project_px(points_world_m: Floats, camera: CameraPose) -> tuple[Floats, Floats]:
    """(N, 3) world points to (N, 2) pixels (edge coordinates) and (N,) depths in metres."""
    rotation, place = camera_from_world(camera)
    points_cam_m = (points_world_m - place) @ rotation.T
    depth = np.maximum(points_cam_m[:, 2], 0.05)
    x = FOCAL_PX * points_cam_m[:, 0] / depth + CAMERA_WIDTH_PX / 2
    y = FOCAL_PX * points_cam_m[:, 1] / depth + CAMERA_HEIGHT_PX / 2
    return np.stack([x, y], axis=1), points_cam_m[:, 2]


def box_px(solid: Solid, camera: CameraPose) -> Rect | None:
    """The visible rectangle of a solid in a camera; None when it is behind, outside or mostly cut off."""
    pixels, depth = project_px(corners_m(solid, later_s=camera.offset_ms / 1000), camera)
    if depth.min() < 0.5:
        return None
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    x0, y0 = np.maximum(low, 0)
    x1, y1 = np.minimum(high, (CAMERA_WIDTH_PX, CAMERA_HEIGHT_PX))
    if x1 - x0 < 8 or y1 - y0 < 8 or (x1 - x0) * (y1 - y0) < 0.6 * np.prod(high - low):
        return None
    return Rect(x0=float(x0), y0=float(y0), x1=float(x1), y1=float(y1))


def photo(camera: CameraPose) -> bytes:
    """What the camera sees, as a JPEG: painter's algorithm, far faces first, shaded by their normals."""
    canvas = Canvas(CAMERA_WIDTH_PX, CAMERA_HEIGHT_PX, top=(120, 160, 202), bottom=(206, 214, 216))
    _draw_ground(canvas, camera)
    faces: list[tuple[float, list[tuple[float, float]], Colour]] = []
    for solid in (*SCENERY, *SOLIDS):
        faces += _faces(solid, camera)
    for _, outline, colour in sorted(faces, key=lambda face: -face[0]):
        canvas.polygon(outline, colour)
    return canvas.jpeg()


def sweep(seed: int = 7) -> bytes:
    """A LiDAR sweep as KITTI .bin: float32 x, y, z (metres, `lidar` frame: ego axes, origin at the sensor), intensity."""
    random = np.random.default_rng(seed)
    azimuth = np.linspace(-np.pi, np.pi, 1200, endpoint=False)
    elevation = np.deg2rad(np.linspace(-24, 8, 40))
    az, el = (grid.ravel() for grid in np.meshgrid(azimuth, elevation))
    rays = np.stack([np.cos(el) * np.cos(az), np.cos(el) * np.sin(az), np.sin(el)], axis=1)
    origin = np.array([0.0, 0.0, LIDAR_HEIGHT_M])
    with np.errstate(divide="ignore"):
        reach = np.where(rays[:, 2] < -1e-6, -LIDAR_HEIGHT_M / rays[:, 2], np.inf)
    intensity = np.full(len(rays), 0.12)
    for solid in (*SCENERY, *SOLIDS):
        hit = _ray_box(origin, rays, solid)
        nearer = hit < reach
        reach = np.where(nearer, hit, reach)
        intensity = np.where(nearer, 0.35 + 0.5 * (sum(solid.colour) / 765), intensity)
    seen = np.isfinite(reach) & (reach < 70)
    distance = reach[seen] + random.normal(0, 0.015, int(seen.sum()))
    points = rays[seen] * distance[:, None]
    noisy = np.clip(intensity[seen] + random.normal(0, 0.03, len(points)), 0, 1)
    return np.column_stack([points, noisy]).astype("<f4").tobytes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """Sound and signals around the moment: a WAV, a CSV, and when horn and brake happen, in ms of their streams."""

    wav: bytes
    csv: bytes
    horn_ms: tuple[int, int] = field(default=(1620, 2380))
    brake_ms: tuple[int, int] = field(default=(1840, 3200))


def drive(seed: int = 11) -> Drive:
    """Four seconds of street noise with a horn, and speed, brake pressure and steering at 50 Hz."""
    made = Drive(wav=b"", csv=b"")
    random = np.random.default_rng(seed)
    rate, seconds = 16_000, 4.0
    t = np.arange(int(rate * seconds)) / rate
    rumble = np.convolve(random.normal(0, 1, len(t)), np.ones(60) / 60, "same") * 0.35
    horn = sum(np.sin(2 * np.pi * f * t) / k for k, f in enumerate((415.0, 523.0, 830.0, 1046.0), start=1))
    start, end = (ms / 1000 for ms in made.horn_ms)
    gate = np.clip((t - start) / 0.02, 0, 1) * np.clip((end - t) / 0.05, 0, 1)
    out = io.BytesIO()
    soundfile.write(
        out, np.clip(rumble + 0.3 * horn * gate, -0.98, 0.98), rate, format="WAV", subtype="PCM_16"
    )
    return Drive(wav=out.getvalue(), csv=_can_csv(made.brake_ms, random))


def _can_csv(brake_ms: tuple[int, int], random: np.random.Generator) -> bytes:
    start, end = (ms / 1000 for ms in brake_ms)
    rows = ["time_ms,speed_mps,brake_bar,steering_deg"]
    speed = EGO_SPEED_MPS
    for step in range(200):
        t = step * 0.02
        brake = 42 * min(1, max(0, (t - start) / 0.25)) * min(1, max(0, (end - t) / 0.3))
        speed = max(0.0, speed - brake * 0.0021)
        steering = 2.4 * np.sin(t * 1.7) + random.normal(0, 0.12)
        rows.append(
            f"{step * 20},{speed + random.normal(0, 0.02):.3f},{brake + abs(random.normal(0, 0.15)):.2f},{steering:.2f}"
        )
    return ("\n".join(rows) + "\n").encode()


def _ray_box(origin: Floats, rays: Floats, solid: Solid) -> Floats:
    """The distance to a solid along each ray (slab method in the solid's axes); inf where it is missed."""
    cos, sin = np.cos(solid.yaw_rad), np.sin(solid.yaw_rad)
    into = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])
    start, way = into @ (origin - np.array(solid.centre_m)), rays @ into.T
    with np.errstate(divide="ignore", invalid="ignore"):
        near, far = (-np.array(solid.size_m) / 2 - start) / way, (np.array(solid.size_m) / 2 - start) / way
    entry, leave = np.minimum(near, far).max(axis=1), np.maximum(near, far).min(axis=1)
    return np.where((entry < leave) & (entry > 0), entry, np.inf)


_FACES = ((0, 1, 3, 2), (4, 5, 7, 6), (0, 1, 5, 4), (2, 3, 7, 6), (1, 3, 7, 5))
_LIGHT = (0.78, 0.78, 0.9, 0.9, 1.12)


def _faces(solid: Solid, camera: CameraPose) -> list[tuple[float, list[tuple[float, float]], Colour]]:
    corners = corners_m(solid, later_s=camera.offset_ms / 1000)
    pixels, depth = project_px(corners, camera)
    _, place = camera_from_world(camera)
    middle = corners.mean(axis=0)
    faces = []
    for indexes, light in zip(_FACES, _LIGHT, strict=True):
        chosen = list(indexes)
        centre = corners[chosen].mean(axis=0)
        if depth[chosen].min() < 0.3 or np.dot(centre - middle, place - centre) <= 0:
            continue
        distance = float(np.linalg.norm(centre - place))
        faded = shade(solid.colour, light * (1.0 - min(0.35, distance / 200)))
        faces.append((distance, [(float(x), float(y)) for x, y in pixels[chosen]], faded))
        if solid.label in {"car", "truck"} and light != 1.12:
            faces.append((distance - 0.01, _window(pixels[chosen]), (52, 64, 78)))
    return faces


def _window(corners: Floats) -> list[tuple[float, float]]:
    """The upper half of a face, inset: reads as glass."""
    low_a, high_a, high_b, low_b = corners

    def between(a: Floats, b: Floats, t: float) -> Floats:
        return a + (b - a) * t

    left_top, right_top = between(low_a, high_a, 0.9), between(low_b, high_b, 0.9)
    left_mid, right_mid = between(low_a, high_a, 0.55), between(low_b, high_b, 0.55)
    outline = [
        between(left_mid, right_mid, 0.08),
        between(left_top, right_top, 0.16),
        between(left_top, right_top, 0.84),
        between(left_mid, right_mid, 0.92),
    ]
    return [(float(x), float(y)) for x, y in outline]


def _draw_ground(canvas: Canvas, camera: CameraPose) -> None:
    canvas.rect(Rect(x0=0, y0=CAMERA_HEIGHT_PX / 2, x1=CAMERA_WIDTH_PX, y1=CAMERA_HEIGHT_PX), (132, 138, 120))
    _strip(canvas, camera, y=(-6.0, 8.4), x=(0.0, 90.0), colour=(168, 164, 158))
    _strip(canvas, camera, y=(-3.8, 6.4), x=(0.0, 90.0), colour=(84, 86, 92))
    for x in range(2, 80, 6):
        _strip(canvas, camera, y=(1.95, 2.1), x=(x, x + 3.0), colour=(226, 222, 206))


def _strip(
    canvas: Canvas, camera: CameraPose, *, y: tuple[float, float], x: tuple[float, float], colour: Colour
) -> None:
    """A flat rectangle on the ground, cut where it would pass behind the camera."""
    rotation, place = camera_from_world(camera)
    steps = np.linspace(x[0], x[1], 60)
    edge = [np.array([[s, side, 0.0] for s in steps]) for side in y]
    keep = [((points - place) @ rotation.T)[:, 2] > 0.4 for points in edge]
    both = keep[0] & keep[1]
    if both.sum() < 2:
        return
    left, _ = project_px(edge[0][both], camera)
    right, _ = project_px(edge[1][both], camera)
    canvas.polygon([(float(a), float(b)) for a, b in (*left, *right[::-1])], colour)
