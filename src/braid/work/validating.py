"""Check another tool's files without keeping anything: import into a workspace that is thrown away, then check."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from braid.model.findings import ImportReport
from braid.model.views import FindingView
from braid.store import open_store
from braid.store.ids import system_ids
from braid.work.checking import check_samples, sample_keys
from braid.work.importing import import_files
from braid.work.workspace import Workspace, init_project


def validate_files(
    path: Path,
    *,
    format_id: str,
    template: str = "",
    progress: Callable[[int, int | None], None] | None = None,
) -> tuple[ImportReport, tuple[FindingView, ...], dict[str, str]]:
    """What an import would say, the findings, and the keys of the samples that findings speak of.

    template: hold the labels to this template's ontology; without one the files bring their own classes.
    """
    with tempfile.TemporaryDirectory(prefix="braid-validate-") as folder:
        # Opened by hand: a database named by the environment must not be written to.
        store = open_store(str(Path(folder) / "braid.db"))
        with Workspace(Path(folder), store=store, new_id=system_ids()) as workspace:
            project = init_project(workspace, name="validate", template=template).id
            report = import_files(
                workspace,
                project=project,
                format_id=format_id,
                path=path,
                progress=None if progress is None else lambda done, _: progress(done, None),
            )
            found = check_samples(workspace, project, progress=progress)
            names = sample_keys(workspace.store, project, {view.finding.sample for view in found})
    return report, found, names
