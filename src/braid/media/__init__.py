"""Probing and deriving: frame tables, peaks, point tiles, thumbnails, proxies. Knows files, not the store."""

from braid.media.clouds import read_points
from braid.media.derivers import DERIVERS, Deriver, cache_key, derive, deriver
from braid.media.pcd_write import write_pcd
from braid.media.probing import Probe, probe
from braid.media.proxy import proxy_type, write_playable
from braid.media.track_list import TrackInfo, list_tracks
from braid.media.warning_codes import WARNING_CODES

__all__ = [
    "DERIVERS",
    "WARNING_CODES",
    "Deriver",
    "Probe",
    "TrackInfo",
    "cache_key",
    "derive",
    "deriver",
    "list_tracks",
    "probe",
    "proxy_type",
    "read_points",
    "write_pcd",
    "write_playable",
]
