"""Records as rows of the head tables: which typed columns they fill."""

from __future__ import annotations

from typing import Any

from braid.model.records import Annotation, AnyRecord, Link, Sample, kind_of_record, sample_of
from braid.model.regions import TextSpan, TimeSpan, Track

HEAD_COLUMNS = (
    "project",
    "id",
    "kind",
    "sample",
    "stream",
    "layer",
    "class_id",
    "entity",
    "text_of",
    "start_ns",
    "end_ns",
    "rev",
    "seq",
    "payload",
)
LINK_COLUMNS = ("project", "id", "sample", "type_id", "source_id", "target_id", "suspect")
SAMPLE_COLUMNS = ("project", "id", "key", "state")
REVISION_COLUMNS = ("project", "record", "seq", "place", "kind", "sample", "rev", "salt", "payload")
COMMIT_COLUMNS = ("project", "seq", "id", "actor", "at_ns", "leaf_hash", "leaf")

Row = tuple[Any, ...]
_LIMIT = 2**63


def head_row(project_no: int, record: AnyRecord, *, rev: str, seq: int, payload: bytes) -> Row:
    """One row of `head`."""
    start_ns, end_ns = _times(record)
    region = record.region if isinstance(record, Annotation) else None
    return (
        project_no,
        record.id,
        kind_of_record(record),
        sample_of(record),
        getattr(record, "stream", None),
        getattr(record, "layer", None),
        _plain(getattr(record, "class_id", None)),
        getattr(record, "entity", None),
        _plain(region.of) if isinstance(region, TextSpan) else None,
        start_ns,
        end_ns,
        rev,
        seq,
        payload.decode(),
    )


def same_place(before: AnyRecord, after: AnyRecord) -> bool:
    """Whether a new state of a record stands in the same places of all indexes."""
    return type(before) is type(after) and _place(before) == _place(after)


def _place(record: AnyRecord) -> Row:
    region = record.region if isinstance(record, Annotation) else None
    ends = (record.source.id, record.target.id) if isinstance(record, Link) else ()
    return (
        sample_of(record),
        getattr(record, "stream", None),
        getattr(record, "layer", None),
        region.of if isinstance(region, TextSpan) else None,
        *ends,
    )


def link_row(project_no: int, link: Link) -> Row:
    """One row of `link_head`."""
    return (
        project_no,
        link.id,
        link.sample,
        _plain(link.type_id),
        link.source.id,
        link.target.id,
        int(bool(link.causes)),
    )


def sample_row(project_no: int, sample: Sample) -> Row:
    """One row of `sample_head`."""
    return project_no, sample.id, sample.key, sample.state.value


def _times(record: AnyRecord) -> tuple[int | None, int | None]:
    """The media time an annotation covers, for search; None when it has none."""
    if not isinstance(record, Annotation):
        return None, None
    region = record.region
    times_ns: tuple[int, ...] = () if record.at_ns is None else (record.at_ns,)
    if isinstance(region, TimeSpan):
        times_ns = (region.start_ns, region.end_ns)
    elif isinstance(region, Track):
        times_ns = tuple(frame.at_ns for frame in region.key_frames)
    elif record.words:
        times_ns = (record.words[0].start_ns, record.words[-1].end_ns)
    if not times_ns or max(map(abs, times_ns)) >= _LIMIT:
        return None, None
    return min(times_ns), max(times_ns)


def _plain(value: str | None) -> str | None:
    """Text for a searched column: PostgreSQL takes no NUL."""
    return None if value is None else value.replace("\0", "\N{REPLACEMENT CHARACTER}")
