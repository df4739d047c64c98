"""The tree of frames of reference: `dst_from_src` at an instant, over static and moving edges (rules S1 and S3)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import Conflict, InvalidInput, NotFound
from braid.space.pose import IDENTITY_WXYZ, Pose
from braid.space.rotation import conjugate, matrix_from_wxyz, multiply, normalised, rotate, slerp

MAX_GAP_NS = 100_000_000
"""Between poses further apart than this a moving frame's pose is missing..."""
MAX_EXTRAPOLATION_NS = 50_000_000
"""... and so it is this long before the first and after the last pose. Up to there it goes on as it did."""


def compose(a_from_b: Pose, b_from_c: Pose) -> Pose:
    """`a_from_c`."""
    x, y, z = rotate(a_from_b.rotation_wxyz, b_from_c.translation_m)
    tx, ty, tz = a_from_b.translation_m
    return Pose(
        rotation_wxyz=normalised(multiply(a_from_b.rotation_wxyz, b_from_c.rotation_wxyz)),
        translation_m=(x + tx, y + ty, z + tz),
    )


def inverse(a_from_b: Pose) -> Pose:
    """`b_from_a`."""
    back = conjugate(normalised(a_from_b.rotation_wxyz))
    x, y, z = rotate(back, a_from_b.translation_m)
    return Pose(rotation_wxyz=back, translation_m=(-x, -y, -z))


def apply(dst_from_src: Pose, points_src_m: NDArray[Any]) -> NDArray[np.float64]:
    """Points (N, 3) in `src` to points (N, 3) in `dst`."""
    points = np.asarray(points_src_m, dtype=np.float64).reshape(-1, 3)
    moved = points @ matrix_from_wxyz(dst_from_src.rotation_wxyz).T + np.asarray(dst_from_src.translation_m)
    return np.asarray(moved, dtype=np.float64)


def between(before: Pose, after: Pose, weight: float) -> Pose:
    """The pose at `weight` (0: before, 1: after, beyond: further on): translation linear, rotation on the shortest arc."""
    x, y, z = (a + weight * (b - a) for a, b in zip(before.translation_m, after.translation_m, strict=True))
    return Pose(
        rotation_wxyz=slerp(before.rotation_wxyz, after.rotation_wxyz, weight), translation_m=(x, y, z)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Where `frame` stands in `parent`: one static pose, or poses at ascending timeline instants."""

    frame: str
    parent: str
    poses: tuple[Pose, ...]
    at_ns: tuple[int, ...] = ()

    def at(self, instant_ns: int | None) -> Pose:
        """`parent_from_frame` at an instant. Raises NotFound when it is missing then."""
        if not self.at_ns:
            return self.poses[0]
        if instant_ns is None:
            if len(self.poses) == 1:
                return self.poses[0]
            raise NotFound("a moving frame of reference needs an instant", where=self.frame)
        after = bisect_right(self.at_ns, instant_ns)
        before = max(0, after - 1)
        after = min(after, len(self.at_ns) - 1)
        start, end = self.at_ns[before], self.at_ns[after]
        if start == instant_ns:
            return self.poses[before]
        if before == after or instant_ns < start:
            return self._beyond(before, instant_ns)
        if end - start > MAX_GAP_NS and min(instant_ns - start, end - instant_ns) > MAX_EXTRAPOLATION_NS:
            raise NotFound(
                "the pose of a frame of reference is missing at that time",
                where=self.frame,
                got=f"{instant_ns} ns, poses at {start} and {end} ns",
                wanted=f"poses at most {MAX_GAP_NS} ns apart",
            )
        return between(self.poses[before], self.poses[after], (instant_ns - start) / (end - start))

    def _beyond(self, nearest: int, instant_ns: int) -> Pose:
        """Shortly before the first or after the last pose: with the speed of the two poses there, if they tell it."""
        near_ns = self.at_ns[nearest]
        if abs(instant_ns - near_ns) > MAX_EXTRAPOLATION_NS:
            raise NotFound(
                "the pose of a frame of reference is missing at that time",
                where=self.frame,
                got=f"{instant_ns} ns",
                wanted=f"within {MAX_EXTRAPOLATION_NS} ns of {near_ns} ns",
            )
        other = 1 if instant_ns < near_ns else nearest - 1
        if not 0 <= other < len(self.at_ns) or abs(self.at_ns[other] - near_ns) > MAX_GAP_NS:
            return self.poses[nearest]
        weight = (instant_ns - near_ns) / (self.at_ns[other] - near_ns)
        return between(self.poses[nearest], self.poses[other], weight)


@dataclass(frozen=True, kw_only=True)
class FrameTree:
    """All frames of reference of a sample, each with one parent at most."""

    edges: dict[str, Edge] = field(default_factory=dict)

    @classmethod
    def of(cls, edges: Iterable[Edge]) -> FrameTree:
        """From edges. Raises Conflict when one frame has two parents or poses, InvalidInput for cycles."""
        by_frame: dict[str, Edge] = {}
        for edge in edges:
            known = by_frame.setdefault(edge.frame, edge)
            if known != edge:
                raise Conflict("a frame of reference is placed twice", where=edge.frame, got=edge.parent)
        tree = cls(edges=by_frame)
        for frame in by_frame:
            tree.line(frame)
        return tree

    def line(self, frame: str) -> tuple[str, ...]:
        """The frame and its ancestors up to the root. Raises InvalidInput for a cycle."""
        line = [frame]
        while line[-1] in self.edges:
            parent = self.edges[line[-1]].parent
            if parent in line:
                raise InvalidInput("frames of reference form a cycle", where=parent, got=" < ".join(line))
            line.append(parent)
        return tuple(line)

    def connects(self, dst: str, src: str) -> bool:
        """Whether the two frames have a common ancestor."""
        return self.line(dst)[-1] == self.line(src)[-1]

    def dst_from_src(
        self, dst: str, src: str, *, at_ns: int | None = None, dst_at_ns: int | None = None
    ) -> Pose:
        """The transform from `src` at `at_ns` to `dst` at `dst_at_ns` (default: the same instant).

        With two instants the way leads through the root, so that the motion of what lies between counts (rule S3).
        Raises NotFound when the frames are not connected or a pose is missing.
        """
        up, down = self.line(src), self.line(dst)
        if up[-1] != down[-1]:
            raise NotFound(
                "two frames of reference are not connected", got=f"{src} and {dst}", wanted="a common root"
            )
        if dst_at_ns is None or dst_at_ns == at_ns:
            shared = next(frame for frame in up if frame in down)
            up, down, dst_at_ns = up[: up.index(shared)], down[: down.index(shared)], at_ns
        return compose(inverse(self._climb(down, dst_at_ns)), self._climb(up, at_ns))

    def _climb(self, line: Sequence[str], at_ns: int | None) -> Pose:
        pose = Pose(rotation_wxyz=IDENTITY_WXYZ)
        for frame in line:
            if frame in self.edges:
                pose = compose(self.edges[frame].at(at_ns), pose)
        return pose
