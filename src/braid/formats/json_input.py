"""JSON from outside: byte-order marks, CRLF and NaN literals are survived; broken syntax says its line and column."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, TypeGuard

from braid.base.errors import InvalidInput
from braid.formats.seam import Sources

SIZE_LIMIT = 1024 * 2**20
"""Largest JSON document that is parsed: it has to fit into memory as a whole."""


def read_json(files: Sources, path: Path, *, limit: int = SIZE_LIMIT) -> Any:
    """The parsed document. NaN and infinity come through as floats, so that single records can be refused for them.

    Raises InvalidInput for broken syntax, a wrong encoding or nesting beyond reason.
    """
    where = files.name(path)
    try:
        text = files.read(path, limit=limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            "JSON has to be UTF-8", where=where, got=f"a wrong byte at {error.start}"
        ) from None
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"not valid JSON: {error.msg}",
            where=f"{where}, line {error.lineno}, column {error.colno}",
            hint="Is the file complete? Truncated downloads end like this",
        ) from None
    except (RecursionError, ValueError):
        raise InvalidInput("not valid JSON: nested too deep or a number too long", where=where) from None


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether a parsed JSON value is a finite number (booleans and strings are not).

    >>> [is_number(value) for value in (1, 0.5, True, "1", float("nan"))]
    [True, True, False, False, False]
    """
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) < 2**53
        and math.isfinite(value)
    )


def are_numbers(value: Any, *, count: int | None = None) -> bool:
    """Whether a parsed JSON value is a list of finite numbers (of that length)."""
    return isinstance(value, list) and (count is None or len(value) == count) and all(map(is_number, value))


def is_text(value: Any) -> TypeGuard[str]:
    """Whether a parsed JSON value is a text with more than white space that Unicode allows (no half surrogates).

    >>> [is_text(value) for value in ("a", " ", 1, "\\ud800")]
    [True, False, False, False]
    """
    if not isinstance(value, str) or not value.strip():
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def id_text(value: Any) -> str | None:
    """A whole-number or text id as text, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)
    return text if is_text(text) else None
