"""A stream's exact index, built from what it is: its container, its table, or the stamps of its readings (rule T13)."""

from __future__ import annotations

from array import array
from fractions import Fraction
from pathlib import Path

from braid.base.errors import InvalidInput
from braid.clock.frame_table import FrameTable
from braid.clock.index import AudioSamples, Index, Instants, Sweeps
from braid.clock.ns import round_half_up
from braid.clock.rates import Rate
from braid.model.records import Modality, Sampling, Stream


def index_of(stream: Stream, path: Path | None = None) -> Index:
    """The index of a stream. path: its asset; not needed for one that is made of readings.

    Raises InvalidInput for a stream that has no times: a picture or a text without readings.
    """
    if stream.readings:
        return of_readings(stream)
    if path is not None and stream.modality is Modality.VIDEO:
        return video_index(path, track=stream.track)
    if path is not None and stream.modality is Modality.AUDIO:
        return audio_index(path, track=stream.track)
    if path is not None and stream.modality is Modality.SERIES:
        return _instants(stream, series_times_ns(path))
    raise InvalidInput(
        "this stream has no times to look up",
        where=f"stream {stream.name}",
        got=stream.modality.value,
        wanted="readings, or the file of a video, audio or series",
    )


def of_readings(stream: Stream) -> Index:
    """Sweeps when the stream says that they are and how long one takes, else instants or intervals by its policy."""
    times_ns = [reading.at_ns for reading in stream.readings]
    sweep_ns = stream.timing.sweep_ns
    if stream.sampling is Sampling.SWEEP and sweep_ns is not None and stream.timing.lookup is None:
        return Sweeps(times_ns=times_ns, sweep_ns=sweep_ns, part=stream.timing.part.value)
    return _instants(stream, times_ns)


def video_index(path: Path, *, track: int = 0) -> FrameTable:
    """The frame table, in media time."""
    from braid.media.containers import scan
    from braid.media.video import video_times

    found = scan(path)
    return video_times(found, found.pick("video", track, where=path.name), path).table


def audio_index(path: Path, *, track: int = 0) -> AudioSamples:
    """Audio samples from the exact start of the content on, as many as the container says."""
    from braid.media.containers import scan

    found = scan(path)
    one = found.pick("audio", track, where=path.name)
    if one.start is None or one.end is None or one.sample_rate_hz <= 0:
        raise InvalidInput("the audio says neither where it starts nor how long it lasts", where=path.name)
    count = round_half_up(Fraction(one.end - one.start) * one.sample_rate_hz)
    return AudioSamples(rate=Rate(num=one.sample_rate_hz), count=max(0, count), start=one.start - found.zero)


def series_times_ns(path: Path) -> array[int]:
    """The times of all rows in media time, ascending. Eight bytes a row."""
    from braid.media.series import epoch_of
    from braid.media.series_table import batches, open_table

    times = array("q")
    for batch in batches(path, open_table(path)):
        times.extend(batch.times_ns)
    if not times:
        raise InvalidInput("no row of the series has a time", where=path.name)
    epoch = epoch_of(min(times), max(times))
    return array("q", sorted(at_ns - epoch for at_ns in times))


def _instants(stream: Stream, times_ns: list[int] | array[int]) -> Instants:
    return Instants.of(
        times_ns,
        sampling=stream.sampling.value,
        policy=stream.timing.lookup,
        tolerance_ns=stream.tolerance_ns,
    )
