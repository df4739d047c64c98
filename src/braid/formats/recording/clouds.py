"""PointCloud2 as columns: x, y, z in metres of the sensor's frame, intensity, and whatever else a point has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput, LimitExceeded
from braid.formats.recording.pictures import bytes_of

MAX_POINTS = 10_000_000
_KINDS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 8: "f8"}
_INTENSITY = ("intensity", "i", "reflectivity", "reflectance")
_TIMES = ("t", "time", "timestamp", "time_stamp", "offset_time", "time_offset")
_LONGEST_SWEEP_NS = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """N values per column. sweep_ns: how long the sweep took by the times of its points, when they have some."""

    columns: dict[str, NDArray[Any]]
    count: int
    sweep_ns: int | None


def cloud_of(value: Mapping[str, Any]) -> Cloud:
    """The points of a PointCloud2 (or of Foxglove's PointCloud). Raises InvalidInput when fields and bytes do not fit."""
    if "point_stride" in value:
        value = _like_ros(value)
    width, height = _whole(value, "width"), _whole(value, "height")
    step, row_step = _whole(value, "point_step"), _whole(value, "row_step")
    count = width * height
    if count > MAX_POINTS:
        raise LimitExceeded("a sweep has too many points", got=count, wanted=f"<= {MAX_POINTS}")
    fields = _fields(value, step)
    if not {"x", "y", "z"} <= fields.keys():
        raise InvalidInput("a sweep has no x, y and z", got=", ".join(fields)[:100])
    data = bytes_of(value.get("data"))
    row_step = row_step or width * step
    if step == 0 or row_step < width * step or (count and row_step * (height - 1) + width * step > len(data)):
        raise InvalidInput(
            "a sweep has fewer bytes than its size says", got=f"{len(data)} bytes", wanted=f"{count} x {step}"
        )
    order = ">" if value.get("is_bigendian") else "<"
    layout = np.dtype(
        {
            "names": list(fields),
            "formats": [order + kind for _, kind in fields.values()],
            "offsets": [offset for offset, _ in fields.values()],
            "itemsize": step,
        }
    )
    if row_step == width * step:
        points = np.frombuffer(data, dtype=layout, count=count)
    else:
        padded = data + bytes(max(0, row_step * height - len(data)))
        rows = np.frombuffer(padded, dtype=np.uint8, count=row_step * height).reshape(height, row_step)
        points = np.ascontiguousarray(rows[:, : width * step]).reshape(-1).view(layout)
    intensity = next((name for name in _INTENSITY if name in fields), None)
    times = next((name for name in _TIMES if name in fields), None)
    columns: dict[str, NDArray[Any]] = {}
    for place, name in enumerate(fields):
        called = "intensity" if name == intensity else "".join(c if c.isalnum() else "_" for c in name)
        columns[called if called not in columns else f"{called}_{place}"] = points[name]
    return Cloud(
        columns=columns,
        count=count,
        sweep_ns=None if times is None or not count else _sweep_ns(points[times]),
    )


_FOXGLOVE_KINDS = {1: 2, 2: 1, 3: 4, 4: 3, 5: 6, 6: 5, 7: 7, 8: 8}


def _like_ros(value: Mapping[str, Any]) -> dict[str, Any]:
    step = _whole(value, "point_stride")
    data = bytes_of(value.get("data"))
    listed = value.get("fields")
    return {
        "width": len(data) // step if step else 0,
        "height": 1,
        "point_step": step,
        "row_step": 0,
        "data": data,
        "fields": [
            {**field, "datatype": _FOXGLOVE_KINDS.get(field.get("type"))}
            for field in (listed if isinstance(listed, list) else [])
        ],
    }


def _fields(value: Mapping[str, Any], step: int) -> dict[str, tuple[int, str]]:
    """Name to offset and type; fields that do not fit into a point are refused."""
    found: dict[str, tuple[int, str]] = {}
    listed = value.get("fields")
    for field in listed if isinstance(listed, list) else []:
        name, offset, kind = str(field.get("name")), field.get("offset"), _KINDS.get(field.get("datatype"))
        if kind is None or not isinstance(offset, int) or offset < 0 or offset + int(kind[1]) > step:
            raise InvalidInput(
                "a field of a sweep does not fit into its points", got=f"{name} at {offset} of {step}"
            )
        found.setdefault(name, (offset, kind))
    return found


def _sweep_ns(times: Any) -> int | None:
    """Whole numbers are nanoseconds, floats seconds; a span of more than a second is not believed."""
    unit = 1 if times.dtype.kind in "iu" else 10**9
    spread = (
        float(times.max()) - float(times.min())
        if times.dtype.kind == "f"
        else int(times.max()) - int(times.min())
    )
    return round(spread * unit) if 0 < spread * unit < _LONGEST_SWEEP_NS else None


def _whole(value: Mapping[str, Any], name: str) -> int:
    number = value.get(name)
    if not isinstance(number, int) or not 0 <= number < 2**31:
        raise InvalidInput("a size of a sweep is not a whole number", where=name, got=number)
    return number
