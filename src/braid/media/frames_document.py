"""The `frames` document: a track's frame table together with the times a <video> element shows for it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from braid.media.containers import scan
from braid.media.playability import plays_video
from braid.media.video import seconds_on_clock, shown_size, video_times


def frames_document(path: Path, *, track: int) -> dict[str, object]:
    """starts_ns, end_ns, key_frames in media time; zero_s and playable_starts_s on the clock of what is served.

    Chromium shows container times, offset included; a proxy is written with media time 0 at 0 s.
    """
    found = scan(path)
    one = found.pick("video", track, where=path.name)
    times = video_times(found, one, path)
    proxy = not plays_video(path, found, one)
    minus = found.zero if proxy else Fraction(0)
    width_px, height_px = shown_size(path, one)
    return {
        "starts_ns": list(times.table.starts_ns),
        "end_ns": times.table.end_ns,
        "key_frames": list(times.table.key_frames),
        "zero_s": float(found.zero - minus),
        "playable_starts_s": [seconds_on_clock(tick, times.time_base, minus) for tick in times.ticks],
        "width_px": width_px,
        "height_px": height_px,
        "proxy": proxy,
    }
