"""Frames of reference of a sample, out of its calibrations and trajectories."""

from __future__ import annotations

from braid.base.errors import BraidError
from braid.checks.tables import Tables
from braid.model import records as m
from braid.space.transforms import Edge, FrameTree


def frame_tree(tables: Tables, sample: str) -> FrameTree | None:
    """The tree of a sample; None when its calibrations contradict each other (the schema check tells)."""
    edges = [
        Edge(frame=c.frame, parent=c.parent_frame, poses=(c.parent_from_frame,))
        for c in tables.calibrations.get(sample, ())
        if c.frame != c.parent_frame
    ]
    edges += [
        Edge(
            frame=t.frame,
            parent=t.parent_frame,
            poses=tuple(timed.pose for timed in t.poses),
            at_ns=tuple(timed.at_ns for timed in t.poses),
        )
        for t in tables.trajectories.get(sample, ())
        if t.poses
    ]
    try:
        return FrameTree.of(edges)
    except BraidError:
        return None


def camera_of(tables: Tables, stream: m.Stream) -> m.Calibration | None:
    """The calibration of a stream that is a camera; None when it has none."""
    found = [
        c
        for c in tables.calibrations.get(stream.sample, ())
        if c.stream == stream.id and c.camera is not None
    ]
    return found[0] if found else None
