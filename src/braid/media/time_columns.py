"""Which column of a table is time, in which unit, and its values as exact nanoseconds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_FLOOR, Context, Decimal, DecimalException

from braid.base.errors import InvalidInput

_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "ms": 10**6, "s": 10**9, "sec": 10**9, "seconds": 10**9}
_NAME = re.compile(
    r"^(?P<stem>t|ts|time|times|timestamp|stamp|utime|.*[_ ](?:t|time|timestamp|stamp)|(?:time|timestamp)[_ ].*)"
    r"(?:[_ ]?[\[(]?(?P<unit>ns|us|µs|ms|s|sec|seconds)[\])]?)?$"
)
MEDIA_TIME = "time_ns"
OTHER_STAMPS = ("device_ns", "publish_ns", "log_ns")
"""Beside MEDIA_TIME: what other clocks said of the same readings. They are no channels."""

_EXACT = Context(prec=40)
_ISO = re.compile(r"^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeColumn:
    """Column `index`; a value times `unit_ns` is nanoseconds. guessed: the unit came from the size of the values."""

    index: int
    unit_ns: int
    guessed: bool


def find_time_column(names: Sequence[str], head: Sequence[Sequence[str]], *, where: str) -> TimeColumn:
    """By name (t, time, timestamp, ..._ns, ..._us, ..._ms, ..._s); `time_ns`, then the shortest match, wins.

    Raises InvalidInput.
    """
    found: list[tuple[int, int, str]] = []
    for index, name in enumerate(names):
        match = _NAME.match(name.strip().lower())
        values = [row[index] for row in head if index < len(row) and row[index].strip()]
        good = sum(1 for value in values if _plain(value) is not None or _ISO.match(value.strip()))
        if match and values and good * 2 > len(values):
            stem = 0 if name == MEDIA_TIME else len(match["stem"])
            found.append((stem, index, match["unit"] or ("us" if match["stem"] == "utime" else "")))
    if not found:
        raise InvalidInput(
            "no column is a time",
            where=where,
            got=", ".join(names[:12]),
            wanted="a numeric column named t, time, timestamp, or ending in _ns, _us, _ms or _s",
        )
    _, index, unit = min(found)
    if unit:
        return TimeColumn(index=index, unit_ns=_UNITS[unit], guessed=False)
    numbers = [value for row in head if index < len(row) and (value := _plain(row[index])) is not None]
    top = max((abs(value) for value in numbers), default=Decimal(0))
    for limit, guess in ((Decimal(10) ** 17, 1), (Decimal(10) ** 14, 10**3), (Decimal(10) ** 11, 10**6)):
        if top >= limit:
            return TimeColumn(index=index, unit_ns=guess, guessed=True)
    return TimeColumn(index=index, unit_ns=10**9, guessed=False)


def exact_ns(text: str, unit_ns: int) -> int | None:
    """A decimal number or ISO 8601 instant as whole nanoseconds, half up; None when it is neither."""
    value = _plain(text)
    if value is not None:
        scaled = _EXACT.add(_EXACT.multiply(value, Decimal(unit_ns)), Decimal("0.5"))
        return int(scaled.to_integral_value(ROUND_FLOOR, _EXACT))
    match = _ISO.match(text.strip())
    if not match:
        return None
    day, clock, fraction, zone = match.groups()
    try:
        instant = datetime.fromisoformat(f"{day}T{clock}{zone or '+00:00'}")
    except ValueError:
        return None
    return int((instant - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 10**9 + int(
        (fraction or "0").ljust(9, "0")
    )


def _plain(text: str) -> Decimal | None:
    stripped = text.strip()
    if not stripped or len(stripped) > 40:
        return None
    try:
        value = _EXACT.create_decimal(stripped)
    except DecimalException:
        return None
    return value if value.is_finite() and -30 < value.adjusted() < 25 else None
