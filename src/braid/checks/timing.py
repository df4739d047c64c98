"""When an annotation is, on the sample timeline (law T3): after its stream's clock map, with its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

from braid.checks.tables import Tables
from braid.clock.clock_map import sigma_ns, to_media, to_timeline
from braid.clock.ns import Ns
from braid.model import records as m
from braid.model.regions import TextSpan, TimeSpan, Track, WholeStream

DEFAULT_TOLERANCE_NS = 20_000_000
"""How far an instant may be from what it belongs to, when its stream does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Timeline time [start_ns, end_ns), or an instant (end_ns == start_ns), give or take slack_ns."""

    start_ns: int
    end_ns: int
    slack_ns: int

    @property
    def is_instant(self) -> bool:
        """Whether it has no duration."""
        return self.start_ns == self.end_ns


def timed(tables: Tables, annotation: m.Annotation) -> Timed | None:
    """The annotation's time on the timeline; None when it has none (or its stream is missing)."""
    stream = tables.streams.get(annotation.stream)
    if stream is None:
        return None
    media = _media_span(tables, annotation, stream)
    if media is None:
        return None
    start_ns, end_ns = media
    slack = 2 * clock_sigma_ns(tables, stream.id, start_ns)
    if start_ns == end_ns:
        slack += stream.tolerance_ns if stream.tolerance_ns is not None else DEFAULT_TOLERANCE_NS
    return Timed(
        start_ns=on_timeline(tables, stream.id, start_ns),
        end_ns=on_timeline(tables, stream.id, end_ns),
        slack_ns=slack,
    )


def instant_ns(tables: Tables, annotation: m.Annotation) -> int | None:
    """The timeline instant of a shape on a stream that moves; of the only reading when there is just one."""
    stream = tables.streams.get(annotation.stream)
    if stream is None:
        return None
    media = annotation.at_ns
    if media is None and annotation.index is not None and 0 <= annotation.index < len(stream.readings):
        media = stream.readings[annotation.index].at_ns
    if media is None and len(stream.readings) <= 1:
        media = stream.readings[0].at_ns if stream.readings else (stream.facts.start_ns or 0)
    return None if media is None else on_timeline(tables, stream.id, media)


def on_timeline(tables: Tables, stream_id: str, media_ns: int) -> Ns:
    """Media time mapped by the stream's clock map; itself when there is none."""
    clock = tables.clock_maps.get(stream_id)
    return to_timeline(clock.segments, media_ns) if clock and clock.segments else Ns(media_ns)


def media_of(tables: Tables, stream_id: str, timeline_ns: int) -> Ns:
    """A timeline instant in the media time of a stream."""
    clock = tables.clock_maps.get(stream_id)
    return to_media(clock.segments, timeline_ns) if clock and clock.segments else Ns(timeline_ns)


def clock_sigma_ns(tables: Tables, stream_id: str, media_ns: int) -> Ns:
    """One standard deviation of the mapped time."""
    clock = tables.clock_maps.get(stream_id)
    if clock is None:
        return Ns(0)
    return sigma_ns(clock.fit, media_ns, valid_from_ns=clock.valid_from_ns, valid_to_ns=clock.valid_to_ns)


def _media_span(tables: Tables, annotation: m.Annotation, stream: m.Stream) -> tuple[int, int] | None:
    match annotation.region:
        case TimeSpan():
            return (annotation.region.start_ns, annotation.region.end_ns)
        case Track() if annotation.region.key_frames:
            keys = annotation.region.key_frames
            return (keys[0].at_ns, keys[-1].at_ns)
        case TextSpan():
            return _spoken(tables, annotation.region, annotation)
        case WholeStream():
            if annotation.words:
                return (min(w.start_ns for w in annotation.words), max(w.end_ns for w in annotation.words))
            facts = stream.facts
            if facts.duration_ns is None:
                return None
            start = facts.start_ns or 0
            return (start, start + facts.duration_ns)
        case _:
            return None if annotation.at_ns is None else (annotation.at_ns, annotation.at_ns)


def _spoken(tables: Tables, span: TextSpan, annotation: m.Annotation) -> tuple[int, int] | None:
    """When the words under a text span are spoken, if the text they stand on is timed on the same stream."""
    host = tables.look_up(span.of) if span.of else annotation
    if not isinstance(host, m.Annotation) or host.stream != annotation.stream:
        return None
    words = [word for word in host.words if word.start < span.end and span.start < word.end]
    if not words:
        return None
    return (min(word.start_ns for word in words), max(word.end_ns for word in words))
