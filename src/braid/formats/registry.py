"""The table of formats: id -> where its class lives. A format is imported when it is asked for, not before."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from braid.base.errors import NotFound

if TYPE_CHECKING:
    from braid.formats.seam import Format

FORMATS: dict[str, str] = {
    "av2": "braid.formats.av2:Av2",
    "braid": "braid.formats.braid_native:BraidNative",
    "can": "braid.formats.can:Can",
    "coco": "braid.formats.coco:Coco",
    "coco-entities": "braid.formats.coco_entities:CocoEntities",
    "comma2k19": "braid.formats.comma2k19:Comma2k19",
    "eaf": "braid.formats.eaf:Eaf",
    "flickr30k-entities": "braid.formats.flickr30k:Flickr30kEntities",
    "gopro": "braid.formats.gopro:Gopro",
    "grid": "braid.formats.grid:Grid",
    "kitti": "braid.formats.kitti:Kitti",
    "kitti-raw": "braid.formats.kitti_raw:KittiRaw",
    "mcap": "braid.formats.mcap:Mcap",
    "media": "braid.formats.media_files:MediaFiles",
    "meld": "braid.formats.meld:Meld",
    "neon": "braid.formats.neon:Neon",
    "nuscenes": "braid.formats.nuscenes:Nuscenes",
    "rosbag": "braid.formats.rosbag:Rosbag",
    "srt": "braid.formats.srt:Srt",
    "sustechpoints": "braid.formats.sustechpoints:Sustechpoints",
    "textgrid": "braid.formats.textgrid:Textgrid",
    "webvtt": "braid.formats.webvtt:Webvtt",
}


def format_ids() -> tuple[str, ...]:
    """All format ids, sorted."""
    return tuple(sorted(FORMATS))


def format_of(format_id: str) -> Format:
    """The format of that id. Raises NotFound."""
    target = FORMATS.get(format_id)
    if target is None:
        raise NotFound(
            "no such format",
            got=format_id,
            wanted=" | ".join(format_ids()),
            hint="`braid formats` lists them",
        )
    module, _, name = target.partition(":")
    return cast("Format", getattr(import_module(module), name)())


def all_formats() -> tuple[Format, ...]:
    """Every format, by id."""
    return tuple(format_of(format_id) for format_id in format_ids())
