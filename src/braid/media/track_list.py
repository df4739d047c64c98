"""The tracks of a container as a person or an importer chooses among them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from braid.clock.rates import Rate
from braid.media.containers import Scan, TrackScan, scan


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackInfo:
    """One track that a stream can be made of. `track` counts within its kind ("video" or "audio")."""

    kind: str
    track: int
    codec: str
    packet_count: int
    start_ns: int | None
    duration_ns: int | None
    width_px: int | None = None
    height_px: int | None = None
    rate: Rate | None = None
    channel_count: int | None = None
    language: str = ""


def list_tracks(path: Path) -> tuple[TrackInfo, ...]:
    """The video and audio tracks of a container, in the order of the file. Raises InvalidInput."""
    found = scan(path)
    return tuple(_track_info(found, one) for one in found.tracks)


def _track_info(found: Scan, one: TrackScan) -> TrackInfo:
    start, end = one.start, one.end
    video = one.kind == "video"
    rate = Rate(num=one.sample_rate_hz) if one.sample_rate_hz else None
    return TrackInfo(
        kind=one.kind,
        track=one.track,
        codec=one.codec,
        packet_count=one.packets,
        start_ns=None if start is None else found.media_ns(start),
        duration_ns=None
        if start is None or end is None
        else max(0, found.media_ns(end) - found.media_ns(start)),
        width_px=one.width_px if video else None,
        height_px=one.height_px if video else None,
        rate=rate,
        channel_count=None if video else one.channel_count,
        language=one.language,
    )
