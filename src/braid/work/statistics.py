"""A project as counts. What only a commit can change is kept until the next one; findings are counted each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from threading import Lock

import msgspec

from braid.model.findings import CheckInfo, Severity
from braid.model.records import Modality, SampleState, Verdict
from braid.model.statistics import (
    ClassTally,
    FindingTally,
    LinkTally,
    ModalityTally,
    PairTally,
    ProjectStatistics,
    StateTally,
)
from braid.store.port import Store
from braid.store.tallies import Tallies
from braid.work.as_record import as_record

MAX_PAIRS = 200
"""Pairs of classes that are listed; links of further ones are counted together."""

MAX_KEPT = 32
"""Projects whose counts are kept."""

_SEVERITIES = list(Severity)


class Statistics:
    """Answers how projects stand, counting a state only once. Safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[str, ProjectStatistics] = {}
        self._lock = Lock()

    def of(self, project: str, checks: Mapping[str, CheckInfo]) -> ProjectStatistics:
        """The counts now. project: id. checks: the known checks by id. Raises NotFound."""
        seq = self._store.seq(project)
        with self._lock:
            counted = self._kept.get(project)
        if counted is None or counted.seq != seq:
            counted = counts_of(self._store.tallies(project))
            with self._lock:
                self._kept.pop(project, None)
                self._kept[project] = counted
                while len(self._kept) > MAX_KEPT:
                    del self._kept[next(iter(self._kept))]
        return msgspec.structs.replace(counted, findings=finding_tallies(self._store, project, checks))


def counts_of(found: Tallies) -> ProjectStatistics:
    """The counts as screens want them, without findings."""
    samples = sum(count for _, count in found.states)
    by_class: dict[str, Counter[Modality]] = {}
    by_modality: Counter[Modality] = Counter()
    for class_id, stream, count in found.labels:
        modality = Modality(found.streams.get(stream, Modality.TEXT))
        by_class.setdefault(class_id, Counter())[modality] += count
        by_modality[modality] += count
    entities = dict(found.entities)
    streams = Counter(Modality(modality) for modality in found.streams.values())
    states = dict(found.states)
    pairs = sorted(found.pairs, key=lambda pair: (-pair[3], pair[:3]))
    classes = [
        ClassTally(
            class_id=class_id,
            annotations=sum(by_class.get(class_id, Counter()).values()),
            entities=entities.get(class_id, 0),
            by_modality=dict(sorted(by_class.get(class_id, Counter()).items())),
        )
        for class_id in by_class.keys() | entities.keys()
    ]
    return ProjectStatistics(
        seq=found.seq,
        samples=samples,
        annotations=by_modality.total(),
        entities=sum(entities.values()),
        links=sum(links for _, links, _ in found.links),
        suspects=sum(suspects for _, _, suspects in found.links),
        suspect_samples=found.suspect_samples,
        unlabelled_samples=max(0, samples - found.labelled_samples),
        states=tuple(StateTally(state=state, samples=states.get(state, 0)) for state in SampleState),
        modalities=tuple(
            ModalityTally(modality=one, streams=streams[one], annotations=by_modality[one])
            for one in Modality
            if streams[one]
        ),
        classes=tuple(sorted(classes, key=lambda one: (-one.annotations, -one.entities, one.class_id))),
        link_types=tuple(
            LinkTally(type_id=type_id, links=links, suspects=suspects)
            for type_id, links, suspects in sorted(found.links, key=lambda one: (-one[1], one[0]))
        ),
        pairs=tuple(
            PairTally(type_id=type_id, source_class=source, target_class=target, links=links)
            for type_id, source, target, links in pairs[:MAX_PAIRS]
        ),
        other_pairs=sum(pair[3] for pair in pairs[MAX_PAIRS:]),
        findings=(),
    )


def finding_tallies(store: Store, project: str, checks: Mapping[str, CheckInfo]) -> tuple[FindingTally, ...]:
    """Findings by check and severity, the worst and most frequent first."""
    verdicts = {
        (verdict.sample, verdict.fingerprint)
        for held in store.records(project, "verdict")
        for verdict in (as_record(held.record, Verdict),)
    }
    counts: Counter[tuple[str, Severity, bool]] = Counter(
        (one.check, one.severity, (one.sample, one.fingerprint) not in verdicts)
        for one in store.findings(project)
    )
    found = []
    for check, severity in {(check, severity) for check, severity, _ in counts}:
        known = checks.get(check)
        found.append(
            FindingTally(
                check=check,
                title=check if known is None else known.title,
                layer=None if known is None else known.layer,
                severity=severity,
                open=counts[check, severity, True],
                settled=counts[check, severity, False],
            )
        )
    return tuple(sorted(found, key=lambda one: (_SEVERITIES.index(one.severity), -one.open, one.check)))
