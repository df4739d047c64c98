"""Video that was recorded picture by picture (H.264, H.265): one MP4 whose pictures stand at their stamps, to the ns.

Nothing is decoded or encoded again; each message is one picture in decoding order, as the schema demands.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from braid.base.errors import InvalidInput
from braid.formats.recording.flatten import frame_of
from braid.formats.recording.messages import Channel, Message
from braid.formats.recording.pictures import bytes_of
from braid.formats.recording.series_asset import Column, SeriesAsset
from braid.formats.recording.stamps import Ints
from braid.formats.recording.tracks import STAMPS, stamps_of, stamps_of_asset
from braid.formats.seam import ReadContext, Sources
from braid.model.timing import Stamp

MAX_BYTES = 64 * 2**30
LONGEST_NS = 4 * 10**9
"""What one picture of an MP4 with a nanosecond clock can last."""
_DEMUXERS = {"h264": "h264", "h265": "hevc", "hevc": "hevc"}


class VideoTrack:
    """Packets in scratch; sizes and stamps as a series beside them."""

    def __init__(self, channel: Channel, context: ReadContext) -> None:
        self.channel = channel
        self.frame = ""
        self.notes: dict[str, str] = {}
        self.form = ""
        self.asset = SeriesAsset(
            context.scratch,
            [Column(name="size", unit="B", kind="int64")],
            stamps=[stamp.value for stamp in STAMPS],
        )
        self._path = context.scratch / f"video-{id(self):x}.raw"
        self._out = self._path.open("wb")
        self._size = 0

    def take(self, message: Message, value: Mapping[str, Any]) -> None:
        """One picture. Raises InvalidInput for codecs that are not put together here."""
        form = str(value.get("format", "")).casefold()
        if form not in _DEMUXERS or (self.form and form != self.form):
            raise InvalidInput("this codec of video is not read", got=form[:20], wanted="h264 or h265")
        data = bytes_of(value.get("data"))
        if not data or self._size + len(data) > MAX_BYTES:
            raise InvalidInput(
                "a picture of a video is empty, or the video too long", got=f"{len(data)} bytes"
            )
        self.form = form
        self.frame = self.frame or frame_of(value)
        self._out.write(data)
        self._size += len(data)
        self.asset.add(0, [len(data)], [stamp or None for stamp in stamps_of(message, value)])

    def stamps(self) -> dict[Stamp, Ints]:
        """Of every picture."""
        return stamps_of_asset(self.asset)

    def close(self) -> None:
        """Let go of the packets."""
        self._out.close()
        self._path.unlink(missing_ok=True)

    def video(self, files: Sources, used_ns: Ints) -> str:
        """The asset: an MP4 whose picture i starts at `used_ns[i] - used_ns[0]`. Raises InvalidInput.

        used_ns: (N,) in order of arrival, ascending.
        """
        self._out.close()
        made = self._path.with_suffix(".mp4")
        try:
            _remux(self._path, made, _DEMUXERS[self.form], (used_ns - used_ns[0]).tolist())
            digest = files.asset(made)
            kept = made.with_name(f"{digest}.mp4")
            made.replace(kept)
            files.assets[digest] = kept
            return digest
        finally:
            made.unlink(missing_ok=True)
            self.close()


def ascending(used_ns: Ints) -> bool:
    """Whether pictures can stand at these instants in a file."""
    steps = np.diff(used_ns)
    return bool((steps > 0).all() and (steps < LONGEST_NS).all())


def _remux(raw: Path, made: Path, demuxer: str, starts_ns: list[int]) -> None:
    import av

    clock = Fraction(1, 10**9)
    count = len(starts_ns)
    period = starts_ns[-1] // (count - 1) if count > 1 else 40_000_000
    number = 0
    try:
        with (
            av.open(str(raw), format=demuxer) as source,
            av.open(str(made), "w", format="mp4", options={"video_track_timescale": str(10**9)}) as out,
        ):
            stream = source.streams.video[0]
            track = out.add_stream_from_template(stream)
            track.time_base = clock
            for packet in source.demux(stream):
                if not packet.size:
                    continue
                if number < count:
                    after = starts_ns[number + 1] if number + 1 < count else starts_ns[number] + period
                    packet.stream, packet.time_base = track, clock
                    packet.pts = packet.dts = starts_ns[number]
                    packet.duration = after - starts_ns[number]
                    out.mux(packet)
                number += 1
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise InvalidInput("the pictures do not make a video", got=str(error)[:120]) from None
    if number != count:
        raise InvalidInput(
            "messages and pictures of a video differ",
            got=f"{number} pictures",
            wanted=f"{count}, one a message",
        )
