"""Export: a project's heads as files of a format. The folder appears whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from braid.base.errors import Conflict, InvalidInput
from braid.formats.registry import format_of
from braid.formats.seam import Loss, SampleBundle
from braid.history.codec import record_from
from braid.model.records import RECORD_KINDS, AnyRecord, Layer, Ontology, Project, Sample, kind_of_record
from braid.work.as_record import as_record
from braid.work.workspace import Workspace

_OF_SAMPLE = (
    "streams",
    "clock_maps",
    "calibrations",
    "trajectories",
    "entities",
    "annotations",
    "links",
    "verdicts",
)
"""Fields of SampleView that hold records."""

_ORDER = {kind: place for place, kind in enumerate(RECORD_KINDS)}


def place_of(record: AnyRecord) -> tuple[int, str]:
    """Where a record stands in its sample: by kind, then id."""
    return _ORDER[kind_of_record(record)], record.id


class ProjectSource:
    """A project as a writer sees it: one sample at a time, by key."""

    def __init__(
        self, workspace: Workspace, project: str, *, progress: Callable[[int, str], None] | None = None
    ) -> None:
        self._workspace = workspace
        self._store = workspace.store
        self._project = project
        self._progress = progress

    @property
    def ontology(self) -> Ontology:
        """The ontology as it is now."""
        return as_record(self._store.ontology(self._project).record, Ontology)

    def bundles(self) -> Iterator[SampleBundle]:
        """Samples by key, with heads of all their records in the order of RECORD_KINDS, then id."""
        samples: list[Sample] = [
            as_record(held.record, Sample) for held in self._store.records(self._project, "sample")
        ]
        for number, sample in enumerate(sorted(samples, key=lambda one: (one.key, one.id))):
            view = self._store.sample(self._project, sample.id)
            held = [one for name in _OF_SAMPLE for one in getattr(view, name)]
            records = sorted((record_from(one.record) for one in held), key=place_of)
            yield SampleBundle(sample=sample, records=tuple(records))
            if self._progress is not None:
                self._progress(number + 1, sample.key)

    def project_records(self) -> tuple[AnyRecord, ...]:
        """Project, ontology and layers."""
        held = [one for kind in ("project", "layer") for one in self._store.records(self._project, kind)]
        records: list[AnyRecord] = [as_record(one.record, Project | Layer) for one in held]
        return (self.ontology, *records)

    def log(self) -> Iterator[bytes]:
        """The project's history as canonical JSON lines."""
        return self._store.export_log(self._project)

    def asset_path(self, digest: str) -> Path:
        """The bytes of an asset. Raises NotFound."""
        return self._workspace.asset_path(digest)


def export_project(
    workspace: Workspace,
    *,
    project: str,
    format_id: str,
    out: Path,
    options: dict[str, str] | None = None,
    progress: Callable[[int, str], None] | None = None,
) -> tuple[Loss, ...]:
    """Write a project (slug or id) into the folder `out`, which is not there yet or empty; the loss report.

    The files are made beside it and moved at the end, so a failure leaves nothing.
    Raises NotFound, InvalidInput for a format that is only read, Conflict when `out` holds something.
    """
    form = format_of(format_id)
    if not form.writes:
        raise InvalidInput("this format is only read", got=format_id)
    owner = workspace.store.project_by_slug(project).id
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Conflict(
            "there is something at the place of the export", where=str(out), hint="Name an empty folder"
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        source = ProjectSource(workspace, owner, progress=progress)
        losses = form.write(source, beside, options=dict(options or {}))
        beside.chmod(0o755)
        beside.replace(out)
    finally:
        if beside.exists():
            shutil.rmtree(beside)
    return losses
