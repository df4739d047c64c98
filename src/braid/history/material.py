"""What counts: the one table of fields whose change puts a link's judgement in doubt (law L3, rule L4)."""

from __future__ import annotations

from typing import Any

from braid.model.records import AnyRecord, kind_of_record

MATERIAL_FIELDS: dict[str, tuple[str, ...]] = {
    "annotation": ("stream", "region", "at_ns", "class_id", "text", "words", "entity"),
    "entity": ("class_id",),
}
"""By kind of record; every other field (attributes, comment, score, language ...) is recorded but flags nothing."""

MISSING = "missing"
CLOCK = "clock"
CALIBRATION = "calibration"
CONTEXT = (CLOCK, CALIBRATION)
"""Causes that come from the surroundings of an end, not from its own revision."""


def material_changes(before: AnyRecord, after: AnyRecord) -> tuple[str, ...]:
    """The material fields that differ between two states of one record, in the table's order."""
    fields = MATERIAL_FIELDS.get(kind_of_record(after), ())
    return tuple(name for name in fields if getattr(before, name) != getattr(after, name))


def changed_fields(before: AnyRecord, after: AnyRecord) -> tuple[str, ...]:
    """All top-level fields that differ, material or not, in the order of the record's declaration."""
    names: tuple[str, ...] = type(after).__struct_fields__
    missing: Any = object()
    return tuple(name for name in names if getattr(before, name, missing) != getattr(after, name))


def material_table() -> str:
    """The table as Markdown; docs/spec/history.md carries it word for word."""
    rows = [f"| {kind} | {', '.join(fields)} |" for kind, fields in MATERIAL_FIELDS.items()]
    return "\n".join(("| record | material fields |", "|---|---|", *rows))
