"""Calibrations are looked at when they are imported: mistakes are named, good ones raise nothing. Rule S10."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from tests.formats.capture_kit import context_in, read

from braid.formats.classes import with_new_classes
from braid.formats.kitti import Kitti
from braid.formats.nuscenes import Nuscenes
from braid.formats.seam import SampleBundle
from braid.formats.sustechpoints import Sustechpoints
from braid.media.clouds import read_points
from braid.model.records import AnyRecord, Calibration, Ontology
from braid.space.sanity import BODY_FROM_OPENGL, BODY_FROM_OPTICAL
from braid.space.transforms import compose, inverse
from braid.work.calibration_sanity import CODES, CalibrationSanity
from braid.work.importing import import_files
from braid.work.workspace import Workspace, init_project

# camera_from_lidar by rows: the camera stands 0.3 m before the lidar and looks ahead, 2 degrees down.
TILT = math.radians(2)
EXTRINSIC = [
    [0, -1, 0, 0],
    [-math.sin(TILT), 0, -math.cos(TILT), 0.0],
    [math.cos(TILT), 0, -math.sin(TILT), -0.3],
    [0, 0, 0, 1],
]
INTRINSIC = [1000, 0, 400, 0, 1000, 300, 0, 0, 1]


def scene(root: Path, *, extrinsic: Any = None, intrinsic: Any = None) -> Path:
    """Two sweeps of a street with a camera each, in the layout of SUSTechPOINTS."""
    draw = np.random.default_rng(2)
    for part in ("lidar", "camera/front", "calib/camera"):
        (root / part).mkdir(parents=True)
    for name in ("000", "005"):
        reach, about = draw.uniform(3, 50, 3000), draw.uniform(-math.pi, math.pi, 3000)
        height = np.where(draw.random(3000) < 0.6, -1.8, draw.uniform(-1.8, 3, 3000))
        points = np.stack([reach * np.cos(about), reach * np.sin(about), height], axis=1)
        head = (
            "VERSION .7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\n"
            f"WIDTH {len(points)}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS {len(points)}\nDATA ascii\n"
        )
        rows = "\n".join(f"{x:.3f} {y:.3f} {z:.3f}" for x, y, z in points)
        (root / f"lidar/{name}.pcd").write_text(head + rows + "\n")
        Image.new("RGB", (800, 600)).save(root / f"camera/front/{name}.jpg")
    values = EXTRINSIC if extrinsic is None else extrinsic
    document = {
        "extrinsic": np.asarray(values, dtype=float).ravel().tolist(),
        "intrinsic": INTRINSIC if intrinsic is None else intrinsic,
    }
    (root / "calib/camera/front.json").write_text(json.dumps(document))
    return root


def warned(workspace: Workspace, path: Path) -> list[tuple[str, str]]:
    init_project(workspace, name="Drives")
    report = import_files(workspace, project="drives", format_id="sustechpoints", path=path, dry_run=True)
    assert report.accepted.samples == 2
    return [(one.code, one.where) for one in report.warnings if one.code.startswith("W_CALIBRATION")]


def test_S10_a_good_calibration_raises_nothing(workspace: Workspace, tmp_path: Path) -> None:
    assert warned(workspace, scene(tmp_path / "scene")) == []


@pytest.mark.parametrize(
    ("extrinsic", "intrinsic", "code"),
    [
        (np.linalg.inv(np.array(EXTRINSIC)), None, "W_CALIBRATION_DIRECTION"),
        (np.diag([1, -1, -1, 1]) @ np.array(EXTRINSIC), None, "W_CALIBRATION_AXES"),
        (np.eye(4), None, "W_CALIBRATION_AXES"),
        (None, [2000, 0, 800, 0, 2000, 600, 0, 0, 1], "W_CALIBRATION_SIZE"),
        (None, [500, 0, 200, 0, 500, 150, 0, 0, 1], "W_CALIBRATION_SIZE"),
    ],
)
def test_S10_a_mistake_is_named_once_at_its_camera(
    workspace: Workspace, tmp_path: Path, extrinsic: Any, intrinsic: Any, code: str
) -> None:
    """Both sweeps share the camera's file, so there is one warning."""
    found = warned(workspace, scene(tmp_path / "scene", extrinsic=extrinsic, intrinsic=intrinsic))
    assert found == [(code, "sample 000, calibration of front")]


def test_S10_a_camera_that_sees_no_point_is_told_without_a_reason(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Millimetres taken for metres: it stands 300 m ahead of all there is."""
    far = np.array(EXTRINSIC)
    far[2, 3] = -300.0
    found = warned(workspace, scene(tmp_path / "scene", extrinsic=far))
    assert found == [("W_CALIBRATION_POINTS", "sample 000, calibration of front")]


def test_S10_a_mirrored_extrinsic_is_refused_with_its_place(workspace: Workspace, tmp_path: Path) -> None:
    """Determinant -1: no camera stands like that."""
    init_project(workspace, name="Drives")
    mirrored = np.diag([-1, 1, 1, 1]) @ np.array(EXTRINSIC)
    path = scene(tmp_path / "scene", extrinsic=mirrored)
    report = import_files(workspace, project="drives", format_id="sustechpoints", path=path, dry_run=True)
    (refused,) = report.rejected
    assert refused.where == "calib/camera/front.json"
    assert "mirror" in refused.reason


def _undone(calibration: Calibration, change: Callable[[Calibration], Calibration]) -> Calibration:
    return change(calibration) if calibration.camera is not None else calibration


def _rescaled(calibration: Calibration) -> Calibration:
    assert calibration.camera is not None
    k = calibration.camera
    camera = msgspec.structs.replace(
        k, fx_px=k.fx_px * 2, fy_px=k.fy_px * 2, cx_px=k.cx_px * 2, cy_px=k.cy_px * 2
    )
    return msgspec.structs.replace(calibration, camera=camera)


def _misread(calibration: Calibration) -> Calibration:
    w, x, y, z = calibration.parent_from_frame.rotation_wxyz
    pose = msgspec.structs.replace(calibration.parent_from_frame, rotation_wxyz=(x, y, z, w))
    return msgspec.structs.replace(calibration, parent_from_frame=pose)


PLANTED: dict[str, tuple[Callable[[Calibration], Calibration], str]] = {
    "inverse": (
        lambda c: msgspec.structs.replace(c, parent_from_frame=inverse(c.parent_from_frame)),
        "W_CALIBRATION_DIRECTION",
    ),
    "quaternion": (_misread, "W_CALIBRATION_QUATERNION"),
    "opengl": (
        lambda c: msgspec.structs.replace(
            c, parent_from_frame=compose(c.parent_from_frame, inverse(BODY_FROM_OPENGL))
        ),
        "W_CALIBRATION_AXES",
    ),
    "body": (
        lambda c: msgspec.structs.replace(
            c, parent_from_frame=compose(c.parent_from_frame, inverse(BODY_FROM_OPTICAL))
        ),
        "W_CALIBRATION_AXES",
    ),
    "half resolution": (_rescaled, "W_CALIBRATION_SIZE"),
}
REAL: dict[str, tuple[type[Any], str]] = {
    "nuscenes": (Nuscenes, "nuscenes_sample"),
    "kitti": (Kitti, "kitti_object"),
    "sustechpoints": (Sustechpoints, "sustechpoints_seq"),
}


@dataclass(frozen=True, kw_only=True)
class Drive:
    """A data set as it was read, and its points."""

    bundles: tuple[SampleBundle, ...]
    ontology: Ontology
    assets: dict[str, Path]

    def codes(self, change: Callable[[Calibration], Calibration]) -> set[str]:
        sanity = CalibrationSanity(read_points=_points, assets=self.assets)
        found: set[str] = set()
        for bundle in self.bundles:
            records: list[AnyRecord] = [
                _undone(record, change) if isinstance(record, Calibration) else record
                for record in bundle.records
            ]
            found |= {problem.code for problem in sanity.problems(bundle.sample, records, self.ontology)}
        return found


@cache
def _points(path: Path, *, media_type: str = "", name: str = "") -> NDArray[Any]:
    return read_points(path, media_type=media_type, name=name)


@pytest.fixture(scope="module")
def drives(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Drive]:
    found: dict[str, Drive] = {}
    for name, (form, folder) in REAL.items():
        context = context_in(tmp_path_factory.mktemp(name))
        bundles, _, files = read(form(), shared_data / "driving" / folder, context)
        found[name] = Drive(
            bundles=tuple(bundles),
            ontology=with_new_classes(context.ontology, context),
            assets=dict(files.assets),
        )
    return found


@pytest.mark.parametrize("name", sorted(REAL))
def test_S10_real_calibrations_raise_nothing(name: str, drives: dict[str, Drive]) -> None:
    assert drives[name].codes(lambda calibration: calibration) == set()


@pytest.mark.parametrize("mistake", sorted(PLANTED))
@pytest.mark.parametrize("name", sorted(REAL))
def test_S10_mistakes_planted_in_real_calibrations_are_named(
    name: str, mistake: str, drives: dict[str, Drive]
) -> None:
    change, code = PLANTED[mistake]
    assert drives[name].codes(change) == {code}


def test_S10_the_manual_lists_every_warning() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/manual/calibrations.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(W_CALIBRATION_\w+)`", page, re.MULTILINE))
    assert listed == {*CODES.values(), "W_CALIBRATION_POINTS", "W_CALIBRATION_BOXES"}
