"""A served workspace held in memory, with one project, one sample and a few streams."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from braid.base.errors import NotFound
from braid.base.hashing import sha256_hex
from braid.base.ids import uuid7
from braid.model.changes import ChangeSet, Create
from braid.model.findings import CheckInfo, Culprit, Finding, ImportReport, LayerOfCheck, Severity
from braid.model.records import Annotation, Modality, Reading, Sample, Sampling, Stream
from braid.model.regions import Box, WholeStream
from braid.server.app import create_app
from braid.server.verbs import Verbs
from braid.work.catalogue import FormatInfo
from braid.work.media_access import Deriver, Job
from braid.work.projects import begin_project
from tests.server.memory_store import MemoryStore

NAMED = itertools.count(1)


def new_id() -> str:
    return uuid7(unix_ms=1_700_000_000_000 + next(NAMED), entropy=bytes(10))


@dataclass
class MemoryWorkspace:
    root: Path
    store: Any = field(default_factory=MemoryStore)
    assets: dict[str, Path] = field(default_factory=dict)

    def new_id(self) -> str:
        return new_id()

    def asset_path(self, digest: str) -> Path:
        if digest not in self.assets:
            raise NotFound("no such asset", where=f"asset {digest}")
        return self.assets[digest]

    def add(self, data: bytes) -> str:
        digest = sha256_hex(data)
        self.assets[digest] = self.root / digest
        self.assets[digest].write_bytes(data)
        return digest


def run_checks(workspace: Any, project: str, samples: Any) -> list[Finding]:
    """Reports every annotation whose class is `wrong`."""
    return [
        Finding(
            check="wrong-class", fingerprint=held.record.id, severity=Severity.ERROR, sample=sample,
            message="the class is wrong", culprits=(Culprit(kind="annotation", id=held.record.id),),
        )  # fmt: skip
        for sample in samples
        for held in workspace.store.records(project, "annotation", sample=sample)
        if held.record.class_id == "wrong"
    ]


def count_letters(job: Job) -> None:
    job.out.write_text(f'{{"text":"{len(job.sources[0].read_bytes())}","length":1,"encoding":"utf-8","warnings":[]}}')


def import_files(workspace: Any, *, project: str, format_id: str, path: Path, **_: Any) -> ImportReport:
    if format_id != "lines":
        raise NotFound("no such format", got=format_id)
    from braid.model.findings import Accepted, Rejected

    files = sorted(path.rglob("*.txt"))
    return ImportReport(
        accepted=Accepted(samples=len(files)), rejected=(Rejected(where="a", reason="b"),) if not files else ()
    )


def export(workspace: Any, *, project: str, format_id: str, out: Path) -> tuple[()]:
    if format_id != "lines":
        raise NotFound("no such format", got=format_id)
    (out / "a.txt").write_text(project)
    return ()


VERBS = Verbs(
    admission=None,
    run_checks=run_checks,
    begin=begin_project,
    import_files=import_files,
    export=export,
    formats=lambda: [FormatInfo(id="lines", title="Lines", purpose="p", example="e", reads=True, writes=True)],
    checks=lambda: [
        CheckInfo(
            id="wrong-class", title="t", layer=LayerOfCheck.WITHIN, severity=Severity.ERROR, purpose="p", example="e",
            reads=("annotations",),
        )  # fmt: skip
    ],
    derivers={"text": Deriver(id="text", version="1", media_type="application/json", make=count_letters)},
)


@dataclass
class Small:
    """One project `small` with one sample `one`: an image with a box, and a text."""

    workspace: MemoryWorkspace
    app: FastAPI
    project: str
    layer: str
    sample: Sample
    image: Stream
    text: Stream
    box: Annotation

    @property
    def service(self) -> Any:
        return self.app.state.service

    def client(self, **kwargs: Any) -> TestClient:
        return TestClient(self.app, base_url="http://localhost", **kwargs)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    workspace = MemoryWorkspace(root=tmp_path)
    summary = begin_project(workspace, name="Small", template="vision-language")
    layer = next(iter(workspace.store.records(summary.id, "layer"))).record.id
    sample = Sample(id=new_id(), key="one")
    image = Stream(
        id=new_id(), sample=sample.id, name="image", modality=Modality.IMAGE, sampling=Sampling.INSTANT,
        asset=workspace.add(bytes(range(256)) * 8), media_type="image/png",
    )  # fmt: skip
    text = Stream(
        id=new_id(), sample=sample.id, name="caption", modality=Modality.TEXT, sampling=Sampling.EVENT,
        readings=(Reading(at_ns=0, asset=workspace.add(b"a dog")),), media_type="text/html",
    )  # fmt: skip
    box = Annotation(
        id=new_id(), sample=sample.id, stream=image.id, layer=layer, class_id="thing",
        region=Box(x0_px=1, y0_px=2, x1_px=3, y1_px=4),
    )  # fmt: skip
    caption = Annotation(
        id=new_id(), sample=sample.id, stream=text.id, layer=layer, class_id="thing", region=WholeStream(), text="a dog"
    )
    ops = tuple(Create(record=record) for record in (sample, image, text, box, caption))
    workspace.store.commit(summary.id, [ChangeSet(id=new_id(), ops=ops)], actor="local")
    app = create_app(workspace, verbs=VERBS)
    yield Small(
        workspace=workspace, app=app, project=summary.id, layer=layer, sample=sample, image=image, text=text, box=box
    )  # fmt: skip
    app.state.service.close()


@pytest.fixture
def client(small: Small) -> TestClient:
    return small.client()
