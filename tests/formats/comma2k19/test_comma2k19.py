"""comma2k19 segments against NumPy and cantools; poses against velocities; arrays that lie."""

import io
import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cantools
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.formats.capture_kit import context_in, of, read, real
from tests.formats.series_kit import columns_of, stream_named, told

from braid.base.errors import InvalidInput
from braid.formats.comma2k19 import Comma2k19
from braid.formats.comma2k19.arrays import boot_ns
from braid.formats.comma2k19.poses import enu_from_ecef
from braid.model.records import Calibration, ClockMap, Stream, Trajectory
from braid.model.timing import Stamp, Timescale
from braid.space.rotation import matrix_from_wxyz

BOOT_S = 1000.0
WEEK, TOW = 2012, 404_106.0
GPS_TO_UNIX_S = 315_964_800 - 18
DBC = 'BO_ 37 STEER: 8 X\n SG_ ANGLE : 3|12@0- (1.5,0) [0|0] "deg" X\n'


def save(path: Path, array: NDArray[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        np.save(out, array, allow_pickle=False)


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    """Ten seconds of driving east at 10 m/s on the equator at longitude 0, upright."""
    root = tmp_path / "40"
    frames = np.arange(200) / 20
    save(root / "global_pose/frame_times", BOOT_S + frames)
    save(root / "global_pose/frame_gps_times", np.stack([np.full(200, WEEK), TOW + frames], axis=1))
    place = np.stack([np.full(200, 6_378_137.0), 10 * frames, np.zeros(200)], axis=1)
    save(root / "global_pose/frame_positions", place)
    save(root / "global_pose/frame_velocities", np.tile([0.0, 10.0, 0.0], (200, 1)))
    # Forward is ECEF y (east), right is -z (south), down is -x: rows of device_from_ecef, so columns here.
    matrix = np.array([[0.0, 0.0, -1.0], [1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
    w = np.sqrt(1 + np.trace(matrix)) / 2
    axis = np.array(
        [matrix[2, 1] - matrix[1, 2], matrix[0, 2] - matrix[2, 0], matrix[1, 0] - matrix[0, 1]]
    ) / (4 * w)
    save(root / "global_pose/frame_orientations", np.tile([w, *axis], (200, 1)))
    speed_t = BOOT_S + 0.013 + np.arange(500) / 50
    save(root / "processed_log/CAN/speed/t", speed_t)
    save(root / "processed_log/CAN/speed/value", np.full((500, 1), 10.0))
    fixes = np.arange(10.0)
    save(root / "processed_log/GNSS/live_gnss_ublox/t", BOOT_S + fixes + 0.2)
    unix_ms = (WEEK * 604_800 + TOW + GPS_TO_UNIX_S + fixes) * 1000
    rows = np.stack(
        [np.zeros(10), fixes / 1e5, np.full(10, 10.0), unix_ms, np.zeros(10), np.full(10, 90.0)], axis=1
    )
    save(root / "processed_log/GNSS/live_gnss_ublox/value", rows)
    raw = root / "processed_log/CAN/raw_can"
    save(raw / "t", BOOT_S + 0.01 * np.arange(6))
    save(raw / "address", np.array([37, 37, 500, 37, 500, 0x1ABCDEF0]))
    save(raw / "src", np.array([0, 0, 1, 128, 1, 0]))
    save(
        raw / "data", np.array([b"\x0f\xfe\x01", b"\x00\x02", b"\x01", b"\x00\x04", b"", b"\x07"], dtype="S8")
    )
    (tmp_path / "car.dbc").write_text(DBC)
    return tmp_path


def test_R14_a_segment_is_one_sample_on_utc_by_the_gps_time_of_its_frames(
    segment: Path, tmp_path: Path
) -> None:
    (bundle,), problems, files = read(Comma2k19(), segment, context_in(tmp_path / "scratch"))
    assert bundle.sample.key == "40"
    unix_s = WEEK * 604_800 + int(TOW) + GPS_TO_UNIX_S
    assert bundle.sample.epoch_ns == str(unix_s * 10**9)
    speed = stream_named(bundle, "can speed")
    table = columns_of(files, speed)
    assert table["time_ns"].tolist() == [13_000_000 + 20_000_000 * place for place in range(500)]
    assert (speed.timing.timescale, speed.timing.stamp) == (Timescale.MONOTONIC, Stamp.LOG)
    assert (speed.timing.zero_ns, speed.timing.period_ns) == ("1000000000000", 20_000_000)
    assert [problem for problem in problems if problem.rejected] == []
    assert of(bundle, ClockMap) == []


def test_a_receiver_is_placed_by_its_own_time_and_the_other_is_kept(segment: Path, tmp_path: Path) -> None:
    (bundle,), _, files = read(Comma2k19(), segment, context_in(tmp_path / "scratch"))
    fixes = stream_named(bundle, "gnss ublox")
    table = columns_of(files, fixes)
    assert table["time_ns"].tolist() == [10**9 * place for place in range(10)]
    assert table["log_ns"].tolist() == [10**9 * place + 200_000_000 for place in range(10)]
    (gap,) = fixes.timing.gaps
    assert (fixes.timing.stamp, gap.stamp, gap.median_ns, gap.count) == (
        Stamp.DEVICE,
        Stamp.LOG,
        200_000_000,
        10,
    )


def test_gps_time_taken_for_utc_is_named(segment: Path, tmp_path: Path) -> None:
    path = segment / "40/processed_log/GNSS/live_gnss_ublox/value"
    rows = np.load(path)
    rows[:, 3] += 18_000
    save(path, rows)
    (bundle,), problems, files = read(Comma2k19(), segment, context_in(tmp_path / "scratch"))
    (mixed,) = told(problems, "W_STAMPS_DISAGREE")
    assert "18 s" in mixed.message
    fixes = stream_named(bundle, "gnss ublox")
    assert fixes.timing.stamp is Stamp.LOG
    assert columns_of(files, fixes)["time_ns"][0] == 200_000_000


def test_raw_frames_are_decoded_by_bus_and_echoes_stand_apart(segment: Path, tmp_path: Path) -> None:
    (bundle,), problems, files = read(Comma2k19(), segment, context_in(tmp_path / "scratch"))
    table = columns_of(files, stream_named(bundle, "can0/STEER"))
    assert table["time_ns"].tolist() == [0, 10_000_000]
    assert table["ANGLE [deg]"].tolist() == [-3.0, 3.0]
    echo = stream_named(bundle, "can128/STEER")
    assert (echo.source["flags"], echo.source["bus"]) == ("echo", "0 (echo)")
    assert columns_of(files, echo)["ANGLE [deg]"].tolist() == [6.0]
    rest = columns_of(files, stream_named(bundle, "can1/undecoded"))
    assert (rest["id"].tolist(), rest["byte 0"].tolist()) == ([500, 500], [1, 0])
    assert stream_named(bundle, "can0/undecoded").source["id_bits"] == "29"
    assert told(problems, "lengths_lost")[0].where.endswith("raw_can/data")


def test_the_car_drives_forward_in_a_local_frame(segment: Path, tmp_path: Path) -> None:
    (bundle,), _, _ = read(Comma2k19(), segment, context_in(tmp_path / "scratch"))
    (way,) = of(bundle, Trajectory)
    assert (way.frame, way.parent_frame, len(way.poses)) == ("ego", "world", 200)
    first, last = way.poses[0], way.poses[-1]
    np.testing.assert_allclose(last.pose.translation_m, [99.5, 0.0, 0.0], atol=1e-6)
    assert last.at_ns == 9_950_000_000
    np.testing.assert_allclose(matrix_from_wxyz(first.pose.rotation_wxyz), np.eye(3), atol=1e-9)


@pytest.mark.parametrize("order", ["xyzw", "inverse"])
def test_another_order_of_quaternions_is_found_and_told(segment: Path, tmp_path: Path, order: str) -> None:
    path = segment / "40/global_pose/frame_orientations"
    wxyz = np.load(path)
    changed = np.roll(wxyz, -1, axis=1) if order == "xyzw" else wxyz * [1, -1, -1, -1]
    save(path, changed)
    (bundle,), problems, _ = read(Comma2k19(), segment, context_in(tmp_path / "scratch"))
    (said,) = told(problems, "pose_order")
    assert order in said.message
    (way,) = of(bundle, Trajectory)
    np.testing.assert_allclose(matrix_from_wxyz(way.poses[0].pose.rotation_wxyz), np.eye(3), atol=1e-9)


def test_orientations_that_look_elsewhere_give_no_trajectory(segment: Path, tmp_path: Path) -> None:
    save(segment / "40/global_pose/frame_orientations", np.tile([1.0, 0.0, 0.0, 0.0], (200, 1)))
    (bundle,), problems, _ = read(Comma2k19(), segment, context_in(tmp_path / "scratch"))
    assert of(bundle, Trajectory) == []
    assert [problem.rejected for problem in told(problems, "pose_order")] == [True]


def test_R14_a_boot_clock_that_drifts_gets_a_clock_map_for_every_stream(
    segment: Path, tmp_path: Path
) -> None:
    path = segment / "40/global_pose/frame_gps_times"
    gps = np.load(path)
    gps[:, 1] = TOW + (gps[:, 1] - TOW) * (1 + 100e-6)
    save(path, gps)
    (bundle,), problems, _ = read(Comma2k19(), segment, context_in(tmp_path / "scratch"))
    maps = of(bundle, ClockMap)
    streams = [one for one in of(bundle, Stream) if one.timing.timescale is Timescale.MONOTONIC]
    assert len(maps) == len(streams) > 4
    for one in maps:
        assert abs(one.segments[0].rate_ppq - 10**11) < 2 * 10**8
    assert len(told(problems, "clock_drifts")) == 1


def test_without_gps_time_the_boot_clock_stands_alone(segment: Path, tmp_path: Path) -> None:
    (segment / "40/global_pose/frame_gps_times").unlink()
    (bundle,), problems, _ = read(Comma2k19(), segment, context_in(tmp_path / "scratch"))
    assert bundle.sample.epoch_ns is None
    assert stream_named(bundle, "gnss ublox").timing.stamp is Stamp.LOG
    assert len(told(problems, "no_gps_time")) == 1


def pickled() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    return buffer.getvalue()


def headed(shape: str, dtype: str = "<f8") -> bytes:
    words = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}"
    head = words.ljust(117).encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + bytes(80)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pickled, "bad_array"),
        (lambda: pickle.dumps([1, 2]), "bad_array"),
        (lambda: b"", "bad_array"),
        (lambda: headed("(1000000000000,)"), "too_large"),
        (lambda: headed("(500,)"), "truncated"),
        (lambda: headed("(-5,)"), "bad_array"),
        (lambda: headed("(2, 2, 2)"), "bad_array"),
        (lambda: headed("(3,)", "<U4"), "bad_array"),
        (lambda: headed("(10,)"), "bad_array"),
    ],
)
def test_an_array_that_lies_is_refused_by_name(
    segment: Path, tmp_path: Path, content: Callable[[], bytes], code: str
) -> None:
    (segment / "40/processed_log/CAN/speed/value").write_bytes(content())
    (bundle,), problems, _ = read(Comma2k19(), segment, context_in(tmp_path / "scratch"))
    rejected = [problem for problem in problems if problem.rejected]
    assert code in {problem.code for problem in rejected}
    assert all("CAN/speed" in problem.where for problem in rejected)
    assert "can speed" not in {one.name for one in of(bundle, Stream)}
    stream_named(bundle, "gnss ublox")


def test_rows_without_a_time_are_left_out_and_counted(segment: Path, tmp_path: Path) -> None:
    path = segment / "40/processed_log/CAN/speed/t"
    times = np.load(path)
    times[[3, 9]] = np.nan, np.inf
    save(path, times)
    (bundle,), problems, files = read(Comma2k19(), segment, context_in(tmp_path / "scratch"))
    assert len(columns_of(files, stream_named(bundle, "can speed"))["time_ns"]) == 498
    assert "2 of 500" in told(problems, "no_time")[0].message


def test_a_folder_without_a_segment_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(InvalidInput, match="no comma2k19 segment"):
        read(Comma2k19(), tmp_path / "none", context_in(tmp_path / "scratch"))


def test_seconds_become_nanoseconds_without_loss() -> None:
    assert boot_ns(np.array([46408.584930395, 0.1, 4e6 + 1e-9])).tolist() == [
        46408584930395,
        100_000_000,
        4_000_000_000_000_001,
    ]


REAL = "driving/comma2k19_segment"
ARRAYS = {
    "can speed": ("CAN/speed", 4974),
    "can steering angle": ("CAN/steering_angle", 4974),
    "can wheel speed": ("CAN/wheel_speed", 4974),
    "radar": ("CAN/radar", 10100),
    "accelerometer": ("IMU/accelerometer", 6256),
    "gyro": ("IMU/gyro", 6256),
    "gyro bias": ("IMU/gyro_bias", 6256),
    "gyro uncalibrated": ("IMU/gyro_uncalibrated", 6256),
    "magnetometer": ("IMU/magnetometer", 592),
    "magnetometer uncalibrated": ("IMU/magnetometer_uncalibrated", 592),
    "gnss qcom": ("GNSS/live_gnss_qcom", 30),
    "gnss ublox": ("GNSS/live_gnss_ublox", 579),
    "gnss raw qcom": ("GNSS/raw_gnss_qcom", 600),
    "gnss raw ublox": ("GNSS/raw_gnss_ublox", 9228),
}


@pytest.fixture(scope="module")
def real_segment(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any, Any]:
    (bundle,), problems, files = read(Comma2k19(), real(REAL), context_in(tmp_path_factory.mktemp("real")))
    return bundle, problems, files


def test_real_streams_equal_their_arrays(real_segment: tuple[Any, Any, Any]) -> None:
    bundle, problems, files = real_segment
    assert [problem for problem in problems if problem.rejected] == []
    zero_ns = int(stream_named(bundle, "gyro").timing.zero_ns)
    for name, (folder, count) in ARRAYS.items():
        times = np.load(real(f"{REAL}/processed_log/{folder}/t"))
        values = np.load(real(f"{REAL}/processed_log/{folder}/value")).reshape(len(times), -1)
        table = columns_of(files, stream_named(bundle, name))
        assert len(times) == len(table["time_ns"]) == count
        logged = table.get("log_ns", table["time_ns"])
        order = (
            np.argsort(times, kind="stable") if "log_ns" not in table else np.argsort(logged, kind="stable")
        )
        assert np.abs((np.sort(logged) + zero_ns) / 1e9 - np.sort(times)).max() < 1e-9
        columns = [column for column in table if column not in {"time_ns", "log_ns"}]
        kept = values[:, ~np.isnan(values).all(axis=0)]
        assert kept.shape[1] == len(columns)
        if "log_ns" not in table:
            for place, column in enumerate(columns):
                np.testing.assert_array_equal(table[column], kept[order, place])
        else:
            assert sorted(table[columns[0]]) == sorted(kept[:, 0])


def test_real_raw_can_equals_the_processed_speeds_and_cantools(real_segment: tuple[Any, Any, Any]) -> None:
    bundle, _, files = real_segment
    wheels = columns_of(files, stream_named(bundle, "can0/WHEEL_SPEEDS"))
    processed = columns_of(files, stream_named(bundle, "can wheel speed"))
    np.testing.assert_array_equal(wheels["time_ns"], processed["time_ns"])
    for decoded, named in (
        ("FL", "front left"),
        ("FR", "front right"),
        ("RL", "rear left"),
        ("RR", "rear right"),
    ):
        apart = wheels[f"WHEEL_SPEED_{decoded} [km/h]"] / 3.6 - processed[f"{named} [m/s]"]
        assert np.abs(apart).max() < 1e-12
    mean = sum(wheels[f"WHEEL_SPEED_{one} [km/h]"] for one in ("FL", "FR", "RL", "RR")) / 4 / 3.6
    assert np.abs(mean - columns_of(files, stream_named(bundle, "can speed"))["speed [m/s]"]).max() < 1e-12
    steer = columns_of(files, stream_named(bundle, "can0/STEER_ANGLE_SENSOR"))
    angle = columns_of(files, stream_named(bundle, "can steering angle"))
    np.testing.assert_array_equal(steer["time_ns"], angle["time_ns"])
    whole = steer["STEER_ANGLE [deg]"] + steer["STEER_FRACTION [deg]"]
    assert (
        min(np.abs(one - angle["steering angle [deg]"]).max() for one in (whole, steer["STEER_ANGLE [deg]"]))
        < 1e-9
    )
    theirs: Any = cantools.database.load_file(str(real(f"{REAL}/toyota_2017.dbc")), strict=False)
    message = theirs.get_message_by_frame_id(0xAA)
    data, ids, sources = (
        np.load(real(f"{REAL}/processed_log/CAN/raw_can/{one}")) for one in ("data", "address", "src")
    )
    rows = data[(ids == 0xAA) & (sources == 0)]
    for place in range(0, len(rows), 97):
        wanted = message.decode(bytes(rows[place]).ljust(8, b"\x00"), decode_choices=False)
        assert wheels["WHEEL_SPEED_FL [km/h]"][place] == wanted["WHEEL_SPEED_FL"]


def test_every_real_frame_is_in_one_stream(real_segment: tuple[Any, Any, Any]) -> None:
    bundle, _, files = real_segment
    sources = np.load(real(f"{REAL}/processed_log/CAN/raw_can/src"))
    counted = dict.fromkeys(map(int, np.unique(sources)), 0)
    for one in of(bundle, Stream):
        if one.name.startswith("can") and "/" in one.name:
            counted[int(one.name.split("/")[0].removeprefix("can"))] += len(columns_of(files, one)["time_ns"])
    assert counted == {source: int((sources == source).sum()) for source in counted}
    assert sum(counted.values()) == 135_468


def test_real_poses_follow_the_velocities(real_segment: tuple[Any, Any, Any]) -> None:
    bundle, problems, _ = real_segment
    assert told(problems, "pose_order") == []
    (way,) = of(bundle, Trajectory)
    assert len(way.poses) == 1200
    positions = np.load(real(f"{REAL}/global_pose/frame_positions"))
    velocities = np.load(real(f"{REAL}/global_pose/frame_velocities"))
    turn = enu_from_ecef(positions[0])
    cosines = []
    for place in range(0, 1200, 50):
        ahead = turn @ velocities[place]
        forward = matrix_from_wxyz(way.poses[place].pose.rotation_wxyz)[:, 0]
        cosines.append(float(forward @ ahead / np.linalg.norm(ahead)))
        apart = np.linalg.norm(np.array(way.poses[place].pose.translation_m)) - np.linalg.norm(
            positions[place] - positions[0]
        )
        assert abs(apart) < 1e-6
    assert np.mean(cosines) > 0.99
    assert all(matrix_from_wxyz(one.pose.rotation_wxyz)[2, 2] > 0.98 for one in way.poses[::100])


def test_the_real_camera_looks_ahead(real_segment: tuple[Any, Any, Any]) -> None:
    bundle, _, _ = real_segment
    (calibration,) = of(bundle, Calibration)
    assert calibration.camera is not None
    assert (calibration.camera.fx_px, calibration.camera.width_px) == (910.0, 1164)
    ego_from_camera = matrix_from_wxyz(calibration.parent_from_frame.rotation_wxyz)
    np.testing.assert_allclose(ego_from_camera @ [0, 0, 1], [1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(ego_from_camera @ [0, 1, 0], [0, 0, -1], atol=1e-12)
    assert bundle.sample.epoch_ns == "1533226488299000000"
