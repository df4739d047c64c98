"""PCD point clouds: ascii, binary and binary_compressed, read as they are found in the wild.

Tolerated with a warning: fewer points than the header claims, bytes after the points. Tolerated silently: several
padding fields named `_`, fields with COUNT 0. Refused: a missing DATA line, no x, y, z, sizes beyond the limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput, LimitExceeded
from braid.media.limits import MAX_CLOUD_BYTES, MAX_POINTS
from braid.media.lzf import lzf_decompress

HEADER_BYTES = 64 * 1024
MAX_FIELDS = 256
MAX_RECORD_BYTES = 64 * 1024
_TYPES = {
    "F": {"4": "<f4", "8": "<f8"},
    "U": {"1": "<u1", "2": "<u2", "4": "<u4", "8": "<u8"},
    "I": {"1": "<i1", "2": "<i2", "4": "<i4", "8": "<i8"},
}
_INTENSITY_NAMES = ("intensity", "i", "reflectance", "reflectivity", "remission")


@dataclass(frozen=True, slots=True, kw_only=True)
class PcdField:
    """One column of the header. `offset`: its first byte in a record. count 0 takes no room."""

    name: str
    dtype: str
    count: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PcdHeader:
    """What the header says; `data_at`: the first byte of the points."""

    fields: tuple[PcdField, ...]
    points: int
    encoding: str
    data_at: int
    record_bytes: int

    def field(self, *names: str) -> PcdField | None:
        """The first field with one of those names (without regard to case) that has values."""
        for name in names:
            for one in self.fields:
                if one.name.lower() == name and one.count:
                    return one
        return None


def read_pcd(path: Path) -> tuple[NDArray[np.float32], tuple[tuple[str, str], ...]]:
    """(N, 4) float32 x, y, z in metres and intensity (0 without one), rows as in the file; and warnings."""
    header = read_header(path)
    missing = [name for name in ("x", "y", "z") if header.field(name) is None]
    if missing:
        raise InvalidInput(
            "the PCD file has no coordinates", where=path.name, got=f"no field {', '.join(missing)}"
        )
    wanted = [header.field("x"), header.field("y"), header.field("z"), header.field(*_INTENSITY_NAMES)]
    if header.encoding == "ascii":
        columns, found, extra = _ascii_columns(path, header, wanted)
    else:
        columns, found, extra = _binary_columns(path, header, wanted)
    warnings: list[tuple[str, str]] = []
    if found < header.points:
        warnings.append(("W_TRUNCATED", f"the header claims {header.points} points, {found} are present"))
    if extra:
        warnings.append(("W_TRAILING_BYTES", "there is more data than the header says; it was ignored"))
    return columns, tuple(warnings)


def read_header(path: Path) -> PcdHeader:
    """The checked header. Raises InvalidInput with the line that does not fit."""
    with path.open("rb") as source:
        head = source.read(HEADER_BYTES)
    said: dict[str, list[str]] = {}
    at = 0
    while "DATA" not in said:
        stop = head.find(b"\n", at)
        line = head[at : stop if stop >= 0 else len(head)]
        words = line.decode("latin-1").strip().split()
        if stop < 0 or (words and not words[0].startswith("#") and not words[0].isascii()):
            raise _no_data_line(path)
        at = stop + 1
        if words and not words[0].startswith("#"):
            if words[0] not in _HEADER_WORDS:
                raise _no_data_line(path)
            said[words[0]] = words[1:]
    return _checked(said, at, path)


_HEADER_WORDS = frozenset(
    {
        "VERSION",
        "FIELDS",
        "COLUMNS",
        "SIZE",
        "TYPE",
        "COUNT",
        "WIDTH",
        "HEIGHT",
        "VIEWPOINT",
        "POINTS",
        "DATA",
    }
)


def _no_data_line(path: Path) -> InvalidInput:
    return InvalidInput(
        "the PCD header has no DATA line",
        where=path.name,
        wanted="DATA ascii, binary or binary_compressed",
        hint="Without it nobody can know how the points are stored; write the file again",
    )


def _checked(said: dict[str, list[str]], data_at: int, path: Path) -> PcdHeader:
    names = said.get("FIELDS") or said.get("COLUMNS") or []
    sizes, types = said.get("SIZE", []), said.get("TYPE", [])
    counts = said.get("COUNT") or ["1"] * len(names)
    if not names or not len(names) == len(sizes) == len(types) == len(counts) or len(names) > MAX_FIELDS:
        raise InvalidInput(
            "the PCD header's FIELDS, SIZE, TYPE and COUNT do not match",
            where=path.name,
            got=f"{len(names)}, {len(sizes)}, {len(types)}, {len(counts)} entries",
        )
    fields: list[PcdField] = []
    offset = 0
    for name, size, kind, count_text in zip(names, sizes, types, counts, strict=True):
        dtype = _TYPES.get(kind, {}).get(size)
        if dtype is None:
            raise InvalidInput("unknown PCD type", where=f"{path.name}, field {name}", got=f"{kind}{size}")
        count = _whole(count_text, path, "COUNT", at_most=MAX_RECORD_BYTES)
        fields.append(PcdField(name=name, dtype=dtype, count=count, offset=offset))
        offset += int(size) * count
    if not 0 < offset <= MAX_RECORD_BYTES:
        raise InvalidInput("a PCD record has an implausible size", where=path.name, got=f"{offset} bytes")
    width = _whole((said.get("WIDTH") or ["0"])[0], path, "WIDTH", at_most=MAX_POINTS)
    height = _whole((said.get("HEIGHT") or ["1"])[0], path, "HEIGHT", at_most=MAX_POINTS)
    points = _whole((said.get("POINTS") or [str(width * height)])[0], path, "POINTS", at_most=MAX_POINTS)
    encoding = (said["DATA"] or [""])[0].lower()
    if encoding not in {"ascii", "binary", "binary_compressed"}:
        raise InvalidInput("unknown PCD encoding", where=path.name, got=encoding)
    return PcdHeader(
        fields=tuple(fields), points=points, encoding=encoding, data_at=data_at, record_bytes=offset
    )


def _whole(text: str, path: Path, name: str, *, at_most: int) -> int:
    if not text.isdigit() or len(text) > 18:
        raise InvalidInput(f"{name} of the PCD header is not a whole number", where=path.name, got=text)
    value = int(text)
    if value > at_most:
        raise LimitExceeded(
            f"{name} of the PCD header is too large", where=path.name, got=value, wanted=f"<= {at_most}"
        )
    return value


def _ascii_columns(
    path: Path, header: PcdHeader, wanted: list[PcdField | None]
) -> tuple[NDArray[np.float32], int, bool]:
    starts: dict[int, int] = {}
    column = 0
    for one in header.fields:
        starts[id(one)] = column
        column += one.count
    picks = [None if one is None else starts[id(one)] for one in wanted]
    rows: list[tuple[float, ...]] = []
    extra = False
    with path.open("rb") as source:
        source.seek(header.data_at)
        for line in source:
            words = line.split()
            if not words:
                continue
            if len(rows) >= header.points:
                extra = True
                break
            if len(words) < column:
                break  # a line cut short: what follows cannot be trusted
            try:
                rows.append(tuple(0.0 if pick is None else float(words[pick]) for pick in picks))
            except ValueError as error:
                raise InvalidInput(
                    "a PCD value is not a number", where=f"{path.name}, point {len(rows)}", got=str(error)
                ) from error
    with np.errstate(over="ignore"):
        return np.array(rows, dtype=np.float64).reshape(-1, 4).astype(np.float32), len(rows), extra


def _binary_columns(
    path: Path, header: PcdHeader, wanted: list[PcdField | None]
) -> tuple[NDArray[np.float32], int, bool]:
    need = header.points * header.record_bytes
    if need > MAX_CLOUD_BYTES:
        raise LimitExceeded("the point cloud is too large", where=path.name, got=f"{need} bytes")
    with path.open("rb") as source:
        source.seek(header.data_at)
        present = path.stat().st_size - header.data_at
        body = source.read(min(present, need + 8 if header.encoding == "binary" else MAX_CLOUD_BYTES))
    if header.encoding == "binary_compressed":
        data = _unpacked(body, need, path)
        count, extra = header.points, False
    else:
        count = min(header.points, len(body) // header.record_bytes)
        extra = len(body) > need
        data = body
    columns = np.zeros((count, 4), dtype=np.float32)
    for index, one in enumerate(wanted):
        if one is None:
            continue
        dtype = np.dtype(one.dtype)
        if header.encoding == "binary":
            values = np.ndarray(
                (count,), dtype=dtype, buffer=data, offset=one.offset, strides=(header.record_bytes,)
            )
        else:
            values = np.frombuffer(data, dtype=dtype, count=count * one.count, offset=one.offset * count)[
                :: one.count
            ]
        with np.errstate(over="ignore"):
            columns[:, index] = values
    return columns, count, extra


def _unpacked(body: bytes, need: int, path: Path) -> bytes:
    if len(body) < 8:
        raise InvalidInput("the compressed points are missing", where=path.name, got=f"{len(body)} bytes")
    packed, size = int.from_bytes(body[:4], "little"), int.from_bytes(body[4:8], "little")
    if size != need or size > 100 * max(1, len(body)):
        raise InvalidInput(
            "the compressed size does not fit the header", where=path.name, got=size, wanted=f"{need} bytes"
        )
    if len(body) - 8 < packed:
        raise InvalidInput(
            "the compressed points are cut short",
            where=path.name,
            got=f"{len(body) - 8} bytes",
            wanted=f"{packed}",
        )
    return lzf_decompress(body[8 : 8 + packed], size=size, where=path.name)
