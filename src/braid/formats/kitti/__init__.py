"""KITTI object frames: `calib` and `rows` parse, `reader` makes records, `writer` makes label and calib files."""

from braid.formats.kitti.reader import Kitti

__all__ = ["Kitti"]
