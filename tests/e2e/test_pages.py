"""The pages of a project in a browser: overview, samples, import, ontology and settings, by keyboard where it matters."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from tests.e2e.serving import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SECTIONS = ("", "/samples", "/samples?view=table", "/ontology", "/import", "/settings")


def opened(page: Page, served: Served, path: str) -> None:
    page.goto(served.address + path)
    page.locator("h1").first.wait_for()
    page.wait_for_load_state("networkidle")


def boxed_pictures(names: tuple[str, ...], label: str) -> bytes:
    """A zip of COCO with one box on each picture."""
    picture = io.BytesIO()
    Image.linear_gradient("L").resize((64, 48)).convert("RGB").save(picture, "PNG")
    document = {
        "images": [
            {"id": number, "file_name": f"{name}.png", "width": 64, "height": 48}
            for number, name in enumerate(names, 1)
        ],
        "categories": [{"id": 1, "name": label}],
        "annotations": [
            {
                "id": number,
                "image_id": number,
                "category_id": 1,
                "bbox": [1, 2, 30, 20],
                "area": 600,
                "iscrowd": 0,
            }
            for number in range(1, len(names) + 1)
        ],
    }
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("instances.json", json.dumps(document))
        for name in names:
            archive.writestr(f"{name}.png", picture.getvalue())
    return sink.getvalue()


def test_a_bar_of_the_overview_leads_to_its_samples_by_keyboard(page: Page, demo: Served) -> None:
    opened(page, demo, "/p/street-scenes")
    counts = demo.get("/api/projects/street-scenes/statistics")
    top = counts["classes"][0]
    bar = page.locator("svg.bars a").first
    assert (bar.text_content() or "").split() == [bar_name(demo, top["class_id"]), str(top["annotations"])]
    bar.focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Samples", exact=True).wait_for()
    assert page.url.endswith(f"/samples?class={top['class_id']}")
    fitting = demo.get(f"/api/projects/street-scenes/samples?class={top['class_id']}")["items"]
    page.locator(".sample h2").nth(len(fitting) - 1).wait_for()
    assert page.locator(".sample h2").all_inner_texts() == [item["key"] for item in fitting]


def bar_name(demo: Served, class_id: str) -> str:
    classes = demo.get("/api/projects/street-scenes/ontology")["record"]["classes"]
    name: str = next(one["name"] for one in classes if one["id"] == class_id)
    return name


def test_the_chart_has_a_table_twin(page: Page, demo: Served) -> None:
    opened(page, demo, "/p/street-scenes")
    chart = page.get_by_role("figure", name="Labels by class")
    chart.locator("summary").focus()
    page.keyboard.press("Enter")
    counts = demo.get("/api/projects/street-scenes/statistics")["classes"]
    assert chart.locator("tbody tr").count() == len(counts)
    cells = [int(text) for text in chart.locator("tbody tr td:nth-child(2)").all_inner_texts()]
    assert cells == [one["annotations"] for one in counts]


def test_samples_are_searched_and_opened_by_keyboard(page: Page, demo: Served) -> None:
    opened(page, demo, "/p/street-scenes/samples")
    assert page.locator(".sample").count() == 2
    page.keyboard.press("/")
    page.keyboard.type("STREET")
    page.get_by_text("1 of 2 samples").wait_for()
    assert page.url.endswith("?q=STREET")
    page.reload()
    page.get_by_text("1 of 2 samples").wait_for()
    page.get_by_role("button", name="Clear").focus()
    page.keyboard.press("Enter")
    page.get_by_text("2 samples", exact=True).wait_for()
    page.locator(".sample a").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/s/street-01$"))


def test_filters_stand_in_the_address_and_say_when_nothing_fits(page: Page, demo: Served) -> None:
    opened(page, demo, "/p/street-scenes/samples")
    page.get_by_label("State", exact=True).select_option("accepted")
    page.get_by_text("No sample fits").wait_for()
    assert page.url.endswith("?state=accepted")
    page.go_back()
    page.get_by_text("2 samples", exact=True).wait_for()
    opened(page, demo, "/p/street-scenes/samples?state=lost")
    assert "state=lost" in page.get_by_role("alert").inner_text()


def test_the_table_shows_the_same_counts(page: Page, demo: Served) -> None:
    opened(page, demo, "/p/street-scenes/samples?view=table")
    page.locator("table.list tbody tr").first.wait_for()
    listed = demo.get("/api/projects/street-scenes/samples")["items"]
    rows = page.locator("table.list tbody tr")
    assert rows.count() == len(listed)
    for place, item in enumerate(listed):
        cells = rows.nth(place).locator("td.figure").all_inner_texts()
        assert [int(cell) for cell in cells] == [
            item[name] for name in ("annotations", "links", "suspects", "findings")
        ]


def test_an_import_is_tried_mapped_and_made(page: Page, demo: Served) -> None:
    opened(page, demo, "/p/street-scenes/import")
    page.get_by_role("radio", name="COCO Pictures").check()
    body = boxed_pictures(("quay-1", "quay-2"), "Quadruped")
    page.locator("input[type=file]").set_input_files(
        {"name": "quay.zip", "mimeType": "application/zip", "buffer": body}
    )
    page.get_by_role("button", name="Try it").click()
    page.get_by_label("Quadruped becomes").wait_for()
    assert len(demo.get("/api/projects/street-scenes/samples")["items"]) == 2
    page.get_by_label("Quadruped becomes").select_option("dog")
    page.get_by_role("button", name="Import 2 samples").click()
    page.get_by_role("link", name="Show the new samples").click()
    page.locator(".sample h2").nth(3).wait_for()
    assert set(page.locator(".sample h2").all_inner_texts()[:2]) == {"quay-1", "quay-2"}
    dogs = demo.get("/api/projects/street-scenes/samples?class=dog&search=quay")["items"]
    assert [item["key"] for item in dogs] == ["quay-1", "quay-2"]


def test_a_broken_file_is_refused_with_the_reason(page: Page, demo: Served) -> None:
    opened(page, demo, "/p/support-calls/import")
    page.get_by_role("radio", name="COCO Pictures").check()
    page.locator("input[type=file]").set_input_files(
        {"name": "broken.json", "mimeType": "application/json", "buffer": b"{"}
    )
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("alert").wait_for()
    assert page.get_by_role("button", name="Import").count() == 0


def test_a_class_is_renamed_and_the_change_taken_back(page: Page, demo: Served) -> None:
    def names() -> dict[str, str]:
        classes = demo.get("/api/projects/city-drive/ontology")["record"]["classes"]
        return {one["id"]: one["name"] for one in classes}

    opened(page, demo, "/p/city-drive/ontology")
    page.get_by_role("button", name=re.compile(r"^Car ")).click()
    assert "4 annotations" in page.locator(".impact").first.inner_text()
    name = page.get_by_label("Name", exact=True).first
    name.fill("Automobile")
    page.keyboard.press("Enter")
    page.get_by_text("Saved: Rename class Car to Automobile").wait_for()
    assert names()["car"] == "Automobile"
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back").wait_for()
    assert names()["car"] == "Car"
    page.get_by_label("Add a class below Car").fill("Hearse")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Hearse").wait_for()
    assert names()["hearse"] == "Hearse"


def test_the_projects_name_and_description_are_kept(page: Page, demo: Served) -> None:
    opened(page, demo, "/p/support-calls/settings")
    page.get_by_label("Description").fill("Calls with pictures")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved: Edit the project").wait_for()
    page.reload()
    page.get_by_label("Description").wait_for()
    assert page.get_by_label("Description").input_value() == "Calls with pictures"


def test_nothing_is_cut_at_200_percent_zoom(browser: Browser, demo: Served) -> None:
    context = browser.new_context(viewport={"width": 640, "height": 360}, reduced_motion="reduce")
    page, cut = context.new_page(), []
    for section in SECTIONS:
        opened(page, demo, f"/p/city-drive{section}")
        wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        cut += [(section, wide)] if wide > 0 else []
    context.close()
    assert cut == []
