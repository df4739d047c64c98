"""Align: find how a stream's clock runs against another one's, propose its clock map, say what it would do.

Nothing is written here; `alignment_change` makes the change set that a person applies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from braid.align.estimate import Anchor, Estimate, Refusal, grade
from braid.base.errors import InvalidInput, NotFound
from braid.clock.clock_map import ClockFit, ClockSegment, Segments, compose, sigma_ns
from braid.clock.uncertainty import compose_fits
from braid.model.changes import ChangeSet, Create, Update
from braid.model.records import Annotation, ClockAnchor, ClockMap, Modality, Sample, Stream
from braid.model.timing import StampPart
from braid.model.views import SampleView
from braid.work.align_sources import (
    NORM,
    Progress,
    Sources,
    channel_names,
    channel_of,
    common_channel,
    cues_of,
    three_axes,
)
from braid.work.alignment import METHODS, AlignmentView, AlignRequest
from braid.work.clock_effect import clock_effect, held_id, map_of, on_timeline, record_of
from braid.work.served import ServedWorkspace

MOST_ANCHORS = 500
FAR_NS = 86_400 * 10**9
NEAR_NS = 50_000_000
"""Events of two clocks may drift apart by so much over a recording and still be one."""
ESTIMATE, REFUSED = "estimate", "refused"
_WATCHED = frozenset({Modality.VIDEO, Modality.IMAGE})


def align(
    workspace: ServedWorkspace,
    project: str,
    sample: str,
    request: AlignRequest,
    *,
    progress: Progress | None = None,
) -> AlignmentView:
    """Estimate B's clock (`request.stream`) against A's and measure what the proposed map would do.

    Raises NotFound for unknown samples and streams, InvalidInput for streams that the method cannot compare.
    """
    view = workspace.store.sample(project, sample)
    stream = _stream(view, request.stream)
    reference = _stream(view, request.reference) if request.reference else None
    if reference is not None and reference.id == stream.id:
        raise InvalidInput(
            "a stream is aligned with another one", where=f"stream {stream.name}", got=reference.name
        )
    sources = Sources(workspace, progress=progress)
    method = _method(request, view, stream, reference, sources)
    found = _estimate(method, request, view, stream, reference, sources)
    if isinstance(found, Refusal):
        return AlignmentView(
            outcome=REFUSED,
            method=found.method,
            why=found.why,
            hint=found.hint,
            quality=found.quality,
            quality_bound=found.quality_bound,
            evidence=found.evidence,
        )
    present = map_of(view, stream.id)
    clock_map = _proposed(
        found,
        new_id=held_id(present) if present is not None else workspace.new_id(),
        sample=record_of(view.sample, Sample).id,
        stream=stream,
        reference=reference,
        outer=_present_map(view, reference),
    )
    start, end = (
        sigma_ns(clock_map.fit, at, valid_from_ns=clock_map.valid_from_ns, valid_to_ns=clock_map.valid_to_ns)
        for at in (found.valid_from_ns, found.valid_to_ns)
    )
    return AlignmentView(
        outcome=ESTIMATE,
        method=found.method,
        clock_map=clock_map,
        base=present.rev if present is not None else None,
        grade=grade(max(start, end)),
        rms_ns=found.rms_ns,
        sigma_start_ns=start,
        sigma_end_ns=end,
        quality=found.quality,
        quality_bound=found.quality_bound,
        named=found.named,
        warnings=found.warnings,
        evidence=found.evidence,
        effect=clock_effect(workspace.store, project, clock_map),
    )


def alignment_change(view: AlignmentView, *, new_id: str) -> ChangeSet:
    """The change set that writes the proposed clock map over the revision that the estimate saw."""
    if view.clock_map is None:
        raise InvalidInput("there is no clock map to apply", got=view.why or view.outcome)
    op = Create(record=view.clock_map) if view.base is None else Update(record=view.clock_map, base=view.base)
    return ChangeSet(id=new_id, ops=(op,), reason=f"Align by {view.method}")


def _stream(view: SampleView, name: str) -> Stream:
    streams = [record_of(held, Stream) for held in view.streams]
    for stream in streams:
        if name in {stream.id, stream.name}:
            return stream
    raise NotFound(
        "the sample has no such stream", got=name, wanted=", ".join(stream.name for stream in streams)[:300]
    )


def _present_map(view: SampleView, reference: Stream | None) -> ClockMap | None:
    held = map_of(view, reference.id) if reference is not None else None
    return record_of(held, ClockMap) if held is not None else None


def _method(
    request: AlignRequest, view: SampleView, stream: Stream, reference: Stream | None, sources: Sources
) -> str:
    """The method asked for, or the one that fits what the streams are."""
    if request.method not in METHODS:
        raise InvalidInput("there is no such method", got=request.method, wanted=", ".join(METHODS))
    if request.method != "auto":
        return request.method
    if request.anchors:
        return "anchors"
    if reference is None:
        return "stamps"
    kinds = {stream.modality, reference.modality}
    if kinds == {Modality.SERIES}:
        return "series"
    if Modality.SERIES in kinds and kinds & _WATCHED:
        return "rotation"
    if _cues(view, stream) and sources.has_sound(reference) and not sources.has_sound(stream):
        return "transcript"
    if sources.has_sound(stream) and sources.has_sound(reference):
        return "audio"
    raise InvalidInput(
        "nothing in these two streams can be compared by itself",
        where=f"streams {stream.name} and {reference.name}",
        got=f"{stream.modality.value} and {reference.modality.value}",
        hint="Mark the same events on both and pass them as anchors",
    )


def _estimate(
    method: str,
    request: AlignRequest,
    view: SampleView,
    stream: Stream,
    reference: Stream | None,
    sources: Sources,
) -> Estimate | Refusal:
    if method == "anchors":
        return _by_anchors(request)
    if method == "stamps":
        return _by_stamps(stream, reference, sources)
    if reference is None:
        raise InvalidInput(
            "this method compares two streams",
            got=method,
            hint="Name the stream to compare with as the reference",
        )
    if method == "series":
        return _by_series(request, stream, reference, sources)
    if method == "rotation":
        return _by_rotation(request, stream, reference, sources)
    if method == "events":
        return _by_events(stream, reference, sources)
    if method == "transcript":
        return _by_transcript(view, stream, reference, sources)
    return _by_audio(stream, reference, sources)


def _by_anchors(request: AlignRequest) -> Estimate | Refusal:
    from braid.align.anchors import align_anchors

    if len(request.anchors) > MOST_ANCHORS:
        raise InvalidInput("too many anchors", got=len(request.anchors), wanted=f"at most {MOST_ANCHORS}")
    return align_anchors(
        [
            Anchor(a_ns=one.reference_ns, b_ns=one.media_ns, sigma_ns=max(0, one.sigma_ns), name=one.name)
            for one in request.anchors
        ]
    )


def _by_stamps(stream: Stream, reference: Stream | None, sources: Sources) -> Estimate | Refusal:
    from braid.align.stamps import align_stamp_pairs

    if reference is not None:
        raise InvalidInput(
            "time stamps place a stream on the timeline, not on another stream",
            got=reference.name,
            hint="Leave the reference out",
        )
    stamps = sources.stamps(stream)
    for name in ("log", "publish"):
        if name in stamps and name != stream.timing.stamp.value:
            gap = next((one.median_ns for one in stream.timing.gaps if one.stamp.value == name), 0)
            if abs(gap) > FAR_NS:
                return Refusal(
                    method="stamps",
                    why=f"the {name} stamps are days away and count from a zero of their own",
                    hint="The two clocks have no common zero; align by content or by anchors",
                )
            return align_stamp_pairs(stamps[name], stamps["media"])
    return Refusal(
        method="stamps",
        why="the readings carry the stamps of one clock only",
        hint="Recordings with device and log stamps have two; else align by content or by anchors",
    )


def _by_events(stream: Stream, reference: Stream, sources: Sources) -> Estimate | Refusal:
    """Claps and flashes as anchors: the ones that both streams saw."""
    from braid.align.anchors import align_anchors, paired

    (a_ns, a_sigma_ns), (b_ns, b_sigma_ns) = sources.events(reference), sources.events(stream)
    sigma_ns = round((a_sigma_ns**2 + b_sigma_ns**2) ** 0.5)
    pairs = paired(a_ns, b_ns, tolerance_ns=max(NEAR_NS, 4 * sigma_ns))
    if not pairs:
        return Refusal(
            method="events",
            why=f"{len(a_ns)} and {len(b_ns)} sudden events were found, and no two of them share an offset",
            hint="Clap or flash twice and more in the view of both, or mark the events by hand",
        )
    found = align_anchors([Anchor(a_ns=a, b_ns=b, sigma_ns=sigma_ns) for a, b in pairs])
    return replace(found, method="events")


def _by_audio(stream: Stream, reference: Stream, sources: Sources) -> Estimate | Refusal:
    from braid.align.audio import align_audio

    with sources.sound(reference) as a, sources.sound(stream) as b:
        return align_audio(
            a.values, a.rate_hz, b.values, b.rate_hz, a_start_ns=a.start_ns, b_start_ns=b.start_ns
        )


def _by_transcript(
    view: SampleView, stream: Stream, reference: Stream, sources: Sources
) -> Estimate | Refusal:
    from braid.align.transcript import align_transcript

    with sources.sound(reference) as heard:
        return align_transcript(_cues(view, stream), heard.values, heard.rate_hz, start_ns=heard.start_ns)


def _by_series(
    request: AlignRequest, stream: Stream, reference: Stream, sources: Sources
) -> Estimate | Refusal:
    from braid.align.series import align_series

    a, b = sources.channels(reference), sources.channels(stream)
    names = (request.reference_channel or request.channel, request.channel or request.reference_channel)
    if not any(names):
        common = common_channel(a, b)
        if common is None:
            raise InvalidInput(
                "no channel of the two is obviously the same",
                got=f"{', '.join(channel_names(a))[:140]} and {', '.join(channel_names(b))[:140]}",
                hint="Name one of each: --channel and --reference-channel",
            )
        names = common
    return align_series(
        a.times_ns,
        channel_of(a, names[0], where=f"stream {reference.name}"),
        b.times_ns,
        channel_of(b, names[1], where=f"stream {stream.name}"),
    )


def _by_rotation(
    request: AlignRequest, stream: Stream, reference: Stream, sources: Sources
) -> Estimate | Refusal:
    from braid.align.rotation import align_rotation

    gyroscope, video = (stream, reference) if stream.modality is Modality.SERIES else (reference, stream)
    if gyroscope.modality is not Modality.SERIES or video.modality not in _WATCHED:
        raise InvalidInput(
            "this method compares a gyroscope with a video",
            got=f"{stream.modality.value}, {reference.modality.value}",
        )
    channels = sources.channels(gyroscope)
    name = request.channel if gyroscope is stream else request.reference_channel
    axes = None if name and not name.endswith(NORM) else three_axes(channels)
    if axes is None and not name:
        raise InvalidInput(
            "no three columns of the series look like turn rates",
            where=f"stream {gyroscope.name}",
            got=", ".join(channel_names(channels))[:300],
            wanted="columns that end in x, y and z, in rad/s or deg/s",
        )
    rates = axes[1] if axes is not None else channel_of(channels, name, where=f"stream {gyroscope.name}")
    seen = sources.turning(video)
    timing = video.timing
    exposure_ns = timing.exposure_ns if timing.part is StampPart.START else 0
    offset_ns = -(timing.exposure_ns or 0) // 2 if timing.part is StampPart.END else timing.exposure_offset_ns
    return align_rotation(
        channels.times_ns,
        rates,
        seen.frame_times_ns,
        seen.turns,
        video_is_a=video is reference,
        exposure_offset_ns=offset_ns,
        exposure_ns=exposure_ns,
        readout_ns=timing.readout_ns,
    )


def _cues(view: SampleView, stream: Stream) -> Sequence[tuple[int, int]]:
    return cues_of([record_of(held, Annotation) for held in view.annotations], stream.id)


def _proposed(
    found: Estimate,
    *,
    new_id: str,
    sample: str,
    stream: Stream,
    reference: Stream | None,
    outer: ClockMap | None,
) -> ClockMap:
    """The estimate on the timeline: composed with the reference's own clock map, uncertainty and all."""
    segments: tuple[ClockSegment, ...] = found.segments
    fit: ClockFit = found.fit
    known: Segments = ()
    if outer is not None:
        known = outer.segments
        fit = compose_fits(outer.fit, found.fit, inner=found.segments)
        segments = compose(known, found.segments)
    return ClockMap(
        id=new_id,
        sample=sample,
        stream=stream.id,
        segments=segments,
        fit=fit,
        method=found.method,
        reference=reference.id if reference is not None else "",
        anchors=tuple(
            ClockAnchor(
                media_ns=one.b_ns,
                timeline_ns=on_timeline(known, one.a_ns),
                sigma_ns=one.sigma_ns,
                residual_ns=one.residual_ns,
                used=one.used,
                name=one.name,
            )
            for one in found.anchors[:MOST_ANCHORS]
        ),
        valid_from_ns=found.valid_from_ns,
        valid_to_ns=found.valid_to_ns,
    )
