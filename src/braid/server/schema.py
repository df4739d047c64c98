"""The OpenAPI document without a workspace: for `braid openapi`, and for the web app's generated types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from braid.server import openapi
from braid.server.app import create_app
from braid.store.port import Store


class _Nothing:
    """A workspace that is described, never opened."""

    root = Path()
    store = cast("Store", None)

    def new_id(self) -> str:
        """Never asked."""
        raise NotImplementedError

    def asset_path(self, digest: str) -> Path:
        """Never asked."""
        raise NotImplementedError


def schema() -> dict[str, Any]:
    """The document as plain values."""
    return openapi.document(create_app(_Nothing()))


def schema_text() -> str:
    """The document as it is committed: sorted keys, two spaces, one newline at the end."""
    return json.dumps(schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
