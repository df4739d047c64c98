"""How a stream answers for an instant between its readings (rule T5)."""

from __future__ import annotations

from enum import StrEnum


class Lookup(StrEnum):
    """hold: the last reading at or before; nearest: the closest one; linear, slerp: between two; none: no answer."""

    HOLD = "hold"
    NEAREST = "nearest"
    LINEAR = "linear"
    SLERP = "slerp"
    NONE = "none"
