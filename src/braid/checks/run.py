"""Run checks on tables: the same function after a commit, on a project, and on a shard (rule C1)."""

from __future__ import annotations

from collections.abc import Collection

from braid.base.errors import NotFound
from braid.checks.catalogue import all_checks
from braid.checks.tables import Tables
from braid.model.findings import Finding, Severity

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.HINT: 2}


def run_checks(tables: Tables, only: Collection[str] | None = None) -> tuple[Finding, ...]:
    """All findings about the samples in scope, each fingerprint once, in an order that never varies.

    `only`: ids of checks to run. Raises NotFound for an unknown one.
    """
    checks = all_checks()
    for name in sorted(only or ()):
        if name not in checks:
            raise NotFound("no check of that id", got=name, wanted=", ".join(checks))
    found: dict[str, Finding] = {}
    for name, check in checks.items():
        if only is None or name in only:
            for finding in check().run(tables):
                known = found.get(finding.fingerprint)
                if known is None or _worth(finding) < _worth(known):
                    found[finding.fingerprint] = finding
    return merge_findings([tuple(found.values())])


def merge_findings(parts: Collection[tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """The findings of several shards as one, by sample, severity, check and fingerprint."""
    return tuple(
        sorted(
            (finding for part in parts for finding in part),
            key=lambda f: (f.sample, _RANK[f.severity], f.check, f.fingerprint),
        )
    )


def _worth(finding: Finding) -> tuple[int, float, str]:
    return (_RANK[finding.severity], -finding.score, finding.message)
