"""A served workspace with one project, one sample, an image and a text; both are made here."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from PIL import Image
from starlette.testclient import TestClient

from braid.base.hashing import revision_of_record
from braid.model.changes import ChangeSet, Create, OutcomeState
from braid.model.records import Annotation, Layer, Modality, Sample, Sampling, Stream
from braid.model.regions import Box
from braid.server.app import create_app
from braid.server.service import Service
from braid.work.as_record import as_record
from braid.work.workspace import Workspace, init_project

WIDTH_PX, HEIGHT_PX = 64, 48
CAPTION = "A dog runs."


@dataclass
class Small:
    """Project `small`, sample `one`, streams `image` and `caption`, one box."""

    workspace: Workspace
    app: FastAPI
    project: str
    layer: str
    sample: Sample
    image: Stream
    text: Stream
    box: Annotation
    picture: bytes

    @property
    def service(self) -> Service:
        service = self.app.state.service
        assert isinstance(service, Service)
        return service

    @property
    def new_id(self) -> Any:
        return self.workspace.new_id

    @property
    def box_rev(self) -> str:
        return revision_of_record(self.box)

    def client(self, **kwargs: Any) -> TestClient:
        return TestClient(self.app, base_url="http://localhost", **kwargs)

    def change(self, *ops: Any) -> ChangeSet:
        return ChangeSet(id=self.new_id(), ops=ops)


def add_asset(workspace: Workspace, data: bytes) -> str:
    return workspace.blobs.put_bytes(data)


def picture() -> bytes:
    sink = io.BytesIO()
    Image.linear_gradient("L").resize((WIDTH_PX, HEIGHT_PX)).convert("RGB").save(sink, "PNG")
    return sink.getvalue()


def build(root: Path) -> Small:
    workspace = Workspace.open(root, create=True)
    project = init_project(workspace, name="Small", template="vision-language").id
    held = next(iter(workspace.store.records(project, "layer")))
    layer: Layer = as_record(held.record, Layer)
    new_id, drawn = workspace.new_id, picture()
    sample = Sample(id=new_id(), key="one")
    image = Stream(
        id=new_id(), sample=sample.id, name="image", modality=Modality.IMAGE, sampling=Sampling.INSTANT,
        asset=add_asset(workspace, drawn), media_type="image/png", file_name="one.png",
    )  # fmt: skip
    text = Stream(
        id=new_id(), sample=sample.id, name="caption", modality=Modality.TEXT, sampling=Sampling.EVENT,
        asset=add_asset(workspace, CAPTION.encode()), media_type="text/html", file_name="one.txt",
    )  # fmt: skip
    box = Annotation(
        id=new_id(), sample=sample.id, stream=image.id, layer=layer.id, class_id="dog",
        region=Box(x0_px=1, y0_px=2, x1_px=30, y1_px=40),
    )  # fmt: skip
    change = ChangeSet(id=new_id(), ops=tuple(Create(record=record) for record in (sample, image, text, box)))
    (outcome,) = workspace.store.commit(project, [change], actor="local").outcomes
    assert outcome.state is OutcomeState.COMMITTED, outcome.errors
    return Small(
        workspace=workspace, app=create_app(workspace), project=project, layer=layer.id, sample=sample, image=image,
        text=text, box=box, picture=drawn,
    )  # fmt: skip


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    made = build(tmp_path / "workspace")
    yield made
    made.service.close()
    made.workspace.close()


@pytest.fixture
def client(small: Small) -> TestClient:
    return small.client()
