"""Going back: the change set that undoes a commit, and the one that restores a past state (laws H4, H5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from braid.base.errors import StaleWrite
from braid.history.codec import decode_record
from braid.history.state import Held
from braid.model.changes import ChangeSet, Commit, Create, Delete, Op, Origin, Update
from braid.model.records import RECORD_KINDS

_ORDER = {kind: place for place, kind in enumerate(RECORD_KINDS)}


def inverse_of(
    commit: Commit,
    *,
    new_id: str,
    heads: Mapping[str, Held],
    past: Callable[[str, str], bytes | None],
) -> ChangeSet:
    """The change set that takes a commit back, derived changes included.

    A derived change that someone has settled since stays settled. Raises StaleWrite when one of the commit's own
    records has changed since.
    """
    ops: list[Op] = []
    for change in reversed(commit.changes):
        head = heads.get(change.id)
        if (head.rev if head is not None else None) != change.to_rev:
            if change.derived:
                continue
            raise StaleWrite(
                "a record has changed since the commit that shall be undone",
                where=f"commit {commit.seq}, {change.kind} {change.id}",
                got=head.rev if head is not None else "deleted",
                wanted=str(change.to_rev),
                hint="Undo the later commits first, or restore the record to the state before",
            )
        payload = None if change.from_rev is None else past(change.id, change.from_rev)
        ops.append(_op(change.kind, change.id, head, payload))
    return ChangeSet(
        id=new_id,
        ops=tuple(ops),
        reason=f"undo of commit {commit.seq}",
        origin=Origin.UNDO,
        undoes=commit.seq,
    )


def restoring_of(
    to_seq: int, *, new_id: str, now: Iterable[Held], then: Mapping[str, tuple[str, str, bytes]]
) -> ChangeSet:
    """The change set from the heads `now` to the state `then` (id to kind, revision, payload)."""
    heads = {held.id: held for held in now}
    found: list[tuple[str, str, Held | None, bytes | None]] = []
    for record, (kind, rev, payload) in then.items():
        head = heads.get(record)
        if head is None or head.rev != rev:
            found.append((kind, record, head, payload))
    gone = [(held.kind, held.id, held, None) for held in heads.values() if held.id not in then]
    found.sort(key=lambda one: (_ORDER[one[0]], one[1]))
    gone.sort(key=lambda one: (-_ORDER[one[0]], one[1]))
    return ChangeSet(
        id=new_id,
        ops=tuple(_op(*one) for one in (*found, *gone)),
        reason=f"restore to commit {to_seq}",
        origin=Origin.RESTORE,
    )


def _op(kind: str, record: str, head: Held | None, payload: bytes | None) -> Op:
    if payload is None:
        return Delete(kind=kind, id=record, base=head.rev if head is not None else "")
    if head is None:
        return Create(record=decode_record(payload))
    return Update(record=decode_record(payload), base=head.rev)
