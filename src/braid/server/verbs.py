"""The verbs that the routes call, gathered so that tests can serve a workspace with fewer of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from braid.formats.seam import Loss
from braid.model.findings import CheckInfo, ImportReport
from braid.model.records import Ontology
from braid.model.views import ProjectSummary
from braid.store.port import Admit
from braid.work.alignment import AlignmentView, AlignRequest
from braid.work.catalogue import FormatInfo
from braid.work.checking import Runner


class Begin(Protocol):
    """Starts a project from a template."""

    def __call__(self, workspace: Any, *, name: str, slug: str, template: str, actor: str) -> ProjectSummary:
        """The new project."""


class Import(Protocol):
    """Reads files of a format into a project, or only says what would happen."""

    def __call__(
        self,
        workspace: Any,
        *,
        project: str,
        format_id: str,
        path: Path,
        layer: str,
        actor: str,
        dry_run: bool,
        options: dict[str, str],
        class_map: dict[str, str],
    ) -> ImportReport:
        """What was accepted and what not."""


class Export(Protocol):
    """Writes a project in a format into an empty folder."""

    def __call__(
        self, workspace: Any, *, project: str, format_id: str, out: Path, history: bool
    ) -> Sequence[Loss]:
        """What the format could not say."""


class Align(Protocol):
    """Estimates a stream's clock against another one's; writes nothing."""

    def __call__(self, workspace: Any, *, project: str, sample: str, request: AlignRequest) -> AlignmentView:
        """The estimate with its effect, or why not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verbs:
    """What a served workspace can do."""

    admission: Callable[[Ontology], Admit] | None
    run_checks: Runner
    begin: Begin
    import_files: Import
    export: Export
    align: Align
    formats: Callable[[], Sequence[FormatInfo]]
    checks: Callable[[], Sequence[CheckInfo]]
