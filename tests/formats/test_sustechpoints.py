"""SUSTechPOINTS scenes: sweeps, cameras, tilted boxes, ids."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.formats.capture_kit import annotations, context_in, of, read, real

from braid.base.errors import InvalidInput
from braid.formats.sustechpoints import Sustechpoints
from braid.model.records import Calibration, Entity, Modality, Stream
from braid.model.regions import Cuboid
from braid.space.rotation import matrix_from_wxyz

CAMERA = {
    "extrinsic": [0, -1, 0, 0.1, 0, 0, -1, 0.2, 1, 0, 0, 0.3, 0, 0, 0, 1],
    "intrinsic": [1000, 0, 400, 0, 1100, 300, 0, 0, 1],
}


def box(identity: Any, **rotation: float) -> dict[str, Any]:
    return {
        "psr": {
            "position": {"x": 1, "y": 2, "z": 3},
            "scale": {"x": 4, "y": 2, "z": 1.5},
            "rotation": {"x": 0, "y": 0, "z": 0, **rotation},
        },
        "obj_type": "Car",
        "obj_id": identity,
    }


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    root = tmp_path / "scene"
    for part in ("lidar", "camera/front", "calib/camera", "label"):
        (root / part).mkdir(parents=True)
    for name in ("000", "005"):
        (root / f"lidar/{name}.pcd").write_bytes(f"# .PCD {name}".encode())
        Image.new("RGB", (800, 600)).save(root / f"camera/front/{name}.jpg")
    (root / "calib/camera/front.json").write_text(json.dumps(CAMERA))
    (root / "label/000.json").write_text(json.dumps([box("4"), box(5, x=0.1, z=math.pi / 2)]))
    return root


def test_each_sweep_is_a_sample_with_cameras_in_the_lidars_frame(scene: Path, tmp_path: Path) -> None:
    bundles, problems, _ = read(Sustechpoints(), scene, context_in(tmp_path / "s"))
    assert problems == []
    assert [bundle.sample.key for bundle in bundles] == ["000", "005"]
    lidar, front = of(bundles[0], Stream)
    assert (lidar.modality, front.modality, front.name) == (Modality.POINT_CLOUD, Modality.IMAGE, "front")
    (calibration,) = of(bundles[0], Calibration)
    assert (calibration.frame, calibration.parent_frame) == ("front", "lidar")
    # the camera's centre: minus the turned translation of camera_from_lidar
    assert calibration.parent_from_frame.translation_m == pytest.approx((-0.3, 0.1, 0.2))
    assert (calibration.camera.fy_px, calibration.camera.cx_px, calibration.camera.height_px) == (
        1100,
        400,
        600,
    )


def test_rotations_turn_about_z_first_then_tilt(scene: Path, tmp_path: Path) -> None:
    bundles, _, _ = read(Sustechpoints(), scene, context_in(tmp_path / "s"))
    first, second = annotations(bundles[0])
    assert isinstance(first.region, Cuboid)
    assert isinstance(second.region, Cuboid)
    assert first.region.centre_m == (1.0, 2.0, 3.0)
    assert first.region.size_m == (4.0, 2.0, 1.5)
    assert first.region.rotation_wxyz == (1.0, 0.0, 0.0, 0.0)
    forward = matrix_from_wxyz(second.region.rotation_wxyz) @ np.array([1.0, 0, 0])
    assert forward.tolist() == pytest.approx([0, math.cos(0.1), math.sin(0.1)])
    assert [entity.source_id for entity in of(bundles[0], Entity)] == ["4", "5"]
    assert annotations(bundles[1]) == []


@pytest.mark.parametrize(
    ("label", "codes", "count"),
    [
        ([box("4"), box("4")], ["duplicate_id"], 2),
        ([box("4", z=math.inf), box("5")], ["bad_box"], 1),
        ([{"obj_type": "Car"}, box("5")], ["bad_box"], 1),
        (["car", box("5")], ["bad_box"], 1),
        ({"objs": [box("4")]}, [], 1),
        ({"frame": 1}, ["bad_label"], 0),
    ],
)
def test_bad_boxes_are_told_and_the_rest_kept(
    scene: Path, tmp_path: Path, label: Any, codes: list[str], count: int
) -> None:
    (scene / "label/000.json").write_text(json.dumps(label))
    bundles, problems, _ = read(Sustechpoints(), scene, context_in(tmp_path / "s"))
    assert [item.code for item in problems] == codes
    assert len(annotations(bundles[0])) == count


def test_a_bad_calibration_leaves_the_camera_uncalibrated(scene: Path, tmp_path: Path) -> None:
    (scene / "calib/camera/front.json").write_text(json.dumps({**CAMERA, "extrinsic": [1, 2, 3]}))
    bundles, problems, _ = read(Sustechpoints(), scene, context_in(tmp_path / "s"))
    assert [item.code for item in problems] == ["bad_calibration", "no_calibration", "no_calibration"]
    assert [len(of(bundle, Stream)) for bundle in bundles] == [2, 2]


def test_scenes_below_the_folder_keep_their_names(scene: Path, tmp_path: Path) -> None:
    bundles, _, _ = read(Sustechpoints(), scene.parent, context_in(tmp_path / "s"))
    assert [bundle.sample.key for bundle in bundles] == ["scene/000", "scene/005"]
    with pytest.raises(InvalidInput, match="no SUSTechPOINTS scene"):
        read(Sustechpoints(), scene / "label", context_in(tmp_path / "t"))


def test_the_real_sequence(tmp_path: Path) -> None:
    root = real("driving/sustechpoints_seq")
    bundles, problems, _ = read(Sustechpoints(), root, context_in(tmp_path / "s"))
    assert problems == []
    assert [(bundle.sample.key, len(annotations(bundle))) for bundle in bundles] == [
        ("000965", 21),
        ("000970", 23),
    ]
    for bundle in bundles:
        assert len(of(bundle, Calibration)) == 3
        labels = json.loads((root / f"label/{bundle.sample.key}.json").read_text())
        assert [item.source_id for item in annotations(bundle)] == [label["obj_id"] for label in labels]
    shared = {entity.source_id for entity in of(bundles[0], Entity)} & {
        entity.source_id for entity in of(bundles[1], Entity)
    }
    assert {"4", "8", "5"} <= shared
