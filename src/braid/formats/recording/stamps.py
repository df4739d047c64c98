"""Which of a recording's stamps places its readings, and what the others say (rules R1 to R4 of docs/spec/recordings.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput
from braid.clock.ns import SECOND_NS, seconds_text
from braid.clock.timescales import scale_mixup
from braid.model.timing import Stamp, StampGap

Ints = NDArray[np.int64]

STAMPS_DISAGREE = "W_STAMPS_DISAGREE"
STAMPS_MISSING = "W_STAMPS_MISSING"
ABSENT = 0
"""The value of a stamp that nobody set."""

ORDER = (Stamp.MEDIA, Stamp.DEVICE, Stamp.PUBLISH, Stamp.LOG)
FARTHEST_NS = SECOND_NS


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The stamp that is used, `used_ns` (N,) per reading, and the gaps `other - used`.

    code, problem_text: what a person should know before trusting it, "" for nothing.
    """

    stamp: Stamp
    used_ns: Ints
    gaps: tuple[StampGap, ...]
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
    first = forced or next(iter(there))
    code, text = "", ""
    if forced is None and first is not Stamp.LOG and Stamp.LOG in there:
        off = _gap(first, there[Stamp.LOG], there[first])
        said = scale_mixup(off)
        if abs(off) > FARTHEST_NS or said:
            code = STAMPS_DISAGREE
            text = (
                f"the {first.value} stamps are {seconds_text(abs(off))} s {'before' if off > 0 else 'after'} the "
                f"recorder's (median){f': {said}' if said else ''}; the recorder's are used"
            )
            first = Stamp.LOG
    used = there[first]
    holes = int(np.count_nonzero(used == ABSENT)) if len(there) > 1 else 0
    if holes:
        used = _filled(used, there, first)
        more = f"{holes} of {len(used)} readings have no {first.value} stamp and were placed by another"
        code, text = code or STAMPS_MISSING, f"{text}; {more}" if text else more
    gaps = tuple(
        gap
        for stamp, other in there.items()
        if stamp is not first and (gap := _stamp_gap(stamp, other, there[first]))
    )
    return Chosen(stamp=first, used_ns=used, gaps=gaps, code=code, problem_text=text)


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


def _both(other: Ints, used: Ints) -> Ints:
    here = (other != ABSENT) & (used != ABSENT)
    apart: Ints = other[here] - used[here]
    return apart


def _gap(stamp: Stamp, log: Ints, other: Ints) -> int:
    """Median of log - other."""
    apart = _both(log, other)
    return int(np.median(apart)) if len(apart) else 0


def _stamp_gap(stamp: Stamp, other: Ints, used: Ints) -> StampGap | None:
    apart = np.sort(_both(other, used))
    if not len(apart):
        return None
    return StampGap(
        stamp=stamp,
        count=len(apart),
        median_ns=_whole_median(apart),
        p95_ns=int(apart[min(len(apart) - 1, -(-95 * len(apart) // 100) - 1)]),
    )


def _whole_median(ascending: Ints) -> int:
    """Exact, rounded down: stamps of an epoch do not survive a float."""
    count = len(ascending)
    return (int(ascending[(count - 1) // 2]) + int(ascending[count // 2])) // 2


def _filled(used: Ints, there: Mapping[Stamp, Ints], first: Stamp) -> Ints:
    """Absent stamps from the next one that has them, moved by the median distance of the two."""
    result = used.copy()
    for stamp, other in there.items():
        if stamp is first:
            continue
        apart = np.sort(_both(used, other))
        moved = _whole_median(apart) if len(apart) else 0
        holes = (result == ABSENT) & (other != ABSENT)
        result[holes] = other[holes] + moved
    return result
