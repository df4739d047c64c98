"""Whether a region is well-formed by itself (rules S5 and O7). Says nothing about classes or the stream it stands on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

from braid.base.errors import InvalidInput, LimitExceeded
from braid.clock.ns import LIMIT_NS
from braid.model import regions as r
from braid.space.rle import bounds_px as mask_bounds_px
from braid.space.rle import check_counts

MAX_POINTS = 200_000
"""Points of one region; larger ones are refused."""


def check_region(region: r.AnyRegion, *, where: str = "") -> None:
    """Raises InvalidInput with a letter when the region cannot mean anything."""
    _CHECKS[type(region)](region, where)


def check_time(at_ns: int, *, where: str, name: str) -> None:
    """Raises InvalidInput unless the time is exact in JSON (rule T1)."""
    if not -LIMIT_NS < at_ns < LIMIT_NS:
        raise InvalidInput(
            f"{name} is {at_ns}",
            where=where,
            wanted="a relative time below 2^53 ns",
            hint="Is it an absolute epoch? Times are relative to the stream's zero",
        )


def check_finite(values: Iterable[float], *, where: str, name: str) -> None:
    """Raises InvalidInput for NaN and infinity."""
    for value in values:
        if not math.isfinite(value):
            raise InvalidInput(
                f"{name} is not a finite number", where=where, got=value, wanted="a finite number"
            )


def _box(box: r.Box, where: str) -> None:
    check_finite((box.x0_px, box.y0_px, box.x1_px, box.y1_px), where=where, name="a corner of the box")
    for name, size in (("width_px", box.x1_px - box.x0_px), ("height_px", box.y1_px - box.y0_px)):
        _positive(
            size,
            f"box {name}",
            where,
            hint="Are corners swapped, or was (x, y, width, height) passed where corners are expected?",
        )


def _rotated_box(box: r.RotatedBox, where: str) -> None:
    check_finite((box.cx_px, box.cy_px, box.angle_rad), where=where, name="the rotated box's centre or angle")
    _positive(box.width_px, "rotated box width_px", where)
    _positive(box.height_px, "rotated box height_px", where)
    if abs(box.angle_rad) > 2 * math.pi + 1e-9:
        raise InvalidInput(
            f"rotated box angle_rad is {box.angle_rad:g}",
            where=where,
            wanted="within 2 pi",
            hint="Is it in degrees?",
        )


def _polygon(polygon: r.Polygon, where: str) -> None:
    if not polygon.rings_px:
        raise InvalidInput("a polygon has no ring", where=where, wanted="at least one")
    _bounded(sum(map(len, (*polygon.rings_px, *polygon.holes_px))), "points", where)
    for kind, rings in (("ring", polygon.rings_px), ("hole", polygon.holes_px)):
        for place, ring in enumerate(rings):
            check_finite(
                (part for point in ring for part in point), where=where, name=f"a point of {kind} {place}"
            )
            if len(set(ring)) < 3:
                raise InvalidInput(
                    f"polygon {kind} {place} has {len(set(ring))} different points",
                    where=where,
                    wanted="at least 3",
                    hint="Two points make a polyline or a box",
                )


def _polyline(line: r.Polyline, where: str) -> None:
    _bounded(len(line.points_px), "points", where)
    check_finite(
        (part for point in line.points_px for part in point), where=where, name="a point of the polyline"
    )
    if len(line.points_px) < 2:
        raise InvalidInput(f"polyline has {len(line.points_px)} points", where=where, wanted="at least 2")


def _mask(mask: r.Mask, where: str) -> None:
    try:
        check_counts(mask.counts, width_px=mask.width_px, height_px=mask.height_px)
    except InvalidInput as error:
        place = ", ".join(part for part in (where, error.where) if part)
        raise type(error)(
            error.what, where=place, got=error.got, wanted=error.wanted, hint=error.hint
        ) from error


def _keypoints(keypoints: r.Keypoints, where: str) -> None:
    if not keypoints.points:
        raise InvalidInput("there are no key points", where=where, wanted="at least one")
    _bounded(len(keypoints.points), "key points", where)
    seen: set[str] = set()
    for point in keypoints.points:
        if point.name in seen:
            raise InvalidInput(
                f"key point {point.name!r} appears twice", where=where, wanted="each joint once"
            )
        seen.add(point.name)
        check_finite((point.x_px, point.y_px), where=where, name=f"key point {point.name!r}")
        if point.visibility not in {0, 1, 2}:
            raise InvalidInput(
                f"key point {point.name!r} has visibility {point.visibility}",
                where=where,
                wanted="0 not labelled, 1 hidden, 2 visible",
            )


def _cuboid(cuboid: r.Cuboid, where: str) -> None:
    check_finite(
        (*cuboid.centre_m, *cuboid.size_m, *cuboid.rotation_wxyz), where=where, name="a number of the cuboid"
    )
    for name, size in zip(("length", "width", "height"), cuboid.size_m, strict=True):
        _positive(size, f"cuboid {name} (size_m)", where, hint="The order is length, width, height")
    norm = math.sqrt(sum(part * part for part in cuboid.rotation_wxyz))
    if abs(norm - 1) > 1e-3:
        raise InvalidInput(
            f"cuboid rotation_wxyz has norm {norm:.4g}",
            where=where,
            wanted="a unit quaternion, order w, x, y, z",
            hint="Was an angle or a vector of Euler angles passed?",
        )
    if not cuboid.frame:
        raise InvalidInput(
            "cuboid frame is empty",
            where=where,
            wanted="the name of its frame of reference, for example lidar_top",
        )


def _point_set(points: r.PointSet, where: str) -> None:
    _bounded(len(points.runs), "runs", where)
    end_before = 0
    for first, end in points.runs:
        if not end_before <= first < end:
            raise InvalidInput(
                f"point run [{first}, {end}) does not ascend",
                where=where,
                wanted="half-open, not empty, ascending runs",
            )
        end_before = end
    if not points.runs:
        raise InvalidInput("a point set has no points", where=where, wanted="at least one run")


def _text_span(span: r.TextSpan, where: str) -> None:
    if not 0 <= span.start < span.end:
        raise InvalidInput(
            f"text span is [{span.start}, {span.end})",
            where=where,
            wanted="0 <= start < end",
            hint="Offsets are code points and the end is exclusive",
        )
    if len(span.quote) != span.end - span.start:
        raise InvalidInput(
            f"text span [{span.start}, {span.end}) quotes {len(span.quote)} code points",
            where=where,
            got=span.quote,
            wanted=f"{span.end - span.start} code points",
            hint="Were UTF-16 or byte offsets passed?",
        )


def _time_span(span: r.TimeSpan, where: str) -> None:
    check_time(span.start_ns, where=where, name="time span start_ns")
    check_time(span.end_ns, where=where, name="time span end_ns")
    if span.start_ns >= span.end_ns:
        raise InvalidInput(
            f"time span is [{span.start_ns}, {span.end_ns}) ns",
            where=where,
            wanted="start before end",
            hint="Are start and end swapped, or was a duration passed as the end?",
        )


def _whole_stream(region: r.WholeStream, where: str) -> None:
    """Nothing in it can be wrong."""


def _track(track: r.Track, where: str) -> None:
    if not track.key_frames:
        raise InvalidInput("a track has no key frames", where=where, wanted="at least one")
    _bounded(len(track.key_frames), "key frames", where)
    for before, after in pairwise(track.key_frames):
        if after.at_ns <= before.at_ns:
            raise InvalidInput(
                f"key frame at {after.at_ns} ns follows the one at {before.at_ns} ns",
                where=where,
                wanted="key frames ascend in time, one per instant",
            )
    shapes = [key.shape for key in track.key_frames if key.shape is not None]
    if not shapes:
        raise InvalidInput("a track is absent at all its key frames", where=where, wanted="one with a shape")
    kinds = {r.kind_of(shape) for shape in shapes}
    if len(kinds) > 1:
        raise InvalidInput("a track changes its kind of shape", where=where, got=", ".join(sorted(kinds)))
    for key in track.key_frames:
        check_time(key.at_ns, where=where, name="key frame at_ns")
        if key.shape is not None:
            check_region(
                key.shape,
                where=f"{where}, key frame {key.at_ns} ns" if where else f"key frame {key.at_ns} ns",
            )


def _positive(value: float, name: str, where: str, *, hint: str = "") -> None:
    if not (math.isfinite(value) and value > 0):
        raise InvalidInput(f"{name} is {value:g}", where=where, wanted="> 0", hint=hint)


def _bounded(count: int, name: str, where: str) -> None:
    if count > MAX_POINTS:
        raise LimitExceeded(
            f"a region has too many {name}", where=where, got=count, wanted=f"at most {MAX_POINTS}"
        )


_CHECKS: dict[type[Any], Callable[[Any, str], None]] = {
    r.Box: _box,
    r.RotatedBox: _rotated_box,
    r.Polygon: _polygon,
    r.Polyline: _polyline,
    r.Mask: _mask,
    r.Keypoints: _keypoints,
    r.Cuboid: _cuboid,
    r.PointSet: _point_set,
    r.TextSpan: _text_span,
    r.TimeSpan: _time_span,
    r.WholeStream: _whole_stream,
    r.Track: _track,
}


def bounds_px(region: r.AnyRegion) -> tuple[float, float, float, float] | None:
    """The bounding box (x0, y0, x1, y1) of a picture region in edge coordinates; None for regions without one."""
    points: Sequence[tuple[float, float]]
    match region:
        case r.Box():
            return (region.x0_px, region.y0_px, region.x1_px, region.y1_px)
        case r.RotatedBox():
            c, s = abs(math.cos(region.angle_rad)), abs(math.sin(region.angle_rad))
            half_x = (region.width_px * c + region.height_px * s) / 2
            half_y = (region.width_px * s + region.height_px * c) / 2
            return (
                region.cx_px - half_x,
                region.cy_px - half_y,
                region.cx_px + half_x,
                region.cy_px + half_y,
            )
        case r.Polygon():
            points = [point for ring in region.rings_px for point in ring]
        case r.Polyline():
            points = region.points_px
        case r.Keypoints():
            points = [(point.x_px, point.y_px) for point in region.points if point.visibility]
        case r.Mask():
            return mask_bounds_px(region.counts, width_px=region.width_px, height_px=region.height_px)
        case _:
            return None
    if not points:
        return None
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return (min(xs), min(ys), max(xs), max(ys))
