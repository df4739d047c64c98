"""Which of a recording's stamps places its readings, and what the others say (rules R1 to R4 of docs/spec/recordings.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput
from braid.clock.ns import LIMIT_NS, SECOND_NS, seconds_text
from braid.clock.timescales import scale_mixup
from braid.model.timing import Stamp, StampGap

Ints = NDArray[np.int64]

STAMPS_DISAGREE = "W_STAMPS_DISAGREE"
STAMPS_MISSING = "W_STAMPS_MISSING"
ABSENT = 0
"""The value of a stamp that nobody set."""

Mask = NDArray[np.bool_]

ORDER = (Stamp.MEDIA, Stamp.DEVICE, Stamp.PUBLISH, Stamp.LOG)
FARTHEST_NS = SECOND_NS
SUDDEN_NS = 10 * SECOND_NS
"""One reading's stamp this much further from the recorder's than the others is wrong."""
LONGEST_NS = LIMIT_NS // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The stamp that is used, `used_ns` (N,) per reading, and the gaps `other - used`.

    believed: (N,) per stamp that is there, which of its values can be right. code, problem_text: what a person should
    know before trusting it, "" for nothing.
    """

    stamp: Stamp
    used_ns: Ints
    gaps: tuple[StampGap, ...]
    believed: Mapping[Stamp, Mask]
    code: str = ""
    problem_text: str = ""


def choose(columns: Mapping[Stamp, Ints], *, forced: Stamp | None = None) -> Chosen:
    """The device's stamp before the publisher's before the recorder's; one that is 0 everywhere is absent.

    columns: (N,) absolute nanoseconds each, 0 where a reading has none. When the first choice is more than a second
    from the recorder's, or looks like another time scale, the recorder's is used and the text says why.
    Raises InvalidInput when no stamp is there, or not the forced one.
    """
    there = {stamp: columns[stamp] for stamp in ORDER if stamp in columns and bool(np.any(columns[stamp]))}
    if {Stamp.PUBLISH, Stamp.LOG} <= there.keys() and np.array_equal(there[Stamp.PUBLISH], there[Stamp.LOG]):
        del there[Stamp.PUBLISH]  # the recorder wrote its own time twice: no information
    if not there:
        zeros = next((column for column in columns.values() if len(column)), None)
        if zeros is None:
            raise InvalidInput("readings without any stamp have no time")
        there = {next(stamp for stamp in reversed(ORDER) if stamp in columns): zeros}
    if forced is not None and forced not in there:
        raise InvalidInput(
            "the readings have no such stamp", got=forced.value, wanted=" | ".join(sorted(there))
        )
    believed = _believed(there)
    first = forced or next(iter(there))
    code, text = "", ""
    if forced is None and first is not Stamp.LOG and Stamp.LOG in there:
        off = _median(_apart(there, believed, Stamp.LOG, first))
        said = scale_mixup(off)
        if abs(off) > FARTHEST_NS or said:
            code = STAMPS_DISAGREE
            text = (
                f"the {first.value} stamps are {seconds_text(abs(off))} s {'before' if off > 0 else 'after'} the "
                f"recorder's (median){f': {said}' if said else ''}; the recorder's are used"
            )
            first = Stamp.LOG
    holes = int(np.count_nonzero(~believed[first]))
    if holes:
        more = (
            f"{holes} of {len(there[first])} readings have no {first.value} stamp that can be right "
            "and were placed by another"
        )
        code, text = code or STAMPS_MISSING, f"{text}; {more}" if text else more
    return Chosen(
        stamp=first,
        used_ns=_filled(there, believed, first),
        gaps=tuple(
            _stamp_gap(stamp, apart)
            for stamp in there
            if stamp is not first and len(apart := _apart(there, believed, stamp, first))
        ),
        believed=believed,
        code=code,
        problem_text=text,
    )


def stamp_option(options: Mapping[str, str]) -> Stamp | None:
    """The option `stamp=device|publish|log`, None when it is not given. Raises InvalidInput."""
    text = options.get("stamp", "")
    if not text or text == "auto":
        return None
    wanted = (Stamp.DEVICE, Stamp.PUBLISH, Stamp.LOG)
    if text not in {stamp.value for stamp in wanted}:
        raise InvalidInput("option stamp has no such value", got=text, wanted="device | publish | log | auto")
    return Stamp(text)


def median_period_ns(times_ns: Ints) -> int | None:
    """The median distance of readings in time, None for fewer than two."""
    if len(times_ns) < 2:
        return None
    return int(np.median(np.diff(np.sort(times_ns)))) or None


def _believed(there: Mapping[Stamp, Ints]) -> dict[Stamp, Mask]:
    """Not 0, within weeks of the other readings, and not suddenly far from the recorder's stamp.

    A flipped bit, or a device that had no time yet when it started, must not decide where a recording begins.
    """
    found: dict[Stamp, Mask] = {}
    for stamp, column in there.items():
        said = column != ABSENT
        middle = _median(column[said] if bool(said.any()) else column)
        if stamp is Stamp.LOG and middle < LONGEST_NS:
            said = np.ones(len(column), dtype=bool)  # simulated time may start at 0
        near = (column >= middle - LONGEST_NS) & (column <= middle + LONGEST_NS)
        found[stamp] = said & near
    if Stamp.LOG in there:
        log = there[Stamp.LOG]
        for stamp, column in there.items():
            both = found[stamp] & found[Stamp.LOG]
            if stamp is Stamp.LOG or not bool(both.any()):
                continue
            apart = log[both] - column[both]
            reach = SUDDEN_NS + int(np.ptp(log[both])) // 1000
            found[stamp][both] &= np.abs(apart - _median(apart)) <= reach
    return found


def _apart(there: Mapping[Stamp, Ints], believed: Mapping[Stamp, Mask], stamp: Stamp, other: Stamp) -> Ints:
    """`stamp - other` of the readings that have both."""
    both = believed[stamp] & believed[other]
    apart: Ints = there[stamp][both] - there[other][both]
    return apart


def _stamp_gap(stamp: Stamp, apart: Ints) -> StampGap:
    ascending = np.sort(apart)
    last = -(-95 * len(ascending) // 100) - 1
    return StampGap(stamp=stamp, count=len(ascending), median_ns=_median(apart), p95_ns=int(ascending[last]))


def _median(values: Ints) -> int:
    """Exact, rounded down: stamps of an epoch do not survive a float. 0 for none."""
    if not len(values):
        return 0
    low, high = (len(values) - 1) // 2, len(values) // 2
    ascending = np.partition(values, (low, high))
    return (int(ascending[low]) + int(ascending[high])) // 2


def _filled(there: Mapping[Stamp, Ints], believed: Mapping[Stamp, Mask], first: Stamp) -> Ints:
    """Holes by the next stamp that has a value, moved by the median distance of the two; else by the reading before."""
    result = there[first].copy()
    sure = believed[first].copy()
    for stamp, other in there.items():
        holes = ~sure & believed[stamp]
        if stamp is not first and bool(holes.any()):
            result[holes] = other[holes] + _median(_apart(there, believed, first, stamp))
            sure |= holes
    if not bool(sure.all()) and bool(sure.any()):
        places = np.where(sure, np.arange(len(result)), -1)
        before = np.maximum.accumulate(places)
        result = result[np.where(before < 0, int(np.argmax(sure)), before)]
    return result
