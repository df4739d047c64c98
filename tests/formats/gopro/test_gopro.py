"""GoPro telemetry: counts and values of real clips, times of made ones, trees that lie."""

import struct
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.capture_kit import context_in, of, read, real
from tests.formats.gopro.gpmf_kit import accelerometer, clip, klv, nest, payload, shorts, stream, whole, words
from tests.formats.series_kit import columns_of, stream_named, told

from braid.base.errors import InvalidInput
from braid.formats.gopro import Gopro
from braid.formats.gopro.klv import MAX_DEPTH, MAX_ITEMS, parse
from braid.formats.gopro.telemetry import Piece, column_names, utc_ns
from braid.formats.gopro.timing import PayloadTime, spread
from braid.formats.troubles import Troubles
from braid.model.records import ClockMap, Modality, Stream
from braid.model.timing import Stamp


def rows(count: int, first: int = 0) -> list[tuple[int, int, int]]:
    return [(first + place, -place, 7) for place in range(count)]


def test_R11_samples_are_spread_over_their_payload_and_say_how_sure(tmp_path: Path) -> None:
    path = tmp_path / "GX01.MP4"
    clip(path, [payload(accelerometer(rows(4, 10 * place), total=4 * place + 4)) for place in range(3)])
    (bundle,), problems, files = read(Gopro(), path, context_in(tmp_path / "scratch"))
    assert problems == []
    assert bundle.sample.key == "GX01"
    accel = stream_named(bundle, "ACCL")
    table = columns_of(files, accel)
    assert list(table) == ["time_ns", "up/down [m/s²]", "right/left [m/s²]", "forward/back [m/s²]"]
    quarter = 1_001_000_000 // 4
    assert table["time_ns"].tolist() == [quarter * place for place in range(12)]
    assert table["up/down [m/s²]"].tolist() == [(10 * p + n) / 100 for p in range(3) for n in range(4)]
    assert accel.source["axes"] == "up/down, right/left, forward/back"
    assert accel.timing.period_ns == quarter
    (clock,) = of(bundle, ClockMap)
    assert (clock.stream, clock.segments[0].media_ns, clock.segments[0].timeline_ns) == (accel.id, 0, 0)
    assert clock.fit.system_sigma_ns == round(quarter / 12**0.5)
    assert {one.modality for one in of(bundle, Stream)} == {Modality.VIDEO, Modality.SERIES}


def test_uneven_payloads_make_the_uncertainty_larger() -> None:
    times = [PayloadTime(start_ns=place * 10**9, end_ns=(place + 1) * 10**9) for place in range(5)]

    def piece(number: int, count: int) -> Piece:
        return Piece(payload=number, values=np.zeros((count, 1)), total=None, stamp_us=None, utc="", fix=None)

    even = spread([piece(place, 100) for place in range(5)], times)
    uneven = spread([piece(place, count) for place, count in enumerate((100, 90, 110, 95, 100))], times)
    assert even.sigma_ns == round(10**7 / 12**0.5)
    assert uneven.sigma_ns > 10 * even.sigma_ns
    assert len(uneven.media_ns) == 495


def test_R11_a_last_payload_that_ended_early_is_not_stretched(tmp_path: Path) -> None:
    path = tmp_path / "early.mp4"
    clip(path, [payload(accelerometer(rows(count), total=10)) for count in (10, 10, 3)])
    (bundle,), _, files = read(Gopro(), path, context_in(tmp_path / "scratch"))
    times = columns_of(files, stream_named(bundle, "ACCL"))["time_ns"]
    assert times[-1] == 2_002_000_000 + 2 * 100_100_000


def test_lost_samples_are_told(tmp_path: Path) -> None:
    path = tmp_path / "lost.mp4"
    clip(path, [payload(accelerometer(rows(4), total=total)) for total in (4, 8, 15)])
    _, problems, _ = read(Gopro(), path, context_in(tmp_path / "scratch"))
    assert [problem.message for problem in told(problems, "samples_lost")] == [
        "ACCL: 3 samples were counted but not stored"
    ]


def test_complex_samples_have_a_unit_and_a_divisor_each(tmp_path: Path) -> None:
    raw = struct.pack(">LhBd", 123456, -40, 7, 0.5) + struct.pack(">LhBd", 123457, 40, 8, 1.5)
    status = stream(
        words("STNM", "Status"),
        klv("UNIT", "c", 3, 4, b"s\0\0deg\0\0\0%\0\0"),
        words("TYPE", "LsBd"),
        klv("SCAL", "l", 4, 4, struct.pack(">4l", 1000, 10, 1, 2)),
        klv("STAT", "?", 15, 2, raw),
    )
    path = tmp_path / "complex.mp4"
    clip(path, [payload(status)], video=False)
    (bundle,), problems, files = read(Gopro(), path, context_in(tmp_path / "scratch"))
    assert problems == []
    table = columns_of(files, stream_named(bundle, "STAT"))
    assert [table[name][0] for name in ("Status 1 [s]", "Status 2 [deg]", "Status 3", "Status 4 [%]")] == [
        123.456, -4.0, 7.0, 0.25,
    ]  # fmt: skip


def test_gps_time_gives_the_epoch_and_gps9_stamps_each_sample(tmp_path: Path) -> None:
    def gps9(second: int) -> bytes:
        values = [
            (377208990, -1224723120, 39000, 7400, 7500, 6781, (65_000 + second) * 1000 + 100 * place, 150, 3)
            for place in range(2)
        ]
        raw = b"".join(struct.pack(">lllllllSS".replace("S", "H"), *row) for row in values)
        return stream(
            words("STNM", "GPS (Lat., Long., Alt., 2D, 3D, days, secs, DOP, fix)"),
            klv("GPSU", "U", 16, 1, f"180726180320.{100 * second % 1000:03d}".encode().ljust(16, b"\0")),
            whole("GPSF", 3),
            klv("UNIT", "c", 3, 9, b"degdegm\0\0m/sm/s\0\0\0s\0\0\0\0\0\0\0\0"),
            words("TYPE", "lllllllSS"),
            klv("SCAL", "l", 4, 9, struct.pack(">9l", 10**7, 10**7, 1000, 1000, 100, 1, 1000, 100, 1)),
            klv("GPS9", "?", 32, 2, raw),
        )

    path = tmp_path / "gps.mp4"
    clip(path, [payload(gps9(0)), payload(gps9(1))], video=False)
    (bundle,), _, files = read(Gopro(), path, context_in(tmp_path / "scratch"))
    assert bundle.sample.epoch_ns is not None
    assert int(bundle.sample.epoch_ns) // 10**9 in {1532628199, 1532628200}
    assert bundle.sample.source["epoch"].startswith("GPS time (GPSU) of 2 payloads, +-0.")
    fixes = stream_named(bundle, "GPS9")
    table = columns_of(files, fixes)
    assert table["Lat [deg]"][0] == 37.720899
    assert np.diff(table["device_ns"]).tolist() == [100_000_000, 900_000_000, 100_000_000]
    assert (fixes.timing.gaps[0].stamp, fixes.timing.gaps[0].count) == (Stamp.DEVICE, 4)


def test_the_cameras_own_stamps_are_kept_beside_the_spread_ones(tmp_path: Path) -> None:
    def stamped(start_us: int) -> bytes:
        micro = klv("STMP", "J", 8, 1, struct.pack(">Q", start_us))
        return payload(stream(micro, words("STNM", "Gyroscope (z,x,y)"), shorts("GYRO", rows(4))))

    path = tmp_path / "stamped.mp4"
    clip(path, [stamped(50_000), stamped(1_048_000), stamped(2_048_000)], video=False)
    (bundle,), _, files = read(Gopro(), path, context_in(tmp_path / "scratch"))
    table = columns_of(files, stream_named(bundle, "GYRO"))
    assert table["device_ns"].tolist()[:5] == [0, 249_500_000, 499_000_000, 748_500_000, 998_000_000]
    assert table["time_ns"].tolist()[4] == 1_001_000_000


def test_the_gps_time_of_payloads_is_kept_beside_the_spread_times(tmp_path: Path) -> None:
    def fixes(second: int) -> bytes:
        about = [klv("GPSU", "U", 16, 1, f"18072618032{second}.000".encode()), whole("GPSF", 3)]
        return payload(stream(*about, words("STNM", "GPS (Lat., Long.)"), shorts("GPS5", [(1, 2), (3, 4)])))

    path = tmp_path / "gpsu.mp4"
    clip(path, [fixes(0), fixes(1), fixes(2)], video=False)
    (bundle,), _, files = read(Gopro(), path, context_in(tmp_path / "scratch"))
    table = columns_of(files, stream_named(bundle, "GPS5"))
    assert np.diff(table["device_ns"]).tolist() == [500_000_000] * 5
    assert table["device_ns"][2] - table["time_ns"][2] == 0
    (gap,) = stream_named(bundle, "GPS5").timing.gaps
    assert (gap.count, abs(gap.median_ns) <= 1_500_000) == (6, True)
    state = columns_of(files, stream_named(bundle, "Camera state"))
    assert (state["time_ns"].tolist(), state["fix"].tolist()) == (
        [0, 1_001_000_000, 2_002_000_000],
        [3, 3, 3],
    )


def test_two_devices_with_one_key_are_told_apart(tmp_path: Path) -> None:
    both = payload(accelerometer(rows(2), total=2)) + payload(
        accelerometer(rows(3), total=3), device=2, name="Drone"
    )
    path = tmp_path / "two.raw"
    path.write_bytes(both * 2)
    (bundle,), problems, files = read(Gopro(), path, context_in(tmp_path / "scratch"))
    names = {one.source["device"]: len(columns_of(files, one)["time_ns"]) for one in of(bundle, Stream)}
    assert names == {"Camera": 4, "Drone": 6}
    assert [problem.code for problem in problems] == ["time_assumed"]
    assert "2 payloads" in problems[0].message


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (klv("ACCL", "s", 6, 100, bytes(6)), "bad_klv"),
        (b"\x01\x02\x03\x04" + bytes(8), "bad_klv"),
        (klv("SCAL", "s", 2, 1, b"\0\0") + shorts("ACCL", rows(2)), "bad_scale"),
        (klv("SCAL", "s", 2, 2, b"\0\1\0\1") + shorts("ACCL", rows(2)), "bad_scale"),
        (words("TYPE", "zz") + klv("STAT", "?", 4, 2, bytes(8)), "bad_values"),
        (klv("ODD_", "x", 4, 1, bytes(4)), "bad_values"),
    ],
)
def test_a_damaged_stream_is_named_and_the_others_are_read(tmp_path: Path, body: bytes, code: str) -> None:
    path = tmp_path / "bad.mp4"
    clip(
        path,
        [
            payload(accelerometer(rows(4), total=4)),
            payload(stream(whole("TSMP", 8)) + klv("STRM", "", 1, len(body), body)),
        ],
        video=False,
    )
    (bundle,), problems, _ = read(Gopro(), path, context_in(tmp_path / "scratch"))
    stream_named(bundle, "ACCL")
    assert code in {problem.code for problem in problems}
    assert all("payload 1" in problem.where for problem in problems)


def test_a_tree_of_endless_depth_or_width_is_bounded() -> None:
    deep = shorts("ACCL", rows(1))
    for _ in range(200):
        deep = nest("STRM", deep)
    troubles = Troubles("deep")
    (item,) = parse(deep, troubles, spot="payload 0")
    depth = 0
    while item.items:
        item, depth = item.items[0], depth + 1
    assert depth <= MAX_DEPTH
    assert [problem.code for problem in troubles.told()] == ["bad_klv"]
    wide = klv("ABCD", "B", 1, 0, b"") * (MAX_ITEMS + 5000)
    troubles = Troubles("wide")
    assert len(parse(wide, troubles, spot="payload 0")) == MAX_ITEMS
    assert [problem.code for problem in troubles.told()] == ["too_large"]


@settings(max_examples=80)
@given(st.binary(max_size=200), st.integers(0, 400), st.binary(max_size=6))
def test_no_bytes_crash_the_parser(noise: bytes, at: int, patch: bytes) -> None:
    good = bytearray(payload(accelerometer(rows(4), total=4)))
    good[at : at + len(patch)] = patch
    for raw in (noise, bytes(good)):
        for item in parse(raw, Troubles("x"), spot="payload 0"):
            assert len(item.raw) == (item.size * item.repeat if item.kind else 0)


def test_a_clip_without_telemetry_is_refused_and_others_are_read(tmp_path: Path) -> None:
    root = tmp_path / "clips"
    root.mkdir()
    clip(root / "good.mp4", [payload(accelerometer(rows(4), total=4))], video=False)
    clip(root / "plain.mp4", [b"\0\0\0\1"])
    (root / "cut.mp4").write_bytes((root / "good.mp4").read_bytes()[:60])
    (root / "text.mp4").write_text("<html>not found</html>")
    bundles, problems, _ = read(Gopro(), root, context_in(tmp_path / "scratch"))
    assert [bundle.sample.key for bundle in bundles] == ["good"]
    assert {(problem.where, problem.code, problem.rejected) for problem in problems} == {
        ("plain.mp4", "no_telemetry", True),
        ("cut.mp4", "unreadable", True),
        ("text.mp4", "unreadable", True),
    }


def test_a_folder_without_clips_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(InvalidInput, match="no GoPro clips"):
        read(Gopro(), tmp_path / "none", context_in(tmp_path / "scratch"))


def test_names_of_columns_come_from_the_title() -> None:
    assert column_names("GPS (Lat., Long., Alt.)", 3) == ("Lat", "Long", "Alt")
    assert column_names("Exposure time (shutter speed)", 1) == ("shutter speed",)
    assert column_names("Attitude", 2) == ("Attitude 1", "Attitude 2")


def test_gps_time_is_utc() -> None:
    assert utc_ns("170417173103.250") == 1492450263250000000
    assert utc_ns("179917173103.000") is None
    assert utc_ns("soon") is None


def test_a_real_clip_has_the_documented_counts_and_times(tmp_path: Path) -> None:
    path = real("driving/gopro_gpmf/karma.mp4")
    (bundle,), problems, files = read(Gopro(), path, context_in(tmp_path / "scratch"))
    assert [problem for problem in problems if problem.rejected] == []
    accel, gyro = (columns_of(files, stream_named(bundle, name)) for name in ("ACCL", "GYRO"))
    assert (len(accel["time_ns"]), len(gyro["time_ns"])) == (2397, 4795)
    assert stream_named(bundle, "GYRO").source["axes"] == "z, x, y"
    assert 195 < 2397 / (accel["time_ns"][-1] / 1e9) < 205
    assert not any(one.name.startswith("GPS5") for one in of(bundle, Stream))
    with av.open(str(path)) as container:
        packets = [
            packet
            for packet in container.demux(container.streams[3])
            if packet.size and packet.pts is not None
        ]
        starts = [int(packet.pts * packet.time_base * 10**9) for packet in packets if packet.pts is not None]
        firsts = [bytes(packet) for packet in packets]
    assert len(packets) == 13
    assert set(starts) <= set(accel["time_ns"].tolist())
    at = firsts[0].index(b"ACCL") + 8
    first = struct.unpack(">3h", firsts[0][at : at + 6])
    np.testing.assert_allclose([accel[name][0] for name in list(accel)[1:]], np.array(first) / 418)
    assert {one.modality for one in of(bundle, Stream)} == {Modality.VIDEO, Modality.AUDIO, Modality.SERIES}
    # The video ends after 362 frames of 29.97; the telemetry must not run on for the whole last payload.
    assert abs(gyro["time_ns"][-1] - 362 * 1001 / 30000 * 1e9) < 20e6


def test_real_raw_payloads_have_their_counts_and_units(tmp_path: Path) -> None:
    path = real("driving/gopro_gpmf/hero5.raw")
    (bundle,), problems, files = read(Gopro(), path, context_in(tmp_path / "scratch"))
    counts = {one.name: len(columns_of(files, one)["time_ns"]) for one in of(bundle, Stream)}
    assert counts == {"Camera state": 1, "ACCL": 199, "GYRO": 399, "GPS5": 18, "ISOG": 24, "SHUT": 24}
    assert bundle.sample.epoch_ns == "1492450263000000000"
    gps = columns_of(files, stream_named(bundle, "GPS5"))
    assert list(gps)[1:] == ["Lat [deg]", "Long [deg]", "Alt [m]", "2D speed [m/s]", "3D speed [m/s]"]
    state = columns_of(files, stream_named(bundle, "Camera state"))
    assert (state["fix"][0], state["dilution of precision"][0]) == (3.0, 6.06)
    raw = path.read_bytes()
    at = raw.index(b"GPS5") + 8
    assert gps["Lat [deg]"][0] == struct.unpack(">l", raw[at : at + 4])[0] / 10**7
    assert [problem.code for problem in problems] == ["time_assumed"]
