"""Doubt: which links lose or regain their judgement through a change set (laws L2-L5, L7)."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from braid.history.amounts import amount_of
from braid.history.material import CONTEXT, MISSING, material_changes
from braid.history.overlay import Overlay
from braid.history.surroundings import ContextChange
from braid.model.records import Cause, End, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who makes the change set and when (Unix ns digits)."""

    actor: str
    at_ns: str


def judge_links(
    overlay: Overlay,
    *,
    author: Author,
    carried: frozenset[str],
    context: dict[str, tuple[ContextChange, ...]],
) -> None:
    """Look again at every link that the pending writes touch, and plan derived updates where its doubt changes.

    carried: text spans that were re-anchored for certain. context: by annotation, what its surroundings did.
    """
    moved = [record for record, write in overlay.writes.items() if write.kind in {"annotation", "entity"}]
    own = [record for record, _ in overlay.of_kind("link")]
    touched = overlay.reader.links_of([*moved, *context]) if moved or context else []
    overlay.keep(touched)
    overlay.load(
        end.id
        for record in {*own, *(held.id for held in touched)}
        if isinstance(link := overlay.after(record), Link)
        for end in (link.source, link.target)
    )
    for record in sorted({*own, *(held.id for held in touched)}):
        link = overlay.after(record)
        if isinstance(link, Link):
            judged = _judge(overlay, link, author=author, carried=carried, context=context)
            if judged != link:
                overlay.put(record, judged, derived=True)


def _judge(
    overlay: Overlay,
    link: Link,
    *,
    author: Author,
    carried: frozenset[str],
    context: dict[str, tuple[ContextChange, ...]],
) -> Link:
    causes = list(link.causes)
    ends = {"source": link.source, "target": link.target}
    for name, end in ends.items():
        theirs = [cause for cause in causes if cause.end == name]
        of_context = [cause for cause in theirs if set(cause.changed) & set(CONTEXT)]
        of_end = [cause for cause in theirs if cause not in of_context]
        now_end, now_of_end = _judge_end(overlay, name, end, of_end, author=author, carried=carried)
        ends[name] = now_end
        now_of_context = of_context
        for change in context.get(end.id, ()):
            now_of_context = _judge_context(name, change, now_of_context, link, overlay, author=author)
        if overlay.after(end.id) is None:
            now_of_context = []
        if now_of_end != of_end or now_of_context != of_context:
            causes = [cause for cause in causes if cause.end != name] + now_of_end + now_of_context
    causes.sort(key=lambda cause: (cause.end, len(cause.at_ns), cause.at_ns, cause.changed))
    same = sorted(link.causes, key=repr) == sorted(causes, key=repr)
    return msgspec.structs.replace(
        link, source=ends["source"], target=ends["target"], causes=link.causes if same else tuple(causes)
    )


def _judge_end(
    overlay: Overlay, name: str, end: End, causes: list[Cause], *, author: Author, carried: frozenset[str]
) -> tuple[End, list[Cause]]:
    """The end (its judgement carried along a certain re-anchoring) and its causes as they should be now."""
    rev = overlay.rev(end.id)
    if rev is None:
        if causes and causes[-1].changed == (MISSING,):
            return end, causes
        return end, _with(causes, _cause(name, (MISSING,), end, to_rev=None, amount="deleted", author=author))
    if rev == end.judged:
        return end, []
    if end.id in carried:
        before = overlay.before(end.id)
        if before is not None and before.rev == end.judged:
            return msgspec.structs.replace(end, judged=rev), []
        return end, causes
    judged, head = overlay.past(end.id, end.judged), overlay.after(end.id)
    assert head is not None
    if judged is None:
        changed: tuple[str, ...] = ("revision",)
        amount = "judged against a state that is not in the history"
    else:
        changed = material_changes(judged, head)
        amount = amount_of(judged, head, changed)
    if not changed:
        return end, []
    if causes and _still_true(overlay, end, causes[-1]):
        return end, causes
    return end, _with(causes, _cause(name, changed, end, to_rev=rev, amount=amount, author=author))


def _still_true(overlay: Overlay, end: End, cause: Cause) -> bool:
    """Whether the last cause already speaks of what the end is now."""
    if cause.to_rev is None:
        return False
    known, head = overlay.past(end.id, cause.to_rev), overlay.after(end.id)
    return known is not None and head is not None and not material_changes(known, head)


def _judge_context(
    name: str, change: ContextChange, causes: list[Cause], link: Link, overlay: Overlay, *, author: Author
) -> list[Cause]:
    """Causes of the surroundings after one change of them, measured from the state the link was judged in."""
    head = overlay.before(link.id)
    earlier = head.record.causes if head is not None and isinstance(head.record, Link) else ()
    known = [one for one in (*causes, *earlier) if one.end == name and one.changed == (change.what,)]
    since = known[0].from_rev if known else change.from_rev
    others = [one for one in causes if one.changed != (change.what,)]
    amount = change.measure(since)
    if amount is None:
        return others
    same = [one for one in causes if one.changed == (change.what,) and one.to_rev == change.to_rev]
    if same:
        return causes
    cause = Cause(
        end=name,
        changed=(change.what,),
        by=author.actor,
        at_ns=author.at_ns,
        from_rev=since,
        to_rev=change.to_rev,
        amount=amount,
    )
    return [*others, cause]


def _cause(
    name: str, changed: tuple[str, ...], end: End, *, to_rev: str | None, amount: str, author: Author
) -> Cause:
    return Cause(
        end=name,
        changed=changed,
        by=author.actor,
        at_ns=author.at_ns,
        from_rev=end.judged,
        to_rev=to_rev,
        amount=amount,
    )


def _with(causes: list[Cause], new: Cause) -> list[Cause]:
    """Causes with one more; several from the same person become the latest of them."""
    return [*(cause for cause in causes if cause.by != new.by), new]
