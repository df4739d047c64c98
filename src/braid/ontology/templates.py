"""The ontologies that ship with Braid, one per project template."""

from __future__ import annotations

from importlib import resources

from braid.base.errors import NotFound
from braid.model.records import Ontology
from braid.ontology.yaml_form import ontology_from_yaml

TEMPLATES: tuple[str, ...] = ("vision-language", "driving", "dialogue")
"""Names of the project templates."""


def template_text(name: str) -> str:
    """The YAML of a template. Raises NotFound for an unknown name."""
    if name not in TEMPLATES:
        raise NotFound("no template of that name", got=name, wanted=", ".join(TEMPLATES))
    return resources.files("braid.ontology").joinpath("library", f"{name}.yaml").read_text(encoding="utf-8")


def template_ontology(name: str, *, ontology_id: str) -> Ontology:
    """The ontology of a template as a record with the given id. Raises NotFound for an unknown name."""
    return ontology_from_yaml(template_text(name), ontology_id=ontology_id, file=f"{name}.yaml")
