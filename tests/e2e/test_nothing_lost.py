"""Nothing is lost: edits made while the server is away arrive, and two people at one box see both versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.serving import Served
from tests.e2e.workbench import Workbench

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def harbour(page: Page, demo: Served) -> Workbench:
    if demo.process is None:
        demo.start()
    bench = Workbench(page, demo, "street-scenes", "harbour-01")
    bench.open()
    return bench


def box_of(view: Any, class_id: str) -> Any:
    """The newest head of a box of a class."""
    return next(
        held
        for held in view["annotations"]
        if held["record"]["class_id"] == class_id and held["record"]["region"]["type"] == "box"
    )


def test_twenty_edits_without_a_server_arrive_after_a_reload(page: Page, demo: Served) -> None:
    bench = harbour(page, demo)
    before = len(demo.sample("street-scenes", "harbour-01")["annotations"])
    demo.stop(kill=True)
    for number in range(20):
        bench.press("b")
        x = 0.04 + 0.045 * (number % 10)
        y = 0.32 if number < 10 else 0.64
        bench.drag(bench.on_picture(x, y), bench.on_picture(x + 0.03, y + 0.04))
    page.get_by_text("Offline, 20 kept here").first.wait_for()
    demo.start()
    page.reload()
    bench.until(lambda sample: len(sample["annotations"]) == before + 20)
    page.get_by_text("Saved").first.wait_for()


def test_two_browsers_edit_one_box_and_both_versions_stay(browser: Browser, demo: Served) -> None:
    pages = [browser.new_context(viewport={"width": 1440, "height": 900}).new_page() for _ in range(2)]
    first, second = (harbour(page, demo) for page in pages)
    view = demo.sample("street-scenes", "harbour-01")
    boat = box_of(view, "boat")
    # The second browser hears of nothing while the first one saves.
    pages[1].context.set_offline(True)
    first.click(*first.on_picture(0.37, 0.55))
    first.drag(first.on_picture(0.37, 0.55), first.on_picture(0.40, 0.55))
    view = first.until(lambda sample: box_of(sample, "boat")["rev"] != boat["rev"])
    theirs = box_of(view, "boat")
    second.click(*second.on_picture(0.37, 0.55))
    second.drag(second.on_picture(0.37, 0.55), second.on_picture(0.37, 0.60))
    pages[1].context.set_offline(False)
    card = pages[1].get_by_role("alertdialog", name="Two versions of one thing")
    card.wait_for()
    card.get_by_role("button", name="Keep mine, as a new version").click()
    second.until(lambda sample: box_of(sample, "boat")["rev"] not in {boat["rev"], theirs["rev"]})
    project = demo.get("/api/projects/street-scenes")
    past = demo.get(f"/api/projects/{project['slug']}/records/{boat['record']['id']}/revisions")
    assert {boat["rev"], theirs["rev"]} < {revision["rev"] for revision in past["items"]}
    for page in pages:
        page.context.close()
