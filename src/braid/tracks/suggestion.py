"""Where a track wants another key frame (rule K14): where the straight line is likely to leave the thing.

A thing that speeds up by `a` leaves the chord of a piece of length T by at most a T^2 / 8, in its middle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from braid.model.regions import Box, Cuboid, Keypoints, Polygon, Polyline, RotatedBox, Shape, Track
from braid.space.overlap import rotated_outline
from braid.space.projection import corners_m
from braid.space.transforms import apply
from braid.tracks.cubic import MIN_KEYS, velocities
from braid.tracks.moment import run_around
from braid.tracks.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A key frame at `at_ns` would help. error: predicted largest distance from the straight line, px or m.

    pieces: into how many equal parts the piece between its two key frames should be cut to stay within tolerance.
    """

    at_ns: int
    error: float
    pieces: int


def suggestions(track: Track, *, tolerance: float, world: World | None = None) -> tuple[Suggestion, ...]:
    """One for the middle of every piece whose predicted error is larger than `tolerance` (px, or m for cuboids).

    Speeds come from neighbouring key frames, so a run of fewer than three says nothing.
    """
    keys = track.key_frames
    found: list[Suggestion] = []
    for place in range(len(keys) - 1):
        if keys[place].shape is None or keys[place + 1].shape is None:
            continue
        run = run_around(keys, place)
        near = [here for here in range(place - 1, place + 3) if here in run]
        points = [_points(keys[here].shape, keys[here].at_ns, world) for here in near]
        sizes = {None if one is None else one.shape for one in points}
        if len(near) < MIN_KEYS or None in sizes or len(sizes) > 1:
            continue
        start_ns, end_ns = keys[place].at_ns, keys[place + 1].at_ns
        seconds = [(keys[here].at_ns - start_ns) / 1e9 for here in near]
        error = _error([one for one in points if one is not None], seconds, near.index(place))
        if error > tolerance:
            found.append(
                Suggestion(
                    at_ns=start_ns + (end_ns - start_ns) // 2,
                    error=error,
                    pieces=math.ceil(math.sqrt(error / tolerance)),
                )
            )
    return tuple(found)


def _error(points: list[NDArray[np.float64]], seconds: list[float], place: int) -> float:
    """A T^2 / 8 with a = change of velocity over the piece / T, of the point that fares worst."""
    places = np.stack([one.reshape(-1) for one in points])
    speed = velocities(seconds, places)
    step_s = seconds[place + 1] - seconds[place]
    away = (speed[place + 1] - speed[place]).reshape(points[0].shape) * step_s / 8
    return float(np.sqrt((away * away).sum(axis=1)).max())


def _points(shape: Shape | None, at_ns: int, world: World | None) -> NDArray[np.float64] | None:
    """Corners (N, 2) px, or (8, 3) m in the world where it is known; None for masks and absence."""
    match shape:
        case Box():
            flat = [(x, y) for x in (shape.x0_px, shape.x1_px) for y in (shape.y0_px, shape.y1_px)]
            return np.asarray(flat, dtype=np.float64)
        case RotatedBox():
            size = (shape.width_px, shape.height_px)
            return rotated_outline(centre=(shape.cx_px, shape.cy_px), size=size, angle_rad=shape.angle_rad)
        case Keypoints():
            return np.asarray([(point.x_px, point.y_px) for point in shape.points], dtype=np.float64)
        case Polyline():
            return np.asarray(shape.points_px, dtype=np.float64)
        case Polygon():
            return np.asarray([point for ring in shape.rings_px for point in ring], dtype=np.float64)
        case Cuboid():
            corners = corners_m(shape.centre_m, shape.size_m, shape.rotation_wxyz)
            root_from_frame = world(shape.frame, at_ns) if world else None
            return corners if root_from_frame is None else apply(root_from_frame, corners)
        case _:
            return None
