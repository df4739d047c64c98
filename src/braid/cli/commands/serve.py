"""`braid demo` and `braid serve`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from braid.cli.group import Settings
from braid.cli.opening import opened
from braid.cli.output import document, note, say

if TYPE_CHECKING:
    import socket

    from braid.work.workspace import Workspace

DEFAULT_PORT = 8765

Port = Annotated[
    int | None, typer.Option(min=0, max=65535, help="Port; 0 picks a free one.  [default: 8765]")
]
Open = Annotated[bool, typer.Option("--open", help="Open the address in a browser.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command(epilog="Example: braid demo --port 0")(demo)
    app.command(epilog="Example: braid --workspace ./work serve --port 8000")(serve)


def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where the demo workspace is made.")] = Path(".braid-demo"),
    port: Port = None,
    open_browser: Open = False,
) -> None:
    """Make three sample projects once, and serve them."""
    from braid.cli.demo_folder import ensure_demo

    settings = Settings.of(context)
    with opened(folder, create=True) as workspace:
        if not settings.json:
            note("Preparing the demo projects; this takes a moment the first time.")
        ensure_demo(workspace)
        _run(workspace, settings, host="127.0.0.1", port=port, open_browser=open_browser)


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Port = None,
    host_name: Annotated[
        list[str] | None, typer.Option(help="A name this server is reached by, besides loopback; repeatable.")
    ] = None,
    actor: Annotated[str, typer.Option(help="Who writes.")] = "local",
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Listen beyond this computer. There are no passwords yet.")
    ] = False,
    open_browser: Open = False,
) -> None:
    """Serve a workspace: the web app and the API."""
    from braid.server.listening import is_loopback

    settings = Settings.of(context)
    if not is_loopback(host) and not allow_remote:
        raise typer.BadParameter(
            f"{host} is reachable from other computers, and everybody who reaches it may read and write. "
            "Add --allow-remote if the network is yours alone.",
            param_hint="--host",
        )
    with opened(settings.workspace) as workspace:
        _run(
            workspace,
            settings,
            host=host,
            port=port,
            open_browser=open_browser,
            host_names=tuple(host_name or ()),
            actor=actor,
        )


def _run(
    workspace: Workspace,
    settings: Settings,
    *,
    host: str,
    port: int | None,
    open_browser: bool,
    host_names: tuple[str, ...] = (),
    actor: str = "local",
) -> None:
    from braid.server import logs
    from braid.server.app import create_app
    from braid.server.listening import address_of, is_loopback, listen, run

    logs.configure()
    local = is_loopback(host)
    listener: socket.socket = listen(host, DEFAULT_PORT if port is None else port, or_any=port is None)
    with listener:
        names = (*host_names, *(() if local else (host,)))
        app = create_app(workspace, host_names=names, actor=actor, local=local)
        address = address_of(listener, host)

        def started() -> None:
            if settings.json:
                document({"address": address, "workspace": str(workspace.root)})
            else:
                say(address)
            if open_browser:
                import webbrowser

                webbrowser.open(address)

        run(app, listener, started=started)
