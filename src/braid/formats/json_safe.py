"""JSON from strangers: bounded, UTF-8 with or without a mark, no NaN, and fields taken out with their path on error."""

from __future__ import annotations

import json
import math
from typing import Any

from braid.base.errors import InvalidInput


def parse_json(data: bytes, *, where: str) -> Any:
    """The parsed document. Raises InvalidInput; NaN and Infinity stay floats and are refused where numbers are taken."""
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InvalidInput("not well-formed JSON", where=where, got=str(error)) from error


def take(value: Any, kind: type, *path: str | int, where: str) -> Any:
    """The value at `path`, which must be a `kind` (dict, list, str). Raises InvalidInput with the path."""
    at = value
    for step in path:
        try:
            at = at[step]
        except (KeyError, IndexError, TypeError) as error:
            raise InvalidInput("a field is missing", where=f"{where}, {_dotted(path)}") from error
    if not isinstance(at, kind):
        raise InvalidInput(
            "a field has the wrong type",
            where=f"{where}, {_dotted(path)}",
            got=type(at).__name__,
            wanted=kind.__name__,
        )
    return at


def numbers(value: Any, count: int, *path: str | int, where: str) -> tuple[float, ...]:
    """`count` finite numbers at `path`."""
    found = take(value, list, *path, where=where)
    if len(found) != count:
        raise InvalidInput(
            "a list has the wrong length",
            where=f"{where}, {_dotted(path)}",
            got=len(found),
            wanted=str(count),
        )
    return tuple(finite(part, where=f"{where}, {_dotted(path)}") for part in found)


def finite(value: Any, *, where: str) -> float:
    """A finite number of sane size."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e18:
        raise InvalidInput("not a finite number", where=where, got=value)
    if math.isnan(value):
        raise InvalidInput("not a finite number", where=where, got=value)
    return float(value)


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(str(step) for step in path) or "document"
