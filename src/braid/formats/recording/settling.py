"""Tracks to streams once all messages are in: the stamp, the origin, media times, assets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from braid.base.errors import InvalidInput
from braid.clock.ns import LIMIT_NS
from braid.formats.recording.kinds import EVENTS
from braid.formats.recording.series_asset import MISSING
from braid.formats.recording.sound import SoundForm, sound_clock, sound_form
from braid.formats.recording.stamps import Chosen, Ints, choose
from braid.formats.recording.streams import Origin, origin_of, stamp_zeros, stream_of, timing_of
from braid.formats.recording.tracks import FilesTrack, SeriesTrack, SizesTrack, SoundTrack, Sweeps, Track
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Timed:
    name: str
    track: Track
    columns: dict[Stamp, Ints]
    chosen: Chosen


def settle_tracks(assembly: Assembly, sample: str) -> Settled:
    """All streams of an assembly, by topic."""
    timed: list[_Timed] = []
    problems: list[Problem] = []
    names = Counter(topic for topic, _, _ in assembly.tracks)
    for (topic, kind, _), track in sorted(assembly.tracks.items()):
        columns = track.stamps()
        if not columns or not len(next(iter(columns.values()))):
            track.close()
            continue
        name = topic if names[topic] == 1 else f"{topic} ({kind})"
        chosen = _chosen(columns, assembly.stamp)
        if chosen.code:
            where = f"{assembly.key}, {name}"
            problems.append(
                Problem(where=where, code=chosen.code, message=chosen.problem_text, rejected=False)
            )
        timed.append(_Timed(name=name, track=track, columns=columns, chosen=chosen))
    if not timed:
        return Settled(
            origin=Origin(zero_ns=0, epoch_ns=None, timescale=Timescale.UNKNOWN), problems=problems
        )
    settled = Settled(origin=origin_of([one.chosen.used_ns for one in timed]), problems=problems)
    for one in timed:
        where = f"{assembly.key}, {one.name}"
        used = one.chosen.used_ns
        if int(used.max()) - settled.origin.zero_ns >= LIMIT_NS or int(used.min()) < settled.origin.zero_ns:
            message = "its stamps are on another clock than those of the other streams, months away; it was left out"
            settled.problems.append(Problem(where=where, code="other-clock", message=message, rejected=True))
            one.track.close()
            continue
        _settle(assembly, sample, settled, one, where)
    return settled


def _chosen(columns: dict[Stamp, Ints], forced: Stamp | None) -> Chosen:
    """The forced stamp where a channel has it, else the usual choice."""
    if forced is not None:
        try:
            return choose(columns, forced=forced)
        except InvalidInput:
            pass
    return choose(columns)


def _settle(assembly: Assembly, sample: str, settled: Settled, one: _Timed, where: str) -> None:
    zeros = stamp_zeros(one.columns, one.chosen, settled.origin)
    source = {
        "topic": one.track.channel.topic,
        "type": one.track.channel.type_name,
        **one.track.notes,
        **{f"{s.value}_zero_ns": str(z) for s, z in zeros.items() if z != settled.origin.zero_ns},
    }
    track = one.track
    if isinstance(track, FilesTrack):
        settled.streams.append(_of_files(assembly, sample, settled, one, track, zeros, source))
        settled.problems += [
            Problem(
                where=where, code="W_PICTURES_CONVERTED", message=f"{count} pictures: {loss}", rejected=False
            )
            for loss, count in track.losses.items()
        ]
    elif isinstance(track, SoundTrack):
        _of_sound(assembly, sample, settled, one, track, source, where)
    elif isinstance(track, (SeriesTrack, SizesTrack)):
        stream = _of_series(assembly, sample, settled, one, track, zeros, source)
        settled.streams += [stream] if stream else []
        if isinstance(track, SeriesTrack):
            settled.problems += _left_out(track, where)


def _of_files(
    assembly: Assembly,
    sample: str,
    settled: Settled,
    one: _Timed,
    track: FilesTrack,
    zeros: dict[Stamp, int],
    source: dict[str, str],
) -> Stream:
    media = one.chosen.used_ns - settled.origin.zero_ns
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
        timing=timing_of(one.chosen, settled.origin, sweep_ns=track.sweep_ns),
        readings=readings,
        media_type=track.media_type,
        frame=track.frame or one.name,
        source=source,
    )


def _of_series(
    assembly: Assembly,
    sample: str,
    settled: Settled,
    one: _Timed,
    track: SeriesTrack | SizesTrack,
    zeros: dict[Stamp, int],
    source: dict[str, str],
) -> Stream | None:
    if track.asset is None:
        return None
    kept = {one.chosen.stamp, *(gap.stamp for gap in one.chosen.gaps)}
    digest = track.asset.finish(
        assembly.files,
        times_ns=one.chosen.used_ns - settled.origin.zero_ns,
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
        name=one.name,
        modality=Modality.SERIES,
        sampling=Sampling.EVENT if track.channel.type_name in EVENTS else Sampling.INSTANT,
        timing=timing_of(one.chosen, settled.origin),
        asset=digest,
        frame=track.frame,
        source=source,
    )


def _of_sound(
    assembly: Assembly,
    sample: str,
    settled: Settled,
    one: _Timed,
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
        timing=timing_of(one.chosen, settled.origin),
        asset=digest,
        media_type=media_type,
        frame=track.frame,
        source=source,
    )
    timeline = one.chosen.used_ns - settled.origin.zero_ns
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
    if found is not None and found.longer:
        message = f"{found.longer} messages have longer lists than the first one; what is beyond was left out"
        yield Problem(where=where, code="W_FIELDS_LEFT_OUT", message=message, rejected=False)
