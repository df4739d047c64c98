"""Views: what the HTTP API answers when a screen asks for more than one record."""

from __future__ import annotations

from typing import Any

import msgspec

from braid.model.changes import Commit
from braid.model.findings import Finding, Severity
from braid.model.records import Modality, SampleState, Verdict


class Versioned(msgspec.Struct, frozen=True, kw_only=True):
    """A record with its revision and the commit that made it. `record` is passed through as stored."""

    rev: str
    seq: int
    record: Any


class FindingView(msgspec.Struct, frozen=True, kw_only=True):
    """A finding with its standing: open, or settled by a verdict."""

    finding: Finding
    verdict: Verdict | None = None


class SampleView(msgspec.Struct, frozen=True, kw_only=True):
    """All of one sample at commit `seq`: everything a workspace needs to draw it."""

    seq: int
    sample: Versioned
    streams: tuple[Versioned, ...]
    clock_maps: tuple[Versioned, ...]
    calibrations: tuple[Versioned, ...]
    trajectories: tuple[Versioned, ...]
    entities: tuple[Versioned, ...]
    annotations: tuple[Versioned, ...]
    links: tuple[Versioned, ...]
    verdicts: tuple[Versioned, ...]
    findings: tuple[FindingView, ...]


class SampleSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the sample list. `thumbnail`: the stream to show a picture of, or None."""

    id: str
    key: str
    state: SampleState
    tags: tuple[str, ...]
    modalities: tuple[str, ...]
    annotations: int
    links: int
    suspects: int
    findings: int
    thumbnail: str | None = None


class SampleFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which samples to list: all that is said must hold. `has_findings`, `check` and `severity` mean open findings.

    classes: with an annotation or entity of one of them. check: id of a check. link_type: with a link of it.
    """

    classes: tuple[str, ...] = ()
    link_type: str = ""
    modality: Modality | None = None
    is_suspect: bool = False
    has_findings: bool = False
    check: str = ""
    severity: Severity | None = None


EVERY_SAMPLE = SampleFilter()


class SamplePage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the sample list; `next` is the cursor of the following page. total: how many fit, when asked."""

    items: tuple[SampleSummary, ...]
    next: str | None
    total: int | None = None


class ProjectSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One project with its counts and newest sequence number."""

    id: str
    slug: str
    name: str
    template: str
    seq: int
    samples: int
    annotations: int
    links: int
    suspects: int
    findings: int


class ProjectPage(msgspec.Struct, frozen=True, kw_only=True):
    """All projects of the workspace."""

    items: tuple[ProjectSummary, ...]
    next: str | None


class CommitPage(msgspec.Struct, frozen=True, kw_only=True):
    """Commits, newest first."""

    items: tuple[Commit, ...]
    next: str | None


class RevisionView(msgspec.Struct, frozen=True, kw_only=True):
    """One past state of a record. record None: it was deleted then."""

    rev: str | None
    seq: int
    actor: str
    at_ns: str
    reason: str
    derived: bool
    record: Any


class RevisionPage(msgspec.Struct, frozen=True, kw_only=True):
    """The past states of one record, newest first."""

    items: tuple[RevisionView, ...]
    next: str | None


class RecordDiff(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one record between two commits. before or after None: it was not there."""

    kind: str
    id: str
    before: Any
    after: Any
    changed: tuple[str, ...]


class DiffView(msgspec.Struct, frozen=True, kw_only=True):
    """All records that differ between two states of a project or of one sample."""

    from_seq: int
    to_seq: int
    records: tuple[RecordDiff, ...]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """What the event stream carries for each commit: seq is the event's id, so a client resumes after it."""

    seq: int
    commit: str
    actor: str
    samples: tuple[str, ...]
    kinds: tuple[str, ...]
