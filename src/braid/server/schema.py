"""The OpenAPI document without a workspace: for `braid openapi`, and for the web app's generated types."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI

from braid.server import openapi
from braid.server.describe import describe


def schema() -> dict[str, Any]:
    """The document as plain values."""
    app: FastAPI = describe()
    return openapi.document(app)


def schema_text() -> str:
    """The document as it is committed: sorted keys, two spaces, one newline at the end."""
    return json.dumps(schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
