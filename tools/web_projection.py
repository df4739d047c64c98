"""Writes the golden values that hold the browser's cameras and frames of reference to `braid.space`.

`python tools/web_projection.py` writes `web/src/model/golden_projection.json`; tests/web holds that it is up to date.
"""

from __future__ import annotations

import json
import math
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from braid.base.errors import NotFound
from braid.space.camera import check_camera, project
from braid.space.pose import Camera, Pose, Quat
from braid.space.projection import project_cuboid
from braid.space.rotation import normalised
from braid.space.transforms import Edge, FrameTree

TARGET = Path(__file__).resolve().parent.parent / "web/src/model/golden_projection.json"

_LENSES: dict[str, tuple[str, tuple[float, ...]]] = {
    "pinhole": ("none", ()),
    "brown_4": ("brown_conrady", (-0.28, 0.07, 0.0012, -0.0018)),
    "brown_5": ("brown_conrady", (-0.35, 0.14, 0.0009, 0.0004, -0.026)),
    "brown_8": ("brown_conrady", (0.9, 0.3, 0.0003, -0.0002, 0.02, 1.25, 0.55, 0.07)),
    "fisheye": ("kannala_brandt", (-0.013, 0.021, -0.016, 0.003)),
    "folding_fisheye": ("kannala_brandt", (-0.09, -0.02, 0.0, 0.0)),
    "double_sphere": ("double_sphere", (-0.18, 0.59)),
    "double_sphere_low": ("double_sphere", (0.2, 0.35)),
}


def cameras() -> dict[str, Camera]:
    """One of each lens, 960 x 604, slightly skewed."""
    made = {
        name: Camera(
            fx_px=420.0,
            fy_px=417.5,
            cx_px=481.25,
            cy_px=300.75,
            width_px=960,
            height_px=604,
            skew_px=0.3,
            distortion=distortion,
            coefficients=coefficients or ((0.0,) * 0),
        )
        for name, (distortion, coefficients) in _LENSES.items()
    }
    for name, camera in made.items():
        check_camera(camera, where=name)
    return made


def golden() -> dict[str, Any]:
    """`cameras`, `points`, `cuboids`, `frames`: what was asked, and what `braid.space` answers."""
    made = cameras()
    return {
        "cameras": {name: msgspec.to_builtins(camera) for name, camera in made.items()},
        "points": [entry for name, camera in made.items() for entry in _points(name, camera)],
        "cuboids": [entry for name, camera in made.items() for entry in _cuboids(name, camera)],
        "frames": _frames(),
    }


def _points(name: str, camera: Camera) -> list[dict[str, Any]]:
    places = [
        (math.sin(theta) * math.cos(phi) * 7, math.sin(theta) * math.sin(phi) * 7, math.cos(theta) * 7)
        for theta, phi in product((0.0, 0.21, 0.47, 0.83, 1.17, 1.49, 1.71, 2.2, 2.9), (0.3, 1.9, 3.7, 5.2))
    ]
    pixels = project(camera, np.asarray(places))
    return [
        {
            "camera": name,
            "point_camera_m": list(place),
            "pixel": [float(value) for value in pixel] if np.isfinite(pixel).all() else None,
        }
        for place, pixel in zip(places, pixels, strict=True)
    ]


def _cuboids(name: str, camera: Camera) -> list[dict[str, Any]]:
    # A body's frame (x forward, y left, z up) seen by a camera that looks along x and is tilted a little.
    mount: Quat = normalised((0.51, -0.49, 0.505, -0.495))
    camera_from_body = Pose(rotation_wxyz=mount, translation_m=(0.2, 1.4, -0.3))
    later = Pose(rotation_wxyz=normalised((0.51, -0.492, 0.503, -0.495)), translation_m=(0.2, 1.42, -0.9))
    found = []
    for centre, yaw, rolls in product(
        (
            (12.0, 0.5, 0.8),
            (9.0, 6.5, 0.9),
            (3.2, -2.4, 0.7),
            (0.6, 2.0, 0.8),
            (-8.0, 0.0, 0.5),
            (45.0, -9.0, 1.2),
        ),
        (0.0, 0.7, 2.9),
        (False, True),
    ):
        last_row = later if rolls else None
        cuboid = {
            "centre_m": centre,
            "size_m": (4.4, 1.9, 1.6),
            "rotation_wxyz": normalised((math.cos(yaw / 2), 0.03, -0.02, math.sin(yaw / 2))),
        }
        seen = project_cuboid(
            camera,
            camera_from_body,
            centre_m=centre,
            size_m=(4.4, 1.9, 1.6),
            rotation_wxyz=normalised((math.cos(yaw / 2), 0.03, -0.02, math.sin(yaw / 2))),
            last_row_camera_from_src=last_row,
        )
        found.append(
            {
                "camera": name,
                "cuboid": {key: list(value) for key, value in cuboid.items()},
                "camera_from_frame": msgspec.to_builtins(camera_from_body),
                "last_row_camera_from_frame": msgspec.to_builtins(last_row),
                "projected": None
                if seen is None
                else {
                    "amodal_px": list(seen.amodal_px),
                    "visible_px": None if seen.visible_px is None else list(seen.visible_px),
                    "truncation": seen.truncation,
                    "depth_m": seen.depth_m,
                },
            }
        )
    return found


def _frames() -> dict[str, Any]:
    mounts = {
        "lidar": Pose(rotation_wxyz=normalised((0.7, 0.01, -0.02, 0.71)), translation_m=(0.9, 0.0, 1.84)),
        "camera": Pose(rotation_wxyz=normalised((0.5, -0.5, 0.5, -0.5)), translation_m=(1.7, 0.02, 1.5)),
    }
    drive = [
        (
            step * 80_000_000,
            Pose(
                rotation_wxyz=normalised((1.0, 0.0, 0.01, 0.05 * step)),
                translation_m=(0.7 * step, 0.1 * step * step, 0.0),
            ),
        )
        for step in range(4)
    ]
    drive.append(
        (700_000_000, Pose(rotation_wxyz=normalised((1.0, 0.0, 0.0, 0.3)), translation_m=(6.0, 2.0, 0.1)))
    )
    tree = FrameTree.of(
        [
            *(Edge(frame=name, parent="ego", poses=(pose,)) for name, pose in mounts.items()),
            Edge(
                frame="ego",
                parent="world",
                poses=tuple(pose for _, pose in drive),
                at_ns=tuple(at for at, _ in drive),
            ),
        ]
    )
    asked = []
    for dst, src in (("camera", "lidar"), ("world", "lidar"), ("lidar", "world"), ("lidar", "elsewhere")):
        for src_at_ns, dst_at_ns in (
            (0, 0),
            (33_000_000, 0),
            (100_000_000, 180_000_000),
            (-50_000_000, 10_000_000),
            (-50_000_001, 10_000_000),
            (285_000_000, 160_000_000),
            (400_000_000, 160_000_000),
            (655_000_000, 700_000_000),
            (400_000_000, 400_000_000),
        ):
            try:
                pose = tree.dst_from_src(dst, src, at_ns=src_at_ns, dst_at_ns=dst_at_ns)
            except NotFound:
                pose = None
            asked.append(
                {
                    "dst": dst,
                    "dst_at_ns": dst_at_ns,
                    "src": src,
                    "src_at_ns": src_at_ns,
                    "dst_from_src": msgspec.to_builtins(pose),
                }
            )
    some = {"sample": "s", "id": "i"}
    return {
        "calibrations": [
            {
                "kind": "calibration",
                **some,
                "stream": name,
                "frame": name,
                "parent_frame": "ego",
                "parent_from_frame": msgspec.to_builtins(pose),
            }
            for name, pose in mounts.items()
        ],
        "trajectories": [
            {
                "kind": "trajectory",
                **some,
                "frame": "ego",
                "parent_frame": "world",
                "poses": [{"at_ns": at, "pose": msgspec.to_builtins(pose)} for at, pose in drive],
            }
        ],
        "asked": asked,
    }


def main() -> None:
    """Write the file."""
    TARGET.write_text(json.dumps(golden(), indent=1) + "\n", encoding="utf-8")
    print(TARGET)


if __name__ == "__main__":
    main()
