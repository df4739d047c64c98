"""How much of a hostile file we agree to handle. Every reader checks these before it allocates."""

from __future__ import annotations

MAX_PICTURE_PIXELS = 200_000_000
"""Pictures beyond this are refused before they are decoded."""

MAX_VIDEO_PIXELS = 8192 * 8192
"""Area of one video frame."""

MAX_PACKETS = 20_000_000
"""Packets of one container: about 90 hours of 60 video frames a second."""

MAX_AUDIO_CHANNELS = 16
MAX_AUDIO_GAP_NS = 3600 * 1_000_000_000
"""A hole between audio packets is filled with silence up to this; beyond it the times are not believed."""

MAX_CLOUD_BYTES = 2 * 1024**3
MAX_POINTS = 50_000_000

MAX_TEXT_BYTES = 64 * 1024**2
MAX_SERIES_BYTES = 16 * 1024**3
MAX_SERIES_CHANNELS = 512
MAX_SERIES_BINS = 20_000
