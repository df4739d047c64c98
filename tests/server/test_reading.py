"""Every route that reads, with its failures."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.server.conftest import Small

from braid.model.changes import Create
from braid.model.records import Sample

PROJECT = "/api/projects/small"


def test_health_and_version(client: TestClient) -> None:
    assert client.get("/api/healthz").json() == {"status": "ok"}
    assert client.get("/api/readyz").json() == {"status": "ok"}
    assert client.get("/api/version").json()["name"] == "braid"


def test_session_names_the_actor_and_its_layer(client: TestClient) -> None:
    mine = client.get("/api/session").json()
    assert (mine["actor"], mine["layer_name"]) == ("local", "Local")
    assert len(mine["csrf"]) >= 32
    assert client.get("/api/session", headers={"Braid-Actor": "ana"}).json()["actor"] == "ana"


def test_projects_by_slug_and_id(client: TestClient, small: Small) -> None:
    (listed,) = client.get("/api/projects").json()["items"]
    assert listed["slug"] == "small"
    assert client.get(PROJECT).json() == client.get(f"/api/projects/{small.project}").json() == listed


def test_a_project_begins_from_a_template(client: TestClient) -> None:
    answer = client.post("/api/projects", json={"name": "Night drives", "template": "driving"})
    assert answer.status_code == 201
    assert answer.headers["location"] == "/api/projects/night-drives"
    ontology = client.get("/api/projects/night-drives/ontology").json()["record"]
    assert "same-object" in [kind["id"] for kind in ontology["link_types"]]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "Small"}, 409),
        ({"name": " "}, 422),
        ({"name": "x", "slug": "Not a slug"}, 422),
        ({"name": "x", "template": "nope"}, 404),
        ({"name": "x", "colour": "red"}, 422),
        ({}, 422),
    ],
)
def test_a_project_that_cannot_begin(client: TestClient, body: dict[str, Any], status: int) -> None:
    answer = client.post("/api/projects", json=body)
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message", "where", "hint"}


def test_samples_by_what_is_in_them(client: TestClient, small: Small) -> None:
    def keys(query: str) -> list[str]:
        page = client.get(f"{PROJECT}/samples?count=true&{query}").json()
        assert page["total"] == len(page["items"])
        return [item["key"] for item in page["items"]]

    # The box is a dog; its class stands below animal.
    for query in ("class=animal", "class=dog&modality=image", "newest=true", "search=ON"):
        assert keys(query) == ["one"], query
    for query in ("class=person", "link=refers-to", "suspect=true", "modality=video", "check=none"):
        assert keys(query) == [], query
    for query in ("modality=smell", "severity=awful", "suspect=maybe"):
        assert client.get(f"{PROJECT}/samples?{query}").status_code == 422, query


def test_statistics_count_what_is_there(client: TestClient, small: Small) -> None:
    found = client.get(f"{PROJECT}/statistics").json()
    assert (found["samples"], found["annotations"], found["links"], found["suspects"]) == (1, 1, 0, 0)
    assert {"state": "todo", "samples": 1} in found["states"]
    assert found["classes"] == [
        {"class_id": "dog", "annotations": 1, "entities": 0, "by_modality": {"image": 1}}
    ]
    assert found["modalities"] == [
        {"modality": "image", "streams": 1, "annotations": 1},
        {"modality": "text", "streams": 1, "annotations": 0},
    ]
    small.service.commit(
        small.project, [small.change(Create(record=Sample(id=small.new_id(), key="two")))], actor="local"
    )
    after = client.get(f"{PROJECT}/statistics").json()
    assert (after["samples"], after["unlabelled_samples"], after["seq"]) == (2, 1, found["seq"] + 1)
    assert client.get("/api/projects/none/statistics").status_code == 404


def test_a_sample_by_key_and_id_with_its_commit_as_etag(client: TestClient, small: Small) -> None:
    answer = client.get(f"{PROJECT}/samples/one")
    view = answer.json()
    assert answer.headers["etag"] == f'"{view["seq"]}"'
    assert [held["record"]["id"] for held in view["annotations"]] == [small.box.id]
    assert view["annotations"][0]["rev"] == small.box_rev
    assert client.get(f"{PROJECT}/samples/{small.sample.id}").json() == view


def test_a_sample_in_the_past(client: TestClient, small: Small) -> None:
    moved = {**as_json(small.box), "class_id": "cat"}
    client.put(f"{PROJECT}/records/{small.box.id}", json=moved, headers={"If-Match": f'"{small.box_rev}"'})
    now = client.get(f"{PROJECT}/samples/one").json()
    then = client.get(f"{PROJECT}/samples/one", params={"at": 2}).json()
    assert now["annotations"][0]["record"]["class_id"] == "cat"
    assert then["annotations"][0]["record"]["class_id"] == "dog"


def test_samples_come_in_pages(client: TestClient, small: Small) -> None:
    from braid.model.changes import Create
    from braid.model.records import Sample

    more = [Create(record=Sample(id=small.new_id(), key=f"more-{number}")) for number in range(5)]
    small.workspace.store.commit(small.project, [small.change(*more)], actor="local")
    seen, after = [], None
    for _ in range(4):
        page = client.get(
            f"{PROJECT}/samples", params={"limit": 2, **({"after": after} if after else {})}
        ).json()
        seen += [item["key"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == ["more-0", "more-1", "more-2", "more-3", "more-4", "one"]
    found = client.get(f"{PROJECT}/samples", params={"search": "more-3"}).json()["items"]
    assert [item["key"] for item in found] == ["more-3"]
    assert client.get(f"{PROJECT}/samples", params={"state": "accepted"}).json()["items"] == []


def test_history(client: TestClient, small: Small) -> None:
    commits = client.get(f"{PROJECT}/commits", params={"limit": 1}).json()
    assert [commit["seq"] for commit in commits["items"]] == [2]
    older = client.get(f"{PROJECT}/commits", params={"before": 2}).json()["items"]
    assert [commit["seq"] for commit in older] == [1]
    assert client.get(f"{PROJECT}/commits/2").json() == commits["items"][0]
    touching = client.get(f"{PROJECT}/commits", params={"record": small.box.id}).json()["items"]
    assert [commit["seq"] for commit in touching] == [2]
    revisions = client.get(f"{PROJECT}/records/{small.box.id}/revisions").json()["items"]
    assert [revision["rev"] for revision in revisions] == [small.box_rev]
    diff = client.get(f"{PROJECT}/diff", params={"from": 1, "to": 2}).json()
    assert {record["kind"] for record in diff["records"]} == {"sample", "stream", "annotation"}


def test_layers_suspects_formats_and_checks(client: TestClient, small: Small) -> None:
    assert [held["record"]["id"] for held in client.get(f"{PROJECT}/layers").json()["items"]] == [small.layer]
    assert client.get(f"{PROJECT}/suspects").json() == {"items": [], "next": None}
    assert "coco" in [one["id"] for one in client.get("/api/formats").json()["items"]]
    assert "region-bounds" in [one["id"] for one in client.get("/api/checks").json()["items"]]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/nothing", 404, "not_found"),
        ("/api/projects/nobody", 404, "not_found"),
        (f"{PROJECT}/samples/nobody", 404, "not_found"),
        (f"{PROJECT}/samples?limit=0", 422, "invalid_input"),
        (f"{PROJECT}/samples?limit=1001", 422, "invalid_input"),
        (f"{PROJECT}/samples?state=lost", 422, "invalid_input"),
        (f"{PROJECT}/samples/one?at=99", 404, "not_found"),
        (f"{PROJECT}/commits/99", 404, "not_found"),
        (f"{PROJECT}/commits/x", 422, "invalid_input"),
        (f"{PROJECT}/records/nobody/revisions", 404, "not_found"),
        (f"{PROJECT}/diff?from=1", 422, "invalid_input"),
        (f"{PROJECT}/export?format=nope", 404, "not_found"),
        (f"{PROJECT}/streams/nobody/media", 404, "not_found"),
        (f"{PROJECT}/findings?severity=awful", 422, "invalid_input"),
    ],
)
def test_failures_have_one_envelope(client: TestClient, path: str, status: int, code: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message", "where", "hint"}
    assert answer.json()["error"]["code"] == code


def test_a_wrong_method_names_the_right_ones(client: TestClient) -> None:
    answer = client.delete("/api/version")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    assert answer.json()["error"]["code"] == "method_not_allowed"


def test_a_failure_nobody_foresaw_tells_no_secrets(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError("secret path")

    monkeypatch.setattr(small.workspace.store, "projects", broken)
    answer = small.client(raise_server_exceptions=False).get("/api/projects")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert "secret" not in answer.text


def as_json(record: Any) -> dict[str, Any]:
    import msgspec

    plain: dict[str, Any] = msgspec.to_builtins(record)
    return plain


def test_proposals_of_a_sample_by_key(client: TestClient, small: Small) -> None:
    answer = client.get(f"{PROJECT}/proposals?sample=one")
    assert answer.status_code == 200
    assert answer.json() == {"items": [], "next": None}
    assert client.get(f"{PROJECT}/proposals?sample=none").status_code == 404
    assert client.get(f"{PROJECT}/proposals").status_code == 422
