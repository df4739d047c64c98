"""Where frames of reference stand in the world at a media time: what cuboids need to move in a straight line (rule K6)."""

from __future__ import annotations

from collections.abc import Callable

from braid.base.errors import BraidError
from braid.clock.clock_map import ClockSegment, to_timeline
from braid.space.pose import Pose
from braid.space.transforms import FrameTree

World = Callable[[str, int], Pose | None]
"""(frame, media_ns) to `root_from_frame` then; None where that pose is missing."""


def world_of(tree: FrameTree, segments: tuple[ClockSegment, ...] = ()) -> World:
    """The tree's root as the world. segments: the clock map of the stream that the track lies on, () for identity."""

    def root_from(frame: str, media_ns: int) -> Pose | None:
        at_ns = to_timeline(segments, media_ns) if segments else media_ns
        try:
            return tree.dst_from_src(tree.line(frame)[-1], frame, at_ns=at_ns)
        except BraidError:
            return None

    return root_from
