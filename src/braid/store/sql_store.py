"""The store over SQL: implements the seam `braid.store.port.Store` on any `Database`."""

# ruff: noqa: S608 - only names and marks from this package are put into statements, values never

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from operator import itemgetter

from braid.base.canonical import canonical_json
from braid.base.errors import Conflict, InvalidInput, NotFound
from braid.history.codec import decode_record
from braid.history.commits import SALT_BYTES, decode_commit
from braid.history.invert import inverse_of, restoring_of
from braid.history.material import changed_fields
from braid.history.state import Held
from braid.model.changes import BatchResult, ChangeSet, Commit, Create, OutcomeState
from braid.model.findings import Finding
from braid.model.records import AnyRecord, Ontology, Project
from braid.model.views import (
    EVERY_SAMPLE,
    CommitPage,
    DiffView,
    ProjectSummary,
    RecordDiff,
    RevisionPage,
    SampleFilter,
    SamplePage,
    SampleView,
    Versioned,
)
from braid.store import logs, queries
from braid.store.database import Database, Session, chunks, upsert
from braid.store.port import Admit
from braid.store.reader import SqlReader
from braid.store.sample_list import RANKS, sample_page
from braid.store.tallies import Tallies, tallies
from braid.store.writing import Surroundings, apply_change_set

POLL_S = 0.2
"""How often a waiter looks for commits of other processes."""

PAGE = 1000
_FINDING_COLUMNS = ("project", "sample", "fingerprint", "rank", "payload")

SYSTEM = Surroundings(now_ns=time.time_ns, new_salt=lambda: secrets.token_hex(SALT_BYTES))


class SqlStore:
    """See `braid.store.port.Store`; safe to call from several threads."""

    def __init__(self, database: Database, *, world: Surroundings = SYSTEM) -> None:
        self._database = database
        self._world = world
        self._news = threading.Condition()

    def close(self) -> None:
        self._database.close()

    # Projects

    def projects(self) -> tuple[ProjectSummary, ...]:
        with self._database.read() as session:
            return queries.summaries(session)

    def project_by_slug(self, slug: str) -> ProjectSummary:
        with self._database.read() as session:
            found = queries.summaries(session, slug=slug)
        if not found:
            raise NotFound("there is no such project", got=slug)
        return found[0]

    def create_project(self, change_set: ChangeSet, *, actor: str) -> ProjectSummary:
        created = [op.record for op in change_set.ops if isinstance(op, Create)]
        projects = [record for record in created if isinstance(record, Project)]
        ontologies = [record for record in created if isinstance(record, Ontology)]
        if len(projects) != 1 or len(ontologies) != 1:
            raise InvalidInput(
                "a project begins with one project record and one ontology",
                got=f"{len(projects)} and {len(ontologies)}",
                wanted="1 and 1",
            )

        def job(session: Session) -> ProjectSummary:
            row = logs.insert_project(session, projects[0])
            outcome = apply_change_set(session, row, change_set, actor=actor, admit=None, world=self._world)
            if outcome.state is not OutcomeState.COMMITTED:
                error = outcome.errors[0] if outcome.errors else None
                raise InvalidInput(
                    error.message if error else "the first change set of a project was not taken",
                    where=error.where if error else "",
                    hint=error.hint if error else "",
                )
            return queries.summaries(session, slug=row.id)[0]

        summary = self._database.write(job)
        self._tell()
        return summary

    def delete_project(self, project: str) -> None:
        def job(session: Session) -> None:
            row = queries.project_row(session, project, lock=True)
            session.run("DELETE FROM project WHERE no = ?", (row.no,))
            for table in ("commit_log", "revision", "head", "link_head", "sample_head", "finding"):
                session.run(f"DELETE FROM {table} WHERE project = ?", (row.no,))

        self._database.write(job)

    # Writing

    def commit(
        self, project: str, change_sets: Sequence[ChangeSet], *, actor: str, admit: Admit | None = None
    ) -> BatchResult:
        def job(session: Session) -> BatchResult:
            row = queries.project_row(session, project, lock=True)
            outcomes = [
                apply_change_set(session, row, one, actor=actor, admit=admit, world=self._world)
                for one in change_sets
            ]
            return BatchResult(outcomes=tuple(outcomes), seq=row.seq)

        result = self._database.write(job)
        self._tell()
        return result

    def put_findings(self, project: str, samples: Sequence[str], findings: Sequence[Finding]) -> None:
        strangers = {finding.sample for finding in findings} - set(samples)
        if strangers:
            raise InvalidInput(
                "a finding speaks of another sample", got=min(strangers), wanted="one of `samples`"
            )

        def job(session: Session) -> None:
            row = queries.project_row(session, project)
            for marks, part in chunks(samples):
                session.run(f"DELETE FROM finding WHERE project = ? AND sample IN ({marks})", (row.no, *part))
            session.many(
                upsert("finding", _FINDING_COLUMNS, ("project", "sample", "fingerprint")),
                [
                    (row.no, one.sample, one.fingerprint, RANKS[one.severity], canonical_json(one).decode())
                    for one in findings
                ],
            )

        self._database.write(job)

    # Reading

    def seq(self, project: str) -> int:
        with self._database.read() as session:
            return queries.project_row(session, project).seq

    def heads(self, project: str, ids: Iterable[str]) -> dict[str, Versioned]:
        with self._database.read() as session:
            row = queries.project_row(session, project)
            found = SqlReader(session, row.no).heads(ids)
        return {one: _versioned(held) for one, held in found.items()}

    def records(
        self, project: str, kind: str, *, sample: str | None = None, at_seq: int | None = None
    ) -> Iterator[Versioned]:
        if at_seq is not None:
            with self._database.read() as session:
                row = self._row_at(session, project, at_seq)
                states = queries.states_at(session, row, at_seq, sample=sample, kind=kind)
            yield from map(queries.versioned, states)
            return
        after, limit = "", 0 if sample is not None else PAGE
        while True:
            with self._database.read() as session:
                no = queries.project_row(session, project).no
                states = queries.states_now(session, no, sample=sample, kind=kind, after=after, limit=limit)
            yield from map(queries.versioned, states)
            if not limit or len(states) < limit:
                return
            after = states[-1][1]

    def ontology(self, project: str, *, at_seq: int | None = None) -> Versioned:
        found = list(self.records(project, "ontology", at_seq=at_seq))
        if not found:
            raise NotFound("the project had no ontology then", where=f"project {project}", got=at_seq)
        return found[0]

    def sample(self, project: str, sample: str, *, at_seq: int | None = None) -> SampleView:
        with self._database.read() as session:
            row = queries.project_row(session, project)
            if at_seq is not None:
                self._row_at(session, project, at_seq)
            return queries.sample_view(session, row, sample, at_seq=at_seq)

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
        with self._database.read() as session:
            return sample_page(
                session,
                queries.project_row(session, project).no,
                after=after,
                limit=limit,
                search=search,
                state=state,
                only=only,
                newest=newest,
                counted=counted,
            )

    def tallies(self, project: str) -> Tallies:
        with self._database.read() as session:
            row = queries.project_row(session, project)
            return tallies(session, row.no, seq=row.seq)

    def links_of(self, project: str, ids: Iterable[str]) -> tuple[Versioned, ...]:
        with self._database.read() as session:
            no = queries.project_row(session, project).no
            return tuple(map(_versioned, SqlReader(session, no).links_of(ids)))

    def suspects(self, project: str, *, sample: str | None = None) -> tuple[Versioned, ...]:
        more = "" if sample is None else " AND l.sample = ?"
        with self._database.read() as session:
            no = queries.project_row(session, project).no
            rows = session.rows(
                "SELECT h.kind, h.id, h.rev, h.seq, h.payload FROM link_head l "
                "JOIN head h ON h.project = l.project AND h.id = l.id "
                f"WHERE l.project = ? AND l.suspect = 1{more}",
                (no,) if sample is None else (no, sample),
            )
        return tuple(map(queries.versioned, sorted(rows, key=itemgetter(1))))

    def findings(self, project: str, *, sample: str | None = None) -> tuple[Finding, ...]:
        with self._database.read() as session:
            no = queries.project_row(session, project).no
            return queries.finding_list(session, no, sample=sample)

    # History

    def commits(
        self,
        project: str,
        *,
        before: int | None = None,
        limit: int = 50,
        sample: str | None = None,
        record: str | None = None,
    ) -> CommitPage:
        with self._database.read() as session:
            no = queries.project_row(session, project).no
            return queries.commit_page(session, no, before=before, limit=limit, sample=sample, record=record)

    def commit_at(self, project: str, seq: int) -> Commit:
        with self._database.read() as session:
            return queries.commit_at(session, queries.project_row(session, project).no, seq)

    def commits_after(self, project: str, seq: int, *, limit: int = 1000) -> tuple[Commit, ...]:
        with self._database.read() as session:
            no = queries.project_row(session, project).no
            rows = session.rows(
                f"SELECT leaf FROM commit_log WHERE project = ? AND seq > ? ORDER BY seq LIMIT {max(1, limit)}",
                (no, seq),
            )
        return tuple(decode_commit(row[0]) for row in rows)

    def wait_for(self, project: str, seq: int, *, timeout_s: float) -> int:
        until = time.monotonic() + timeout_s
        while True:
            with self._news:
                newest = self.seq(project)
                left = until - time.monotonic()
                if newest > seq or left <= 0:
                    return newest
                self._news.wait(min(left, POLL_S))

    def revisions(self, project: str, record: str) -> RevisionPage:
        with self._database.read() as session:
            return queries.revision_page(session, queries.project_row(session, project).no, record)

    def revision(self, project: str, record: str, rev: str) -> AnyRecord:
        with self._database.read() as session:
            payload = SqlReader(session, queries.project_row(session, project).no).past(record, rev)
        if payload is None:
            raise NotFound("the record never had this revision", where=record, got=rev)
        return decode_record(payload)

    def diff(self, project: str, from_seq: int, to_seq: int, *, sample: str | None = None) -> DiffView:
        low, high = sorted((from_seq, to_seq))
        with self._database.read() as session:
            no = self._row_at(session, project, high)
            more = "" if sample is None else " AND sample = ?"
            values = (no, low, high) if sample is None else (no, low, high, sample)
            touched = {
                row[0]
                for row in session.rows(
                    f"SELECT DISTINCT record FROM revision WHERE project = ? AND seq > ? AND seq <= ?{more}",
                    values,
                )
            }
            before, after = (self._states_of(session, no, seq, touched) for seq in (from_seq, to_seq))
        found = []
        for record in sorted(touched):
            old, new = before.get(record), after.get(record)
            if (old and old[1]) == (new and new[1]):
                continue
            found.append(_difference(record, old, new))
        return DiffView(from_seq=from_seq, to_seq=to_seq, records=tuple(found))

    def inverse(self, project: str, seq: int, *, new_id: str) -> ChangeSet:
        with self._database.read() as session:
            reader = SqlReader(session, queries.project_row(session, project).no)
            commit = queries.commit_at(session, reader.no, seq)
            heads = reader.heads(change.id for change in commit.changes)
            return inverse_of(commit, new_id=new_id, heads=heads, past=reader.past)

    def restoring(
        self, project: str, to_seq: int, *, new_id: str, sample: str | None = None, record: str | None = None
    ) -> ChangeSet:
        with self._database.read() as session:
            no = self._row_at(session, project, to_seq)
            more, values = "", [no, to_seq]
            extra: list[str] = []
            for column, value in (("sample", sample), ("record", record)):
                if value is not None:
                    more, extra = f"{more} AND {column} = ?", [*extra, value]
            touched = {
                row[0]
                for row in session.rows(
                    f"SELECT DISTINCT record FROM revision WHERE project = ? AND seq > ?{more}",
                    (*values, *extra),
                )
            }
            then = self._states_of(session, no, to_seq, touched)
            now = SqlReader(session, no).heads(touched)
        return restoring_of(to_seq, new_id=new_id, now=now.values(), then=then)

    # The log as a whole

    def rebuild(self, project: str | None = None) -> None:
        ids = [project] if project is not None else [one.id for one in self.projects()]
        for one in ids:
            self._database.write(partial(_rebuild, project=one))

    def verify(self, project: str) -> str:
        with self._database.read() as session:
            row = queries.project_row(session, project)
            return logs.verify(session, row, lambda _commit, _payloads: None)

    def export_log(self, project: str) -> Iterator[bytes]:
        with self._database.read() as session:
            row = queries.project_row(session, project)
        after = 0
        while after < row.seq:
            with self._database.read() as session:
                found = logs.entries(session, row.no, after=after, limit=min(logs.PAGE, row.seq - after))
            if not found:
                return
            yield from map(logs.line_of, found)
            after += len(found)

    def import_log(self, lines: Iterable[bytes]) -> str:
        project = self._database.write(lambda session: logs.import_log(session, lines))
        self._tell()
        return project

    # Inside

    def _tell(self) -> None:
        with self._news:
            self._news.notify_all()

    @staticmethod
    def _row_at(session: Session, project: str, seq: int) -> int:
        row = queries.project_row(session, project)
        if not 0 <= seq <= row.seq:
            raise NotFound(
                "there is no such commit", where=f"project {project}", got=seq, wanted=f"0 to {row.seq}"
            )
        return row.no

    @staticmethod
    def _states_of(
        session: Session, no: int, seq: int, ids: Iterable[str]
    ) -> dict[str, tuple[str, str, bytes]]:
        """Kind, revision and payload of these records at a past commit, where they stood."""
        found: dict[str, tuple[str, str, bytes]] = {}
        for marks, part in chunks(sorted(ids)):
            rows = session.rows(
                "SELECT r.record, r.kind, r.rev, r.payload FROM revision r JOIN "
                "(SELECT record, MAX(seq) AS newest FROM revision "
                f"WHERE project = ? AND seq <= ? AND record IN ({marks}) GROUP BY record) n "
                "ON r.record = n.record AND r.seq = n.newest WHERE r.project = ? AND r.rev IS NOT NULL",
                (no, seq, *part, no),
            )
            for record, kind, rev, payload in rows:
                found[record] = (kind, rev, payload.encode())
        return found


def _rebuild(session: Session, *, project: str) -> None:
    logs.rebuild(session, queries.project_row(session, project, lock=True))


def _versioned(held: Held) -> Versioned:
    return queries.versioned((held.kind, held.id, held.rev, held.seq, held.payload.decode()))


def _difference(
    record: str, old: tuple[str, str, bytes] | None, new: tuple[str, str, bytes] | None
) -> RecordDiff:
    before = decode_record(old[2]) if old else None
    after = decode_record(new[2]) if new else None
    known = new or old
    if known is None:
        raise Conflict("a difference without sides", where=record)
    return RecordDiff(
        kind=known[0],
        id=record,
        before=before,
        after=after,
        changed=changed_fields(before, after) if before is not None and after is not None else (),
    )
