"""Change sets, single records, undo, restore, idempotency; and the checks that follow a commit."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.testclient import TestClient
from tests.server.conftest import Small

from braid.model.changes import Batch, ChangeSet, Update

PROJECT = "/api/projects/small"


def send(client: TestClient, *change_sets: ChangeSet, **headers: str) -> Any:
    body = msgspec.json.encode(Batch(change_sets=change_sets))
    return client.post(f"{PROJECT}/changes", content=body, headers=headers)


def renamed(small: Small, class_id: str, base: str = "") -> ChangeSet:
    record = msgspec.structs.replace(small.box, class_id=class_id)
    return small.change(Update(record=record, base=base or small.box_rev))


def test_each_change_set_has_its_own_outcome(client: TestClient, small: Small) -> None:
    answer = send(
        client, renamed(small, "cat"), renamed(small, "bird"), renamed(small, "no-such-class", "0" * 32)
    )
    assert answer.status_code == 200
    states = [outcome["state"] for outcome in answer.json()["outcomes"]]
    assert states[:2] == ["committed", "stale"]
    assert states[2] in {"stale", "invalid"}
    assert answer.json()["seq"] == 3
    stale = answer.json()["outcomes"][1]["stale"][0]
    assert (stale["base"]["class_id"], stale["head"]["class_id"]) == ("dog", "cat")


def test_the_ontology_is_asked_before_anything_is_written(client: TestClient, small: Small) -> None:
    answer = send(client, renamed(small, "no-such-class"))
    (outcome,) = answer.json()["outcomes"]
    assert outcome["state"] == "invalid"
    assert "no-such-class" in str(outcome["errors"])
    assert small.workspace.store.seq(small.project) == 2


def test_the_actor_is_recorded(client: TestClient, small: Small) -> None:
    send(client, renamed(small, "cat"), **{"Braid-Actor": "ana"})
    assert client.get(f"{PROJECT}/commits/3").json()["actor"] == "ana"


def test_bodies_that_do_not_fit(client: TestClient) -> None:
    malformed = client.post(f"{PROJECT}/changes", content=b"{")
    assert (malformed.status_code, malformed.json()["error"]["code"]) == (400, "malformed_json")
    wrong = client.post(f"{PROJECT}/changes", json={"change_sets": [{"id": 1}]})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "invalid_input")
    assert "change_sets[0]" in wrong.json()["error"]["where"]
    unknown = client.post("/api/projects/nobody/changes", json={"change_sets": []})
    assert unknown.status_code == 404


def test_a_body_beyond_the_limit_is_refused_unread(client: TestClient, monkeypatch: Any) -> None:
    monkeypatch.setattr("braid.server.wire.read_body.__kwdefaults__", {"limit": 100})
    answer = client.post(f"{PROJECT}/changes", content=b" " * 101)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "limit_exceeded")
    chunked = client.post(f"{PROJECT}/changes", content=iter([b" " * 60, b" " * 60]))
    assert chunked.status_code == 413


def test_sending_a_change_set_twice_is_harmless(client: TestClient, small: Small) -> None:
    change = renamed(small, "cat")
    first, second = send(client, change).json(), send(client, change).json()
    assert first["outcomes"][0]["state"] == second["outcomes"][0]["state"] == "committed"
    assert second["seq"] == 3


def test_an_idempotency_key_answers_as_before(client: TestClient, small: Small) -> None:
    change = renamed(small, "cat")
    first = send(client, change, **{"Idempotency-Key": "k1"})
    again = send(client, change, **{"Idempotency-Key": "k1"})
    assert first.content == again.content
    other = send(client, renamed(small, "bird"), **{"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "conflict")
    someone = send(client, renamed(small, "bird"), **{"Idempotency-Key": "k1", "Braid-Actor": "ana"})
    assert someone.status_code == 200


def test_a_failure_is_not_remembered_under_its_key(client: TestClient) -> None:
    headers = {"Idempotency-Key": "k2"}
    body = {"name": "Later", "template": ""}
    client.post("/api/projects", json={"name": "Later"})
    assert client.post("/api/projects", json=body, headers=headers).status_code == 409
    assert client.post("/api/projects", json=body, headers=headers).status_code == 409


def test_put_needs_the_revision_it_edits(client: TestClient, small: Small) -> None:
    address = f"{PROJECT}/records/{small.box.id}"
    body = msgspec.to_builtins(msgspec.structs.replace(small.box, class_id="cat"))
    assert client.put(address, json=body).status_code == 428
    assert client.put(address, json=body, headers={"If-Match": "3"}).status_code == 422
    good = client.put(address, json=body, headers={"If-Match": f'"{small.box_rev}"'})
    assert good.status_code == 200
    assert good.headers["etag"] == f'"{good.json()["heads"][0]["rev"]}"'
    stale = client.put(address, json={**body, "class_id": "bird"}, headers={"If-Match": f'"{small.box_rev}"'})
    assert stale.status_code == 412
    (versions,) = stale.json()["error"]["details"]
    assert (versions["base"]["class_id"], versions["head"]["class_id"]) == ("dog", "cat")
    assert stale.json()["error"]["code"] == "stale_write"


def test_put_to_a_wrong_place(client: TestClient, small: Small) -> None:
    body = msgspec.to_builtins(small.box)
    match = {"If-Match": f'"{small.box_rev}"'}
    assert client.put(f"{PROJECT}/records/{small.image.id}", json=body, headers=match).status_code == 422
    gone = {**body, "id": small.new_id()}
    assert client.put(f"{PROJECT}/records/{gone['id']}", json=gone, headers=match).status_code == 404
    bad = {**body, "class_id": "no-such-class"}
    assert client.put(f"{PROJECT}/records/{small.box.id}", json=bad, headers=match).status_code == 422


def test_undo_and_restore(client: TestClient, small: Small) -> None:
    send(client, renamed(small, "cat"))
    undone = client.post(f"{PROJECT}/undo", json={"seq": 3, "id": small.new_id()}).json()
    assert (undone["state"], undone["seq"]) == ("committed", 4)
    assert client.get(f"{PROJECT}/commits/4").json()["undoes"] == 3
    view = client.get(f"{PROJECT}/samples/one").json()
    assert view["annotations"][0]["record"]["class_id"] == "dog"
    back = client.post(
        f"{PROJECT}/restore", json={"to_seq": 3, "id": small.new_id(), "record": small.box.id}
    ).json()
    assert back["state"] == "committed"
    view = client.get(f"{PROJECT}/samples/one").json()
    assert view["annotations"][0]["record"]["class_id"] == "cat"


def test_undo_of_what_is_not_there(client: TestClient, small: Small) -> None:
    assert client.post(f"{PROJECT}/undo", json={"seq": 99, "id": small.new_id()}).status_code == 404
    assert client.post(f"{PROJECT}/undo", json={"seq": 1, "id": "x"}).status_code == 422
    assert client.post(f"{PROJECT}/restore", json={"to_seq": -1, "id": small.new_id()}).status_code == 422


def test_checks_follow_a_commit(client: TestClient, small: Small) -> None:
    far = msgspec.structs.replace(small.box, region=msgspec.structs.replace(small.box.region, x1_px=500.0))
    stream = msgspec.structs.replace(
        small.image, facts=msgspec.structs.replace(small.image.facts, width_px=64, height_px=48)
    )
    rev = {
        held["record"]["id"]: held["rev"] for held in client.get(f"{PROJECT}/samples/one").json()["streams"]
    }
    send(
        client,
        small.change(Update(record=stream, base=rev[stream.id])),
        small.change(Update(record=far, base=small.box_rev)),
    )
    assert small.service.checks.wait_idle()
    (view,) = client.get(f"{PROJECT}/findings", params={"check": "region-bounds"}).json()["items"]
    assert view["finding"]["culprits"][0]["id"] == small.box.id
    assert client.get(f"{PROJECT}/findings", params={"check": "nope"}).json()["items"] == []
    assert client.get(f"{PROJECT}/samples/one").json()["findings"]


def test_checks_on_request(client: TestClient, small: Small) -> None:
    everything = client.post(f"{PROJECT}/check", json={})
    assert everything.status_code == 200
    assert client.post(f"{PROJECT}/check", json={"samples": ["one"]}).json() == everything.json()
    assert client.post(f"{PROJECT}/check", json={"samples": ["nobody"]}).status_code == 404
