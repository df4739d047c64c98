"""One envelope for every failure: which error becomes which status."""

from __future__ import annotations

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from braid.base.errors import (
    BraidError,
    Conflict,
    Corrupt,
    Forbidden,
    InvalidInput,
    LimitExceeded,
    NotFound,
    StaleWrite,
)
from braid.model.changes import ErrorBody
from braid.model.findings import ErrorResponse
from braid.server.wire import MalformedJson, PreconditionMissing, answer

STATUS: tuple[tuple[type[BraidError], int], ...] = (
    (MalformedJson, 400),
    (PreconditionMissing, 428),
    (LimitExceeded, 413),
    (InvalidInput, 422),
    (NotFound, 404),
    (StaleWrite, 412),
    (Conflict, 409),
    (Forbidden, 403),
    (Corrupt, 500),
)
"""First match wins: children stand before their parents."""

_log = structlog.get_logger("braid.server")


def status_of(error: BraidError) -> int:
    """The HTTP status of an error; 500 for one that nobody expected here."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def envelope(status: int, body: ErrorBody, *, headers: dict[str, str] | None = None) -> Response:
    """The one error envelope."""
    return answer(ErrorResponse(error=body), status=status, headers=headers)


def error_answer(error: BraidError) -> Response:
    """The envelope of one of our own errors."""
    return envelope(status_of(error), ErrorBody(**error.envelope()))


def install(app: FastAPI) -> None:
    """Have every exception of a route answered with the envelope."""
    app.add_exception_handler(BraidError, _ours)
    app.add_exception_handler(RequestValidationError, _parameters)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, BraidError)
    if status_of(error) >= 500:
        _log.error("request failed", path=request.url.path, error=error.letter())
    return error_answer(error)


async def _parameters(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ", ".join(str(part) for part in first.get("loc", ()))
    return envelope(
        422, ErrorBody(code="invalid_input", message=str(first.get("msg", "does not fit")), where=where)
    )


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "error")
    where = request.url.path
    headers = dict(error.headers) if error.headers else None
    return envelope(
        error.status_code, ErrorBody(code=code, message=str(error.detail), where=where), headers=headers
    )


async def _unexpected(request: Request, error: Exception) -> Response:
    _log.error("request failed", path=request.url.path, exc_info=error)
    return envelope(
        500,
        ErrorBody(
            code="internal",
            message="the server failed in a way nobody foresaw",
            where=request.url.path,
            hint="The server's log has the details.",
        ),
    )
