"""Between two shapes of one kind (rules K3-K6). What cannot be mixed holds: the answer is None."""

from __future__ import annotations

import math

from braid.model.regions import Box, Cuboid, Keypoint, Keypoints, Polygon, Polyline, RotatedBox, Shape
from braid.space.pose import Pose, Vec3
from braid.space.transforms import between, compose, inverse
from braid.tracks.outlines import between_polygons, between_polylines
from braid.tracks.world import World

TURN_RAD = 2 * math.pi


def between_shapes(
    a: Shape, b: Shape, weight: float, *, a_ns: int, b_ns: int, at_ns: int, world: World | None
) -> Shape | None:
    """The shape at `weight` (0: a, 1: b). world and the three media times matter to cuboids only."""
    match a, b:
        case Box(), Box():
            return Box(
                x0_px=mix(a.x0_px, b.x0_px, weight),
                y0_px=mix(a.y0_px, b.y0_px, weight),
                x1_px=mix(a.x1_px, b.x1_px, weight),
                y1_px=mix(a.y1_px, b.y1_px, weight),
            )
        case RotatedBox(), RotatedBox():
            return RotatedBox(
                cx_px=mix(a.cx_px, b.cx_px, weight),
                cy_px=mix(a.cy_px, b.cy_px, weight),
                width_px=mix(a.width_px, b.width_px, weight),
                height_px=mix(a.height_px, b.height_px, weight),
                angle_rad=a.angle_rad + weight * shortest_turn(b.angle_rad - a.angle_rad),
            )
        case Polygon(), Polygon():
            return between_polygons(a, b, weight)
        case Polyline(), Polyline():
            return between_polylines(a, b, weight)
        case Keypoints(), Keypoints():
            return _between_keypoints(a, b, weight)
        case Cuboid(), Cuboid():
            return _between_cuboids(a, b, weight, a_ns=a_ns, b_ns=b_ns, at_ns=at_ns, world=world)
        case _:
            return None


def mix(a: float, b: float, weight: float) -> float:
    """Linear."""
    return a + weight * (b - a)


def mix3(a: Vec3, b: Vec3, weight: float) -> Vec3:
    """Linear, part by part."""
    return (mix(a[0], b[0], weight), mix(a[1], b[1], weight), mix(a[2], b[2], weight))


def shortest_turn(turn_rad: float) -> float:
    """The same turn within (-pi, pi].

    >>> shortest_turn(1.5 * math.pi) == -0.5 * math.pi
    True
    """
    return turn_rad - TURN_RAD * math.ceil(turn_rad / TURN_RAD - 0.5)


def _between_keypoints(a: Keypoints, b: Keypoints, weight: float) -> Keypoints:
    """Joints by name; visibility holds, and so does a joint that one of the two does not know."""
    later = {point.name: point for point in b.points if point.visibility}
    points: list[Keypoint] = []
    for point in a.points:
        to = later.get(point.name)
        if to is None or not point.visibility:
            points.append(point)
        else:
            points.append(
                Keypoint(
                    name=point.name,
                    x_px=mix(point.x_px, to.x_px, weight),
                    y_px=mix(point.y_px, to.y_px, weight),
                    visibility=point.visibility,
                )
            )
    return Keypoints(points=tuple(points))


def _between_cuboids(
    a: Cuboid, b: Cuboid, weight: float, *, a_ns: int, b_ns: int, at_ns: int, world: World | None
) -> Cuboid | None:
    """Straight and on the shortest arc in the world, answered in the frame of `a`; in that frame without a world."""
    one, other, here = pose_of(a), pose_of(b), None
    root_from_a = world(a.frame, a_ns) if world else None
    root_from_b = world(b.frame, b_ns) if world else None
    root_from_here = world(a.frame, at_ns) if world else None
    if root_from_a is not None and root_from_b is not None and root_from_here is not None:
        there = between(compose(root_from_a, one), compose(root_from_b, other), weight)
        here = compose(inverse(root_from_here), there)
    elif a.frame == b.frame:
        here = between(one, other, weight)
    if here is None:
        return None
    return Cuboid(
        frame=a.frame,
        centre_m=here.translation_m,
        size_m=mix3(a.size_m, b.size_m, weight),
        rotation_wxyz=here.rotation_wxyz,
    )


def pose_of(cuboid: Cuboid) -> Pose:
    """`frame_from_cuboid`."""
    return Pose(rotation_wxyz=cuboid.rotation_wxyz, translation_m=cuboid.centre_m)
