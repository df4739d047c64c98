"""`extimu`: IMU readings as length-prefixed protobuf messages, read without a protobuf library."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.formats.troubles import Troubles

FIELDS = (
    "timestamp_ns", "accel_x", "accel_y", "accel_z", "gyro_x", "gyro_y", "gyro_z",
    "quaternion_w", "quaternion_x", "quaternion_y", "quaternion_z",
)  # fmt: skip
RECORD = np.dtype([(name, "<i8" if name == "timestamp_ns" else "<f4") for name in FIELDS])
_GROUPS = {2: FIELDS[1:4], 3: FIELDS[4:7], 4: FIELDS[7:11]}
_LENGTH = struct.Struct("<H")
_FLOAT = struct.Struct("<f")


def read_packets(data: bytes, troubles: Troubles, *, spot: str) -> NDArray[Any]:
    """Records (N,) of RECORD; a packet that breaks off or cannot be read ends the reading with a trouble."""
    rows: list[tuple[float, ...]] = []
    at = 0
    while at + _LENGTH.size <= len(data):
        (length,) = _LENGTH.unpack_from(data, at)
        begin = at + _LENGTH.size
        if not length or begin + length > len(data):
            troubles.add("truncated", f"a packet of {length} bytes breaks off", spot=f"{spot}, byte {at}")
            break
        try:
            values = _packet(data[begin : begin + length])
        except (ValueError, struct.error) as error:
            troubles.add("bad_packet", f"no IMU packet: {error}", spot=f"{spot}, byte {at}")
            break
        rows.append(tuple(values.get(name, 0.0) for name in FIELDS))
        at = begin + length
    else:
        if at < len(data):
            troubles.add("truncated", "a byte is left over", spot=f"{spot}, byte {at}")
    records = np.zeros(len(rows), dtype=RECORD)
    for place, name in enumerate(FIELDS):
        records[name] = [row[place] for row in rows]
    return records


def _packet(data: bytes) -> dict[str, float]:
    values: dict[str, float] = {}
    for field, value in _fields(data):
        if field == 1 and isinstance(value, int):
            values["timestamp_ns"] = value
        elif field in _GROUPS and isinstance(value, bytes):
            for inner, part in _fields(value):
                names = _GROUPS[field]
                if 1 <= inner <= len(names) and isinstance(part, float):
                    values[names[inner - 1]] = part
    return values


def _fields(data: bytes) -> Iterator[tuple[int, int | float | bytes]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == 0:
            number, at = _varint(data, at)
            yield key >> 3, number
        elif kind == 5:
            yield key >> 3, float(_FLOAT.unpack_from(data, at)[0])
            at += 4
        elif kind == 2:
            length, at = _varint(data, at)
            if at + length > len(data):
                raise ValueError("a field reaches beyond its packet")
            yield key >> 3, data[at : at + length]
            at += length
        else:
            raise ValueError(f"wire type {kind}")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError("a number breaks off")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if value >= 2**63:
                raise ValueError("a number is too large")
            return value, at
        shift += 7
