"""`braid init`, `import`, `export`, `formats`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from braid.cli.group import FINDINGS, Settings
from braid.cli.opening import opened
from braid.cli.output import document, note, progress, say, table

ProjectOption = Annotated[str, typer.Option("--project", "-p", help="Slug or id of the project.")]
FormatArgument = Annotated[str, typer.Argument(help="Id of a format; `braid formats` lists them.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command(epilog="Example: braid init 'Night drives' --template driving")(init)
    app.command("import", epilog="Example: braid import coco ./coco --project night-drives --dry-run")(
        import_
    )
    app.command(epilog="Example: braid export braid --project night-drives --out ./night-drives")(export)
    app.command(epilog="Example: braid formats --json")(formats)


def init(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The project's name.")],
    template: Annotated[
        str, typer.Option(help="Ontology to begin with: vision-language, driving, dialogue; empty for none.")
    ] = "",
    slug: Annotated[str, typer.Option(help="Its name in addresses; made from the name when left out.")] = "",
) -> None:
    """Begin a project, and the workspace if there is none."""
    from braid.work.workspace import init_project

    settings = Settings.of(context)
    with opened(settings.workspace, create=True) as workspace:
        made = init_project(workspace, name=name, slug=slug, template=template)
    if settings.json:
        document(made)
    else:
        say(f"Began project {made.slug} in {settings.workspace}.")


def import_(
    context: typer.Context,
    format_id: FormatArgument,
    path: Annotated[Path, typer.Argument(help="A file or folder in that format.")],
    project: ProjectOption,
    layer: Annotated[str, typer.Option(help="Write into this layer; your own when left out.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    option: Annotated[
        list[str] | None,
        typer.Option("--option", "-o", help="NAME=VALUE; `braid formats` lists the names. May be repeated."),
    ] = None,
) -> None:
    """Take files into a project. Everything is either accepted or rejected with its place (exit code 1)."""
    from braid.formats.options import parse_options
    from braid.work.importing import import_files

    settings = Settings.of(context)
    with opened(settings.workspace) as workspace, progress("Importing", quiet=settings.json) as tick:
        report = import_files(
            workspace,
            project=project,
            format_id=format_id,
            path=path,
            layer=layer,
            dry_run=dry_run,
            options=parse_options(option or ()),
            progress=None if tick is None else lambda done, _: tick(done, None),
        )
    if settings.json:
        document(report)
    else:
        took = report.accepted
        say(
            f"{'Would accept' if dry_run else 'Accepted'} {took.samples} samples, {took.streams} streams, "
            f"{took.annotations} annotations, {took.links} links, {took.entities} entities."
        )
        for warning in report.warnings:
            note(f"warning: {warning.where}: {warning.message} [{warning.code}]")
        for rejected in report.rejected:
            note(f"rejected: {rejected.where}: {rejected.reason}")
    if report.rejected:
        raise typer.Exit(FINDINGS)


def export(
    context: typer.Context,
    format_id: FormatArgument,
    project: ProjectOption,
    out: Annotated[Path, typer.Option("--out", "-o", help="A folder that is not there yet, or is empty.")],
    history: Annotated[
        bool, typer.Option("--history", help="With the whole log, where the format can.")
    ] = False,
) -> None:
    """Write a project in a format, and say what the format could not hold."""
    from braid.work.exporting import export_project

    settings = Settings.of(context)
    with opened(settings.workspace) as workspace:
        owner = workspace.store.project_by_slug(project).id
        options = {"history": "yes"} if history else {}
        losses = export_project(workspace, project=owner, format_id=format_id, out=out, options=options)
    if settings.json:
        document({"out": str(out), "losses": losses})
        return
    say(f"Wrote {out}.")
    for loss in losses:
        note(f"left out: {loss.count} {loss.what}: {loss.why}")


def formats(context: typer.Context) -> None:
    """List the formats."""
    from braid.work.catalogue import format_infos

    settings = Settings.of(context)
    found = format_infos()
    if settings.json:
        document({"items": found, "next": None})
        return
    ways = {(True, True): "reads, writes", (True, False): "reads", (False, True): "writes"}
    table(
        ("Format", "Ways", "Title", "Purpose"),
        [(one.id, ways.get((one.reads, one.writes), ""), one.title, one.purpose) for one in found],
    )
    options = [(one.id, option) for one in found for option in one.options]
    if options:
        table(
            ("Format", "Option", "Values", "Meaning"),
            [(id_, said.name, " | ".join(said.values) or "any", said.meaning) for id_, said in options],
        )
