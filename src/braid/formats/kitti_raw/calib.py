"""The three calibration files of a KITTI recording day: imu to velodyne, velodyne to camera 0, camera 0 to the others.

Pictures of `_sync` drives are rectified, those of `_extract` drives are not. Source: the data set's development kit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from braid.base.errors import InvalidInput
from braid.formats.rigid import Matrix, finite_matrix, inverse, rigid
from braid.formats.seam import Problem, Sources
from braid.space.pose import Camera

FILES = ("calib_imu_to_velo.txt", "calib_velo_to_cam.txt", "calib_cam_to_cam.txt")


@dataclass(slots=True, kw_only=True)
class Mounts:
    """What the files say; empty parts are not known. All transforms (4, 4), metres."""

    imu_from_velodyne: Matrix | None = None
    velodyne_from_camera: dict[str, Matrix] = field(default_factory=dict)
    cameras: dict[str, Camera] = field(default_factory=dict)


def read_mounts(
    files: Sources, folder: Path, *, cameras: Iterable[str], rectified: bool
) -> Iterator[Problem | Mounts]:
    """Problems, and last the mounts of some cameras ("02"). The files lie in the drive's folder or, as KITTI packs them, in the one above."""
    said: dict[str, dict[str, str]] = {}
    mounts = Mounts()
    for name in FILES:
        path = next((place / name for place in (folder, folder.parent) if _inside(files, place / name)), None)
        if path is None:
            yield Problem(
                where=name, code="no_calibration", message="the calibration file is not here", rejected=False
            )
        else:
            said[name] = _lines(files, path)
    imu, velo, cam = (said.get(name) for name in FILES)
    if imu is not None:
        try:
            mounts.imu_from_velodyne = inverse(_motion(imu, "R", "T", FILES[0]))
        except InvalidInput as error:
            yield _bad(FILES[0], error)
    if velo is None or cam is None:
        yield mounts
        return
    for camera in cameras:
        try:
            camera_from_velodyne = _to_camera(cam, camera, rectified=rectified) @ _motion(
                velo, "R", "T", FILES[1]
            )
            mounts.cameras[camera] = _lens(cam, camera, rectified=rectified)
            mounts.velodyne_from_camera[camera] = inverse(camera_from_velodyne)
        except InvalidInput as error:
            yield _bad(f"{FILES[2]}, camera {camera}", error)
    yield mounts


def _inside(files: Sources, path: Path) -> bool:
    return path.is_file() and path.resolve().is_relative_to(files.base)


def _lines(files: Sources, path: Path) -> dict[str, str]:
    text = files.read(path, limit=2**20).decode("latin-1")
    return {
        key.strip(): rest for key, colon, rest in (line.partition(":") for line in text.splitlines()) if colon
    }


def _numbers(lines: dict[str, str], key: str, rows: int, columns: int, where: str) -> Matrix:
    if key not in lines:
        raise InvalidInput("a calibration line is missing", where=where, wanted=key)
    return finite_matrix(lines[key].split(), rows=rows, columns=columns, where=f"{where}, {key}")


def _motion(lines: dict[str, str], turn: str, shift: str, where: str) -> Matrix:
    move = np.hstack([_numbers(lines, turn, 3, 3, where), _numbers(lines, shift, 3, 1, where)])
    return rigid(move, where=where)


def _to_camera(lines: dict[str, str], camera: str, *, rectified: bool) -> Matrix:
    """camera_from_camera0, where camera 0 is the one that the velodyne is mounted against (not rectified)."""
    if not rectified:
        return _motion(lines, f"R_{camera}", f"T_{camera}", FILES[2])
    turn = np.eye(4)
    turn[:3, :3] = _numbers(lines, "R_rect_00", 3, 3, FILES[2])
    projection = _numbers(lines, f"P_rect_{camera}", 3, 4, FILES[2])
    baseline = np.eye(4)
    try:
        baseline[:3, 3] = np.linalg.solve(projection[:, :3], projection[:, 3])
    except np.linalg.LinAlgError as error:
        raise InvalidInput("a projection has no inverse", where=FILES[2], got=f"P_rect_{camera}") from error
    return baseline @ rigid(turn, where=f"{FILES[2]}, R_rect_00")


def _lens(lines: dict[str, str], camera: str, *, rectified: bool) -> Camera:
    coefficients: tuple[float, ...] = ()
    if rectified:
        k = _numbers(lines, f"P_rect_{camera}", 3, 4, FILES[2])[:, :3]
        size = _numbers(lines, f"S_rect_{camera}", 1, 2, FILES[2])[0]
    else:
        k = _numbers(lines, f"K_{camera}", 3, 3, FILES[2])
        coefficients = tuple(float(part) for part in _numbers(lines, f"D_{camera}", 1, 5, FILES[2])[0])
        size = _numbers(lines, f"S_{camera}", 1, 2, FILES[2])[0]
    if min(k[0, 0], k[1, 1], size[0], size[1]) <= 0:
        raise InvalidInput("a camera has no focal length or size", where=f"{FILES[2]}, camera {camera}")
    return Camera(
        fx_px=float(k[0, 0]),
        fy_px=float(k[1, 1]),
        cx_px=float(k[0, 2]),
        cy_px=float(k[1, 2]),
        skew_px=float(k[0, 1]),
        width_px=round(float(size[0])),
        height_px=round(float(size[1])),
        distortion="brown_conrady" if coefficients else "none",
        coefficients=coefficients,
    )


def _bad(where: str, error: InvalidInput) -> Problem:
    return Problem(where=where, code="bad_calibration", message=error.letter(), rejected=True)
