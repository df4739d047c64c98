"""The server about itself: session, health, version."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

import braid
from braid.server.bodies import Health, Session, Version
from braid.server.openapi import operation
from braid.server.routes.params import BraidActor
from braid.server.service import Service
from braid.server.wire import answer
from braid.work.workspace import layer_name_of


def routes(service: Service) -> APIRouter:
    """Routes without a project."""
    router = APIRouter(tags=["about"])

    @router.get("/session", **operation(answer=Session))
    def read_session(braid_actor: BraidActor = None) -> Response:
        """Who writes, and the token that a browser sends with everything that changes state."""
        actor = service.actor_of(braid_actor)
        return answer(
            Session(actor=actor, layer_name=layer_name_of(actor), csrf=service.csrf, local=service.local)
        )

    @router.get("/healthz", **operation(answer=Health))
    def healthz() -> Response:
        """Alive."""
        return answer(Health(status="ok"))

    @router.get("/readyz", **operation(answer=Health))
    def readyz() -> Response:
        """Able to answer: the database was reached."""
        service.store.projects()
        return answer(Health(status="ok"))

    @router.get("/version", **operation(answer=Version))
    def read_version() -> Response:
        """Which Braid this is."""
        return answer(Version(name="braid", version=braid.__version__))

    return router
