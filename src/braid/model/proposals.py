"""Proposals: links that geometry, time or words suggest. They are computed, never stored; a person makes the link."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class ProposalKind(StrEnum):
    """What speaks for the link."""

    PROJECTION = "projection"
    TIME = "time"
    WORDS = "words"


class Proposal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A link that may be missing. source, target: ids of annotations, as the link would have them.

    The fingerprint names the type and the ends, so that a verdict with it puts the proposal away for good.
    score: 0 (a guess) to 1 (as good as certain). reason: one sentence for people. facts: the numbers behind it.
    """

    fingerprint: str
    sample: str
    kind: ProposalKind
    type_id: str
    source: str
    target: str
    score: float
    reason: str
    facts: dict[str, str] = {}
