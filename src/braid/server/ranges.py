"""Bytes of a file with HTTP Range (RFC 9110 section 14): 206, suffixes, 416, If-Range, strong ETags, large reads."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import IO

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from braid.base.errors import NotFound
from braid.model.changes import ErrorBody
from braid.server.errors import envelope

CHUNK_BYTES = 2**20
IMMUTABLE = "private, max-age=31536000, immutable"
_RANGE = re.compile(r"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE | re.ASCII)


class Unsatisfiable(Exception):
    """The range lies outside of the file."""


def parse_range(header: str | None, size: int) -> tuple[int, int] | None:
    """Bytes [first, end) that a Range header asks for; None when all of the file is the right answer.

    Several ranges and other units are answered with the whole file, as the RFC allows. Raises Unsatisfiable.

    >>> parse_range("bytes=0-99", 1000), parse_range("bytes=-10", 1000), parse_range("bytes=990-", 1000)
    ((0, 100), (990, 1000), (990, 1000))
    """
    match = None if header is None else _RANGE.fullmatch(header)
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        length = int(match[2])
        if length == 0 or size == 0:
            raise Unsatisfiable
        return max(0, size - length), size
    first = int(match[1])
    last = int(match[2]) if match[2] else size - 1
    if match[2] and last < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, min(last + 1, size)


def file_answer(
    request: Request, path: Path, *, media_type: str, etag: str, sandbox: bool = True
) -> Response:
    """`path`, whole or in part. etag: the digest that names these bytes; they never change."""
    try:
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise NotFound("the bytes of an asset are gone", where=f"asset {etag}") from error
    quoted = f'"{etag}"'
    headers = {"ETag": quoted, "Cache-Control": IMMUTABLE, "Accept-Ranges": "bytes"}
    if sandbox:
        headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    if _matches(request.headers.get("if-none-match"), quoted):
        return Response(status_code=304, headers=headers)
    wanted = request.headers.get("range")
    if wanted is not None and request.headers.get("if-range", quoted) != quoted:
        wanted = None
    try:
        part = parse_range(wanted, size)
    except Unsatisfiable:
        body = ErrorBody(
            code="range_not_satisfiable", message=f"the file has {size} bytes", where="header Range"
        )
        return envelope(416, body, headers={"Content-Range": f"bytes */{size}"})
    first, end = part or (0, size)
    if part is not None:
        headers["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
    return FilePart(
        path, first=first, end=end, status=206 if part else 200, headers=headers, media_type=media_type
    )


def bytes_answer(request: Request, data: bytes, *, media_type: str, etag: str) -> Response:
    """`data`, whole. etag: the digest of the recipe that made it; the same recipe makes the same bytes."""
    headers = {"ETag": f'"{etag}"', "Cache-Control": IMMUTABLE}
    if _matches(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=media_type, headers=headers)


class FilePart(Response):
    """Streams bytes [first, end) of a file with reads of 1 MiB in a worker thread."""

    def __init__(
        self, path: Path, *, first: int, end: int, status: int, headers: dict[str, str], media_type: str
    ) -> None:
        super().__init__(None, status, {**headers, "Content-Length": str(end - first)}, media_type)
        self._path, self._first, self._end = path, first, end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope["method"] == "HEAD" or self._first == self._end:
            await send({"type": "http.response.body", "body": b""})
            return
        file = await to_thread.run_sync(self._open)
        try:
            left = self._end - self._first
            while left > 0:
                chunk = await to_thread.run_sync(file.read, min(CHUNK_BYTES, left))
                left = left - len(chunk) if chunk else 0
                await send({"type": "http.response.body", "body": chunk, "more_body": left > 0})
        finally:
            file.close()

    def _open(self) -> IO[bytes]:
        file = self._path.open("rb", buffering=0)
        file.seek(self._first, os.SEEK_SET)
        return file


def _matches(header: str | None, quoted: str) -> bool:
    if header is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in tags or quoted in tags
