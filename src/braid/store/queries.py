"""Reads: functions from a session and a project to the views of the model."""

# ruff: noqa: S608 - only names and marks from this package are put into statements, values never

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import msgspec

from braid.base.errors import NotFound
from braid.history.codec import decode_record
from braid.history.commits import decode_commit
from braid.model.changes import Commit
from braid.model.findings import Finding
from braid.model.records import RECORD_KINDS, Verdict
from braid.model.views import (
    CommitPage,
    FindingView,
    ProjectSummary,
    RevisionPage,
    RevisionView,
    SampleView,
    Versioned,
)
from braid.store.database import Session
from braid.store.writing import ProjectRow

State = tuple[Any, ...]
"""kind, id, revision, sequence number, payload."""

_PROJECT = "SELECT no, id, slug, name, template, seq FROM project"
_FINDING = msgspec.json.Decoder(Finding)

_AT = (
    "SELECT r.kind, r.record, r.rev, r.seq, r.payload FROM revision r JOIN "
    "(SELECT record, MAX(seq) AS newest FROM revision WHERE project = ? AND seq <= ?{more} GROUP BY record) n "
    "ON r.record = n.record AND r.seq = n.newest WHERE r.project = ? AND r.rev IS NOT NULL"
)


def project_row(session: Session, project: str, *, lock: bool = False) -> ProjectRow:
    """A project by id; with `lock` other writers of it wait. Raises NotFound."""
    ending = session.lock if lock else ""
    found = session.rows(f"SELECT no, id, seq, leaf_hash FROM project WHERE id = ?{ending}", (project,))
    if not found:
        raise NotFound("there is no such project", got=project)
    no, name, seq, leaf_hash = found[0]
    return ProjectRow(no=no, id=name, seq=seq, leaf_hash=leaf_hash)


def summaries(session: Session, *, slug: str | None = None) -> tuple[ProjectSummary, ...]:
    """Projects with their counts, by name; only that of a slug or id when given."""
    if slug is None:
        rows = session.rows(f"{_PROJECT} ORDER BY name, slug")
    else:
        rows = session.rows(f"{_PROJECT} WHERE slug = ? OR id = ?", (slug, slug))
    return tuple(_summary(session, row) for row in rows)


def states_at(
    session: Session, no: int, seq: int, *, sample: str | None = None, kind: str | None = None
) -> list[State]:
    """The records that stood at a past commit, by id."""
    more, values = "", [no, seq]
    extra: list[Any] = []
    if sample is not None:
        more, extra = more + " AND sample = ?", [*extra, sample]
    if kind is not None:
        more, extra = more + " AND kind = ?", [*extra, kind]
    return sorted(session.rows(_AT.format(more=more), (*values, *extra, no)), key=itemgetter(1))


def states_now(
    session: Session,
    no: int,
    *,
    sample: str | None = None,
    kind: str | None = None,
    after: str = "",
    limit: int = 0,
) -> list[State]:
    """The heads, by id; at most `limit` after the id `after` when a limit is given."""
    sql, values = "SELECT kind, id, rev, seq, payload FROM head WHERE project = ?", [no]
    extra: list[Any] = []
    for column, value in (("sample", sample), ("kind", kind)):
        if value is not None:
            sql, extra = f"{sql} AND {column} = ?", [*extra, value]
    if limit:
        sql, extra = f"{sql} AND id > ? ORDER BY id LIMIT {limit}", [*extra, after]
        rows = session.rows(sql, (*values, *extra))
    else:
        # Sorted here: asked to sort, SQLite walks the whole project by id instead of one sample by index.
        rows = sorted(session.rows(sql, (*values, *extra)), key=itemgetter(1))
    return rows


def versioned(state: State) -> Versioned:
    """A state as views carry it: the payload untouched."""
    return Versioned(rev=state[2], seq=state[3], record=msgspec.Raw(state[4].encode()))


def sample_view(session: Session, project: ProjectRow, sample: str, *, at_seq: int | None) -> SampleView:
    """All of one sample, by id or key. Raises NotFound."""
    if at_seq is None:
        record = _sample_id(session, project.no, sample)
        states = states_now(session, project.no, sample=record) if record else []
    else:
        record, states = _sample_then(session, project.no, sample, at_seq)
    parts: dict[str, list[Versioned]] = {kind: [] for kind in RECORD_KINDS}
    raw_verdicts: list[State] = []
    for state in states:
        parts[state[0]].append(versioned(state))
        if state[0] == "verdict":
            raw_verdicts.append(state)
    if not parts["sample"]:
        raise NotFound("there is no such sample", where=f"project {project.id}", got=sample)
    findings: tuple[FindingView, ...] = ()
    if at_seq is None:
        verdicts = {
            verdict.fingerprint: verdict
            for state in sorted(raw_verdicts, key=lambda one: one[3])
            if isinstance(verdict := decode_record(state[4]), Verdict)
        }
        findings = tuple(
            FindingView(finding=finding, verdict=verdicts.get(finding.fingerprint))
            for finding in finding_list(session, project.no, sample=record)
        )
    return SampleView(
        seq=project.seq if at_seq is None else at_seq,
        sample=parts["sample"][0],
        streams=tuple(parts["stream"]),
        clock_maps=tuple(parts["clock_map"]),
        calibrations=tuple(parts["calibration"]),
        trajectories=tuple(parts["trajectory"]),
        entities=tuple(parts["entity"]),
        annotations=tuple(parts["annotation"]),
        links=tuple(parts["link"]),
        verdicts=tuple(parts["verdict"]),
        findings=findings,
    )


def commit_page(
    session: Session, no: int, *, before: int | None, limit: int, sample: str | None, record: str | None
) -> CommitPage:
    """Commits, newest first."""
    limit = max(1, min(limit, 1000))
    sql, values = "SELECT seq, leaf FROM commit_log WHERE project = ?", [no]
    extra: list[Any] = []
    if before is not None:
        sql, extra = f"{sql} AND seq < ?", [*extra, before]
    for column, value in (("sample", sample), ("record", record)):
        if value is not None:
            sql = f"{sql} AND seq IN (SELECT seq FROM revision WHERE project = ? AND {column} = ?)"
            extra = [*extra, no, value]
    rows = session.rows(f"{sql} ORDER BY seq DESC LIMIT {limit + 1}", (*values, *extra))
    shown = rows[:limit]
    return CommitPage(
        items=tuple(decode_commit(row[1]) for row in shown),
        next=str(shown[-1][0]) if len(rows) > limit else None,
    )


def commit_at(session: Session, no: int, seq: int) -> Commit:
    """One commit. Raises NotFound."""
    rows = session.rows("SELECT leaf FROM commit_log WHERE project = ? AND seq = ?", (no, seq))
    if not rows:
        raise NotFound("there is no such commit", got=seq)
    return decode_commit(rows[0][0])


def revision_page(session: Session, no: int, record: str) -> RevisionPage:
    """The past states of one record, newest first. Raises NotFound."""
    rows = session.rows(
        "SELECT r.rev, r.seq, r.payload, c.leaf FROM revision r "
        "JOIN commit_log c ON c.project = r.project AND c.seq = r.seq "
        "WHERE r.project = ? AND r.record = ? ORDER BY r.seq DESC",
        (no, record),
    )
    if not rows:
        raise NotFound("there is no such record in the history", got=record)
    items = []
    for rev, seq, payload, leaf in rows:
        commit = decode_commit(leaf)
        items.append(
            RevisionView(
                rev=rev,
                seq=seq,
                actor=commit.actor,
                at_ns=commit.at_ns,
                reason=commit.reason,
                derived=any(change.derived for change in commit.changes if change.id == record),
                record=None if payload is None else msgspec.Raw(payload.encode()),
            )
        )
    return RevisionPage(items=tuple(items), next=None)


def finding_list(session: Session, no: int, *, sample: str | None = None) -> tuple[Finding, ...]:
    """Findings by sample and severity."""
    sql = "SELECT payload FROM finding WHERE project = ?"
    values: tuple[Any, ...] = (no,)
    if sample is not None:
        sql, values = f"{sql} AND sample = ?", (no, sample)
    rows = session.rows(f"{sql} ORDER BY sample, rank, fingerprint", values)
    return tuple(_FINDING.decode(row[0]) for row in rows)


def _summary(session: Session, row: Sequence[Any]) -> ProjectSummary:
    no, project, slug, name, template, seq = row
    counts: dict[str, int] = {}
    for kind in ("sample", "annotation", "link"):
        counts[kind] = session.rows("SELECT COUNT(*) FROM head WHERE project = ? AND kind = ?", (no, kind))[
            0
        ][0]
    suspects = session.rows("SELECT COUNT(*) FROM link_head WHERE project = ? AND suspect = 1", (no,))[0][0]
    findings = session.rows("SELECT COUNT(*) FROM finding WHERE project = ?", (no,))[0][0]
    return ProjectSummary(
        id=project,
        slug=slug,
        name=name,
        template=template,
        seq=seq,
        samples=counts["sample"],
        annotations=counts["annotation"],
        links=counts["link"],
        suspects=suspects,
        findings=findings,
    )


def _sample_id(session: Session, no: int, sample: str) -> str | None:
    rows = session.rows("SELECT id FROM sample_head WHERE project = ? AND id = ?", (no, sample))
    if not rows:
        rows = session.rows("SELECT id FROM sample_head WHERE project = ? AND key = ?", (no, sample))
    return rows[0][0] if rows else None


def _sample_then(session: Session, no: int, sample: str, at_seq: int) -> tuple[str, list[State]]:
    """The sample's id and records at a past commit; its key is that of the time."""
    states = states_at(session, no, at_seq, sample=sample)
    if states:
        return sample, states
    for state in states_at(session, no, at_seq, kind="sample"):
        if getattr(decode_record(state[4]), "key", None) == sample:
            return state[1], states_at(session, no, at_seq, sample=state[1])
    return sample, []
