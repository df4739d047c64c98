"""`braid check`, `validate`, `checks`, `rebuild`, `verify`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from braid.cli.group import FINDINGS, Settings
from braid.cli.opening import opened
from braid.cli.output import document, note, progress, say, table

if TYPE_CHECKING:
    from braid.model.views import FindingView

FAIL_ON = ("error", "warning", "hint")
FailOn = Annotated[str, typer.Option(help="Exit with 1 from this severity on: error, warning or hint.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this topic."""
    app.command(epilog="Example: braid check --project night-drives --fail-on error")(check)
    app.command(epilog="Example: braid validate ./export --format coco")(validate)
    app.command(epilog="Example: braid checks --json")(checks)
    app.command(epilog="Example: braid rebuild")(rebuild)
    app.command(epilog="Example: braid verify --project night-drives")(verify)


def check(
    context: typer.Context,
    project: Annotated[str, typer.Option("--project", "-p", help="Slug or id of the project.")],
    sample: Annotated[
        list[str] | None, typer.Option(help="Only this sample (id or key); repeatable.")
    ] = None,
    fail_on: FailOn = "warning",
) -> None:
    """Run the checks on a project and keep their findings."""
    from braid.work.checking import check_samples, sample_id, sample_keys

    settings = Settings.of(context)
    limit = _limit(fail_on)
    with opened(settings.workspace) as workspace, progress("Checking", quiet=settings.json) as tick:
        store = workspace.store
        owner = store.project_by_slug(project).id
        ids = [sample_id(store, owner, name) for name in sample] if sample else None
        found = check_samples(workspace, owner, ids, progress=tick)
        names = sample_keys(store, owner, {view.finding.sample for view in found})
    if settings.json:
        document({"items": found, "next": None})
    else:
        _print(found, names)
    if _fails(found, limit):
        raise typer.Exit(FINDINGS)


def validate(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A file or folder made by another tool.")],
    format_id: Annotated[str, typer.Option("--format", "-f", help="Its format; `braid formats` lists them.")],
    template: Annotated[str, typer.Option(help="Hold it to this template's ontology.")] = "",
    fail_on: FailOn = "warning",
) -> None:
    """Check files of another tool without a workspace: what cannot be read, and what the checks find."""
    from braid.work.validating import validate_files

    settings = Settings.of(context)
    limit = _limit(fail_on)
    with progress("Validating", quiet=settings.json) as tick:
        report, found, names = validate_files(path, format_id=format_id, template=template, progress=tick)
    if settings.json:
        document({"report": report, "findings": found})
    else:
        for warning in report.warnings:
            note(f"warning: {warning.where}: {warning.message} [{warning.code}]")
        for rejected in report.rejected:
            note(f"rejected: {rejected.where}: {rejected.reason}")
        _print(found, names)
    if report.rejected or _fails(found, limit):
        raise typer.Exit(FINDINGS)


def checks(context: typer.Context) -> None:
    """List the checks."""
    from braid.work.catalogue import check_infos

    settings = Settings.of(context)
    found = check_infos()
    if settings.json:
        document({"items": found, "next": None})
        return
    table(
        ("Check", "Layer", "Severity", "Title"),
        [(one.id, one.layer.value, one.severity.value, one.title) for one in found],
    )


def rebuild(
    context: typer.Context,
    project: Annotated[str | None, typer.Option("--project", "-p", help="Only this project.")] = None,
) -> None:
    """Make the head tables again from the log; the result is identical."""
    settings = Settings.of(context)
    with opened(settings.workspace) as workspace:
        store = workspace.store
        projects = [store.project_by_slug(project)] if project else list(store.projects())
        for one in projects:
            store.rebuild(one.id)
    if settings.json:
        document({"rebuilt": [one.slug for one in projects]})
    else:
        say(f"Rebuilt {len(projects)} projects from their logs.")


def verify(
    context: typer.Context,
    project: Annotated[str | None, typer.Option("--project", "-p", help="Only this project.")] = None,
) -> None:
    """Check every hash of the log; prints the Merkle root that stands for all of the history."""
    settings = Settings.of(context)
    with opened(settings.workspace) as workspace:
        store = workspace.store
        projects = [store.project_by_slug(project)] if project else list(store.projects())
        roots = [{"project": one.slug, "seq": one.seq, "root": store.verify(one.id)} for one in projects]
    if settings.json:
        document({"items": roots})
    else:
        table(
            ("Project", "Commits", "Root"),
            [(str(r["project"]), str(r["seq"]), str(r["root"])) for r in roots],
        )


def _limit(fail_on: str) -> int:
    if fail_on not in FAIL_ON:
        raise typer.BadParameter(f"{fail_on!r} is none of error, warning, hint", param_hint="--fail-on")
    return FAIL_ON.index(fail_on)


def _fails(found: Sequence[FindingView], limit: int) -> bool:
    """Whether an unsettled finding is as bad as the limit."""
    return any(view.verdict is None and FAIL_ON.index(view.finding.severity.value) <= limit for view in found)


def _print(found: Sequence[FindingView], names: dict[str, str]) -> None:
    for view in found:
        finding = view.finding
        settled = f" ({view.verdict.decision.value})" if view.verdict else ""
        place = names.get(finding.sample, finding.sample)
        say(f"{finding.severity.value}: {place}: {finding.message} [{finding.check}]{settled}")
    say(f"{len(found)} findings.")
