"""The OpenAPI document: complete, typed, and the one that is committed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from braid.model.records import RECORD_KINDS
from braid.server.bodies import DOCUMENTED
from braid.server.schema import schema, schema_text

COMMITTED = Path(__file__).parents[2] / "web" / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return schema()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_the_committed_document_is_the_apps() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == schema_text(), "run: braid openapi > web/openapi.json"


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for part in value.values():
                yield from references(part)
        elif isinstance(value, list):
            for part in value:
                yield from references(part)

    found = set(references(document))
    assert found
    for reference in found:
        place: Any = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]


def test_every_json_body_is_typed(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        bodies = [response for response in operation["responses"].values() if "content" in response]
        bodies += [operation["requestBody"]] if "requestBody" in operation else []
        for body in bodies:
            if "application/json" in body["content"]:
                assert "$ref" in body["content"]["application/json"]["schema"], name


def test_every_operation_says_what_it_does_and_how_it_fails(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert operation["description"], name
        assert {"403", "422"} <= set(operation["responses"]), name
        if "requestBody" in operation:
            assert {"400", "413"} <= set(operation["responses"]), name
        if "{project}" in name:
            assert "404" in operation["responses"], name
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert len(ids) == len(set(ids))


def test_the_routes_of_the_contract_are_there(document: dict[str, Any]) -> None:
    named = {name for name, _ in operations(document)}
    p = "/api/projects/{project}"
    wanted = {
        "GET /api/projects", "POST /api/projects", f"GET {p}", f"GET {p}/ontology", f"GET {p}/layers", f"GET {p}/statistics", f"GET {p}/proposals",
        f"GET {p}/samples", f"GET {p}/samples/{{sample}}", f"POST {p}/changes", f"PUT {p}/records/{{record}}",
        f"POST {p}/undo", f"POST {p}/restore", f"GET {p}/commits", f"GET {p}/commits/{{seq}}",
        f"GET {p}/records/{{record}}/revisions", f"GET {p}/diff", f"GET {p}/suspects", f"GET {p}/findings",
        f"POST {p}/samples/{{sample}}/align", f"POST {p}/samples/{{sample}}/clock-effect",
        f"POST {p}/check", f"GET {p}/events", f"POST {p}/imports", f"GET {p}/export", "GET /api/formats",
        f"POST {p}/samples/{{sample}}/align", f"POST {p}/samples/{{sample}}/clock-effect",
        "GET /api/checks", "GET /api/healthz", "GET /api/readyz", "GET /api/version", "GET /api/session",
        *(
            f"GET {p}/streams/{{stream}}/{what}"
            for what in (
                "media", "thumbnail", "picture", "frames", "frame/{index}", "peaks", "peaks.bin", "points",
                "points.bin", "text", "series", "spectrogram", "spectrogram.bin",
            )
        ),
    }  # fmt: skip
    assert named == wanted


def test_every_noun_has_its_component(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for kind in DOCUMENTED:
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            assert kind.__name__ in schemas
    assert set(schemas["Record"]["discriminator"]["mapping"]) == set(RECORD_KINDS)
