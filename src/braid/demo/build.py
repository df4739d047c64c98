"""Builds the three demo projects into a workspace, each once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from braid.demo import samples
from braid.demo.scene import Scene
from braid.model.changes import ChangeSet, Create, Origin
from braid.model.records import Layer, MediaFacts, Modality, Sample
from braid.work.as_record import as_record
from braid.work.checking import check_samples
from braid.work.workspace import init_project

if TYPE_CHECKING:
    from braid.work.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoProject:
    """A sample project: its names, its template and what draws its samples, by sample key."""

    slug: str
    name: str
    template: str
    scenes: tuple[tuple[str, Callable[[Scene], None]], ...]


PROJECTS = (
    DemoProject(
        slug="street-scenes",
        name="Street scenes",
        template="vision-language",
        scenes=(("street-01", samples.street), ("harbour-01", samples.harbour)),
    ),
    DemoProject(
        slug="city-drive", name="City drive", template="driving", scenes=(("crossing-01", samples.crossing),)
    ),
    DemoProject(
        slug="support-calls",
        name="Support calls",
        template="dialogue",
        scenes=(("call-back-01", samples.call_back),),
    ),
)


def build(workspace: Workspace, *, progress: Callable[[str], None] = lambda _: None) -> tuple[str, ...]:
    """Make the demo projects that the workspace lacks; the slugs of all three."""
    present = {project.slug for project in workspace.store.projects()}
    for demo in PROJECTS:
        if demo.slug not in present:
            progress(demo.name)
            _build_project(workspace, demo)
    return tuple(demo.slug for demo in PROJECTS)


def _build_project(workspace: Workspace, demo: DemoProject) -> None:
    project = init_project(workspace, name=demo.name, slug=demo.slug, template=demo.template)
    layer = as_record(next(workspace.store.records(project.id, "layer")).record, Layer).id
    for key, draw in demo.scenes:
        scene = Scene(
            new_id=workspace.new_id,
            layer=layer,
            facts=_facts,
            sample=Sample(id=workspace.new_id(), key=key, tags=("demo",)),
        )
        draw(scene)
        for data in scene.assets.values():
            workspace.blobs.put_bytes(data)
        workspace.store.commit(project.id, [_change_set(workspace, scene)], actor="local")
    check_samples(workspace, project.id)


def _change_set(workspace: Workspace, scene: Scene) -> ChangeSet:
    records = (scene.sample, *scene.records)
    return ChangeSet(
        id=workspace.new_id(),
        ops=tuple(Create(record=record) for record in records),
        reason="Made the demo sample",
        origin=Origin.IMPORT,
    )


def _facts(data: bytes, modality: Modality, file_name: str) -> MediaFacts:
    from braid.media import probe

    with TemporaryDirectory() as folder:
        path = Path(folder) / file_name
        path.write_bytes(data)
        return probe(path, modality=modality, name=file_name).facts
