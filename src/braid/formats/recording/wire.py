"""Messages of ROS 1 and ROS 2 (CDR) from bytes to plain values, by their definitions.

Structures become dicts, arrays of numbers NumPy arrays that look into the message, instants `{sec, nanosec}`.
Every length is checked against what is left of the message before anything is made.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from braid.base.errors import InvalidInput
from braid.formats.recording.definitions import (
    INSTANTS,
    PRIMITIVES,
    TEXTS,
    Field,
    MessageType,
    Types,
    resolve,
)

MAX_DEPTH = 24
MAX_PARTS = 200_000
"""Structures inside one message."""

Decoder = Callable[[bytes | memoryview], dict[str, Any]]
_Read = Callable[["_Cursor"], Any]


class _Cursor:
    """Where in the message we are. widest: the largest alignment, 1 for ROS 1."""

    __slots__ = ("at", "data", "depth", "end", "order", "origin", "parts", "widest")

    def __init__(self, data: bytes | memoryview, *, origin: int, order: str, widest: int) -> None:
        self.data = data
        self.at = self.origin = origin
        self.end = len(data)
        self.order = order
        self.widest = widest
        self.depth = self.parts = 0

    def take(self, size: int, width: int) -> int:
        """Start of `size` bytes aligned to `width`; moves behind them."""
        step = min(width, self.widest)
        start = self.at + (self.origin - self.at) % step
        if size < 0 or start + size > self.end:
            raise InvalidInput(
                "a message ends too early", got=f"{self.end} bytes", wanted=f"{size} bytes from {start} on"
            )
        self.at = start + size
        return start

    def count(self) -> int:
        (value,) = _U32[self.order].unpack_from(self.data, self.take(4, 4))
        return int(value)


_U32 = {"<": struct.Struct("<I"), ">": struct.Struct(">I")}


def ros1_decoder(types: Types, name: str) -> Decoder:
    """Messages of ROS 1: little-endian, packed. Raises InvalidInput when a type is missing."""
    read = _Compiler(types, ros2=False).message(name)

    def decode(data: bytes | memoryview) -> dict[str, Any]:
        cursor = _Cursor(data, origin=0, order="<", widest=1)
        return _whole(cursor, read(cursor), spare=0)

    return decode


def cdr_decoder(types: Types, name: str) -> Decoder:
    """Messages of ROS 2: CDR with its encapsulation header, plain CDR 1 or 2. Raises InvalidInput likewise."""
    read = _Compiler(types, ros2=True).message(name)

    def decode(data: bytes | memoryview) -> dict[str, Any]:
        if len(data) < 4:
            raise InvalidInput("a message has no CDR header", got=f"{len(data)} bytes")
        kind = data[0] << 8 | data[1]
        if kind not in _KINDS:
            raise InvalidInput("this kind of CDR is not read", got=f"0x{kind:04x}", wanted="plain CDR 1 or 2")
        order, widest = _KINDS[kind]
        cursor = _Cursor(data, origin=4, order=order, widest=widest)
        return _whole(cursor, read(cursor), spare=7)

    return decode


def _whole(cursor: _Cursor, value: dict[str, Any], *, spare: int) -> dict[str, Any]:
    """The value, unless bytes are left over beyond padding: then the definition is not that of the message."""
    if cursor.end - cursor.at > spare:
        raise InvalidInput(
            "a message is longer than its definition", got=f"{cursor.end} bytes", wanted=f"{cursor.at} bytes"
        )
    return value


_KINDS = {0: (">", 8), 1: ("<", 8), 6: (">", 4), 7: ("<", 4)}


class _Compiler:
    """Readers per type, made once; a type that is used by itself is read through its entry, bounded in depth."""

    def __init__(self, types: Types, *, ros2: bool) -> None:
        self._types = types
        self._ros2 = ros2
        self._made: dict[str, _Read] = {}
        self._depth = 0

    def message(self, name: str, inside: str = "") -> _Read:
        found = resolve(self._types, name, inside=inside)
        if found is None:
            raise InvalidInput("the definition of a message is missing", got=name)
        if found.name not in self._made:
            made = self._made

            def later(cursor: _Cursor) -> Any:  # a type that holds itself is known by the time it is read
                return made[found.name](cursor)

            made[found.name] = later
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise InvalidInput("a message definition is nested too deeply", where=found.name)
            made[found.name] = self._struct(found)
            self._depth -= 1
        return self._made[found.name]

    def _struct(self, found: MessageType) -> _Read:
        members = [(field.name, self._field(field, found.name)) for field in found.fields]
        empty = self._ros2 and not members

        def read(cursor: _Cursor) -> dict[str, Any]:
            cursor.parts += 1
            cursor.depth += 1
            if cursor.parts > MAX_PARTS or cursor.depth > MAX_DEPTH:
                raise InvalidInput("a message is nested too deeply or has too many parts", where=found.name)
            if empty:
                cursor.take(1, 1)
            value = {name: member(cursor) for name, member in members}
            cursor.depth -= 1
            return value

        return read

    def _field(self, field: Field, inside: str) -> _Read:
        if self._ros2 and field.type == "byte":
            field = Field(name=field.name, type="uint8", count=field.count)  # ROS 1 has it signed
        if field.type in PRIMITIVES:
            return _number(field) if field.count is None else _numbers(field)
        one = self._single(field, inside)
        if field.count is None:
            return one
        return _list(one, field.count)

    def _single(self, field: Field, inside: str) -> _Read:
        if field.type in TEXTS:
            if field.type == "wstring":
                raise InvalidInput("wide strings are not read", where=inside, got=field.name)
            return _text2 if self._ros2 else _text1
        if field.type in INSTANTS and not self._ros2:
            return _instant(signed=field.type == "duration")
        return self.message(field.type, inside)


def _number(field: Field) -> _Read:
    code, size = PRIMITIVES[field.type]
    structs = {order: struct.Struct(order + code) for order in "<>"}

    def read(cursor: _Cursor) -> Any:
        return structs[cursor.order].unpack_from(cursor.data, cursor.take(size, size))[0]

    return read


def _numbers(field: Field) -> _Read:
    code, size = PRIMITIVES[field.type]
    kinds = {order: np.dtype(order + code) for order in "<>"}
    fixed = field.count

    def read(cursor: _Cursor) -> Any:
        count = cursor.count() if fixed == -1 or fixed is None else fixed
        if count == 0:
            return np.zeros(0, dtype=kinds[cursor.order])
        start = cursor.take(count * size, size)
        return np.frombuffer(cursor.data, dtype=kinds[cursor.order], count=count, offset=start)

    return read


def _list(one: _Read, fixed: int) -> _Read:
    def read(cursor: _Cursor) -> list[Any]:
        count = cursor.count() if fixed == -1 else fixed
        cursor.parts += count
        if cursor.parts > MAX_PARTS:
            raise InvalidInput("a message has too many parts", got=count, wanted=f"<= {MAX_PARTS}")
        return [one(cursor) for _ in range(count)]

    return read


def _text1(cursor: _Cursor) -> str:
    count = cursor.count()
    start = cursor.take(count, 1)
    return bytes(cursor.data[start : start + count]).decode("utf-8", "replace")


def _text2(cursor: _Cursor) -> str:
    return _text1(cursor).removesuffix("\x00")


def _instant(*, signed: bool) -> _Read:
    layout = struct.Struct("<ii" if signed else "<II")

    def read(cursor: _Cursor) -> dict[str, int]:
        sec, nanosec = layout.unpack_from(cursor.data, cursor.take(8, 4))
        return {"sec": sec, "nanosec": nanosec}

    return read
