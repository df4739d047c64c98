"""The main job in a browser: annotate, link, change, see the suspect, settle it, and find it all again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.e2e.serving import Served
from tests.e2e.workbench import Workbench, causes_of, newest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.fixture
def street(page: Page, demo: Served) -> Workbench:
    bench = Workbench(page, demo, "street-scenes", "street-01")
    bench.open()
    return bench


def test_annotate_link_change_settle_reload(street: Workbench) -> None:
    before = street.served.sample("street-scenes", "street-01")
    boxes, links = len(before["annotations"]), len(before["links"])

    street.press("b")
    street.drag(street.on_picture(0.76, 0.6), street.on_picture(0.86, 0.7))
    view = street.until(lambda sample: len(sample["annotations"]) == boxes + 1)
    drawn = newest(view, "annotations")
    assert drawn["region"]["type"] == "box"
    assert street.inputs <= 2

    street.press("Escape")
    street.page.mouse.move(5, 5)
    street.inputs = 0
    street.press("l")
    street.click(*street.on_text("a bicycle"))
    street.click(*street.on_picture(0.81, 0.65))
    view = street.until(lambda sample: len(sample["links"]) == links + 1)
    assert street.inputs <= 4
    link = newest(view, "links")
    assert link["type_id"] == "refers-to"
    assert link["target"]["id"] == drawn["id"]

    street.press("v")
    street.click(*street.on_picture(0.81, 0.65))
    street.drag(street.on_picture(0.81, 0.65), street.on_picture(0.88, 0.75))
    view = street.until(lambda sample: causes_of(sample, link["id"]) != [])
    cause = causes_of(view, link["id"])[0]
    assert cause["changed"] == ["region"]
    assert "px" in cause["amount"]
    street.page.get_by_text("1 suspect").wait_for()

    street.press("n")
    street.press("a")
    street.until(lambda sample: causes_of(sample, link["id"]) == [])

    street.page.reload()
    street.page.locator("canvas").first.wait_for()
    street.page.get_by_text("0 suspect").wait_for()
    again = street.served.sample("street-scenes", "street-01")
    assert len(again["annotations"]) == boxes + 1
    assert len(again["links"]) == links + 1


def test_a_label_on_the_whole_stream(street: Workbench) -> None:
    before = len(street.served.sample("street-scenes", "street-01")["annotations"])
    street.press("Escape")
    street.press("w")
    view = street.until(lambda sample: len(sample["annotations"]) == before + 1)
    label = newest(view, "annotations")
    assert label["region"]["type"] == "whole_stream"
    street.press("Control+z")
    street.until(lambda sample: len(sample["annotations"]) == before)


def test_the_tour_leads_through_five_steps(page: Page, demo: Served) -> None:
    page.goto(f"{demo.address}/p/city-drive/s/crossing-01")
    tour = page.get_by_label("Tour")
    tour.wait_for()
    for step in ("Select", "Link", "Break it", "See the suspect", "Fix it"):
        assert tour.locator("[data-on=true]").inner_text() == step
        tour.get_by_role("button", name="Skip").click()
    tour.get_by_role("button", name="Done").click()
    tour.wait_for(state="detached")
