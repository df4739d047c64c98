"""Calibrations and trajectories of a recording, out of its transforms, odometry and camera descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from braid.clock.ns import LIMIT_NS
from braid.formats.recording.camera_info import camera_of_info
from braid.formats.recording.settling import Settled
from braid.formats.seam import Problem
from braid.model.records import AnyRecord, Calibration, Modality, Stream, Trajectory
from braid.space.pose import Camera, Pose

if TYPE_CHECKING:
    from braid.formats.recording.assembly import Assembly


@dataclass(slots=True, kw_only=True)
class Rig:
    """Records of frames of reference."""

    records: list[AnyRecord] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def frame_records(assembly: Assembly, sample: str, settled: Settled) -> Rig:
    """One calibration per stream whose mount or camera is known, one trajectory per moving frame."""
    rig = Rig()
    solved = assembly.transforms.solve()
    used: set[str] = set()
    for stream in settled.streams:
        info = _info_beside(assembly.cameras, stream)
        camera = None if info is None else _camera(assembly, rig, info, stream, used)
        mount = solved.mount(stream.frame) if stream.frame else None
        if camera is None and mount is None:
            continue
        parent, pose = mount or (stream.frame, Pose())
        rig.records.append(
            Calibration(
                id=assembly.context.new_id(),
                sample=sample,
                stream=stream.id,
                frame=stream.frame,
                parent_frame=parent,
                parent_from_frame=pose,
                camera=camera,
            )
        )
    for moving in solved.moving:
        timed = moving.timed(settled.origin.zero_ns)
        if not timed or not (abs(timed[0].at_ns) < LIMIT_NS and abs(timed[-1].at_ns) < LIMIT_NS):
            message = f"poses of {moving.frame} are on another clock than the streams and were left out"
            _warn(rig, assembly.key, "W_POSES_LEFT_OUT", message)
            continue
        rig.records.append(
            Trajectory(
                id=assembly.context.new_id(),
                sample=sample,
                frame=moving.frame,
                parent_frame=moving.parent,
                poses=timed,
            )
        )
        if moving.thinned:
            message = f"{moving.frame}: {moving.thinned} poses were thinned out, {len(timed)} are kept"
            _warn(rig, assembly.key, "W_POSES_THINNED", message)
    _tell(assembly, rig, solved.dropped, used)
    return rig


def _camera(assembly: Assembly, rig: Rig, topic: str, stream: Stream, used: set[str]) -> Camera | None:
    used.add(topic)
    camera = camera_of_info(assembly.cameras[topic], rectified="rect" in stream.name.rsplit("/", 2)[-1])
    if camera is None:
        message = f"{topic} describes a camera that is not calibrated; {stream.name} has no intrinsics"
        _warn(rig, assembly.key, "W_NOT_CALIBRATED", message)
    return camera


def _info_beside(cameras: Mapping[str, Mapping[str, Any]], stream: Stream) -> str | None:
    """The CameraInfo in the namespace of a picture's topic: `/left/image_raw/compressed` has `/left/camera_info`."""
    if stream.modality is not Modality.IMAGE:
        return None
    folder = stream.source.get("topic", "")
    for _ in range(2):
        folder = folder.rpartition("/")[0]
        here = sorted(topic for topic in cameras if topic.rpartition("/")[0] == folder)
        if here:
            return here[0]
    return None


def _tell(assembly: Assembly, rig: Rig, dropped: tuple[str, ...], used: set[str]) -> None:
    for edge in dropped:
        _warn(
            rig,
            assembly.key,
            "W_FRAME_TREE",
            f"{edge}: the frame has another parent already; it was left out",
        )
    for topic in sorted(assembly.cameras.keys() - used):
        _warn(rig, assembly.key, "W_CAMERA_UNUSED", f"{topic} describes a camera whose pictures are not here")
    if assembly.transforms.bad:
        message = (
            f"{assembly.transforms.bad} transforms are no rigid motion, or name no frames, and were left out"
        )
        _warn(rig, assembly.key, "W_BAD_TRANSFORMS", message)
    if assembly.transforms.crowded:
        _warn(
            rig,
            assembly.key,
            "W_BAD_TRANSFORMS",
            f"{assembly.transforms.crowded} transforms of further frames",
        )


def _warn(rig: Rig, where: str, code: str, message: str) -> None:
    rig.problems.append(Problem(where=where, code=code, message=message, rejected=False))
