"""Applying a change set to heads: stale ops, no-ops, structure, admission, derived changes. Pure: it plans, a store writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from braid.base.errors import InvalidInput
from braid.history.codec import encode_record
from braid.history.material import changed_fields
from braid.history.overlay import Overlay, Write
from braid.history.reanchor import reanchor_spans
from braid.history.state import Held, Reader
from braid.history.structure import BACK, check_structure
from braid.history.surroundings import context_changes
from braid.history.suspects import Author, judge_links
from braid.model.changes import ChangeSet, Create, Delete, Op, Origin, Stale
from braid.model.records import RECORD_KINDS, AnyRecord, Link, kind_of_record

Admit = Callable[[AnyRecord, Callable[[str], AnyRecord | None]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to write, or why not. Neither writes nor stale: nothing would change."""

    writes: tuple[tuple[str, Write], ...] = ()
    stale: tuple[Stale, ...] = ()


def plan_change_set(
    reader: Reader, change_set: ChangeSet, *, project: str, author: Author, admit: Admit | None = None
) -> Plan:
    """What a change set would do on these heads (laws H1, H3, L3). Raises InvalidInput or Conflict when it may not."""
    ids = [_id_of(op) for op in change_set.ops]
    if len(set(ids)) != len(ids):
        raise InvalidInput(
            "a change set names a record twice", got=_first_double(ids), wanted="one op per record"
        )
    overlay = Overlay(reader)
    overlay.load(ids)
    stale = [found for op in change_set.ops if (found := _stale(overlay, op)) is not None]
    if stale:
        return Plan(stale=tuple(stale))
    for op in change_set.ops:
        _put(overlay, op, origin=change_set.origin)
    _drop_same(overlay)
    check_structure(overlay, project=project, origin=change_set.origin)
    if admit is not None and change_set.origin not in BACK:
        for write in list(overlay.writes.values()):
            if write.after is not None:
                admit(write.after, _look_up(overlay, write))
    carried = reanchor_spans(overlay)
    judge_links(overlay, author=author, carried=carried, context=context_changes(overlay))
    _drop_same(overlay)
    return Plan(writes=tuple(overlay.writes.items()))


def _look_up(overlay: Overlay, write: Write) -> Callable[[str], AnyRecord | None]:
    """Heads as the change set leaves them; for the record itself, the head that it replaces."""
    own = write.after.id if write.after is not None else ""
    before = None if write.before is None else write.before.record
    return lambda record: before if record == own else overlay.after(record)


def changed_of(write: Write) -> tuple[str, ...]:
    """The fields that a write changes; none for a creation or deletion."""
    if write.before is None or write.after is None:
        return ()
    return changed_fields(write.before.record, write.after)


def _id_of(op: Op) -> str:
    return op.id if isinstance(op, Delete) else op.record.id


def _first_double(ids: list[str]) -> str:
    seen: set[str] = set()
    return next(one for one in ids if one in seen or seen.add(one))  # type: ignore[func-returns-value]


def _stale(overlay: Overlay, op: Op) -> Stale | None:
    """The refusal of an op whose base is not the head (law H3)."""
    record = _id_of(op)
    head = overlay.before(record)
    base = None if isinstance(op, Create) else op.base
    if (head.rev if head is not None else None) == base:
        return None
    kind = op.kind if isinstance(op, Delete) else kind_of_record(op.record)
    if isinstance(op, Create) and head is not None and _is_there(head, op.record):
        return None
    by, at_ns = overlay.reader.author(head.seq) if head is not None else ("", "")
    payload = overlay.reader.past(record, base) if base is not None else None
    return Stale(
        kind=kind,
        id=record,
        base_rev=base,
        base=None if payload is None else msgspec.Raw(payload),
        head_rev=head.rev if head is not None else None,
        head=msgspec.Raw(head.payload) if head is not None else None,
        head_by=by,
        head_at_ns=at_ns,
    )


def _is_there(head: Held, record: AnyRecord) -> bool:
    """Whether a creation finds its own record, or one of another kind, which is not stale but wrong."""
    return head.kind != kind_of_record(record) or head.rev == encode_record(record)[1]


def _put(overlay: Overlay, op: Op, *, origin: Origin) -> None:
    if isinstance(op, Delete):
        head = overlay.before(op.id)
        if head is not None and head.kind != op.kind:
            raise InvalidInput("a deletion names another kind", where=op.id, got=op.kind, wanted=head.kind)
        overlay.put(op.id, None)
        return
    record = op.record
    if isinstance(record, Link) and record.causes and origin in {Origin.EDIT, Origin.MODEL}:
        record = _with_known_causes(overlay, record)
    overlay.put(record.id, record)


def _with_known_causes(overlay: Overlay, link: Link) -> Link:
    """An edit may settle causes, never invent them: only those of the head stay."""
    head = overlay.before(link.id)
    known = head.record.causes if head is not None and isinstance(head.record, Link) else ()
    return msgspec.structs.replace(link, causes=tuple(cause for cause in link.causes if cause in known))


def _drop_same(overlay: Overlay) -> None:
    for record in [record for record, write in overlay.writes.items() if write.same]:
        del overlay.writes[record]


def in_log_order(writes: tuple[tuple[str, Write], ...]) -> list[tuple[str, Write]]:
    """Writes as a commit lists them: what is referred to first, then by id; deletions last and the other way round."""
    order = {kind: place for place, kind in enumerate(RECORD_KINDS)}
    kept = sorted(
        (one for one in writes if one[1].after is not None), key=lambda one: (order[one[1].kind], one[0])
    )
    gone = sorted(
        (one for one in writes if one[1].after is None), key=lambda one: (-order[one[1].kind], one[0])
    )
    return kept + gone


__all__ = ["Admit", "Author", "Plan", "changed_of", "in_log_order", "plan_change_set"]
