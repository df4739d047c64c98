"""By how much something changed, in words for people: "moved 14.0 px, IoU 0.62"."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from braid.clock.clock_map import ClockSegment, to_timeline
from braid.model.records import Annotation, AnyRecord
from braid.model.regions import Box, Cuboid, Polygon, RotatedBox, TextSpan, TimeSpan, Track
from braid.space.pose import Pose

Rect = tuple[float, float, float, float]


def amount_of(before: AnyRecord, after: AnyRecord, changed: Sequence[str]) -> str:
    """What the material fields `changed` did, one phrase each, joined by commas."""
    return ", ".join(phrase for name in changed if (phrase := _phrase(name, before, after)))


def shift_text(shift_ns: int) -> str:
    """A shift in time, for example "shifted 40 ms"."""
    ms = shift_ns / 1e6
    return f"shifted {ms:+.6f}".rstrip("0").rstrip(".") + " ms"


def clock_shift_ns(
    before: tuple[ClockSegment, ...], after: tuple[ClockSegment, ...], times_ns: Sequence[int]
) -> int:
    """The largest move on the timeline of these media times, with its sign. No segments mean the identity."""
    shifts = [_on_timeline(after, at_ns) - _on_timeline(before, at_ns) for at_ns in times_ns]
    return max(shifts, key=abs, default=0)


def pose_shift(before: Pose, after: Pose) -> tuple[float, float]:
    """How far (metres) and by what angle (radians) two poses differ."""
    along_m = math.dist(before.translation_m, after.translation_m)
    dot = abs(sum(a * b for a, b in zip(before.rotation_wxyz, after.rotation_wxyz, strict=True)))
    return along_m, 2 * math.acos(min(1.0, dot))


def rect_iou(one: Rect, other: Rect) -> float:
    """Intersection over union of two axis-parallel rectangles (x0, y0, x1, y1)."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    both = max(0.0, width) * max(0.0, height)
    union = _area(one) + _area(other) - both
    return both / union if union > 0 else 0.0


def _on_timeline(segments: tuple[ClockSegment, ...], at_ns: int) -> int:
    return to_timeline(segments, at_ns) if segments else at_ns


def _phrase(name: str, before: AnyRecord, after: AnyRecord) -> str:
    old, new = getattr(before, name), getattr(after, name)
    if name == "region":
        return _region(old, new)
    if name == "at_ns":
        return shift_text(new - old) if old is not None and new is not None else f"time {old} -> {new} ns"
    if name == "class_id":
        return f"class {old} -> {new}"
    if name == "entity":
        return "entity set" if old is None else "entity removed" if new is None else "another entity"
    if name == "text":
        return f"text {_quoted(old)} -> {_quoted(new)}"
    if name == "words":
        return "word times changed" if isinstance(after, Annotation) else ""
    return f"{name} changed"


def _region(old: Any, new: Any) -> str:
    if type(old) is not type(new):
        return f"{old.__struct_config__.tag} -> {new.__struct_config__.tag}"
    if isinstance(old, Box | RotatedBox | Polygon):
        one, other = _bounds(old), _bounds(new)
        moved = math.dist(_centre(one), _centre(other))
        return f"moved {moved:.1f} px, IoU {rect_iou(one, other):.2f}"
    if isinstance(old, TimeSpan):
        start, end = new.start_ns - old.start_ns, new.end_ns - old.end_ns
        return (
            shift_text(start) if start == end else f"start {shift_text(start)[8:]}, end {shift_text(end)[8:]}"
        )
    if isinstance(old, TextSpan):
        return f"{_quoted(old.quote)} -> {_quoted(new.quote)}"
    if isinstance(old, Cuboid):
        return f"moved {math.dist(old.centre_m, new.centre_m):.2f} m"
    if isinstance(old, Track):
        same = sum(frame in old.key_frames for frame in new.key_frames)
        return f"{len(new.key_frames) - same} of {len(new.key_frames)} key frames differ"
    return f"{old.__struct_config__.tag} changed"


def _bounds(shape: Box | RotatedBox | Polygon) -> Rect:
    if isinstance(shape, Box):
        return shape.x0_px, shape.y0_px, shape.x1_px, shape.y1_px
    if isinstance(shape, RotatedBox):
        cos, sin = abs(math.cos(shape.angle_rad)), abs(math.sin(shape.angle_rad))
        half_x = (shape.width_px * cos + shape.height_px * sin) / 2
        half_y = (shape.width_px * sin + shape.height_px * cos) / 2
        return shape.cx_px - half_x, shape.cy_px - half_y, shape.cx_px + half_x, shape.cy_px + half_y
    xs = [x for ring in shape.rings_px for x, _ in ring] or [0.0]
    ys = [y for ring in shape.rings_px for _, y in ring] or [0.0]
    return min(xs), min(ys), max(xs), max(ys)


def _centre(rect: Rect) -> tuple[float, float]:
    return (rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2


def _area(rect: Rect) -> float:
    return max(0.0, rect[2] - rect[0]) * max(0.0, rect[3] - rect[1])


def _quoted(text: str | None, limit: int = 24) -> str:
    if text is None:
        return "none"
    return f'"{text}"' if len(text) <= limit else f'"{text[: limit - 1]}…"'
