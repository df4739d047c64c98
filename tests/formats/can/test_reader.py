"""CAN logs as samples: streams by message, raw bytes where no database speaks, clocks, options, damage."""

from pathlib import Path
from typing import Any

import can
import cantools
import numpy as np
import pytest
from tests.formats.capture_kit import context_in, of, read, real
from tests.formats.series_kit import columns_of, stream_named, told

from braid.base.errors import InvalidInput
from braid.formats.can import Can
from braid.model.records import Sampling, Stream
from braid.model.timing import Stamp, Timescale

DBC = """BO_ 291 WHEEL: 4 X
 SG_ SPEED : 0|16@1+ (0.5,0) [0|0] "km/h" X
 SG_ GEAR : 16|8@1+ (1,0) [0|0] "" X
 SG_ LATE : 24|8@1+ (1,0) [0|0] "" X

VAL_ 291 GEAR 0 "park" 1 "drive" ;
"""
LOG = """(1700000000.000000) can0 123#02000105
(1700000000.000250) can0 00000123#FF
(1700000000.100000) can0 123#0400
(1700000000.200000) can0 123#060001FF T
(1700000000.200001) can0 200#R4
(1700000000.300000) can0 20000004#0000000000000000
"""


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    root = tmp_path / "drive"
    root.mkdir()
    (root / "drive.log").write_text(LOG)
    (root / "car.dbc").write_text(DBC)
    return root


def test_a_message_is_a_series_of_its_signals(drive: Path, tmp_path: Path) -> None:
    (bundle,), problems, files = read(Can(), drive, context_in(tmp_path / "scratch"))
    assert bundle.sample.key == "drive"
    assert bundle.sample.epoch_ns == "1700000000000000000"
    assert {one.name for one in of(bundle, Stream)} == {
        "can0/WHEEL",
        "can0/undecoded",
        "can0/remote frames",
        "can0/error frames",
    }
    wheel = stream_named(bundle, "can0/WHEEL")
    table = columns_of(files, wheel)
    assert list(table) == ["time_ns", "SPEED [km/h]", "GEAR", "LATE", "tx"]
    assert table["time_ns"].tolist() == [0, 100_000_000, 200_000_000]
    assert table["SPEED [km/h]"].tolist() == [1.0, 2.0, 3.0]
    np.testing.assert_array_equal(table["GEAR"], [1, np.nan, 1])
    np.testing.assert_array_equal(table["LATE"], [5, np.nan, 255])
    assert table["tx"].tolist() == [0, 0, 1]
    assert wheel.source["choices:GEAR"] == "0=park, 1=drive"
    assert (wheel.source["id"], wheel.source["database"], wheel.source["bus"]) == ("0x123", "car.dbc", "can0")
    timing = wheel.timing
    assert (timing.timescale, timing.stamp, timing.period_ns) == (Timescale.UTC, Stamp.LOG, 100_000_000)
    assert timing.zero_ns == "1700000000000000000"
    assert [problem.rejected for problem in problems] == [False, False]
    assert "1 of 3 frames are shorter" in told(problems, "short_frames")[0].message


def test_an_id_of_29_bits_is_another_message(drive: Path, tmp_path: Path) -> None:
    (bundle,), problems, files = read(Can(), drive, context_in(tmp_path / "scratch"))
    raw = stream_named(bundle, "can0/undecoded")
    table = columns_of(files, raw)
    assert (table["id"].tolist(), table["byte 0"].tolist(), raw.source["id_bits"]) == ([0x123], [255], "29")
    assert "0x123" in told(problems, "undecoded")[0].message


def test_error_and_remote_frames_are_events_of_their_own(drive: Path, tmp_path: Path) -> None:
    (bundle,), _, files = read(Can(), drive, context_in(tmp_path / "scratch"))
    remote, errors = (stream_named(bundle, f"can0/{kind} frames") for kind in ("remote", "error"))
    assert (remote.sampling, errors.sampling) == (Sampling.EVENT, Sampling.EVENT)
    assert columns_of(files, remote)["length [B]"].tolist() == [4]
    assert list(columns_of(files, remote)) == ["time_ns", "id", "length [B]"]
    assert columns_of(files, errors)["id"].tolist() == [4]
    assert columns_of(files, errors)["time_ns"].tolist() == [300_000_000]


def test_R13_without_a_database_every_byte_is_kept(drive: Path, tmp_path: Path) -> None:
    (drive / "car.dbc").unlink()
    (bundle,), problems, files = read(Can(), drive, context_in(tmp_path / "a"))
    table = columns_of(files, stream_named(bundle, "can0/undecoded"))
    assert table["time_ns"].tolist() == [0, 250_000, 100_000_000, 200_000_000]
    np.testing.assert_array_equal(table["byte 3"], [5, np.nan, np.nan, 255])
    assert table["extended"].tolist() == [0, 1, 0, 0]
    assert "no database was given" in told(problems, "undecoded")[0].message
    (bundle,), _, _ = read(Can(), drive, context_in(tmp_path / "b", undecoded="ids"))
    assert stream_named(bundle, "can0/0x123").source["frames"] == "3"
    assert stream_named(bundle, "can0/0x00000123").source["frames"] == "1"


def test_R13_a_damaged_database_costs_only_what_is_damaged(drive: Path, tmp_path: Path) -> None:
    (drive / "car.dbc").write_text('BO_ 1075054137 ODD: 8 X\n SG_ A : 0|8@1+ (1,0) [0|0] "" X\n\n' + DBC)
    (bundle,), problems, _ = read(Can(), drive, context_in(tmp_path / "scratch"))
    assert stream_named(bundle, "can0/WHEEL").facts is not None
    (bad,) = told(problems, "bad_id")
    assert (bad.where, bad.rejected) == ("car.dbc, line 1", True)


def test_a_named_database_is_looked_for_in_the_folder_only(drive: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.dbc").write_text(DBC)
    (drive / "other.dbc").write_text(DBC.replace("WHEEL", "OTHER"))
    (bundle,), _, _ = read(Can(), drive, context_in(tmp_path / "a", dbc="other.dbc"))
    stream_named(bundle, "can0/OTHER")
    with pytest.raises(InvalidInput, match="out of the import folder"):
        read(Can(), drive, context_in(tmp_path / "b", dbc="../outside.dbc"))
    with pytest.raises(InvalidInput, match="no such database"):
        read(Can(), drive, context_in(tmp_path / "c", dbc="absent.dbc"))


def test_a_single_log_takes_the_databases_of_its_own_folder(drive: Path, tmp_path: Path) -> None:
    (drive / "deep").mkdir()
    (drive / "deep" / "far.dbc").write_text(DBC.replace("WHEEL", "FAR"))
    (bundle,), _, _ = read(Can(), drive / "drive.log", context_in(tmp_path / "scratch"))
    assert bundle.sample.key == "drive"
    assert stream_named(bundle, "can0/WHEEL").source["database"] == "car.dbc"


def test_the_database_that_knows_most_of_a_bus_speaks_first(drive: Path, tmp_path: Path) -> None:
    (drive / "a.dbc").write_text('BO_ 291 WRONG: 4 X\n SG_ S : 0|8@1+ (1,0) [0|0] "" X\n')
    more = '\nBO_ 512 MORE: 4 X\n SG_ S : 0|8@1+ (1,0) [0|0] "" X\n'
    (drive / "car.dbc").write_text(DBC + more)
    (drive / "drive.log").write_text(LOG + "(1700000001.0) can0 200#01020304\n")
    (bundle,), _, _ = read(Can(), drive, context_in(tmp_path / "scratch"))
    assert {one.name for one in of(bundle, Stream)} >= {"can0/WHEEL", "can0/MORE"}


def test_R12_wall_time_becomes_utc_only_with_an_offset(tmp_path: Path) -> None:
    root = tmp_path / "asc"
    root.mkdir()
    (root / "a.asc").write_text(
        "date Sam Sep 30 15:06:13.191 2017\nbase hex timestamps absolute\n 2.5 1 123 Rx d 1 00\n"
    )
    (bundle,), problems, _ = read(Can(), root, context_in(tmp_path / "a"))
    assert bundle.sample.epoch_ns is None
    assert of(bundle, Stream)[0].timing.zero_ns == "2500000000"
    assert of(bundle, Stream)[0].timing.timescale is Timescale.MONOTONIC
    assert 'began at "Sam Sep 30' in told(problems, "no_time_zone")[0].message
    (bundle,), problems, _ = read(Can(), root, context_in(tmp_path / "b", utc_offset="+02:00"))
    assert bundle.sample.epoch_ns == str(1506783973191000000 - 2 * 3600 * 10**9 + 2_500_000_000)
    assert told(problems, "no_time_zone") == []
    with pytest.raises(InvalidInput, match="offset from UTC"):
        read(Can(), root, context_in(tmp_path / "c", utc_offset="CEST"))


def test_a_log_of_endless_buses_and_ids_stays_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("braid.formats.can.spool.MAX_BUSES", 3)
    monkeypatch.setattr("braid.formats.can.spool.MAX_GROUPS", 5)
    path = tmp_path / "noise.log"
    path.write_text("".join(f"({n}.0) can{n} {n:03X}#{n:02X}\n" for n in range(50)))
    (bundle,), problems, files = read(Can(), path, context_in(tmp_path / "scratch", undecoded="ids"))
    found = [columns_of(files, one) for one in of(bundle, Stream)]
    assert len(found) <= 7
    assert sorted(value for table in found for value in table["byte 0"].tolist()) == list(range(50))
    assert "47 frames" in told(problems, "too_many_buses")[0].message


def test_frames_out_of_order_are_put_in_order_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "mixed.log"
    path.write_text("(10.0) can0 123#00\n(12.0) can0 123#02\n(11.0) can0 123#01\n")
    (bundle,), problems, files = read(Can(), path, context_in(tmp_path / "scratch"))
    table = columns_of(files, of(bundle, Stream)[0])
    assert (table["time_ns"].tolist(), table["byte 0"].tolist()) == ([0, 10**9, 2 * 10**9], [0, 1, 2])
    assert "1 frames are stamped earlier" in told(problems, "unsorted")[0].message


def test_a_stamp_far_from_the_others_does_not_move_the_start(tmp_path: Path) -> None:
    path = tmp_path / "far.log"
    lines = [f"(1700000000.{n}) can0 123#0{n}\n" for n in range(5)]
    path.write_text("".join([*lines, "(5.0) can0 123#07\n"]))
    (bundle,), problems, files = read(Can(), path, context_in(tmp_path / "scratch"))
    assert bundle.sample.epoch_ns == "1700000000000000000"
    assert len(columns_of(files, of(bundle, Stream)[0])["time_ns"]) == 5
    (far,) = told(problems, "far_time")
    assert far.rejected


def test_a_log_without_frames_is_refused_and_the_others_are_read(drive: Path, tmp_path: Path) -> None:
    (drive / "empty.log").write_text("nothing here\n")
    bundles, problems, _ = read(Can(), drive, context_in(tmp_path / "scratch"))
    assert [bundle.sample.key for bundle in bundles] == ["drive"]
    assert [problem.where for problem in problems if problem.rejected] == ["empty.log, line 1", "empty.log"]


def test_logs_of_one_stem_have_keys_of_their_own(tmp_path: Path) -> None:
    root = tmp_path / "two"
    root.mkdir()
    (root / "a.log").write_text("(1.0) can0 123#00\n")
    (root / "a.asc").write_text("base hex timestamps absolute\n 2.5 1 123 Rx d 1 00\n")
    bundles, _, _ = read(Can(), root, context_in(tmp_path / "scratch"))
    assert [bundle.sample.key for bundle in bundles] == ["a-asc", "a-log"]


def test_a_folder_without_logs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(InvalidInput, match="no CAN logs"):
        read(Can(), tmp_path / "none", context_in(tmp_path / "scratch"))


def test_more_frames_than_fit_the_buffer_come_out_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("braid.formats.can.spool.FLUSH_FRAMES", 100)
    monkeypatch.setattr("braid.formats.can.spool.CHUNK_FRAMES", 70)
    path = tmp_path / "long.log"
    path.write_text("".join(f"({n}.5) can{n % 3} {n % 7:03X}#{n % 256:02X}\n" for n in range(2000)))
    (bundle,), _, files = read(Can(), path, context_in(tmp_path / "scratch"))
    found = [columns_of(files, one) for one in of(bundle, Stream)]
    assert sum(len(table["id"]) for table in found) == 2000
    for table in found:
        second = table["time_ns"] // 10**9
        np.testing.assert_array_equal(table["byte 0"], second % 256)
        np.testing.assert_array_equal(table["id"], second % 7)


def test_a_real_log_equals_python_can_and_cantools(tmp_path: Path) -> None:
    root = tmp_path / "real"
    root.mkdir()
    log = root / "drive.log"
    log.write_bytes(real("formats/can/comma_bus01_candump.log").read_bytes())
    database = root / "toyota.dbc"
    database.write_bytes(real("driving/comma2k19_segment/toyota_2017.dbc").read_bytes())
    (bundle,), problems, files = read(Can(), root, context_in(tmp_path / "scratch"))
    assert [problem for problem in problems if problem.rejected] == []
    theirs: Any = cantools.database.load_file(str(database), strict=False)
    with can.LogReader(str(log)) as reader:
        messages = list(reader)
    zero_ns = int(of(bundle, Stream)[0].timing.zero_ns)
    streams = {one.name: columns_of(files, one) for one in of(bundle, Stream)}
    assert sum(len(table["time_ns"]) for table in streams.values()) == len(messages) == 8233
    seen: dict[str, int] = {}
    for message in messages:
        try:
            known = theirs.get_message_by_frame_id(message.arbitration_id)
        except KeyError:
            continue
        name = f"{message.channel}/{known.name}"
        place = seen.get(name, 0)
        seen[name] = place + 1
        table = streams[name]
        assert abs(table["time_ns"][place] + zero_ns - message.timestamp * 1e9) < 1000
        for signal, value in known.decode(message.data, decode_choices=False).items():
            unit = known.get_signal_by_name(signal).unit
            assert table[f"{signal} [{unit}]" if unit else signal][place] == float(value)
    assert len(seen) >= 20
    assert all(len(streams[name]["time_ns"]) == count for name, count in seen.items())
