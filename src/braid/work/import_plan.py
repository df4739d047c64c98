"""What an import would write, gathered and judged before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec

from braid.base.errors import InvalidInput, LimitExceeded
from braid.formats.classes import with_new_classes
from braid.formats.seam import Problem, ReadContext, SampleBundle
from braid.model import findings as reports
from braid.model.findings import Accepted, ImportReport, Rejected
from braid.model.records import (
    RECORD_KINDS,
    Annotation,
    AnyRecord,
    Entity,
    Link,
    Ontology,
    Stream,
    kind_of_record,
)
from braid.work.import_streams import StreamProbe

MAX_RECORDS = 500_000
"""Records that one import writes as its single change set, held in memory. Larger sources are imported in parts."""

MAX_PROBLEMS = 10_000
"""Problems that a report lists one by one; the rest is counted."""

Admission = Callable[[AnyRecord, Callable[[str], AnyRecord | None]], None]
_ORDER = {kind: place for place, kind in enumerate(RECORD_KINDS)}


@dataclass(slots=True, kw_only=True)
class Plan:
    """Gathers bundles. A record that may not be written is refused, and with it whatever refers to it."""

    context: ReadContext
    probe: StreamProbe | None
    admission: Callable[[Ontology], Admission] | None
    known: dict[str, AnyRecord]
    taken_keys: set[str]
    max_records: int = MAX_RECORDS
    records: list[AnyRecord] = field(default_factory=list)
    digests: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    refused: set[str] = field(default_factory=set)
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[reports.ImportWarning] = field(default_factory=list)
    _judged_with: Ontology | None = None
    _admit: Admission | None = None
    _untold: Counter[str] = field(default_factory=Counter)

    def note(self, problem: Problem) -> None:
        """Keep a problem for the report."""
        if problem.rejected and len(self.rejected) < MAX_PROBLEMS:
            self.rejected.append(Rejected(where=problem.where, reason=problem.message))
        elif not problem.rejected and len(self.warnings) < MAX_PROBLEMS:
            warning = reports.ImportWarning(where=problem.where, code=problem.code, message=problem.message)
            self.warnings.append(warning)
        else:
            self._untold["rejected" if problem.rejected else problem.code] += 1

    def take(self, bundle: SampleBundle) -> None:
        """Judge one sample and keep what may be written. Raises LimitExceeded beyond `max_records`."""
        key = bundle.sample.key
        where = f"sample {key}"
        if key in self.taken_keys:
            self._refuse_all(bundle, "key-taken", "a sample of this key is there already")
            return
        here: dict[str, AnyRecord] = {bundle.sample.id: bundle.sample}
        streams = [record for record in bundle.records if isinstance(record, Stream)]
        measured = list(self._measured(streams))
        if streams and not measured:
            self._refuse_all(bundle, "no-stream", "none of its streams can be read")
            return
        rest = [record for record in bundle.records if not isinstance(record, Stream)]
        for record in sorted([*measured, *rest], key=lambda one: _ORDER[kind_of_record(one)]):
            here[record.id] = record
        self._catch_up()
        for record in list(here.values()):
            try:
                self._judge(record, here)
            except InvalidInput as error:
                del here[record.id]
                self.refused.add(record.id)
                self.note(_refused(f"{where}, {error.where or record.id}", error.code, error.letter()))
        if bundle.sample.id not in here:
            return
        if len(self.records) + len(here) > self.max_records:
            raise LimitExceeded(
                "this is more than one import takes at once",
                where=where,
                got=f"> {self.max_records} records",
                hint="Split the source into parts and import them one after another",
            )
        self.taken_keys.add(key)
        for record in here.values():
            self.records.append(record)
            self.counts[kind_of_record(record)] += 1
            if isinstance(record, Stream):
                self.digests.update(reading.asset for reading in record.readings)
                self.digests.update([record.asset] if record.asset is not None else [])

    def drop_loose_links(self) -> None:
        """Refuse links between samples whose other end was refused after they were taken."""
        kept: list[AnyRecord] = []
        for record in self.records:
            if isinstance(record, Link) and {record.source.id, record.target.id} & self.refused:
                self.counts["link"] -= 1
                self.note(_refused(f"link {record.id}", "end-refused", "an end of the link was refused"))
            else:
                kept.append(record)
        self.records = kept

    def _refuse_all(self, bundle: SampleBundle, code: str, message: str) -> None:
        self.refused.update(record.id for record in bundle.records)
        self.note(_refused(f"sample {bundle.sample.key}", code, message))

    def note_missing(self, is_there: Callable[[str], bool]) -> None:
        """Warn of assets that neither the source nor the workspace has."""
        for digest in sorted(self.digests):
            if not is_there(digest):
                message = "its bytes are neither in the source nor in the workspace"
                self.note(
                    Problem(where=f"asset {digest}", code="W_ASSET_MISSING", message=message, rejected=False)
                )

    def ontology(self) -> Ontology:
        """The ontology with what the source brings."""
        return with_new_classes(self.context.ontology, self.context)

    def report(self) -> ImportReport:
        """What was taken, what was not, what looks odd."""
        for code, count in sorted(self._untold.items()):
            message = f"{count} more of this sort are not listed"
            self.warnings.append(reports.ImportWarning(where="report", code=code, message=message))
        return ImportReport(
            accepted=Accepted(
                samples=self.counts["sample"],
                streams=self.counts["stream"],
                annotations=self.counts["annotation"],
                links=self.counts["link"],
                entities=self.counts["entity"],
            ),
            rejected=tuple(self.rejected),
            warnings=tuple(self.warnings),
            classes=self._classes(),
        )

    def _classes(self) -> tuple[reports.ImportedClass, ...]:
        """What the taken annotations and entities are called, and the classes that came without any."""
        there = {known.id for known in self.context.ontology.classes}
        names = {known.id: known.name for known in self.ontology().classes}
        used: dict[type, Counter[str]] = {Annotation: Counter(), Entity: Counter()}
        for record in self.records:
            if isinstance(record, Annotation | Entity):
                used[type(record)][record.class_id] += 1
        found = [
            reports.ImportedClass(
                id=class_id,
                name=names.get(class_id, class_id),
                annotations=used[Annotation][class_id],
                entities=used[Entity][class_id],
                is_new=class_id not in there,
            )
            for class_id in used[Annotation].keys() | used[Entity].keys() | (names.keys() - there)
        ]
        return tuple(sorted(found, key=lambda one: (not one.is_new, -one.annotations, -one.entities, one.id)))

    def _measured(self, streams: list[Stream]) -> Iterator[Stream]:
        for stream in streams:
            if self.probe is None:
                yield stream
                continue
            for found in self.probe.measured(stream):
                if isinstance(found, Problem):
                    self.note(found)
                else:
                    yield found

    def _judge(self, record: AnyRecord, here: dict[str, AnyRecord]) -> None:
        """Raises InvalidInput when the record may not be written."""
        if isinstance(record, Link) and {record.source.id, record.target.id} & self.refused:
            raise InvalidInput("an end of the link was refused")
        for name in ("stream", "entity", "layer"):
            target = getattr(record, name, None)
            if target is not None and target not in here and target not in self.known:
                raise InvalidInput(f"its {name} is not there", got=target)
        try:
            msgspec.json.encode(record)
        except UnicodeEncodeError:
            raise InvalidInput("a text holds half of a surrogate pair") from None
        if self._admit is not None:
            self._admit(
                record, lambda one: here[one] if one != record.id and one in here else self.known.get(one)
            )

    def _catch_up(self) -> None:
        """Admit by the ontology with all classes that the source has brought so far."""
        if self.admission is None:
            return
        ontology = self.ontology()
        if self._admit is None or ontology != self._judged_with:
            self._judged_with, self._admit = ontology, self.admission(ontology)


def _refused(where: str, code: str, message: str) -> Problem:
    return Problem(where=where, code=code, message=message, rejected=True)
