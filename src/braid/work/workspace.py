"""A workspace on disk: its database, its blobs, what is derived from them, and scratch space.

Its folder holds `braid.db` (unless config.yaml or BRAID_DATABASE_URL names another database), `blobs/` (immutable
bytes by SHA-256), `derived/` (what can be made again from blobs) and `tmp/` (nothing in it is needed).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from braid.base.errors import Conflict, InvalidInput, NotFound
from braid.base.ids import NewId, is_slug
from braid.formats.seam import slug_of
from braid.model.changes import ChangeSet, Create
from braid.model.records import Layer, LayerKind, Ontology, Project
from braid.model.views import ProjectSummary
from braid.store.blobs import LocalBlobs
from braid.store.port import Store
from braid.work.as_record import as_record
from braid.work.opening import database_of

LOCAL_ACTOR = "local"


class Workspace:
    """An open workspace. Close it, or use it as a context manager."""

    def __init__(self, root: Path, *, store: Store, new_id: NewId) -> None:
        self._root = root
        self._store = store
        self._new_id = new_id
        self.blobs = LocalBlobs(root)

    @classmethod
    def open(cls, root: Path, *, create: bool = False) -> Workspace:
        """Open the workspace of a folder. Raises NotFound without one, unless it may be created."""
        from braid.store.ids import system_ids
        from braid.store.opening import open_store

        root = root.resolve()
        database = database_of(root, environment=os.environ, create=create)
        root.mkdir(parents=True, exist_ok=True)
        return cls(root, store=open_store(database), new_id=system_ids())

    @property
    def root(self) -> Path:
        """The workspace folder."""
        return self._root

    @property
    def store(self) -> Store:
        """Its database."""
        return self._store

    def new_id(self) -> str:
        """A fresh UUIDv7."""
        return self._new_id()

    def asset_path(self, digest: str) -> Path:
        """The bytes of an asset. Raises NotFound."""
        return self.blobs.path(digest)

    def init_project(self, name: str, *, slug: str = "", template: str = "") -> ProjectSummary:
        """Begin a project of the local person; see `init_project`."""
        return init_project(self, name=name, slug=slug, template=template)

    def local_layer(self, project: str) -> str:
        """The id of the local person's layer. Raises NotFound for a project without one."""
        layer = find_layer(self, project, name="", actor=LOCAL_ACTOR)
        if layer is None:
            raise NotFound("the project has no layer of the local person", where=f"project {project}")
        return layer.id

    def blobs_put(self, parts: Iterable[bytes]) -> tuple[str, ...]:
        """Keep bytes; their digests."""
        return tuple(self.blobs.put_bytes(part) for part in parts)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder that is gone afterwards."""
        (self._root / "tmp").mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._root / "tmp") as folder:
            yield Path(folder)

    def close(self) -> None:
        """Close the database."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def init_project(
    workspace: Workspace, *, name: str, slug: str = "", template: str = "", actor: str = LOCAL_ACTOR
) -> ProjectSummary:
    """Begin a project with the ontology of a template (none: an empty one) and the actor's layer.

    Raises InvalidInput for a bad slug, Conflict when it is taken, NotFound for an unknown template.
    """
    slug = slug or slug_of(name)
    if not name.strip() or not is_slug(slug):
        raise InvalidInput("a project has a name, and a slug of a-z 0-9 . _ -", got=f"{name!r}, {slug!r}")
    if any(project.slug == slug for project in workspace.store.projects()):
        raise Conflict("a project of this slug is there already", got=slug, hint="Choose another with --slug")
    ontology = Ontology(id=workspace.new_id(), version=1)
    if template:
        from braid.ontology.templates import template_ontology

        ontology = template_ontology(template, ontology_id=ontology.id)
    project = Project(id=workspace.new_id(), slug=slug, name=name.strip(), template=template)
    layer = Layer(id=workspace.new_id(), name=layer_name_of(actor), actor=actor)
    ops = tuple(Create(record=record) for record in (project, ontology, layer))
    change_set = ChangeSet(id=workspace.new_id(), ops=ops, reason=f"Begin {name.strip()}")
    return workspace.store.create_project(change_set, actor=actor)


def find_layer(workspace: Workspace, project: str, *, name: str, actor: str) -> Layer | None:
    """The layer of that name or id; with an empty name the actor's own. None when there is none yet."""
    layers: list[Layer] = [
        as_record(held.record, Layer) for held in workspace.store.records(project, "layer")
    ]
    for layer in layers:
        own = layer.actor == actor and layer.layer_kind is LayerKind.PERSON
        if (name in {layer.name, layer.id}) if name else own:
            return layer
    return None


def layer_name_of(actor: str) -> str:
    """How an actor's own layer is called."""
    return "Local" if actor == LOCAL_ACTOR else actor
