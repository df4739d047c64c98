"""nuScenes: `info` reads mmdetection3d's info files, `tables` the data set's own tables; one format for both."""

from braid.formats.nuscenes.reader import Nuscenes

__all__ = ["Nuscenes"]
