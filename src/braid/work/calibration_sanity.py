"""Calibrations of an import looked at once each: do points and linked cuboids land where pictures show them?

Warnings only, in the report, each at its camera; what a good data set brings raises none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from braid.base.errors import BraidError
from braid.formats.seam import Problem
from braid.model.records import AnyRecord, Calibration, Modality, Ontology, Sample, Stream
from braid.space.pose import Camera, Pose

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from braid.checks.looking import Sightline
    from braid.checks.tables import Tables
    from braid.space.overlap import Bounds
    from braid.space.transforms import FrameTree


class CloudReader(Protocol):
    """`braid.media.clouds.read_points`: points (N, 3 or more) of a file, or a BraidError."""

    def __call__(self, path: Path, *, media_type: str = "", name: str = "") -> NDArray[Any]: ...


MAX_POINTS = 20_000
NEAREST_M = 0.5
MIN_PAIRS, MAX_PAIRS = 3, 50
GOOD_IOU, BETTER_BY = 0.5, 0.25
NONE_IOU, NONE_PAIRS = 0.05, 5
SCALES = {"too-large": 0.5, "too-small": 2.0}
SIZES = {
    "too-large": "the intrinsics are of pictures twice as large",
    "too-small": "the intrinsics are of pictures half as large",
}

CODES = {
    "inverse": "W_CALIBRATION_DIRECTION",
    "quaternion": "W_CALIBRATION_QUATERNION",
    "opengl": "W_CALIBRATION_AXES",
    "body": "W_CALIBRATION_AXES",
    "too-large": "W_CALIBRATION_SIZE",
    "too-small": "W_CALIBRATION_SIZE",
}
"""The code of each mistake; beside them there are W_CALIBRATION_POINTS and W_CALIBRATION_BOXES for what none explains."""


@dataclass(slots=True, kw_only=True)
class CalibrationSanity:
    """Looks at the calibrations of bundle after bundle; one that it has seen is not looked at again."""

    read_points: CloudReader
    assets: Mapping[str, Path]
    _seen: set[bytes] = field(default_factory=set)

    def problems(self, sample: Sample, records: Sequence[AnyRecord], ontology: Ontology) -> Iterator[Problem]:
        """Warnings about one sample. records: all that was taken of it, with streams as they were measured."""
        streams = {record.id: record for record in records if isinstance(record, Stream)}
        cameras = [
            record
            for record in records
            if isinstance(record, Calibration)
            and record.camera is not None
            and record.stream in streams
            and self._is_new(record, streams[record.stream])
        ]
        if not cameras:
            return
        from braid.checks.frames import frame_tree
        from braid.checks.tables import Tables

        tables = Tables.build([ontology, sample, *records])
        tree = frame_tree(tables, sample.id)
        if tree is None:
            return
        cloud = self._cloud(streams.values())
        lines = _lines(tables, tree, {record.stream for record in cameras})
        doubts: dict[str, Doubt] = {}
        for record in cameras:
            stream = streams[record.stream]
            doubt = _judge(record, stream, tree, cloud, lines.get(stream.id, []))
            if doubt is not None:
                doubts[stream.name] = doubt
        rig = _of_the_rig(doubts.values())
        for name, doubt in doubts.items():
            code, message = doubt.said(rig)
            where = f"sample {sample.key}, calibration of {name}"
            yield Problem(where=where, code=code, message=message, rejected=False)

    def _is_new(self, record: Calibration, stream: Stream) -> bool:
        key = msgspec.json.encode([stream.name, record.frame, record.parent_from_frame, record.camera])
        known = key in self._seen
        self._seen.add(key)
        return not known

    def _cloud(self, streams: Iterable[Stream]) -> Cloud | None:
        """The points of the first sweep that can be read, thinned."""
        import numpy as np

        for stream in streams:
            if stream.modality is not Modality.POINT_CLOUD or not stream.frame:
                continue
            first = stream.readings[0] if stream.readings else None
            asset = stream.asset or (first.asset if first else None)
            path = self.assets.get(asset or "")
            if path is None:
                continue
            try:
                read = self.read_points(path, media_type=stream.media_type, name=stream.file_name)
                points = np.asarray(read[:, :3], dtype=np.float64)
            except BraidError:
                continue
            points = points[np.isfinite(points).all(axis=1)]
            points = points[(points * points).sum(axis=1) > NEAREST_M**2]
            if len(points):
                step = -(-len(points) // MAX_POINTS)
                return Cloud(points_m=points[::step], frame=stream.frame, at_ns=first.at_ns if first else 0)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """points_m (N, 3) in `frame`, at an instant of its stream."""

    points_m: NDArray[Any]
    frame: str
    at_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """seen: what looks wrong. explained: mistakes that would explain it, with how well; code: when none of them does.

    by_boxes: how well is an overlap, which tells mistakes apart; a share of points in the picture does not.
    """

    code: str
    seen: str
    hint: str = ""
    by_boxes: bool = False
    explained: dict[str, float] = field(default_factory=dict)

    def said(self, rig: str) -> tuple[str, str]:
        """Code and message. rig: the mistake that explains most cameras of the sample."""
        from braid.space.sanity import MISTAKES

        if not self.explained:
            return self.code, f"{self.seen}: {self.hint}"
        why = rig if rig in self.explained else _of_the_rig([self])
        reason = {**MISTAKES, **SIZES}[why]
        return CODES[why], f"{self.seen}; it would be {self.explained[why]:.2f} if {reason}"


Pairs = list[tuple["Sightline", "Bounds"]]


def _of_the_rig(doubts: Iterable[Doubt]) -> str:
    """Cameras of one rig come from one file, so they share its mistake: the one that explains most of them."""
    from braid.space.sanity import MISTAKES

    votes = dict.fromkeys([*MISTAKES, *SIZES], (0, 0.0))
    for doubt in doubts:
        for why, worth in doubt.explained.items():
            count, total = votes[why]
            votes[why] = (count + 1, total + (worth if doubt.by_boxes else 0.0))
    return max(votes, key=lambda why: votes[why])


def _judge(
    record: Calibration, stream: Stream, tree: FrameTree, cloud: Cloud | None, pairs: Pairs
) -> Doubt | None:
    """Linked cuboids count more than points, where there are enough of them."""
    camera = record.camera
    if camera is None:
        return None
    size = _size(camera, stream)
    if size is not None:
        return size
    if len(pairs) >= MIN_PAIRS:
        return _by_boxes(record, camera, pairs)
    return None if cloud is None else _by_points(record, camera, tree, cloud)


def _size(camera: Camera, stream: Stream) -> Doubt | None:
    from braid.space.sanity import meant_size_px

    facts = stream.facts
    shown, made = (facts.width_px, facts.height_px), (camera.width_px, camera.height_px)
    if None not in shown and shown != made:
        return Doubt(
            code="W_CALIBRATION_SIZE",
            seen=f"the camera is calibrated for pictures of {made[0]} x {made[1]} px",
            hint=f"these are {shown[0]} x {shown[1]} px",
        )
    meant = meant_size_px(camera)
    if meant is None:
        return None
    return Doubt(
        code="W_CALIBRATION_SIZE",
        seen=(
            f"the intrinsics look as if made for pictures of about {meant[0]} x {meant[1]} px (principal point "
            f"{camera.cx_px:.0f}, {camera.cy_px:.0f}), these are {made[0]} x {made[1]} px"
        ),
        hint="were the pictures scaled?",
    )


def _by_points(record: Calibration, camera: Camera, tree: FrameTree, cloud: Cloud) -> Doubt | None:
    from braid.space.sanity import LEAST_INSIDE, explanations

    try:
        parent_from_points = tree.dst_from_src(record.parent_frame, cloud.frame, at_ns=cloud.at_ns)
    except BraidError:
        return None
    now, explained = explanations(camera, record.parent_from_frame, parent_from_points, cloud.points_m)
    if not explained and now.inside >= LEAST_INSIDE:
        return None
    seen = f"a share of {now.inside:.3f} of the points lands in the picture"
    if now.upright is not None and explained:
        seen += f", which stands upright by {now.upright:+.2f} (1 is level)"
    hint = "check the extrinsic and the frames of reference"
    return Doubt(code="W_CALIBRATION_POINTS", seen=seen, hint=hint, explained=explained)


def _by_boxes(record: Calibration, camera: Camera, pairs: Pairs) -> Doubt | None:
    from braid.space.sanity import MISTAKES, as_meant

    pose = record.parent_from_frame
    now = _agreement(pose, pose, camera, pairs)
    if now >= GOOD_IOU:
        return None
    found = {why: _agreement(pose, as_meant(pose, why), camera, pairs) for why in MISTAKES}
    found |= {why: _agreement(pose, pose, _scaled(camera, scale), pairs) for why, scale in SCALES.items()}
    explained = {why: iou for why, iou in found.items() if iou >= max(GOOD_IOU, now + BETTER_BY)}
    if not explained and (now >= NONE_IOU or len(pairs) < NONE_PAIRS):
        return None
    return Doubt(
        code="W_CALIBRATION_BOXES",
        by_boxes=True,
        seen=f"linked cuboids agree with their regions by IoU {now:.2f} (median of {len(pairs)})",
        hint="check calibration, frames of reference and times",
        explained=explained,
    )


def _agreement(told: Pose, meant: Pose, camera: Camera, pairs: Pairs) -> float:
    """Median IoU if the camera stood at `meant` instead of where it is told to."""
    from braid.space.overlap import box_iou
    from braid.space.pose import IDENTITY_WXYZ
    from braid.space.projection import project_cuboid
    from braid.space.transforms import compose, inverse

    found: list[float] = []
    for line, region in pairs:
        try:
            camera_from_cuboid = compose(
                compose(inverse(meant), told), line.camera_from_cuboid(line.camera_ns)
            )
        except BraidError:
            continue
        seen = project_cuboid(
            camera,
            camera_from_cuboid,
            centre_m=(0.0, 0.0, 0.0),
            size_m=line.size_m,
            rotation_wxyz=IDENTITY_WXYZ,
        )
        visible = None if seen is None else seen.visible_px
        found.append(0.0 if visible is None else box_iou(visible, region))
    return median(found) if found else 1.0


def _scaled(camera: Camera, scale: float) -> Camera:
    """The camera with intrinsics of a picture `scale` times as large; pixel centres stand at whole numbers."""
    return msgspec.structs.replace(
        camera,
        fx_px=camera.fx_px * scale,
        fy_px=camera.fy_px * scale,
        cx_px=(camera.cx_px + 0.5) * scale - 0.5,
        cy_px=(camera.cy_px + 0.5) * scale - 0.5,
        skew_px=camera.skew_px * scale,
    )


def _lines(tables: Tables, tree: FrameTree, wanted: set[str]) -> dict[str, Pairs]:
    """Linked cuboids with the bounds of their regions, by camera stream."""
    from braid.checks.ends import solid_and_flat
    from braid.checks.looking import pairs_at, sightline
    from braid.model.validate import bounds_px

    found: dict[str, Pairs] = {stream: [] for stream in sorted(wanted)}
    for link in tables.links:
        pair = solid_and_flat(tables.end(link.source), tables.end(link.target))
        kind = tables.ontology.link_types.get(link.type_id)
        if pair is None or pair[1].stream not in found or len(found[pair[1].stream]) >= MAX_PAIRS:
            continue
        one_thing = pair[0].entity is not None and pair[0].entity == pair[1].entity
        if not one_thing and (kind is None or kind.spatial != "projection"):
            continue
        for solid, flat in pairs_at(tables, tree, *pair):
            try:
                line, region = sightline(tables, tree, solid, flat), bounds_px(flat.region)
            except BraidError:
                continue
            if line is not None and region is not None and len(found[flat.stream]) < MAX_PAIRS:
                found[flat.stream].append((line, region))
    return found
