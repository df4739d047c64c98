"""Canonical JSON (RFC 8785, JCS): the one byte form that is hashed, so that browser and server agree.

Keys sorted by UTF-16 code units, numbers as ECMAScript prints them, no white space. NaN and infinity are refused.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

import msgspec

from braid.base.errors import InvalidInput

_FAST = msgspec.json.Encoder(order="sorted")
_ASTRAL_OR_CONTROL = re.compile(rb"[\xf0-\xf4]|\\u00|\x7f")


def canonical_json(value: Any) -> bytes:
    """The canonical bytes of a Struct, or of plain dicts, lists, strings, numbers, booleans and None.

    Raises InvalidInput for NaN and infinity (they have no JSON form) and for integers beyond 2^53.

    >>> canonical_json({"b": 1.0, "a": [1e21, 0.5, "é"]}).decode()
    '{"a":[1e+21,0.5,"é"],"b":1}'
    """
    plain = msgspec.to_builtins(value, order="sorted")
    careful = _needs_care(plain)
    fast = _FAST.encode(plain)
    if careful or _ASTRAL_OR_CONTROL.search(fast) is not None:
        return _slow(plain).encode()
    return fast


def ecma_number(value: float) -> str:
    """A finite number as ECMAScript's Number::toString prints it (RFC 8785 section 3.2.2.3)."""
    if value == 0:
        return "0"
    text = repr(float(value))
    sign, text = ("-", text[1:]) if text[0] == "-" else ("", text)
    mantissa, _, exponent_text = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + (int(exponent_text) if exponent_text else 0)
    point -= len(whole + fraction) - len((whole + fraction).lstrip("0"))
    digits = digits.rstrip("0") or "0"
    return sign + _place_point(digits, point)


def _place_point(digits: str, point: int) -> str:
    """`digits` with the decimal point after `point` of them, in ECMAScript's layout."""
    count = len(digits)
    if count <= point <= 21:
        return digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    exponent = point - 1
    mark = f"e{'+' if exponent >= 0 else '-'}{abs(exponent)}"
    return digits + mark if count == 1 else f"{digits[0]}.{digits[1:]}{mark}"


def _needs_care(plain: Any) -> bool:
    """Whether a number in `plain` prints differently in ECMAScript; refuses what JSON cannot carry."""
    if isinstance(plain, float):
        if not math.isfinite(plain):
            raise InvalidInput("a number is not finite", got=plain, wanted="a finite number")
        return plain.is_integer() or abs(plain) < 1e-3 or abs(plain) > 1e15
    if isinstance(plain, dict):
        return any([_needs_care(part) for part in plain.values()])  # noqa: C419 - each part must be seen
    if isinstance(plain, list | tuple):
        return any([_needs_care(part) for part in plain])  # noqa: C419 - each part must be seen
    if isinstance(plain, int) and abs(plain) > 2**53:
        if int(float(plain)) != plain:
            raise InvalidInput("an integer is too large for JSON", got=plain, wanted="at most 2^53 in size")
        return True
    return False


def _slow(plain: Any) -> str:
    if plain is None or isinstance(plain, bool):
        return {None: "null", True: "true", False: "false"}[plain]
    if isinstance(plain, int | float):
        return str(plain) if isinstance(plain, int) and abs(plain) <= 2**53 else ecma_number(plain)
    if isinstance(plain, str):
        return json.dumps(plain, ensure_ascii=False)
    if isinstance(plain, dict):
        keys = sorted(plain, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_slow(key)}:{_slow(plain[key])}" for key in keys) + "}"
    return "[" + ",".join(_slow(part) for part in plain) + "]"
