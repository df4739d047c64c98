"""Containers: one pass over the packets, without decoding, gives every track's exact presentation times."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from braid.base.errors import InvalidInput, LimitExceeded, NotFound
from braid.clock.ns import SECOND_NS, round_half_up
from braid.media.limits import MAX_PACKETS
from braid.media.mp4_edits import edit_lists
from braid.media.sniff import CONTAINER, sniff
from braid.model.records import Edit

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.stream import VideoStream

ATTACHED_PICTURE = 1024
DELAYED_CODECS = frozenset({"aac", "mp3"})
"""Codecs whose encoder delay is lost when the container does not store it."""


@dataclass(slots=True, kw_only=True)
class TrackScan:
    """What the packets of one track say. Times in `time_base` seconds per tick, container clock.

    ticks, keys: presentation ticks in file order and those of video key frames. untimed: packets without any.
    end_tick: exclusive end of the last packet, when its duration is known. start: content start in seconds, after
    encoder priming. skip, trim: audio samples that the container tells to drop at the ends. delay_is_rounded: the
    demuxer has taken the delay off the first time in whole ticks (Matroska counts milliseconds).
    """

    kind: str
    stream_index: int
    stream_id: int
    track: int
    codec: str
    time_base: Fraction
    nominal_rate: Fraction | None = None
    claimed_frames: int = 0
    width_px: int = 0
    height_px: int = 0
    pixel_format: str = ""
    sample_rate_hz: int = 0
    channel_count: int = 0
    language: str = ""
    ticks: array[int] = field(default_factory=lambda: array("q"))
    keys: array[int] = field(default_factory=lambda: array("q"))
    packets: int = 0
    discarded: int = 0
    untimed: int = 0
    reordered: bool = False
    first_tick: int | None = None
    last_tick: int | None = None
    end_tick: int | None = None
    skip: int = 0
    trim: int = 0
    declared_skip: int | None = None
    delay_is_rounded: bool = False
    last_duration: int = 0
    longest_duration: int = 0
    edits: tuple[Edit, ...] | None = None

    @property
    def start(self) -> Fraction | None:
        """Content start in container seconds; None when nothing is timed."""
        if self.first_tick is None:
            return None
        begin = self.first_tick * self.time_base
        if self.delay_is_rounded and self.first_tick == -round_half_up(
            self._seconds(self.skip) / self.time_base
        ):
            return Fraction(0)  # stored as 0: a delay of 6.5 ms was taken off as 7
        if self.kind == "audio" and not self.skip and begin < 0:
            return Fraction(0)  # Vorbis: packets before zero only prime the decoder
        return begin + self._seconds(self.skip)

    @property
    def end(self) -> Fraction | None:
        """Content end in container seconds, exclusive."""
        if self.end_tick is None:
            return None
        stop = self.end_tick * self.time_base
        whole = self.last_duration * self.time_base + self._seconds(self.trim)
        if whole <= (self.longest_duration + 1) * self.time_base:
            return stop  # the last packet's duration is without the trimmed part already
        return stop - self._seconds(self.trim)

    @property
    def priming(self) -> int | None:
        """Audio samples that the file tells to drop at the start; None when it does not say."""
        if self.kind != "audio" or not self.sample_rate_hz:
            return None
        if self.declared_skip is not None:
            return self.declared_skip
        if self.first_tick is not None and self.first_tick < 0:
            return round_half_up(-self.first_tick * self.time_base * self.sample_rate_hz)
        return 0 if self.edits or self.codec not in DELAYED_CODECS else None

    def _seconds(self, samples: int) -> Fraction:
        return Fraction(samples, self.sample_rate_hz) if self.sample_rate_hz else Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """All video and audio tracks of a container. `container`: the demuxer, as "mp4" or "matroska". `zero`: container seconds of media time 0 (the earliest start)."""

    container: str
    tracks: tuple[TrackScan, ...]
    zero: Fraction
    says_duration: bool
    damaged: str = ""

    def pick(self, kind: str, track: int, *, where: str) -> TrackScan:
        """Track `track` of that kind, counted from 0. Raises InvalidInput."""
        mine = [one for one in self.tracks if one.kind == kind]
        if not 0 <= track < len(mine):
            raise InvalidInput(
                f"there is no such {kind} track", where=where, got=track, wanted=f"below {len(mine)}"
            )
        return mine[track]

    def media_ns(self, seconds: Fraction) -> int:
        """Container seconds to media nanoseconds, rounded half up."""
        return round_half_up((seconds - self.zero) * SECOND_NS)


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The container, with the demuxer forced to what its bytes say. FFmpeg's errors become InvalidInput."""
    import av

    found = sniff(path)
    if found.family != CONTAINER:
        raise InvalidInput(
            "the file is neither audio nor video", where=path.name, got=found.name or found.family
        )
    try:
        with av.open(str(path.absolute()), format=found.name, metadata_errors="replace") as container:
            yield container
    except av.FFmpegError as error:
        raise InvalidInput(
            f"the {found.name} file cannot be read",
            where=path.name,
            got=error.strerror,
            hint="It may be empty, cut short or damaged: fetch it again, or remux it with ffmpeg -c copy",
        ) from error


def scan(path: Path) -> Scan:
    """One demuxing pass. Raises InvalidInput when there is no audio or video packet at all.

    The last few results are kept as long as the file's size and time of change stay, since a scan reads the whole file
    and several derivations of one file follow each other.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise NotFound("there is no such media file", where=path.name) from error
    return _scan(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=8)
def _scan(path: Path, _size: int, _changed_ns: int) -> Scan:
    import av

    with opened(path) as container:
        tracks = _tracks(container)
        damaged = ""
        count = 0
        try:
            for packet in container.demux():
                count += 1
                if count > MAX_PACKETS:
                    raise LimitExceeded("too many packets", where=path.name, wanted=f"at most {MAX_PACKETS}")
                mine = tracks.get(packet.stream_index)
                if mine is not None and packet.size:
                    _take(mine, packet)
        except av.FFmpegError as error:
            damaged = error.strerror or "damaged"
        says_duration = container.duration is not None
    name = sniff(path).name
    lists = edit_lists(path) if name == "mp4" else {}
    for one in tracks.values():
        one.edits = lists.get(one.stream_id)
        one.delay_is_rounded = name == "matroska"
    kept = tuple(one for one in tracks.values() if one.packets)
    starts = [one.start for one in kept if one.start is not None]
    if not kept:
        raise InvalidInput(
            "there is no audio or video that can be decoded in the file", where=path.name, got=name
        )
    return Scan(
        container=name,
        tracks=kept,
        zero=min(starts, default=Fraction(0)),
        says_duration=says_duration,
        damaged=damaged,
    )


def _tracks(container: InputContainer) -> dict[int, TrackScan]:
    """Tracks that this machine can decode; cover pictures are no video."""
    pictures = (one for one in container.streams.video if not int(one.disposition) & ATTACHED_PICTURE)
    tracks = [_video_track(number, stream) for number, stream in enumerate(filter(_decodable, pictures))]
    sounds = filter(_decodable, container.streams.audio)
    tracks += [_audio_track(number, stream) for number, stream in enumerate(sounds)]
    return {one.stream_index: one for one in sorted(tracks, key=lambda one: one.stream_index)}


def _decodable(stream: Stream) -> bool:
    return getattr(stream, "codec_context", None) is not None


def _video_track(number: int, stream: VideoStream) -> TrackScan:
    context = stream.codec_context
    return TrackScan(
        kind="video",
        stream_index=stream.index,
        stream_id=stream.id,
        track=number,
        codec=context.codec.canonical_name,
        time_base=Fraction(stream.time_base or Fraction(1, 1000)),
        nominal_rate=Fraction(stream.average_rate) if stream.average_rate else None,
        claimed_frames=stream.frames,
        width_px=context.width,
        height_px=context.height,
        pixel_format=context.pix_fmt or "",
        language=stream.language or "",
    )


def _audio_track(number: int, stream: AudioStream) -> TrackScan:
    context = stream.codec_context
    return TrackScan(
        kind="audio",
        stream_index=stream.index,
        stream_id=stream.id,
        track=number,
        codec=context.codec.canonical_name,
        time_base=Fraction(stream.time_base or Fraction(1, 1000)),
        claimed_frames=stream.frames,
        sample_rate_hz=context.sample_rate or 0,
        channel_count=context.channels or 0,
        language=stream.language or "",
    )


def _take(one: TrackScan, packet: Packet[Stream]) -> None:
    if packet.is_discard:
        one.discarded += 1
        if one.kind == "audio" and not one.packets:
            _take_skip(one, packet)
        return
    tick = packet.pts
    if tick is None:
        one.untimed += 1
        tick = packet.dts
    one.packets += 1
    if one.kind == "audio":
        _take_skip(one, packet)
    if tick is None:
        return
    if one.kind == "video":
        one.ticks.append(tick)
        if packet.is_keyframe:
            one.keys.append(tick)
    one.reordered = one.reordered or (one.last_tick is not None and tick < one.last_tick)
    one.first_tick = tick if one.first_tick is None else min(one.first_tick, tick)
    if one.last_tick is None or tick >= one.last_tick:
        one.last_tick = tick
        one.end_tick = tick + packet.duration if packet.duration else None
        one.last_duration = packet.duration or 0
    one.longest_duration = max(one.longest_duration, packet.duration or 0)


def _take_skip(one: TrackScan, packet: Packet[Stream]) -> None:
    if not packet.has_sidedata("skip_samples"):
        return
    data = bytes(packet.get_sidedata("skip_samples"))
    if len(data) < 8:
        return
    head, tail = int.from_bytes(data[:4], "little"), int.from_bytes(data[4:8], "little")
    if one.declared_skip is None and one.packets <= 1:
        one.declared_skip = head
        one.skip = head * one.packets  # a discarded packet is gone with its samples
    one.trim = tail
