"""Binding a socket and running the app on it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from braid.base.errors import BraidError, Conflict

GRACE_S = 2
"""How long open streams may hold up the end of the server."""


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach that address.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int, *, or_any: bool = False) -> socket.socket:
    """A listening socket. or_any: any free port when this one is taken. Raises Conflict when it is."""
    name = host.strip("[]")
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((name, port))
        except OSError as error:
            if not or_any:
                raise Conflict(
                    "the port cannot be used", where=f"{host}:{port}", got=str(error), hint="Try --port 0."
                ) from error
            listener.bind((name, 0))
        listener.listen(128)
    except BaseException:
        listener.close()
        raise
    return listener


def address_of(listener: socket.socket, host: str) -> str:
    """The address to type into a browser."""
    port = listener.getsockname()[1]
    name = f"[{host.strip('[]')}]" if ":" in host else host
    return f"http://{name}:{port}/"


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, *, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._tell()


def run(app: FastAPI, listener: socket.socket, *, started: Callable[[], None] = lambda: None) -> None:
    """Serve until interrupted. `started` is called once requests are answered."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=GRACE_S,
        server_header=False,
    )
    server = _Server(config, started=started)
    server.run(sockets=[listener])
    if not server.started:
        raise BraidError("the server did not start", hint="The lines above say why.")
