"""Schemathesis drives the app with what its own document says, right and wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks as known
from schemathesis.specs.openapi import checks as openapi_checks
from tests.server.conftest import Small, build

from braid.server.schema import schema

pytestmark = pytest.mark.slow


@schemathesis.serializer("application/zip")
def as_bytes(context: Any, value: Any) -> bytes:
    """Uploads are bytes already."""
    return value if isinstance(value, bytes) else str(value).encode()


HOST = {"Host": "localhost"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    made = build(Path(tmp_path_factory.mktemp("contract")) / "workspace")
    yield made
    made.service.close()
    made.workspace.close()


# The event stream has no end; tests/server/test_events.py reads it from a real server.
contract = schemathesis.openapi.from_dict(schema()).exclude(path="/api/projects/{project}/events")


@contract.parametrize()
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_app_keeps_its_document(case: Any, served: Small) -> None:
    names = case.path_parameters or {}
    if "project" in names:
        names["project"] = "small"
    if "stream" in names:
        names["stream"] = served.image.id
    if "record" in names:
        names["record"] = served.box.id
    case.headers = {**dict(case.headers or {}), **HOST}
    response = case.call(base_url="http://localhost", app=served.app)
    case.validate_response(
        response,
        checks=[
            known.not_a_server_error,
            openapi_checks.status_code_conformance,
            openapi_checks.content_type_conformance,
            openapi_checks.response_schema_conformance,
            openapi_checks.response_headers_conformance,
        ],
    )
