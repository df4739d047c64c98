"""Live events from a real server: nothing lost, resumable, other projects silent."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator

import httpx
import msgspec
import pytest
import uvicorn
from tests.server.conftest import Small

from braid.model.changes import Change, Commit, Origin, Update
from braid.server.events import encode_event, event_of
from braid.server.listening import listen

TIMEOUT_S = 60


@pytest.fixture
def address(small: Small) -> Iterator[str]:
    """The app on a port of this computer."""
    listener: socket.socket = listen("127.0.0.1", 0)
    started = threading.Event()
    config = uvicorn.Config(small.app, log_config=None, access_log=False, timeout_graceful_shutdown=1)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            started.set()

    server = Server(config)
    with listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        assert started.wait(TIMEOUT_S)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api/projects/small"
        server.should_exit = True
        thread.join(TIMEOUT_S)
    assert not thread.is_alive()


def rename(small: Small, class_id: str, base: str) -> str:
    """A commit; the box's new revision."""
    change = small.change(Update(record=msgspec.structs.replace(small.box, class_id=class_id), base=base))
    (outcome,) = small.service.commit(small.project, [change], actor="ana").outcomes
    return next(head.rev for head in outcome.heads if head.id == small.box.id)


def events(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    """Events as they arrive; comments are skipped."""
    fields: dict[str, str] = {}
    for line in lines:
        if not line:
            if fields:
                yield fields
            fields = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value


def only_commits(found: Iterator[dict[str, str]]) -> Iterator[dict[str, str]]:
    return (one for one in found if one["event"] == "commit")


def test_commits_arrive_as_they_happen(small: Small, address: str) -> None:
    with httpx.stream("GET", f"{address}/events", timeout=TIMEOUT_S) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        assert next(lines) == ": listening"
        base = rename(small, "cat", small.box_rev)
        first = next(only_commits(events(lines)))
        assert first["id"] == "3"
        data = json.loads(first["data"])
        assert (data["seq"], data["actor"], data["samples"]) == (3, "ana", [small.sample.id])
        assert "annotation" in data["kinds"]
        rename(small, "bird", base)
        assert next(only_commits(events(lines)))["id"] == "4"


def test_a_stream_resumes_after_the_last_event_seen(small: Small, address: str) -> None:
    rename(small, "bird", rename(small, "cat", small.box_rev))
    for headers, query in (
        ({"Last-Event-ID": "2"}, {}),
        ({}, {"after": "2"}),
        ({"Last-Event-ID": "2"}, {"after": "9"}),
    ):
        with httpx.stream(
            "GET", f"{address}/events", headers=headers, params=query, timeout=TIMEOUT_S
        ) as answer:
            found = only_commits(events(answer.iter_lines()))
            assert [next(found)["id"], next(found)["id"]] == ["3", "4"]


def test_findings_that_changed_are_told(small: Small, address: str) -> None:
    with httpx.stream("GET", f"{address}/events", timeout=TIMEOUT_S) as answer:
        lines = answer.iter_lines()
        assert next(lines) == ": listening"
        small.service.hub.findings_changed(small.project, small.sample.id)
        told = next(one for one in events(lines) if one["event"] == "findings")
        assert json.loads(told["data"]) == {"sample": small.sample.id}
        assert "id" not in told


def test_a_number_that_is_none_is_refused(small: Small, address: str) -> None:
    answer = httpx.get(f"{address}/events", headers={"Last-Event-ID": "x"}, timeout=TIMEOUT_S)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_input")
    assert httpx.get(f"{address}/events?after=-1", timeout=TIMEOUT_S).status_code == 422


def test_the_form_of_an_event() -> None:
    change = Change(kind="link", id="l", sample="s", from_rev=None, to_rev="r", digest="d")
    commit = Commit(
        project="p", seq=7, id="c", actor="a", at_ns="1", origin=Origin.EDIT, reason="", parent="",
        changes=(change, msgspec.structs.replace(change, kind="entity", sample=None)),
    )  # fmt: skip
    assert event_of(commit).samples == ("s",)
    assert event_of(commit).kinds == ("entity", "link")
    assert encode_event("findings", b"{}") == b"event: findings\ndata: {}\n\n"
