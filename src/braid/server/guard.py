"""The gate before every route: whose Host, whose Origin, which token; and the headers that tell browsers to be strict.

A page of another site may reach a server on this computer (DNS rebinding, forms, images): Host must be one of ours,
a foreign Origin is refused for every method, and what changes state needs the token that only our own page can read.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from braid.base.errors import Forbidden
from braid.server.errors import error_answer

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' blob:; media-src 'self' blob:; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Inline styles are allowed because the docking layout positions its panes with them; inline scripts are not."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """ASGI middleware. `host_names`: names without port that this server answers to, besides loopback."""

    def __init__(self, app: ASGIApp, *, host_names: frozenset[str], csrf: str) -> None:
        self._app = app
        self._host_names = LOOPBACK_HOSTS | {name.lower() for name in host_names}
        self._csrf = csrf.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 403, or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            self.check(scope["method"], scope["path"], Headers(scope=scope))
        except Forbidden as refusal:
            await error_answer(refusal)(scope, receive, sealed)
            return
        await self._app(scope, receive, sealed)

    def check(self, method: str, path: str, headers: Headers) -> None:
        """Raises Forbidden for a foreign host or origin, or a change without token."""
        host = headers.get("host", "").lower()
        name = _without_port(host)
        if name not in self._host_names:
            raise Forbidden(
                "this server does not answer to that host name",
                where="header Host",
                got=host,
                wanted=", ".join(sorted(self._host_names)),
                hint="Start it with `braid serve --host-name NAME` to allow another name.",
            )
        origin = headers.get("origin")
        if origin is not None and not _same_origin(origin, host):
            raise Forbidden(
                "a page of another site may not use this server",
                where="header Origin",
                got=origin,
                wanted=host,
            )
        api = path == "/api" or path.startswith("/api/")
        if api and headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise Forbidden(
                "a page of another site may not use this server",
                where="header Sec-Fetch-Site",
                got=headers["sec-fetch-site"],
                wanted="same-origin",
            )
        if method in SAFE_METHODS:
            return
        token = headers.get("x-braid-csrf")
        if token is None and origin is None and "cookie" not in headers:
            return
        if token is None or not secrets.compare_digest(token.encode(), self._csrf):
            raise Forbidden(
                "the token that proves a request comes from our own page is missing or old",
                where="header X-Braid-CSRF",
                hint="Ask GET /api/session for it; it changes when the server restarts.",
            )


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[: host.find("]") + 1]
    return host.partition(":")[0]


def _same_origin(origin: str, host: str) -> bool:
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host
