"""Where a track is at a media time: `at` (rules K1-K7). Linear in time, never in the number of the video frame."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import msgspec
import numpy as np

from braid.model.regions import AttributeValue, Box, Cuboid, KeyFrame, RotatedBox, Shape, Track
from braid.space.pose import Pose
from braid.space.transforms import compose, inverse
from braid.tracks.cubic import MIN_KEYS, Places, hermite, velocities
from braid.tracks.shapes import between_shapes
from braid.tracks.world import World


class Motion(StrEnum):
    """How a thing moves between key frames: straight, or its centre on a cubic where there are three or more."""

    LINEAR = "linear"
    CUBIC = "cubic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A track at an instant. keyed: a key frame stands exactly there. held: the shape is an earlier one, unchanged.

    occluded and attributes are those of the key frames up to then.
    """

    shape: Shape
    keyed: bool
    held: bool
    occluded: bool
    attributes: Mapping[str, AttributeValue]


def at(
    track: Track,
    at_ns: int,
    *,
    world: World | None = None,
    motion: Motion = Motion.LINEAR,
    hold: bool = False,
) -> Moment | None:
    """The track at a media time of its stream; None where the thing is absent.

    world: where cuboids' frames stand, so that they move straight there and not in a turning vehicle.
    hold: the last key frame answers for all later times, too.
    """
    keys = track.key_frames
    place = bisect_right(keys, at_ns, key=lambda key: key.at_ns) - 1
    if place < 0:
        return None
    before = keys[place]
    if before.shape is None:
        return None
    attributes = held_attributes(keys, place)

    def moment(shape: Shape, *, keyed: bool = False, held: bool = False) -> Moment:
        return Moment(shape=shape, keyed=keyed, held=held, occluded=before.occluded, attributes=attributes)

    if before.at_ns == at_ns:
        return moment(before.shape, keyed=True)
    if place + 1 == len(keys):
        return moment(before.shape, held=True) if hold else None
    after = keys[place + 1]
    if after.shape is None:
        return moment(before.shape, held=True)
    shape = between_shapes(
        before.shape,
        after.shape,
        (at_ns - before.at_ns) / (after.at_ns - before.at_ns),
        a_ns=before.at_ns,
        b_ns=after.at_ns,
        at_ns=at_ns,
        world=world,
    )
    if shape is None:
        return moment(before.shape, held=True)
    if motion is Motion.CUBIC:
        shape = _on_cubic(keys, place, at_ns, shape, world)
    return moment(shape)


def held_attributes(keys: Sequence[KeyFrame], place: int) -> dict[str, AttributeValue]:
    """What the key frames up to `place` say: each attribute as it was set last."""
    held: dict[str, AttributeValue] = {}
    for key in keys[: place + 1]:
        held |= key.attributes
    return held


def run_around(keys: Sequence[KeyFrame], place: int) -> range:
    """The places of the key frames around `place` and `place + 1` without an absence between them."""
    first, last = place, place + 1
    while first > 0 and keys[first - 1].shape is not None:
        first -= 1
    while last + 1 < len(keys) and keys[last + 1].shape is not None:
        last += 1
    return range(first, last + 1)


def centre_of(shape: Shape) -> tuple[float, ...] | None:
    """Of a box, rotated box or cuboid; None for shapes without one."""
    match shape:
        case Box():
            return ((shape.x0_px + shape.x1_px) / 2, (shape.y0_px + shape.y1_px) / 2)
        case RotatedBox():
            return (shape.cx_px, shape.cy_px)
        case Cuboid():
            return shape.centre_m
        case _:
            return None


def _on_cubic(
    keys: Sequence[KeyFrame], place: int, at_ns: int, straight: Shape, world: World | None
) -> Shape:
    """The straight answer with its centre on the cubic through up to four key frames around it."""
    run = run_around(keys, place)
    near = [here for here in range(place - 1, place + 3) if here in run]
    if len(near) < MIN_KEYS:
        return straight
    found = _centres([keys[here] for here in near], straight, at_ns, world)
    if found is None:
        return straight
    places, frame_from_root = found
    a_ns, b_ns = keys[place].at_ns, keys[place + 1].at_ns
    at_a = near.index(place)
    speed = velocities([(keys[here].at_ns - a_ns) / 1e9 for here in near], places)
    centre = hermite(
        (at_ns - a_ns) / (b_ns - a_ns),
        (b_ns - a_ns) / 1e9,
        places[at_a],
        places[at_a + 1],
        speed[at_a],
        speed[at_a + 1],
    )
    match straight:
        case Box():
            half_x, half_y = (straight.x1_px - straight.x0_px) / 2, (straight.y1_px - straight.y0_px) / 2
            x, y = (float(part) for part in centre)
            return Box(x0_px=x - half_x, y0_px=y - half_y, x1_px=x + half_x, y1_px=y + half_y)
        case RotatedBox():
            return msgspec.structs.replace(straight, cx_px=float(centre[0]), cy_px=float(centre[1]))
        case Cuboid():
            x, y, z = (float(part) for part in centre)
            there = compose(frame_from_root, Pose(translation_m=(x, y, z)))
            return msgspec.structs.replace(straight, centre_m=there.translation_m)
        case _:
            return straight


def _centres(
    keys: Sequence[KeyFrame], straight: Shape, at_ns: int, world: World | None
) -> tuple[Places, Pose] | None:
    """Centres (N, D) of key frames, in the world for cuboids where that is known; and the way back at `at_ns`."""
    centres = [None if key.shape is None else centre_of(key.shape) for key in keys]
    if any(centre is None for centre in centres):
        return None
    places = np.asarray(centres, dtype=np.float64)
    if not isinstance(straight, Cuboid):
        return places, Pose()
    frames = [key.shape.frame if isinstance(key.shape, Cuboid) else "" for key in keys]
    roots = [world(frame, key.at_ns) if world else None for frame, key in zip(frames, keys, strict=True)]
    root_from_here = world(straight.frame, at_ns) if world else None
    if root_from_here is not None and all(root is not None for root in roots):
        moved = [
            compose(root, Pose(translation_m=centre)).translation_m
            for root, centre in zip(roots, _vec3s(places), strict=True)
            if root is not None
        ]
        return np.asarray(moved, dtype=np.float64), inverse(root_from_here)
    return (places, Pose()) if set(frames) == {straight.frame} else None


def _vec3s(places: Places) -> list[tuple[float, float, float]]:
    return [(float(x), float(y), float(z)) for x, y, z in places]
