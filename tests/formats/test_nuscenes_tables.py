"""nuScenes' own tables: tokens, global boxes in the lidar's frame, times of sensors, missing files."""

import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.formats.capture_kit import annotations, context_in, context_of_template, of, read, real

from braid.clock.clock_map import to_timeline
from braid.formats.nuscenes import Nuscenes
from braid.model.records import Calibration, ClockMap, Entity, Stream, Trajectory
from braid.model.regions import Cuboid

HALF = math.sqrt(0.5)
TABLES: dict[str, list[dict[str, Any]]] = {
    "sample": [{"token": "s1", "timestamp": 1_000_000_000}, {"token": "s2", "timestamp": 1_000_500_000}],
    "sensor": [
        {"token": "k1", "channel": "CAM_FRONT", "modality": "camera"},
        {"token": "k2", "channel": "LIDAR_TOP", "modality": "lidar"},
        {"token": "k3", "channel": "RADAR_FRONT", "modality": "radar"},
    ],
    "calibrated_sensor": [
        {
            "token": "c1",
            "sensor_token": "k1",
            "translation": [1.5, 0, 1.2],
            "rotation": [0.5, -0.5, 0.5, -0.5],
            "camera_intrinsic": [[1000, 0, 400], [0, 1000, 300], [0, 0, 1]],
        },
        {"token": "c2", "sensor_token": "k2", "translation": [1, 0, 2], "rotation": [1, 0, 0, 0]},
        {"token": "c3", "sensor_token": "k3", "translation": [0, 0, 0], "rotation": [1, 0, 0, 0]},
    ],
    "ego_pose": [
        {"token": "e1", "translation": [99, 50, 0], "rotation": [1, 0, 0, 0]},
        {"token": "e2", "translation": [100, 50, 0], "rotation": [HALF, 0, 0, HALF]},
    ],
    "sample_data": [
        {"token": f"d{number}", "sample_token": "s1", "is_key_frame": True, **row}
        for number, row in enumerate(
            [
                {
                    "calibrated_sensor_token": "c1",
                    "ego_pose_token": "e1",
                    "timestamp": 999_970_000,
                    "filename": "samples/f.jpg",
                },
                {
                    "calibrated_sensor_token": "c2",
                    "ego_pose_token": "e2",
                    "timestamp": 1_000_000_000,
                    "filename": "samples/l.pcd.bin",
                },
                {
                    "calibrated_sensor_token": "c3",
                    "ego_pose_token": "e2",
                    "timestamp": 1_000_000_000,
                    "filename": "samples/r.pcd",
                },
                {
                    "calibrated_sensor_token": "c2",
                    "ego_pose_token": "e2",
                    "timestamp": 1,
                    "filename": "sweeps/l.pcd.bin",
                    "is_key_frame": False,
                },
            ]
        )
    ],
    "sample_annotation": [
        {
            "token": "b1",
            "sample_token": "s1",
            "instance_token": "i1",
            "translation": [100, 61, 3],
            "size": [2, 4, 1.5],
            "rotation": [HALF, 0, 0, HALF],
            "attribute_tokens": ["t1"],
            "visibility_token": "4",
            "num_lidar_pts": 5,
            "num_radar_pts": -1,
        }
    ],
    "instance": [{"token": "i1", "category_token": "g1"}],
    "category": [{"token": "g1", "name": "vehicle.bus.bendy"}],
    "attribute": [{"token": "t1", "name": "vehicle.moving"}],
    "visibility": [{"token": "4", "level": "v80-100"}],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "nu"
    (folder / "v1.0-mini").mkdir(parents=True)
    (folder / "samples").mkdir()
    np.zeros((2, 5), dtype="<f4").tofile(folder / "samples/l.pcd.bin")
    Image.new("RGB", (800, 600)).save(folder / "samples/f.jpg")
    write(folder, TABLES)
    return folder


def write(folder: Path, tables: dict[str, Any]) -> None:
    for name, rows in tables.items():
        (folder / f"v1.0-mini/{name}.json").write_text(json.dumps(rows))


def test_a_key_frame_has_sensors_at_their_times_and_boxes_in_the_lidar(root: Path, tmp_path: Path) -> None:
    (bundle,), problems, _ = read(Nuscenes(), root, context_of_template(tmp_path / "s", "driving"))
    assert [(item.code, item.rejected) for item in problems] == [
        ("unknown_sensor", False),
        ("bad_sample", True),
    ]
    camera, lidar = of(bundle, Stream)
    assert (camera.name, lidar.name, bundle.sample.epoch_ns) == ("CAM_FRONT", "LIDAR_TOP", "1000000000000")
    (clock,) = of(bundle, ClockMap)
    assert (clock.stream, to_timeline(clock.segments, 0)) == (camera.id, -30_000_000)
    (trajectory,) = of(bundle, Trajectory)
    assert [(pose.at_ns, pose.pose.translation_m) for pose in trajectory.poses] == [
        (-30_000_000, (99, 50, 0)),
        (0, (100, 50, 0)),
    ]
    assert {item.frame: item.parent_frame for item in of(bundle, Calibration)} == {
        "CAM_FRONT": "ego",
        "LIDAR_TOP": "ego",
    }
    (cuboid,) = annotations(bundle)
    assert isinstance(cuboid.region, Cuboid)
    # the ego faces +y of the world at (100, 50); the lidar sits 1 m ahead and 2 m up; the box is 11 m ahead, 3 m up
    assert cuboid.region.centre_m == pytest.approx((10, 0, 1))
    assert cuboid.region.size_m == (4.0, 2.0, 1.5)
    assert cuboid.region.rotation_wxyz == pytest.approx((1, 0, 0, 0))
    assert cuboid.class_id == "bus-bendy"
    assert cuboid.attributes == {
        "nuscenes-state": "vehicle.moving",
        "visibility": "v80-100",
        "num-lidar-pts": 5,
    }
    assert [entity.source_id for entity in of(bundle, Entity)] == ["i1"]


@pytest.mark.parametrize(
    ("table", "row", "field", "value", "code"),
    [
        ("sample_annotation", 0, "rotation", [2, 0, 0, 0], "bad_box"),
        ("sample_annotation", 0, "size", [0, 1, 1], "bad_box"),
        ("sample_annotation", 0, "instance_token", "gone", "bad_box"),
        ("sample_data", 0, "filename", "../../secret.jpg", "missing_file"),
        ("sample_data", 1, "filename", "gone.bin", "no_sweep"),
        ("sample_data", 0, "ego_pose_token", "gone", "bad_sample"),
        ("calibrated_sensor", 0, "camera_intrinsic", [], "bad_sample"),
    ],
)
def test_what_does_not_fit_is_told(
    root: Path, tmp_path: Path, table: str, row: int, field: str, value: Any, code: str
) -> None:
    Image.new("RGB", (8, 6)).save(tmp_path / "secret.jpg")
    tables = json.loads(json.dumps(TABLES))
    tables["sample"].pop()
    tables[table][row][field] = value
    write(root, tables)
    bundles, problems, _ = read(Nuscenes(), root, context_in(tmp_path / "s"))
    assert code in [item.code for item in problems]
    assert len(bundles) == (0 if code == "bad_sample" else 1)


def test_real_tables_resolve_and_say_that_their_sensor_files_are_missing(tmp_path: Path) -> None:
    bundles, problems, _ = read(Nuscenes(), real("formats/nuscenes_schema_lyft"), context_in(tmp_path / "s"))
    assert bundles == []
    assert {item.code for item in problems} == {"missing_file", "bad_sample"}


def test_real_tables_place_their_boxes_with_sensor_files_in_place(tmp_path: Path) -> None:
    folder = tmp_path / "lyft"
    shutil.copytree(real("formats/nuscenes_schema_lyft"), folder)
    rows = json.loads((folder / "sample_data.json").read_text())
    for row in rows:
        path = folder / row["filename"]
        path.parent.mkdir(exist_ok=True)
        if path.suffix == ".jpeg":
            Image.new("RGB", (row["width"], row["height"])).save(path)
        else:
            path.write_bytes(bytes(20))
    (bundle,), problems, _ = read(Nuscenes(), folder, context_in(tmp_path / "s"))
    assert problems == []
    boxes = json.loads((folder / "sample_annotation.json").read_text())
    assert [item.source_id for item in annotations(bundle)] == [box["token"] for box in boxes]
    assert len(of(bundle, Stream)) == len([row for row in rows if row["is_key_frame"]])
    ego = np.array(json.loads((folder / "ego_pose.json").read_text())[0]["translation"])
    for item, box in zip(annotations(bundle), boxes, strict=True):
        assert isinstance(item.region, Cuboid)
        from_ego_m = float(np.linalg.norm(np.array(box["translation"]) - ego))
        assert float(np.linalg.norm(item.region.centre_m)) == pytest.approx(from_ego_m, abs=4)
