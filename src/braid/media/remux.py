"""Lossless remux: the same packets in an MP4 with an edit list, so that players agree on what time 0 is.

Nothing is decoded and nothing encoded; the frame tables are compared, and a difference is refused.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import lcm
from pathlib import Path
from typing import TYPE_CHECKING, Any

from braid.base.errors import InvalidInput
from braid.clock.ns import round_half_up
from braid.media.containers import Scan, TrackScan, opened, scan
from braid.media.video import video_times

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream

_CODECS = frozenset({"h264", "hevc", "av1", "vp9", "mpeg4", "aac", "mp3", "opus", "flac", "alac", "ac3"})
"""What MP4 holds."""
_FINEST = 10_000_000
_MOVIE_FINEST = 2**31 - 1


def why_remux(path: Path) -> str:
    """What a remux would cure, for people; "" when there is nothing to cure or MP4 cannot hold it."""
    found = scan(path)
    video = [one for one in found.tracks if one.kind == "video"]
    if not video or any(one.codec not in _CODECS or one.untimed for one in found.tracks):
        return ""
    if found.container == "mp4":
        without = [one for one in video if not one.edits and (one.first_tick or found.zero)]
        return "an MP4 without edit list, whose pictures do not begin at 0" if without else ""
    if found.container == "matroska" and any(one.codec in {"vp9", "av1"} for one in video):
        return ""
    return f"{found.container}, which browsers do not play"


def remux(path: Path, into: Path) -> None:
    """Writes the packets of all tracks into an MP4 at `into`; media time 0 becomes 0 of its clock.

    Raises InvalidInput when MP4 cannot hold them, cannot hold their times exactly, or the frame tables differ.
    """
    import av

    found = scan(path)
    units = {one.stream_index: _unit(found, one, path) for one in found.tracks}
    movie = lcm(*(unit.denominator for unit in units.values()))
    options = {"movflags": "faststart"}
    if movie <= _MOVIE_FINEST:
        options["movie_timescale"] = str(movie)
    try:
        with opened(path) as source, av.open(str(into), "w", format="mp4", options=options) as output:
            _check_nothing_is_lost(found, source, path)
            streams = {}
            for one in found.tracks:
                made = output.add_stream_from_template(source.streams[one.stream_index])
                made.time_base = units[one.stream_index]
                streams[one.stream_index] = (one, made)
            for packet in source.demux([source.streams[index] for index in streams]):
                if packet.size and not packet.is_discard and packet.pts is not None:
                    one, made = streams[packet.stream_index]
                    output.mux(_moved(packet, one, made, found.zero))
    except (av.FFmpegError, ValueError, NotImplementedError) as error:
        raise InvalidInput("MP4 cannot hold these packets", where=path.name, got=str(error)) from error
    _compare(path, into)


def _check_nothing_is_lost(found: Scan, source: InputContainer, path: Path) -> None:
    lost = sorted({one.type for one in source.streams} - {"video", "audio"})
    if lost or len(source.streams) != len(found.tracks):
        raise InvalidInput(
            "the file holds tracks that would be lost",
            where=path.name,
            got=", ".join(lost) or "a picture or an empty track",
            wanted="video and audio only",
        )


def _unit(found: Scan, one: TrackScan, path: Path) -> Fraction:
    """Seconds per tick that hold this track's times, shifted by media zero, without rounding."""
    if one.kind == "audio":
        return Fraction(1, one.sample_rate_hz)  # what MP4 counts sound in, whatever is asked
    unit = Fraction(1, lcm(one.time_base.denominator, found.zero.denominator))
    if unit.denominator > _FINEST:
        raise InvalidInput(
            "no time base holds the start of sound and picture",
            where=path.name,
            got=f"1/{unit.denominator} s",
            wanted=f"at most 1/{_FINEST}",
        )
    return unit


def _moved(packet: Packet[Any], one: TrackScan, made: Stream, zero: Fraction) -> Packet[Any]:
    """The packet on the new clock; sound moves by what the demuxer rounded off its start as well."""
    unit = made.time_base or one.time_base
    shift = -zero
    if one.kind == "audio" and one.start is not None and one.skip and one.first_tick is not None:
        shift += one.start - Fraction(one.skip, one.sample_rate_hz) - one.first_tick * one.time_base
    for name in ("pts", "dts"):
        tick = getattr(packet, name)
        if tick is not None:
            setattr(packet, name, round_half_up((tick * one.time_base + shift) / unit))
    if packet.duration:
        packet.duration = round_half_up(packet.duration * one.time_base / unit)
    packet.time_base = unit
    packet.stream = made
    return packet


def _compare(path: Path, into: Path) -> None:
    """Raises InvalidInput unless every video track shows the same frames from the same nanoseconds on.

    The end of the last one, which no container but MP4 stores for reordered frames, may differ by a frame.
    """
    source, made = scan(path), scan(into)
    for one in source.tracks:
        if one.kind != "video":
            continue
        old = video_times(source, one, path)
        new = video_times(made, made.pick("video", one.track, where=into.name), into)
        same = (old.table.starts_ns, old.table.key_frames) == (new.table.starts_ns, new.table.key_frames)
        longest_ns = max(
            after - before for before, after in pairwise((*old.table.starts_ns, old.table.end_ns))
        )
        if not same or abs(old.table.end_ns - new.table.end_ns) > longest_ns:
            raise InvalidInput(
                "the remuxed file would show its frames at other times",
                where=path.name,
                hint="Import it without remux: its own frame table is exact",
            )
