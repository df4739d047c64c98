"""Import: files of a format become one commit, or nothing. Everything is either accepted or rejected with its place.

Parse, probe, judge; then store the bytes and commit. One import is one change set of at most `MAX_RECORDS` records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from braid.base.errors import InvalidInput, NotFound
from braid.formats.archive import open_archive
from braid.formats.braid_native import BraidNative
from braid.formats.options import FormatOption, check_options
from braid.formats.registry import format_of
from braid.formats.seam import Format, Problem, ReadContext, Sources, label_key
from braid.model.changes import ChangeSet, Create, Op, Origin, Update
from braid.model.findings import ImportReport
from braid.model.records import AnyRecord, Layer, LayerKind, Ontology
from braid.work.as_record import as_record
from braid.work.calibration_sanity import CalibrationSanity, CloudReader
from braid.work.committing import commit_or_raise, store_assets
from braid.work.import_plan import MAX_RECORDS, Admission, Plan
from braid.work.import_streams import Prober, Remuxed, Remuxer, StreamProbe
from braid.work.restoring import native_bundles, restore_project
from braid.work.workspace import LOCAL_ACTOR, Workspace, find_layer, layer_name_of

Progress = Callable[[int, str], None]
"""Called with the number of samples so far and the key of the last one."""

IMPORT_OPTIONS: tuple[FormatOption, ...] = (
    FormatOption(
        name="remux",
        meaning="Put videos whose container confuses players into an MP4 with an edit list, without loss.",
        values=("yes", "no"),
    ),
)
"""Options that every import understands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judges:
    """Who measures media, who admits records and who reads points to judge calibrations by; None leaves that out."""

    probe: Prober | None
    admission: Callable[[Ontology], Admission] | None
    read_points: CloudReader | None = None


def import_files(
    workspace: Workspace,
    *,
    project: str,
    format_id: str,
    path: Path,
    layer: str = "",
    actor: str = LOCAL_ACTOR,
    dry_run: bool = False,
    options: dict[str, str] | None = None,
    class_map: dict[str, str] | None = None,
    progress: Progress | None = None,
    judges: Judges | None = None,
    max_records: int = MAX_RECORDS,
) -> ImportReport:
    """Read a folder, a file or a zip archive of a format into a project (slug or id).

    layer: name of the layer to write into, made when it is not there; empty for the actor's own. A dry run judges
    everything and writes nothing. options: what the format (`FormatInfo.options`) and every import can be told.
    class_map: source labels to ids of classes of the project. An export of Braid into a project that does not exist makes the project.
    Raises NotFound, InvalidInput (nothing can be read, or the store refuses), LimitExceeded, Conflict.
    """
    form = format_of(format_id)
    if not form.reads:
        raise InvalidInput("this format is only written", got=format_id)
    check_options(form, options or {}, common=IMPORT_OPTIONS)
    judges = judges or standard_judges()
    with workspace.scratch() as scratch, _unpacked(path, scratch) as root:
        files = Sources(root)
        if isinstance(form, BraidNative) and not _exists(workspace, project):
            return restore_project(
                workspace, form, files, scratch=_folder(scratch), slug=project, actor=actor, dry_run=dry_run
            )
        owner = workspace.store.project_by_slug(project).id
        target, extra = _layer(workspace, owner, name=layer, actor=actor, form=form, files=files)
        held = workspace.store.ontology(owner)
        ontology: Ontology = as_record(held.record, Ontology)
        strangers = set((class_map or {}).values()) - {known.id for known in ontology.classes}
        if strangers:
            raise InvalidInput("a label is mapped to a class that is not there", got=min(strangers))
        context = ReadContext(
            new_id=workspace.new_id,
            layer=target.id,
            ontology=ontology,
            scratch=_folder(scratch),
            options=dict(options or {}),
            class_map={label_key(label): class_id for label, class_id in (class_map or {}).items()},
        )
        native = isinstance(form, BraidNative)
        plan = Plan(
            context=context,
            probe=None
            if native or judges.probe is None
            else _probe(judges.probe, files, remux_into=_remux_folder(context)),
            admission=judges.admission,
            known=_known(workspace, owner, extra),
            taken_keys=_keys(workspace, owner),
            max_records=max_records,
        )
        sanity = None if native else _sanity(judges.read_points, files)
        found_all = native_bundles(form, files, context, plan) if native else form.read(files, context)
        for number, found in enumerate(found_all):
            if isinstance(found, Problem):
                plan.note(found)
                continue
            before = len(plan.records)
            plan.take(found)
            if sanity is not None:
                for problem in sanity.problems(found.sample, plan.records[before:], plan.ontology()):
                    plan.note(problem)
            if progress is not None:
                progress(number + 1, found.sample.key)
        plan.drop_loose_links()
        plan.note_missing(lambda digest: digest in files.assets or workspace.blobs.has(digest))
        if plan.records and not dry_run:
            ops: list[Op] = [Create(record=record) for record in extra]
            grown = plan.ontology()
            if grown != ontology:
                ops.append(Update(record=grown, base=held.rev))
            ops += [Create(record=record) for record in plan.records]
            reason = f"Import {form.title}: {path.name}"
            change_set = ChangeSet(id=workspace.new_id(), ops=tuple(ops), reason=reason, origin=Origin.IMPORT)
            store_assets(workspace, files, plan.digests)
            commit_or_raise(workspace, owner, change_set, actor=actor)
        return plan.report()


def standard_judges() -> Judges:
    """The media prober, the rules of the ontology and the reader of point clouds."""
    from braid.media.clouds import read_points
    from braid.media.probing import probe
    from braid.ontology.conformance import admission

    return Judges(probe=probe, admission=admission, read_points=read_points)


@contextmanager
def _unpacked(path: Path, scratch: Path) -> Iterator[Path]:
    """The path itself, or the folder of an unpacked archive."""
    if not path.exists():
        raise NotFound("no such file or folder", where=str(path))
    if path.is_file() and path.suffix.lower() == ".zip":
        into = scratch / "unpacked"
        into.mkdir()
        yield open_archive(path, into=into)
    else:
        yield path


def _folder(scratch: Path) -> Path:
    folder = scratch / "made"
    folder.mkdir(exist_ok=True)
    return folder


def _exists(workspace: Workspace, project: str) -> bool:
    return any(project in {known.slug, known.id} for known in workspace.store.projects())


def _layer(
    workspace: Workspace, owner: str, *, name: str, actor: str, form: Format, files: Sources
) -> tuple[Layer, list[AnyRecord]]:
    """The layer to write into, and the layers that the import has to make."""
    layer = find_layer(workspace, owner, name=name, actor=actor)
    extra: list[AnyRecord] = []
    if isinstance(form, BraidNative):
        there = {layer.id for layer in _layers(workspace, owner)}
        brought = [record for record in form.project_records(files) if isinstance(record, Layer)]
        extra += [record for record in brought if record.id not in there]
        return layer or (brought[0] if brought else _new_layer(workspace, name=name, actor=actor)), extra
    if layer is None:
        layer = _new_layer(workspace, name=name, actor=actor)
        extra.append(layer)
    return layer, extra


def _layers(workspace: Workspace, owner: str) -> list[Layer]:
    return [as_record(held.record, Layer) for held in workspace.store.records(owner, "layer")]


def _new_layer(workspace: Workspace, *, name: str, actor: str) -> Layer:
    kind = LayerKind.IMPORT if name else LayerKind.PERSON
    return Layer(id=workspace.new_id(), name=name or layer_name_of(actor), actor=actor, layer_kind=kind)


def _known(workspace: Workspace, owner: str, extra: list[AnyRecord]) -> dict[str, AnyRecord]:
    """Records that new ones may refer to: the layers."""
    return {record.id: record for record in (*_layers(workspace, owner), *extra)}


def _keys(workspace: Workspace, owner: str) -> set[str]:
    keys: set[str] = set()
    after: str | None = None
    while True:
        page = workspace.store.samples(owner, after=after, limit=1000)
        keys.update(item.key for item in page.items)
        after = page.next
        if after is None:
            return keys


def _sanity(read_points: CloudReader | None, files: Sources) -> CalibrationSanity | None:
    """Looks at calibrations by the points of the import's own files."""
    if read_points is None:
        return None
    return CalibrationSanity(read_points=read_points, assets=files.assets)


def _probe(probe: Prober, files: Sources, *, remux_into: Path | None) -> StreamProbe:
    def shown(path: Path) -> str:
        try:
            return files.name(path)
        except ValueError:
            return path.name

    remux = None if remux_into is None else _remuxer(files, remux_into)
    return StreamProbe(probe=probe, assets=files.assets, shown=shown, remux=remux)


def _remux_folder(context: ReadContext) -> Path | None:
    """Where remuxed files wait to be stored; None when nobody asked for them."""
    if context.options.get("remux") != "yes":
        return None
    folder = context.scratch / "remuxed"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _remuxer(files: Sources, folder: Path) -> Remuxer:
    from braid.media.remux import remux, why_remux

    def run(path: Path) -> Remuxed | None:
        why = why_remux(path)
        if not why:
            return None
        into = folder / f"{len(list(folder.iterdir()))}.mp4"
        remux(path, into)
        return Remuxed(asset=files.asset(into), why=why)

    return run
