"""A store held in memory: enough of the seam to drive the routes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from braid.base.errors import Conflict, NotFound
from braid.base.hashing import revision_of_record, sha256_hex
from braid.model.changes import (
    BatchResult, Change, ChangeSet, Commit, Create, Delete, ErrorBody, Head, Outcome, OutcomeState, Stale, Update,
)  # fmt: skip
from braid.model.findings import Finding
from braid.model.records import AnyRecord, Link, Ontology, Project, Sample, kind_of_record, sample_of
from braid.model.views import (
    CommitPage, DiffView, FindingView, ProjectSummary, RecordDiff, RevisionPage, RevisionView, SamplePage,
    SampleSummary, SampleView, Versioned,
)  # fmt: skip


@dataclass
class _Held:
    project: Project
    heads: dict[str, tuple[AnyRecord, str, int]] = field(default_factory=dict)
    log: list[Commit] = field(default_factory=list)
    past: list[dict[str, tuple[AnyRecord, str, int]]] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    findings: dict[str, tuple[Finding, ...]] = field(default_factory=dict)


class MemoryStore:
    """Projects by id."""

    def __init__(self) -> None:
        self._held: dict[str, _Held] = {}
        self._news = threading.Condition(threading.RLock())

    def close(self) -> None: ...

    def _of(self, project: str) -> _Held:
        with self._news:
            for held in self._held.values():
                if project in (held.project.id, held.project.slug):
                    return held
        raise NotFound("no such project", where=f"project {project}")

    def _summary(self, held: _Held) -> ProjectSummary:
        kinds = [kind_of_record(record) for record, _, _ in held.heads.values()]
        return ProjectSummary(
            id=held.project.id, slug=held.project.slug, name=held.project.name, template=held.project.template,
            seq=len(held.log), samples=kinds.count("sample"), annotations=kinds.count("annotation"),
            links=kinds.count("link"), suspects=0, findings=sum(map(len, held.findings.values())),
        )  # fmt: skip

    def projects(self) -> tuple[ProjectSummary, ...]:
        return tuple(self._summary(held) for held in self._held.values())

    def project_by_slug(self, slug: str) -> ProjectSummary:
        return self._summary(self._of(slug))

    def create_project(self, change_set: ChangeSet, *, actor: str) -> ProjectSummary:
        records = [op.record for op in change_set.ops if isinstance(op, Create)]
        project = next(record for record in records if isinstance(record, Project))
        if any(held.project.slug == project.slug for held in self._held.values()):
            raise Conflict("a project of that slug exists", where=project.slug)
        with self._news:
            self._held[project.id] = _Held(project=project)
            self.commit(project.id, [change_set], actor=actor)
        return self.project_by_slug(project.id)

    def commit(self, project: str, change_sets: Any, *, actor: str, admit: Any = None) -> BatchResult:
        held = self._of(project)
        with self._news:
            outcomes = tuple(self._apply(held, one, actor=actor) for one in change_sets)
            self._news.notify_all()
        return BatchResult(outcomes=outcomes, seq=len(held.log))

    def _apply(self, held: _Held, one: ChangeSet, *, actor: str) -> Outcome:
        if one.id in held.outcomes:
            return held.outcomes[one.id]
        heads, changes, seq = dict(held.heads), [], len(held.log) + 1
        for op in one.ops:
            record = None if isinstance(op, Delete) else op.record
            name = op.id if isinstance(op, Delete) else op.record.id
            kind = op.kind if isinstance(op, Delete) else kind_of_record(op.record)
            before = heads.get(name)
            if isinstance(op, Create) and before is not None:
                return _refused(one, "exists", name)
            if isinstance(op, Update | Delete) and (before is None or before[1] != op.base):
                head = None if before is None else before[0]
                stale = Stale(
                    kind=kind, id=name, base_rev=op.base, base=None, head_rev=before and before[1], head=head
                )
                return Outcome(id=one.id, state=OutcomeState.STALE, stale=(stale,))
            if record is None:
                sample = None if before is None else sample_of(before[0])
                heads.pop(name)
            else:
                if not isinstance(record, Project | Ontology) and (sample_of(record) or name) not in {*heads, name}:
                    return _refused(one, "no such sample", name)
                sample = sample_of(record)
                heads[name] = (record, revision_of_record(record), seq)
            to_rev = None if record is None else heads[name][1]
            if before is not None and before[1] == to_rev:
                continue
            changes.append(
                Change(kind=kind, id=name, sample=sample, from_rev=before and before[1], to_rev=to_rev, digest="")
            )
        if not changes:
            return Outcome(id=one.id, state=OutcomeState.UNCHANGED)
        held.past.append(held.heads)
        held.heads = heads
        held.log.append(
            Commit(
                project=held.project.id, seq=seq, id=one.id, actor=actor, at_ns=str(seq), origin=one.origin,
                reason=one.reason, parent=sha256_hex(b""), changes=tuple(changes), undoes=one.undoes,
            )  # fmt: skip
        )
        made = tuple(
            Head(kind=c.kind, id=c.id, rev=c.to_rev or "", seq=seq, record=heads[c.id][0] if c.to_rev else None)
            for c in changes
        )
        held.outcomes[one.id] = Outcome(id=one.id, state=OutcomeState.COMMITTED, seq=seq, heads=made)
        return held.outcomes[one.id]

    def seq(self, project: str) -> int:
        return len(self._of(project).log)

    def _state(self, project: str, at_seq: int | None) -> dict[str, tuple[AnyRecord, str, int]]:
        held = self._of(project)
        if at_seq is None or at_seq == len(held.log):
            return held.heads
        if not 0 <= at_seq < len(held.log):
            raise NotFound("no such commit", where=f"commit {at_seq}")
        return held.past[at_seq]

    def heads(self, project: str, ids: Any) -> dict[str, Versioned]:
        heads = self._of(project).heads
        return {name: _versioned(heads[name]) for name in ids if name in heads}

    def records(self, project: str, kind: str, *, sample: str | None = None, at_seq: int | None = None) -> Any:
        for held in self._state(project, at_seq).values():
            if kind_of_record(held[0]) == kind and sample in (None, sample_of(held[0])):
                yield _versioned(held)

    def ontology(self, project: str, *, at_seq: int | None = None) -> Versioned:
        return next(iter(self.records(project, "ontology", at_seq=at_seq)))

    def sample(self, project: str, sample: str, *, at_seq: int | None = None) -> SampleView:
        state = self._state(project, at_seq)
        found = next(
            (one for one in state.values() if isinstance(one[0], Sample) and sample in (one[0].id, one[0].key)), None
        )
        if found is None:
            raise NotFound("no such sample", where=f"sample {sample}")
        name = found[0].id

        def of(kind: str) -> tuple[Versioned, ...]:
            return tuple(self.records(project, kind, sample=name, at_seq=at_seq))

        return SampleView(
            seq=at_seq or self.seq(project), sample=_versioned(found), streams=of("stream"),
            clock_maps=of("clock_map"), calibrations=of("calibration"), trajectories=of("trajectory"),
            entities=of("entity"), annotations=of("annotation"), links=of("link"), verdicts=of("verdict"),
            findings=tuple(FindingView(finding=f) for f in self.findings(project, sample=name)),
        )  # fmt: skip

    def samples(
        self, project: str, *, after: str | None = None, limit: int = 100, search: str = "", state: str = ""
    ) -> SamplePage:
        found = sorted((v.record for v in self.records(project, "sample")), key=lambda sample: sample.key)
        found = [s for s in found if search in s.key and state in ("", s.state) and (after is None or s.key > after)]
        items = tuple(
            SampleSummary(
                id=s.id, key=s.key, state=s.state, tags=s.tags, modalities=(), annotations=0, links=0, suspects=0,
                findings=len(self.findings(project, sample=s.id)),
            )  # fmt: skip
            for s in found[:limit]
        )
        return SamplePage(items=items, next=items[-1].key if len(found) > limit else None)

    def suspects(self, project: str, *, sample: str | None = None) -> tuple[Versioned, ...]:
        return tuple(
            one
            for one in self.records(project, "link", sample=sample)
            if isinstance(one.record, Link) and one.record.causes
        )

    def commits(
        self, project: str, *, before: int | None = None, limit: int = 50, sample: str | None = None,
        record: str | None = None,
    ) -> CommitPage:  # fmt: skip
        log = [c for c in reversed(self._of(project).log) if before is None or c.seq < before]
        log = [c for c in log if sample is None or any(change.sample == sample for change in c.changes)]
        log = [c for c in log if record is None or any(change.id == record for change in c.changes)]
        return CommitPage(items=tuple(log[:limit]), next=str(log[limit - 1].seq) if len(log) > limit else None)

    def commit_at(self, project: str, seq: int) -> Commit:
        log = self._of(project).log
        if not 1 <= seq <= len(log):
            raise NotFound("no such commit", where=f"commit {seq}")
        return log[seq - 1]

    def commits_after(self, project: str, seq: int, *, limit: int = 1000) -> tuple[Commit, ...]:
        return tuple(self._of(project).log[seq : seq + limit])

    def wait_for(self, project: str, seq: int, *, timeout_s: float) -> int:
        with self._news:
            self._news.wait_for(lambda: self.seq(project) > seq, timeout_s)
            return self.seq(project)

    def revisions(self, project: str, record: str) -> RevisionPage:
        items = []
        held = self._of(project)
        for commit, state in zip(held.log, [*held.past[1:], held.heads], strict=True):
            for change in commit.changes:
                if change.id == record:
                    value = state[record][0] if record in state else None
                    items.append(
                        RevisionView(
                            rev=change.to_rev, seq=commit.seq, actor=commit.actor, at_ns=commit.at_ns,
                            reason=commit.reason, derived=False, record=value,
                        )  # fmt: skip
                    )
        if not items:
            raise NotFound("no such record", where=f"record {record}")
        return RevisionPage(items=tuple(reversed(items)), next=None)

    def diff(self, project: str, from_seq: int, to_seq: int, *, sample: str | None = None) -> DiffView:
        before, after = self._state(project, from_seq), self._state(project, to_seq)
        diffs = [
            RecordDiff(
                kind=kind_of_record((after.get(name) or before[name])[0]), id=name, changed=(),
                before=before[name][0] if name in before else None, after=after[name][0] if name in after else None,
            )  # fmt: skip
            for name in sorted({*before, *after})
            if before.get(name) != after.get(name)
        ]
        return DiffView(from_seq=from_seq, to_seq=to_seq, records=tuple(diffs))

    def inverse(self, project: str, seq: int, *, new_id: str) -> ChangeSet:
        return self.restoring(project, self.commit_at(project, seq).seq - 1, new_id=new_id)

    def restoring(
        self, project: str, to_seq: int, *, new_id: str, sample: str | None = None, record: str | None = None
    ) -> ChangeSet:
        now, then = self._state(project, None), self._state(project, to_seq)
        ops: list[Any] = [
            Delete(kind=kind_of_record(held[0]), id=name, base=held[1]) for name, held in now.items() if name not in then
        ]
        ops += [Update(record=then[n][0], base=now[n][1]) for n in then if n in now and then[n][1] != now[n][1]]
        ops += [Create(record=held[0]) for name, held in then.items() if name not in now]
        return ChangeSet(id=new_id, ops=tuple(ops))

    def put_findings(self, project: str, samples: Any, findings: Any) -> None:
        for sample in samples:
            self._of(project).findings[sample] = tuple(f for f in findings if f.sample == sample)

    def findings(self, project: str, *, sample: str | None = None) -> tuple[Finding, ...]:
        held = self._of(project).findings
        return tuple(f for name in sorted(held) if sample in (None, name) for f in held[name])


def _versioned(held: tuple[AnyRecord, str, int]) -> Versioned:
    return Versioned(rev=held[1], seq=held[2], record=held[0])


def _refused(one: ChangeSet, message: str, where: str) -> Outcome:
    error = ErrorBody(code="invalid_input", message=message, where=where)
    return Outcome(id=one.id, state=OutcomeState.INVALID, errors=(error,))
