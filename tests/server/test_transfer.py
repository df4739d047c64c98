"""Imports from an uploaded zip or a local path, exports as a zip."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.server.conftest import HEIGHT_PX, WIDTH_PX, Small, picture

from braid.server.app import create_app
from braid.server.zips import zip_folder

PROJECT = "/api/projects/small"


def coco(*, image_id: int = 1) -> dict[str, bytes]:
    document = {
        "images": [{"id": 1, "file_name": "two.png", "width": WIDTH_PX, "height": HEIGHT_PX}],
        "categories": [{"id": 1, "name": "dog"}],
        "annotations": [
            {
                "id": 1,
                "image_id": image_id,
                "category_id": 1,
                "bbox": [1, 2, 30, 20],
                "area": 600,
                "iscrowd": 0,
            }
        ],
    }
    return {"instances.json": json.dumps(document).encode(), "two.png": picture()}


def zipped(files: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return sink.getvalue()


def upload(client: TestClient, body: bytes, query: str = "format=coco") -> Any:
    return client.post(
        f"{PROJECT}/imports?{query}", content=body, headers={"Content-Type": "application/zip"}
    )


def keys(client: TestClient) -> list[str]:
    return [item["key"] for item in client.get(f"{PROJECT}/samples").json()["items"]]


def test_an_uploaded_zip(client: TestClient, small: Small) -> None:
    body = zipped(coco())
    rehearsed = upload(client, body, "format=coco&dry_run=true").json()
    assert len(keys(client)) == 1
    report = upload(client, body).json()
    assert report["accepted"] == rehearsed["accepted"]
    assert report["accepted"]["annotations"] == 1
    assert len(keys(client)) == 2
    assert small.service.checks.wait_idle()
    assert list((small.workspace.root / "tmp").iterdir()) == []


def test_a_label_is_mapped_to_a_class_of_the_project(client: TestClient) -> None:
    files = coco()
    files["instances.json"] = files["instances.json"].replace(b'"dog"', b'"Sky=dog"')
    body = zipped(files)
    (brought,) = upload(client, body, "format=coco&dry_run=true").json()["classes"]
    assert (brought["name"], brought["annotations"], brought["is_new"]) == ("Sky=dog", 1, True)
    report = upload(client, body, "format=coco&map=sky%3Ddog%3Ddog").json()
    assert [(one["id"], one["is_new"]) for one in report["classes"]] == [("dog", False)]
    assert report["accepted"]["annotations"] == 1
    assert upload(client, body, "format=coco&map=Sky").status_code == 422
    assert upload(client, body, "format=coco&map=Sky%3Dnothing").status_code == 422


def test_one_uploaded_file_under_its_name(client: TestClient) -> None:
    def send(name: str) -> Any:
        return client.post(
            f"{PROJECT}/imports?format=webvtt&name={name}",
            content=b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n",
            headers={"Content-Type": "application/octet-stream"},
        )

    for name in ("..%2Fa.vtt", ".a.vtt", "a%0A.vtt", "c:a.vtt"):
        assert send(name).status_code == 422, name
    assert send("talk.vtt").json()["accepted"]["samples"] == 1
    assert "talk" in keys(client)


def test_what_is_rejected_says_where(client: TestClient) -> None:
    report = upload(client, zipped(coco(image_id=9))).json()
    assert report["rejected"][0]["where"].startswith("instances.json")


def test_a_local_path(client: TestClient, small: Small, tmp_path: Path) -> None:
    for name, data in coco().items():
        (tmp_path / name).write_bytes(data)
    answer = client.post(f"{PROJECT}/imports?format=coco", json={"path": str(tmp_path / "instances.json")})
    assert answer.status_code == 200
    assert answer.json()["accepted"]["samples"] == 1
    remote = TestClient(create_app(small.workspace, local=False), base_url="http://localhost")
    refused = remote.post(f"{PROJECT}/imports?format=coco", json={"path": str(tmp_path)})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")


def test_uploads_that_cannot_be_read(client: TestClient, small: Small) -> None:
    assert upload(client, b"no zip").status_code == 422
    assert upload(client, zipped({"../../out.json": b"{}"})).status_code == 422
    assert upload(client, zipped(coco()), "format=nope").status_code == 404
    assert upload(client, zipped(coco()), "").status_code == 422
    form = client.post(f"{PROJECT}/imports?format=coco", content=b"x", headers={"Content-Type": "text/plain"})
    assert form.status_code == 422
    assert not (small.workspace.root.parent / "out.json").exists()
    assert list((small.workspace.root / "tmp").iterdir()) == []


def test_an_upload_beyond_the_limit(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("braid.server.routes.transfer.UPLOAD_LIMIT", 10)
    assert upload(client, zipped(coco())).status_code == 413


def test_an_export_comes_back_as_it_was(client: TestClient, small: Small) -> None:
    answer = client.get(f"{PROJECT}/export", params={"format": "braid", "history": "true"})
    assert answer.headers["content-type"] == "application/zip"
    assert 'filename="small-braid.zip"' in answer.headers["content-disposition"]
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert names == sorted(names)
    assert any(str(small.image.asset) in name for name in names)
    assert list((small.workspace.root / "tmp").iterdir()) == []


def test_the_same_files_give_the_same_zip(tmp_path: Path) -> None:
    for number in (1, 2):
        folder = tmp_path / f"in-{number}"
        (folder / "deep").mkdir(parents=True)
        (folder / "deep" / "a").write_text("a")
        (folder / "b").write_text("b")
        zip_folder(folder, tmp_path / f"{number}.zip")
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
