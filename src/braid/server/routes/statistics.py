"""How a project stands, as counts."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from braid.model.statistics import ProjectStatistics
from braid.server.openapi import operation
from braid.server.routes.params import Name
from braid.server.service import Service
from braid.server.wire import answer
from braid.work.statistics import Statistics


def routes(service: Service) -> APIRouter:
    """Routes that count."""
    router = APIRouter(tags=["projects"])
    statistics = Statistics(service.store)

    @router.get("/projects/{project}/statistics", **operation(answer=ProjectStatistics, errors=(404,)))
    def read_statistics(project: Name) -> Response:
        """Progress, health and distributions: samples by state, findings, labels by class, links by type and pair."""
        checks = {one.id: one for one in service.verbs.checks()}
        return answer(statistics.of(service.project(project), checks))

    return router
