"""Who may ask: host names, origins, tokens; and the headers every answer carries."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from tests.server.conftest import Small

from braid.server.app import create_app

BODY = {"name": "From a page"}


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "", "127.0.0.2"]
)
def test_a_foreign_host_is_refused_even_for_reading(client: TestClient, host: str) -> None:
    answer = client.get("/api/version", headers={"Host": host})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:80", "LOCALHOST"])
def test_loopback_names_are_ours(client: TestClient, host: str) -> None:
    assert client.get("/api/version", headers={"Host": host}).status_code == 200


def test_a_configured_name_is_ours(small: Small) -> None:
    app = create_app(small.workspace, host_names=["braid.lan"])
    assert TestClient(app, base_url="http://braid.lan:80").get("/api/version").status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:99", "file://localhost"])
def test_a_foreign_origin_is_refused_for_every_method(client: TestClient, origin: str) -> None:
    token = client.get("/api/session").json()["csrf"]
    headers = {"Origin": origin, "X-Braid-CSRF": token}
    assert client.get("/api/version", headers=headers).status_code == 403
    assert client.post("/api/projects", json=BODY, headers=headers).status_code == 403
    assert client.options("/api/projects", headers=headers).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_picture_tag_of_another_page_gets_nothing(client: TestClient, site: str) -> None:
    assert client.get("/api/version", headers={"Sec-Fetch-Site": site}).status_code == 403
    assert client.get("/", headers={"Sec-Fetch-Site": site}).status_code == 200


def test_our_own_page_needs_the_token_to_write(client: TestClient) -> None:
    page = {"Origin": "http://localhost"}
    assert client.get("/api/projects", headers=page).status_code == 200
    assert client.post("/api/projects", json=BODY, headers=page).status_code == 403
    assert (
        client.post("/api/projects", json=BODY, headers={**page, "X-Braid-CSRF": "guess"}).status_code == 403
    )
    token = client.get("/api/session").json()["csrf"]
    assert client.post("/api/projects", json=BODY, headers={**page, "X-Braid-CSRF": token}).status_code == 201


def test_a_cookie_alone_does_not_write(client: TestClient) -> None:
    assert client.post("/api/projects", json=BODY, headers={"Cookie": "a=b"}).status_code == 403


def test_a_script_without_origin_and_cookie_writes(client: TestClient) -> None:
    assert client.post("/api/projects", json=BODY).status_code == 201


@pytest.mark.parametrize("path", ["/", "/api/version", "/api/nothing", "/api/projects/nobody"])
def test_every_answer_tells_browsers_to_be_strict(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    for rule in (
        "default-src 'self'", "img-src 'self' blob:", "media-src 'self' blob:", "worker-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
    ):  # fmt: skip
        assert rule in policy
    assert "script-src" not in policy


def test_refusals_are_strict_too(client: TestClient) -> None:
    refused = client.get("/api/version", headers={"Host": "evil.example"})
    assert "default-src 'self'" in refused.headers["content-security-policy"]
