"""A numeric series on its way to one Parquet asset, in bounded memory: rows go to scratch, DuckDB sorts and writes them.

Columns of the asset: `time_ns` (media time), then the stamps that exist as `device_ns`, `publish_ns`, `log_ns`, then
the values, named `name [unit]`. Rows are in order of time; rows of one time keep the order they came in.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput, LimitExceeded
from braid.formats.seam import Sources

if TYPE_CHECKING:
    import duckdb

Kind = Literal["float64", "int64", "text"]
Ints = NDArray[np.int64]

TIME = "time_ns"
MISSING = -(2**63)
"""An int64 that says there is no value; null in the asset."""

_NAN = float("nan")

MAX_COLUMNS = 400
FLUSH_CELLS = 1 << 15
BLOCK_CELLS = 1 << 20
MEMORY = "192MB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of values. A name that is taken, in whatever case, gets a number."""

    name: str
    unit: str = ""
    kind: Kind = "float64"


class SeriesAsset:
    """Collects rows and makes them one asset. `stamps`: names of further time columns, as `device`."""

    def __init__(self, scratch: Path, columns: Sequence[Column], stamps: Sequence[str] = ()) -> None:
        if len(columns) > MAX_COLUMNS:
            raise LimitExceeded("a series has too many columns", got=len(columns), wanted=f"<= {MAX_COLUMNS}")
        self.columns = tuple(columns)
        self.stamps = tuple(f"{name}_ns" for name in stamps)
        self.count = 0
        taken = {TIME, *self.stamps}
        self._kinds = tuple(column.kind for column in self.columns)
        self._names = tuple(_unique(column, taken) for column in self.columns)
        self._texts = tuple(place for place, column in enumerate(self.columns) if column.kind == "text")
        fields: list[tuple[str, str]] = [("f0", "<i8"), *((f"s{i}", "<i8") for i in range(len(self.stamps)))]
        fields += [
            (f"v{place}", "<f8" if column.kind == "float64" else "<i8")
            for place, column in enumerate(self.columns)
            if column.kind != "text"
        ]
        self._row = np.dtype(fields)
        self._buffer = np.zeros(max(1, FLUSH_CELLS // len(fields)), dtype=self._row)
        self._filled = 0
        self._lines: list[str] = []
        self._folder = scratch
        self._stem = f"series-{id(self):x}"
        self._sorted = True
        self._last = MISSING

    def add(
        self, time_ns: int, values: Sequence[float | str | None], stamps: Sequence[int | None] = ()
    ) -> None:
        """One row. None is a missing value. Raises InvalidInput when the row has another width."""
        if len(values) != len(self.columns) or len(stamps) != len(self.stamps):
            raise InvalidInput(
                "a row does not fit its series",
                got=f"{len(values)} values, {len(stamps)} stamps",
                wanted=f"{len(self.columns)} values, {len(self.stamps)} stamps",
            )
        row: list[float] = [time_ns, *(MISSING if stamp is None else stamp for stamp in stamps)]
        texts: list[str | None] = []
        for kind, value in zip(self._kinds, values, strict=True):
            if kind == "float64":
                row.append(_NAN if value is None else float(value))
            elif kind == "text":
                texts.append(None if value is None else str(value))
            else:
                row.append(MISSING if value is None else _int64(value))
        self._buffer[self._filled] = tuple(row)
        self._filled += 1
        self._sorted = self._sorted and time_ns >= self._last
        self._last = time_ns
        self.count += 1
        if texts:
            self._lines.append(json.dumps(texts) + "\n")
        if self._filled == len(self._buffer):
            self._flush()

    def add_many(self, times_ns: Ints, values: Sequence[NDArray[Any]], stamps: Sequence[Ints] = ()) -> None:
        """Many rows at once: times (N,), then one array (N,) per column and per stamp."""
        count = len(times_ns)
        if (
            len(values) != len(self.columns)
            or len(stamps) != len(self.stamps)
            or any(len(one) != count for one in (*values, *stamps))
        ):
            raise InvalidInput(
                "columns do not fit their series", wanted=f"{len(self.columns)} columns of {count} rows"
            )
        self._flush()
        step = len(self._buffer)
        for start in range(0, count, step):
            part = slice(start, min(count, start + step))
            block = self._buffer[: part.stop - part.start]
            block["f0"] = times_ns[part]
            for place, stamp in enumerate(stamps):
                block[f"s{place}"] = stamp[part]
            for place, (column, value) in enumerate(zip(self.columns, values, strict=True)):
                if column.kind != "text":
                    block[f"v{place}"] = value[part]
            if self._texts:
                rows = zip(*(values[place][part] for place in self._texts), strict=True)
                self._lines += [
                    json.dumps([None if cell is None else str(cell) for cell in row]) + "\n" for row in rows
                ]
            self._filled = len(block)
            self._flush()
        if count:
            ascending = int(times_ns[0]) >= self._last and bool((times_ns[1:] >= times_ns[:-1]).all())
            self._sorted = self._sorted and ascending
            self._last = int(times_ns[-1])
            self.count += count

    def times(self) -> dict[str, Ints]:
        """What was added so far as absolute columns by name: `time_ns` and the stamps, (N,) each."""
        self._flush()
        if not self.count:
            return {name: np.zeros(0, dtype=np.int64) for name in (TIME, *self.stamps)}
        rows = np.memmap(self._raw, dtype=self._row, mode="r")
        fields = ("f0", *(f"s{place}" for place in range(len(self.stamps))))
        return {name: np.array(rows[field]) for name, field in zip((TIME, *self.stamps), fields, strict=True)}

    def finish(
        self,
        files: Sources,
        *,
        times_ns: Ints | None = None,
        stamps_ns: Mapping[str, Ints] | None = None,
        without: Collection[str] = (),
    ) -> str | None:
        """The asset's digest, None when there are no rows; what lay in scratch beside it is gone.

        times_ns: the media time of each row in the order they came, instead of what was added.
        stamps_ns: likewise for stamps, by their names without `_ns`, MISSING where there is none. without: stamps to
        leave out.
        """
        self._flush()
        made = self._folder / f"{self._stem}.parquet"
        try:
            if not self.count:
                return None
            self._write(made, times_ns, stamps_ns or {}, {f"{name}_ns" for name in without})
            digest = files.asset(made)
            kept = self._folder / f"{digest}.parquet"
            made.replace(kept)
            files.assets[digest] = kept
            return digest
        finally:
            for path in (self._raw, self._text, made):
                path.unlink(missing_ok=True)

    @property
    def _raw(self) -> Path:
        return self._folder / f"{self._stem}.rows"

    @property
    def _text(self) -> Path:
        return self._folder / f"{self._stem}.lines"

    def _flush(self) -> None:
        if self._filled:
            with self._raw.open("ab") as out:
                out.write(self._buffer[: self._filled].tobytes())
            self._filled = 0
        if self._lines:
            with self._text.open("a", encoding="utf-8") as out:
                out.writelines(self._lines)
            self._lines = []

    def _write(
        self, made: Path, times_ns: Ints | None, stamps_ns: Mapping[str, Ints], without: set[str]
    ) -> None:
        import duckdb

        ascending = self._sorted if times_ns is None else bool((times_ns[1:] >= times_ns[:-1]).all())
        database = self._folder / f"{self._stem}.duckdb"
        try:
            with duckdb.connect(
                str(database),
                config={"memory_limit": MEMORY, "threads": 1, "temp_directory": f"{database}.tmp"},
            ) as connection:
                for number, block in enumerate(self._blocks(times_ns, stamps_ns)):
                    connection.register("block", block)
                    verb = "INSERT INTO rows" if number else "CREATE TABLE rows AS"
                    connection.execute(f"{verb} SELECT {self._selected(block)} FROM block")  # noqa: S608 - names are quoted
                    connection.unregister("block")
                self._copy(connection, made, without, ascending=ascending)
        finally:
            for path in (database, Path(f"{database}.wal")):
                path.unlink(missing_ok=True)

    def _copy(
        self, connection: duckdb.DuckDBPyConnection, made: Path, without: set[str], *, ascending: bool
    ) -> None:
        kept = [name for name in (TIME, *self.stamps) if name not in without]
        names = ", ".join(_quoted(name) for name in (*kept, *self._names))
        order = "" if ascending else f" ORDER BY {TIME}, rowid"
        rows = f"SELECT {names} FROM rows{order}"  # noqa: S608 - names are quoted
        path = str(made).replace("'", "''")
        connection.execute(
            f"COPY ({rows}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000)"
        )

    def _selected(self, block: dict[str, NDArray[Any]]) -> str:
        """Every column by its place, with MISSING as null, under its name."""
        names = (TIME, *self.stamps, *self._names)
        return ", ".join(
            f"{f'nullif({key}, {MISSING})' if values.dtype == np.int64 else key} AS {_quoted(name)}"
            for (key, values), name in zip(block.items(), names, strict=True)
        )

    def _blocks(
        self, times_ns: Ints | None, stamps_ns: Mapping[str, Ints]
    ) -> Iterator[dict[str, NDArray[Any]]]:
        step = max(1, BLOCK_CELLS // (1 + len(self.stamps) + len(self.columns)))
        lines = self._text.open(encoding="utf-8") if self._texts else None
        try:
            with self._raw.open("rb") as source:
                for start in range(0, self.count, step):
                    rows = np.fromfile(source, dtype=self._row, count=min(step, self.count - start))
                    block: dict[str, NDArray[Any]] = {
                        "f0": rows["f0"].copy() if times_ns is None else times_ns[start : start + len(rows)]
                    }
                    for place, name in enumerate(self.stamps):
                        given = stamps_ns.get(name.removesuffix("_ns"))
                        block[f"s{place}"] = (
                            rows[f"s{place}"].copy() if given is None else given[start : start + len(rows)]
                        )
                    texts = None if lines is None else _columns_of(lines, len(rows), len(self._texts))
                    for place in range(len(self.columns)):
                        if texts is not None and place in self._texts:
                            block[f"v{place}"] = texts[self._texts.index(place)]
                        else:
                            block[f"v{place}"] = rows[f"v{place}"].copy()
                    yield block
        finally:
            if lines is not None:
                lines.close()


def _columns_of(lines: Iterator[str], count: int, width: int) -> list[NDArray[Any]]:
    columns = [np.empty(count, dtype=object) for _ in range(width)]
    for row in range(count):
        for column, cell in zip(columns, json.loads(next(lines)), strict=True):
            column[row] = cell
    return columns


def _unique(column: Column, taken: set[str]) -> str:
    stem = column.name.strip() or "value"
    number = 1
    while True:
        name = (stem if number == 1 else f"{stem} {number}") + (f" [{column.unit}]" if column.unit else "")
        if name.casefold() not in taken:
            taken.add(name.casefold())
            return name
        number += 1


def _int64(value: float | str) -> int:
    whole = int(value)
    if not -(2**63) < whole < 2**63:
        raise InvalidInput("a whole number does not fit 64 bits", got=whole)
    return whole


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""').replace("\x00", "") + '"'
