"""Proxies: what Chromium cannot play, made playable, with every video frame at its own time.

Where only the container is in the way, the packets are copied into an MP4. Else video becomes MP4 (H.264 and AAC) or,
without an H.264 encoder, WebM (VP9 and Opus), every 15th frame a key frame, none reordered. Media time 0 is 0 s of the
proxy. Sound alone becomes FLAC.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, cast

import numpy as np

from braid.base.errors import InvalidInput
from braid.clock.ns import round_half_up
from braid.media.audio import blocks
from braid.media.containers import Scan, TrackScan, scan
from braid.media.playability import plays_audio, plays_video, would_play_as_mp4
from braid.media.remux import remux
from braid.media.video import VideoTimes, decoded, quarter_turns, shown_size, upright, video_times
from braid.model.records import Modality

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

KEY_FRAME_EVERY = 15
FLAC_CHANNELS = 8
_FINEST = 10_000_000
_ROUNDED = Fraction(1, 1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The container and encoders that this machine has."""

    container: str
    video: str
    audio: str
    media_type: str


def target() -> Target:
    """MP4 with H.264 when PyAV was built with an encoder for it, else WebM."""
    import av

    if "libx264" in av.codecs_available:
        return Target(container="mp4", video="libx264", audio="aac", media_type="video/mp4")
    return Target(container="webm", video="libvpx-vp9", audio="libopus", media_type="video/webm")


def proxy_type(path: Path, *, track: int = 0, modality: Modality | None = None) -> str:
    """The media type of the proxy that this stream needs, "" when a browser plays the file itself."""
    found = scan(path)
    one = _chosen(found, track, modality, path)
    if one.kind == "video":
        return "" if plays_video(path, found, one) else target().media_type
    return "" if plays_audio(path, found, one) else "audio/flac"


def playable(path: Path, *, track: int = 0, modality: Modality | None = None) -> bytes:
    """The proxy's bytes; the file's own when it needs none."""
    if not proxy_type(path, track=track, modality=modality):
        return path.read_bytes()
    sink = BytesIO()
    write_playable(path, sink, track=track, modality=modality)
    return sink.getvalue()


def write_playable(path: Path, sink: BinaryIO, *, track: int = 0, modality: Modality | None = None) -> str:
    """Writes the proxy into `sink` (seekable, open for reading too) and returns its media type. Memory stays bounded."""
    found = scan(path)
    one = _chosen(found, track, modality, path)
    if one.kind == "audio":
        _write_flac(path, found, one, sink)
        return "audio/flac"
    into = target()
    if into.container == "mp4" and _copied(path, found, one, sink):
        return into.media_type
    _write_video(path, found, one, sink, into)
    return into.media_type


def _chosen(found: Scan, track: int, modality: Modality | None, path: Path) -> TrackScan:
    if modality not in {None, Modality.VIDEO, Modality.AUDIO}:
        raise InvalidInput("only video and audio have a playable form", where=path.name, got=modality)
    has_video = any(one.kind == "video" for one in found.tracks)
    kind = modality.value if modality else ("video" if has_video else "audio")
    return found.pick(kind, track, where=path.name)


def _copied(path: Path, found: Scan, one: TrackScan, sink: BinaryIO) -> bool:
    """Copies the packets when they would play in an MP4 at exactly their times, upright; False when they would not."""
    first = next(decoded(path, one), None) if would_play_as_mp4(found, one) else None
    if first is None or quarter_turns(first):
        return False
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.mp4"
        try:
            remux(path, copy)
        except InvalidInput:
            return False
        with copy.open("rb") as source:
            shutil.copyfileobj(source, sink)
    return True


def _write_flac(path: Path, found: Scan, one: TrackScan, sink: BinaryIO) -> None:
    import soundfile

    channels = min(one.channel_count, FLAC_CHANNELS)
    deep = one.codec in {"pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f64le", "alac"}
    lead = max(0, round_half_up(((one.start or found.zero) - found.zero) * one.sample_rate_hz))
    written = 0
    with soundfile.SoundFile(
        sink,
        "w",
        samplerate=one.sample_rate_hz,
        channels=channels,
        format="FLAC",
        subtype="PCM_24" if deep else "PCM_16",
    ) as flac:
        if lead:
            flac.write(np.zeros((lead, channels), dtype=np.float32))
        for block in blocks(path, track=one.track):
            flac.write(np.clip(block[:, :channels], -1.0, 1.0))
            written += len(block)
    if not written:
        raise InvalidInput("no audio could be decoded", where=path.name)


def _write_video(path: Path, found: Scan, one: TrackScan, sink: BinaryIO, into: Target) -> None:
    import av

    times = video_times(found, one, path)
    audio = next((track for track in found.tracks if track.kind == "audio"), None)
    unit = _unit(found, one)
    # Start offsets are stored in the movie's time scale, by default whole milliseconds: too coarse.
    exact = {"movie_timescale": str(unit.denominator)} if into.container == "mp4" else {}
    with av.open(sink, "w", format=into.container, options=exact) as output:
        video = _video_stream(output, shown_size(path, one), one, times, unit, into)
        sound = _Sound(output, path, found, audio, into) if audio is not None else None
        written = 0
        ends = (*times.table.starts_ns[1:], times.table.end_ns)
        lasts = {
            round_half_up((tick * times.time_base - found.zero) / unit): Fraction(end - start, 10**9) / unit
            for tick, start, end in zip(times.ticks, times.table.starts_ns, ends, strict=True)
        }
        for tick, picture in _pictures(path, one, times):
            at = tick * times.time_base - found.zero
            if sound is not None:
                sound.write_until(at)
            picture.pts, picture.time_base = round_half_up(at / unit), unit
            for packet in video.encode(picture):
                packet.duration = max(1, round_half_up(lasts.get(packet.pts or 0, Fraction(1))))
                output.mux(packet)
            written += 1
        for packet in video.encode(None):
            packet.duration = max(1, round_half_up(lasts.get(packet.pts or 0, Fraction(1))))
            output.mux(packet)
        if sound is not None:
            sound.finish()
    if not written:
        raise InvalidInput("no video frame could be decoded", where=path.name)


def _unit(found: Scan, one: TrackScan) -> Fraction:
    """Seconds per tick of the proxy: the source's own where that is exact and not absurdly fine."""
    unit = one.time_base / (found.zero / one.time_base).denominator
    return unit if unit.numerator == 1 and unit.denominator <= _FINEST else _ROUNDED


def _video_stream(
    output: OutputContainer,
    shown_px: tuple[int, int],
    one: TrackScan,
    times: VideoTimes,
    unit: Fraction,
    into: Target,
) -> VideoStream:
    mean = one.nominal_rate or Fraction(25)
    if times.rate is not None:
        mean = times.rate.per_second
    quality = {"crf": "20", "preset": "veryfast", "sc_threshold": "0"}
    if into.video != "libx264":
        quality = {"crf": "30", "b": "0", "deadline": "realtime", "cpu-used": "6"}
    stream = cast(
        "VideoStream", output.add_stream(into.video, rate=mean.limit_denominator(1001), options=quality)
    )
    stream.width, stream.height = _even(shown_px[0]), _even(shown_px[1])
    stream.pix_fmt = "yuv420p"
    context = stream.codec_context
    context.gop_size, context.max_b_frames = KEY_FRAME_EVERY, 0
    context.thread_count = 1
    context.time_base = unit
    stream.time_base = unit
    return stream


def _pictures(path: Path, one: TrackScan, times: VideoTimes) -> Iterator[tuple[int, VideoFrame]]:
    """(tick, picture) once for each time of the table, the last one where several share it."""
    known = set(times.ticks)
    waiting: tuple[int, VideoFrame] | None = None
    for frame in decoded(path, one):
        if frame.pts is None or frame.pts not in known or (waiting is not None and frame.pts < waiting[0]):
            continue
        if waiting is not None and frame.pts > waiting[0]:
            yield waiting
        waiting = (frame.pts, _shown(frame))
    if waiting is not None:
        yield waiting


def _shown(frame: VideoFrame) -> VideoFrame:
    """The picture upright, with even sides (an odd last row or column is cut), in the encoder's pixel format."""
    import av

    if not quarter_turns(frame) and frame.width % 2 == frame.height % 2 == 0:
        picture = frame.reformat(format="yuv420p")
    else:
        turned = upright(frame)
        high, wide = turned.shape[0] // 2 * 2, turned.shape[1] // 2 * 2
        picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(turned[:high, :wide]), format="rgb24")
    picture.pict_type = av.video.frame.PictureType.NONE  # or the encoder would repeat the source's key frames
    return picture


class _Sound:
    """Encodes the audio track alongside, so that neither waits long for the other."""

    def __init__(
        self, output: OutputContainer, path: Path, found: Scan, one: TrackScan, into: Target
    ) -> None:
        self._output = output
        self._rate = one.sample_rate_hz
        self._channels = 1 if one.channel_count == 1 else 2
        usual = {16000, 22050, 24000, 32000, 44100, 48000}
        rate = self._rate if self._rate in usual and into.audio == "aac" else 48000
        stream = cast("AudioStream", output.add_stream(into.audio, rate=rate))
        stream.codec_context.layout = "mono" if self._channels == 1 else "stereo"
        self._stream = stream
        self._at = max(0, round_half_up(((one.start or found.zero) - found.zero) * self._rate))
        self._blocks = blocks(path, track=one.track)
        self._done = False

    def write_until(self, at: Fraction) -> None:
        """Encodes blocks until the sound reaches `at` seconds of media time."""
        import av

        while not self._done and Fraction(self._at, self._rate) < at:
            block = next(self._blocks, None)
            if block is None:
                self._done = True
                return
            wide = np.ascontiguousarray(np.clip(block[:, : self._channels], -1.0, 1.0).T)
            frame = av.AudioFrame.from_ndarray(
                wide, format="fltp", layout="mono" if self._channels == 1 else "stereo"
            )
            frame.sample_rate, frame.pts, frame.time_base = self._rate, self._at, Fraction(1, self._rate)
            self._at += len(block)
            self._output.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """The rest of the sound, and what the encoder still holds."""
        self.write_until(Fraction(10**12))
        self._output.mux(self._stream.encode(None))


def _even(size_px: int) -> int:
    return max(2, size_px - size_px % 2)
