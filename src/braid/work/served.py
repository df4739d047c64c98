"""What the server and the command line need of a workspace, so that tests can serve one held in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from braid.store.port import Store


class ServedWorkspace(Protocol):
    """A workspace folder with its database and blobs."""

    @property
    def root(self) -> Path:
        """The workspace folder."""

    @property
    def store(self) -> Store:
        """Its database."""

    def new_id(self) -> str:
        """A fresh UUIDv7."""

    def asset_path(self, digest: str) -> Path:
        """The bytes of an asset. Raises NotFound."""
