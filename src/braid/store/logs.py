"""The log as a whole: verifying it, making the heads from it again, carrying it to another store (laws H2, H5)."""

# ruff: noqa: S608 - only names and marks from this package are put into statements, values never

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from braid.base.canonical import canonical_json
from braid.base.errors import BraidError, Conflict, Corrupt
from braid.history.codec import decode_record
from braid.history.commits import ChainCheck, decode_commit
from braid.history.merkle import root_of
from braid.model.changes import Commit
from braid.model.records import Project
from braid.store.database import Session
from braid.store.writing import ProjectRow, write_commit, write_heads

LINE_LIMIT = 1 << 30
"""Bytes of one line of an exported log."""

PAGE = 200


class LogLine(msgspec.Struct, frozen=True, kw_only=True):
    """One commit of an exported log: the leaf, and salt and payload of each change in its order."""

    commit: msgspec.Raw
    payloads: tuple[msgspec.Raw, ...]
    salts: tuple[str, ...]


Entry = tuple[bytes, list[str], list[bytes | None], str]
"""Leaf, salts, payloads, stored leaf hash."""


def entries(session: Session, no: int, *, after: int, limit: int = PAGE) -> list[Entry]:
    """The next commits with their revisions, as stored."""
    leaves = session.rows(
        f"SELECT seq, leaf, leaf_hash FROM commit_log WHERE project = ? AND seq > ? ORDER BY seq LIMIT {limit}",
        (no, after),
    )
    if not leaves:
        return []
    parts: dict[int, tuple[list[str], list[bytes | None]]] = {row[0]: ([], []) for row in leaves}
    for seq, salt, payload in session.rows(
        "SELECT seq, salt, payload FROM revision WHERE project = ? AND seq > ? AND seq <= ? ORDER BY seq, place",
        (no, after, leaves[-1][0]),
    ):
        if seq in parts:
            parts[seq][0].append(salt)
            parts[seq][1].append(None if payload is None else payload.encode())
    return [(leaf.encode(), *parts[seq], digest) for seq, leaf, digest in leaves]


def verify(session: Session, project: ProjectRow, take: Callable[[Commit, list[bytes | None]], None]) -> str:
    """Walk the whole log; each verified commit goes to `take`. The Merkle root as hex. Raises Corrupt."""
    check = ChainCheck(project.id)
    while found := entries(session, project.no, after=check.seq):
        for leaf, salts, payloads, digest in found:
            commit = check.take(leaf, salts, payloads)
            if check.parent != digest:
                raise Corrupt("a stored leaf hash is not that of its leaf", where=f"commit {commit.seq}")
            take(commit, payloads)
    if (check.seq, check.parent) != (project.seq, project.leaf_hash):
        raise Corrupt(
            "the log does not end where the project says",
            where=f"project {project.id}",
            got=check.seq,
            wanted=str(project.seq),
        )
    stray = session.rows(
        "SELECT COUNT(*) FROM revision WHERE project = ? AND seq > ?", (project.no, check.seq)
    )
    if stray[0][0]:
        raise Corrupt("there are revisions without a commit", where=f"project {project.id}", got=stray[0][0])
    return root_of(check.leaf_hashes).hex()


def rebuild(session: Session, project: ProjectRow) -> None:
    """Empty the head tables of a project and fill them from its log (law H2)."""
    newest: dict[str, int] = {}

    def note(commit: Commit, _: list[bytes | None]) -> None:
        for change in commit.changes:
            if change.to_rev is None:
                newest.pop(change.id, None)
            else:
                newest[change.id] = commit.seq

    verify(session, project, note)
    for table in ("head", "link_head", "sample_head"):
        session.run(f"DELETE FROM {table} WHERE project = ?", (project.no,))
    by_seq: dict[int, set[str]] = {}
    for record, seq in newest.items():
        by_seq.setdefault(seq, set()).add(record)
    for seq in sorted(by_seq):
        rows = session.rows(
            "SELECT record, rev, payload FROM revision WHERE project = ? AND seq = ? ORDER BY place",
            (project.no, seq),
        )
        kept = [
            (decode_record(payload), rev, seq, payload.encode())
            for record, rev, payload in rows
            if record in by_seq[seq]
        ]
        write_heads(session, project.no, kept, [])


def line_of(entry: Entry) -> bytes:
    """One line of an exported log, itself canonical JSON, with its line feed."""
    leaf, salts, payloads, _ = entry
    parts = b",".join(b"null" if payload is None else payload for payload in payloads)
    return (
        b'{"commit":' + leaf + b',"payloads":[' + parts + b'],"salts":' + msgspec.json.encode(salts) + b"}\n"
    )


def parse_lines(lines: Iterable[bytes]) -> Iterator[tuple[bytes, list[str], list[bytes | None]]]:
    """Leaves, salts and payloads of an exported log. Raises Corrupt for what is no log."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if len(line) > LINE_LIMIT:
            raise Corrupt("a line of the log is too long", where=f"line {number}", got=len(line))
        try:
            entry = msgspec.json.decode(line, type=LogLine)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Corrupt(f"a line of the log does not parse: {error}", where=f"line {number}") from error
        payloads = [None if bytes(raw) == b"null" else bytes(raw) for raw in entry.payloads]
        for payload in payloads:
            if payload is not None:
                _check_payload(payload, where=f"line {number}")
        yield bytes(entry.commit), list(entry.salts), payloads


def import_log(session: Session, lines: Iterable[bytes]) -> str:
    """A verified log as a new project; its id."""
    check: ChainCheck | None = None
    project: ProjectRow | None = None
    for leaf, salts, payloads in parse_lines(lines):
        if check is None:
            name = decode_commit(leaf).project
            check = ChainCheck(name)
            commit = check.take(leaf, salts, payloads)
            project = open_project(session, name, commit, payloads)
        else:
            commit = check.take(leaf, salts, payloads)
        assert project is not None
        write_commit(session, project, commit, salts, payloads)
    if project is None:
        raise Corrupt("the log is empty", wanted="at least one commit")
    rebuild(session, project)
    return project.id


def open_project(session: Session, project: str, commit: Commit, payloads: list[bytes | None]) -> ProjectRow:
    """The row of a new project, from its first commit. Raises Conflict when its id or slug is taken."""
    found = [
        record
        for change, payload in zip(commit.changes, payloads, strict=True)
        if change.kind == "project"
        and payload is not None
        and isinstance(record := decode_record(payload), Project)
    ]
    if len(found) != 1 or found[0].id != project:
        raise Corrupt("the first commit does not create its project", where=f"project {project}")
    return insert_project(session, found[0])


def insert_project(session: Session, record: Project) -> ProjectRow:
    """The row of a project that has no commit yet. Raises Conflict when its id or slug is taken."""
    taken = session.rows(
        "SELECT id, slug FROM project WHERE id = ? OR slug = ? OR id = ? OR slug = ?",
        (record.id, record.slug, record.slug, record.id),
    )
    if taken:
        raise Conflict("a project of that slug or id is there already", got=f"{record.slug} {record.id}")
    session.run(
        "INSERT INTO project (id, slug, name, template, seq, leaf_hash) VALUES (?, ?, ?, ?, 0, '')",
        (record.id, record.slug, record.name, record.template),
    )
    no = session.rows("SELECT no FROM project WHERE id = ?", (record.id,))[0][0]
    return ProjectRow(no=no, id=record.id, seq=0, leaf_hash="")


def _check_payload(payload: bytes, *, where: str) -> None:
    """A payload is a record of the model in canonical form."""
    try:
        value: Any = msgspec.json.decode(payload)
        canonical = canonical_json(value) == payload
        decode_record(payload)
    except (BraidError, msgspec.DecodeError) as error:
        raise Corrupt(f"a payload is no record: {error}", where=where) from error
    if not canonical:
        raise Corrupt("a payload is not in canonical form", where=where)
