"""Text spans and transcripts in a browser; stored offsets are compared with Python's own code points."""

from __future__ import annotations

import json
import os
import time
import urllib.request
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.serving import Served
from tests.e2e.workbench import Workbench, newest

from braid.base.ids import uuid7

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
HARD = f"Une fe\u0301te {FAMILY} \N{AUTOMOBILE} rouge, שלום עולם טוב, 赤い車が止まる end"
CLIENT_RECTS = """([quote, from, to]) => {
    const words = [...document.querySelectorAll('.text-words')].find((each) => each.textContent.includes(quote));
    const at = words.textContent.indexOf(quote);
    const range = document.createRange();
    range.setStart(words.firstChild, at + from);
    range.setEnd(words.firstChild, at + to);
    const box = range.getBoundingClientRect();
    return [box.left, box.top + box.height / 2, box.right];
}"""


def fresh_id() -> str:
    """An id of now."""
    return uuid7(unix_ms=time.time_ns() // 1_000_000, entropy=os.urandom(10))


def post(served: Served, project: str, ops: list[Any]) -> Any:
    """One change set, written as a script would."""
    body = json.dumps({"change_sets": [{"id": fresh_id(), "ops": ops}]}).encode()
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{served.address}/api/projects/{project}/changes", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


def letters(page: Page, quote: str, start: int = 0, end: int | None = None) -> tuple[float, float, float]:
    """Left edge, middle height and right edge of UTF-16 units [start, end) of a quote on the screen."""
    units = len(quote.encode("utf-16-le")) // 2
    left, y, right = page.evaluate(CLIENT_RECTS, [quote, start, units if end is None else end])
    return left, y, right


def spans(view: Any) -> list[Any]:
    """All text spans of a sample, oldest first."""
    records = [held["record"] for held in view["annotations"]]
    return sorted((r for r in records if r["region"]["type"] == "text_span"), key=lambda r: r["id"])


def holding(count: int) -> Callable[[Any], bool]:
    """Whether a sample has so many text spans."""
    return lambda view: len(spans(view)) == count


def check(region: Any, quote: str, text: str = HARD) -> None:
    """The stored offsets are those of the quote in Python's text."""
    assert region["quote"] == quote
    assert text[region["start"] : region["end"]] == quote
    assert region.get("prefix", "") == text[max(0, region["start"] - 32) : region["start"]]
    assert region.get("suffix", "") == text[region["end"] : region["end"] + 32]


@pytest.fixture
def hard(demo: Served, page: Page) -> Workbench:
    """The caption of a picture, replaced by writing that breaks tools."""
    view = demo.sample("street-scenes", "harbour-01")
    held = next(held for held in view["annotations"] if held["record"].get("text"))
    ops: list[Any] = [
        {"op": "delete", "kind": "annotation", "id": one["record"]["id"], "base": one["rev"]}
        for one in view["annotations"]
        if one["record"]["region"]["type"] == "text_span"
    ]
    ops.append({"op": "update", "record": {**held["record"], "text": HARD}, "base": held["rev"]})
    post(demo, "street-scenes", ops)
    workbench = Workbench(page, demo, "street-scenes", "harbour-01")
    workbench.open()
    page.get_by_text("rouge").first.wait_for()
    return workbench


def test_double_clicks_mark_words_of_any_writing(hard: Workbench) -> None:
    for count, quote in enumerate(["rouge", "עולם", FAMILY, "fe\u0301te", "車"], start=1):
        left, y, right = letters(hard.page, quote)
        hard.page.mouse.dblclick((left + right) / 2, y)
        view = hard.until(holding(count))
        region = newest(view, "annotations")["region"]
        # How Japanese divides into words is the browser's dictionary; the offsets are ours.
        check(region, quote if quote != "車" else region["quote"])
        assert quote in region["quote"]


def test_drags_snap_to_words_and_with_alt_to_characters(hard: Workbench) -> None:
    page = hard.page
    left, y, _ = letters(page, "rouge", 2, 3)
    _, _, right = letters(page, "שלום", 1, 2)
    hard.drag((left, y), (right, y))
    view = hard.until(lambda view: len(spans(view)) == 1)
    check(newest(view, "annotations")["region"], "rouge, שלום")
    left, y, _ = letters(page, "עולם", 2, 3)
    _, _, right = letters(page, "עולם", 1, 2)
    page.keyboard.down("Alt")
    hard.drag((left + 0.5, y), (right - 0.5, y))
    page.keyboard.up("Alt")
    view = hard.until(lambda view: len(spans(view)) == 2)
    region = newest(view, "annotations")["region"]
    check(region, region["quote"])
    assert len(region["quote"]) < len("עולם")


def test_clicks_go_through_a_nest_and_edges_move(hard: Workbench) -> None:
    page = hard.page
    left, y, _ = letters(page, "rouge")
    _, _, end = letters(page, "עולם", 0, 1)
    hard.drag((left + 1, y), (end - 1, y))
    hard.until(lambda view: len(spans(view)) == 1)
    left, y, right = letters(page, "rouge")
    page.mouse.dblclick((left + right) / 2, y)
    view = hard.until(lambda view: len(spans(view)) == 2)
    outer, inner = spans(view)
    page.keyboard.press("Escape")

    def shows(quote: str) -> None:
        page.wait_for_function(
            "q => document.querySelector('.inspector blockquote')?.innerText === q", arg=quote
        )

    def click_apart() -> None:
        """Two clicks that are no double-click: the page's own clock says when the first is long enough ago."""
        page.wait_for_function(
            "since => performance.now() - since > 600", arg=page.evaluate("() => performance.now()")
        )
        page.mouse.click((left + right) / 2, y)

    click_apart()
    shows(inner["region"]["quote"])
    click_apart()
    shows(outer["region"]["quote"])
    click_apart()
    shows(inner["region"]["quote"])
    hard.press("Shift+ArrowRight")
    hard.until(lambda view: spans(view)[1]["region"]["quote"] == "rouge, שלום")
    hard.press("Control+ArrowLeft")
    view = hard.until(lambda view: spans(view)[1]["region"]["quote"] != "rouge, שלום")
    check(spans(view)[1]["region"], f"fe\u0301te {FAMILY} \N{AUTOMOBILE} rouge, שלום")
    left, y, _ = letters(page, "rouge")
    page.wait_for_function(
        "x => document.querySelector('.text-edge[data-edge=\"start\"]')?.getBoundingClientRect().right < x",
        arg=left,
    )
    handle = page.locator('.text-edge[data-edge="start"]').bounding_box()
    assert handle is not None
    hard.drag((handle["x"] + 6, handle["y"] + handle["height"] / 2), (left + 1, y))
    view = hard.until(lambda view: spans(view)[1]["region"]["quote"] == "rouge, שלום")
    check(spans(view)[1]["region"], "rouge, שלום")
    hard.press("Control+z")
    hard.until(lambda view: spans(view)[1]["region"]["quote"] != "rouge, שלום")


def test_a_phrase_is_marked_by_the_keyboard_alone(hard: Workbench) -> None:
    hard.page.locator(".text-lines").focus()
    for key in ["ArrowRight", "ArrowRight", "Shift+ArrowRight", "Enter"]:
        hard.press(key)
    view = hard.until(lambda view: len(spans(view)) == 1)
    check(newest(view, "annotations")["region"], f"fe\u0301te {FAMILY} \N{AUTOMOBILE} rouge")


def utterances(view: Any) -> list[Any]:
    """What is said, in the order of its time."""
    records = [held["record"] for held in view["annotations"]]
    said = [r for r in records if r["class_id"] == "utterance"]
    return sorted(said, key=lambda r: r["region"]["start_ns"])


def test_an_utterance_is_corrected_split_merged_and_given_a_speaker(demo: Served, page: Page) -> None:
    workbench = Workbench(page, demo, "support-calls", "call-back-01")
    workbench.open()
    before = utterances(demo.sample("support-calls", "call-back-01"))
    first = before[0]
    commits = demo.sample("support-calls", "call-back-01")["seq"]
    page.get_by_role("button", name="Anna · Utterance").first.click()
    workbench.press("F2")
    page.keyboard.press("Control+Home")
    for _ in "I have called":
        page.keyboard.press("ArrowRight")
    page.keyboard.type(" you \N{TELEPHONE RECEIVER}")
    workbench.press("Enter")
    text = first["text"].replace("called", "called you \N{TELEPHONE RECEIVER}", 1)
    view = workbench.until(lambda view: utterances(view)[0]["text"] == text)
    assert view["seq"] == commits + 1, "one gesture is one commit"
    words = utterances(view)[0]["words"]
    assert [text[word["start"] : word["end"]] for word in words] == text.split()
    assert words[0]["start_ns"] == first["words"][0]["start_ns"]
    assert words[-1]["end_ns"] == first["words"][-1]["end_ns"]

    workbench.press("F2")
    page.keyboard.press("Control+Home")
    for _ in "I have called ":
        page.keyboard.press("ArrowRight")
    workbench.press("Control+Enter")
    view = workbench.until(lambda view: len(utterances(view)) == len(before) + 1)
    assert view["seq"] == commits + 2
    left, right = utterances(view)[:2]
    assert (left["text"], right["text"]) == ("I have called", text.removeprefix("I have called "))
    assert left["region"]["end_ns"] == right["region"]["start_ns"] == right["words"][0]["start_ns"]
    assert [right["text"][word["start"] : word["end"]] for word in right["words"]] == right["text"].split()

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Anna · Utterance").first.click()
    workbench.press("Alt+m")
    view = workbench.until(lambda view: len(utterances(view)) == len(before))
    assert utterances(view)[0]["text"] == text
    assert utterances(view)[0]["words"] == words
    workbench.press("Alt+2")
    view = workbench.until(lambda view: utterances(view)[0]["attributes"]["speaker"] == "Ben")
    assert view["seq"] == commits + 4
    for _ in range(4):
        workbench.press("Control+z")
    workbench.until(lambda view: [u["text"] for u in utterances(view)] == [u["text"] for u in before])


def test_esc_gives_up_what_was_written(demo: Served, page: Page) -> None:
    workbench = Workbench(page, demo, "support-calls", "call-back-01")
    workbench.open()
    before = demo.sample("support-calls", "call-back-01")
    page.get_by_role("button", name="Ben · Utterance").first.click()
    workbench.press("F2")
    page.keyboard.type("nothing of this ")
    workbench.press("Escape")
    page.get_by_text("nothing of this").wait_for(state="detached")
    assert demo.sample("support-calls", "call-back-01")["seq"] == before["seq"]


def test_a_caption_is_added_to_a_picture(demo: Served, page: Page) -> None:
    workbench = Workbench(page, demo, "street-scenes", "street-01")
    workbench.open()
    workbench.press("Alt+c")
    page.keyboard.type("Ein neuer Satz \N{AUTOMOBILE}.")
    workbench.press("Enter")
    view = workbench.until(
        lambda view: newest(view, "annotations").get("text") == "Ein neuer Satz \N{AUTOMOBILE}."
    )
    assert newest(view, "annotations")["region"] == {"type": "whole_stream"}
    count = len(view["annotations"])
    workbench.press("Alt+c")
    workbench.press("Escape")
    workbench.until(lambda view: len(view["annotations"]) == count)
