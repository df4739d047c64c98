"""Begin a project: its record, its ontology from a template, and the layer of the person who begins it."""

from __future__ import annotations

from braid.base.errors import Conflict, InvalidInput, NotFound
from braid.formats.seam import slug_of
from braid.model.changes import ChangeSet, Create
from braid.model.records import Layer, Ontology, Project
from braid.model.views import ProjectSummary
from braid.ontology.templates import template_ontology
from braid.work.served import ServedWorkspace


def begin_project(
    workspace: ServedWorkspace, *, name: str, slug: str = "", template: str = "", actor: str = "local"
) -> ProjectSummary:
    """A new project as its first commit. slug: made from the name when empty.

    Raises Conflict when the slug is taken, NotFound for an unknown template.
    """
    if not name.strip():
        raise InvalidInput("a project needs a name", where="name")
    chosen = slug or slug_of(name)
    if is_taken(workspace, chosen):
        raise Conflict("a project of that name exists", where=f"project {chosen}", hint="Choose another slug.")
    new_id = workspace.new_id
    ontology_id = new_id()
    ontology = (
        template_ontology(template, ontology_id=ontology_id) if template else Ontology(id=ontology_id, version=1)
    )
    project = Project(id=new_id(), slug=chosen, name=name.strip(), template=template)
    layer = Layer(id=new_id(), name=actor, actor=actor)
    ops = (Create(record=project), Create(record=ontology), Create(record=layer))
    change_set = ChangeSet(id=new_id(), ops=ops, reason=f"begin {chosen}")
    return workspace.store.create_project(change_set, actor=actor)


def is_taken(workspace: ServedWorkspace, slug: str) -> bool:
    """Whether a project has that slug or id."""
    try:
        workspace.store.project_by_slug(slug)
    except NotFound:
        return False
    return True
