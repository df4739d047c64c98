"""The telemetry track of an MP4: packets of the data track whose payloads are GPMF, with their exact times."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from braid.base.errors import InvalidInput
from braid.clock.ns import SECOND_NS, round_half_up
from braid.formats.gopro.timing import PayloadTime

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.stream import DataStream

MAX_PAYLOADS = 200_000
MAX_PAYLOAD = 16 * 2**20
MAX_TOTAL = 2**30
"""Bytes of all payloads of one clip; the cameras write about 10 kB a second."""
MARK = b"DEVC"


@dataclass(slots=True, kw_only=True)
class Clip:
    """What an MP4 has: payloads with times, and whether there is video and audio. about: the container's words."""

    payloads: list[bytes] = field(default_factory=list)
    times: list[PayloadTime] = field(default_factory=list)
    video: bool = False
    audio: bool = False
    about: dict[str, str] = field(default_factory=dict)
    dropped: int = 0


def read_clip(path: Path, *, where: str) -> Clip:
    """Raises InvalidInput when it is no readable container."""
    import av

    clip = Clip()
    try:
        with av.open(str(path)) as container:
            clip.video = bool(container.streams.video)
            clip.audio = bool(container.streams.audio)
            clip.about = {
                name: str(container.metadata[name])[:80]
                for name in ("firmware", "creation_time")
                if name in container.metadata
            }
            for stream in container.streams:
                if "timecode" in stream.metadata:
                    clip.about["timecode"] = str(stream.metadata["timecode"])[:20]
            tracks = list(container.streams.data)
            if tracks:
                _take_packets(clip, container, tracks)
    except (av.FFmpegError, ValueError, IndexError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput("the clip cannot be read", where=where, got=str(error)[:120]) from error
    return clip


def _take_packets(clip: Clip, container: InputContainer, tracks: list[DataStream]) -> None:
    """The first data track whose packets are GPMF; others (timecode, maker's notes) are not."""
    chosen: int | None = None
    total = 0
    pending: list[tuple[Fraction, Fraction | None]] = []
    for packet in container.demux(*tracks):
        if not packet.size or packet.pts is None:
            continue
        index = packet.stream.index
        if chosen is None:
            if packet.size > MAX_PAYLOAD or bytes(packet)[:4] != MARK:
                continue
            chosen = index
        if index != chosen:
            continue
        total += packet.size
        if packet.size > MAX_PAYLOAD or len(clip.payloads) >= MAX_PAYLOADS or total > MAX_TOTAL:
            clip.dropped += 1
            continue
        unit = Fraction(packet.time_base or packet.stream.time_base or 1)
        start = packet.pts * unit
        pending.append((start, start + packet.duration * unit if packet.duration else None))
        clip.payloads.append(bytes(packet))
    clip.times = payload_times(pending)


def payload_times(found: list[tuple[Fraction, Fraction | None]]) -> list[PayloadTime]:
    """Starts and ends in seconds as nanoseconds; a missing end is the next start, else as long as the one before."""
    times: list[PayloadTime] = []
    for number, (start, end) in enumerate(found):
        if end is None and number + 1 < len(found):
            end = found[number + 1][0]  # noqa: PLW2901 - the value the container left out
        begin_ns = round_half_up(start * SECOND_NS)
        if end is None or end <= start:
            length = times[-1].end_ns - times[-1].start_ns if times else SECOND_NS
            times.append(PayloadTime(start_ns=begin_ns, end_ns=begin_ns + length))
        else:
            times.append(PayloadTime(start_ns=begin_ns, end_ns=round_half_up(end * SECOND_NS)))
    return times
