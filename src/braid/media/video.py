"""Video: the frame table from packet times (law T4), the `frames` document, and exact decoding of one frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import gcd
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput, LimitExceeded
from braid.clock.frame_table import FrameTable
from braid.clock.ns import LIMIT_NS, SECOND_NS, round_half_up
from braid.clock.rates import Rate
from braid.media.containers import Scan, TrackScan, opened, scan
from braid.media.limits import MAX_VIDEO_PIXELS

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream
    from PIL.Image import Image

_USUAL_RATES = tuple(
    Fraction(num, den)
    for num, den in (
        (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (50, 1), (60000, 1001), (60, 1),
        (10, 1), (12, 1), (15, 1), (20, 1), (100, 1), (120000, 1001), (120, 1),
    )
)  # fmt: skip


ROUNDED_S = Fraction(1, 1000)
"""Times that were once rounded to milliseconds may still be of a constant rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoTimes:
    """The presentation times of one video track.

    ticks: distinct, ascending, container clock. table: the same in media time. rate: None when it varies.
    duplicates: video frames that share their time with another and are never seen.
    """

    ticks: tuple[int, ...]
    time_base: Fraction
    table: FrameTable
    rate: Rate | None
    duplicates: int
    guessed: bool

    def index_of(self, tick: int) -> int:
        """The video frame that starts at that tick."""
        return self.ticks.index(tick)


def video_times(found: Scan, one: TrackScan, path: Path) -> VideoTimes:
    """The frame table of a track. Packets without a time (AVI with reordering) are decoded to learn it."""
    ticks = list(one.ticks)
    keys = set(one.keys)
    guessed = False
    if one.untimed and (one.reordered or len(ticks) < one.packets or len(set(ticks)) < len(ticks)):
        ticks, keys = _decoded_ticks(path, one)
        guessed = True
    if not ticks:
        raise InvalidInput(
            "no video frame has a presentation time",
            where=path.name,
            hint="Remux it into MP4 or WebM, which store times",
        )
    ordered = tuple(sorted(set(ticks)))
    zero_ticks = found.zero / one.time_base
    end = one.end_tick if one.end_tick is not None and one.end_tick > ordered[-1] else None
    key_frames = [index for index, tick in enumerate(ordered) if tick in keys]
    table = _table(ordered, one.time_base, zero_ticks, end, key_frames)
    if table.end_ns >= LIMIT_NS:
        raise InvalidInput(
            "the video lasts longer than 104 days",
            where=path.name,
            hint="Its times are damaged: remux or fetch it again",
        )
    return VideoTimes(
        ticks=ordered,
        time_base=one.time_base,
        table=table,
        rate=_constant_rate(ordered, one.time_base, one.nominal_rate),
        duplicates=len(ticks) - len(ordered),
        guessed=guessed,
    )


def frame_image(path: Path, *, track: int, index: int) -> Image:
    """Video frame `index` of the frame table, decoded exactly. Raises InvalidInput outside the table."""
    found = scan(path)
    one = found.pick("video", track, where=path.name)
    times = video_times(found, one, path)
    if not 0 <= index < len(times.ticks):
        raise InvalidInput(
            "there is no such video frame", where=path.name, got=index, wanted=f"0 to {len(times.ticks) - 1}"
        )
    wanted = times.ticks[index]
    frame = None
    if index and not one.untimed:
        frame = _frame_at(path, one, wanted, seek=True)
    if frame is None:
        frame = _frame_at(path, one, wanted, seek=False)
    if frame is None:
        raise InvalidInput(
            "the video frame cannot be decoded",
            where=f"{path.name}, video frame {index}",
            hint="Is the file damaged?",
        )
    return frame


def decoded(path: Path, one: TrackScan) -> Iterator[VideoFrame]:
    """All video frames of a track in presentation order; stops where the data is damaged."""
    import av

    with opened(path) as container:
        stream = cast("VideoStream", container.streams[one.stream_index])
        check_area(stream.codec_context.width, stream.codec_context.height, path)
        stream.thread_type = "AUTO"
        try:
            yield from container.decode(stream)
        except av.FFmpegError:
            return


def as_image(frame: VideoFrame) -> Image:
    """The decoded frame as a Pillow picture in RGB, turned as its display matrix says."""
    import PIL.Image

    return PIL.Image.fromarray(upright(frame))


def upright(frame: VideoFrame) -> NDArray[np.uint8]:
    """(height, width, 3) RGB, turned as the display matrix says (telephones film sideways)."""
    turned = np.rot90(frame.to_ndarray(format="rgb24"), k=quarter_turns(frame))
    return np.ascontiguousarray(turned, dtype=np.uint8)


def quarter_turns(frame: VideoFrame) -> int:
    """Counter-clockwise quarter turns from stored to shown, 0 to 3; odd angles are left as they are."""
    angle = frame.rotation
    return angle // 90 % 4 if angle % 90 == 0 else 0


def shown_size(path: Path, one: TrackScan) -> tuple[int, int]:
    """(width_px, height_px) as shown, after turning. Decodes one video frame; raises InvalidInput when none can be."""
    first = next(decoded(path, one), None)
    if first is None:
        raise InvalidInput("no video frame can be decoded", where=path.name, got=one.codec)
    if quarter_turns(first) % 2:
        return first.height, first.width
    return first.width, first.height


def check_area(width_px: int, height_px: int, path: Path) -> None:
    """Raises LimitExceeded for video frames too large to decode."""
    if width_px * height_px > MAX_VIDEO_PIXELS:
        raise LimitExceeded(
            "the video frames are too large",
            where=path.name,
            got=f"{width_px} x {height_px}",
            wanted=f"at most {MAX_VIDEO_PIXELS} pixels",
        )


def _frame_at(path: Path, one: TrackScan, wanted: int, *, seek: bool) -> Image | None:
    import av

    last: VideoFrame | None = None
    with opened(path) as container:
        stream = cast("VideoStream", container.streams[one.stream_index])
        check_area(stream.codec_context.width, stream.codec_context.height, path)
        try:
            if seek:
                container.seek(wanted, stream=stream, backward=True)
            for frame in container.decode(stream):
                if frame.pts is None:
                    continue
                if frame.pts == wanted:
                    last = frame
                elif frame.pts > wanted:
                    break
        except av.FFmpegError:
            pass  # what was decoded before the damage still counts
        return None if last is None else as_image(last)


def _decoded_ticks(path: Path, one: TrackScan) -> tuple[list[int], set[int]]:
    ticks: list[int] = []
    keys: set[int] = set()
    for frame in decoded(path, one):
        if frame.pts is not None:
            ticks.append(frame.pts)
            if frame.key_frame:
                keys.add(frame.pts)
    return ticks, keys


def _table(
    ordered: tuple[int, ...], time_base: Fraction, zero_ticks: Fraction, end: int | None, keys: list[int]
) -> FrameTable:
    if zero_ticks.denominator == 1:
        return FrameTable.from_ticks(
            ordered, time_base=time_base, zero_ticks=int(zero_ticks), end_ticks=end, key_frames=keys
        )
    # Media zero lies between two ticks of this track: count in a time base that holds both.
    finer = zero_ticks.denominator
    gaps = sorted(later - earlier for earlier, later in pairwise(ordered))
    stop = end if end is not None else ordered[-1] + (gaps[len(gaps) // 2] if gaps else 1)
    return FrameTable.from_ticks(
        [tick * finer for tick in ordered],
        time_base=time_base / finer,
        zero_ticks=zero_ticks.numerator,
        end_ticks=stop * finer,
        key_frames=keys,
    )


def _constant_rate(ordered: tuple[int, ...], time_base: Fraction, nominal: Fraction | None) -> Rate | None:
    if len(ordered) < 2:
        return None
    gaps = {later - earlier for earlier, later in pairwise(ordered)}
    if len(gaps) == 1:
        rate = 1 / (gaps.pop() * time_base)
        return Rate(num=rate.numerator, den=rate.denominator)
    step = gcd(*(tick - ordered[0] for tick in ordered))
    rounded = max(Fraction(1), min(Fraction(step), ROUNDED_S / time_base))
    mean = Fraction(len(ordered) - 1, (ordered[-1] - ordered[0])) / time_base
    usual = sorted(_USUAL_RATES, key=lambda rate: abs(rate - mean))[:2]
    for rate in (*usual, *([nominal] if nominal else [])):
        ticks_per_frame = 1 / (rate * time_base)
        off = (abs(tick - ordered[0] - index * ticks_per_frame) for index, tick in enumerate(ordered))
        if all(one <= rounded for one in off):
            return Rate(num=rate.numerator, den=rate.denominator)
    return None


def seconds_on_clock(tick: int, time_base: Fraction, minus: Fraction = Fraction(0)) -> float:
    """A presentation time as a <video> element shows it: the double nearest to whole nanoseconds."""
    return round_half_up((tick * time_base - minus) * SECOND_NS) / SECOND_NS


def thumbnail_frame(path: Path, *, track: int) -> Image:
    """The first video frame that can be decoded and is not plain black, looking at the first 3 seconds' worth."""
    first: Image | None = None
    for number, frame in enumerate(decoded(path, scan(path).pick("video", track, where=path.name))):
        if number % 15:
            continue
        image = as_image(frame)
        first = first or image
        low, high = image.convert("L").getextrema()
        if isinstance(high, int | float) and isinstance(low, int | float) and high - low > 16:
            return image
        if number >= 75:
            break
    if first is None:
        raise InvalidInput("no video frame can be decoded", where=path.name)
    return first
