"""A store in memory with what import and export need; the real ones have their own contract suite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from braid.base.errors import NotFound
from braid.base.hashing import revision_of_record
from braid.model.changes import (
    BatchResult,
    ChangeSet,
    Create,
    Delete,
    ErrorBody,
    Outcome,
    OutcomeState,
)
from braid.model.records import AnyRecord, Ontology, Project, Sample, kind_of_record
from braid.model.views import ProjectSummary, SamplePage, SampleSummary, Versioned
from braid.store.port import Admit


@dataclass(slots=True)
class Held:
    heads: dict[str, AnyRecord] = field(default_factory=dict)
    seq: int = 0


@dataclass(slots=True)
class MemoryStore:
    """Applies creations and updates; `fail_next` refuses the next commit as a real store would."""

    held: dict[str, Held] = field(default_factory=dict)
    fail_next: bool = False

    def close(self) -> None:
        self.held.clear()

    def projects(self) -> tuple[ProjectSummary, ...]:
        return tuple(self._summary(project) for project in sorted(self.held))

    def project_by_slug(self, slug: str) -> ProjectSummary:
        for project in self.projects():
            if slug in {project.slug, project.id}:
                return project
        raise NotFound("no such project", got=slug)

    def create_project(self, change_set: ChangeSet, *, actor: str) -> ProjectSummary:
        records = [op.record for op in change_set.ops if isinstance(op, Create)]
        project = next(record for record in records if isinstance(record, Project))
        self.held[project.id] = Held(heads={record.id: record for record in records}, seq=1)
        return self._summary(project.id)

    def delete_project(self, project: str) -> None:
        del self.held[project]

    def commit(
        self, project: str, change_sets: Sequence[ChangeSet], *, actor: str, admit: Admit | None = None
    ) -> BatchResult:
        held = self.held[project]
        outcomes: list[Outcome] = []
        for change_set in change_sets:
            if self.fail_next:
                self.fail_next = False
                error = ErrorBody(code="invalid_input", message="refused by the test")
                outcomes.append(Outcome(id=change_set.id, state=OutcomeState.INVALID, errors=(error,)))
                continue
            for op in change_set.ops:
                if isinstance(op, Delete):
                    del held.heads[op.id]
                else:
                    held.heads[op.record.id] = op.record
            held.seq += 1
            outcomes.append(Outcome(id=change_set.id, state=OutcomeState.COMMITTED, seq=held.seq))
        return BatchResult(outcomes=tuple(outcomes), seq=held.seq)

    def heads(self, project: str, ids: Iterable[str]) -> dict[str, Versioned]:
        heads = self.held[project].heads
        return {one: self._versioned(heads[one]) for one in ids if one in heads}

    def records(
        self, project: str, kind: str, *, sample: str | None = None, at_seq: int | None = None
    ) -> Iterator[Versioned]:
        for record in sorted(self.held[project].heads.values(), key=lambda one: one.id):
            if kind_of_record(record) == kind and sample in (None, getattr(record, "sample", None)):
                yield self._versioned(record)

    def ontology(self, project: str, *, at_seq: int | None = None) -> Versioned:
        heads = self.held[project].heads.values()
        return self._versioned(next(record for record in heads if isinstance(record, Ontology)))

    def samples(
        self, project: str, *, after: str | None = None, limit: int = 100, search: str = "", state: str = ""
    ) -> SamplePage:
        found = sorted(
            (record for record in self.held[project].heads.values() if isinstance(record, Sample)),
            key=lambda sample: sample.key,
        )
        found = [sample for sample in found if after is None or sample.key > after]
        page = found[:limit]
        rows = tuple(
            SampleSummary(
                id=one.id,
                key=one.key,
                state=one.state,
                tags=one.tags,
                modalities=(),
                annotations=0,
                links=0,
                suspects=0,
                findings=0,
            )
            for one in page
        )
        return SamplePage(items=rows, next=page[-1].key if len(found) > limit else None)

    def _versioned(self, record: AnyRecord) -> Versioned:
        return Versioned(rev=revision_of_record(record), seq=1, record=record)

    def _summary(self, project: str) -> ProjectSummary:
        held = self.held[project]
        record = next(one for one in held.heads.values() if isinstance(one, Project))
        kinds = [kind_of_record(one) for one in held.heads.values()]
        return ProjectSummary(
            id=project,
            slug=record.slug,
            name=record.name,
            template=record.template,
            seq=held.seq,
            samples=kinds.count("sample"),
            annotations=kinds.count("annotation"),
            links=kinds.count("link"),
            suspects=0,
            findings=0,
        )
