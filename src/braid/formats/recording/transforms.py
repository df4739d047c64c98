"""Frames of reference of a recording: tf messages as static mounts and moving poses, cameras from CameraInfo."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from braid.formats.recording.flatten import instant_ns
from braid.formats.recording.stamps import Chosen, choose
from braid.model.records import TimedPose
from braid.model.timing import Stamp
from braid.space.pose import Pose
from braid.space.transforms import compose

MAX_PAIRS = 5_000
MAX_POSES = 50_000
"""Poses of one moving frame of reference that a record holds; more are thinned evenly."""
LEAST_APART_NS = 9_000_000
SAME_M = 1e-6
SAME_TURN = 1e-9


@dataclass(slots=True, kw_only=True)
class _Motion:
    """Poses of one frame in its parent as they came: stamps, log times, seven numbers each."""

    device_ns: array[int] = field(default_factory=lambda: array("q"))
    log_ns: array[int] = field(default_factory=lambda: array("q"))
    numbers: array[float] = field(default_factory=lambda: array("d"))
    said_static: bool = False

    def poses(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array(self.numbers, dtype=np.float64).reshape(-1, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """A moving frame: poses at ascending absolute instants. thinned: how many were left out."""

    frame: str
    parent: str
    at_ns: tuple[int, ...]
    poses: tuple[Pose, ...]
    thinned: int

    def timed(self, zero_ns: int) -> tuple[TimedPose, ...]:
        """Poses on the timeline that starts at zero_ns."""
        return tuple(
            TimedPose(at_ns=at_ns - zero_ns, pose=pose)
            for at_ns, pose in zip(self.at_ns, self.poses, strict=True)
        )


class Transforms:
    """Collects `parent_from_frame` of all frames. bad: transforms that are no rigid motion; crowded: frames beyond the bound."""

    def __init__(self) -> None:
        self._edges: dict[tuple[str, str], _Motion] = {}
        self._fallback: dict[tuple[str, str], _Motion] = {}
        self.bad = 0
        self.crowded = 0

    def carry(self) -> Transforms:
        """What holds on in the next part of a recording: the static ones."""
        after = Transforms()
        after._edges = {key: one for key, one in self._edges.items() if one.said_static}
        return after

    def add_message(self, value: Mapping[str, Any], log_ns: int, *, static: bool) -> None:
        """A TFMessage, or the FrameTransform(s) of Foxglove."""
        listed = value.get("transforms", [value])
        for one in listed if isinstance(listed, list) else []:
            if "parent_frame_id" in one:
                self.add(_like_ros(one), log_ns, static=static)
            else:
                self.add(one, log_ns, static=static)

    def add(self, one: Mapping[str, Any], log_ns: int, *, static: bool) -> None:
        """A TransformStamped."""
        header, motion = one.get("header"), one.get("transform")
        if not isinstance(header, Mapping) or not isinstance(motion, Mapping):
            self.bad += 1
            return
        self._put(
            self._edges,
            parent=str(header.get("frame_id", "")),
            frame=str(one.get("child_frame_id", "")),
            place=motion.get("translation"),
            turn=motion.get("rotation"),
            device_ns=instant_ns(header.get("stamp")) or 0,
            log_ns=log_ns,
            static=static,
        )

    def add_odometry(self, value: Mapping[str, Any], log_ns: int) -> None:
        """An Odometry: used for a frame that no transform speaks of."""
        header, outer = value.get("header"), value.get("pose")
        pose = outer.get("pose") if isinstance(outer, Mapping) else None
        if (
            not isinstance(header, Mapping)
            or not isinstance(pose, Mapping)
            or not value.get("child_frame_id")
        ):
            return
        self._put(
            self._fallback,
            parent=str(header.get("frame_id", "")),
            frame=str(value.get("child_frame_id", "")),
            place=pose.get("position"),
            turn=pose.get("orientation"),
            device_ns=instant_ns(header.get("stamp")) or 0,
            log_ns=log_ns,
            static=False,
        )

    def _put(
        self,
        edges: dict[tuple[str, str], _Motion],
        *,
        parent: str,
        frame: str,
        place: Any,
        turn: Any,
        device_ns: int,
        log_ns: int,
        static: bool,
    ) -> None:
        parent, frame = parent.removeprefix("/")[:200], frame.removeprefix("/")[:200]
        try:
            x, y, z = (float(place[axis]) for axis in "xyz")
            q = [float(turn[axis]) for axis in "wxyz"]
        except (KeyError, TypeError, ValueError):
            self.bad += 1
            return
        norm = math.sqrt(sum(part * part for part in q))
        if (
            not parent
            or not frame
            or parent == frame
            or not abs(norm - 1) < 0.05
            or not math.isfinite(x + y + z)
        ):
            self.bad += 1
            return
        if (parent, frame) not in edges and len(edges) >= MAX_PAIRS:
            self.crowded += 1
            return
        motion = edges.setdefault((parent, frame), _Motion())
        if static and motion.said_static:
            motion.numbers = array("d")
            motion.device_ns, motion.log_ns = array("q"), array("q")
        motion.said_static = motion.said_static or static
        motion.device_ns.append(max(0, device_ns))
        motion.log_ns.append(log_ns)
        motion.numbers.extend((x, y, z, *(part / norm for part in q)))

    def solve(self) -> Solved:
        """Static and moving frames. A frame with two parents keeps the first one that was named."""
        static: dict[str, tuple[str, Pose]] = {}
        moving: list[tuple[str, str, _Motion]] = []
        parents: dict[str, str] = {}
        dropped: list[str] = []
        spoken = {frame for _, frame in self._edges}
        extra = [item for item in self._fallback.items() if item[0][1] not in spoken]
        for (parent, frame), motion in (*self._edges.items(), *extra):
            if parents.setdefault(frame, parent) != parent or _loops(parents, frame):
                if parents[frame] == parent:
                    del parents[frame]
                dropped.append(f"{frame} in {parent}")
                continue
            poses = motion.poses()
            if motion.said_static or (len(poses) > 1 and _still(poses)):
                static[frame] = (parent, _pose(poses[-1]))
            else:
                moving.append((frame, parent, motion))
        return Solved(
            static=static,
            moving=tuple(
                _moving(frame, *_upwards(static, parent), motion) for frame, parent, motion in moving
            ),
            dropped=tuple(dropped),
        )


def _like_ros(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "header": {"stamp": one.get("timestamp"), "frame_id": one.get("parent_frame_id")},
        "child_frame_id": one.get("child_frame_id"),
        "transform": {"translation": one.get("translation"), "rotation": one.get("rotation")},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """static: frame to its parent and `parent_from_frame`. dropped: edges that would give a frame two parents."""

    static: dict[str, tuple[str, Pose]]
    moving: tuple[Moving, ...]
    dropped: tuple[str, ...]

    def mount(self, frame: str) -> tuple[str, Pose] | None:
        """Where a sensor's frame stands: in the nearest frame above it that moves, or in the root. None when unknown."""
        if frame not in self.static:
            return None
        parent, pose = _upwards(self.static, frame)
        return parent, pose


def _upwards(static: Mapping[str, tuple[str, Pose]], frame: str) -> tuple[str, Pose]:
    """The topmost frame that `frame` is fixed to, and `top_from_frame`."""
    pose = Pose()
    while frame in static:
        frame, step = static[frame][0], static[frame][1]
        pose = compose(step, pose)
    return frame, pose


def _loops(parents: Mapping[str, str], frame: str) -> bool:
    start = frame
    while frame in parents:
        frame = parents[frame]
        if frame == start:
            return True
    return False


def _still(poses: np.ndarray[Any, np.dtype[np.float64]]) -> bool:
    apart = np.abs(poses[:, :3] - poses[0, :3]).max()
    turned = 1.0 - np.abs(poses[:, 3:] @ poses[0, 3:]).min()
    return bool(apart <= SAME_M and turned <= SAME_TURN)


def _pose(numbers: np.ndarray[Any, np.dtype[np.float64]]) -> Pose:
    x, y, z, qw, qx, qy, qz = (float(number) for number in numbers)
    return Pose(rotation_wxyz=(qw, qx, qy, qz), translation_m=(x, y, z))


def _moving(frame: str, top: str, top_from_parent: Pose, motion: _Motion) -> Moving:
    chosen: Chosen = choose(
        {
            Stamp.DEVICE: np.array(motion.device_ns, dtype=np.int64),
            Stamp.LOG: np.array(motion.log_ns, dtype=np.int64),
        }
    )
    at_ns, first = np.unique(chosen.used_ns, return_index=True)
    keep = list(_apart(at_ns))
    step = -(-len(keep) // MAX_POSES)
    keep = keep[::step]
    poses = motion.poses()[first]
    return Moving(
        frame=frame,
        parent=top,
        at_ns=tuple(int(at_ns[place]) for place in keep),
        poses=tuple(compose(top_from_parent, _pose(poses[place])) for place in keep),
        thinned=len(at_ns) - len(keep),
    )


def _apart(at_ns: np.ndarray[Any, np.dtype[np.int64]]) -> Iterator[int]:
    """Places of instants that are at least LEAST_APART_NS behind the one kept before, and the last."""
    before = -(2**63)
    for place, instant in enumerate(at_ns.tolist()):
        if instant - before >= LEAST_APART_NS or place == len(at_ns) - 1:
            before = instant
            yield place
