"""COCO: instances, captions and key points of pictures, merged by picture.

Pixels are edge coordinates in both worlds, but COCO's key points name pixel centres: they move by half a pixel.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from braid.formats.coco.reader import read_coco
from braid.formats.coco.writer import CocoWriter
from braid.formats.seam import ExportSource, Loss, Problem, ReadContext, SampleBundle, Sources


class Coco:
    """COCO JSON: a folder with annotations/*.json and pictures, or one JSON file.

    Reads boxes, polygons, run lengths of both sorts, crowds, key points and captions. One sample for each picture.
    An instance is one annotation (polygon or mask, else box); key points are a second one of the same entity.
    """

    id: ClassVar[str] = "coco"
    title: ClassVar[str] = "COCO"
    purpose: ClassVar[str] = "Pictures with instances (boxes, polygons, masks), captions and key points."
    example: ClassVar[str] = "braid import coco ./coco --project pictures"
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = True

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """Samples in the order of the picture's file name. Raises InvalidInput when no JSON file can be read."""
        return read_coco(files, context)

    def write(self, source: ExportSource, out: Path, *, options: dict[str, str]) -> tuple[Loss, ...]:
        """Write annotations/{instances,captions,person_keypoints}.json and images/. Options: `suffix`, `layer`."""
        return CocoWriter(source, out, suffix=options.get("suffix", ""), layer=options.get("layer")).write()
