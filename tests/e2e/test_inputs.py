"""Inputs counted as a person gives them: a key or chord, a click, a drag count one each.

The bounds are those of the goals; a task that needs more is a regression, however fast it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.serving import Served
from tests.e2e.test_linking import handle_of
from tests.e2e.workbench import Workbench, causes_of, newest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SKY = (0.03, 0.26)
"""A place of the picture where nothing is marked."""


@pytest.fixture
def street(page: Page, demo: Served) -> Workbench:
    bench = Workbench(page, demo, "street-scenes", "street-01")
    bench.open()
    return bench


def records(street: Workbench, kind: str) -> list[Any]:
    return [held["record"] for held in street.served.sample(street.project, street.key)[kind]]


def box_of(street: Workbench, class_id: str) -> Any:
    return next(
        r for r in records(street, "annotations") if r["class_id"] == class_id and "box" in str(r["region"])
    )


def middle_of(street: Workbench, box: Any) -> tuple[float, float]:
    """Where a box of the demo's picture (1280 x 853, fitted to the pane's width) is on the screen."""
    pane = street.page.locator("canvas").first.bounding_box()
    assert pane is not None
    region = box["region"]
    scale = min(pane["width"] / 1280, pane["height"] / 853)
    left, top = (pane["width"] - 1280 * scale) / 2, (pane["height"] - 853 * scale) / 2
    x, y = (region["x0_px"] + region["x1_px"]) / 2, (region["y0_px"] + region["y1_px"]) / 2
    return pane["x"] + left + x * scale, pane["y"] + top + y * scale


def place(street: Workbench, dx: float = 0.0, dy: float = 0.0) -> tuple[float, float]:
    return street.on_picture(SKY[0] + dx, SKY[1] + dy)


def free_phrase(street: Workbench) -> str:
    """Unlinks all, and takes the phrase that names no other thing."""
    ids = [record["id"] for record in records(street, "links")]
    street.page.evaluate("(ids) => braid.store.actions.remove(ids)", ids)
    street.until(lambda view: view["links"] == [])
    street.press("Escape")
    return "the red car"


@pytest.fixture
def unlinked(page: Page, demo: Served) -> Workbench:
    """The street without its links, nothing selected."""
    bench = Workbench(page, demo, "street-scenes", "street-01")
    bench.open("?debug")
    free_phrase(bench)
    bench.inputs = 0
    return bench


def test_a_box_with_its_class_takes_at_most_two(street: Workbench) -> None:
    before = len(records(street, "annotations"))
    street.press("b")
    street.drag(place(street), place(street, 0.05, 0.05))
    assert street.inputs <= 2
    view = street.until(lambda sample: len(sample["annotations"]) == before + 1)
    first = newest(view, "annotations")
    assert first["region"]["type"] == "box"

    # Another class than the last one: its digit in place of the tool's key.
    street.press("Escape")
    street.press("b")
    street.press("Escape")
    street.press("b")
    street.inputs = 0
    street.press("2")
    street.drag(place(street, 0.1), place(street, 0.15, 0.05))
    assert street.inputs <= 2
    view = street.until(lambda sample: len(sample["annotations"]) == before + 2)
    assert newest(view, "annotations")["class_id"] != first["class_id"]


def test_a_text_span_with_its_class_takes_at_most_two(street: Workbench) -> None:
    before = len(records(street, "annotations"))
    street.inputs = 0
    x, y = street.on_text("leans on")
    street.drag((x - 28, y), (x + 28, y))
    view = street.until(lambda sample: len(sample["annotations"]) == before + 1)
    span = newest(view, "annotations")
    assert span["region"]["type"] == "text_span"
    street.press("3")
    assert street.inputs <= 2
    street.until(lambda sample: newest(sample, "annotations")["class_id"] != span["class_id"])


def test_a_typed_link_takes_at_most_four_and_three_with_a_selection(unlinked: Workbench) -> None:
    car = box_of(unlinked, "car")
    unlinked.press("l")
    unlinked.click(*unlinked.on_text("the red car"))
    unlinked.click(*middle_of(unlinked, car))
    made = unlinked.until(lambda view: len(view["links"]) == 1)
    assert unlinked.inputs <= 4
    assert newest(made, "links")["type_id"] == "refers-to"

    unlinked.press("Escape")
    unlinked.click(*unlinked.on_text("a brown dog"))
    unlinked.inputs = 0
    unlinked.press("l")
    unlinked.click(*middle_of(unlinked, box_of(unlinked, "dog")))
    unlinked.until(lambda view: len(view["links"]) == 2)
    assert unlinked.inputs <= 3


def test_a_dragged_link_takes_one_with_a_selection(unlinked: Workbench) -> None:
    unlinked.click(*unlinked.on_text("the red car"))
    start = handle_of(unlinked)
    unlinked.inputs = 0
    unlinked.drag(start, middle_of(unlinked, box_of(unlinked, "car")))
    unlinked.until(lambda view: len(view["links"]) == 1)
    assert unlinked.inputs == 1


def test_the_last_type_again_takes_at_most_three(unlinked: Workbench) -> None:
    unlinked.press("l")
    unlinked.click(*unlinked.on_text("the red car"))
    unlinked.click(*middle_of(unlinked, box_of(unlinked, "car")))
    unlinked.until(lambda view: len(view["links"]) == 1)
    unlinked.press("Escape")
    unlinked.inputs = 0
    unlinked.press("Shift+L")
    unlinked.click(*unlinked.on_text("a vehicle"))
    unlinked.click(*middle_of(unlinked, box_of(unlinked, "car")))
    unlinked.until(lambda view: len(view["links"]) == 2)
    assert unlinked.inputs <= 3


def test_another_class_takes_at_most_two(street: Workbench) -> None:
    car = box_of(street, "car")
    street.click(*middle_of(street, car))
    street.press("3")
    assert street.inputs <= 2
    street.until(lambda view: class_of(view, car["id"]) != "car")
    street.press("Control+z")
    street.until(lambda view: class_of(view, car["id"]) == "car")


def class_of(view: Any, annotation: str) -> str:
    return str(next(h["record"]["class_id"] for h in view["annotations"] if h["record"]["id"] == annotation))


def test_a_suspect_takes_one_to_reach_and_one_to_confirm(unlinked: Workbench) -> None:
    unlinked.click(*unlinked.on_text("the red car"))
    car = box_of(unlinked, "car")
    unlinked.press("l")
    unlinked.click(*middle_of(unlinked, car))
    view = unlinked.until(lambda sample: len(sample["links"]) == 1)
    link = newest(view, "links")["id"]
    unlinked.page.evaluate(
        """([id, box]) => braid.store.actions.updateRegion(id, { ...box, x0_px: box.x0_px - 80 })""",
        [car["id"], car["region"]],
    )
    unlinked.until(lambda sample: causes_of(sample, link) != [])
    unlinked.press("Escape")
    unlinked.page.get_by_text("1 suspect").wait_for()

    unlinked.inputs = 0
    unlinked.press("n")
    assert unlinked.page.evaluate("[...braid.store.getState().selection]") == [link]
    assert unlinked.inputs == 1

    unlinked.inputs = 0
    unlinked.press("a")
    unlinked.until(lambda sample: causes_of(sample, link) == [])
    assert unlinked.inputs == 1


def test_the_next_finding_takes_one(unlinked: Workbench) -> None:
    unlinked.until(lambda view: len(view["findings"]) > 0)
    unlinked.page.locator(".problems li").first.wait_for()
    unlinked.press("n")
    assert unlinked.page.evaluate("braid.store.getState().selection.size") > 0
    assert unlinked.inputs == 1


def test_a_proposed_link_takes_one_to_reach_and_one_to_accept(unlinked: Workbench) -> None:
    unlinked.press(";")
    unlinked.page.get_by_role("button", name="Accept").wait_for()
    unlinked.press("'")
    unlinked.until(lambda view: len(view["links"]) == 1)
    assert unlinked.inputs == 2
    unlinked.press("\\")
    unlinked.until(lambda view: any("Proposal" in h["record"].get("reason", "") for h in view["verdicts"]))
    assert unlinked.inputs == 3


def test_a_small_vision_language_task_takes_at_most_nine(street: Workbench) -> None:
    """Box, span, typed link, one correction, submit."""
    boxes, links = len(records(street, "annotations")), len(records(street, "links"))
    street.press("b")
    street.drag(place(street, 0.0, 0.2), place(street, 0.05, 0.24))
    x, y = street.on_text("waits near")
    street.drag((x - 34, y), (x + 34, y))
    view = street.until(lambda sample: len(sample["annotations"]) == boxes + 2)
    span = newest(view, "annotations")
    street.press("l")
    street.click(*place(street, 0.025, 0.22))
    view = street.until(lambda sample: len(sample["links"]) == links + 1)
    assert newest(view, "links")["source"]["id"] == span["id"]
    street.press("3")
    street.until(lambda sample: class_of(sample, span["id"]) != span["class_id"])
    street.press("Control+Enter")
    street.until(lambda sample: sample["sample"]["record"].get("state") == "submitted")
    assert street.inputs <= 9


@pytest.fixture
def two_types(unlinked: Workbench) -> Workbench:
    """The street, in whose project two types join boxes."""
    address = f"{unlinked.served.address}/api/projects/{unlinked.project}"
    unlinked.page.evaluate(
        """async (address) => {
            const { csrf } = await (await fetch("/api/session")).json();
            const held = await (await fetch(`${address}/ontology`)).json();
            const boxes = { kinds: ["box"] };
            const types = held.record.link_types.filter(({ id }) => id !== "leads");
            types.push({ id: "leads", name: "Leads", source: boxes, target: boxes });
            const record = { ...held.record, version: held.record.version + 1, link_types: types };
            const hex = Date.now().toString(16).padStart(12, "0");
            const id = `${hex.slice(0, 8)}-${hex.slice(8)}-7${crypto.randomUUID().slice(15)}`;
            const change = { id, ops: [{ op: "update", record, base: held.rev }] };
            const answer = await fetch(`${address}/changes`, {
                method: "POST",
                headers: { "content-type": "application/json", "X-Braid-CSRF": csrf },
                body: JSON.stringify({ change_sets: [change] }),
            });
            const { outcomes } = await answer.json();
            if (outcomes[0].state !== "committed") throw new Error(JSON.stringify(outcomes));
        }""",
        address,
    )
    unlinked.open("?debug")
    unlinked.inputs = 0
    return unlinked


def test_a_link_with_a_choice_of_types_takes_four_and_another_type_two(two_types: Workbench) -> None:
    man, dog = box_of(two_types, "man"), box_of(two_types, "dog")
    two_types.press("l")
    two_types.click(*middle_of(two_types, dog))
    two_types.click(middle_of(two_types, man)[0], middle_of(two_types, man)[1] + 60)
    two_types.press("1")
    view = two_types.until(lambda sample: len(sample["links"]) == 1)
    assert two_types.inputs <= 4
    link = newest(view, "links")
    assert link["type_id"] == "part-of"

    two_types.press("Escape")
    two_types.click(*middle_of(two_types, dog))
    two_types.page.locator(".link-badge[data-link]").wait_for()
    label = two_types.page.locator(".link-badge[data-link]").bounding_box()
    assert label is not None
    two_types.inputs = 0
    two_types.click(label["x"] + label["width"] / 2, label["y"] + label["height"] / 2)
    two_types.press("2")
    assert two_types.inputs <= 2
    two_types.until(lambda sample: newest(sample, "links")["type_id"] == "leads")
