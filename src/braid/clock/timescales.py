"""Time scales: UTC (as Unix time), TAI (PTP, gPTP) and GPS, with the leap seconds since 1972 (rule T8).

The classical mistakes between two recorders are exactly 18, 19 or 37 s; `scale_mixup` names them.
"""

from __future__ import annotations

from bisect import bisect_right

from braid.base.errors import InvalidInput
from braid.clock.ns import SECOND_NS

_DAY_S = 86_400
# Days since 1970 from which on TAI - UTC grew by one second; it was 10 s from 1972-01-01 (day 730) on.
_LEAP_DAYS = (
    912, 1096, 1461, 1826, 2191, 2557, 2922, 3287, 3652, 4199, 4564, 4929, 5660, 6574, 7305,
    7670, 8217, 8582, 8947, 9496, 10043, 10592, 13149, 14245, 15522, 16617, 17167,
)  # fmt: skip
_FIRST_S = 730 * _DAY_S

TAI_MINUS_GPS_S = 19
GPS_EPOCH_UNIX_S = 315_964_800
"""1980-01-06T00:00:00Z."""

MIXUP_TOLERANCE_NS = SECOND_NS // 2


def tai_minus_utc_s(unix_s: int) -> int:
    """How many seconds TAI is ahead at a Unix time. Raises InvalidInput before 1972.

    >>> tai_minus_utc_s(1748736000)
    37
    """
    if unix_s < _FIRST_S:
        raise InvalidInput(
            "TAI and UTC differ by whole seconds only since 1972", got=unix_s, wanted=f">= {_FIRST_S}"
        )
    return 10 + bisect_right(_LEAP_DAYS, unix_s // _DAY_S)


def tai_from_unix_ns(unix_ns: int) -> int:
    """Nanoseconds of a PTP clock (TAI since 1970) for a Unix time."""
    return unix_ns + tai_minus_utc_s(unix_ns // SECOND_NS) * SECOND_NS


def unix_from_tai_ns(tai_ns: int) -> int:
    """The Unix time of a PTP clock; within a leap second the first second of the next day, as POSIX repeats it."""
    guess = tai_ns - (10 + len(_LEAP_DAYS)) * SECOND_NS
    offset_s = tai_minus_utc_s(max(_FIRST_S, guess // SECOND_NS))
    while offset_s < 10 + len(_LEAP_DAYS):
        later = tai_minus_utc_s(max(_FIRST_S, (tai_ns - (offset_s + 1) * SECOND_NS) // SECOND_NS))
        if later <= offset_s:
            break
        offset_s = later
    return tai_ns - offset_s * SECOND_NS


def gps_from_unix_ns(unix_ns: int) -> int:
    """Nanoseconds since the GPS epoch (1980-01-06) for a Unix time."""
    return tai_from_unix_ns(unix_ns) - (TAI_MINUS_GPS_S + GPS_EPOCH_UNIX_S) * SECOND_NS


def unix_from_gps_ns(gps_ns: int) -> int:
    """The Unix time of a GPS time."""
    return unix_from_tai_ns(gps_ns + (TAI_MINUS_GPS_S + GPS_EPOCH_UNIX_S) * SECOND_NS)


def scale_mixup(offset_ns: int) -> str:
    """Which two time scales an offset between two streams smells of; "" when it smells of none.

    >>> scale_mixup(36_900_000_000)
    'TAI (PTP) against UTC: 37 s'
    """
    for seconds, said in (
        (37, "TAI (PTP) against UTC: 37 s"),
        (TAI_MINUS_GPS_S, "TAI (PTP) against GPS: 19 s"),
        (18, "GPS against UTC: 18 s"),
    ):
        if abs(abs(offset_ns) - seconds * SECOND_NS) <= MIXUP_TOLERANCE_NS:
            return said
    return ""
