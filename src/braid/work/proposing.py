"""Proposals for links of a sample, from its records as they are now."""

from __future__ import annotations

from braid.model.proposals import Proposal
from braid.work.checking import tables_of
from braid.work.served import ServedWorkspace


def proposals_of(workspace: ServedWorkspace, project: str, sample: str) -> tuple[Proposal, ...]:
    """What geometry, time and words suggest for a sample (id), best first; nothing is stored."""
    from braid.checks.proposing import propose

    return propose(tables_of(workspace, project, [sample]), sample)
