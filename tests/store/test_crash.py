from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.store.contract import Desk, everything

from braid.store import open_store

ROOT = Path(__file__).parent.parent.parent
KILLS = 50


def run_and_kill(desk: Desk, path: Path, *, after_lines: int) -> list[tuple[int, str]]:
    """Start a writer, let it acknowledge some commits, kill it at once; what it acknowledged."""
    writer = subprocess.Popen(
        [
            sys.executable,
            str(ROOT / "tests" / "store" / "killed_writer.py"),
            str(path),
            desk.project,
            desk.scene.car.id,
        ],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
        text=True,
    )
    assert writer.stdout is not None
    lines = [writer.stdout.readline() for _ in range(after_lines)]
    writer.kill()
    lines += writer.stdout.read().splitlines(keepends=True)
    writer.stdout.close()
    assert writer.wait() == -9
    acknowledged = [line.split() for line in lines if line.endswith("\n")]
    return [(int(seq), rev) for seq, rev in acknowledged if len(rev) == 32]


@pytest.mark.slow
def test_H6a_a_killed_writer_loses_no_acknowledged_commit(tmp_path: Path) -> None:
    path = tmp_path / "braid.db"
    desk = Desk(open_store(path))
    desk.store.close()
    chance = random.Random(7)
    acknowledged: dict[int, str] = {}
    for _ in range(KILLS):
        acknowledged.update(run_and_kill(desk, path, after_lines=chance.randint(1, 12)))
    assert len(acknowledged) >= KILLS
    store = open_store(path)
    revisions = {one.seq: one.rev for one in store.revisions(desk.project, desk.scene.car.id).items}
    assert {seq: revisions.get(seq) for seq in acknowledged} == acknowledged
    desk.store = store
    store.verify(desk.project)
    before = everything(desk)
    tables = tables_of(path)
    store.rebuild(desk.project)
    assert tables_of(path) == tables
    assert everything(desk) == before
    store.close()


def tables_of(path: Path) -> list[list[tuple[object, ...]]]:
    connection = sqlite3.connect(path)
    found = [
        connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
        for table in ("head", "link_head", "sample_head", "project")
    ]
    connection.close()
    return found
