"""GoPro clips: the telemetry track (GPMF) of an MP4 as series beside its video and audio, or raw GPMF files."""

from braid.formats.gopro.reader import Gopro

__all__ = ["Gopro"]
