"""Bytes before records: assets are stored first, and taken back when the commit that needs them fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from braid.base.errors import Corrupt, InvalidInput, StaleWrite
from braid.formats.seam import Sources
from braid.model.changes import ChangeSet, OutcomeState
from braid.work.workspace import Workspace


@contextmanager
def stored_assets(workspace: Workspace, files: Sources, digests: set[str]) -> Iterator[None]:
    """The assets' bytes are in the workspace inside; when the inside fails, those that were new are gone again."""
    added: list[str] = []
    try:
        for digest in sorted(digests):
            source = files.assets.get(digest)
            if source is not None and not workspace.blobs.has(digest):
                added.append(workspace.blobs.put_file(source))
                if added[-1] != digest:
                    raise Corrupt("a file changed while it was taken in", where=files.name(source), got=added[-1])
        yield
    except BaseException:
        for digest in added:
            workspace.blobs.path(digest).unlink(missing_ok=True)
        raise


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
