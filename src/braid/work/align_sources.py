"""What aligners compare, taken out of streams: sound, channels of numbers, the turning of a video, spoken cues, stamps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import BraidError, InvalidInput
from braid.model.records import Annotation, Modality, Stream
from braid.model.regions import TimeSpan
from braid.work.media_access import MediaAccess
from braid.work.served import ServedWorkspace

if TYPE_CHECKING:
    from braid.media.series_arrays import Channels

MOST_FRAMES = 5_000
CLAP_SIGMA_NS = 1_000_000
"""A clap is sure to where its microphone stood: 1 ms is a third of a metre."""
SMALL_WIDTH_PX, SMALL_HEIGHT_PX = 160, 90
NORM = ".norm"
_SPEED_UNITS = frozenset({"m/s", "mps", "km/h", "kmh", "kph", "mph", "kn", "kt"})
_TURN_UNITS = frozenset({"rad/s", "deg/s", "dps", "°/s"})

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """One mono sound: (N,) float32, mapped from disk; start_ns: media time of the first audio sample."""

    values: NDArray[np.float32]
    rate_hz: int
    start_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """frame_times_ns: (F,); turns: (F - 1, 3) right, down (pixels) and clockwise (radians); NaN where unseen."""

    frame_times_ns: NDArray[np.int64]
    turns: NDArray[np.float64]


class Sources:
    """The media of one workspace, for aligning."""

    def __init__(self, workspace: ServedWorkspace, *, progress: Progress | None = None) -> None:
        self._workspace = workspace
        self._media = MediaAccess(
            workspace.store, asset_path=workspace.asset_path, folder=workspace.root / "derived"
        )
        self._progress = progress

    @contextmanager
    def sound(self, stream: Stream) -> Iterator[Sound]:
        """The stream's sound, or that in the file of a video. Raises InvalidInput when there is none."""
        from braid.media.audio import blocks
        from braid.media.containers import scan

        path = self._asset(stream)
        track = stream.track if stream.modality is Modality.AUDIO else 0
        found = scan(path)
        one = found.pick("audio", track, where=stream.name)
        (self._workspace.root / "tmp").mkdir(parents=True, exist_ok=True)
        import tempfile

        with tempfile.TemporaryFile(dir=self._workspace.root / "tmp") as spool:
            count = 0
            for block in blocks(path, track=track):
                mono = block.mean(axis=1, dtype=np.float32) if block.shape[1] > 1 else block[:, 0]
                spool.write(np.ascontiguousarray(mono, dtype="<f4").tobytes())
                count += len(mono)
                self._tell(count, None)
            spool.flush()
            if not count:
                raise InvalidInput("the stream holds no audio sample", where=f"stream {stream.name}")
            values = np.memmap(spool, dtype="<f4", mode="r", shape=(count,))
            start = 0 if one.start is None else int(found.media_ns(one.start))
            yield Sound(values=values, rate_hz=one.sample_rate_hz, start_ns=start)

    def has_sound(self, stream: Stream) -> bool:
        """Whether there is sound in the stream's file."""
        if stream.modality is Modality.AUDIO:
            return True
        if stream.modality is not Modality.VIDEO or stream.asset is None:
            return False
        from braid.media.containers import scan

        try:
            scan(self._asset(stream)).pick("audio", 0, where=stream.name)
        except BraidError:
            return False
        return True

    def channels(self, stream: Stream) -> Channels:
        """The channels of a series. Raises InvalidInput for other streams."""
        from braid.media.series_arrays import read_channels

        if stream.modality is not Modality.SERIES:
            raise InvalidInput(
                "this stream has no channels of numbers",
                where=f"stream {stream.name}",
                got=stream.modality.value,
            )
        return read_channels(self._media.derived("series.columns", stream).path)

    def stamps(self, stream: Stream) -> dict[str, NDArray[np.int64]]:
        """By clock the stamps of the readings, as media times; empty when there is only one kind."""
        if stream.readings:
            names = sorted({name for reading in stream.readings for name in reading.stamps})
            full = [one for one in stream.readings if set(names) <= one.stamps.keys()]
            if not names or not full:
                return {}
            columns = {"media": [one.at_ns for one in full]}
            columns |= {name: [one.stamps[name] for one in full] for name in names}
            return {name: np.array(column, np.int64) for name, column in columns.items()}
        if stream.asset is None or stream.modality is not Modality.SERIES:
            return {}
        from braid.media.series_arrays import read_stamps

        return read_stamps(self._asset(stream))

    def events(self, stream: Stream) -> tuple[tuple[int, ...], int]:
        """When something sudden happens, media times, with one sigma in ns: claps of a sound, flashes of pictures."""
        from braid.align.anchors import claps, flashes

        if stream.modality is Modality.AUDIO:
            with self.sound(stream) as heard:
                return claps(heard.values, heard.rate_hz, start_ns=heard.start_ns), CLAP_SIGMA_NS
        times: list[int] = []
        light: list[float] = []
        for at_ns, picture in self._pictures(stream):
            times.append(at_ns)
            light.append(float(picture.mean()))
            self._tell(len(times), None)
        frame_ns = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
        return flashes(times, light), round(frame_ns / 12**0.5)

    def turning(self, stream: Stream) -> Turning:
        """How the camera of a video, or of a stream of pictures, turned from frame to frame; the first 5,000."""
        from braid.align.flow import turn_between

        times: list[int] = []
        turns: list[tuple[float, float, float]] = []
        last: NDArray[np.float64] | None = None
        for at_ns, picture in self._pictures(stream):
            if times and at_ns <= times[-1]:
                continue
            if last is not None:
                same = picture.shape == last.shape
                turns.append((turn_between(last, picture) if same else None) or (np.nan, np.nan, np.nan))
            times.append(at_ns)
            last = picture
            self._tell(len(times), MOST_FRAMES)
            if len(times) >= MOST_FRAMES:
                break
        if len(times) < 3:
            raise InvalidInput(
                "the stream has too few pictures", where=f"stream {stream.name}", got=len(times)
            )
        return Turning(frame_times_ns=np.array(times, np.int64), turns=np.array(turns, np.float64))

    def _pictures(self, stream: Stream) -> Iterator[tuple[int, NDArray[np.float64]]]:
        if stream.readings and stream.modality in {Modality.IMAGE, Modality.VIDEO}:
            from braid.media.pictures import upright as upright_picture

            for reading in stream.readings:
                small = upright_picture(self._workspace.asset_path(reading.asset)).convert("L")
                small.thumbnail((SMALL_WIDTH_PX, SMALL_WIDTH_PX))
                yield reading.at_ns, np.asarray(small, dtype=np.float64)
            return
        if stream.modality is not Modality.VIDEO:
            raise InvalidInput(
                "this stream shows no motion", where=f"stream {stream.name}", got=stream.modality.value
            )
        from braid.media.containers import scan
        from braid.media.video import decoded, video_times

        path = self._asset(stream)
        found = scan(path)
        one = found.pick("video", stream.track, where=stream.name)
        times = video_times(found, one, path)
        place = dict(zip(times.ticks, times.table.starts_ns, strict=True))
        for frame in decoded(path, one):
            start = place.get(frame.pts) if frame.pts is not None else None
            if start is None:
                continue
            height = max(16, round(SMALL_WIDTH_PX * frame.height / frame.width))
            grey = frame.reformat(
                width=SMALL_WIDTH_PX, height=min(height, 4 * SMALL_HEIGHT_PX), format="gray"
            )
            yield start, grey.to_ndarray().astype(np.float64)

    def _asset(self, stream: Stream) -> Path:
        if stream.asset is None:
            raise InvalidInput("the stream is not one file", where=f"stream {stream.name}")
        return self._workspace.asset_path(stream.asset)

    def _tell(self, done: int, total: int | None) -> None:
        if self._progress is not None:
            self._progress(done, total)


def cues_of(annotations: Sequence[Annotation], stream: str) -> tuple[tuple[int, int], ...]:
    """When somebody speaks, by the annotations on a stream: spoken words, else time spans with a text."""
    found: list[tuple[int, int]] = []
    for one in annotations:
        if one.stream != stream:
            continue
        if one.words:
            found.append((one.words[0].start_ns, max(one.words[-1].end_ns, one.words[0].start_ns + 1)))
        elif isinstance(one.region, TimeSpan) and one.text:
            found.append((one.region.start_ns, one.region.end_ns))
    return tuple(sorted(set(found)))


def channel_names(channels: Channels) -> tuple[str, ...]:
    """Every channel, and `NAME.norm` for each three columns that are a vector."""
    return (*(name for name, _ in channels.names), *(name + NORM for name in _vectors(channels)))


def channel_of(channels: Channels, name: str, *, where: str) -> NDArray[np.float64]:
    """The values of a channel, or the length of a vector of three. Raises InvalidInput with the names there are."""
    names = [one for one, _ in channels.names]
    if name in names:
        return np.asarray(channels.values[names.index(name)], dtype=np.float64)
    axes = _vectors(channels).get(name.removesuffix(NORM)) if name.endswith(NORM) else None
    if axes is not None:
        return np.asarray(np.sqrt(np.square(_columns(channels, axes)).sum(axis=1)), dtype=np.float64)
    raise InvalidInput(
        "the stream has no such channel",
        where=where,
        got=name,
        wanted=", ".join(channel_names(channels))[:300],
    )


def three_axes(channels: Channels) -> tuple[str, NDArray[np.float64]] | None:
    """The turn rates (N, 3) of a gyroscope among the channels, with the name of the vector."""
    units = dict(channels.names)
    for name, axes in _vectors(channels).items():
        words = name.lower()
        if {units[one].lower() for one in axes} <= _TURN_UNITS or "gyr" in words or "angular" in words:
            return name, _columns(channels, axes)
    return None


def common_channel(a: Channels, b: Channels) -> tuple[str, str] | None:
    """Which channel of A to compare with which of B when nobody says: speeds, then turn rates, then equal names."""
    for pick in (_speed, _turn):
        one, other = pick(a), pick(b)
        if one and other:
            return one, other
    shared = [name for name in channel_names(a) if name in set(channel_names(b))]
    return (shared[0], shared[0]) if shared else None


def _speed(channels: Channels) -> str:
    for name, unit in channels.names:
        words = name.lower()
        if (
            unit.lower() in _SPEED_UNITS
            or "speed" in words
            or "velocity" in words.replace("angular velocity", "")
        ):
            return name
    return ""


def _turn(channels: Channels) -> str:
    found = three_axes(channels)
    return found[0] + NORM if found else ""


def _columns(channels: Channels, axes: Sequence[str]) -> NDArray[np.float64]:
    names = [one for one, _ in channels.names]
    return np.column_stack([np.asarray(channels.values[names.index(one)], np.float64) for one in axes])


def _vectors(channels: Channels) -> dict[str, tuple[str, str, str]]:
    """By name the three columns of each vector: those that end in x, y, z, or the only three in a turn unit."""
    names = [name for name, _ in channels.names]
    found: dict[str, tuple[str, str, str]] = {}
    for stem, x, y, z in (
        (one[:-1], *axes) for one in names for axes in ("xyz", "XYZ") if one[-1:] == axes[0]
    ):
        if {stem + x, stem + y, stem + z} <= set(names):
            found[stem.rstrip("._- ") or "vector"] = (stem + x, stem + y, stem + z)
    turning = [name for name, unit in channels.names if unit.lower() in _TURN_UNITS]
    if len(turning) == 3 and not any(set(axes) & set(turning) for axes in found.values()):
        shared = turning[0].split(" ")[0] if len({one.split(" ")[0] for one in turning}) == 1 else "turn"
        found[shared] = (turning[0], turning[1], turning[2])
    return found
