"""What commands print: with --json one document on standard output; else lines, tables and progress for people."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import typer


def encode_document(value: Any) -> str:
    """A value as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def say(text: str) -> None:
    """A line for people on standard output."""
    typer.echo(text)


def note(text: str) -> None:
    """A line beside the result, on standard error."""
    typer.echo(text, err=True)


def document(value: Any) -> None:
    """The one JSON document."""
    typer.echo(encode_document(value))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows in aligned columns; plain text that other programs can cut."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markup import escape
        from rich.table import Table

        drawn = Table(*columns, box=None, pad_edge=False, header_style="bold")
        for row in rows:
            drawn.add_row(*(escape(cell) for cell in row))
        Console().print(drawn)
        return
    for row in rows:
        typer.echo("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row))


Tick = Callable[[int, int | None], None]
"""Called with how much is done and how much there is (None: unknown)."""


@contextmanager
def progress(title: str, *, quiet: bool) -> Iterator[Tick | None]:
    """A progress bar on standard error, on a terminal only; None when there is nothing to draw on."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
