"""How a project stands, as counts: what a person wants to see before opening a sample."""

from __future__ import annotations

import msgspec

from braid.model.findings import LayerOfCheck, Severity
from braid.model.records import Modality, SampleState


class StateTally(msgspec.Struct, frozen=True, kw_only=True):
    """How many samples are in a state."""

    state: SampleState
    samples: int


class ModalityTally(msgspec.Struct, frozen=True, kw_only=True):
    """Streams of a modality, and annotations on them."""

    modality: Modality
    streams: int
    annotations: int


class ClassTally(msgspec.Struct, frozen=True, kw_only=True):
    """Annotations and entities of one class (not of its descendants); `by_modality` says where the annotations are."""

    class_id: str
    annotations: int
    entities: int
    by_modality: dict[Modality, int]


class LinkTally(msgspec.Struct, frozen=True, kw_only=True):
    """Links of one type, and how many of them are suspect."""

    type_id: str
    links: int
    suspects: int


class PairTally(msgspec.Struct, frozen=True, kw_only=True):
    """Links of a type from one class to another: which classes occur together."""

    type_id: str
    source_class: str
    target_class: str
    links: int


class FindingTally(msgspec.Struct, frozen=True, kw_only=True):
    """Findings of a check with a severity: still open, and settled by a verdict. layer: None for an unknown check."""

    check: str
    title: str
    layer: LayerOfCheck | None
    severity: Severity
    open: int
    settled: int


class ProjectStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """A project as counts, at commit `seq`. Largest counts come first.

    `suspect_samples`: samples with a suspect link; `unlabelled_samples`: samples without an annotation.
    `other_pairs`: links of pairs beyond the listed ones.
    """

    seq: int
    samples: int
    annotations: int
    entities: int
    links: int
    suspects: int
    suspect_samples: int
    unlabelled_samples: int
    states: tuple[StateTally, ...]
    modalities: tuple[ModalityTally, ...]
    classes: tuple[ClassTally, ...]
    link_types: tuple[LinkTally, ...]
    pairs: tuple[PairTally, ...]
    other_pairs: int
    findings: tuple[FindingTally, ...]
