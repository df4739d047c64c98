"""Tracks to streams once all messages are in: the stamp, the origin, media times, assets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from braid.base.errors import InvalidInput
from braid.clock.clock_map import ClockSegment
from braid.clock.ns import LIMIT_NS
from braid.formats.recording.kinds import EVENTS
from braid.formats.recording.moving_pictures import VideoTrack, ascending
from braid.formats.recording.placing import TimedTrack, placed_tracks, timed_track
from braid.formats.recording.series_asset import MISSING
from braid.formats.recording.sound import SoundForm, sound_clock, sound_form
from braid.formats.recording.streams import (
    Origin,
    fitted_clock,
    origin_of,
    stamp_zeros,
    stream_of,
    timing_of,
)
from braid.formats.recording.tracks import FilesTrack, SeriesTrack, SizesTrack, SoundTrack, Sweeps
from braid.formats.seam import Problem
from braid.model.records import ClockMap, Modality, Reading, Sampling, Stream
from braid.model.timing import Stamp, Timescale

if TYPE_CHECKING:
    from braid.formats.recording.assembly import Assembly


@dataclass(slots=True, kw_only=True)
class Settled:
    """Streams and their clocks on one origin."""

    origin: Origin
    streams: list[Stream] = field(default_factory=list)
    clocks: list[ClockMap] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def settle_tracks(assembly: Assembly, sample: str) -> Settled:
    """All streams of an assembly, by topic. Only one track's stamps are in memory at a time."""
    problems: list[Problem] = []
    tracks = list(placed_tracks(assembly, problems))
    if not tracks:
        return Settled(
            origin=Origin(zero_ns=0, epoch_ns=None, timescale=Timescale.UNKNOWN), problems=problems
        )
    spans = [np.array([one.first_ns, one.last_ns], dtype=np.int64) for one in tracks]
    settled = Settled(origin=origin_of(spans), problems=problems)
    for one in tracks:
        where = f"{assembly.key}, {one.name}"
        if one.last_ns - settled.origin.zero_ns >= LIMIT_NS or one.first_ns < settled.origin.zero_ns:
            message = "its stamps are on another clock than those of the other streams, months away; it was left out"
            settled.problems.append(Problem(where=where, code="other-clock", message=message, rejected=True))
            one.track.close()
            continue
        _settle(assembly, sample, settled, timed_track(one, assembly.stamp, settled.origin), where)
    return settled


def _settle(assembly: Assembly, sample: str, settled: Settled, one: TimedTrack, where: str) -> None:
    zeros = stamp_zeros(one.columns, one.chosen, one.origin)
    source = {
        "topic": one.track.channel.topic,
        "type": one.track.channel.type_name,
        **one.track.notes,
        **{f"{s.value}_zero_ns": str(z) for s, z in zeros.items() if z != one.origin.zero_ns},
    }
    track = one.track
    stream: Stream | None = None
    if isinstance(track, SoundTrack):
        _of_sound(assembly, sample, settled, one, track, source, where)
    elif isinstance(track, VideoTrack):
        _of_video(assembly, sample, settled, one, track, source, where)
        stream = _of_series(assembly, sample, one, track, zeros, source)
    elif isinstance(track, FilesTrack):
        stream = _of_files(assembly, sample, one, track, zeros, source)
        settled.problems += [
            Problem(
                where=where, code="W_PICTURES_CONVERTED", message=f"{count} pictures: {loss}", rejected=False
            )
            for loss, count in track.losses.items()
        ]
    elif isinstance(track, (SeriesTrack, SizesTrack)):
        stream = _of_series(assembly, sample, one, track, zeros, source)
        if isinstance(track, SeriesTrack):
            settled.problems += _left_out(track, where)
    if stream is None:
        return
    settled.streams.append(stream)
    if one.clock_ns is not None:
        media = one.chosen.used_ns - one.origin.zero_ns
        settled.clocks.append(
            fitted_clock(
                assembly.context,
                stream,
                media_ns=media,
                timeline_ns=one.clock_ns,
                method="device stamps against the recorder's",
            )
        )


def _of_files(
    assembly: Assembly,
    sample: str,
    one: TimedTrack,
    track: FilesTrack,
    zeros: dict[Stamp, int],
    source: dict[str, str],
) -> Stream:
    media = one.chosen.used_ns - one.origin.zero_ns
    others = [gap.stamp for gap in one.chosen.gaps]
    readings = [
        Reading(
            at_ns=int(media[place]),
            asset=digest,
            name=f"{place:06d}{track.ending}",
            stamps={
                stamp.value: int(one.columns[stamp][place]) - zeros[stamp]
                for stamp in others
                if one.chosen.believed[stamp][place]
            },
        )
        for place, digest in enumerate(track.digests)
    ]
    sweeps = isinstance(track, Sweeps)
    return stream_of(
        assembly.context,
        sample=sample,
        name=one.name,
        modality=Modality.POINT_CLOUD if sweeps else Modality.IMAGE,
        sampling=Sampling.SWEEP if sweeps else Sampling.INSTANT,
        timing=timing_of(one.chosen, one.origin, sweep_ns=track.sweep_ns),
        readings=readings,
        media_type=track.media_type,
        frame=track.frame or one.name,
        source=source,
    )


def _of_series(
    assembly: Assembly,
    sample: str,
    one: TimedTrack,
    track: SeriesTrack | SizesTrack | VideoTrack,
    zeros: dict[Stamp, int],
    source: dict[str, str],
) -> Stream | None:
    if track.asset is None:
        return None
    kept = {one.chosen.stamp, *(gap.stamp for gap in one.chosen.gaps)}
    digest = track.asset.finish(
        assembly.files,
        times_ns=one.chosen.used_ns - one.origin.zero_ns,
        stamps_ns={
            stamp.value: np.where(one.chosen.believed[stamp], one.columns[stamp] - zeros[stamp], MISSING)
            for stamp in kept
        },
        without=[stamp.value for stamp in one.columns if stamp not in kept],
    )
    if digest is None:
        return None
    return stream_of(
        assembly.context,
        sample=sample,
        name=f"{one.name} (packets)" if isinstance(track, VideoTrack) else one.name,
        modality=Modality.SERIES,
        sampling=Sampling.EVENT if track.channel.type_name in EVENTS else Sampling.INSTANT,
        timing=timing_of(one.chosen, one.origin),
        asset=digest,
        frame=track.frame,
        source=source,
    )


def _of_video(
    assembly: Assembly,
    sample: str,
    settled: Settled,
    one: TimedTrack,
    track: VideoTrack,
    source: dict[str, str],
    where: str,
) -> None:
    """The video, placed by its first picture; its stamps stay in the series of its packets."""
    used = one.chosen.used_ns
    if not ascending(used):
        message = "its stamps do not ascend, or stand still for seconds: a video cannot hold them; its sizes are kept"
        settled.problems.append(Problem(where=where, code="video-times", message=message, rejected=True))
        track.close()
        return
    try:
        digest = track.video(assembly.files, used)
    except InvalidInput as error:
        settled.problems.append(Problem(where=where, code="bad-video", message=error.letter(), rejected=True))
        return
    start_ns = int(used[0])
    stream = stream_of(
        assembly.context,
        sample=sample,
        name=one.name,
        modality=Modality.VIDEO,
        sampling=Sampling.INTERVAL,
        timing=msgspec.structs.replace(timing_of(one.chosen, one.origin), zero_ns=str(start_ns)),
        asset=digest,
        media_type="video/mp4",
        frame=track.frame or one.name,
        source=source,
    )
    timeline = (used if one.clock_ns is None else one.clock_ns) - (
        one.origin.zero_ns if one.clock_ns is None else 0
    )
    settled.streams.append(stream)
    settled.clocks.append(
        ClockMap(
            id=assembly.context.new_id(),
            sample=sample,
            stream=stream.id,
            segments=(ClockSegment(media_ns=0, timeline_ns=int(timeline[0])),),
            method="stamp of the first picture",
        )
    )


def _of_sound(
    assembly: Assembly,
    sample: str,
    settled: Settled,
    one: TimedTrack,
    track: SoundTrack,
    source: dict[str, str],
    where: str,
) -> None:
    form = _form(assembly, track)
    compressed = track.packets.compressed()
    if form.guessed and not compressed:
        message = (
            f"nothing says how the samples are written; taken as {form.sample}, {form.rate_hz} Hz, "
            f"{form.channels} channel; the options audio_rate and audio_channels say otherwise"
        )
        settled.problems.append(Problem(where=where, code="W_SOUND_GUESSED", message=message, rejected=False))
    media = track.packets.packet_starts_ns(form)
    digest, media_type = track.packets.finish(assembly.files, form)
    stream = stream_of(
        assembly.context,
        sample=sample,
        name=one.name,
        modality=Modality.AUDIO,
        sampling=Sampling.CONTINUOUS,
        timing=timing_of(one.chosen, one.origin),
        asset=digest,
        media_type=media_type,
        frame=track.frame,
        source=source,
    )
    timeline = one.chosen.used_ns - one.origin.zero_ns if one.clock_ns is None else one.clock_ns
    if compressed:
        media, timeline = media[:1] * 0, timeline[:1]
        message = "the sound is compressed: it is placed by its first packet, and drift is not measured"
        settled.problems.append(
            Problem(where=where, code="W_SOUND_COMPRESSED", message=message, rejected=False)
        )
    packet = int(np.median(np.diff(media))) if len(media) > 1 else 0
    clock, jumps = sound_clock(
        assembly.context, stream, media_ns=media, timeline_ns=timeline, packet_ns=max(0, packet)
    )
    if jumps:
        message = (
            f"the stamps of the packets jump {jumps} times: sound is missing there; the clock map jumps along"
        )
        settled.problems.append(Problem(where=where, code="W_SOUND_JUMPS", message=message, rejected=False))
    settled.streams.append(stream)
    settled.clocks.append(clock)


def _form(assembly: Assembly, track: SoundTrack) -> SoundForm:
    """As an option says, as the packets say, as an AudioInfo beside them says, or a guess."""
    said = sound_form(
        rate_hz=track.said.get("sample_rate"),
        channels=track.said.get("number_of_channels"),
        sample=track.said.get("format"),
    )
    beside = assembly.sounds.get(track.channel.topic.rpartition("/")[0])
    return assembly.sound or said or beside or SoundForm()


def _left_out(track: SeriesTrack, where: str) -> Iterator[Problem]:
    found = track.flattening
    if found is not None and found.left_out:
        message = f"{found.left_out} values of each message have no column: a series has at most {len(found.columns)}"
        yield Problem(where=where, code="W_FIELDS_LEFT_OUT", message=message, rejected=False)
    if found is not None and found.unfit:
        message = f"{found.unfit} whole numbers do not fit 64 bits with sign and count as missing"
        yield Problem(where=where, code="W_VALUES_LEFT_OUT", message=message, rejected=False)
    if found is not None and found.longer:
        message = f"{found.longer} messages have longer lists than the first one; what is beyond was left out"
        yield Problem(where=where, code="W_FIELDS_LEFT_OUT", message=message, rejected=False)
