"""Suspects and findings, and running the checks."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from braid.model.findings import Severity
from braid.model.views import FindingView
from braid.server.bodies import CheckPage, CheckRequest, FindingPage, VersionedPage
from braid.server.openapi import operation
from braid.server.routes.params import Name, OfSample
from braid.server.service import Service
from braid.server.wire import answer, decode, read_body
from braid.work.checking import check_samples, finding_views, sample_id

OfCheck = Annotated[str, Query(max_length=200, description="Only of this check (id).")]
OfSeverity = Annotated[Severity | None, Query(description="Only of this severity.")]


def routes(service: Service) -> APIRouter:
    """Routes about what is in doubt."""
    router = APIRouter(tags=["quality"])
    store = service.store

    @router.get("/checks", **operation(answer=CheckPage))
    def list_checks() -> Response:
        """All checks, as they describe themselves."""
        return answer(CheckPage(items=tuple(service.verbs.checks())))

    @router.get("/projects/{project}/suspects", **operation(answer=VersionedPage, errors=(404,)))
    def list_suspects(project: Name, sample: OfSample = None) -> Response:
        """Links with an end that changed since they were judged."""
        return answer(VersionedPage(items=store.suspects(service.project(project), sample=sample)))

    @router.get("/projects/{project}/findings", **operation(answer=FindingPage, errors=(404,)))
    def list_findings(
        project: Name, sample: OfSample = None, check: OfCheck = "", severity: OfSeverity = None
    ) -> Response:
        """What the checks reported, with people's verdicts."""
        owner = service.project(project)
        views = finding_views(store, owner, sample=sample, check=check, severity=severity)
        return answer(FindingPage(items=views))

    @router.post(
        "/projects/{project}/check", **operation(answer=FindingPage, body=CheckRequest, errors=(404,))
    )
    async def run_checks(request: Request, project: Name) -> Response:
        """Run the checks now, on some samples or on all of them."""
        wanted = decode(await read_body(request), CheckRequest)

        def work() -> tuple[FindingView, ...]:
            owner = service.project(project)
            samples = (
                None if wanted.samples is None else [sample_id(store, owner, name) for name in wanted.samples]
            )
            return check_samples(service.workspace, owner, samples, run=service.verbs.run_checks)

        return answer(FindingPage(items=await to_thread.run_sync(work)))

    return router
