"""Surroundings of an annotation: its stream's clock map and calibration, and what a change of them does to it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from braid.history.amounts import clock_shift_ns, pose_shift, shift_text
from braid.history.material import CALIBRATION, CLOCK
from braid.history.overlay import Overlay, Write
from braid.model.records import Annotation, AnyRecord, Calibration, ClockMap, Stream
from braid.model.regions import TextSpan, TimeSpan, Track, WholeStream

DEFAULT_TOLERANCE_NS = 20_000_000
MOVED_M = 0.01
TURNED_RAD = math.radians(0.05)
SHIFTED_PX = 0.5
"""Calibrations that differ by less than these put nothing in doubt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextChange:
    """One change of an annotation's surroundings. `measure(from_rev)` gives its amount, None within tolerance."""

    what: str
    from_rev: str
    to_rev: str | None
    measure: Callable[[str], str | None]


def context_changes(overlay: Overlay) -> dict[str, tuple[ContextChange, ...]]:
    """By annotation with links: what pending writes of clock maps and calibrations did to it."""
    found: dict[str, list[ContextChange]] = {}
    for kind, change_of in (("clock_map", _clock), ("calibration", _calibration)):
        for _, write in overlay.of_kind(kind):
            stream = _stream_of(write)
            held = overlay.reader.linked_on(stream)
            overlay.keep(held)
            for one in held:
                annotation = overlay.after(one.id)
                if isinstance(annotation, Annotation):
                    change = change_of(overlay, write, annotation)
                    if change is not None:
                        found.setdefault(one.id, []).append(change)
    return {record: tuple(changes) for record, changes in found.items()}


def tolerance_of(stream: AnyRecord | None) -> int:
    """How far the stream's annotations may shift unnoticed: its own word, half its period, or 20 ms."""
    if not isinstance(stream, Stream):
        return DEFAULT_TOLERANCE_NS
    if stream.tolerance_ns is not None:
        return stream.tolerance_ns
    if stream.timing.period_ns is not None:
        return stream.timing.period_ns // 2
    if stream.facts.rate is not None and stream.modality in {"video", "point_cloud", "series"}:
        rate = stream.facts.rate
        return 1_000_000_000 * rate.den // (2 * rate.num) if rate.num > 0 else DEFAULT_TOLERANCE_NS
    times_ns = sorted(reading.at_ns for reading in stream.readings)
    gaps = sorted(b - a for a, b in pairwise(times_ns))
    return gaps[len(gaps) // 2] // 2 if gaps else DEFAULT_TOLERANCE_NS


def times_of(annotation: Annotation) -> tuple[int, ...]:
    """The media times an annotation stands on, its start first: ends of a span, key frames, words.

    The stream's zero when it has none of its own. A clock that jumps between the ends of a track moves the key frames
    in between, so all of them count.
    """
    region = annotation.region
    if isinstance(region, TimeSpan):
        return region.start_ns, region.end_ns
    if isinstance(region, Track) and region.key_frames:
        return tuple(key_frame.at_ns for key_frame in region.key_frames)
    if annotation.words:
        return tuple(at for word in annotation.words for at in (word.start_ns, word.end_ns))
    return (annotation.at_ns or 0,)


def _stream_of(write: Write) -> str:
    record = write.after if write.after is not None else write.before.record if write.before else None
    assert isinstance(record, ClockMap | Calibration)
    return record.stream


def _past(overlay: Overlay, write: Write, rev: str) -> AnyRecord | None:
    record = write.after.id if write.after is not None else write.before.id if write.before else ""
    return overlay.past(record, rev) if rev else None


def _clock(overlay: Overlay, write: Write, annotation: Annotation) -> ContextChange:
    after = write.after.segments if isinstance(write.after, ClockMap) else ()
    tolerance_ns = tolerance_of(overlay.after(annotation.stream))

    def measure(from_rev: str) -> str | None:
        past = _past(overlay, write, from_rev)
        before = past.segments if isinstance(past, ClockMap) else ()
        shift_ns = clock_shift_ns(before, after, times_of(annotation))
        return shift_text(shift_ns) if abs(shift_ns) > tolerance_ns else None

    return ContextChange(
        what=CLOCK, from_rev=write.before.rev if write.before else "", to_rev=write.rev, measure=measure
    )


def _calibration(overlay: Overlay, write: Write, annotation: Annotation) -> ContextChange | None:
    if isinstance(annotation.region, TextSpan | TimeSpan | WholeStream):
        return None
    after = write.after if isinstance(write.after, Calibration) else None

    def measure(from_rev: str) -> str | None:
        past = _past(overlay, write, from_rev)
        return _calibration_amount(past if isinstance(past, Calibration) else None, after)

    return ContextChange(
        what=CALIBRATION, from_rev=write.before.rev if write.before else "", to_rev=write.rev, measure=measure
    )


def _calibration_amount(before: Calibration | None, after: Calibration | None) -> str | None:
    if before is None or after is None:
        return None if before is after else "calibration added" if before is None else "calibration removed"
    along_m, turned_rad = pose_shift(before.parent_from_frame, after.parent_from_frame)
    parts = []
    if along_m > MOVED_M:
        parts.append(f"moved {along_m:.2f} m")
    if turned_rad > TURNED_RAD:
        parts.append(f"turned {math.degrees(turned_rad):.2f} deg")
    if (before.frame, before.parent_frame) != (after.frame, after.parent_frame):
        parts.append("another frame of reference")
    if before.camera != after.camera:
        parts.append(_camera_amount(before, after))
    return ", ".join(part for part in parts if part) or None


def _camera_amount(before: Calibration, after: Calibration) -> str:
    one, other = before.camera, after.camera
    if one is None or other is None:
        return "camera added" if one is None else "camera removed"
    if (one.distortion, one.coefficients) != (other.distortion, other.coefficients):
        return "distortion changed"
    shift_px = max(
        abs(getattr(one, name) - getattr(other, name))
        for name in ("fx_px", "fy_px", "cx_px", "cy_px", "skew_px", "width_px", "height_px")
    )
    return f"camera shifted {shift_px:.1f} px" if shift_px > SHIFTED_PX else ""
