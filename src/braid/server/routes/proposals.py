"""Links that may be missing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from braid.server.bodies import ProposalPage
from braid.server.openapi import operation
from braid.server.routes.params import Name
from braid.server.service import Service
from braid.server.wire import answer
from braid.work.checking import sample_id
from braid.work.proposing import proposals_of

OneSample = Annotated[str, Query(min_length=1, max_length=500, description="Id or key of the sample.")]


def routes(service: Service) -> APIRouter:
    """The one route about proposals."""
    router = APIRouter(tags=["quality"])

    @router.get("/projects/{project}/proposals", **operation(answer=ProposalPage, errors=(404,)))
    def list_proposals(project: Name, sample: OneSample) -> Response:
        """Links that geometry, time and words suggest, best first; people make them, nothing is stored."""
        owner = service.project(project)
        known = sample_id(service.store, owner, sample)
        return answer(ProposalPage(items=proposals_of(service.workspace, owner, known)))

    return router
