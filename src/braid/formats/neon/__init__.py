"""Pupil Labs Neon recordings in their native layout: `.raw` records, `.time` stamps, `.dtype` descriptions, MP4 videos."""

from braid.formats.neon.reader import Neon

__all__ = ["Neon"]
