"""Fields of a parsed JSON document: taken out with the type that is wanted, or an error that says the path."""

from __future__ import annotations

from typing import Any

from braid.base.errors import InvalidInput
from braid.formats.json_input import is_number


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
    if not is_number(value):
        raise InvalidInput("not a finite number", where=where, got=value)
    return float(value)


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(str(step) for step in path) or "document"
