"""What every aligner answers: an estimate with its uncertainty and evidence, or a refusal that says why.

A is the reference stream, B the stream to place. All times are media nanoseconds of their own stream.
"""

from __future__ import annotations

from dataclasses import dataclass

from braid.clock.clock_map import ClockFit, ClockSegment

MILLISECOND_NS = 1_000_000
GRADES = ((MILLISECOND_NS, "A"), (16 * MILLISECOND_NS, "B"), (45 * MILLISECOND_NS, "C"))
"""A: within 1 ms, B: half a video frame, C: lips look in time; D: worse or unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """One instant seen on both clocks. residual_ns: `a_ns` minus what the fitted map says for `b_ns`."""

    a_ns: int
    b_ns: int
    sigma_ns: int = 0
    residual_ns: int = 0
    used: bool = True
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One line or cloud of the evidence picture. style: "line" or "points"; x and y of equal length N <= 2000."""

    title: str
    x_label: str
    y_label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    style: str = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """B's media time to A's media time: `a = to_timeline(segments, b)`.

    quality: the method's own figure (peak z, r) with its acceptance bound. named: a known ratio the rate is, for example
    "25/23.976". valid_from_ns, valid_to_ns: B's times between which it was measured.
    """

    method: str
    segments: tuple[ClockSegment, ...]
    fit: ClockFit
    anchors: tuple[Anchor, ...]
    rms_ns: int
    quality: float
    quality_bound: float
    valid_from_ns: int
    valid_to_ns: int
    named: str = ""
    warnings: tuple[str, ...] = ()
    evidence: tuple[Curve, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """No map, because the evidence does not carry one. hint: what to try."""

    method: str
    why: str
    hint: str
    quality: float | None = None
    quality_bound: float | None = None
    evidence: tuple[Curve, ...] = ()


def grade(sigma_ns: int) -> str:
    """The letter that people see for an uncertainty, which counts as it is shown: to a hundredth of a millisecond.

    >>> grade(400_000), grade(1_000_008), grade(20_000_000)
    ('A', 'A', 'C')
    """
    shown_ns = round(sigma_ns, -4)
    return next((letter for bound, letter in GRADES if shown_ns <= bound), "D")
