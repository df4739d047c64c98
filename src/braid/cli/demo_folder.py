"""The demo workspace: built once, and built again when the first time was interrupted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.base.errors import Conflict

if TYPE_CHECKING:
    from braid.work.workspace import Workspace

BUILDING, BUILT = "demo-building", "demo-built"


def ensure_demo(workspace: Workspace) -> None:
    """Build the demo projects unless they are there. Raises Conflict in a workspace with projects of its own."""
    from braid import demo

    building, built = workspace.root / BUILDING, workspace.root / BUILT
    if built.exists():
        return
    present = workspace.store.projects()
    if present and not building.exists():
        raise Conflict(
            "this workspace has projects of its own",
            where=str(workspace.root),
            hint="Give the demo another folder, or serve this one with `braid --workspace DIR serve`.",
        )
    for project in present:
        workspace.store.delete_project(project.id)
    building.touch()
    slugs = demo.build(workspace)
    building.write_text("\n".join(slugs) + "\n", encoding="utf-8")
    building.replace(built)
