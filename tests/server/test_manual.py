"""The manual's tables against what the code says."""

from __future__ import annotations

import re
from pathlib import Path

from braid.base.errors import BraidError
from braid.cli.app import app
from braid.server.errors import STATUS

MANUAL = Path(__file__).parents[2] / "docs" / "manual"


def test_the_manual_lists_the_codes_of_failures() -> None:
    text = (MANUAL / "api.md").read_text(encoding="utf-8")
    listed = {(int(status), code) for status, code in re.findall(r"^  \| (\d{3}) \| `(\w+)`", text, re.MULTILINE)}
    raised = {(status, kind.code) for kind, status in STATUS if status < 500}
    assert listed == raised | {(416, "range_not_satisfiable")}


def test_every_error_has_a_status() -> None:
    def family(kind: type[BraidError]) -> set[type[BraidError]]:
        return {kind}.union(*(family(child) for child in kind.__subclasses__()))

    statuses = {kind for kind, _ in STATUS}
    ours = {kind for kind in family(BraidError) if kind.__module__.startswith("braid.")}
    assert all(any(issubclass(kind, known) for known in statuses) for kind in ours - {BraidError})


def test_the_manual_lists_the_commands() -> None:
    text = (MANUAL / "cli.md").read_text(encoding="utf-8")
    table = "\n".join(line.partition(" | ")[0] for line in text.splitlines() if line.startswith("| `"))
    named = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert set(re.findall(r"`([a-z]+)`", table)) == named
