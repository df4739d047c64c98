"""The web app's files, and the page that says how to build them."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from braid.server import errors, web


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "_web"


def client_of(folder: Path) -> TestClient:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    web.install(app, folder=folder)
    errors.install(app)
    return TestClient(app)


def built(folder: Path) -> TestClient:
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<title>Braid</title>")
    (folder / "assets" / "app-1a2b.js").write_text("1")
    (folder.parent / "secret.txt").write_text("confidential")
    return client_of(folder)


def test_without_a_build_the_page_says_how(folder: Path) -> None:
    client = client_of(folder)
    assert "make web" in client.get("/").text
    assert client.get("/projects/small").status_code == 404


def test_every_address_without_a_file_is_the_page(folder: Path) -> None:
    client = built(folder)
    for path in ("/", "/projects/small", "/projects/small/samples/one"):
        answer = client.get(path)
        assert (answer.status_code, answer.text) == (200, "<title>Braid</title>")
        assert answer.headers["cache-control"] == "no-cache"


def test_files_are_kept_because_their_names_carry_a_hash(folder: Path) -> None:
    answer = built(folder).get("/assets/app-1a2b.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/missing.js", "/assets/missing.js", "/api/x", "/api"])
def test_what_is_missing_is_missing(folder: Path, path: str) -> None:
    assert built(folder).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"])
def test_no_way_out_of_the_folder(folder: Path, path: str) -> None:
    assert "confidential" not in built(folder).get(path).text
