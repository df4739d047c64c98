"""`braid doctor` and `openapi`."""

from __future__ import annotations

import typer

from braid.cli.group import FINDINGS, Settings
from braid.cli.output import document, say


def register(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command(epilog="Example: braid doctor --json")(doctor)
    app.command(epilog="Example: braid openapi > openapi.json")(openapi)


def doctor(context: typer.Context) -> None:
    """Look whether everything that Braid needs is there; exit code 1 when something is missing."""
    from braid.server.web import is_built
    from braid.work.doctor import examine

    settings = Settings.of(context)
    found = examine(settings.workspace, web_built=is_built())
    if settings.json:
        document({"items": found})
    else:
        for one in found:
            say(
                f"{'ok     ' if one.ok else 'missing'}  {one.name}: {one.detail}{'' if one.ok else f'. {one.hint}'}"
            )
    if not all(one.ok for one in found):
        raise typer.Exit(FINDINGS)


def openapi() -> None:
    """Print the OpenAPI 3.1 document of the API."""
    from braid.server.schema import schema_text

    typer.echo(schema_text(), nl=False)
