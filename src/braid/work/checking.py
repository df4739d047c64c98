"""Run the cheap checks on samples and keep their findings: after each commit, and when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from braid.model.findings import Finding, Severity
from braid.model.records import Verdict
from braid.model.views import FindingView
from braid.store.port import Store
from braid.work.as_record import as_record

Runner = Callable[[Store, str, Sequence[str]], Sequence[Finding]]
"""Runs all checks over some samples of a project."""

BATCH = 64


def all_samples(store: Store, project: str) -> tuple[str, ...]:
    """The ids of all samples, by key."""
    ids: list[str] = []
    after: str | None = None
    while True:
        page = store.samples(project, after=after, limit=1000)
        ids.extend(item.id for item in page.items)
        if page.next is None:
            return tuple(ids)
        after = page.next


def check_samples(
    store: Store,
    project: str,
    samples: Iterable[str] | None = None,
    *,
    run: Runner,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[FindingView, ...]:
    """Check samples (all by default), store what was found, answer it with its standing."""
    ids = all_samples(store, project) if samples is None else tuple(dict.fromkeys(samples))
    found: list[FindingView] = []
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        findings = tuple(run(store, project, part))
        store.put_findings(project, part, findings)
        found.extend(with_verdicts(store, project, findings))
        if progress is not None:
            progress(min(start + BATCH, len(ids)), len(ids))
    return tuple(found)


def finding_views(
    store: Store, project: str, *, sample: str | None = None, check: str = "", severity: Severity | None = None
) -> tuple[FindingView, ...]:
    """The stored findings, of one sample, check or severity, with their standing."""
    findings = [
        finding
        for finding in store.findings(project, sample=sample)
        if check in ("", finding.check) and severity in (None, finding.severity)
    ]
    return with_verdicts(store, project, findings)


def with_verdicts(store: Store, project: str, findings: Sequence[Finding]) -> tuple[FindingView, ...]:
    """Findings joined with the verdicts that name their fingerprint in the same sample."""
    verdicts: dict[tuple[str, str], Verdict] = {}
    for sample in sorted({finding.sample for finding in findings}):
        for held in store.records(project, "verdict", sample=sample):
            verdict: Verdict = as_record(held.record, Verdict)
            verdicts[sample, verdict.fingerprint] = verdict
    return tuple(
        FindingView(finding=finding, verdict=verdicts.get((finding.sample, finding.fingerprint)))
        for finding in findings
    )

