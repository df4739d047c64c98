from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.media.shared import shared_file

from braid.base.errors import InvalidInput, LimitExceeded
from braid.media import derive, probe
from braid.media.series import read_summary
from braid.media.series_columns import read_window, write_columns
from braid.media.time_columns import exact_ns, find_time_column
from braid.model.records import Modality


def window(path: Path, **params: int) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(derive("series", path, **params))  # type: ignore[arg-type]
    return made


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_times_are_exact_decimals(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "t,speed [m/s]\n0.1,1\n0.3,2.5\n14.327,-3\n")
    made = probe(path)
    assert made.modality is Modality.SERIES
    assert (made.facts.channels, made.facts.units) == (("speed",), ("m/s",))
    assert window(path)["channels"] == [
        {
            "name": "speed",
            "unit": "m/s",
            "t_ns": [100_000_000, 300_000_000, 14_327_000_000],
            "min": [1.0, 2.5, -3.0],
            "max": [1.0, 2.5, -3.0],
        }
    ]


@pytest.mark.parametrize(
    ("text", "unit_ns", "wanted"),
    [
        ("14.327", 10**9, 14_327_000_000),
        ("1724500000123456789", 1, 1_724_500_000_123_456_789),
        ("1.5", 1, 2),
        ("-0.5", 1, 0),
        ("1e3", 10**6, 1_000_000_000),
        ("1e999999999", 1, None),
        ("nan", 1, None),
        ("2025-06-01T00:00:00.000000001Z", 1, 1_748_736_000_000_000_001),
        ("2025-06-01 02:00:00+02:00", 1, 1_748_736_000_000_000_000),
        ("later", 1, None),
    ],
)
def test_numbers_and_instants_become_whole_nanoseconds(text: str, unit_ns: int, wanted: int | None) -> None:
    assert exact_ns(text, unit_ns) == wanted


@pytest.mark.parametrize(
    ("name", "value", "unit_ns"),
    [
        ("t", "1.5", 10**9),
        ("time_ms", "15", 10**6),
        ("Timestamp [us]", "15", 10**3),
        ("timestamp_ns", "15", 1),
        ("utime", "1532402927612460", 10**3),
        ("timestamp", "1532402927612460000", 1),
        ("timestamp", "1532402927612460", 10**3),
        ("time", "1532402927612", 10**6),
        ("time", "1532402927.5", 10**9),
    ],
)
def test_the_time_column_is_found_by_name(name: str, value: str, unit_ns: int) -> None:
    found = find_time_column(["speed", name], [["3", value]], where="a.csv")
    assert (found.index, found.unit_ns) == (1, unit_ns)


def test_an_epoch_becomes_media_zero(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "timestamp_ns,x\n1724500000123456789,1\n1724500000123456799,2\n")
    summary = read_summary(path)
    assert (summary.start_ns, summary.end_ns, summary.epoch_ns) == (0, 11, "1724500000123456789")
    assert window(path)["channels"][0]["t_ns"] == [0, 10]


def test_a_european_spreadsheet_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "Zeit;time;Höhe\r\na;0,5;1,25\r\nb;1,5;2,75\r\n", encoding="latin-1")
    made = window(path)
    assert [one["name"] for one in made["channels"]] == ["Höhe"]
    assert made["channels"][0]["t_ns"] == [500_000_000, 1_500_000_000]
    assert made["channels"][0]["max"] == [1.25, 2.75]
    assert read_summary(path).warnings == (("W_COLUMNS_LEFT_OUT", "not numeric: Zeit"),)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_and_tabs_are_read(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "a.tsv", "t\tx\n0\t1\n1\t2\n", encoding=encoding)
    assert window(path)["total"] == 2


def test_few_readings_stay_and_many_become_bins(tmp_path: Path) -> None:
    rows = [(k, (k * 37) % 101) for k in range(1000)]
    path = write(tmp_path / "a.csv", "t_ms,x\n" + "".join(f"{t},{x}\n" for t, x in rows))
    whole = window(path, bins=1000)["channels"][0]
    assert whole["min"] == whole["max"] == [float(x) for _, x in rows]
    coarse = window(path, bins=10, from_ns=0, to_ns=1_000_000_000)["channels"][0]
    assert coarse["t_ns"] == [k * 100_000_000 for k in range(10)]
    for index in range(10):
        values = [x for _, x in rows[index * 100 : index * 100 + 100]]
        assert (coarse["min"][index], coarse["max"][index]) == (min(values), max(values))


def test_a_window_is_half_open(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "t_ns,x\n0,1\n10,2\n20,3\n")
    made = window(path, from_ns=0, to_ns=20)
    assert (made["total"], made["channels"][0]["t_ns"]) == (2, [0, 10])
    with pytest.raises(InvalidInput, match="window is empty"):
        window(path, from_ns=5, to_ns=5)
    with pytest.raises(LimitExceeded):
        window(path, bins=10**9)


def test_ragged_rows_and_holes_are_counted(tmp_path: Path) -> None:
    text = (
        "t,x,y\n" + "".join(f"{k},1,2\n" for k in range(50)) + "50,1\n51,1,2,3\n,1,2\n53,oops,nan\n52,1,1\n"
    )
    summary = read_summary(write(tmp_path / "a.csv", text))
    assert {code for code, _ in summary.warnings} == {
        "W_RAGGED",
        "W_ROWS_WITHOUT_TIME",
        "W_NOT_NUMBERS",
        "W_TIME_UNSORTED",
    }
    assert summary.total == 54


def test_parquet_and_csv_give_the_same_window(tmp_path: Path) -> None:
    rows = "".join(f"{k * 7},{k / 4},{'true' if k % 2 else 'false'}\n" for k in range(500))
    write(tmp_path / "a.csv", "t_ms,speed,brake\n" + rows.replace("true", "1").replace("false", "0"))
    source = write(tmp_path / "b.csv", "t_ms,speed,brake\n" + rows)
    with duckdb.connect() as connection:
        connection.read_csv(str(source)).write_parquet(str(tmp_path / "a.parquet"))
    assert probe(tmp_path / "a.parquet").facts.codec == "parquet"
    assert window(tmp_path / "a.parquet", bins=20) == window(tmp_path / "a.csv", bins=20)


def test_parquet_timestamps_keep_their_nanoseconds(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    with duckdb.connect() as connection:
        connection.sql(
            "SELECT make_timestamp_ns(1724500000123456789 + 5 * i) AS stamp, i AS x, [i] AS nested FROM range(3) r(i)"
        ).write_parquet(str(path))
    assert read_summary(path).epoch_ns == "1724500000123456789"
    assert window(path)["channels"][0]["t_ns"] == [0, 5, 10]


def test_tables_without_time_or_numbers_say_so(tmp_path: Path) -> None:
    plain = write(tmp_path / "a.csv", "name,age\nada,36\ngrace,45\n")
    with pytest.raises(InvalidInput, match="no column is a time"):
        probe(plain, modality=Modality.SERIES)
    kept = probe(plain)
    assert (kept.modality, kept.facts.warnings) == (Modality.TEXT, ("W_NOT_A_SERIES",))
    with pytest.raises(InvalidInput, match="numeric"):
        read_summary(write(tmp_path / "b.csv", "t,name\n0,ada\n1,grace\n"))
    with pytest.raises(InvalidInput, match="no rows"):
        read_summary(write(tmp_path / "c.csv", "t,x\n"))


def test_an_endless_line_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "t,x\n0,1\n1," + "9" * (1 << 20) + "\n")
    with pytest.raises(InvalidInput):
        read_summary(path)


@pytest.mark.parametrize("name", ["latin1_semicolon.csv", "utf16.csv", "ragged.csv"])
def test_real_tables_without_times_are_kept_as_text(name: str) -> None:
    assert probe(shared_file(f"broken/{name}")).modality is Modality.TEXT


def test_a_million_readings_are_windowed_without_reading_them_all(tmp_path: Path) -> None:
    """The columns are mapped: a narrow window of a long series allocates little more than what it shows."""
    path = tmp_path / "a.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT i * 1000000 AS time_ns, sin(i / 500.0) AS v FROM range(300000) r(i)) TO '{path}'"
        )
    columns = tmp_path / "columns"
    with columns.open("wb") as out:
        write_columns(path, out)
    tracemalloc.start()
    narrow = read_window(columns, from_ns=10**9, to_ns=2 * 10**9, bins=2000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert narrow.total == 1000
    assert narrow.channels[0].t_ns == [i * 10**6 for i in range(1000, 2000)]
    assert peak < 1_000_000
    assert read_window(columns, from_ns=0, to_ns=10, bins=5, only=[0]).channels[0].t_ns == [0]
    with pytest.raises(InvalidInput, match="no such channel"):
        read_window(columns, from_ns=0, to_ns=10, bins=5, only=[1])
    wide = read_window(columns, from_ns=None, to_ns=None, bins=500)
    assert len(wide.channels[0].t_ns) == 500
    assert (min(wide.channels[0].min), max(wide.channels[0].max)) == pytest.approx((-1, 1), abs=1e-4)


@given(
    rows=st.lists(
        st.tuples(st.integers(-50, 50), st.one_of(st.none(), st.integers(-9, 9))), min_size=1, max_size=60
    ),
    bins=st.integers(1, 12),
    window=st.tuples(st.integers(-60, 60), st.integers(1, 80)),
)
def test_bins_hold_the_least_and_the_greatest_of_their_readings(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[int, int | None]],
    bins: int,
    window: tuple[int, int],
) -> None:
    """Against plain Python, for unsorted times, missing values and windows that lie beside the readings."""
    folder = tmp_path_factory.mktemp("series")
    text = "t_ns,v\n" + "".join(f"{at},{'' if value is None else value}\n" for at, value in rows)
    path = write(folder / "a.csv", text + "1000,1\n")
    columns = folder / "columns"
    with columns.open("wb") as out:
        write_columns(path, out)
    start, length = window
    got = read_window(columns, from_ns=start, to_ns=start + length, bins=bins)
    inside = [(at, value) for at, value in rows if start <= at < start + length]
    known = sorted(((at, value) for at, value in inside if value is not None), key=lambda row: row[0])
    assert got.total == len(inside)
    (channel,) = got.channels
    if len(known) <= bins:
        assert list(zip(channel.t_ns, channel.min, strict=True)) == known
        return
    cells: dict[int, list[tuple[int, int]]] = {}
    for at, value in known:
        cells.setdefault((at - start) * bins // length, []).append((at, value))
    wanted = [
        (held[0][0], min(value for _, value in held), max(value for _, value in held))
        for _, held in sorted(cells.items())
    ]
    assert list(zip(channel.t_ns, channel.min, channel.max, strict=True)) == wanted
