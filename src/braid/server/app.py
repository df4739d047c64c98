"""The app: routes, guard, error envelope and the web page, around one workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from fastapi import FastAPI

import braid
from braid.server import errors, openapi, web
from braid.server.guard import Guard
from braid.server.routes import (
    about,
    align,
    changes,
    history,
    media,
    projects,
    proposals,
    quality,
    statistics,
    transfer,
)
from braid.server.service import Service
from braid.server.verbs import Verbs
from braid.work.served import ServedWorkspace

DESCRIPTION = """Samples with many streams, annotations on them and links between annotations, with their history.

Every failure answers `{"error": {code, message, where, hint}}`. Lists are `{items, next}`; `next` is the cursor of the
following page. What changes state needs the header `X-Braid-CSRF` when it comes from a browser."""


def create_app(
    workspace: ServedWorkspace,
    *,
    host_names: Iterable[str] = (),
    actor: str = "local",
    local: bool = True,
    verbs: Verbs | None = None,
) -> FastAPI:
    """An app that serves `workspace`. host_names: names it answers to besides loopback; local: paths may be imported.

    The caller closes the workspace; the app ends its own threads when it shuts down.
    """
    if verbs is None:
        from braid.server.wiring import real_verbs

        verbs = real_verbs()
    service = Service(workspace=workspace, verbs=verbs, actor=actor, local=local)
    return app_of(service, host_names=host_names)


def app_of(service: Service, *, host_names: Iterable[str] = ()) -> FastAPI:
    """The app around a service."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            service.close()

    app = FastAPI(
        title="Braid",
        version=braid.__version__,
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.service = service
    for part in (projects, statistics, changes, history, quality, proposals, align, transfer, media, about):
        app.include_router(part.routes(service), prefix="/api")
    web.install(app)
    errors.install(app)
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    app.add_middleware(Guard, host_names=frozenset(host_names), csrf=service.csrf)
    return app
