"""ROS bags: ROS 1 `.bag` files, and ROS 2 recordings in SQLite or MCAP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from braid.formats.options import FormatOption
from braid.formats.read_only import ReadOnly
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources


class Rosbag(ReadOnly):
    """Bags of ROS 1 and ROS 2: one sample per recording, with all its streams and stamps."""

    id: ClassVar[str] = "rosbag"
    title: ClassVar[str] = "ROS bags (ROS 1 and ROS 2)"
    purpose: ClassVar[str] = (
        "Robot recordings: pictures, sweeps, sound, IMU, GNSS, odometry, tf; all stamps are kept"
    )
    example: ClassVar[str] = "braid import rosbag drive.bag --project p"

    @property
    def options(self) -> tuple[FormatOption, ...]:
        """Which stamp, how to split, how raw sound is written."""
        from braid.formats.recording.bag_reader import OPTIONS

        return OPTIONS

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample per recording: a file, or a folder with metadata.yaml."""
        from braid.formats.recording.bag_folders import MCAP, ROS1, SQLITE
        from braid.formats.recording.bag_reader import read_bags

        yield from read_bags(files, context, format_id=self.id, kinds=(ROS1, SQLITE, MCAP))
