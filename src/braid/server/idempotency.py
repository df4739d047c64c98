"""Idempotency keys: the same key with the same body answers as before, with another body is a conflict.

Kept in memory: after a restart the ids of change sets still make sending twice harmless, because the log knows them.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from braid.base.errors import Conflict


@dataclass(slots=True, kw_only=True)
class _Entry:
    digest: str
    done: asyncio.Lock = field(default_factory=asyncio.Lock)
    answer: Response | None = None


class IdempotencyCache:
    """The newest answers by (actor, address, key). Only used from the event loop."""

    def __init__(self, *, size: int = 1024) -> None:
        self._size = size
        self._entries: OrderedDict[tuple[str, str, str], _Entry] = OrderedDict()

    async def once(
        self,
        request: Request,
        body: bytes,
        *,
        key: str | None,
        actor: str,
        run: Callable[[], Awaitable[Response]],
    ) -> Response:
        """The answer of `run`, or the one it gave to this key before. Failures are not remembered.

        Raises Conflict when the key came with another body.
        """
        if key is None:
            return await run()
        entry = self._entry((actor, f"{request.method} {request.url.path}", key), body)
        async with entry.done:
            if entry.answer is None:
                answer = await run()
                if answer.status_code >= 400:
                    return answer
                entry.answer = answer
            return entry.answer

    def _entry(self, name: tuple[str, str, str], body: bytes) -> _Entry:
        digest = hashlib.sha256(body).hexdigest()
        entry = self._entries.setdefault(name, _Entry(digest=digest))
        self._entries.move_to_end(name)
        while len(self._entries) > self._size:
            self._entries.popitem(last=False)
        if entry.digest != digest:
            raise Conflict(
                "this idempotency key was used with another body",
                where="header Idempotency-Key",
                got=name[2],
                hint="Use a new key for a new request.",
            )
        return entry
