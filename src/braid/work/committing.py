"""Bytes before records: assets are in the workspace before the commit that names them.

Bytes of a commit that then fails stay: nothing names them, and another import may have come to rely on them.
"""

from __future__ import annotations

from collections.abc import Iterable

from braid.base.errors import Corrupt, InvalidInput, StaleWrite
from braid.formats.seam import Sources
from braid.model.changes import ChangeSet, OutcomeState
from braid.work.workspace import Workspace


def store_assets(workspace: Workspace, files: Sources, digests: Iterable[str]) -> None:
    """Keep the assets that the import found. Raises Corrupt when a file is no longer what it was when it was read."""
    for digest in sorted(digests):
        source = files.assets.get(digest)
        if source is None or workspace.blobs.has(digest):
            continue
        if workspace.blobs.put_file(source) != digest:
            raise Corrupt("a file changed while it was imported", where=source.name, hint="Import once more")


def commit_or_raise(workspace: Workspace, project: str, change_set: ChangeSet, *, actor: str) -> None:
    """Commit one change set; what the store refuses becomes an error."""
    (outcome,) = workspace.store.commit(project, [change_set], actor=actor).outcomes
    if outcome.state is OutcomeState.STALE:
        raise StaleWrite(
            "the project changed while the import ran", where=f"project {project}", hint="Import once more"
        )
    if outcome.state is OutcomeState.INVALID:
        first = outcome.errors[0]
        raise InvalidInput(first.message, where=first.where, hint=first.hint)
