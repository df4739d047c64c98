"""Structure: what must hold of the records of a project whatever its ontology says."""

from __future__ import annotations

from collections.abc import Iterable

from braid.base.errors import Conflict, InvalidInput
from braid.base.ids import is_slug, is_uuid7
from braid.history.overlay import Overlay, Write
from braid.model.changes import Origin
from braid.model.records import AnyRecord, Link, Project, Sample, kind_of_record

REFERENCES = {"sample": "sample", "stream": "stream", "layer": "layer", "entity": "entity"}
"""Field of a record, kind of what it names."""

HOLDERS = ("sample", "stream", "layer")
"""Kinds that hold others and go only when they are empty."""

BACK = frozenset({Origin.UNDO, Origin.RESTORE})
"""Origins that bring back past states, among them links whose end is gone."""

SLUG_LIMIT, KEY_LIMIT = 64, 1024


def references(record: AnyRecord) -> Iterable[str]:
    """Ids that a record names."""
    for field in REFERENCES:
        target = getattr(record, field, None)
        if isinstance(target, str):
            yield target
    if isinstance(record, Link):
        yield record.source.id
        yield record.target.id


def check_structure(overlay: Overlay, *, project: str, origin: Origin) -> None:
    """Raises InvalidInput or Conflict for the first pending write that does not fit its surroundings."""
    overlay.load(
        one for write in overlay.writes.values() if write.after is not None for one in references(write.after)
    )
    keys: dict[str, str] = {}
    named = _named_holders(overlay)
    for record, write in overlay.writes.items():
        where = f"{write.kind} {record}"
        if write.after is None:
            _check_deletion(overlay, record, write, named, where=where)
            continue
        _check_identity(write, project=project, where=where)
        _check_references(overlay, write, where=where, origin=origin)
        if isinstance(write.after, Sample):
            _check_key(overlay, write.after, keys, where=where)
    _check_singles(overlay)


def _check_identity(write: Write, *, project: str, where: str) -> None:
    record, before = write.after, write.before
    assert record is not None
    if not is_uuid7(record.id):
        raise InvalidInput(
            "an id is not a UUIDv7", where=where, got=record.id, wanted="36 lower-case characters"
        )
    if before is not None and before.kind != kind_of_record(record):
        raise Conflict("an id is in use by another kind of record", where=where, got=before.kind)
    if before is not None and getattr(before.record, "sample", None) != getattr(record, "sample", None):
        raise InvalidInput(
            "a record cannot move to another sample", where=where, hint="Delete it and create it there"
        )
    if isinstance(record, Project):
        if record.id != project:
            raise InvalidInput("a project holds no second project", where=where)
        if not is_slug(record.slug):
            raise InvalidInput(
                "a project's slug is not a slug", where=where, got=record.slug, wanted="a-z 0-9 . _ -"
            )


def _check_references(overlay: Overlay, write: Write, *, where: str, origin: Origin) -> None:
    record = write.after
    assert record is not None
    before = write.before.record if write.before is not None else None
    for field, kind in REFERENCES.items():
        target = getattr(record, field, None)
        if not isinstance(target, str) or (before is not None and getattr(before, field, None) == target):
            continue
        named = overlay.after(target)
        if named is None and field == "entity" and origin in BACK:
            continue
        if named is None or kind_of_record(named) != kind:
            raise InvalidInput(f"there is no such {kind}", where=f"{where}, {field}", got=target)
        if kind in {"stream", "entity"} and getattr(named, "sample", None) != getattr(record, "sample", None):
            raise InvalidInput(f"the {kind} belongs to another sample", where=f"{where}, {field}", got=target)
    if isinstance(record, Link):
        _check_ends(overlay, record, before, where=where, origin=origin)


def _check_ends(
    overlay: Overlay, link: Link, before: AnyRecord | None, *, where: str, origin: Origin
) -> None:
    for name in ("source", "target"):
        end = getattr(link, name)
        if before is not None and getattr(before, name) == end:
            continue
        named = overlay.after(end.id)
        if named is None:
            earlier = getattr(before, name).id if before is not None else None
            if origin in BACK or earlier == end.id:
                continue
            raise InvalidInput("the end of a link does not exist", where=f"{where}, {name}", got=end.id)
        if kind_of_record(named) != end.kind:
            raise InvalidInput(
                "the end of a link is of another kind",
                where=f"{where}, {name}",
                got=kind_of_record(named),
                wanted=end.kind,
            )
        if overlay.past(end.id, end.judged) is None:
            raise InvalidInput(
                "a link is judged against a revision that its end never had",
                where=f"{where}, {name}",
                got=end.judged,
                wanted=f"a revision of {end.id}, for example its head {overlay.rev(end.id)}",
            )


def _check_key(overlay: Overlay, sample: Sample, keys: dict[str, str], *, where: str) -> None:
    if not 0 < len(sample.key) <= KEY_LIMIT:
        raise InvalidInput(
            "a sample's key has a bad length", where=where, wanted=f"1 to {KEY_LIMIT} characters"
        )
    holder = keys.setdefault(sample.key, sample.id)
    if holder == sample.id:
        holder = overlay.reader.sample_with_key(sample.key) or sample.id
        other = overlay.after(holder)
        if isinstance(other, Sample) and other.key != sample.key:
            return
        if other is None:
            return
    if holder != sample.id:
        raise Conflict(
            "a sample's key is taken", where=where, got=sample.key, wanted="a key unique in the project"
        )


def _check_deletion(
    overlay: Overlay, record: str, write: Write, named: dict[str, set[str]], *, where: str
) -> None:
    if write.kind in {"project", "ontology"}:
        raise InvalidInput(f"the {write.kind} of a project cannot be deleted", where=where)
    if write.kind not in HOLDERS:
        return
    held = {one for one in overlay.reader.referring(write.kind, record) if one not in overlay.writes}
    left = (held | named.get(record, set())) - {record}
    if left:
        raise Conflict(
            f"a {write.kind} still holds records",
            where=where,
            got=f"{len(left)}, for example {min(left)}",
            wanted="none",
            hint="Delete them in the same change set",
        )


def _named_holders(overlay: Overlay) -> dict[str, set[str]]:
    """By sample, stream or layer: the pending records that name it."""
    named: dict[str, set[str]] = {}
    if any(write.after is None and write.kind in HOLDERS for write in overlay.writes.values()):
        for record, write in overlay.writes.items():
            for field in HOLDERS:
                target = getattr(write.after, field, None)
                if isinstance(target, str):
                    named.setdefault(target, set()).add(record)
    return named


def _check_singles(overlay: Overlay) -> None:
    """One ontology and one project record in a project, at most one clock map for a stream."""
    for kind in ("ontology", "project"):
        if any(write.before is None for _, write in overlay.of_kind(kind)):
            held = overlay.reader.only(kind) | {record for record, _ in overlay.of_kind(kind)}
            if len(held) > 1:
                raise Conflict(f"a project has one {kind}", got=len(held), wanted="1")
    maps: dict[str, set[str]] = {}
    for record, write in overlay.of_kind("clock_map"):
        if write.after is not None:
            maps.setdefault(getattr(write.after, "stream", ""), set()).add(record)
    for stream, planned in maps.items():
        kept = {one for one in overlay.reader.only("clock_map", stream=stream) if one not in overlay.writes}
        if len(planned | kept) > 1:
            raise Conflict(
                "a stream has one clock map", where=f"stream {stream}", got=len(planned | kept), wanted="1"
            )
