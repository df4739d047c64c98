"""The OpenAPI 3.1 document: parameters from the routes' signatures, bodies from the nouns themselves."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from braid.server.bodies import DOCUMENTED

REFERENCE = "#/components/schemas/{name}"

SHARED: dict[int, tuple[str, str]] = {
    400: ("Malformed", "The body is not JSON."),
    403: ("Forbidden", "A foreign host or origin, a missing token, or an actor who may not do this."),
    404: ("NotFound", "No such project, record, file or commit."),
    409: (
        "Conflict",
        "Two facts cannot both hold: a name is taken, an idempotency key was used with another body.",
    ),
    412: ("Stale", "If-Match names a revision that is no longer the head; `details` has both versions."),
    413: ("TooLarge", "More than the stated limit."),
    416: ("Unsatisfiable", "The range lies outside of the file."),
    422: ("Invalid", "Well-formed, but it does not fit; `where` has the path."),
    428: ("PreconditionRequired", "If-Match is missing."),
}
"""Failures that many operations share: component name and description."""


def operation(
    *,
    answer: type | None = None,
    media_type: str = "application/json",
    status: int = 200,
    says: str = "The answer.",
    body: type | Any = None,
    bodies: dict[str, dict[str, Any]] | None = None,
    errors: tuple[int, ...] = (),
    headers: dict[str, str] | None = None,
    required_headers: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Keyword arguments for a route: its documentation.

    answer: the Struct it gives; media_type: of answers that are no JSON. body: the Struct it takes, or `bodies` by
    media type. errors: further statuses of SHARED. headers: answer headers and what they mean.
    """
    schema: dict[str, Any] = {"type": "string"} if media_type.startswith("text/") else {}
    if answer is not None:
        schema = {"$ref": REFERENCE.format(name=answer.__name__)}
    success: dict[str, Any] = {"description": says, "content": {media_type: {"schema": schema}}}
    if headers:
        success["headers"] = {
            name: {"description": text, "schema": {"type": "string"}} for name, text in headers.items()
        }
    responses: dict[str, Any] = {str(status): success}
    wanted = {403, 422, *errors, *((400, 413) if body is not None or bodies else ())}
    for code in sorted(wanted):
        responses[str(code)] = {"$ref": f"#/components/responses/{SHARED[code][0]}"}
    extra: dict[str, Any] = {"responses": responses}
    content = bodies or {}
    if body is not None:
        content = {"application/json": {"schema": {"$ref": REFERENCE.format(name=body_name(body))}}}
    if content:
        extra["requestBody"] = {"required": True, "content": content}
    if required_headers:
        extra["x-required-headers"] = list(required_headers)
    return {"status_code": status, "openapi_extra": extra, "response_model": None}


def body_name(body: type | Any) -> str:
    """The component name of a body; the union of records is called Record."""
    return body.__name__ if isinstance(body, type) else "Record"


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document, made once per app."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    made = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        openapi_version="3.1.0",
    )
    made["components"] = components()
    for methods in made["paths"].values():
        for details in methods.values():
            _tidy(details)
    app.openapi_schema = made
    return made


def components() -> dict[str, Any]:
    """Schemas of every noun and body, and the shared failures."""
    kinds = [kind for kind in DOCUMENTED if isinstance(kind, type)]
    unions = [kind for kind in DOCUMENTED if not isinstance(kind, type)]
    shapes, schemas = msgspec.json.schema_components((*unions, *kinds), ref_template=REFERENCE)
    schemas["Record"] = shapes[0]
    responses = {
        name: {
            "description": text,
            "content": {
                "application/json": {
                    "schema": {
                        "$ref": REFERENCE.format(name="StaleResponse" if code == 412 else "ErrorResponse")
                    }
                }
            },
        }
        for code, (name, text) in SHARED.items()
    }
    return {"schemas": dict(sorted(schemas.items())), "responses": responses}


def _tidy(details: dict[str, Any]) -> None:
    """What the framework adds on its own goes: its 422, empty answers; headers that a route insists on are required."""
    required = set(details.pop("x-required-headers", ()))
    for parameter in details.get("parameters", ()):
        if parameter["name"].lower() in required:
            parameter["required"] = True
            parameter["schema"] = {"type": "string"}
    for code, response in details["responses"].items():
        if "$ref" in response:
            details["responses"][code] = {"$ref": response["$ref"]}
        elif "application/json" in response.get("content", {}) and len(response["content"]) > 1:
            del response["content"]["application/json"]
