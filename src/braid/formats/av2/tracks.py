"""Argoverse 2's boxes as tracks: one entity and one annotation per track_uuid, a key frame per labelled instant."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from braid.base.errors import InvalidInput
from braid.formats.classes import widen
from braid.formats.feather import TEXT, Column, read_feather
from braid.formats.rig import tracked
from braid.formats.seam import Problem, ReadContext, Sources
from braid.model.records import Annotation, Attribute, Entity, Stream
from braid.model.regions import Cuboid, KeyFrame, Track
from braid.space.rotation import normalised

COLUMNS = {
    "timestamp_ns": "int64",
    "track_uuid": TEXT,
    "category": TEXT,
    **dict.fromkeys(
        ("length_m", "width_m", "height_m", "qw", "qx", "qy", "qz", "tx_m", "ty_m", "tz_m"), "float64"
    ),
    "num_interior_pts": "int64",
}
POINTS_INSIDE = Attribute(id="num-lidar-pts", name="Lidar points inside", type="number", minimum=0.0)


@dataclass(slots=True, kw_only=True)
class Boxes:
    """The rows of annotations.feather; row numbers in order of track and time."""

    where: str
    columns: Mapping[str, Column]
    tracks: dict[str, list[int]] = field(default_factory=dict)
    instants_ns: list[int] = field(default_factory=list)


def read_boxes(files: Sources, path: Path) -> Boxes:
    """All boxes of a log. Raises InvalidInput."""
    columns = read_feather(files, path, COLUMNS)
    boxes = Boxes(where=files.name(path), columns=columns)
    boxes.instants_ns = [int(at_ns) for at_ns in np.unique(columns["timestamp_ns"])]
    for row in np.argsort(columns["timestamp_ns"], kind="stable"):
        boxes.tracks.setdefault(columns["track_uuid"][row], []).append(int(row))
    return boxes


def tracks_of(
    boxes: Boxes, context: ReadContext, lidar: Stream, *, zero_ns: int
) -> Iterator[Entity | Annotation | Problem]:
    """Entities and annotations on the lidar stream, in its frame of reference; media time is the stamp less `zero_ns`.

    A track that is not labelled at an instant at which the log is labelled is absent from there to its next box.
    """
    sweeps = {reading.at_ns: index for index, reading in enumerate(lidar.readings)}
    for uuid, rows in sorted(boxes.tracks.items()):
        frames: list[KeyFrame] = []
        for row in rows:
            at_ns = int(boxes.columns["timestamp_ns"][row]) - zero_ns
            try:
                shape = _cuboid(boxes, row, frame=lidar.frame)
                if frames and frames[-1].at_ns >= at_ns:
                    raise InvalidInput(
                        "a track has two boxes at one instant", where=uuid, got=at_ns + zero_ns
                    )
            except InvalidInput as error:
                yield Problem(
                    where=f"{boxes.where}, row {row + 1}",
                    code="bad_box",
                    message=error.letter(),
                    rejected=True,
                )
                continue
            gone_ns = _unlabelled(boxes, frames[-1].at_ns + zero_ns, at_ns + zero_ns) if frames else None
            if gone_ns is not None:
                frames.append(KeyFrame(at_ns=gone_ns - zero_ns, shape=None))
            frames.append(
                KeyFrame(
                    at_ns=at_ns,
                    shape=shape,
                    index=sweeps.get(at_ns),
                    attributes={POINTS_INSIDE.id: int(max(0, boxes.columns["num_interior_pts"][row]))},
                )
            )
        if frames:
            yield from _track(context, lidar, uuid, boxes.columns["category"][rows[0]], tuple(frames))


def _track(
    context: ReadContext, lidar: Stream, uuid: str, category: str, frames: tuple[KeyFrame, ...]
) -> Iterator[Entity | Annotation]:
    class_id = context.class_id(category.replace("_", " ").lower()[:100] or "unknown")
    widen(context, class_id, attributes=(POINTS_INSIDE,))
    yield from tracked(
        context,
        lidar,
        Track(key_frames=frames),
        class_id=class_id,
        name=f"{class_id} {uuid[:6]}",
        source_id=uuid,
    )


def _cuboid(boxes: Boxes, row: int, *, frame: str) -> Cuboid:
    values = {name: float(boxes.columns[name][row]) for name, kind in COLUMNS.items() if kind == "float64"}
    if not all(np.isfinite(value) for value in values.values()):
        raise InvalidInput("a box holds a value that is not finite", got=values)
    size_m = (values["length_m"], values["width_m"], values["height_m"])
    if min(size_m) <= 0:
        raise InvalidInput("a box has no extent", got=size_m, wanted="length, width, height > 0")
    rotation = (values["qw"], values["qx"], values["qy"], values["qz"])
    if abs(sum(part * part for part in rotation) - 1) > 0.02:
        raise InvalidInput("a rotation is not a unit quaternion", got=rotation, wanted="qw, qx, qy, qz")
    return Cuboid(
        frame=frame,
        centre_m=(values["tx_m"], values["ty_m"], values["tz_m"]),
        size_m=size_m,
        rotation_wxyz=normalised(rotation),
    )


def _unlabelled(boxes: Boxes, before_ns: int, after_ns: int) -> int | None:
    """The first instant between two boxes at which the log has labels, but this track none."""
    index = bisect_left(boxes.instants_ns, before_ns) + 1
    return boxes.instants_ns[index] if boxes.instants_ns[index] < after_ns else None
