"""Change sets and commits: the only way to write (law H1), and what is recorded of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from braid.model.records import AnyRecord


class Create(msgspec.Struct, frozen=True, kw_only=True, tag_field="op", tag="create"):
    """A record that is not there yet, or that was deleted and comes back (undo, restore)."""

    record: AnyRecord


class Update(msgspec.Struct, frozen=True, kw_only=True, tag_field="op", tag="update"):
    """The whole record as it shall be. `base` is the revision that the author saw (law H3)."""

    record: AnyRecord
    base: str


class Delete(msgspec.Struct, frozen=True, kw_only=True, tag_field="op", tag="delete"):
    """The record goes; its history stays. `kind` is the record's tag."""

    kind: str
    id: str
    base: str


Op = Create | Update | Delete


class Origin(StrEnum):
    """What a change set came from."""

    EDIT = "edit"
    IMPORT = "import"
    UNDO = "undo"
    RESTORE = "restore"
    MIGRATION = "migration"
    MODEL = "model"


class ChangeSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One gesture: all of it is applied or none. `id` (UUIDv7) makes sending it twice harmless.

    `undoes`: the sequence number of the commit that an undo takes back.
    """

    id: str
    ops: tuple[Op, ...]
    reason: str = ""
    origin: Origin = Origin.EDIT
    undoes: int | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One record at one commit. from_rev None: created; to_rev None: deleted. `derived`: Braid did it (suspects).

    `digest` is the salted SHA-256 of the new payload (of the empty string for a deletion); `changed` the top-level
    fields that differ.
    """

    kind: str
    id: str
    sample: str | None
    from_rev: str | None
    to_rev: str | None
    digest: str
    derived: bool = False
    changed: tuple[str, ...] = ()


class Commit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A recorded change set: the leaf of the project's Merkle log is the canonical JSON of this value.

    seq: 1, 2, 3 … within the project. at_ns: Unix nanoseconds as digits. parent: hash of the leaf before ("" for 1).
    """

    project: str
    seq: int
    id: str
    actor: str
    at_ns: str
    origin: Origin
    reason: str
    parent: str
    changes: tuple[Change, ...]
    undoes: int | None = None


class Stale(msgspec.Struct, frozen=True, kw_only=True):
    """One refused op, with both versions: what the author based it on, what is head now (None: deleted)."""

    kind: str
    id: str
    base_rev: str | None
    base: Any
    head_rev: str | None
    head: Any
    head_by: str = ""
    head_at_ns: str = ""


class ErrorBody(msgspec.Struct, frozen=True, kw_only=True):
    """The one error envelope."""

    code: str
    message: str
    where: str = ""
    hint: str = ""


class OutcomeState(StrEnum):
    """What became of a change set."""

    COMMITTED = "committed"
    UNCHANGED = "unchanged"
    STALE = "stale"
    INVALID = "invalid"


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The newest revision of a record after a commit. record None: deleted."""

    kind: str
    id: str
    rev: str
    seq: int
    record: Any


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer for one change set of a batch. `heads` has every record the commit changed, derived ones included."""

    id: str
    state: OutcomeState
    seq: int | None = None
    heads: tuple[Head, ...] = ()
    stale: tuple[Stale, ...] = ()
    errors: tuple[ErrorBody, ...] = ()


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Change sets that are applied one after another; each has its own outcome."""

    change_sets: tuple[ChangeSet, ...]


class BatchResult(msgspec.Struct, frozen=True, kw_only=True):
    """Outcomes in the order of the change sets, and the project's newest sequence number."""

    outcomes: tuple[Outcome, ...]
    seq: int
