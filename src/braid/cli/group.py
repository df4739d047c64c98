"""What all commands share: global options anywhere on the line, errors as letters, exit codes.

Exit codes: 0 fine, 1 findings or rejects, 2 wrong usage, 3 failure.
"""

from __future__ import annotations

import os
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from braid.base.errors import BraidError

FINDINGS, FAILURE = 1, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The global options."""

    workspace: Path
    json: bool

    @classmethod
    def of(cls, context: typer.Context) -> Settings:
        """The settings of this call."""
        found = context.find_object(cls)
        assert found is not None, "the root callback sets them"
        return found


class BraidGroup(TyperGroup):
    """The root command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Global options may stand after the command too."""
        return super().parse_args(ctx, hoisted(args))

    def invoke(self, ctx: Any) -> Any:
        """Run; a failure becomes a letter on standard error and exit code 3."""
        try:
            return super().invoke(ctx)
        except BraidError as error:
            self._fail(ctx, error)
        except BrokenPipeError:
            # The reader went away (`braid … | head`): nothing is left to tell, not even at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(FAILURE) from None
        except OSError as error:
            where = str(error.filename or "")
            self._fail(ctx, BraidError(error.strerror or str(error), where=where))
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if hasattr(error, "exit_code"):  # wrong usage, which the parser explains
                raise
            traceback.print_exception(error)
            self._fail(
                ctx,
                BraidError("Braid failed in a way nobody foresaw", got=f"{type(error).__name__}: {error}"),
            )

    @staticmethod
    def _fail(ctx: Any, error: BraidError) -> None:
        typer.echo(f"braid: {error.letter()}", err=True)
        settings = ctx.find_object(Settings)
        if settings is not None and settings.json:
            from braid.cli.output import encode_document

            typer.echo(encode_document({"error": error.envelope()}))
        raise typer.Exit(FAILURE) from error


def hoisted(args: list[str]) -> list[str]:
    """The global options first, wherever they stood before `--`.

    >>> hoisted(["check", "--json", "--project", "p"])
    ['--json', 'check', '--project', 'p']
    """
    first: list[str] = []
    rest: list[str] = []
    left = list(args)
    while left:
        word = left.pop(0)
        if word == "--":
            rest += [word, *left]
            break
        if word == "--json" or word.startswith("--workspace="):
            first.append(word)
        elif word == "--workspace":
            first += [word, *left[:1]]
            left = left[1:]
        else:
            rest.append(word)
    return first + rest
