"""What driving readers share: a lidar and cameras as streams, their calibrations, cuboids with entities."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from braid.clock.clock_map import ClockSegment
from braid.formats.beside import IMAGE, image_size_px
from braid.formats.rigid import Matrix, pose_of
from braid.formats.seam import ReadContext, Sources
from braid.model.records import (
    Annotation,
    Calibration,
    ClockMap,
    Entity,
    Modality,
    Sample,
    Sampling,
    Stream,
    TimedPose,
    Trajectory,
)
from braid.model.regions import Track
from braid.space.pose import Camera


def lidar_stream(
    files: Sources,
    context: ReadContext,
    sample: Sample,
    path: Path,
    *,
    name: str,
    layout: str,
    media_type: str,
) -> Stream:
    """One sweep. layout: how a raw file is laid out, "" when its header says so."""
    return Stream(
        id=context.new_id(),
        sample=sample.id,
        name=name,
        modality=Modality.POINT_CLOUD,
        sampling=Sampling.SWEEP,
        asset=files.asset(path),
        media_type=media_type,
        file_name=path.name,
        frame=name,
        source={"point_layout": layout} if layout else {},
    )


def camera_stream(
    files: Sources,
    context: ReadContext,
    sample: Sample,
    path: Path,
    *,
    name: str,
    source: dict[str, str] | None = None,
) -> Stream:
    """One picture of a camera whose frame of reference bears its name."""
    return Stream(
        id=context.new_id(),
        sample=sample.id,
        name=name,
        modality=Modality.IMAGE,
        sampling=Sampling.INSTANT,
        asset=files.asset(path),
        media_type=IMAGE.get(path.suffix.casefold(), "application/octet-stream"),
        file_name=path.name,
        frame=name,
        source=source or {},
    )


def camera_calibration(
    context: ReadContext,
    stream: Stream,
    path: Path,
    *,
    parent_frame: str,
    parent_from_camera: Matrix,
    intrinsics_px: Matrix,
) -> Calibration | None:
    """A pinhole without distortion; None when the picture's size cannot be read."""
    size = image_size_px(path)
    if size is None:
        return None
    k = intrinsics_px
    return Calibration(
        id=context.new_id(),
        sample=stream.sample,
        stream=stream.id,
        frame=stream.frame,
        parent_frame=parent_frame,
        parent_from_frame=pose_of(parent_from_camera),
        camera=Camera(
            fx_px=float(k[0, 0]),
            fy_px=float(k[1, 1]),
            cx_px=float(k[0, 2]),
            cy_px=float(k[1, 2]),
            skew_px=float(k[0, 1]),
            width_px=size[0],
            height_px=size[1],
        ),
    )


def offset_map(context: ReadContext, stream: Stream, *, offset_ns: int, method: str) -> ClockMap:
    """The stream's single reading lies at `offset_ns` on the timeline."""
    return ClockMap(
        id=context.new_id(),
        sample=stream.sample,
        stream=stream.id,
        segments=(ClockSegment(media_ns=0, timeline_ns=offset_ns),),
        method=method,
    )


def trajectory_of(
    context: ReadContext, sample: Sample, poses: Mapping[int, Matrix], *, frame: str, parent_frame: str
) -> Trajectory:
    """A moving frame of reference from its poses `parent_from_frame` (4, 4), metres, by timeline instant in ns."""
    return Trajectory(
        id=context.new_id(),
        sample=sample.id,
        frame=frame,
        parent_frame=parent_frame,
        poses=tuple(TimedPose(at_ns=at_ns, pose=pose_of(pose)) for at_ns, pose in sorted(poses.items())),
    )


def tracked(
    context: ReadContext, stream: Stream, track: Track, *, class_id: str, name: str, source_id: str
) -> tuple[Entity, Annotation]:
    """A thing and its track on a stream."""
    entity = Entity(
        id=context.new_id(),
        sample=stream.sample,
        layer=context.layer,
        class_id=class_id,
        name=name,
        source_id=source_id,
    )
    annotation = Annotation(
        id=context.new_id(),
        sample=stream.sample,
        stream=stream.id,
        layer=context.layer,
        class_id=class_id,
        region=track,
        entity=entity.id,
        source_id=source_id,
    )
    return entity, annotation
