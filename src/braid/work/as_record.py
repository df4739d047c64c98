"""Records that the store passes through as stored text, made into values."""

from __future__ import annotations

from typing import Any, TypeVar, overload

import msgspec

T = TypeVar("T")


@overload
def as_record(stored: object, kind: type[T]) -> T: ...
@overload
def as_record(stored: object, kind: Any) -> Any: ...
def as_record(stored: object, kind: Any) -> Any:
    """A record from a Struct, from JSON text (`msgspec.Raw`, bytes, str) or from plain values."""
    if isinstance(stored, msgspec.Struct):
        return stored
    if isinstance(stored, msgspec.Raw | bytes | bytearray | memoryview | str):
        return msgspec.json.decode(stored, type=kind)
    return msgspec.convert(stored, kind)
