"""`braid`: the verbs from a shell. Heavy libraries load inside the commands, so that help is instant."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import braid
from braid.cli.commands import about, align, data, probing, quality, serve
from braid.cli.group import BraidGroup, Settings

app = typer.Typer(
    cls=BraidGroup,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Annotate samples whose streams, annotations and links stay true to each other.",
    epilog="Exit codes: 0 fine, 1 findings or rejects, 2 wrong usage, 3 failure.",
)


@app.callback()
def root(
    context: typer.Context,
    workspace: Annotated[Path, typer.Option(envvar="BRAID_WORKSPACE", help="The workspace folder.")] = Path(
        ".braid"
    ),
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    """Global options; they may stand anywhere on the line."""
    context.obj = Settings(workspace=workspace, json=json)
    if version:
        typer.echo(f"braid {braid.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


for part in (serve, data, probing, align, quality, about):
    part.register(app)


def main() -> None:
    """The entry point of the command."""
    app(prog_name="braid")


if __name__ == "__main__":
    main()
