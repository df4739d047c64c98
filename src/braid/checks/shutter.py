"""When the rows of a picture saw the light (rule S9), from what its stream says about its time."""

from __future__ import annotations

from braid.model.timing import StampPart, Timing


def row_times_ns(timing: Timing, at_ns: int) -> tuple[int, int]:
    """The middle of the exposure of the first and of the last row of a picture with time `at_ns`; equal without readout.

    >>> row_times_ns(Timing(readout_ns=30, exposure_ns=10), 0)
    (5, 35)
    """
    exposure, readout = timing.exposure_ns or 0, timing.readout_ns or 0
    # The first row is exposed from 0 to `exposure`, the last from `readout` to `readout + exposure`.
    named = {
        StampPart.START: 0,
        StampPart.MIDDLE: (readout + exposure) // 2,
        StampPart.END: readout + exposure,
    }[timing.part]
    first = at_ns + timing.exposure_offset_ns - named + exposure // 2
    return first, first + readout
