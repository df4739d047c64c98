"""Opening the workspace that a command works in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from braid.work.workspace import Workspace


@contextmanager
def opened(folder: Path, *, create: bool = False) -> Iterator[Workspace]:
    """The workspace in `folder`, closed at the end. Raises NotFound when there is none and `create` is off."""
    from braid.work.workspace import Workspace

    with Workspace.open(folder, create=create) as workspace:
        yield workspace
