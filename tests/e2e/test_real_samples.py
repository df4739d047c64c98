"""Real recordings of every kind open in the browser with all their panes drawn, and nothing on the page complains."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.e2e.serving import Served
from tests.e2e.workbench import TEXT_PLACE, Workbench, causes_of, newest

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


def test_the_main_job_on_a_real_photograph(page: Page, real: Served) -> None:
    key = real.get("/api/projects/coco/samples")["items"][-1]["key"]
    bench = Workbench(page, real, "coco", key)
    bench.open()
    before = len(real.sample("coco", key)["annotations"])
    word = "kitchen"

    bench.press("b")
    bench.drag(bench.on_picture(0.42, 0.06), bench.on_picture(0.58, 0.14))
    view = bench.until(lambda sample: len(sample["annotations"]) == before + 1)
    box = newest(view, "annotations")
    assert bench.inputs <= 2

    bench.inputs = 0
    bench.press("t")
    place = page.evaluate(TEXT_PLACE, word)
    middle = place["y"] + place["height"] / 2
    bench.drag((place["x"] + 1, middle), (place["x"] + place["width"] - 1, middle))
    view = bench.until(lambda sample: len(sample["annotations"]) == before + 2)
    span = newest(view, "annotations")
    assert span["region"]["type"] == "text_span"
    assert span["region"]["quote"] == word
    assert bench.inputs <= 2

    bench.press("Escape")
    bench.inputs = 0
    bench.press("l")
    bench.click(place["x"] + place["width"] / 2, middle)
    bench.click(*bench.on_picture(0.5, 0.1))
    view = bench.until(lambda sample: len(sample["links"]) == 1)
    assert bench.inputs <= 4
    link = newest(view, "links")
    assert {link["source"]["id"], link["target"]["id"]} == {box["id"], span["id"]}

    bench.press("v")
    bench.click(*bench.on_picture(0.5, 0.1))
    bench.drag(bench.on_picture(0.5, 0.1), bench.on_picture(0.56, 0.16))
    bench.until(lambda sample: causes_of(sample, link["id"]) != [])
    bench.press("n")
    bench.press("a")
    bench.until(lambda sample: causes_of(sample, link["id"]) == [])
    page.reload()
    page.get_by_text("Saved").first.wait_for()
    again = real.sample("coco", key)
    assert len(again["annotations"]) == before + 2
    assert len(again["links"]) == 1
