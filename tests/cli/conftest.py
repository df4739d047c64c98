"""The command line through Typer's runner, in a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner

from braid.cli.app import app


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document it must be."""
        return json.loads(self.out)


Braid = Callable[..., Said]


@pytest.fixture
def braid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Braid:
    monkeypatch.chdir(tmp_path)
    for name in ("BRAID_WORKSPACE", "BRAID_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str) -> Said:
        result = CliRunner().invoke(app, list(words), catch_exceptions=False)
        return Said(code=result.exit_code, out=result.stdout, err=result.stderr)

    return run


@pytest.fixture
def coco(tmp_path: Path) -> Path:
    """A picture with a good box, a box beyond its edge, and one on a picture that is not there."""
    folder = tmp_path / "coco"
    folder.mkdir()
    Image.new("RGB", (64, 48)).save(folder / "a.png")
    box = {"category_id": 1, "area": 600, "iscrowd": 0}
    document = {
        "images": [{"id": 1, "file_name": "a.png", "width": 64, "height": 48}],
        "categories": [{"id": 1, "name": "dog"}],
        "annotations": [
            {"id": 1, "image_id": 1, "bbox": [1, 2, 30, 20], **box},
            {"id": 2, "image_id": 1, "bbox": [60, 2, 30, 20], **box},
            {"id": 3, "image_id": 9, "bbox": [1, 2, 30, 20], **box},
        ],
    }
    (folder / "instances.json").write_text(json.dumps(document))
    return folder
