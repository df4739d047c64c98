"""Aligning streams and weighing clock maps. Both only answer; a clock map is applied by an ordinary change set."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from braid.base.errors import InvalidInput
from braid.server.openapi import operation
from braid.server.routes.params import Name, SampleName
from braid.server.service import Service
from braid.server.wire import answer, decode, read_body
from braid.work.alignment import AlignmentView, AlignRequest, ClockEffectRequest, Effect
from braid.work.checking import sample_id


def routes(service: Service) -> APIRouter:
    """Routes about how streams run against each other."""
    router = APIRouter(tags=["alignment"])
    store = service.store

    @router.post(
        "/projects/{project}/samples/{sample}/align",
        **operation(answer=AlignmentView, body=AlignRequest, errors=(404,)),
    )
    async def align_streams(request: Request, project: Name, sample: SampleName) -> Response:
        """Estimate a stream's clock map and what it would do. Writes nothing."""
        wanted = decode(await read_body(request), AlignRequest)

        def work() -> AlignmentView:
            owner = service.project(project)
            return service.verbs.align(service.workspace, project=owner, sample=sample, request=wanted)

        return answer(await to_thread.run_sync(work))

    @router.post(
        "/projects/{project}/samples/{sample}/clock-effect",
        **operation(answer=Effect, body=ClockEffectRequest, errors=(404, 409)),
    )
    async def weigh_clock_map(request: Request, project: Name, sample: SampleName) -> Response:
        """What a clock map would do to annotations and links. Writes nothing."""
        wanted = decode(await read_body(request), ClockEffectRequest)

        def work() -> Effect:
            from braid.work.clock_effect import clock_effect

            owner = service.project(project)
            held = sample_id(store, owner, sample)
            if wanted.clock_map.sample != held:
                raise InvalidInput(
                    "the clock map is of another sample",
                    where="body, clock_map.sample",
                    got=wanted.clock_map.sample,
                )
            return clock_effect(store, owner, wanted.clock_map)

        return answer(await to_thread.run_sync(work))

    return router
