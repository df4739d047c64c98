"""What a browser (Chromium) plays as it is, and what needs a proxy."""

from __future__ import annotations

from pathlib import Path

from braid.media.containers import Scan, TrackScan
from braid.media.facts import container_type
from braid.media.video import video_times

_VIDEO: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "video/mp4": (frozenset({"h264", "vp9", "av1"}), frozenset({"aac", "mp3", "opus", "flac"})),
    "video/webm": (frozenset({"vp8", "vp9", "av1"}), frozenset({"opus", "vorbis"})),
}
_H264_PIXELS = frozenset({"yuv420p", "yuvj420p"})
"""What browsers decode everywhere; 10 bit and 4:2:2 are for cutting rooms."""
_AUDIO: dict[str, frozenset[str]] = {
    "mp4": frozenset({"aac", "mp3", "opus", "flac"}),
    "webm": frozenset({"opus", "vorbis"}),
    "mpeg": frozenset({"mp3"}),
    "flac": frozenset({"flac"}),
    "aac": frozenset({"aac"}),
    "ogg": frozenset({"opus", "vorbis", "flac"}),
    "wav": frozenset({"pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_alaw", "pcm_mulaw"}),
}


def plays_video(path: Path, found: Scan, one: TrackScan) -> bool:
    """Whether <video> shows exactly this track. A second track needs a proxy, since a browser plays the first.

    Nor does Chromium show a WebM of varying rate exactly: its blocks carry no durations of their own, so after a seek
    it often keeps the video frame before (tests/media/test_in_browser.py).
    """
    kind = container_type(path, found)
    if kind not in _VIDEO or one.track:
        return False
    pictures, sounds = _VIDEO[kind]
    if one.codec == "h264" and one.pixel_format not in _H264_PIXELS:
        return False
    if kind == "video/webm" and video_times(found, one, path).rate is None:
        return False
    audio = [track for track in found.tracks if track.kind == "audio"]
    return one.codec in pictures and all(track.codec in sounds for track in audio[:1])


def would_play_as_mp4(found: Scan, one: TrackScan) -> bool:
    """Whether only the container is in the way: the same packets in an MP4 would play, from the first one on."""
    pictures, sounds = _VIDEO["video/mp4"]
    if one.codec not in pictures or one.track or one.untimed or found.damaged:
        return False
    if one.codec == "h264" and one.pixel_format not in _H264_PIXELS:
        return False
    audio = [track for track in found.tracks if track.kind == "audio"]
    return all(track.codec in sounds for track in audio) and min(one.ticks) in one.keys


def plays_audio(path: Path, found: Scan, one: TrackScan) -> bool:
    """Whether <audio> plays exactly this track."""
    if one.track:
        return False
    kind = container_type(path, found)
    if kind in _VIDEO:
        pictures, sounds = _VIDEO[kind]
        return one.codec in sounds and all(t.codec in pictures for t in found.tracks if t.kind == "video")
    return one.codec in _AUDIO.get(kind.partition("/")[2], frozenset())
