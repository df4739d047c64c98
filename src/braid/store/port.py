"""The seam of the store: what the verbs need from a database. One contract suite holds every implementation to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from braid.model.changes import BatchResult, ChangeSet, Commit
from braid.model.findings import Finding
from braid.model.records import AnyRecord
from braid.model.views import (
    EVERY_SAMPLE,
    CommitPage,
    DiffView,
    ProjectSummary,
    RevisionPage,
    SampleFilter,
    SamplePage,
    SampleView,
    Versioned,
)
from braid.store.tallies import Tallies

Admit = Callable[[AnyRecord, Callable[[str], AnyRecord | None]], None]
"""Raises InvalidInput when a record may not be written; gets the record and a look-up of heads by id."""


class Store(Protocol):
    """A workspace's database. All methods are safe to call from several threads.

    `project` arguments are project ids; unknown ids raise NotFound.
    """

    def close(self) -> None:
        """Finish pending writes and release files and connections."""

    def projects(self) -> tuple[ProjectSummary, ...]:
        """All projects, by name."""

    def project_by_slug(self, slug: str) -> ProjectSummary:
        """One project by its slug or id."""

    def create_project(self, change_set: ChangeSet, *, actor: str) -> ProjectSummary:
        """The first commit of a project: its change set creates exactly one Project and one Ontology (and layers)."""

    def delete_project(self, project: str) -> None:
        """Remove a project with its log (administrators; the audit package is the way to keep it)."""

    def commit(
        self, project: str, change_sets: Sequence[ChangeSet], *, actor: str, admit: Admit | None = None
    ) -> BatchResult:
        """Apply change sets one after another, each atomically, durable on return (laws H1, H3, H6, L3).

        Derives suspects and re-anchored text spans in the same transaction. A change set whose id is already in the
        log answers as it did then. Stale or invalid ones are refused without harm to the others.
        """

    def seq(self, project: str) -> int:
        """The newest sequence number."""

    def heads(self, project: str, ids: Iterable[str]) -> dict[str, Versioned]:
        """The newest revisions of the records that exist among `ids`."""

    def records(
        self, project: str, kind: str, *, sample: str | None = None, at_seq: int | None = None
    ) -> Iterator[Versioned]:
        """All records of a kind, by id; of one sample, or of all."""

    def ontology(self, project: str, *, at_seq: int | None = None) -> Versioned:
        """The project's ontology, now or at a past commit."""

    def sample(self, project: str, sample: str, *, at_seq: int | None = None) -> SampleView:
        """All of one sample, by id or key; findings only for now (at_seq None)."""

    def samples(
        self,
        project: str,
        *,
        after: str | None = None,
        limit: int = 100,
        search: str = "",
        state: str = "",
        only: SampleFilter = EVERY_SAMPLE,
        newest: bool = False,
        counted: bool = False,
    ) -> SamplePage:
        """Samples by key (or newest first), keyset-paged. counted: also how many there are on all pages."""

    def tallies(self, project: str) -> Tallies:
        """Counts over all heads of the project, at its newest commit."""

    def links_of(self, project: str, ids: Iterable[str]) -> tuple[Versioned, ...]:
        """All links that have one of `ids` at an end."""

    def suspects(self, project: str, *, sample: str | None = None) -> tuple[Versioned, ...]:
        """All suspect links."""

    def commits(
        self,
        project: str,
        *,
        before: int | None = None,
        limit: int = 50,
        sample: str | None = None,
        record: str | None = None,
    ) -> CommitPage:
        """Commits, newest first; only those that touch a sample or a record."""

    def commit_at(self, project: str, seq: int) -> Commit:
        """One commit."""

    def commits_after(self, project: str, seq: int, *, limit: int = 1000) -> tuple[Commit, ...]:
        """Commits in order, for event streams."""

    def wait_for(self, project: str, seq: int, *, timeout_s: float) -> int:
        """Block until the newest sequence number exceeds `seq` or the time is over; the newest number."""

    def revisions(self, project: str, record: str) -> RevisionPage:
        """The past states of one record, newest first."""

    def revision(self, project: str, record: str, rev: str) -> AnyRecord:
        """One past state by its revision id."""

    def diff(self, project: str, from_seq: int, to_seq: int, *, sample: str | None = None) -> DiffView:
        """What differs between two states."""

    def inverse(self, project: str, seq: int, *, new_id: str) -> ChangeSet:
        """The change set that takes commit `seq` back (derived changes included), based on the current heads."""

    def restoring(
        self, project: str, to_seq: int, *, new_id: str, sample: str | None = None, record: str | None = None
    ) -> ChangeSet:
        """The change set that brings a record, a sample or all of the project back to its state at `to_seq`."""

    def put_findings(self, project: str, samples: Sequence[str], findings: Sequence[Finding]) -> None:
        """Replace the findings of these samples."""

    def findings(self, project: str, *, sample: str | None = None) -> tuple[Finding, ...]:
        """Findings, by sample and severity."""

    def rebuild(self, project: str | None = None) -> None:
        """Make the head tables again from the log; the result is identical (law H2). Raises Corrupt if the log is."""

    def verify(self, project: str) -> str:
        """Check every hash of the log; the Merkle root as hex. Raises Corrupt with the first culprit."""

    def export_log(self, project: str) -> Iterator[bytes]:
        """The log as canonical JSON lines: for each commit the leaf, the salts and the payloads."""

    def import_log(self, lines: Iterable[bytes]) -> str:
        """Take a log written by `export_log` into a store that lacks the project, verifying it; the project id."""
