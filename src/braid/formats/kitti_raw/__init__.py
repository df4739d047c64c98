"""KITTI raw drives."""

from braid.formats.kitti_raw.reader import KittiRaw

__all__ = ["KittiRaw"]
