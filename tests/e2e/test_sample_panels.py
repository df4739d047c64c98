"""The panels of a sample in a browser: entities, history and review, worked mostly with the keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.serving import Served
from tests.e2e.workbench import Workbench, causes_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PROJECT = "street-scenes"
AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def street(page: Page, demo: Served) -> Workbench:
    bench = Workbench(page, demo, PROJECT, "street-01")
    bench.open()
    return bench


def entities(view: Any) -> dict[str, str]:
    """Names by id."""
    return {held["record"]["id"]: held["record"].get("name", "") for held in view["entities"]}


def mentions(view: Any, entity: str) -> set[str]:
    """Ids of annotations that speak of an entity."""
    return {held["record"]["id"] for held in view["annotations"] if held["record"].get("entity") == entity}


def boxes(view: Any) -> dict[str, Any]:
    """Regions of boxes by annotation id."""
    return {
        held["record"]["id"]: held["record"]["region"]
        for held in view["annotations"]
        if held["record"]["region"]["type"] == "box"
    }


def suspects(view: Any) -> list[str]:
    """Ids of links that are suspect."""
    return [held["record"]["id"] for held in view["links"] if held["record"].get("causes")]


def move_box(bench: Workbench) -> None:
    """Make the link of the red car suspect with a drag of its box."""
    bench.press("v")
    bench.click(*bench.on_picture(0.25, 0.68))
    bench.drag(bench.on_picture(0.25, 0.68), bench.on_picture(0.31, 0.66))


def test_entities_are_merged_split_and_renamed(street: Workbench) -> None:
    page = street.page
    before = street.served.sample(PROJECT, "street-01")
    names = entities(before)
    assert len(names) >= 2
    first, second = sorted(names, key=lambda one: names[one])[:2]
    told = mentions(before, first) | mentions(before, second)

    street.press("Shift+E")
    tree = page.get_by_role("tree")
    tree.wait_for()
    assert tree.get_by_role("treeitem").count() == len(names)
    page.get_by_text("of 3 phrases grounded").first.wait_for()

    tree.focus()
    for key in ("Home", "Space", "ArrowDown", "Space", "Shift+M"):
        street.press(key)
    view = street.until(lambda sample: len(sample["entities"]) == len(names) - 1)
    kept = next(one for one in (first, second) if one in entities(view))
    assert mentions(view, kept) == told
    page.get_by_text("Merged 2 entities").wait_for()

    street.press("Control+z")
    view = street.until(lambda sample: len(sample["entities"]) == len(names))
    assert mentions(view, first) == mentions(before, first)

    tree.focus()
    for key in ("Home", "ArrowRight", "ArrowDown", "Enter", "Shift+Z"):
        street.press(key)
    view = street.until(lambda sample: len(sample["entities"]) == len(names) + 1)
    made = next(one for one in entities(view) if one not in names)
    assert len(mentions(view, made)) == 1

    name = page.get_by_role("textbox", name="Name of the entity")
    name.fill("somebody else")
    name.press("Enter")
    street.until(lambda sample: entities(sample)[made] == "somebody else")
    page.get_by_role("treeitem", name="somebody else").wait_for()

    tree.focus()
    street.press("Control+z")
    street.press("Control+z")
    view = street.until(lambda sample: entities(sample) == names)
    assert mentions(view, first) == mentions(before, first)
    street.until(lambda sample: not suspects(sample))


def test_history_shows_compares_and_restores(street: Workbench) -> None:
    page = street.page
    before = street.served.sample(PROJECT, "street-01")
    move_box(street)
    moved = street.until(lambda sample: boxes(sample) != boxes(before))
    [car] = [one for one, region in boxes(before).items() if boxes(moved)[one] != region]

    street.press("Escape")
    street.press("Shift+H")
    page.get_by_text("Changed place of").first.wait_for()
    rows = page.locator(".commit")
    earlier = rows.nth(1)
    earlier.locator(".commit-look").click()
    banner = page.locator(".past-banner")
    banner.get_by_text("Read only").wait_for()
    # The past takes no edit.
    street.press("Control+z")
    page.get_by_text("This is a past state and read only").wait_for()
    street.press("Escape")
    banner.wait_for(state="detached")
    assert boxes(street.served.sample(PROJECT, "street-01")) == boxes(moved)

    earlier.hover()
    earlier.get_by_role("button", name="Compare").click()
    page.get_by_role("region", name="Comparison").get_by_text("Moved").wait_for()
    page.locator(".ghosts .outline").first.wait_for()
    assert page.locator(".ghosts .outline").count() == 1
    page.get_by_role("button", name="History", exact=True).click()

    earlier.locator(".commit-look").click()
    banner.get_by_role("button", name="Restore").click()
    view = street.until(lambda sample: boxes(sample)[car] == boxes(before)[car])
    assert not suspects(view)
    street.press("Control+z")
    street.until(lambda sample: boxes(sample)[car] == boxes(moved)[car])
    street.press("Control+z")
    street.until(lambda sample: boxes(sample) == boxes(before))


def test_review_goes_through_the_project(street: Workbench) -> None:
    page = street.page
    before = street.served.sample(PROJECT, "street-01")
    move_box(street)
    view = street.until(lambda sample: len(suspects(sample)) > 0)
    suspect, *further = sorted(suspects(view))
    links = len(before["links"])

    street.press("Escape")
    page.locator('.count[data-tone="suspect"]').wait_for()
    street.press("Shift+V")
    page.locator(".review-item[data-source=suspects]").wait_for()
    page.locator(".ghosts .outline").first.wait_for()
    street.press("b")
    page.get_by_text("Before: as it was judged").first.wait_for()
    assert page.evaluate("document.querySelectorAll('.past-frame').length") == 1
    street.press("b")
    page.locator(".past-frame").wait_for(state="detached")

    street.press("n")
    page.keyboard.type("the car moved?")
    street.press("Enter")
    page.get_by_role("button", name="Resolve").wait_for()
    view = street.until(
        lambda sample: any("the car moved?" in held["record"].get("comment", "") for held in sample["links"])
    )

    street.inputs = 0
    street.press("a")
    view = street.until(lambda sample: causes_of(sample, suspect) == [])
    assert street.inputs == 1
    for _ in further:
        street.press("a")
    view = street.until(lambda sample: not suspects(sample))
    assert len(view["links"]) == links

    # Findings next: one is skipped, the others are no errors; then on to the next sample by itself.
    page.locator(".review-item[data-source=findings]").wait_for()
    street.press("s")
    for _ in range(40):
        page.wait_for_function(
            "() => location.pathname.includes('/harbour-01') || document.querySelector('.review-item[data-source=findings]')"
        )
        if "/harbour-01" in page.url:
            break
        street.press("r")
    assert "/harbour-01" in page.url
    page.locator(".review-item").wait_for()
    # Outside review the same letters do what they always do.
    street.press("e")
    page.get_by_text("Go on").wait_for()
    street.press("b")
    page.get_by_role("button", name="Draw boxes", pressed=True).wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_the_panels(browser: Browser, demo: Served, theme: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is absent: run `make web-test` once")
    context = browser.new_context(
        viewport={"width": 1280, "height": 720},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    bench = Workbench(page, demo, PROJECT, "street-01")
    bench.open()
    page.evaluate(AXE.read_text())
    found = []
    signs = {"Shift+E": ".entity-line", "Shift+H": ".commit", "Shift+V": ".review-item"}
    for key, sign in signs.items():
        bench.press(key)
        page.locator(sign).first.wait_for()
        report = page.evaluate("async () => (await axe.run()).violations")
        found += [
            f"{sign}: {entry['id']} {entry['nodes'][0]['target']}"
            for entry in report
            if entry["impact"] in {"serious", "critical"}
        ]
    context.close()
    assert found == []
