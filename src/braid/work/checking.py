"""Run the checks on samples and keep their findings: after each commit, and when asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from braid.base.errors import BraidError, NotFound
from braid.model.findings import Finding, Severity
from braid.model.records import AnyRecord, Link, Modality, Sample, Stream, Verdict
from braid.model.views import FindingView, SampleView, Versioned
from braid.store.port import Store
from braid.work.as_record import as_record
from braid.work.served import ServedWorkspace

if TYPE_CHECKING:
    from braid.checks.tables import Tables

Runner = Callable[[ServedWorkspace, str, Sequence[str]], Sequence[Finding]]
"""Runs checks over some samples (ids) of a project."""

BATCH = 64
"""Samples per run: bounds what is in memory at once."""


def run_built_in(workspace: ServedWorkspace, project: str, samples: Sequence[str]) -> Sequence[Finding]:
    """All built-in checks over some samples, with the far ends of their links as context."""
    from braid.checks.run import run_checks

    return run_checks(tables_of(workspace, project, samples))


def tables_of(workspace: ServedWorkspace, project: str, samples: Sequence[str]) -> Tables:
    """The tables of some samples (ids), with the far ends of their links as context."""
    from braid.checks.tables import Tables

    store = workspace.store
    records: dict[str, AnyRecord] = {}
    for held in (store.ontology(project), *store.records(project, "layer")):
        _add(records, held)
    for sample in samples:
        for held in _records_of(store, project, sample):
            _add(records, held)
    far = {
        end.id
        for record in records.values()
        if isinstance(record, Link)
        for end in (record.source, record.target)
        if end.id not in records
    }
    if far:
        for held in store.heads(project, sorted(far)).values():
            _add(records, held)
    streams = [record for record in records.values() if isinstance(record, Stream)]
    texts = {stream.id: text for stream in streams if (text := _text_of(workspace, stream)) is not None}
    return Tables.build(records.values(), scope=samples, texts=texts)


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


def sample_id(store: Store, project: str, name: str) -> str:
    """The id of a sample named by id or key. Raises NotFound."""
    held = store.sample(project, name).sample
    return str(as_record(held.record, AnyRecord).id)


def sample_keys(store: Store, project: str, ids: Iterable[str]) -> dict[str, str]:
    """The keys of samples by id, for people."""
    held = store.heads(project, sorted(ids))
    records: dict[str, AnyRecord] = {name: as_record(one.record, AnyRecord) for name, one in held.items()}
    return {name: record.key for name, record in records.items() if isinstance(record, Sample)}


def check_samples(
    workspace: ServedWorkspace,
    project: str,
    samples: Iterable[str] | None = None,
    *,
    run: Runner = run_built_in,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[FindingView, ...]:
    """Check samples (ids; all by default), store what was found, answer it with its standing."""
    store = workspace.store
    ids = all_samples(store, project) if samples is None else tuple(dict.fromkeys(samples))
    found: list[FindingView] = []
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        findings = tuple(run(workspace, project, part))
        store.put_findings(project, part, findings)
        found.extend(with_verdicts(store, project, findings))
        if progress is not None:
            progress(min(start + BATCH, len(ids)), len(ids))
    return tuple(found)


def finding_views(
    store: Store,
    project: str,
    *,
    sample: str | None = None,
    check: str = "",
    severity: Severity | None = None,
) -> tuple[FindingView, ...]:
    """The stored findings, of one sample, check or severity, with their standing."""
    findings = [
        finding
        for finding in store.findings(project, sample=sample)
        if check in {"", finding.check} and severity in {None, finding.severity}
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


def _records_of(store: Store, project: str, sample: str) -> Iterator[Versioned]:
    """Every record of a sample; none when it was deleted."""
    try:
        view: SampleView = store.sample(project, sample)
    except NotFound:
        return
    yield view.sample
    for group in (
        view.streams,
        view.clock_maps,
        view.calibrations,
        view.trajectories,
        view.entities,
        view.annotations,
        view.links,
        view.verdicts,
    ):
        yield from group


def _add(records: dict[str, AnyRecord], held: Versioned) -> None:
    record: AnyRecord = as_record(held.record, AnyRecord)
    records[record.id] = record


def _text_of(workspace: ServedWorkspace, stream: Stream) -> str | None:
    """What a text stream says; None when it is no text, or cannot be read (the media warnings say so)."""
    if stream.modality is not Modality.TEXT or stream.asset is None:
        return None
    from braid.media.texts import read_text

    try:
        return read_text(workspace.asset_path(stream.asset)).text
    except BraidError:
        return None
