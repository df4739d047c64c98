"""Records that the store passes through as stored text, made into values."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def as_record(stored: object, kind: type[T] | Any) -> T:
    """A record from a Struct, from JSON text (`msgspec.Raw`, bytes, str) or from plain values."""
    if isinstance(stored, msgspec.Struct):
        return stored  # type: ignore[return-value]
    if isinstance(stored, msgspec.Raw | bytes | bytearray | memoryview | str):
        return msgspec.json.decode(stored, type=kind)  # type: ignore[no-any-return]
    return msgspec.convert(stored, kind)  # type: ignore[no-any-return]
