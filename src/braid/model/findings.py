"""Findings: what checks report (laws C2, C3, C5), and how a check describes itself."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from braid.model.changes import ErrorBody


class Severity(StrEnum):
    """How bad: an error blocks acceptance, a warning wants a look, a hint may be ignored."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class LayerOfCheck(StrEnum):
    """Within a modality, across modalities, or the whole sample."""

    WITHIN = "within"
    ACROSS = "across"
    WHOLE = "whole"


class Culprit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A record to look at, so that a screen can go there. at_ns: media time of its stream."""

    kind: str
    id: str
    stream: str | None = None
    at_ns: int | None = None


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing a check reports about a sample. The fingerprint survives re-runs (law C3).

    score: 0 (certainly fine) to 1 (certainly wrong). facts: numbers behind it, for example {"iou": "0.44"}.
    """

    check: str
    fingerprint: str
    severity: Severity
    sample: str
    message: str
    culprits: tuple[Culprit, ...]
    score: float = 1.0
    facts: dict[str, str] = {}
    hint: str = ""


class CheckInfo(msgspec.Struct, frozen=True, kw_only=True):
    """How a check describes itself: manual, command line and screen come from this."""

    id: str
    title: str
    layer: LayerOfCheck
    severity: Severity
    purpose: str
    example: str
    reads: tuple[str, ...]
    cost: str = "cheap"
    source: str = ""


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """Something an import did not take, and where it stands."""

    where: str
    reason: str


class ImportWarning(msgspec.Struct, frozen=True, kw_only=True):  # noqa: A001 - nobody imports modules here
    """Something an import took although it looks odd."""

    where: str
    code: str
    message: str


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """How many records an import took."""

    samples: int = 0
    streams: int = 0
    annotations: int = 0
    links: int = 0
    entities: int = 0


class ImportedClass(msgspec.Struct, frozen=True, kw_only=True):
    """A class that imported annotations and entities have: their number, and whether the source brought it."""

    id: str
    name: str
    annotations: int
    entities: int
    is_new: bool


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `import`: everything is either accepted or rejected with a location.

    classes: new ones first, then by number of annotations.
    """

    accepted: Accepted
    rejected: tuple[Rejected, ...] = ()
    warnings: tuple[ImportWarning, ...] = ()
    classes: tuple[ImportedClass, ...] = ()


class ErrorResponse(msgspec.Struct, frozen=True, kw_only=True):
    """What every failing request answers."""

    error: ErrorBody
