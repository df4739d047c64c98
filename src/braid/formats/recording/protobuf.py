"""Protobuf messages to plain values, by the file descriptors that recordings carry. Groups are not read.

Absent fields have their defaults, so that every message of a channel has the same shape. Source: the protobuf encoding.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from braid.base.errors import InvalidInput, LimitExceeded
from braid.formats.recording.wire import Decoder

MAX_DEPTH = 8
MAX_PARTS = 200_000
MAX_FIELDS = 20_000

_REPEATED = 3
_MESSAGE, _STRING, _BYTES, _BOOL, _FLOATS = 11, 9, 12, 8, (1, 2)
_SIGNED = {3: 64, 5: 32, 14: 32}
_ZIGZAG = (17, 18)
_FIXED = {1: ("<d", 8), 2: ("<f", 4), 6: ("<Q", 8), 7: ("<I", 4), 15: ("<i", 4), 16: ("<q", 8)}
_VARINT, _EIGHT, _LENGTH, _FOUR = 0, 1, 2, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    name: str
    kind: int
    repeated: bool
    type_name: str


@dataclass(slots=True, kw_only=True)
class _Type:
    fields: dict[int, _Field] = field(default_factory=dict)


def protobuf_decoder(descriptors: bytes, name: str) -> Decoder:
    """Messages `name` by a FileDescriptorSet. Raises InvalidInput when the set is damaged or lacks the type."""
    types: dict[str, _Type] = {}
    for number, file in _fields(memoryview(descriptors)):
        if number == 1 and isinstance(file, memoryview):
            _file(file, types)
    if name not in types:
        raise InvalidInput("the definition of a message is missing", got=name[:100])

    def decode(data: bytes | memoryview) -> dict[str, Any]:
        return _Reading(types).message(memoryview(data), name, 0)

    return decode


class _Reading:
    def __init__(self, types: dict[str, _Type]) -> None:
        self._types = types
        self._parts = 0

    def message(self, data: memoryview, name: str, depth: int) -> dict[str, Any]:
        self._parts += 1
        kind = self._types.get(name)
        if kind is None:
            raise InvalidInput("the definition of a message is missing", got=name[:100])
        if depth > MAX_DEPTH or self._parts > MAX_PARTS:
            raise InvalidInput("a message is nested too deeply or has too many parts", where=name[:100])
        found: dict[str, Any] = {}
        lists: dict[str, list[Any]] = {one.name: [] for one in kind.fields.values() if one.repeated}
        for number, raw in _fields(data):
            known = kind.fields.get(number)
            if known is None:
                continue
            if not known.repeated:
                found[known.name] = self._value(raw, known, depth)
            elif isinstance(raw, memoryview) and known.kind not in {_MESSAGE, _STRING, _BYTES}:
                lists[known.name].extend(_packed(raw, known.kind))
            else:
                lists[known.name].append(self._value(raw, known, depth))
        return {one.name: self._settled(one, found, lists, depth) for one in kind.fields.values()}

    def _settled(self, one: _Field, found: dict[str, Any], lists: dict[str, list[Any]], depth: int) -> Any:
        if one.repeated:
            values = lists[one.name]
            if one.kind in _FLOATS:
                return np.array(values, dtype=np.float64)
            return values
        if one.name in found:
            return found[one.name]
        if one.kind == _MESSAGE:
            return self.message(memoryview(b""), one.type_name, depth + 1) if depth < 3 else {}
        return {_STRING: "", _BYTES: b"", _BOOL: False, 1: 0.0, 2: 0.0}.get(one.kind, 0)

    def _value(self, raw: int | memoryview, known: _Field, depth: int) -> Any:
        if known.kind == _MESSAGE:
            return self.message(_bytes(raw, known), known.type_name, depth + 1)
        if known.kind == _STRING:
            return bytes(_bytes(raw, known)).decode("utf-8", "replace")
        if known.kind == _BYTES:
            return bytes(_bytes(raw, known))
        return _number(raw, known.kind)


def _bytes(raw: int | memoryview, known: _Field) -> memoryview:
    if isinstance(raw, int):
        raise InvalidInput("a protobuf field has another type than its definition", where=known.name)
    return raw


def _number(raw: int | memoryview, kind: int) -> int | float | bool:
    if kind in _FIXED:
        layout, size = _FIXED[kind]
        if isinstance(raw, int) or len(raw) != size:
            raise InvalidInput("a protobuf number has the wrong size")
        value: int | float = struct.unpack(layout, raw)[0]
        return value
    if not isinstance(raw, int):
        raise InvalidInput("a protobuf number has the wrong size")
    if kind == _BOOL:
        return bool(raw)
    if kind in _ZIGZAG:
        return (raw >> 1) ^ -(raw & 1)
    if kind in _SIGNED:
        bits = _SIGNED[kind]
        cut = raw & ((1 << bits) - 1)
        return cut - (1 << bits) if cut >> (bits - 1) else cut
    return raw


def _packed(raw: memoryview, kind: int) -> list[Any]:
    if kind in _FIXED:
        layout, size = _FIXED[kind]
        if len(raw) % size:
            raise InvalidInput("a packed protobuf field is cut")
        return list(np.frombuffer(raw, dtype=np.dtype(layout)).tolist())
    values: list[Any] = []
    at = 0
    while at < len(raw):
        value, at = _varint(raw, at)
        values.append(_number(value, kind))
    return values


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Field numbers with a varint, or with the bytes of the field. Raises InvalidInput when cut."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        if wire == _LENGTH:
            size, at = _varint(data, at)
        elif wire in {_EIGHT, _FOUR}:
            size = 8 if wire == _EIGHT else 4
        else:
            raise InvalidInput("this kind of protobuf field is not read", got=wire)
        if at + size > len(data):
            raise InvalidInput(
                "a protobuf message ends too early", got=len(data), wanted=f"{at + size} bytes"
            )
        yield number, data[at : at + size]
        at += size


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise InvalidInput("a protobuf number is cut")
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        shift += 7
        if byte < 0x80:
            return value & (2**64 - 1), at


def _file(data: memoryview, types: dict[str, _Type]) -> None:
    package = ""
    messages: list[memoryview] = []
    for number, raw in _fields(data):
        if number == 2 and isinstance(raw, memoryview):
            package = bytes(raw).decode("utf-8", "replace")
        elif number == 4 and isinstance(raw, memoryview):
            messages.append(raw)
    for raw in messages:
        _message(raw, package, types, 0)


def _message(data: memoryview, prefix: str, types: dict[str, _Type], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise InvalidInput("protobuf definitions are nested too deeply")
    name = ""
    made = _Type()
    nested: list[memoryview] = []
    for number, raw in _fields(data):
        if not isinstance(raw, memoryview):
            continue
        if number == 1:
            name = bytes(raw).decode("utf-8", "replace")
        elif number == 2:
            made.fields |= dict([_field(raw)])
        elif number == 3:
            nested.append(raw)
    full = f"{prefix}.{name}" if prefix else name
    types[full] = made
    if sum(len(one.fields) for one in types.values()) > MAX_FIELDS:
        raise LimitExceeded("protobuf definitions have too many fields", wanted=f"<= {MAX_FIELDS}")
    for raw in nested:
        _message(raw, full, types, depth + 1)


def _field(data: memoryview) -> tuple[int, _Field]:
    said: dict[int, int | memoryview] = dict(_fields(data))
    numbers = {key: value for key, value in said.items() if isinstance(value, int)}
    texts = {
        key: bytes(value).decode("utf-8", "replace")
        for key, value in said.items()
        if not isinstance(value, int)
    }
    return numbers.get(3, 0), _Field(
        name=texts.get(1, ""),
        kind=numbers.get(5, 0),
        repeated=numbers.get(4) == _REPEATED,
        type_name=texts.get(6, "").removeprefix("."),
    )
