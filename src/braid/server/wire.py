"""JSON in and out: bounded bodies, strict decoding into Structs, encoding of Structs and stored JSON."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from braid.base.errors import BraidError, InvalidInput, LimitExceeded
from braid.model.records import AnyRecord

T = TypeVar("T")

JSON_LIMIT = 64 * 2**20
"""Largest JSON body in bytes."""

MAX_SEQ = 2**53 - 1
"""Largest sequence number that JSON carries exactly."""

_ENCODER = msgspec.json.Encoder()
_AT = re.compile(r"(?P<text>.*?)(?: - at `(?P<path>[^`]*)`)?", re.DOTALL)


class MalformedJson(InvalidInput):
    """The body is not JSON at all (400); JSON that does not fit is InvalidInput (422)."""

    code = "malformed_json"


class PreconditionMissing(BraidError):
    """A write that must name the revision it edits does not (428)."""

    code = "precondition_required"


async def read_body(request: Request, *, limit: int = JSON_LIMIT) -> bytes:
    """The whole body, at most `limit` bytes. Raises LimitExceeded before more is held in memory."""
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > limit:
        raise _too_large(int(declared), limit)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise _too_large(size, limit)
        parts.append(part)
    return b"".join(parts)


def decode(raw: bytes, kind: type[T]) -> T:
    """A checked value of `kind`. Raises MalformedJson, or InvalidInput with the path of what does not fit."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        what, where = _fit(error)
        raise InvalidInput(what, where=where) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedJson("the body is not JSON", got=str(error), wanted="one JSON document") from error


def decode_record(raw: bytes) -> AnyRecord:
    """A checked record of any kind. Raises like `decode`."""
    return decode(raw, AnyRecord)  # type: ignore[arg-type]  # a union is a type to msgspec


def answer(value: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """`value` as JSON. Answers about the present are never cached."""
    merged = {"Cache-Control": "no-store", **(headers or {})}
    return Response(_ENCODER.encode(value), status, merged, media_type="application/json")


def _fit(error: msgspec.ValidationError) -> tuple[str, str]:
    match = _AT.fullmatch(str(error))
    if match is None:
        return str(error), "body"
    path = (match["path"] or "$").removeprefix("$").removeprefix(".")
    return match["text"], f"body, {path}" if path else "body"


def _too_large(size: int, limit: int) -> LimitExceeded:
    return LimitExceeded("the body is too large", got=f"{size} bytes", wanted=f"at most {limit}")
