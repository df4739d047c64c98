"""The columnar form of the tables. Rule C14."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.checks.scenes import captioned, driving, shifted_clock

from braid.base.errors import NotFound
from braid.checks.catalogue import check_infos
from braid.checks.columns import SCHEMA, columns_of
from braid.checks.tables import Tables

TYPES: dict[str, type | tuple[type, ...]] = {
    "VARCHAR": str,
    "BIGINT": int,
    "DOUBLE": (int, float),
    "BOOLEAN": bool,
}


@pytest.mark.parametrize("name", sorted(SCHEMA))
def test_C14_values_have_the_types_of_their_columns(name: str) -> None:
    records = {**driving(), "clock": shifted_clock("mic", 5)}
    columns = columns_of(Tables.build(records.values(), texts={"cam": "not a text"}), name)
    assert [*columns] == [column.name for column in SCHEMA[name]]
    assert len({len(values) for values in columns.values()}) == 1
    assert len(next(iter(columns.values()))) > 0
    for column in SCHEMA[name]:
        for value in columns[column.name]:
            assert value is None or isinstance(value, TYPES[column.type])


def test_C14_times_are_on_the_timeline_and_bounds_in_pixels() -> None:
    records = {**driving(), "clock": shifted_clock("mic", 2_000_000_000)}
    rows = columns_of(Tables.build(records.values()), "annotations")
    horn, box, cuboid = (rows["id"].index(name) for name in ("horn", "box", "cuboid"))
    assert (rows["t_start_ns"][horn], rows["t_end_ns"][horn]) == (2_000_000_000, 3_000_000_000)
    assert (rows["x0_px"][box], rows["y1_px"][box], rows["x0_px"][cuboid]) == (744.4, 494.4, None)
    assert (rows["x_m"][cuboid], rows["region"][cuboid]) == (20.0, "cuboid")


def test_C14_only_samples_in_scope_and_only_known_tables() -> None:
    tables = Tables.build(captioned().values(), scope=["elsewhere"])
    assert columns_of(tables, "annotations")["id"] == []
    assert len(columns_of(tables, "classes")["id"]) > 30
    with pytest.raises(NotFound):
        columns_of(tables, "annotation")


def test_C14_checks_read_tables_of_the_schema() -> None:
    assert {name for info in check_infos() for name in info.reads} <= set(SCHEMA)


def test_C14_the_specification_prints_the_schema() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "spec" / "columns.md").read_text(encoding="utf-8")
    for name, columns in SCHEMA.items():
        assert f"## `{name}`" in text
        for column in columns:
            assert f"| `{column.name}` | {column.type} | {column.about} |" in text
