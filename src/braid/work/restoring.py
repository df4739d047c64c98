"""A native export becomes a project again: with its history if it has one, else as the state it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from braid.base.errors import Conflict, Corrupt, LimitExceeded
from braid.base.hashing import revision_of_record
from braid.formats.braid_native import BraidNative
from braid.formats.seam import Format, Problem, ReadContext, SampleBundle, Sources
from braid.model.changes import ChangeSet, Create, Origin
from braid.model.findings import ImportReport
from braid.model.records import Annotation, AnyRecord, End, Entity, Layer, Link, LinkStatus, Ontology, Project
from braid.work.committing import commit_or_raise, store_assets
from braid.work.import_plan import Admission, Plan
from braid.work.workspace import Workspace

IMPOSSIBLE = frozenset({"region", "times", "clock-map", "calibration", "trajectory"})
"""Codes of problems that lie in a record's own values, whatever the ontology says."""


def restore_project(
    workspace: Workspace,
    form: BraidNative,
    files: Sources,
    *,
    scratch: Path,
    slug: str,
    actor: str,
    dry_run: bool,
) -> ImportReport:
    """Make the project of an export, under its own slug or another, in a workspace that lacks it.

    Raises Conflict when the slug is taken or the id is there already; Corrupt when history and samples differ.
    """
    records = form.project_records(files)
    project = next(record for record in records if isinstance(record, Project))
    ontology = next(record for record in records if isinstance(record, Ontology))
    if any(project.id == known.id for known in workspace.store.projects()):
        raise Conflict(
            "this project is in the workspace already", got=project.slug, hint="Import into it by its slug"
        )
    layers = [record for record in records if isinstance(record, Layer)]
    context = ReadContext(
        new_id=workspace.new_id, layer=layers[0].id if layers else "", ontology=ontology, scratch=scratch
    )
    plan = Plan(
        context=context,
        probe=None,
        admission=values_hold,
        known={record.id: record for record in records},
        taken_keys=set(),
    )
    lines = form.history(files)
    found_all = form.read(files, context) if lines is not None else native_bundles(form, files, context, plan)
    for found in found_all:
        if isinstance(found, Problem):
            plan.note(found)
        else:
            plan.take(found)
    plan.drop_loose_links()
    plan.note_missing(lambda digest: digest in files.assets or workspace.blobs.has(digest))
    if dry_run:
        return plan.report()
    store_assets(workspace, files, plan.digests)
    if lines is not None:
        _with_history(workspace, lines, [*records, *plan.records])
    else:
        named = msgspec.structs.replace(project, slug=slug or project.slug)
        _as_it_stands(workspace, [named, ontology, *layers], plan.records, actor=actor)
    return plan.report()


def values_hold(ontology: Ontology) -> Admission:
    """Admits what a project may hold after any migration, and refuses values that no state could ever have.

    Raises InvalidInput when the ontology itself does not hold.
    """
    from braid.ontology.conformance import problems_of
    from braid.ontology.tree import OntologyTree, check_ontology

    check_ontology(ontology)
    tree = OntologyTree(ontology=ontology)

    def admit(record: AnyRecord, look_up: Callable[[str], AnyRecord | None]) -> None:
        for problem in problems_of(record, look_up, tree):
            if problem.code in IMPOSSIBLE:
                raise problem.error()

    return admit


def native_bundles(
    form: Format, files: Sources, context: ReadContext, plan: Plan
) -> Iterator[SampleBundle | Problem]:
    """All samples of an export; links that were judged on states that only its history has become proposals."""
    bundles: list[SampleBundle] = []
    count = 0
    for found in form.read(files, context):
        if isinstance(found, Problem):
            yield found
            continue
        bundles.append(found)
        count += 1 + len(found.records)
        if count > plan.max_records:
            raise LimitExceeded(
                "this is more than one import takes at once", got=f"> {plan.max_records} records"
            )
        plan.known.update({record.id: record for record in found.records})
    heads = {
        record.id: revision_of_record(record)
        for bundle in bundles
        for record in bundle.records
        if isinstance(record, Annotation | Entity)
    }
    for bundle in bundles:
        records: list[AnyRecord] = []
        for record in bundle.records:
            judged = (
                _judged_anew(record, heads, key=bundle.sample.key) if isinstance(record, Link) else record
            )
            if isinstance(judged, Problem):
                yield judged
                continue
            if judged is not record:
                message = "what it was judged on is not in the export; it waits for a person as a proposal"
                yield Problem(
                    where=f"sample {bundle.sample.key}, link {record.id}",
                    code="W_JUDGED_UNKNOWN",
                    message=message,
                    rejected=False,
                )
            records.append(judged)
        yield SampleBundle(sample=bundle.sample, records=tuple(records))


def _judged_anew(link: Link, heads: dict[str, str], *, key: str) -> Link | Problem:
    ends: list[End] = []
    for end in (link.source, link.target):
        if end.id not in heads:
            return Problem(
                where=f"sample {key}, link {link.id}",
                code="end-missing",
                message="an end of the link is gone, and only the history knows it",
                rejected=True,
            )
        ends.append(msgspec.structs.replace(end, judged=heads[end.id]))
    if (ends[0], ends[1]) == (link.source, link.target):
        return link
    return msgspec.structs.replace(
        link, source=ends[0], target=ends[1], causes=(), status=LinkStatus.PROPOSED
    )


def _as_it_stands(workspace: Workspace, first: list[AnyRecord], rest: list[AnyRecord], *, actor: str) -> None:
    """The project in one commit, its samples in a second one; if that fails the first is taken back."""
    begin = ChangeSet(
        id=workspace.new_id(),
        ops=tuple(Create(record=record) for record in first),
        reason="Import Braid export",
        origin=Origin.IMPORT,
    )
    owner = workspace.store.create_project(begin, actor=actor).id
    if not rest:
        return
    change_set = ChangeSet(
        id=workspace.new_id(),
        ops=tuple(Create(record=record) for record in rest),
        reason="Import Braid export",
        origin=Origin.IMPORT,
    )
    try:
        commit_or_raise(workspace, owner, change_set, actor=actor)
    except BaseException:
        workspace.store.delete_project(owner)
        raise


def _with_history(workspace: Workspace, lines: Iterator[bytes], records: list[AnyRecord]) -> None:
    """Take the log, then hold the samples of the export against the heads that it makes."""
    owner = workspace.store.import_log(lines)
    heads = workspace.store.heads(owner, [record.id for record in records])
    for record in records:
        held = heads.get(record.id)
        if held is None or held.rev != revision_of_record(record):
            workspace.store.delete_project(owner)
            raise Corrupt("the export's history and its samples tell different things", where=record.id)
