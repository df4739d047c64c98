"""A workspace on a real database for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from braid.work.workspace import Workspace


@pytest.fixture(autouse=True)
def _no_database_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BRAID_DATABASE_URL", raising=False)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "workspace", create=True) as opened:
        yield opened


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "other", create=True) as opened:
        yield opened
