"""Edit: the change sets of the small verbs (confirm, retarget, retract, undo, restore), and the door they go through."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from braid.base.errors import Conflict, InvalidInput, NotFound
from braid.base.ids import NewId
from braid.history.codec import record_from
from braid.model.changes import BatchResult, ChangeSet, Delete, Update
from braid.model.records import End, EndKind, Link, Ontology
from braid.ontology.conformance import admission
from braid.store.port import Admit, Store


def write(store: Store, project: str, change_sets: Sequence[ChangeSet], *, actor: str) -> BatchResult:
    """Commit change sets that the project's ontology admits (laws H1, L6)."""
    return store.commit(project, change_sets, actor=actor, admit=admit_of(store, project))


def admit_of(store: Store, project: str) -> Admit:
    """The admission by the project's ontology as it stands."""
    ontology = record_from(store.ontology(project).record)
    if not isinstance(ontology, Ontology):
        raise InvalidInput("a project's ontology is not one", where=f"project {project}")
    return admission(ontology)


def confirm(
    store: Store,
    project: str,
    link: str,
    *,
    new_id: NewId,
    source_rev: str | None = None,
    target_rev: str | None = None,
    reason: str = "",
) -> ChangeSet:
    """The link holds for its ends as they are (law L5). source_rev, target_rev: what the person saw; else the heads.

    Raises Conflict when an end is missing: such a link can be retargeted or retracted.
    """
    head, rev = _link(store, project, link)
    heads = store.heads(project, (head.source.id, head.target.id))
    ends = {}
    for name, end, seen in (("source", head.source, source_rev), ("target", head.target, target_rev)):
        if end.id not in heads:
            raise Conflict(
                "an end of the link is missing",
                where=f"link {link}, {name}",
                got=end.id,
                hint="Retarget the link or retract it",
            )
        ends[name] = msgspec.structs.replace(end, judged=seen or heads[end.id].rev)
    settled = msgspec.structs.replace(head, causes=(), **ends)
    return _one(Update(record=settled, base=rev), new_id=new_id, reason=reason)


def retarget(
    store: Store, project: str, link: str, *, end: str, to: str, new_id: NewId, reason: str = ""
) -> ChangeSet:
    """Another annotation or entity `to` at the `end` ("source" or "target"); the judgement there is new."""
    if end not in {"source", "target"}:
        raise InvalidInput("a link has two ends", got=end, wanted="source or target")
    head, rev = _link(store, project, link)
    found = store.heads(project, (to,)).get(to)
    record = record_from(found.record) if found is not None else None
    kind = getattr(type(record), "__struct_config__", None)
    if found is None or kind is None or kind.tag not in {"annotation", "entity"}:
        raise NotFound("there is no such annotation or entity", where=f"link {link}, {end}", got=to)
    new_end = End(id=to, judged=found.rev, kind=EndKind(str(kind.tag)))
    causes = tuple(cause for cause in head.causes if cause.end != end)
    changed = (
        msgspec.structs.replace(head, source=new_end, causes=causes)
        if end == "source"
        else msgspec.structs.replace(head, target=new_end, causes=causes)
    )
    return _one(Update(record=changed, base=rev), new_id=new_id, reason=reason)


def retract(store: Store, project: str, link: str, *, new_id: NewId, reason: str = "") -> ChangeSet:
    """The link does not hold: it goes, its history stays."""
    _, rev = _link(store, project, link)
    return _one(Delete(kind="link", id=link, base=rev), new_id=new_id, reason=reason)


def undo(store: Store, project: str, seq: int, *, new_id: NewId) -> ChangeSet:
    """Take commit `seq` back (law H4). Raises StaleWrite when its records have changed since."""
    return store.inverse(project, seq, new_id=new_id())


def restore(
    store: Store,
    project: str,
    to_seq: int,
    *,
    new_id: NewId,
    sample: str | None = None,
    record: str | None = None,
) -> ChangeSet:
    """Bring a record, a sample or the project back to a past state (law H5)."""
    return store.restoring(project, to_seq, new_id=new_id(), sample=sample, record=record)


def _link(store: Store, project: str, link: str) -> tuple[Link, str]:
    found = store.heads(project, (link,)).get(link)
    record = record_from(found.record) if found is not None else None
    if found is None or not isinstance(record, Link):
        raise NotFound("there is no such link", where=f"project {project}", got=link)
    return record, found.rev


def _one(op: Update | Delete, *, new_id: NewId, reason: str) -> ChangeSet:
    return ChangeSet(id=new_id(), ops=(op,), reason=reason)
