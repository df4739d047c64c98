"""The format: looks for info files and for tables, and reads what it finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from braid.base.errors import InvalidInput
from braid.formats.nuscenes.info import read_info_files
from braid.formats.nuscenes.key_frames import read_key_frames
from braid.formats.nuscenes.relations import read_relations, table_folders
from braid.formats.nuscenes.scenes import read_scenes
from braid.formats.options import FormatOption
from braid.formats.read_only import ReadOnly
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources


class Nuscenes(ReadOnly):
    """Key frames or whole scenes of nuScenes (and of sets that copied its tables, such as Lyft's)."""

    id: ClassVar[str] = "nuscenes"
    title: ClassVar[str] = "nuScenes (tables or mmdetection3d info)"
    purpose: ClassVar[str] = "Cameras, lidars and radars with cuboids, calibration and ego poses."
    example: ClassVar[str] = (
        "v1.0-mini/sample.json with samples/, or sample_info.json beside the sensor files"
    )
    instead: ClassVar[tuple[str, ...]] = ("kitti", "braid")
    options: ClassVar[tuple[FormatOption, ...]] = (
        FormatOption(
            name="samples",
            meaning="what becomes a sample: each key frame (default), or each scene with all its readings",
            values=("key-frames", "scenes"),
        ),
    )

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample per key frame, or per scene when the option says so. A broken one is a problem; the others go on."""
        folders = table_folders(files)
        read = read_scenes if context.options.get("samples") == "scenes" else read_key_frames
        for folder in folders:
            for part in read_relations(files, folder):
                if isinstance(part, Problem):
                    yield part
                else:
                    yield from read(part, context)
        found = yield from read_info_files(files, context, skip=frozenset(folders))
        if not folders and not found:
            raise InvalidInput(
                "no nuScenes data",
                where=files.root.name,
                wanted="sample.json with the other tables, or a JSON with data_list",
            )
