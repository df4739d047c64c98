"""The real verbs behind the routes. What only some verbs need loads when they are first used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from braid.formats.seam import Loss
from braid.model.records import Ontology
from braid.model.views import ProjectSummary
from braid.server.verbs import Verbs
from braid.store.port import Admit
from braid.work.alignment import AlignmentView, AlignRequest
from braid.work.catalogue import check_infos, format_infos
from braid.work.checking import run_built_in
from braid.work.importing import import_files


def real_verbs() -> Verbs:
    """What Braid itself can do."""
    return Verbs(
        admission=_admission,
        run_checks=run_built_in,
        begin=_begin,
        import_files=import_files,
        export=_export,
        align=_align,
        formats=format_infos,
        checks=check_infos,
    )


def _admission(ontology: Ontology) -> Admit:
    from braid.ontology.conformance import admission

    return admission(ontology)


def _begin(workspace: Any, *, name: str, slug: str, template: str, actor: str) -> ProjectSummary:
    from braid.work.workspace import init_project

    return init_project(workspace, name=name, slug=slug, template=template, actor=actor)


def _export(workspace: Any, *, project: str, format_id: str, out: Path, history: bool) -> Sequence[Loss]:
    from braid.work.exporting import export_project

    options = {"history": "yes"} if history else {}
    return export_project(workspace, project=project, format_id=format_id, out=out, options=options)


def _align(workspace: Any, *, project: str, sample: str, request: AlignRequest) -> AlignmentView:
    from braid.work.aligning import align

    return align(workspace, project, sample, request)
