"""The ways to link in a browser: by the handle, by the picker, many to one; and lines that can be pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.serving import Served
from tests.e2e.workbench import Workbench, newest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def street(page: Page, demo: Served) -> Workbench:
    bench = Workbench(page, demo, "street-scenes", "street-01")
    bench.open()
    return bench


def new_box(street: Workbench, x: float, y: float) -> Any:
    """A box drawn at a place of the picture, deselected again; the record."""
    before = len(street.served.sample(street.project, street.key)["annotations"])
    street.press("b")
    street.drag(street.on_picture(x, y), street.on_picture(x + 0.06, y + 0.06))
    view = street.until(lambda sample: len(sample["annotations"]) == before + 1)
    street.press("Escape")
    street.press("Escape")
    return newest(view, "annotations")


def handle_of(street: Workbench) -> tuple[float, float]:
    """The middle of the round handle of what is selected."""
    handle = street.page.locator(".link-handle")
    handle.wait_for()
    place = handle.bounding_box()
    assert place is not None
    return place["x"] + place["width"] / 2, place["y"] + place["height"] / 2


def links_to(view: Any, target: str) -> list[Any]:
    """The links of a sample that end at a record."""
    return [held["record"] for held in view["links"] if held["record"]["target"]["id"] == target]


def test_a_drag_from_the_handle_links_across_panes(street: Workbench) -> None:
    box = new_box(street, 0.02, 0.25)
    street.inputs = 0
    street.click(*street.on_text("a bicycle"))
    street.drag(handle_of(street), street.on_picture(0.05, 0.28))
    view = street.until(lambda sample: len(links_to(sample, box["id"])) == 1)
    assert street.inputs == 2
    assert links_to(view, box["id"])[0]["type_id"] == "refers-to"


def test_escape_in_the_middle_of_a_drag_links_nothing(street: Workbench) -> None:
    before = len(street.served.sample(street.project, street.key)["links"])
    street.click(*street.on_text("a bicycle"))
    x, y = handle_of(street)
    street.page.mouse.move(x, y)
    street.page.mouse.down()
    street.page.mouse.move(x - 70, y + 30, steps=4)
    street.page.get_by_text("can be picked").wait_for()
    street.press("Escape")
    street.page.mouse.move(x - 100, y + 50, steps=3)
    street.page.mouse.up()
    assert street.page.get_by_text("can be picked").count() == 0
    assert len(street.served.sample(street.project, street.key)["links"]) == before


def test_the_picker_links_without_a_pointer(street: Workbench) -> None:
    before = len(street.served.sample(street.project, street.key)["links"])
    street.press("l")
    for query in ("a bicycle", "plant box"):
        street.press("/")
        search = street.page.locator("dialog").get_by_role("combobox")
        search.fill(query)
        street.page.locator("dialog").get_by_role("option").first.wait_for()
        street.press("Enter")
    view = street.until(lambda sample: len(sample["links"]) == before + 1)
    assert newest(view, "links")["type_id"] == "refers-to"


def test_many_things_are_linked_to_one_at_once(street: Workbench) -> None:
    box = new_box(street, 0.02, 0.36)
    street.click(*street.on_text("a bicycle"))
    street.page.keyboard.down("Shift")
    street.click(*street.on_text("a vehicle"))
    street.page.keyboard.up("Shift")
    street.press("l")
    street.click(*street.on_picture(0.05, 0.39))
    view = street.until(lambda sample: len(links_to(sample, box["id"])) == 2)
    assert len({link["source"]["id"] for link in links_to(view, box["id"])}) == 2
    street.press("Control+z")
    street.until(lambda sample: links_to(sample, box["id"]) == [])


def test_pressing_a_line_selects_its_link(street: Workbench) -> None:
    street.click(*street.on_text("a bicycle"))
    line = street.page.locator(".link-badge[data-link]").first
    line.wait_for()
    line.click()
    street.page.locator(".link-card [aria-label='Comment']").wait_for()


def test_the_list_confirms_many_suspects_and_one_undo_takes_all_back(street: Workbench) -> None:
    street.open("?debug")
    before = street.served.sample(street.project, street.key)
    target = max(
        {held["record"]["target"]["id"] for held in before["links"]},
        key=lambda record: len(links_to(before, record)),
    )
    wanted = len(links_to(before, target))
    assert wanted >= 2
    street.page.evaluate(
        """(id) => {
            const { sample } = braid.store.getState();
            const { region } = sample.annotations.get(id).record;
            braid.store.actions.updateRegion(id, { ...region, x0_px: region.x0_px - 60 });
        }""",
        target,
    )
    street.until(lambda view: suspects(view) == wanted)
    street.page.get_by_text(f"{wanted} suspect").wait_for()
    street.press("Shift+Semicolon")
    rows = street.page.locator(".link-rows [role=option][data-state=suspect]")
    rows.first.wait_for()
    assert rows.count() == wanted
    street.page.get_by_role("button", name=f"Confirm {wanted} suspects").click()
    street.until(lambda view: suspects(view) == 0)
    street.press("Control+z")
    street.until(lambda view: suspects(view) == wanted)


def suspects(view: Any) -> int:
    """How many links have causes."""
    return sum(1 for held in view["links"] if held["record"].get("causes"))
