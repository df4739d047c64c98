"""Decoded messages as rows of a series: one column per number, in a bounded number of columns."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import numpy as np

from braid.formats.recording.series_asset import Column

MAX_COLUMNS = 256
MAX_ELEMENTS = 36
MAX_PARTS_OF_A_LIST = 4
MAX_DEPTH = 16
MAX_TEXT = 10_000

_SECONDS = ("sec", "secs", "seconds")
_NANOS = ("nanosec", "nsec", "nsecs", "nanos")
_LENGTH = object()
_INSTANT = object()
_UNFIT = object()
_APART = ("header.stamp", "header.frame_id", "child_frame_id", "timestamp", "stamp", "frame_id")
"""Kept elsewhere: as stamps and frames of reference of the stream."""

Path = tuple[Any, ...]


def instant_ns(value: Any) -> int | None:
    """A structure of seconds and nanoseconds, None for anything else. Instants beyond the year 2262 are none.

    >>> instant_ns({"sec": 2, "nanosec": 5})
    2000000005
    """
    if not isinstance(value, Mapping) or len(value) != 2:
        return None
    sec = next((value[name] for name in _SECONDS if name in value), None)
    nanos = next((value[name] for name in _NANOS if name in value), None)
    if not isinstance(sec, int) or not isinstance(nanos, int):
        return None
    at_ns = sec * 10**9 + nanos
    return at_ns if -(2**62) < at_ns < 2**63 - 10**9 else None


def device_ns(value: Mapping[str, Any]) -> int:
    """The stamp that the message itself carries, 0 when it has none."""
    header = value.get("header")
    if isinstance(header, Mapping) and (found := instant_ns(header.get("stamp"))) is not None:
        return max(0, found)
    for name in ("timestamp", "stamp"):
        if (found := instant_ns(value.get(name))) is not None:
            return max(0, found)
    return 0


def frame_of(value: Mapping[str, Any]) -> str:
    """The frame of reference that the message names, without the leading slash of ROS 1."""
    header = value.get("header")
    name = header.get("frame_id") if isinstance(header, Mapping) else value.get("frame_id")
    return name.removeprefix("/")[:200] if isinstance(name, str) else ""


class Flattening:
    """Columns by the first message; `row` gives the values of any message of the channel in that order.

    loose: numbers have no declared type (JSON), so all are floats. left_out: values of the first message that got no
    column. longer: rows that had more elements than columns. unfit: whole numbers beyond 64 bits with sign.
    """

    def __init__(self, first: Mapping[str, Any], *, type_name: str, loose: bool = False) -> None:
        self.columns: list[Column] = []
        self.left_out = 0
        self.longer = 0
        self.unfit = 0
        self._paths: list[Path] = []
        self._expanded: list[tuple[Path, int]] = []
        self._loose = loose
        self._type = type_name
        self._walk(first, (), 0)
        order = sorted(range(len(self.columns)), key=lambda place: _aside(self.columns[place].name))
        self.columns = [self.columns[place] for place in order]
        self._paths = [self._paths[place] for place in order]
        if self.columns and all(column.kind == "text" for column in self.columns):
            # A series shows numbers: the length of a text says when something was said.
            self._column(
                (*self._paths[0], _LENGTH), f"{self.columns[0].name}.length", "int64", unit="characters"
            )
        leaves = zip(self._paths, self.columns, strict=True)
        self._groups = [
            (parent, [(path[-1], column.kind) for path, column in members])
            for parent, members in groupby(leaves, key=lambda leaf: leaf[0][:-1])
        ]

    def row(self, value: Mapping[str, Any]) -> list[float | str | None]:
        """One value per column; what a message lacks is None."""
        for path, count in self._expanded:
            there = _at(value, path)
            if there is not None and len(there) > count:
                self.longer += 1
                break
        cells: list[float | str | None] = []
        for path, leaves in self._groups:
            parent = _parent(value, path)
            for key, kind in leaves:
                cell = _cell(parent, key, kind)
                if cell is _UNFIT:
                    self.unfit += 1
                    cell = None
                cells.append(cell)
        return cells

    def _walk(self, value: Any, path: Path, depth: int) -> None:
        name = _name(path)
        if name in _APART:
            return
        if depth > MAX_DEPTH or len(self.columns) >= MAX_COLUMNS:
            self.left_out += 1
        elif instant_ns(value) is not None:
            self._column((*path, _INSTANT), name, "int64", unit="ns")
        elif isinstance(value, Mapping):
            for key, part in list(value.items())[: MAX_COLUMNS * 2]:
                self._walk(part, (*path, key), depth + 1)
        elif isinstance(value, (list, np.ndarray)):
            self._sequence(value, path, name, depth)
        elif isinstance(value, str):
            self._column(path, name, "text")
        elif isinstance(value, (bytes, bytearray)):
            self._column((*path, _LENGTH), f"{name}.length", "int64")
        elif isinstance(value, (bool, int)) and not self._loose:
            self._column(path, name, "int64" if _fits(value) else "float64")
        elif isinstance(value, (bool, int, float)):
            self._column(path, name, "float64")

    def _sequence(self, value: Any, path: Path, name: str, depth: int) -> None:
        plain = isinstance(value, np.ndarray) or all(isinstance(part, (str, int, float)) for part in value)
        most = MAX_ELEMENTS if plain else MAX_PARTS_OF_A_LIST
        if not 0 < len(value) <= most:
            self._column((*path, _LENGTH), f"{name}.length", "int64")
            return
        self._expanded.append((path, len(value)))
        for place in range(len(value)):
            part = value[place]
            if isinstance(part, np.generic):
                whole = not isinstance(part, np.floating) and not self._loose and _fits(int(part))
                kind = "int64" if whole else "float64"
                if len(self.columns) < MAX_COLUMNS:
                    self._column((*path, place), f"{name}.{place}", kind, unit=unit_of(self._type, name))
                else:
                    self.left_out += 1
            else:
                self._walk(part, (*path, place), depth + 1)

    def _column(self, path: Path, name: str, kind: Any, *, unit: str | None = None) -> None:
        unit = unit_of(self._type, name) if unit is None and kind != "text" else (unit or "")
        self.columns.append(Column(name=name[:200] or "value", unit=unit, kind=kind))
        self._paths.append(path)


def unit_of(type_name: str, name: str) -> str:
    """The unit of a field of the common message types, "" when it is not known.

    >>> unit_of("sensor_msgs/Imu", "angular_velocity.x")
    'rad/s'
    """
    stem, _, axis = name.rpartition(".")
    vector = axis in {"x", "y", "z"}
    part = stem.rpartition(".")[2] if vector else axis
    if part in (_VECTORS if vector else _UNITS):
        return (_VECTORS if vector else _UNITS)[part]
    if type_name.startswith("geometry_msgs/Twist") or ".twist." in f".{stem}.":
        return {"linear": "m/s", "angular": "rad/s"}.get(part, "")
    return _BY_TYPE.get((type_name, name), "")


_VECTORS = {
    "angular_velocity": "rad/s", "linear_acceleration": "m/s²", "position": "m", "translation": "m",
    "magnetic_field": "T", "force": "N", "torque": "N m",
}  # fmt: skip
_UNITS = {
    "latitude": "deg", "longitude": "deg", "altitude": "m", "voltage": "V", "fluid_pressure": "Pa",
}  # fmt: skip
_BY_TYPE = {
    ("sensor_msgs/Temperature", "temperature"): "°C",
    ("sensor_msgs/BatteryState", "temperature"): "°C",
    ("sensor_msgs/BatteryState", "current"): "A",
    ("sensor_msgs/BatteryState", "charge"): "Ah",
    ("sensor_msgs/Range", "range"): "m",
}


def _aside(name: str) -> bool:
    """Whether a column stands behind the others: counters and covariances are seldom what is looked at."""
    return name == "header.seq" or "covariance" in name


def _name(path: Path) -> str:
    text = ""
    for key in path:
        text += f".{key}" if text else str(key)
    return text


def _at(value: Any, path: Path) -> Any:
    try:
        for key in path:
            value = value[key]
    except (KeyError, IndexError, TypeError):
        return None
    return value if isinstance(value, (list, np.ndarray)) else None


def _parent(value: Any, path: Path) -> Any:
    """What holds the leaves of a group; lists of numbers as plain lists. None when it is absent."""
    try:
        for key in path:
            value = value[key]
    except (KeyError, IndexError, TypeError):
        return None
    return value.tolist() if isinstance(value, np.ndarray) and len(value) <= MAX_ELEMENTS else value


def _cell(parent: Any, key: Any, kind: str) -> Any:
    try:
        if key is _LENGTH:
            value: Any = len(parent)
        elif key is _INSTANT:
            value = instant_ns(parent)
        else:
            value = parent[key]
    except (KeyError, IndexError, TypeError):
        return None
    if type(value) is float and kind == "float64":
        return value
    if kind == "text":
        return value[:MAX_TEXT] if isinstance(value, str) else None
    if not isinstance(value, (bool, int, float)):
        return None
    if kind == "float64":
        return float(value)
    whole = int(value)
    return whole if _fits(whole) else _UNFIT


def _fits(whole: int) -> bool:
    return -(2**63) < whole < 2**63
