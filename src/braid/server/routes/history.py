"""Reading the past: commits, revisions of a record, differences, and the live stream of events."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header, Query
from starlette.responses import Response, StreamingResponse

from braid.base.errors import InvalidInput
from braid.model.changes import Commit
from braid.model.views import CommitPage, DiffView, RevisionPage
from braid.server.openapi import operation
from braid.server.routes.params import Limit, Name, OfRecord, OfSample, RecordId, SeqPath
from braid.server.service import Service
from braid.server.wire import MAX_SEQ, answer

Before = Annotated[int | None, Query(ge=1, le=MAX_SEQ, description="Only commits before this number.")]
From = Annotated[
    int, Query(alias="from", ge=0, le=MAX_SEQ, description="The earlier commit; 0: before the first.")
]
To = Annotated[int, Query(ge=0, le=MAX_SEQ, description="The later commit.")]
After = Annotated[
    int | None, Query(ge=0, le=MAX_SEQ, description="Only commits after this number; now if left out.")
]


def routes(service: Service) -> APIRouter:
    """Routes that read history."""
    router = APIRouter(tags=["history"])
    store = service.store

    @router.get("/projects/{project}/commits", **operation(answer=CommitPage, errors=(404,)))
    def list_commits(
        project: Name,
        before: Before = None,
        limit: Limit = 50,
        sample: OfSample = None,
        record: OfRecord = None,
    ) -> Response:
        """Commits, newest first."""
        owner = service.project(project)
        return answer(store.commits(owner, before=before, limit=limit, sample=sample, record=record))

    @router.get("/projects/{project}/commits/{seq}", **operation(answer=Commit, errors=(404,)))
    def read_commit(project: Name, seq: SeqPath) -> Response:
        """One commit."""
        return answer(store.commit_at(service.project(project), seq))

    @router.get(
        "/projects/{project}/records/{record}/revisions", **operation(answer=RevisionPage, errors=(404,))
    )
    def list_revisions(project: Name, record: RecordId) -> Response:
        """The past states of one record, newest first."""
        return answer(store.revisions(service.project(project), record))

    @router.get("/projects/{project}/diff", **operation(answer=DiffView, errors=(404,)))
    def read_diff(project: Name, from_seq: From, to: To, sample: OfSample = None) -> Response:
        """What differs between two states."""
        return answer(store.diff(service.project(project), from_seq, to, sample=sample))

    @router.get(
        "/projects/{project}/events",
        **operation(
            media_type="text/event-stream", says="Events without end; `id` is a commit.", errors=(404,)
        ),
    )
    async def stream_events(
        project: Name,
        after: After = None,
        last_event_id: Annotated[
            str | None, Header(description="The last `id` seen; sent by browsers.")
        ] = None,
    ) -> Response:
        """Commits as they happen (`event: commit`), and samples whose findings changed (`event: findings`)."""
        owner = await to_thread.run_sync(service.project, project)
        start = _number(last_event_id)
        if start is None:
            start = after if after is not None else await to_thread.run_sync(store.seq, owner)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        body = service.hub.stream(owner, after=start)
        return StreamingResponse(body, media_type="text/event-stream", headers=headers)

    return router


def _number(header: str | None) -> int | None:
    if not header:
        return None
    if not (header.isascii() and header.isdigit() and len(header) <= 15):
        raise InvalidInput("not the id of an event", where="header Last-Event-ID", got=header)
    return int(header)
