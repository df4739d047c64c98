"""Links that may be missing, from geometry, time and words: pure functions from tables, as checks are (law C1)."""

from __future__ import annotations

from braid.checks.proposing.by_projection import by_projection
from braid.checks.proposing.by_time import by_time
from braid.checks.proposing.by_words import by_words
from braid.checks.tables import Tables
from braid.model.proposals import Proposal
from braid.model.records import Verdict

__all__ = ["MAX_PROPOSALS", "by_projection", "by_time", "by_words", "propose"]

MAX_PROPOSALS = 200
"""Per sample: the best ones. Who works through these gets the next ones."""


def propose(tables: Tables, sample: str) -> tuple[Proposal, ...]:
    """The proposals for one sample, best first; without those that exist as links or that a verdict put away."""
    put_away = {
        record.fingerprint
        for record in tables.records.values()
        if isinstance(record, Verdict) and record.sample == sample
    }
    best: dict[str, Proposal] = {}
    for suggest in (by_projection, by_time, by_words):
        for proposal in suggest(tables, sample):
            known = best.get(proposal.fingerprint)
            if proposal.fingerprint not in put_away and (known is None or known.score < proposal.score):
                best[proposal.fingerprint] = proposal
    ordered = sorted(best.values(), key=lambda p: (-p.score, p.source, p.target, p.type_id))
    return tuple(ordered[:MAX_PROPOSALS])
