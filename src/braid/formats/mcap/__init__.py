"""MCAP recordings: files of any robot or test rig, and ROS 2 recordings that are stored in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from braid.formats.options import FormatOption
from braid.formats.read_only import ReadOnly
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources


class Mcap(ReadOnly):
    """Pictures, sweeps, sound, numbers, frames of reference: a recording is one sample with all its streams."""

    id: ClassVar[str] = "mcap"
    title: ClassVar[str] = "MCAP"
    purpose: ClassVar[str] = "Recordings with pictures, sweeps, sound and numbers; all time stamps are kept"
    example: ClassVar[str] = "braid import mcap drive.mcap --project p"

    @property
    def options(self) -> tuple[FormatOption, ...]:
        """Which stamp, how to split, how raw sound is written."""
        from braid.formats.recording.bag_reader import OPTIONS

        return OPTIONS

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample per recording: a file, or a folder with metadata.yaml."""
        from braid.formats.recording.bag_folders import MCAP
        from braid.formats.recording.bag_reader import read_bags

        yield from read_bags(files, context, format_id=self.id, kinds=(MCAP,))
