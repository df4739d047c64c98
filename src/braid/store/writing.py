"""Commits into tables: applies change sets inside a transaction, writes log and heads together."""

# ruff: noqa: S608 - only names and marks from this package are put into statements, values never

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from braid.base.errors import BraidError, Corrupt, InvalidInput
from braid.base.ids import is_uuid7
from braid.history.apply import Admit, Plan, changed_of, in_log_order, plan_change_set
from braid.history.commits import decode_commit, digest_of, leaf_of
from braid.history.overlay import Write
from braid.history.suspects import Author
from braid.model.changes import Change, ChangeSet, Commit, ErrorBody, Head, Outcome, OutcomeState
from braid.model.records import AnyRecord, Link, Project, Sample, sample_of
from braid.store import rows as shapes
from braid.store.database import Session, chunks, upsert
from braid.store.reader import SqlReader

HEAD_UPSERT = upsert("head", shapes.HEAD_COLUMNS, ("project", "id"))
LINK_UPSERT = upsert("link_head", shapes.LINK_COLUMNS, ("project", "id"))
HEAD_UPDATE = (
    "UPDATE head SET class_id = ?, entity = ?, start_ns = ?, end_ns = ?, rev = ?, seq = ?, payload = ? "
    "WHERE project = ? AND id = ?"
)
"""For a record that keeps its place in the indexes: SQLite rewrites index entries of every column that is set."""

LINK_UPDATE = "UPDATE link_head SET type_id = ?, suspect = ? WHERE project = ? AND id = ?"
SAMPLE_UPSERT = upsert("sample_head", shapes.SAMPLE_COLUMNS, ("project", "id"))


@dataclass(slots=True, kw_only=True)
class ProjectRow:
    """The row of a project, held for the length of a transaction."""

    no: int
    id: str
    seq: int
    leaf_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the outside world gives: the time in Unix ns and fresh salts (32 hex digits)."""

    now_ns: Callable[[], int]
    new_salt: Callable[[], str]


def apply_change_set(
    session: Session,
    project: ProjectRow,
    change_set: ChangeSet,
    *,
    actor: str,
    admit: Admit | None,
    world: Surroundings,
) -> Outcome:
    """One change set: committed, unchanged, stale or invalid. Writes only when it is committed."""
    known = session.rows(
        "SELECT seq, leaf FROM commit_log WHERE project = ? AND id = ?", (project.no, change_set.id)
    )
    if known:
        return outcome_of(session, project.no, decode_commit(known[0][1]))
    author = Author(actor=actor, at_ns=str(world.now_ns()))
    try:
        if not is_uuid7(change_set.id):
            raise InvalidInput("a change set's id is not a UUIDv7", got=change_set.id)
        plan = plan_change_set(
            SqlReader(session, project.no), change_set, project=project.id, author=author, admit=admit
        )
        _check_slug(session, project, plan)
    except Corrupt:
        raise
    except BraidError as error:
        return Outcome(id=change_set.id, state=OutcomeState.INVALID, errors=(ErrorBody(**error.envelope()),))
    if plan.stale:
        return Outcome(id=change_set.id, state=OutcomeState.STALE, stale=plan.stale)
    if not plan.writes:
        return Outcome(id=change_set.id, state=OutcomeState.UNCHANGED)
    return _record(session, project, change_set, plan, author=author, world=world)


def outcome_of(session: Session, project_no: int, commit: Commit) -> Outcome:
    """The answer that a commit got when it was made, from the log."""
    payloads = dict(
        session.rows(
            "SELECT record, payload FROM revision WHERE project = ? AND seq = ?", (project_no, commit.seq)
        )
    )
    heads = tuple(
        Head(
            kind=change.kind,
            id=change.id,
            rev=change.to_rev or "",
            seq=commit.seq,
            record=None if payloads[change.id] is None else msgspec.Raw(payloads[change.id].encode()),
        )
        for change in commit.changes
    )
    return Outcome(id=commit.id, state=OutcomeState.COMMITTED, seq=commit.seq, heads=heads)


def write_heads(
    session: Session,
    project_no: int,
    kept: list[tuple[AnyRecord, str, int, bytes]],
    gone: list[str],
    *,
    staying: frozenset[str] = frozenset(),
) -> None:
    """Heads and their searched columns: kept as (record, revision, seq, payload), gone by id.

    staying: those of `kept` whose heads are there, in the same places of all indexes.
    """
    for marks, part in chunks(gone):
        for table in ("head", "link_head", "sample_head"):
            session.run(f"DELETE FROM {table} WHERE project = ? AND id IN ({marks})", (project_no, *part))
    rows = [shapes.head_row(project_no, one, rev=rev, seq=seq, payload=raw) for one, rev, seq, raw in kept]
    placed = [row for row in rows if row[1] not in staying]
    if placed:
        session.many(HEAD_UPSERT, placed)
    if staying:
        session.many(HEAD_UPDATE, [(*row[6:8], *row[9:], *row[:2]) for row in rows if row[1] in staying])
    links = [shapes.link_row(project_no, one) for one, *_ in kept if isinstance(one, Link)]
    samples = [shapes.sample_row(project_no, one) for one, *_ in kept if isinstance(one, Sample)]
    placed = [row for row in links if row[1] not in staying]
    if placed:
        session.many(LINK_UPSERT, placed)
    if len(placed) < len(links):
        session.many(LINK_UPDATE, [(row[3], row[6], *row[:2]) for row in links if row[1] in staying])
    if samples:
        session.many(SAMPLE_UPSERT, samples)
    for one, *_ in kept:
        if isinstance(one, Project):
            session.run(
                "UPDATE project SET slug = ?, name = ?, template = ? WHERE no = ?",
                (one.slug, one.name, one.template, project_no),
            )


def write_commit(
    session: Session,
    project: ProjectRow,
    commit: Commit,
    salts: list[str],
    payloads: list[bytes | None],
) -> None:
    """Log rows of a commit, and the project's place in its log."""
    leaf, digest = leaf_of(commit)
    session.append(
        "commit_log",
        shapes.COMMIT_COLUMNS,
        [(project.no, commit.seq, commit.id, commit.actor, commit.at_ns, digest, leaf.decode())],
    )
    session.append(
        "revision",
        shapes.REVISION_COLUMNS,
        [
            (
                project.no,
                change.id,
                commit.seq,
                place,
                change.kind,
                change.sample,
                change.to_rev,
                salt,
                None if payload is None else payload.decode(),
            )
            for place, (change, salt, payload) in enumerate(zip(commit.changes, salts, payloads, strict=True))
        ],
    )
    project.seq, project.leaf_hash = commit.seq, digest
    session.run("UPDATE project SET seq = ?, leaf_hash = ? WHERE no = ?", (commit.seq, digest, project.no))


def _record(
    session: Session,
    project: ProjectRow,
    change_set: ChangeSet,
    plan: Plan,
    *,
    author: Author,
    world: Surroundings,
) -> Outcome:
    writes = in_log_order(plan.writes)
    salts = [world.new_salt() for _ in writes]
    commit = Commit(
        project=project.id,
        seq=project.seq + 1,
        id=change_set.id,
        actor=author.actor,
        at_ns=author.at_ns,
        origin=change_set.origin,
        reason=change_set.reason,
        parent=project.leaf_hash,
        changes=tuple(
            _change(record, write, salt) for (record, write), salt in zip(writes, salts, strict=True)
        ),
        undoes=change_set.undoes,
    )
    write_commit(session, project, commit, salts, [write.payload for _, write in writes])
    write_heads(
        session,
        project.no,
        [
            (write.after, write.rev or "", commit.seq, write.payload or b"")
            for _, write in writes
            if write.after is not None
        ],
        [record for record, write in writes if write.after is None],
        staying=frozenset(record for record, write in writes if _stays(write)),
    )
    heads = tuple(
        Head(
            kind=write.kind,
            id=record,
            rev=write.rev or "",
            seq=commit.seq,
            record=None if write.payload is None else msgspec.Raw(write.payload),
        )
        for record, write in writes
    )
    return Outcome(id=commit.id, state=OutcomeState.COMMITTED, seq=commit.seq, heads=heads)


def _stays(write: Write) -> bool:
    """Whether the head is there and keeps its place in the indexes."""
    if write.before is None or write.after is None:
        return False
    return shapes.same_place(write.before.record, write.after)


def _change(record: str, write: Write, salt: str) -> Change:
    shown = write.after if write.after is not None else write.before.record if write.before else None
    return Change(
        kind=write.kind,
        id=record,
        sample=None if shown is None else sample_of(shown),
        from_rev=None if write.before is None else write.before.rev,
        to_rev=write.rev,
        digest=digest_of(write.payload, salt=salt),
        derived=write.derived,
        changed=changed_of(write),
    )


def _check_slug(session: Session, project: ProjectRow, plan: Plan) -> None:
    for _, write in plan.writes:
        if isinstance(write.after, Project):
            taken = session.rows(
                "SELECT 1 FROM project WHERE slug = ? AND no <> ?", (write.after.slug, project.no)
            )
            if taken:
                raise InvalidInput("a project of that slug is there already", got=write.after.slug)
