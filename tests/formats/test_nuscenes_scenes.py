"""nuScenes scenes as one sample: every reading at its time, radars, tracks with gaps, broken rows."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.formats.capture_kit import annotations, context_in, of, read, real

from braid.base.errors import InvalidInput
from braid.formats.nuscenes import Nuscenes
from braid.formats.options import check_options
from braid.model.records import Calibration, Stream, Trajectory
from braid.model.regions import Cuboid, Track

START_US = 1_532_402_927_000_000
PCD = "VERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 1\nHEIGHT 1\nPOINTS 1\nDATA ascii\n1 2 3\n"


def tables() -> dict[str, list[dict[str, Any]]]:
    """Four key frames 0.5 s apart with sweeps between; the ego drives 10 m/s along x; a car stands at x = 60 m."""
    keys = range(4)
    data: list[dict[str, Any]] = []
    for number in range(8):
        at_us = START_US + number * 250_000
        for mount, name in (("c1", "f.jpg"), ("c2", "l.pcd.bin"), ("c3", "r.pcd")):
            data.append(
                {
                    "token": f"{mount}-{number}",
                    "sample_token": f"s{number // 2}",
                    "is_key_frame": number % 2 == 0,
                    "calibrated_sensor_token": mount,
                    "ego_pose_token": f"e{number}",
                    "timestamp": at_us - (12_000 if mount == "c1" else 0),
                    "filename": f"samples/{name}",
                }
            )
    mounts = [("c1", "k1", [0.5, -0.5, 0.5, -0.5]), ("c2", "k2", [1, 0, 0, 0]), ("c3", "k3", [1, 0, 0, 0])]
    return {
        "scene": [{"token": "scene1", "name": "scene-0061"}],
        "sample": [
            {"token": f"s{key}", "scene_token": "scene1", "timestamp": START_US + key * 500_000}
            for key in keys
        ],
        "sensor": [
            {"token": "k1", "channel": "CAM_FRONT", "modality": "camera"},
            {"token": "k2", "channel": "LIDAR_TOP", "modality": "lidar"},
            {"token": "k3", "channel": "RADAR_FRONT", "modality": "radar"},
        ],
        "calibrated_sensor": [
            {
                "token": token,
                "sensor_token": sensor,
                "translation": [0, 0, 2],
                "rotation": rotation,
                "camera_intrinsic": [[1000, 0, 400], [0, 1000, 300], [0, 0, 1]] if sensor == "k1" else [],
            }
            for token, sensor, rotation in mounts
        ],
        "ego_pose": [
            {"token": f"e{number}", "translation": [2.5 * number, 0, 0], "rotation": [1, 0, 0, 0]}
            for number in range(8)
        ],
        "sample_data": data,
        "sample_annotation": [
            {
                "token": f"b{key}",
                "sample_token": f"s{key}",
                "instance_token": "i1",
                "translation": [60, 3, 1],
                "size": [2, 4, 1.5],
                "rotation": [1, 0, 0, 0],
            }
            for key in (0, 1, 3)
        ],
        "instance": [{"token": "i1", "category_token": "g1"}],
        "category": [{"token": "g1", "name": "vehicle.car"}],
    }


def scene(folder: Path, rows: dict[str, Any]) -> Path:
    (folder / "v1.0-mini").mkdir(parents=True)
    (folder / "samples").mkdir()
    np.zeros((2, 5), dtype="<f4").tofile(folder / "samples/l.pcd.bin")
    (folder / "samples/r.pcd").write_text(PCD)
    Image.new("RGB", (800, 600)).save(folder / "samples/f.jpg")
    for name, table in rows.items():
        (folder / f"v1.0-mini/{name}.json").write_text(json.dumps(table))
    return folder


def test_a_scene_has_every_reading_at_its_time(tmp_path: Path) -> None:
    root = scene(tmp_path / "nu", tables())
    (bundle,), problems, _ = read(Nuscenes(), root, context_in(tmp_path / "s", samples="scenes"))
    assert problems == []
    assert bundle.sample.key == "scene-0061"
    assert bundle.sample.epoch_ns == str((START_US - 12_000) * 1000)
    streams = {stream.name: stream for stream in of(bundle, Stream)}
    assert {name: len(stream.readings) for name, stream in streams.items()} == {
        "CAM_FRONT": 8,
        "LIDAR_TOP": 8,
        "RADAR_FRONT": 8,
    }
    assert [reading.at_ns for reading in streams["CAM_FRONT"].readings][:3] == [0, 250_000_000, 500_000_000]
    assert streams["LIDAR_TOP"].readings[0].at_ns == 12_000_000
    assert streams["LIDAR_TOP"].timing.period_ns == 250_000_000
    assert len(of(bundle, Calibration)) == 3
    (trajectory,) = of(bundle, Trajectory)
    assert len(trajectory.poses) == 16


def test_a_track_stands_in_the_lidar_at_each_key_frame_and_is_absent_between(tmp_path: Path) -> None:
    root = scene(tmp_path / "nu", tables())
    (bundle,), _, _ = read(Nuscenes(), root, context_in(tmp_path / "s", samples="scenes"))
    (car,) = annotations(bundle)
    assert isinstance(car.region, Track)
    frames = car.region.key_frames
    assert [(frame.at_ns, frame.index) for frame in frames] == [
        (12_000_000, 0),
        (512_000_000, 2),
        (1_012_000_000, None),
        (1_512_000_000, 6),
    ]
    centres = [frame.shape.centre_m if isinstance(frame.shape, Cuboid) else None for frame in frames]
    assert centres == [(60, 3, -1), (55, 3, -1), None, (45, 3, -1)]


def test_broken_rows_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    rows = tables()
    rows["sample_data"][0]["ego_pose_token"] = "gone"
    rows["sample_annotation"][0]["size"] = [0, 1, 1]
    rows["sample"].append({"token": "lost", "scene_token": "scene2", "timestamp": START_US})
    root = scene(tmp_path / "nu", rows)
    (bundle,), problems, _ = read(Nuscenes(), root, context_in(tmp_path / "s", samples="scenes"))
    assert {problem.code for problem in problems if problem.rejected} == {
        "bad_reading",
        "bad_box",
        "bad_scene",
    }
    assert len(of(bundle, Stream)) == 3


def test_an_option_that_is_not_known_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no such value"):
        check_options(Nuscenes(), {"samples": "all"})
    with pytest.raises(InvalidInput, match="no such option"):
        check_options(Nuscenes(), {"sample": "scenes"})


def test_real_tables_make_one_sample_per_scene(tmp_path: Path) -> None:
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
    (bundle,), problems, _ = read(Nuscenes(), folder, context_in(tmp_path / "s", samples="scenes"))
    assert not [problem for problem in problems if problem.rejected]
    assert sum(len(stream.readings) for stream in of(bundle, Stream)) == len(rows)
    stamps = {
        reading.at_ns + int(bundle.sample.epoch_ns or 0)
        for stream in of(bundle, Stream)
        for reading in stream.readings
    }
    assert stamps == {round(row["timestamp"]) * 1000 for row in rows}
