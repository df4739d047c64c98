"""Does a camera's calibration make sense? Points of a sweep, the picture's size and usual mistakes tell (rule S10).

Nothing is corrected here: a suspicion names the mistake that would explain what is seen better.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from braid.space import camera as cameras
from braid.space.pose import Camera, Pose
from braid.space.rotation import normalised, rotate
from braid.space.transforms import apply, compose, inverse

BODY_FROM_OPTICAL = Pose(rotation_wxyz=(0.5, -0.5, 0.5, -0.5))
"""Optical axes (x right, y down, z forward) in a body's (x forward, y left, z up)."""
BODY_FROM_OPENGL = Pose(rotation_wxyz=(0.0, 1.0, 0.0, 0.0))
"""Half a turn about x: y up and z backward become y down and z forward."""

LEAST_INSIDE = 0.002
"""Less than this share of a sweep in the picture means: hardly any point lands."""
PLENTY_INSIDE = 0.02
LEVEL_NOW, LEVEL_THEN = 0.7, 0.9
"""A camera whose picture stands less upright than the first is doubted; a mistake that explains it reaches the second."""
FLAT = 0.5
"""A sweep is of a flat world when it is thinner than this share of its width: then up is known."""
NORMAL_CENTRE = (0.62, 1.6)
"""Twice the principal point over the picture's size; outside, in both axes alike, the intrinsics are of another size."""
ALIKE = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """inside: share of points in front and in the picture. upright: 1 when the world's up is up in the picture, -1 when
    it is on its head, about 0 when the picture lies on its side or looks along it; None where up is not known.
    """

    inside: float
    upright: float | None

    @property
    def good(self) -> bool:
        """Nothing to doubt."""
        return self.inside >= LEAST_INSIDE and (self.upright is None or self.upright >= LEVEL_NOW)


def landing(camera: Camera, camera_from_points: Pose, points_m: NDArray[Any], *, up_known: bool) -> Landing:
    """Where points (N, 3) of a sweep fall. up_known: +z of the points' frame is up (see `lies_flat`)."""
    pixels = cameras.project(camera, apply(camera_from_points, points_m))
    with np.errstate(invalid="ignore"):
        inside = (pixels >= 0).all(axis=1)
        inside &= (pixels[:, 0] < camera.width_px) & (pixels[:, 1] < camera.height_px)
    upright = None
    if up_known:
        # Up in the camera's frame: -y when the picture stands upright; along z when it looks straight down or up.
        _, y, _ = rotate(camera_from_points.rotation_wxyz, (0.0, 0.0, 1.0))
        upright = -y
    return Landing(inside=float(inside.mean()) if len(inside) else 0.0, upright=upright)


def lies_flat(points_m: NDArray[Any]) -> bool:
    """Whether z is the thin axis of a sweep (N, 3), as it is when z is up and the world is a street or a room."""
    if len(points_m) == 0:
        return False
    low, high = np.percentile(np.asarray(points_m, dtype=np.float64), [5, 95], axis=0)
    wide = high - low
    return bool(wide[2] < FLAT * min(wide[0], wide[1]))


MISTAKES: Mapping[str, str] = {
    "inverse": "the extrinsic leads the other way (camera and parent are exchanged)",
    "opengl": "its camera has y up and looks along -z (OpenGL), not y down and z forward",
    "body": "its camera frame has x forward and z up (a body's axes), not z forward and y down",
    "quaternion": "its quaternion is stored x, y, z, w and was read as w, x, y, z",
}
"""What would explain a bad landing, and how it is said; of two that do, the earlier is the likelier."""


def as_meant(parent_from_camera: Pose, mistake: str) -> Pose:
    """The pose that was meant, if that mistake was made."""
    match mistake:
        case "inverse":
            return inverse(parent_from_camera)
        case "quaternion":
            x, y, z, w = parent_from_camera.rotation_wxyz
            return msgspec.structs.replace(parent_from_camera, rotation_wxyz=normalised((w, x, y, z)))
        case "opengl":
            return compose(parent_from_camera, BODY_FROM_OPENGL)
        case "body":
            return compose(parent_from_camera, BODY_FROM_OPTICAL)
        case _:
            return parent_from_camera


def explanations(
    camera: Camera, parent_from_camera: Pose, parent_from_points: Pose, points_m: NDArray[Any]
) -> tuple[Landing, dict[str, float]]:
    """How the points land; and if badly, the mistakes that would explain it, each with the share that would land then."""
    up_known = lies_flat(points_m)

    def landed(pose: Pose) -> Landing:
        return landing(camera, compose(inverse(pose), parent_from_points), points_m, up_known=up_known)

    now = landed(parent_from_camera)
    found: dict[str, float] = {}
    if now.good:
        return now, found
    for mistake in MISTAKES:
        then = landed(as_meant(parent_from_camera, mistake))
        level = then.upright is None or then.upright >= LEVEL_THEN
        more = then.inside > (0.3 if up_known else 10.0) * now.inside
        if level and more and then.inside >= PLENTY_INSIDE:
            found[mistake] = then.inside
    return now, found


def meant_size_px(camera: Camera) -> tuple[int, int] | None:
    """The size of picture that the intrinsics seem to be made for, where it is clearly not the camera's own.

    The principal point lies near the middle, so twice it is nearly the size: half or double of it in both axes
    alike gives a picture away that was scaled without its intrinsics.
    """
    wide = 2 * (camera.cx_px + 0.5) / camera.width_px
    high = 2 * (camera.cy_px + 0.5) / camera.height_px
    if min(wide, high) <= 0 or abs(wide / high - 1) > ALIKE:
        return None
    if NORMAL_CENTRE[0] <= wide <= NORMAL_CENTRE[1] or NORMAL_CENTRE[0] <= high <= NORMAL_CENTRE[1]:
        return None
    return round(wide * camera.width_px), round(high * camera.height_px)
