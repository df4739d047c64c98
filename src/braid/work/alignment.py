"""What `align` is asked and what it answers, and what a clock map would do to the work already done."""

from __future__ import annotations

import msgspec

from braid.align.estimate import Curve
from braid.model.records import ClockMap

METHODS = ("auto", "audio", "transcript", "series", "rotation", "events", "anchors", "stamps")


class MarkedAnchor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The same event on both clocks, each in media time of its stream (of the timeline when no reference is named).

    sigma_ns: how sure the mark is; 0 for as sure as a hand is (10 ms).
    """

    media_ns: int
    reference_ns: int
    sigma_ns: int = 0
    name: str = ""


class AlignRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Place `stream` against `reference` (ids or names of streams; "" is the timeline itself).

    channel, reference_channel: which column of a series; "name.norm" is the length of a vector of three columns.
    """

    stream: str
    reference: str = ""
    method: str = "auto"
    channel: str = ""
    reference_channel: str = ""
    anchors: tuple[MarkedAnchor, ...] = ()


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """Where one annotation begins on the timeline, before and after."""

    annotation: str
    before_ns: int
    after_ns: int


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What a clock map does to the annotations of its stream. Nothing of it is written.

    moved: annotations whose timeline time changes. kept_native: those whose record stays as it is, frame and audio
    sample with it. suspects: links that would newly be in doubt because of the clock. max_shift_ns: the largest move.
    rows: the largest moves, at most 100.
    """

    annotations: int
    moved: int
    kept_native: int
    suspects: int
    max_shift_ns: int
    tolerance_ns: int
    rows: tuple[Shift, ...]


class AlignmentView(msgspec.Struct, frozen=True, kw_only=True):
    """An estimate with the clock map it proposes, or a refusal that says why. Nothing is applied.

    clock_map has the id of the stream's present map if there is one, and `base` is that one's revision. sigma_start_ns,
    sigma_end_ns: uncertainty where the measured range begins and ends. grade: A to D.
    """

    outcome: str
    method: str
    why: str = ""
    hint: str = ""
    clock_map: ClockMap | None = None
    base: str | None = None
    grade: str = ""
    rms_ns: int = 0
    sigma_start_ns: int = 0
    sigma_end_ns: int = 0
    quality: float | None = None
    quality_bound: float | None = None
    named: str = ""
    warnings: tuple[str, ...] = ()
    evidence: tuple[Curve, ...] = ()
    effect: Effect | None = None


class ClockEffectRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clock map as it might be written: create it, or replace the one with its id."""

    clock_map: ClockMap
