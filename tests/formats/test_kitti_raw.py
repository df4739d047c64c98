"""KITTI raw: a drive made here with a known geometry, the real synthetic one, and damaged ones."""

import math
from pathlib import Path

import duckdb
import numpy as np
import pytest
from PIL import Image
from tests.formats.capture_kit import annotations, context_in, of, read, real

from braid.base.errors import InvalidInput
from braid.formats.kitti_raw import KittiRaw
from braid.formats.rigid import matrix_of
from braid.model.records import Calibration, Stream, Trajectory
from braid.model.regions import Cuboid, Track

STEP_NS = 103_333_333
FIRST = "2011-09-26 13:02:25."
VELO_FROM_IMU = "R: 1 0 0 0 1 0 0 0 1\nT: -0.81 0.32 -0.80\n"
CAM_FROM_VELO = "calib_time: x\nR: 0 -1 0 0 0 -1 1 0 0\nT: 0 -0.08 -0.27\n"


def stamps(count: int, offset_ns: int = 0) -> str:
    return "".join(f"{FIRST}{100_000_000 + offset_ns + index * STEP_NS:09d}\n" for index in range(count))


def tracklet(label: str = "Car", first: int = 0, poses: int = 3, height: float = 1.5) -> str:
    items = "".join(
        f"<item><tx>{10 + step}</tx><ty>2</ty><tz>-1.7</tz><rx>0</rx><ry>0</ry><rz>0.5</rz><state>2</state>"
        f"<occlusion>{step % 3}</occlusion><truncation>0</truncation></item>"
        for step in range(poses)
    )
    return (
        f"<item><objectType>{label}</objectType><h>{height}</h><w>1.8</w><l>4.2</l>"
        f"<first_frame>{first}</first_frame><poses><count>{poses}</count>{items}</poses></item>"
    )


def labels(*tracklets: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>\n<!DOCTYPE boost_serialization>\n'
        f"<boost_serialization><tracklets><count>{len(tracklets)}</count>{''.join(tracklets)}</tracklets>"
        "</boost_serialization>"
    )


@pytest.fixture
def day(tmp_path: Path) -> Path:
    day = tmp_path / "2011_09_26"
    drive = day / "2011_09_26_drive_0001_sync"
    for name, count in (("image_02", 4), ("velodyne_points", 4), ("oxts", 4)):
        (drive / name / "data").mkdir(parents=True)
        (drive / name / "timestamps.txt").write_text(stamps(count, 5_000_000 if name == "oxts" else 0))
    for index in range(4):
        Image.new("RGB", (64, 48)).save(drive / f"image_02/data/{index:010d}.png")
        np.zeros((3, 4), dtype="<f4").tofile(drive / f"velodyne_points/data/{index:010d}.bin")
        reading = [49.0 + index * 1e-5, 8.4, 110.0, 0.0, 0.0, math.pi / 2, *range(6, 30)]
        (drive / f"oxts/data/{index:010d}.txt").write_text(" ".join(map(repr, reading)))
    for part, offset in (("start", -50_000_000), ("end", 50_000_000)):
        (drive / f"velodyne_points/timestamps_{part}.txt").write_text(stamps(4, offset))
    (drive / "tracklet_labels.xml").write_text(labels(tracklet()))
    (day / "calib_imu_to_velo.txt").write_text(VELO_FROM_IMU)
    (day / "calib_velo_to_cam.txt").write_text(CAM_FROM_VELO)
    (day / "calib_cam_to_cam.txt").write_text(
        "S_rect_02: 64 48\nR_rect_00: 1 0 0 0 1 0 0 0 1\nP_rect_02: 50 0 32 5 0 50 24 0 0 0 1 0\n"
    )
    return tmp_path


def test_a_drive_keeps_the_recorded_times(day: Path, tmp_path: Path) -> None:
    (bundle,), problems, files = read(KittiRaw(), day, context_in(tmp_path / "scratch"))
    assert problems == []
    streams = {stream.name: stream for stream in of(bundle, Stream)}
    lidar = streams["velodyne"]
    assert [reading.at_ns for reading in lidar.readings] == [index * STEP_NS for index in range(4)]
    assert lidar.timing.sweep_ns == 100_000_000
    assert lidar.timing.part == "middle"
    assert lidar.timing.zero_ns == "1317042145100000000"
    asset = files.assets[streams["oxts"].asset or ""]
    with duckdb.connect() as connection:
        times = connection.execute(f"SELECT time_ns, \"vf [m/s]\" FROM '{asset}' ORDER BY 1").fetchall()
    assert times == [(5_000_000 + index * STEP_NS, 8.0) for index in range(4)]


def test_the_vehicle_moves_north_and_faces_north(day: Path, tmp_path: Path) -> None:
    (bundle,), _, _ = read(KittiRaw(), day, context_in(tmp_path / "scratch"))
    (path,) = of(bundle, Trajectory)
    assert path.poses[0].pose.translation_m == pytest.approx((0, 0, 0), abs=1e-9)
    # one hundred thousandth of a degree of latitude is 1.113 m on this sphere; forward is along the heading
    assert path.poses[1].pose.translation_m == pytest.approx((1.1132, 0, 0), abs=1e-3)


def test_a_point_goes_from_the_velodyne_into_the_picture(day: Path, tmp_path: Path) -> None:
    (bundle,), _, _ = read(KittiRaw(), day, context_in(tmp_path / "scratch"))
    mounts = {calibration.frame: calibration for calibration in of(bundle, Calibration)}
    camera = mounts["image_02"]
    assert camera.parent_frame == "velodyne"
    assert mounts["velodyne"].parent_frame == "imu"
    assert camera.camera is not None
    inward = np.linalg.inv(matrix_of(camera.parent_from_frame))
    x, y, z, _ = inward @ np.array([10.0, 1.0, 0.5, 1.0])
    projected = np.array([[50, 0, 32, 5], [0, 50, 24, 0], [0, 0, 1, 0]]) @ np.array(
        [-1.0, -0.5 - 0.08, 10.0 - 0.27, 1.0]
    )
    assert (50 * x / z + 32, 50 * y / z + 24) == pytest.approx((projected[:2] / projected[2]).tolist())


def test_tracklets_are_tracks_of_cuboids_by_their_middle(day: Path, tmp_path: Path) -> None:
    (bundle,), _, _ = read(KittiRaw(), day, context_in(tmp_path / "scratch"))
    (car,) = annotations(bundle)
    assert isinstance(car.region, Track)
    frames = car.region.key_frames
    assert [(frame.at_ns, frame.index, frame.occluded) for frame in frames] == [
        (0, 0, False),
        (STEP_NS, 1, True),
        (2 * STEP_NS, 2, True),
    ]
    shape = frames[1].shape
    assert isinstance(shape, Cuboid)
    assert shape.centre_m == pytest.approx((11, 2, -1.7 + 0.75))
    assert shape.size_m == (4.2, 1.8, 1.5)
    assert shape.rotation_wxyz == pytest.approx((math.cos(0.25), 0, 0, math.sin(0.25)))


def test_lost_stamps_and_bad_tracklets_are_told_one_by_one(day: Path, tmp_path: Path) -> None:
    drive = day / "2011_09_26/2011_09_26_drive_0001_sync"
    lines = stamps(4).splitlines()
    (drive / "image_02/timestamps.txt").write_text("\n".join([lines[0], "", *lines[2:]]) + "\n")
    (drive / "tracklet_labels.xml").write_text(
        labels(tracklet(height=-1), tracklet(first=2, poses=4), tracklet(first=9), tracklet("Van"))
    )
    (drive / "oxts/data/0000000002.txt").write_text("1 2 3")
    (bundle,), problems, _ = read(KittiRaw(), day, context_in(tmp_path / "scratch"))
    told = [(problem.where.rpartition("/")[2], problem.code) for problem in problems if problem.rejected]
    assert ("image_02", "no_time") in told
    assert ("0000000002.txt", "bad_reading") in told
    assert [where for where, code in told if code == "bad_tracklet"] == [
        "tracklet_labels.xml, tracklet 1",
        "tracklet_labels.xml, tracklet 3",
    ]
    assert ("tracklet_labels.xml, tracklet 2", "no_frame") in told
    assert len(annotations(bundle)) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><boost_serialization>&b;</boost_serialization>",
        b"<!DOCTYPE boost_serialization SYSTEM 'file:///etc/passwd'><boost_serialization/>",
        b"<boost_serialization><tracklets>",
        b"\x00\xff",
    ],
)
def test_hostile_labels_are_refused(day: Path, tmp_path: Path, data: bytes) -> None:
    (day / "2011_09_26/2011_09_26_drive_0001_sync/tracklet_labels.xml").write_bytes(data)
    bundles, problems, _ = read(KittiRaw(), day, context_in(tmp_path / "scratch"))
    assert bundles == []
    assert any(problem.code == "bad_drive" and problem.rejected for problem in problems)


def test_a_line_that_is_no_time_is_named(day: Path, tmp_path: Path) -> None:
    (day / "2011_09_26/2011_09_26_drive_0001_sync/oxts/timestamps.txt").write_text("2011-13-40 99:00:00\n")
    bundles, problems, _ = read(KittiRaw(), day, context_in(tmp_path / "scratch"))
    assert bundles == []
    assert "timestamps.txt, line 1" in problems[-1].message


def test_an_unrectified_drive_keeps_its_lens(day: Path, tmp_path: Path) -> None:
    drive = day / "2011_09_26/2011_09_26_drive_0001_sync"
    drive.rename(drive.with_name("2011_09_26_drive_0001_extract"))
    (day / "2011_09_26/calib_cam_to_cam.txt").write_text(
        "S_02: 64 48\nK_02: 50 0 32 0 51 24 0 0 1\nD_02: -0.3 0.2 0.001 -0.002 -0.05\n"
        "R_02: 1 0 0 0 1 0 0 0 1\nT_02: 0.06 0 0\n"
    )
    (bundle,), _, _ = read(KittiRaw(), day, context_in(tmp_path / "scratch"))
    camera = next(c.camera for c in of(bundle, Calibration) if c.frame == "image_02")
    assert camera is not None
    assert camera.distortion == "brown_conrady"
    assert camera.coefficients == (-0.3, 0.2, 0.001, -0.002, -0.05)


def test_a_folder_without_drives_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no KITTI drive"):
        read(KittiRaw(), tmp_path, context_in(tmp_path / "scratch"))


def test_the_real_drive_without_times_says_so(tmp_path: Path) -> None:
    (bundle,), problems, _ = read(KittiRaw(), real("formats/kitti_raw"), context_in(tmp_path / "scratch"))
    assert {problem.code for problem in problems} == {"W_TIMES_GUESSED", "no_calibration", "bad_tracklet"}
    streams = {stream.name: stream for stream in of(bundle, Stream)}
    assert [reading.at_ns for reading in streams["velodyne"].readings] == [0, 100_000_000, 200_000_000]
    assert len(streams["image_00"].readings) == 3
    rejected = [problem for problem in problems if problem.rejected]
    assert all("no extent" in problem.message for problem in rejected)
