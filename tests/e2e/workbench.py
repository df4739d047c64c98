"""A sample open in a browser, driven as a person would."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.e2e.serving import Served

if TYPE_CHECKING:
    from playwright.sync_api import Page

TEXT_PLACE = """(quote) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const at = node.data.indexOf(quote);
        if (at < 0 || node.parentElement.closest('.tour, .side, .proposal-bar, .link-list') !== null) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + quote.length);
        const box = range.getBoundingClientRect();
        const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        if (seen === null || (!node.parentElement.contains(seen) && seen.closest('.link-lines') === null)) continue;
        return { x: box.x, y: box.y, width: box.width, height: box.height };
    }
    return null;
}"""


class Workbench:
    """A sample open in a browser; gestures are counted as a person would count them."""

    def __init__(self, page: Page, served: Served, project: str, key: str) -> None:
        self.page, self.served, self.project, self.key = page, served, project, key
        self.inputs = 0

    def open(self, query: str = "") -> None:
        """Go to the sample and wait until its panes have drawn; `query` for example "?debug"."""
        self.page.goto(f"{self.served.address}/p/{self.project}/s/{self.key}{query}")
        self.page.locator("canvas").first.wait_for()
        self.page.get_by_text("Saved").first.wait_for()
        tour = self.page.get_by_role("button", name="End the tour")
        if tour.count():
            tour.click()

    def press(self, key: str) -> None:
        """One key or chord."""
        self.inputs += 1
        self.page.keyboard.press(key)

    def click(self, x: float, y: float) -> None:
        """One click."""
        self.inputs += 1
        self.page.mouse.click(x, y)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """One drag."""
        self.inputs += 1
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
        self.page.mouse.move(*end, steps=4)
        self.page.mouse.up()

    def on_picture(self, x: float, y: float) -> tuple[float, float]:
        """A place on the image pane, given in parts of its width and height."""
        box = self.page.locator("canvas").first.bounding_box()
        assert box is not None
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def on_text(self, quote: str) -> tuple[float, float]:
        """The middle of the first place where a text pane says `quote`."""
        box = self.page.evaluate(TEXT_PLACE, quote)
        assert box is not None, f"no pane says {quote!r}"
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def until(self, test: Callable[[Any], bool]) -> Any:
        """Look at the server's state of the sample until it passes a test; the state."""
        for _ in range(600):
            view = self.served.sample(self.project, self.key)
            if test(view):
                return view
            self.page.wait_for_timeout(50)
        raise AssertionError("the server never came to the wanted state")


def newest(view: Any, kind: str) -> Any:
    """The record of a kind that was written last."""
    return max(view[kind], key=lambda held: (held["seq"], held["record"]["id"]))["record"]


def causes_of(view: Any, link: str) -> list[Any]:
    """Why a link is suspect."""
    found: list[Any] = next(
        held["record"].get("causes", []) for held in view["links"] if held["record"]["id"] == link
    )
    return found
