"""Series as assets: exact, sorted, bounded."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from braid.base.errors import InvalidInput, LimitExceeded
from braid.formats.recording.series_asset import MISSING, Column, SeriesAsset
from braid.formats.seam import Sources
from braid.media.series import read_summary
from braid.media.series_columns import read_window, write_columns


def rows_of(files: Sources, digest: str) -> tuple[list[str], list[tuple[object, ...]]]:
    with duckdb.connect(":memory:") as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(files.assets[digest])])
        return [str(column[0]) for column in found.description or ()], found.fetchall()


def test_rows_come_out_by_time_with_their_stamps(tmp_path: Path) -> None:
    files = Sources(tmp_path)
    series = SeriesAsset(
        tmp_path, [Column(name="speed", unit="m/s"), Column(name="gear", kind="int64")], stamps=("device",)
    )
    series.add(20, (2.5, 3), (120,))
    series.add(10, (1.5, None), (None,))
    series.add(20, (float("nan"), 2**62), (121,))
    digest = series.finish(files)
    assert digest is not None
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{digest}.parquet"]
    names, rows = rows_of(files, digest)
    assert names == ["time_ns", "device_ns", "speed [m/s]", "gear"]
    assert rows[0] == (10, None, 1.5, None)
    assert rows[1] == (20, 120, 2.5, 3)
    assert rows[2][0:2] == (20, 121)
    assert rows[2][3] == 2**62


def test_texts_stand_beside_numbers_and_names_do_not_collide(tmp_path: Path) -> None:
    files = Sources(tmp_path)
    series = SeriesAsset(
        tmp_path,
        [
            Column(name="Said", kind="text"),
            Column(name="said", kind="text"),
            Column(name="time_ns"),
            Column(name='a "b"'),
        ],
    )
    series.add(5, ("zwei\n", None, 2.0, 3.0))
    series.add_many(
        np.array([1, 2], dtype=np.int64),
        [np.array(["eins", "x"], dtype=object), np.array([None, "y"], dtype=object), np.ones(2), np.zeros(2)],
    )
    digest = series.finish(files)
    assert digest is not None
    names, rows = rows_of(files, digest)
    assert names == ["time_ns", "Said", "said 2", "time_ns 2", 'a "b"']
    assert [row[:3] for row in rows] == [(1, "eins", None), (2, "x", "y"), (5, "zwei\n", None)]


def test_stamps_are_moved_to_media_time_at_the_end(tmp_path: Path) -> None:
    epoch = 1_700_000_000_123_456_789
    files = Sources(tmp_path)
    series = SeriesAsset(tmp_path, [Column(name="v")], stamps=("device", "log"))
    for step in (1, 0, 2):
        series.add(0, (float(step),), (epoch + step * 10, epoch + step * 10 + 3))
    times = series.times()["device_ns"]
    assert times.tolist() == [epoch + 10, epoch, epoch + 20]
    digest = series.finish(
        files, times_ns=times - epoch, stamps_ns={"device": times - epoch, "log": times - epoch + 3}
    )
    assert digest is not None
    assert rows_of(files, digest)[1] == [(0, 0, 3, 0.0), (10, 10, 13, 1.0), (20, 20, 23, 2.0)]


@settings(max_examples=15)
@given(
    rows=st.lists(
        st.tuples(st.integers(-1000, 1000), st.floats(allow_nan=False), st.integers(-(2**62), 2**62)),
        min_size=1,
        max_size=60,
    ),
    at_once=st.booleans(),
)
def test_one_by_one_and_at_once_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, *, rows: list[tuple[int, float, int]], at_once: bool
) -> None:
    scratch = tmp_path_factory.mktemp("series")
    files = Sources(scratch)
    series = SeriesAsset(scratch, [Column(name="x"), Column(name="n", kind="int64")])
    if at_once:
        series.add_many(
            np.array([row[0] for row in rows], dtype=np.int64),
            [np.array([row[1] for row in rows]), np.array([row[2] for row in rows], dtype=np.int64)],
        )
    else:
        for time_ns, x, n in rows:
            series.add(time_ns, (x, n))
    digest = series.finish(files)
    assert digest is not None
    assert rows_of(files, digest)[1] == sorted(rows, key=lambda row: row[0])


def test_many_rows_cross_the_buffers(tmp_path: Path) -> None:
    files = Sources(tmp_path)
    series = SeriesAsset(tmp_path, [Column(name=f"c{i}") for i in range(40)])
    count = 3000
    for step in range(count):
        series.add(count - step, [float(step)] * 40)
    assert series.count == count
    digest = series.finish(files)
    assert digest is not None
    _, rows = rows_of(files, digest)
    assert [row[0] for row in rows] == list(range(1, count + 1))
    assert rows[0][40] == count - 1


def test_nothing_added_is_no_asset(tmp_path: Path) -> None:
    files = Sources(tmp_path)
    assert SeriesAsset(tmp_path, [Column(name="x")]).finish(files) is None
    assert not files.assets
    assert list(tmp_path.iterdir()) == []


def test_rows_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    series = SeriesAsset(tmp_path, [Column(name="x"), Column(name="n", kind="int64")], stamps=("log",))
    with pytest.raises(InvalidInput, match="does not fit"):
        series.add(1, (1.0,), (1,))
    with pytest.raises(InvalidInput, match="64 bits"):
        series.add(1, (1.0, 2**63), (1,))
    with pytest.raises(InvalidInput, match="do not fit"):
        series.add_many(
            np.zeros(2, dtype=np.int64), [np.zeros(2), np.zeros(1)], [np.zeros(2, dtype=np.int64)]
        )
    with pytest.raises(LimitExceeded):
        SeriesAsset(tmp_path, [Column(name=str(i)) for i in range(1000)])
    assert MISSING == -(2**63)


def test_the_pane_shows_values_and_not_the_other_stamps(tmp_path: Path) -> None:
    files = Sources(tmp_path)
    series = SeriesAsset(
        tmp_path, [Column(name="t"), Column(name="speed", unit="m/s")], stamps=("device", "publish", "log")
    )
    for step in range(5):
        series.add(step * 100, (7.0, float(step)), (step, step, step + 5))
    digest = series.finish(files)
    assert digest is not None
    summary = read_summary(files.assets[digest])
    assert summary.channels == (("t", ""), ("speed", "m/s"))
    assert (summary.start_ns, summary.end_ns, summary.total) == (0, 401, 5)
    assert not summary.warnings
    columns = tmp_path / "columns"
    with columns.open("wb") as out:
        write_columns(files.assets[digest], out)
    window = read_window(columns, from_ns=100, to_ns=300, bins=10)
    assert window.channels[1].t_ns == [100, 200]
    assert window.channels[1].max == [1.0, 2.0]
