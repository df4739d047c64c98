"""The words in which loggers say when they began: `Sam Sep 30 15:06:13.191 2017`, `Sat Sep 30 10:06:13.191 PM 2017`,
`2017-09-30 15:06:13`, days since 1899-12-30. All are wall time of a zone that they do not state."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from braid.clock.ns import SECOND_NS

_MONTHS = (
    ("jan", "gen", "ene"), ("feb", "fév", "fev"), ("mar", "mär", "mae", "mrz"), ("apr", "avr", "abr"),
    ("may", "mai", "mag", "maj"), ("jun", "giu", "juin"), ("jul", "lug", "juil"), ("aug", "aoû", "aou", "ago"),
    ("sep", "set"), ("oct", "okt", "ott", "out"), ("nov",), ("dec", "dez", "déc", "dic"),
)  # fmt: skip
_WORDS = re.compile(
    r"^(?:\w+\.?\s+)?(?P<month>[^\W\d_]+)\.?\s+(?P<day>\d{1,2})\s+(?P<clock>\d{1,2}:\d{2}:\d{2})"
    r"(?:[.,](?P<fraction>\d{1,9}))?(?:\s+(?P<half>AM|PM|am|pm))?\s+(?P<year>\d{4})$"
)
_ISO = re.compile(r"^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:[.,](\d{1,9}))?$")
_OFFSET = re.compile(r"^(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})$")
DAY_NS = 86_400 * SECOND_NS
DAYS_TO_1970 = 25_569
"""From 1899-12-30 on."""


def wall_ns(text: str) -> int | None:
    """Wall time as nanoseconds since 1970 in its own zone; None when the words are not understood.

    >>> wall_ns("Sam Sep 30 03:06:13.191 PM 2017") == wall_ns("2017-09-30 15:06:13.191")
    True
    """
    stripped = " ".join(text.split())[:80]
    if iso := _ISO.match(stripped):
        return _ns(f"{iso[1]}T{iso[2]}", iso[3])
    match = _WORDS.match(stripped)
    if match is None:
        return None
    month = _month(match["month"])
    hour, minute, second = match["clock"].split(":")
    hours = int(hour)
    if match["half"]:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if match["half"].upper() == "PM" else 0)
    if month is None:
        return None
    return _ns(
        f"{match['year']}-{month:02d}-{int(match['day']):02d}T{hours:02d}:{minute}:{second}",
        match["fraction"],
    )


def wall_ns_of_days(text: str) -> int | None:
    """Days since 1899-12-30 in decimal text, as the wall time they say, to the millisecond that they can hold."""
    whole, _, fraction = text.strip().partition(".")
    if not whole.isdigit() or len(whole) > 6 or not (fraction or "0").isdigit():
        return None
    digits = (fraction or "0")[:15]
    part = int(digits) * DAY_NS // int("1".ljust(len(digits) + 1, "0"))
    return (int(whole) - DAYS_TO_1970) * DAY_NS + part


def offset_ns(text: str) -> int | None:
    """`+02:00` as nanoseconds; None when it is none."""
    match = _OFFSET.match(text.strip())
    if text.strip() in {"Z", "UTC", "utc"}:
        return 0
    if match is None or int(match["hours"]) > 14 or int(match["minutes"]) > 59:
        return None
    size = (int(match["hours"]) * 3600 + int(match["minutes"]) * 60) * SECOND_NS
    return -size if match["sign"] == "-" else size


def _month(word: str) -> int | None:
    folded = word.casefold()
    for number, stems in enumerate(_MONTHS, start=1):
        if folded.startswith(stems):
            return number
    return None


def _ns(iso: str, fraction: str | None) -> int | None:
    try:
        instant = datetime.fromisoformat(iso).replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(instant.timestamp()) * SECOND_NS + int((fraction or "0").ljust(9, "0"))
