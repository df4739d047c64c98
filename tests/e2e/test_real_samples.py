"""Real recordings of every kind open in the browser with all their panes drawn, and nothing on the page complains."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.e2e.serving import Served

from braid.work.importing import import_files
from braid.work.workspace import Workspace, init_project

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

IMPORTS = {
    "coco": ("vision_language/coco_mini", "vision-language"),
    "coco-entities": ("vision_language/coco_entities", "vision-language"),
    "flickr30k-entities": ("vision_language/flickr30k_entities", "vision-language"),
    "kitti": ("driving/kitti_object", "driving"),
    "nuscenes": ("driving/nuscenes_sample", "driving"),
    "sustechpoints": ("driving/sustechpoints_seq", "driving"),
    "grid": ("dialogue/grid_av", "dialogue"),
    "eaf": ("dialogue/elan_fable", "dialogue"),
    "meld": ("dialogue/meld", "dialogue"),
}

DRAWN = """() => {
    const panes = [...document.querySelectorAll('.pane-host')].filter((pane) => pane.offsetWidth > 0);
    const drew = (pane) => pane.matches('[data-version]') || pane.querySelector('[data-version]') !== null;
    return panes.length > 0 && panes.every(drew);
}"""


@pytest.fixture(scope="module")
def real(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("real") / "workspace"
    with Workspace.open(folder, create=True) as workspace:
        for format_id, (place, template) in IMPORTS.items():
            project = init_project(workspace, name=format_id, slug=format_id, template=template)
            report = import_files(
                workspace, project=project.id, format_id=format_id, path=shared_data / place
            )
            assert report.accepted.samples > 0
            assert report.rejected == ()
    served = Served(folder)
    served.start()
    yield served
    served.stop()


@pytest.mark.parametrize("project", list(IMPORTS))
def test_a_real_sample_opens_with_every_pane(page: Page, real: Served, project: str) -> None:
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status >= 400 else None)
    rows = real.get(f"/api/projects/{project}/samples")["items"]
    # Two of the Flickr30k samples come without their picture.
    key = rows[-1 if project == "flickr30k-entities" else 0]["key"]
    streams = real.sample(project, key)["streams"]
    page.goto(f"{real.address}/p/{project}/s/{key}")
    page.wait_for_function(DRAWN)
    assert page.locator(".pane-host").count() >= len(streams)
    assert page.locator("[data-problem]").count() == 0
    assert [url for url in refused if "favicon" not in url] == []
