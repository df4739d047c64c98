"""KITTI calibration files: P2 = K [I | t], R0_rect, Tr_velo_to_cam. The fourth column of P2 is the camera's baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from braid.base.errors import InvalidInput
from braid.formats.rigid import Matrix, finite_matrix, rigid
from braid.space.pose import Camera

NEEDED = ("P2", "R0_rect", "Tr_velo_to_cam")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KittiCalib:
    """Two transforms (4, 4), metres, and the intrinsics (3, 3), pixels; `lines` are the file's own numbers by key.

    rectified_from_velodyne leads into the rectified camera 0, where labels are written.
    """

    rectified_from_velodyne: Matrix
    camera_from_rectified: Matrix
    intrinsics_px: Matrix
    lines: dict[str, str]

    @property
    def camera_from_velodyne(self) -> Matrix:
        """Into the optical frame of camera 2."""
        return self.camera_from_rectified @ self.rectified_from_velodyne

    def camera(self, *, width_px: int, height_px: int) -> Camera:
        """Camera 2 without distortion (the images are rectified)."""
        k = self.intrinsics_px
        return Camera(
            fx_px=float(k[0, 0]),
            fy_px=float(k[1, 1]),
            cx_px=float(k[0, 2]),
            cy_px=float(k[1, 2]),
            skew_px=float(k[0, 1]),
            width_px=width_px,
            height_px=height_px,
        )


def parse_calib(text: str, *, where: str) -> KittiCalib:
    """Read `KEY: numbers` lines. Raises InvalidInput when a key is missing, not finite, or P2 is no K [I | t]."""
    lines: dict[str, str] = {}
    for line in text.splitlines():
        key, colon, numbers = line.partition(":")
        if colon and len(key) < 40 and len(numbers) < 1000:
            lines[key.strip()] = " ".join(numbers.split())
    missing = [key for key in NEEDED if key not in lines]
    if missing:
        raise InvalidInput(
            "a calib file lacks lines", where=where, got=", ".join(missing), wanted="all of them"
        )
    projection = finite_matrix(lines["P2"].split(), rows=3, columns=4, where=f"{where}, P2")
    intrinsics = projection[:, :3]
    lower = (intrinsics[1, 0], intrinsics[2, 0], intrinsics[2, 1], intrinsics[2, 2] - 1)
    if max(abs(float(part)) for part in lower) > 1e-9 or min(intrinsics[0, 0], intrinsics[1, 1]) <= 0:
        raise InvalidInput("P2 is not K [I | t]", where=where, wanted="an upper triangular left part")
    rectify = np.eye(4)
    rectify[:3, :3] = finite_matrix(lines["R0_rect"].split(), rows=3, columns=3, where=f"{where}, R0_rect")
    mount = finite_matrix(
        lines["Tr_velo_to_cam"].split(), rows=3, columns=4, where=f"{where}, Tr_velo_to_cam"
    )
    baseline = np.eye(4)
    baseline[:3, 3] = np.linalg.solve(intrinsics, projection[:, 3])
    return KittiCalib(
        rectified_from_velodyne=rigid(rectify, where=f"{where}, R0_rect")
        @ rigid(mount, where=f"{where}, Tr_velo_to_cam"),
        camera_from_rectified=baseline,
        intrinsics_px=intrinsics,
        lines=lines,
    )


def plain_calib(*, camera_from_velodyne: Matrix, camera: Camera) -> KittiCalib:
    """The calib of a camera that came from elsewhere: its own frame is the rectified one, without baseline."""
    k = np.array(
        [
            [camera.fx_px, camera.skew_px, camera.cx_px],
            [0.0, camera.fy_px, camera.cy_px],
            [0.0, 0.0, 1.0],
        ]
    )
    projection = _numbers(np.hstack([k, np.zeros((3, 1))]))
    return KittiCalib(
        rectified_from_velodyne=camera_from_velodyne,
        camera_from_rectified=np.eye(4),
        intrinsics_px=k,
        lines={
            **{f"P{index}": projection for index in range(4)},
            "R0_rect": _numbers(np.eye(3)),
            "Tr_velo_to_cam": _numbers(camera_from_velodyne[:3]),
            "Tr_imu_to_velo": _numbers(np.eye(4)[:3]),
        },
    )


def _numbers(matrix: Matrix) -> str:
    return " ".join(f"{float(value):.12e}" for value in matrix.ravel())
