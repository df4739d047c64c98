"""The columnar form of the tables (rule C14): the names and types that rules, snapshots and data frames share.

Columns are plain Python lists; who needs Arrow, NumPy or DuckDB hands them over as they are. Times ending in `_ns`
are integers, those of the timeline begin with `t_`. Lists are JSON texts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from braid.base.canonical import canonical_json
from braid.base.errors import InvalidInput, NotFound
from braid.checks.tables import Tables
from braid.checks.timing import timed
from braid.model import records as m
from braid.model.regions import Cuboid, TextSpan, kind_of
from braid.model.validate import bounds_px

VERSION = 1
"""Of the schema; grows when a column changes its meaning."""

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its SQL type (VARCHAR, BIGINT, DOUBLE, BOOLEAN) and what it holds. NULL where there is nothing."""

    name: str
    type: str
    about: str


def _columns(*rows: tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(name=name, type=kind, about=about) for name, kind, about in rows)


SCHEMA: Mapping[str, tuple[Column, ...]] = {
    "samples": _columns(
        ("id", "VARCHAR", "id"),
        ("key", "VARCHAR", "name in the project"),
        ("epoch_ns", "VARCHAR", "zero of the timeline as digits of Unix nanoseconds"),
        ("state", "VARCHAR", "how far the work is"),
    ),
    "streams": _columns(
        ("id", "VARCHAR", "id"),
        ("sample", "VARCHAR", "id of the sample"),
        ("name", "VARCHAR", "name in the sample"),
        ("modality", "VARCHAR", "image, video, audio, text, point_cloud or series"),
        ("sampling", "VARCHAR", "what one reading stands for in time"),
        ("frame", "VARCHAR", "frame of reference"),
        ("width_px", "BIGINT", "picture width"),
        ("height_px", "BIGINT", "picture height"),
        ("duration_ns", "BIGINT", "length in media time"),
    ),
    "annotations": _columns(
        ("id", "VARCHAR", "id"),
        ("sample", "VARCHAR", "id of the sample"),
        ("stream", "VARCHAR", "id of the stream"),
        ("layer", "VARCHAR", "id of the layer"),
        ("class_id", "VARCHAR", "id of the class"),
        ("entity", "VARCHAR", "id of the entity"),
        ("region", "VARCHAR", "kind of region"),
        ("t_start_ns", "BIGINT", "start on the timeline"),
        ("t_end_ns", "BIGINT", "end on the timeline; the start for an instant"),
        ("x0_px", "DOUBLE", "bounds, left"),
        ("y0_px", "DOUBLE", "bounds, top"),
        ("x1_px", "DOUBLE", "bounds, right"),
        ("y1_px", "DOUBLE", "bounds, bottom"),
        ("x_m", "DOUBLE", "centre of a cuboid in its frame of reference"),
        ("y_m", "DOUBLE", "centre of a cuboid in its frame of reference"),
        ("z_m", "DOUBLE", "centre of a cuboid in its frame of reference"),
        ("text", "VARCHAR", "its text, or what a text span quotes"),
        ("score", "DOUBLE", "of a model"),
        ("attributes", "VARCHAR", "as a JSON object"),
    ),
    "links": _columns(
        ("id", "VARCHAR", "id"),
        ("sample", "VARCHAR", "id of the sample"),
        ("layer", "VARCHAR", "id of the layer"),
        ("type_id", "VARCHAR", "id of the link type"),
        ("source", "VARCHAR", "id of the source"),
        ("target", "VARCHAR", "id of the target"),
        ("status", "VARCHAR", "proposed or accepted"),
        ("suspect", "BOOLEAN", "whether an end changed since it was judged"),
        ("score", "DOUBLE", "of a model"),
        ("attributes", "VARCHAR", "as a JSON object"),
    ),
    "entities": _columns(
        ("id", "VARCHAR", "id"),
        ("sample", "VARCHAR", "id of the sample"),
        ("layer", "VARCHAR", "id of the layer"),
        ("class_id", "VARCHAR", "id of the class"),
        ("name", "VARCHAR", "display name"),
        ("attributes", "VARCHAR", "as a JSON object"),
    ),
    "clock_maps": _columns(
        ("id", "VARCHAR", "id"),
        ("sample", "VARCHAR", "id of the sample"),
        ("stream", "VARCHAR", "id of the stream"),
        ("method", "VARCHAR", "how it was found"),
        ("segments", "VARCHAR", "as a JSON list"),
        ("offset_sigma_ns", "BIGINT", "uncertainty of the offset"),
    ),
    "calibrations": _columns(
        ("id", "VARCHAR", "id"),
        ("sample", "VARCHAR", "id of the sample"),
        ("stream", "VARCHAR", "id of the stream"),
        ("frame", "VARCHAR", "frame of reference"),
        ("parent_frame", "VARCHAR", "the frame that it stands in"),
        ("parent_from_frame", "VARCHAR", "pose as a JSON object"),
        ("camera", "VARCHAR", "camera as a JSON object"),
    ),
    "classes": _columns(
        ("id", "VARCHAR", "id"),
        ("name", "VARCHAR", "display name"),
        ("parent", "VARCHAR", "id of the class above"),
        ("deprecated", "BOOLEAN", "closed to new annotations"),
    ),
    "texts": _columns(
        ("stream", "VARCHAR", "id of the text stream"),
        ("text", "VARCHAR", "its contents"),
    ),
}
"""All tables with their columns, in order."""


def columns_of(tables: Tables, name: str) -> dict[str, list[Value]]:
    """One table, samples in scope only, as lists by column name, rows by id. Raises NotFound for an unknown table."""
    if name not in SCHEMA:
        raise NotFound("no table of that name", got=name, wanted=", ".join(SCHEMA))
    rows = _ROWS[name](tables)
    return {column.name: [row.get(column.name) for row in rows] for column in SCHEMA[name]}


def _plain(record: Any, *names: str) -> dict[str, Any]:
    """Fields as they are; enums as their text, empty frames and names as they stand."""
    return {name: _value(getattr(record, name)) for name in names}


def _value(value: Any) -> Value:
    return str(value) if isinstance(value, str) else value


def _json(value: Any) -> str:
    return canonical_json(value).decode()


def _samples(tables: Tables) -> list[dict[str, Any]]:
    return [_plain(r, "id", "key", "epoch_ns", "state") for r in tables.in_scope if isinstance(r, m.Sample)]


def _streams(tables: Tables) -> list[dict[str, Any]]:
    return [
        _plain(r, "id", "sample", "name", "modality", "sampling", "frame")
        | _plain(r.facts, "width_px", "height_px", "duration_ns")
        for r in tables.in_scope
        if isinstance(r, m.Stream)
    ]


def _annotations(tables: Tables) -> list[dict[str, Any]]:
    return [_annotation(tables, record) for record in tables.annotations]


def _annotation(tables: Tables, record: m.Annotation) -> dict[str, Any]:
    row = _plain(record, "id", "sample", "stream", "layer", "class_id", "entity", "text", "score")
    row |= {"region": kind_of(record.region), "attributes": _json(record.attributes)}
    when = timed(tables, record)
    if when is not None:
        row |= {"t_start_ns": when.start_ns, "t_end_ns": when.end_ns}
    try:
        bounds = bounds_px(record.region)
    except InvalidInput:  # a malformed mask has none; the schema check tells
        bounds = None
    if bounds is not None:
        row |= dict(zip(("x0_px", "y0_px", "x1_px", "y1_px"), bounds, strict=True))
    if isinstance(record.region, Cuboid):
        row |= dict(zip(("x_m", "y_m", "z_m"), record.region.centre_m, strict=True))
    if isinstance(record.region, TextSpan):
        row["text"] = record.region.quote
    return row


def _links(tables: Tables) -> list[dict[str, Any]]:
    return [
        _plain(r, "id", "sample", "layer", "type_id", "status", "score")
        | {
            "source": r.source.id,
            "target": r.target.id,
            "suspect": bool(r.causes),
            "attributes": _json(r.attributes),
        }
        for r in tables.links
    ]


def _entities(tables: Tables) -> list[dict[str, Any]]:
    return [
        _plain(r, "id", "sample", "layer", "class_id", "name") | {"attributes": _json(r.attributes)}
        for r in tables.entities
    ]


def _clock_maps(tables: Tables) -> list[dict[str, Any]]:
    return [
        _plain(r, "id", "sample", "stream", "method")
        | {"segments": _json(r.segments), "offset_sigma_ns": r.fit.offset_sigma_ns}
        for r in tables.in_scope
        if isinstance(r, m.ClockMap)
    ]


def _calibrations(tables: Tables) -> list[dict[str, Any]]:
    return [
        _plain(r, "id", "sample", "stream", "frame", "parent_frame")
        | {"parent_from_frame": _json(r.parent_from_frame), "camera": _json(r.camera) if r.camera else None}
        for r in tables.in_scope
        if isinstance(r, m.Calibration)
    ]


def _classes(tables: Tables) -> list[dict[str, Any]]:
    return [_plain(node, "id", "name", "parent", "deprecated") for node in tables.ontology.ontology.classes]


def _texts(tables: Tables) -> list[dict[str, Any]]:
    return [
        {"stream": r.id, "text": tables.texts[r.id]}
        for r in tables.in_scope
        if isinstance(r, m.Stream) and r.id in tables.texts
    ]


_ROWS: Mapping[str, Callable[[Tables], list[dict[str, Any]]]] = {
    "samples": _samples,
    "streams": _streams,
    "annotations": _annotations,
    "links": _links,
    "entities": _entities,
    "clock_maps": _clock_maps,
    "calibrations": _calibrations,
    "classes": _classes,
    "texts": _texts,
}
