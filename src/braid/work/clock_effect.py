"""What a clock map would do: the rules of history applied to one sample, without writing anything.

Links that would become suspect come from the same plan that a commit makes, so the answer is what would happen.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from braid.base.errors import Conflict, InvalidInput, NotFound
from braid.clock.clock_map import Segments, check_segments, to_timeline
from braid.history.apply import Author, plan_change_set
from braid.history.codec import encode_record
from braid.history.state import Held
from braid.history.surroundings import times_of, tolerance_of
from braid.model.changes import ChangeSet, Create, Update
from braid.model.records import Annotation, AnyRecord, ClockMap, Link, Stream
from braid.model.views import SampleView, Versioned
from braid.store.port import Store
from braid.work.alignment import Effect, Shift
from braid.work.as_record import as_record

MOST_ROWS = 100
T = TypeVar("T")
_DRY = "00000000-0000-7000-8000-000000000000"


def clock_effect(store: Store, project: str, clock_map: ClockMap) -> Effect:
    """What this clock map would do to its stream's annotations and to the links on them.

    Raises NotFound for an unknown stream, InvalidInput for a map that may not be written.
    """
    check_segments(clock_map.segments)
    view = store.sample(project, clock_map.sample)
    streams = {held_id(one): record_of(one, Stream) for one in view.streams}
    stream = streams.get(clock_map.stream)
    if stream is None:
        raise NotFound(
            "the sample has no such stream", where=f"sample {clock_map.sample}", got=clock_map.stream
        )
    present = map_of(view, clock_map.stream)
    if present is not None and held_id(present) != clock_map.id:
        raise InvalidInput(
            "the stream has another clock map already",
            where=f"stream {stream.name}",
            got=clock_map.id,
            wanted=held_id(present),
            hint="Replace that one",
        )
    before = record_of(present, ClockMap).segments if present is not None else ()
    annotations = [
        one for one in (record_of(held, Annotation) for held in view.annotations) if one.stream == stream.id
    ]
    shifts = [shift_of(one, before, clock_map.segments) for one in annotations]
    op = Create(record=clock_map) if present is None else Update(record=clock_map, base=present.rev)
    plan = plan_change_set(
        SampleReader(store, project, view),
        ChangeSet(id=_DRY, ops=(op,)),
        project=project,
        author=Author(actor="", at_ns="0"),
    )
    if plan.stale:
        raise Conflict("the id of the clock map is taken by another record", got=clock_map.id)
    written = dict(plan.writes)
    suspects = sum(
        isinstance(write.after, Link) and _newly_doubted(write.before, write.after)
        for write in written.values()
    )
    largest = max(shifts, key=lambda one: abs(one[1]), default=(None, 0))[1]
    rows = sorted((row for row, size in shifts if size), key=lambda row: -abs(row.after_ns - row.before_ns))
    return Effect(
        annotations=len(annotations),
        moved=sum(size != 0 for _, size in shifts),
        kept_native=sum(one.id not in written for one in annotations),
        suspects=suspects,
        max_shift_ns=largest,
        tolerance_ns=tolerance_of(stream),
        rows=tuple(rows[:MOST_ROWS]),
    )


def shift_of(annotation: Annotation, before: Segments, after: Segments) -> tuple[Shift, int]:
    """Where the annotation begins before and after, and its largest move at either end, with its sign."""
    times = times_of(annotation)
    moves = [on_timeline(after, at) - on_timeline(before, at) for at in times]
    row = Shift(
        annotation=annotation.id,
        before_ns=on_timeline(before, times[0]),
        after_ns=on_timeline(after, times[0]),
    )
    return row, max(moves, key=abs)


def on_timeline(segments: Segments, media_ns: int) -> int:
    """The timeline time; no segments mean the identity."""
    return to_timeline(segments, media_ns) if segments else media_ns


def map_of(view: SampleView, stream: str) -> Versioned | None:
    """The clock map of a stream."""
    return next((one for one in view.clock_maps if record_of(one, ClockMap).stream == stream), None)


def record_of(held: Versioned, kind: type[T]) -> T:
    """The record of a head, of a kind that is known."""
    return as_record(held.record, kind)


def held_id(held: Versioned) -> str:
    """The id of a head's record."""
    record: AnyRecord = as_record(held.record, AnyRecord)
    return record.id


def _newly_doubted(before: Held | None, after: Link) -> bool:
    known = before.record.causes if before is not None and isinstance(before.record, Link) else ()
    return any("clock" in one.changed for one in after.causes) and not any(
        "clock" in one.changed for one in known
    )


class SampleReader:
    """One sample of a store, as the rules of history want to see it; the rest of the project is asked for."""

    def __init__(self, store: Store, project: str, view: SampleView) -> None:
        self._store = store
        self._project = project
        self._annotations = [_held(one, "annotation") for one in view.annotations]

    def heads(self, ids: Iterable[str]) -> dict[str, Held]:
        found = self._store.heads(self._project, ids)
        return {name: _held(one, "") for name, one in found.items()}

    def past(self, record: str, rev: str) -> bytes | None:
        try:
            return encode_record(self._store.revision(self._project, record, rev))[0]
        except NotFound:
            return None

    def links_of(self, ids: Iterable[str]) -> list[Held]:
        return sorted(
            (_held(one, "link") for one in self._store.links_of(self._project, ids)), key=lambda one: one.id
        )

    def spans_of(self, ids: Iterable[str]) -> list[Held]:
        wanted = set(ids)
        return [
            one
            for one in self._annotations
            if getattr(getattr(one.record, "region", None), "of", None) in wanted
        ]

    def linked_on(self, stream: str) -> list[Held]:
        on = {one.id: one for one in self._annotations if getattr(one.record, "stream", "") == stream}
        ends: set[str] = set()
        for link in self.links_of(on):
            record = link.record
            assert isinstance(record, Link)
            ends |= {record.source.id, record.target.id}
        return [on[name] for name in sorted(on.keys() & ends)]

    def referring(self, field: str, target: str) -> set[str]:
        found: set[str] = set()
        for kind in ("stream", "clock_map", "calibration", "annotation", "link", "entity"):
            for one in self._store.records(self._project, kind):
                record: AnyRecord = as_record(one.record, AnyRecord)
                if getattr(record, field, None) == target:
                    found.add(record.id)
        return found

    def only(self, kind: str, *, stream: str | None = None) -> set[str]:
        found = (as_record(one.record, AnyRecord) for one in self._store.records(self._project, kind))
        return {one.id for one in found if stream is None or getattr(one, "stream", None) == stream}

    def sample_with_key(self, key: str) -> str | None:
        try:
            return held_id(self._store.sample(self._project, key).sample)
        except NotFound:
            return None

    def author(self, seq: int) -> tuple[str, str]:
        commit = self._store.commit_at(self._project, seq)
        return commit.actor, commit.at_ns


def _held(one: Versioned, kind: str) -> Held:
    record: AnyRecord = as_record(one.record, AnyRecord)
    tag = kind or str(record.__struct_config__.tag)
    return Held(kind=tag, id=record.id, rev=one.rev, seq=one.seq, payload=encode_record(record)[0])
