"""Aligning over HTTP: answers, refusals, and nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.testclient import TestClient
from tests.strategies.projects import fresh_id
from tests.work.recordings import SHIFT_NS, Recording, drive

from braid.server.app import create_app
from braid.work.workspace import Workspace


@dataclass(frozen=True)
class Served:
    client: TestClient
    made: Recording
    workspace: Workspace

    def post(self, route: str, body: Any) -> Any:
        slug = self.made.project
        return self.client.post(f"/api/projects/{slug}/samples/drive-7/{route}", json=body)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with Workspace.open(Path(tmp_path_factory.mktemp("align")) / "w", create=True) as workspace:
        app = create_app(workspace)
        yield Served(TestClient(app, base_url="http://localhost"), drive(workspace), workspace)
        app.state.service.close()


def test_A9_an_estimate_is_answered_and_nothing_is_written(served: Served) -> None:
    seq = served.workspace.store.seq(served.made.project)
    said = served.post("align", {"stream": "gps", "reference": served.made.streams["can"].id})
    assert said.status_code == 200
    view = said.json()
    assert (view["outcome"], view["method"], view["base"]) == ("estimate", "series", None)
    assert view["effect"]["suspects"] == 3
    assert abs(view["effect"]["max_shift_ns"] - SHIFT_NS) < 10_000_000
    assert {curve["style"] for curve in view["evidence"]} == {"line", "points"}
    assert served.workspace.store.seq(served.made.project) == seq
    weighed = served.post("clock-effect", {"clock_map": view["clock_map"]})
    assert weighed.json() == view["effect"]


def test_a_refusal_is_an_answer_and_a_wrong_request_is_an_error(served: Served) -> None:
    refused = served.post("align", {"stream": "still", "reference": "can"})
    assert (refused.status_code, refused.json()["outcome"]) == (200, "refused")
    assert served.post("align", {"stream": "nobody"}).status_code == 404
    assert served.post("align", {"stream": "gps", "reference": "can", "method": "x"}).status_code == 422
    assert served.post("align", {"stream": "gps", "reference": "can", "magic": 1}).status_code == 422


def test_a_clock_map_that_cannot_be_is_refused(served: Served) -> None:
    stream = served.made.streams["gps"]
    good = {
        "kind": "clock_map",
        "id": fresh_id(),
        "sample": served.made.sample.id,
        "stream": stream.id,
        "segments": [{"media_ns": 0, "timeline_ns": 5}],
    }
    assert served.post("clock-effect", {"clock_map": good}).json()["max_shift_ns"] == 5
    for wrong, status in (
        ({"segments": []}, 422),
        ({"stream": fresh_id()}, 404),
        ({"sample": fresh_id()}, 422),
        ({"id": served.made.spans[0].id}, 409),
    ):
        answered = served.post("clock-effect", {"clock_map": good | wrong})
        assert answered.status_code == status, answered.text
        assert msgspec.json.decode(answered.content)["error"]["message"]
