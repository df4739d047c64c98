"""Argoverse 2: a log made here, a real one against pyarrow, and damaged ones."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import feather
from tests.formats.capture_kit import annotations, context_in, of, read, real

from braid.base.errors import InvalidInput
from braid.formats.av2 import Av2
from braid.media.clouds import read_cloud
from braid.model.records import Calibration, Entity, Stream, Trajectory
from braid.model.regions import Cuboid, Track

ZERO_NS = 315_966_253_000_000_000
STEP_NS = 100_000_000
SENSOR = {"qw": 0.5, "qx": -0.5, "qy": 0.5, "qz": -0.5, "tx_m": 1.6, "ty_m": 0.0, "tz_m": 1.4}


def table(path: Path, rows: list[dict[str, Any]], **types: pa.DataType) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = pa.Table.from_pylist(rows)
    for name, kind in types.items():
        made = made.set_column(made.schema.get_field_index(name), name, made[name].cast(kind))
    feather.write_feather(made, path, compression="zstd")


def box(step: int, uuid: str, x_m: float, **changed: Any) -> dict[str, Any]:
    return {
        "timestamp_ns": ZERO_NS + step * STEP_NS,
        "track_uuid": uuid,
        "category": "REGULAR_VEHICLE",
        "length_m": 4.0,
        "width_m": 2.0,
        "height_m": 1.5,
        "qw": 1.0,
        "qx": 0.0,
        "qy": 0.0,
        "qz": 0.0,
        "tx_m": x_m,
        "ty_m": 1.0,
        "tz_m": 0.5,
        "num_interior_pts": 7,
    } | changed


@pytest.fixture
def log(tmp_path: Path) -> Path:
    folder = tmp_path / "val" / "log-a"
    table(
        folder / "annotations.feather",
        [box(0, "u1", 10.0), box(1, "u1", 11.0), box(3, "u1", 13.0), box(2, "u2", 5.0)],
    )
    table(
        folder / "city_SE3_egovehicle.feather",
        [
            {"timestamp_ns": ZERO_NS + step * STEP_NS // 4, **SENSOR, "qw": 1.0}
            | dict.fromkeys(("qx", "qy", "qz"), 0.0)
            for step in range(16)
        ],
    )
    table(
        folder / "calibration/egovehicle_SE3_sensor.feather", [{"sensor_name": "ring_front_center", **SENSOR}]
    )
    lens = {"fx_px": 900.0, "fy_px": 900.0, "cx_px": 32.0, "cy_px": 24.0, "k1": -0.2, "k2": 0.1, "k3": 0.0}
    table(
        folder / "calibration/intrinsics.feather",
        [{"sensor_name": "ring_front_center", **lens, "height_px": 48, "width_px": 64}],
    )
    for step in (0, 1):
        points = [
            {
                "x": 1.5 + row,
                "y": -2.0,
                "z": 0.25,
                "intensity": row,
                "laser_number": row % 2,
                "offset_ns": row,
            }
            for row in range(5)
        ]
        half = dict.fromkeys("xyz", pa.float16())
        whole = {"intensity": pa.uint8(), "laser_number": pa.uint8(), "offset_ns": pa.int32()}
        made = pa.table(
            {name: pa.array([np.float16(row[name]) for row in points], kind) for name, kind in half.items()}
            | {name: pa.array([row[name] for row in points], kind) for name, kind in whole.items()}
        )
        path = folder / "sensors/lidar" / f"{ZERO_NS + step * STEP_NS}.feather"
        path.parent.mkdir(parents=True, exist_ok=True)
        feather.write_feather(made, path)
    picture = folder / "sensors/cameras/ring_front_center" / f"{ZERO_NS + 12_345_678}.png"
    picture.parent.mkdir(parents=True)
    from PIL import Image

    Image.new("RGB", (64, 48)).save(picture)
    return tmp_path


def test_a_log_is_one_sample_on_one_clock(log: Path, tmp_path: Path) -> None:
    (bundle,), problems, files = read(Av2(), log, context_in(tmp_path / "scratch"))
    assert problems == []
    assert bundle.sample.key == "log-a"
    lidar, camera = of(bundle, Stream)
    assert [reading.at_ns for reading in lidar.readings] == [0, STEP_NS]
    assert lidar.timing.zero_ns == str(ZERO_NS)
    assert lidar.timing.period_ns == STEP_NS
    assert [reading.at_ns for reading in camera.readings] == [12_345_678]
    (calibration,) = of(bundle, Calibration)
    assert calibration.camera is not None
    assert calibration.camera.coefficients == (-0.2, 0.1, 0.0, 0.0, 0.0)
    assert calibration.parent_from_frame.translation_m == (1.6, 0.0, 1.4)
    (trajectory,) = of(bundle, Trajectory)
    assert [pose.at_ns for pose in trajectory.poses] == [step * STEP_NS // 4 for step in range(16)]
    cloud = read_cloud(files.assets[lidar.readings[0].asset], media_type=lidar.media_type, name="a.pcd")
    assert cloud.points[:, 0].tolist() == [1.5, 2.5, 3.5, 4.5, 5.5]
    assert cloud.points[:, 3].tolist() == [0, 1, 2, 3, 4]


def test_a_track_is_absent_where_the_log_is_labelled_without_it(log: Path, tmp_path: Path) -> None:
    (bundle,), _, _ = read(Av2(), log, context_in(tmp_path / "scratch"))
    one, _ = annotations(bundle)
    assert isinstance(one.region, Track)
    assert [
        (frame.at_ns // STEP_NS, frame.shape is None, frame.index) for frame in one.region.key_frames
    ] == [
        (0, False, 0),
        (1, False, 1),
        (2, True, None),
        (3, False, None),
    ]
    shape = one.region.key_frames[0].shape
    assert isinstance(shape, Cuboid)
    assert shape.size_m == (4.0, 2.0, 1.5)
    assert shape.frame == "ego"
    assert {entity.source_id for entity in of(bundle, Entity)} == {"u1", "u2"}


def test_bad_boxes_are_rejected_one_by_one(log: Path, tmp_path: Path) -> None:
    table(
        log / "val/log-a/annotations.feather",
        [
            box(0, "u1", 10.0),
            box(0, "u1", 10.5),
            box(1, "u2", 10.0, width_m=0.0),
            box(2, "u3", float("nan")),
            box(2, "u4", 1.0, qw=2.0),
        ],
    )
    (bundle,), problems, _ = read(Av2(), log, context_in(tmp_path / "scratch"))
    assert len(annotations(bundle)) == 1
    assert [problem.where.split(", ")[1] for problem in problems if problem.rejected] == [
        "row 2",
        "row 3",
        "row 4",
        "row 5",
    ]


@pytest.mark.parametrize("kept", [0, 7, 100, 0.5, 0.99])
def test_a_cut_table_is_refused_with_its_name(log: Path, tmp_path: Path, kept: float) -> None:
    path = log / "val/log-a/annotations.feather"
    data = path.read_bytes()
    path.write_bytes(data[: int(kept if kept >= 1 else len(data) * kept)])
    bundles, problems, _ = read(Av2(), log, context_in(tmp_path / "scratch"))
    assert bundles == []
    (problem,) = problems
    assert problem.rejected
    assert "annotations.feather" in problem.message


def test_any_flipped_byte_is_read_or_refused(log: Path, tmp_path: Path) -> None:
    path = log / "val/log-a/city_SE3_egovehicle.feather"
    data = path.read_bytes()
    for at in range(8, len(data) - 6, 37):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        bundles, problems, _ = read(Av2(), log, context_in(tmp_path / f"scratch{at}"))
        assert bundles or any(problem.rejected for problem in problems)


def test_a_folder_without_logs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no Argoverse 2 log"):
        read(Av2(), tmp_path, context_in(tmp_path / "scratch"))


def test_a_real_log_equals_what_pyarrow_reads(tmp_path: Path) -> None:
    root = real("driving/av2_log")
    (bundle,), problems, files = read(Av2(), root, context_in(tmp_path / "scratch"))
    assert not [problem for problem in problems if problem.rejected]
    rows = feather.read_table(root / "7fab2350/annotations.feather").to_pydict()
    zero_ns = int(bundle.sample.source["zero_ns"])
    seen = {
        (entity.source_id, frame.at_ns + zero_ns, frame.shape.centre_m)
        for entity, one in zip(of(bundle, Entity), annotations(bundle), strict=True)
        if isinstance(one.region, Track)
        for frame in one.region.key_frames
        if isinstance(frame.shape, Cuboid)
    }
    wanted = zip(
        rows["track_uuid"],
        rows["timestamp_ns"],
        zip(rows["tx_m"], rows["ty_m"], rows["tz_m"], strict=True),
        strict=True,
    )
    assert seen == set(wanted)
    assert len(seen) == 11_364
    (trajectory,) = of(bundle, Trajectory)
    poses = feather.read_table(root / "7fab2350/city_SE3_egovehicle.feather").to_pydict()
    assert [pose.at_ns + zero_ns for pose in trajectory.poses] == sorted(set(poses["timestamp_ns"]))
    (lidar,) = of(bundle, Stream)
    for reading in lidar.readings:
        table_ = feather.read_table(root / "7fab2350/sensors/lidar" / f"{reading.at_ns + zero_ns}.feather")
        cloud = read_cloud(files.assets[reading.asset], media_type=lidar.media_type, name=reading.name)
        assert np.array_equal(cloud.points[:, 2], table_["z"].to_numpy().astype("f4"))
