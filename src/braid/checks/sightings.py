"""Cuboids against what a camera shows of them, over time: what the regression of rule S11 needs, for each pair of streams."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import BraidError
from braid.checks.ends import solid_and_flat
from braid.checks.frames import frame_tree
from braid.checks.looking import Sightline, pairs_at, sightline
from braid.checks.tables import Tables
from braid.model import records as m
from braid.model.validate import bounds_px
from braid.space import camera as cameras
from braid.space.overlap import Bounds
from braid.space.pose import IDENTITY_WXYZ, Camera, Pose
from braid.space.projection import NEAR_M, corners_m
from braid.space.residuals import ResidualFit, Sightings, fit_residuals
from braid.space.rotation import normalised
from braid.space.transforms import FrameTree, apply

Array = NDArray[np.float64]

MAX_SIGHTINGS = 600
"""Per pair of streams; of more, every second, third, ... is taken."""
STEP_NS = 20_000_000
TURN_RAD = 1e-4
SHIFT_M = 1e-3
BORDER_PX = 2.0
TRUNCATED = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPair:
    """Cuboids of one stream and the camera that shows them."""

    sample: str
    solid: str
    flat: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One comparison; fields as in `space.residuals.Sightings`, (2,) and (2, 3)."""

    thing: str
    offset_px: Array
    speed_px_s: Array
    turn_px_rad: Array
    shift_px_m: Array


def sightings(tables: Tables) -> dict[StreamPair, list[Sighting]]:
    """Of all projection links in scope, by pair of streams."""
    links: dict[StreamPair, list[tuple[m.Annotation, m.Annotation]]] = defaultdict(list)
    for link in tables.links:
        kind = tables.ontology.link_types.get(link.type_id)
        if kind is None or kind.spatial != "projection":
            continue
        pair = solid_and_flat(tables.end(link.source), tables.end(link.target))
        if pair is not None:
            solid, flat = pair
            links[StreamPair(sample=link.sample, solid=solid.stream, flat=flat.stream)].append(pair)
    found: dict[StreamPair, list[Sighting]] = {}
    trees: dict[str, FrameTree | None] = {}
    for streams, pairs in links.items():
        if streams.sample not in trees:
            trees[streams.sample] = frame_tree(tables, streams.sample)
        tree = trees[streams.sample]
        if tree is None:
            continue
        moments = [at for pair in pairs for at in pairs_at(tables, tree, *pair)]
        step = -(-len(moments) // MAX_SIGHTINGS)
        found[streams] = [one for at in moments[:: max(step, 1)] for one in _sighting(tables, tree, *at)]
    return found


def fit_pair(seen: list[Sighting]) -> ResidualFit | None:
    """Clock and turn of the camera from its sightings; None when they are too few."""
    if not seen:
        return None
    numbers = {name: place for place, name in enumerate(sorted({one.thing for one in seen}))}
    return fit_residuals(
        Sightings(
            offsets_px=np.stack([one.offset_px for one in seen]),
            speeds_px_s=np.stack([one.speed_px_s for one in seen]),
            turns_px_rad=np.stack([one.turn_px_rad for one in seen]),
            shifts_px_m=np.stack([one.shift_px_m for one in seen]),
            things=[numbers[one.thing] for one in seen],
        )
    )


def _sighting(tables: Tables, tree: FrameTree, solid: m.Annotation, flat: m.Annotation) -> Iterator[Sighting]:
    """None or one: what is cut by the picture's edge has no centre to compare."""
    line = sightline(tables, tree, solid, flat)
    if line is None:
        return
    try:
        shown, projected = bounds_px(flat.region), line.projected()
        before, after = (line.camera_from_cuboid(line.rows_ns[0] + step) for step in (-STEP_NS, STEP_NS))
        here = line.camera_from_cuboid(line.rows_ns[0])
    except BraidError:
        return
    if shown is None or projected is None or projected.truncation > TRUNCATED or _cut(shown, line.camera):
        return
    centres = _centres(line, [before, after], [here])
    if centres is None:
        return
    yield Sighting(
        thing=solid.entity or solid.id,
        offset_px=_middle(shown) - _middle(projected.amodal_px),
        speed_px_s=(centres[1] - centres[0]) / (2 * STEP_NS / 1e9),
        turn_px_rad=_slopes(centres[2:8], TURN_RAD),
        shift_px_m=_slopes(centres[8:14], SHIFT_M),
    )


def _centres(line: Sightline, in_time: list[Pose], here: list[Pose]) -> Array | None:
    """Centres (14, 2) of the boxes of the corners: before and after, then turned and shifted to both sides about x, y, z.

    When the camera turns or moves, its world turns or moves the other way.
    """
    local = corners_m((0.0, 0.0, 0.0), line.size_m, IDENTITY_WXYZ)
    solids = [apply(pose, local) for pose in in_time]
    (corners,) = [apply(pose, local) for pose in here]
    for axis in range(3):
        for sign in (-1.0, 1.0):
            turn = [1.0, 0.0, 0.0, 0.0]
            turn[axis + 1] = -sign * TURN_RAD / 2
            w, x, y, z = turn
            solids.append(apply(Pose(rotation_wxyz=normalised((w, x, y, z))), corners))
    solids += [corners - sign * SHIFT_M * axis for axis in np.eye(3) for sign in (-1.0, 1.0)]
    points = np.stack(solids)
    if line.camera.distortion not in cameras.WIDE and float(points[:, :, 2].min()) < NEAR_M:
        return None
    pixels = cameras.project(line.camera, points.reshape(-1, 3)).reshape(len(solids), 8, 2)
    if not bool(np.isfinite(pixels).all()):
        return None
    return np.asarray((pixels.min(axis=1) + pixels.max(axis=1)) / 2, dtype=np.float64)


def _slopes(centres_px: Array, step: float) -> Array:
    """(2, 3) from centres at minus and plus a step along each of three axes."""
    return np.stack(
        [(centres_px[2 * axis + 1] - centres_px[2 * axis]) / (2 * step) for axis in range(3)], axis=1
    )


def _cut(shown: Bounds, camera: Camera) -> bool:
    x0, y0, x1, y1 = shown
    return min(x0, y0) < BORDER_PX or x1 > camera.width_px - BORDER_PX or y1 > camera.height_px - BORDER_PX


def _middle(bounds: Bounds) -> Array:
    x0, y0, x1, y1 = bounds
    return np.array([(x0 + x1) / 2, (y0 + y1) / 2])
