"""Where the thing of a cuboid is at other instants (rule S3): by its track, its other cuboids, or its speed."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from braid.base.errors import BraidError, NotFound
from braid.checks.tables import Tables
from braid.checks.timing import instant_ns, media_of, on_timeline
from braid.clock.clock_map import ClockSegment
from braid.model import records as m
from braid.model.regions import Cuboid, Track
from braid.space.pose import Pose, Vec3
from braid.space.transforms import FrameTree, between, compose
from braid.tracks.moment import at
from braid.tracks.shapes import pose_of
from braid.tracks.world import world_of

NEIGHBOUR_NS = 1_000_000_000
"""Other cuboids of the entity within this time say how it moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """root_from_cuboid: at a timeline instant; raises NotFound where that is not known. known: more than a guess."""

    root_from_cuboid: Callable[[int], Pose]
    known: bool


def movement_of(
    tables: Tables, tree: FrameTree, solid: m.Annotation, cuboid: Cuboid, here_ns: int
) -> Movement:
    """Of an annotation that is `cuboid` at the timeline instant `here_ns`."""
    record = tables.look_up(solid.id)
    if isinstance(record, m.Annotation) and isinstance(record.region, Track):
        return Movement(root_from_cuboid=_by_track(tables, tree, record, record.region), known=True)
    places = _places(tables, tree, solid, here_ns)
    if len(places) > 1:
        return Movement(root_from_cuboid=_by_neighbours(places), known=True)

    velocity_m_s = _told_velocity_m_s(solid)

    def drifting(at_ns: int) -> Pose:
        seconds = (at_ns - here_ns) / 1e9
        x, y, z = (c + v * seconds for c, v in zip(cuboid.centre_m, velocity_m_s or (0, 0, 0), strict=True))
        return _in_root(tree, msgspec.structs.replace(cuboid, centre_m=(x, y, z)), here_ns)

    return Movement(root_from_cuboid=drifting, known=velocity_m_s is not None)


def cuboid_at(tables: Tables, tree: FrameTree | None, solid: m.Annotation, at_ns: int) -> Cuboid | None:
    """The cuboid of a track at a timeline instant; None where the thing is absent."""
    if not isinstance(solid.region, Track):
        return None
    world = None if tree is None else world_of(tree, _segments(tables, solid))
    there = at(solid.region, media_of(tables, solid.stream, at_ns), world=world)
    return there.shape if there is not None and isinstance(there.shape, Cuboid) else None


def _told_velocity_m_s(solid: m.Annotation) -> Vec3 | None:
    """Over the ground, along the axes of the cuboid's frame of reference, as data sets store it beside the cuboid."""
    told = [solid.attributes.get(f"velocity-{axis}-mps") for axis in "xy"]
    x, y = (float(part) if isinstance(part, int | float) else math.nan for part in told)
    return (x, y, 0.0) if math.isfinite(x) and math.isfinite(y) else None


def _by_track(tables: Tables, tree: FrameTree, solid: m.Annotation, track: Track) -> Callable[[int], Pose]:
    """Rows of a picture may lie a little outside of the track: there its ends count."""
    first_ns, last_ns = (on_timeline(tables, solid.stream, track.key_frames[end].at_ns) for end in (0, -1))

    def there(at_ns: int) -> Pose:
        inside_ns = min(max(at_ns, first_ns), last_ns)
        cuboid = cuboid_at(tables, tree, solid, inside_ns)
        if cuboid is None:
            raise NotFound("the thing is absent at that time", where=solid.id, got=f"{at_ns} ns")
        return _in_root(tree, cuboid, inside_ns)

    return there


def _by_neighbours(places: dict[int, Pose]) -> Callable[[int], Pose]:
    """Straight through the two instants around, or the two nearest at an end."""
    times = sorted(places)

    def there(at_ns: int) -> Pose:
        after = min(max(bisect_right(times, at_ns), 1), len(times) - 1)
        start, end = times[after - 1], times[after]
        return between(places[start], places[end], (at_ns - start) / (end - start))

    return there


def _places(tables: Tables, tree: FrameTree, solid: m.Annotation, here_ns: int) -> dict[int, Pose]:
    """In the root, by instant: the cuboids of the same entity on the same stream and layer near in time."""
    places: dict[int, Pose] = {}
    for other in tables.annotations_of_entity.get(solid.entity or "", ()):
        at_ns = instant_ns(tables, other)
        same = other.stream == solid.stream and other.layer == solid.layer
        if same and at_ns is not None and abs(at_ns - here_ns) <= NEIGHBOUR_NS:
            region = other.region
            if isinstance(region, Cuboid):
                try:
                    places[at_ns] = _in_root(tree, region, at_ns)
                except BraidError:
                    continue
    return places if here_ns in places else {}


def _in_root(tree: FrameTree, cuboid: Cuboid, at_ns: int) -> Pose:
    root_from_frame = tree.dst_from_src(tree.line(cuboid.frame)[-1], cuboid.frame, at_ns=at_ns)
    return compose(root_from_frame, pose_of(cuboid))


def _segments(tables: Tables, solid: m.Annotation) -> tuple[ClockSegment, ...]:
    clock = tables.clock_maps.get(solid.stream)
    return clock.segments if clock else ()
