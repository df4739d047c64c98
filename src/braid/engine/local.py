"""Run checks over many samples in this process, shard by shard, with progress (law C1)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from braid.base.errors import InvalidInput
from braid.checks.run import merge_findings, run_checks
from braid.checks.tables import Tables
from braid.model.findings import Finding

SHARD_SIZE = 64
"""Samples per shard."""

Load = Callable[[Sequence[str]], Tables]
"""Gives the tables of some samples, those samples in scope. The engine itself knows no database."""


def check_samples(
    samples: Sequence[str],
    load: Load,
    *,
    only: Collection[str] | None = None,
    shard_size: int = SHARD_SIZE,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Finding, ...]:
    """The findings of all samples; the same, whatever the size of a shard.

    `progress(done, total)` is called before the first shard and after each one.
    """
    if shard_size < 1:
        raise InvalidInput("a shard needs at least one sample", got=shard_size, wanted=">= 1")
    parts: list[tuple[Finding, ...]] = []
    if progress:
        progress(0, len(samples))
    for start in range(0, len(samples), shard_size):
        shard = samples[start : start + shard_size]
        parts.append(run_checks(load(shard), only))
        if progress:
            progress(start + len(shard), len(samples))
    return merge_findings(parts)
