"""Writing: batches of change sets, single records, undo and restore. There is no other way to write (law H1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Header
from starlette.requests import Request
from starlette.responses import Response

from braid.base.errors import InvalidInput, NotFound
from braid.base.ids import is_uuid7
from braid.model.changes import Batch, BatchResult, ChangeSet, Outcome, OutcomeState, Update
from braid.model.records import AnyRecord
from braid.server.bodies import RestoreRequest, StaleError, StaleResponse, UndoRequest
from braid.server.errors import envelope
from braid.server.openapi import operation
from braid.server.routes.params import BraidActor, IdempotencyKey, Name, RecordId
from braid.server.service import Service
from braid.server.wire import MAX_SEQ, PreconditionMissing, answer, decode, decode_record, read_body

_TAG = re.compile(r'"([0-9a-f]{32})"')
BATCH_LIMIT = 10_000


def routes(service: Service) -> APIRouter:
    """Routes that write."""
    router = APIRouter(tags=["changes"])
    store = service.store

    def commit_made(project: str, change_set: str, actor: str, make: Callable[[str], ChangeSet]) -> Outcome:
        """Commit what `make` derives from the log, once: an id that is in the log already answers as it did."""
        owner = service.project(project)
        before = store.commit(owner, [ChangeSet(id=change_set, ops=())], actor=actor).outcomes[0]
        if before.state is OutcomeState.COMMITTED:
            return before
        return service.commit(owner, [make(owner)], actor=actor).outcomes[0]

    @router.post(
        "/projects/{project}/changes", **operation(answer=BatchResult, body=Batch, errors=(404, 409))
    )
    async def commit_changes(
        request: Request,
        project: Name,
        idempotency_key: IdempotencyKey = None,
        braid_actor: BraidActor = None,
    ) -> Response:
        """Apply change sets one after another; each is applied whole or refused, and has its own outcome."""
        raw = await read_body(request)
        batch = await to_thread.run_sync(decode, raw, Batch)
        if len(batch.change_sets) > BATCH_LIMIT:
            raise InvalidInput(
                "a batch is too long",
                where="body, change_sets",
                got=len(batch.change_sets),
                wanted="at most 10,000",
            )
        actor = service.actor_of(braid_actor)

        async def run() -> Response:
            def work() -> BatchResult:
                return service.commit(service.project(project), batch.change_sets, actor=actor)

            return answer(await to_thread.run_sync(work))

        return await service.idempotency.once(request, raw, key=idempotency_key, actor=actor, run=run)

    @router.put(
        "/projects/{project}/records/{record}",
        **operation(
            answer=Outcome,
            body=AnyRecord,
            errors=(404, 412, 428),
            headers={"ETag": "The record's new revision."},
            required_headers=("if-match",),
        ),
    )
    async def put_record(
        request: Request,
        project: Name,
        record: RecordId,
        if_match: Annotated[str | None, Header(description="The revision you saw, in quotes.")] = None,
        braid_actor: BraidActor = None,
    ) -> Response:
        """Replace one record, if it is still the revision that If-Match names."""
        raw = await read_body(request)
        value = decode_record(raw)
        if if_match is None:
            raise PreconditionMissing(
                "this write must say which revision it edits",
                where="header If-Match",
                hint='Send the `rev` you read, in quotes: If-Match: "3f9c…".',
            )
        tag = _TAG.fullmatch(if_match.strip())
        if tag is None:
            raise InvalidInput(
                "not a revision", where="header If-Match", got=if_match, wanted="32 hex digits in quotes"
            )
        if value.id != record:
            raise InvalidInput("the record has another id than its address", where="body, id", got=value.id)
        actor = service.actor_of(braid_actor)
        change_set = ChangeSet(id=service.workspace.new_id(), ops=(Update(record=value, base=tag[1]),))

        def work() -> BatchResult:
            owner = service.project(project)
            if not store.heads(owner, [record]):
                raise_missing(record)
            return service.commit(owner, [change_set], actor=actor)

        return _one(await to_thread.run_sync(work), record)

    @router.post("/projects/{project}/undo", **operation(answer=Outcome, body=UndoRequest, errors=(404, 409)))
    async def undo(
        request: Request,
        project: Name,
        idempotency_key: IdempotencyKey = None,
        braid_actor: BraidActor = None,
    ) -> Response:
        """Take a commit back with a new commit (law H4)."""
        raw = await read_body(request)
        wanted = decode(raw, UndoRequest)
        _check(wanted.id, wanted.seq)
        actor = service.actor_of(braid_actor)

        def make(owner: str) -> ChangeSet:
            return store.inverse(owner, wanted.seq, new_id=wanted.id)

        async def run() -> Response:
            return answer(await to_thread.run_sync(commit_made, project, wanted.id, actor, make))

        return await service.idempotency.once(request, raw, key=idempotency_key, actor=actor, run=run)

    @router.post(
        "/projects/{project}/restore", **operation(answer=Outcome, body=RestoreRequest, errors=(404, 409))
    )
    async def restore(
        request: Request,
        project: Name,
        idempotency_key: IdempotencyKey = None,
        braid_actor: BraidActor = None,
    ) -> Response:
        """Bring a record, a sample or the whole project back to a past state, with a new commit (law H5)."""
        raw = await read_body(request)
        wanted = decode(raw, RestoreRequest)
        _check(wanted.id, wanted.to_seq)
        actor = service.actor_of(braid_actor)

        def make(owner: str) -> ChangeSet:
            return store.restoring(
                owner, wanted.to_seq, new_id=wanted.id, sample=wanted.sample, record=wanted.record
            )

        async def run() -> Response:
            return answer(await to_thread.run_sync(commit_made, project, wanted.id, actor, make))

        return await service.idempotency.once(request, raw, key=idempotency_key, actor=actor, run=run)

    return router


def raise_missing(record: str) -> None:
    """Raises NotFound for a record."""
    raise NotFound("no such record", where=f"record {record}", hint="Create it with POST …/changes.")


def _one(result: BatchResult, record: str) -> Response:
    outcome = result.outcomes[0]
    if outcome.state is OutcomeState.STALE:
        stale = StaleError(
            code="stale_write",
            message="the record changed since the revision that If-Match names",
            where=f"record {record}",
            hint="Look at both versions in `details`, decide, and send it again with the head's revision.",
            details=outcome.stale,
        )
        return answer(StaleResponse(error=stale), status=412)
    if outcome.state is OutcomeState.INVALID:
        return envelope(422, outcome.errors[0])
    rev = next((head.rev for head in outcome.heads if head.id == record), None)
    return answer(outcome, headers={} if rev is None else {"ETag": f'"{rev}"'})


def _check(change_set: str, seq: int) -> None:
    if not is_uuid7(change_set):
        raise InvalidInput("a change set's id is a UUIDv7", where="body, id", got=change_set)
    if not 0 <= seq <= MAX_SEQ:
        raise InvalidInput("not the number of a commit", where="body, seq", got=seq, wanted="0 to 2^53 - 1")
