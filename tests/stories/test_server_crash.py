"""A server that is killed while it writes, fifty times: no acknowledged commit is lost and the log verifies."""

from __future__ import annotations

import json
import random
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from tests.e2e.serving import Served

from braid.base.ids import uuid7
from braid.work.workspace import Workspace, init_project

pytestmark = pytest.mark.slow

ROUNDS = 50


def fresh_id(random_bytes: random.Random, number: int) -> str:
    return uuid7(unix_ms=1_700_000_000_000 + number, entropy=random_bytes.randbytes(10))


def post(address: str, change_set: str, sample: str, key: str) -> bool:
    """Whether the server says that it has committed a new sample."""
    record = {"kind": "sample", "id": sample, "key": key}
    body = {"change_sets": [{"id": change_set, "ops": [{"op": "create", "record": record}]}]}
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{address}/api/projects/crash/changes",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own server
            return bool(json.load(answer)["outcomes"][0]["state"] == "committed")
    except (OSError, urllib.error.URLError, ValueError):
        return False


def test_H6_a_server_killed_fifty_times_loses_no_acknowledged_commit(tmp_path: Path) -> None:
    folder, chance = tmp_path / "workspace", random.Random(5)
    with Workspace.open(folder, create=True) as workspace:
        init_project(workspace, name="Crash", slug="crash")
    served, acknowledged, number = Served(folder), set[str](), 0
    for _ in range(ROUNDS):
        served.start()
        wanted = chance.randrange(1, 25)
        enough = threading.Event()

        def write(first: int = number, wanted: int = wanted, enough: threading.Event = enough) -> None:
            for step in range(200):
                key = f"sample-{first + step:05d}"
                ids = (fresh_id(chance, first + step), fresh_id(chance, first + step))
                if not post(served.address, *ids, key):
                    break
                acknowledged.add(key)
                if step + 1 >= wanted:
                    enough.set()
            enough.set()

        writer = threading.Thread(target=write)
        writer.start()
        enough.wait()
        served.stop(kill=True)
        writer.join()
        number += 200
    with Workspace.open(folder) as workspace:
        project = workspace.store.project_by_slug("crash").id
        root = workspace.store.verify(project)
        before = [(held.rev, held.seq) for held in workspace.store.records(project, "sample")]
        page, kept = workspace.store.samples(project, limit=1000), set[str]()
        while True:
            kept.update(row.key for row in page.items)
            if page.next is None:
                break
            page = workspace.store.samples(project, after=page.next, limit=1000)
        workspace.store.rebuild(project)
        assert [(held.rev, held.seq) for held in workspace.store.records(project, "sample")] == before
        assert workspace.store.verify(project) == root
    assert len(acknowledged) > ROUNDS
    assert acknowledged <= kept
