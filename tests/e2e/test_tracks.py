"""Key frames in a browser: a box becomes a track, goes on, leaves and comes back, splits and joins, all by key or drag."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.serving import Served
from tests.e2e.workbench import Workbench, newest
from tests.media.clips import write_video

from braid.work.importing import import_files
from braid.work.workspace import Workspace, init_project

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

FRAMES = 90
HEADER_PX = 196
"""What the timeline keeps for the names of its rows."""
FRAME_NS = Fraction(1_000_000_000, 30)
CUES = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\na box that moves\n"


@pytest.fixture
def clip(tmp_path: Path) -> Iterator[Served]:
    folder = tmp_path
    (folder / "clip").mkdir()
    write_video(folder / "clip" / "clip.mp4", list(range(FRAMES)), time_base=Fraction(1, 30))
    (folder / "clip" / "clip.vtt").write_text(CUES)
    with Workspace.open(folder / "workspace", create=True) as workspace:
        project = init_project(workspace, name="clip", slug="clip", template="dialogue")
        import_files(workspace, project=project.id, format_id="webvtt", path=folder / "clip")
    served = Served(folder / "workspace")
    served.start()
    yield served
    served.stop()


class Video:
    """The video pane of an open sample."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.pane = bench.page.locator('[aria-label^="Video "]')

    def at(self, frame: int) -> None:
        """Wait until this frame is on the screen."""
        self.bench.page.locator(
            f'[aria-label^="Video "][data-settled="true"][data-drawn="{frame}"]'
        ).wait_for()

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A place on the picture, in parts of its width and height."""
        box = self.pane.locator("video").bounding_box()
        assert box is not None
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def draw(self, x: float) -> None:
        """A box a tenth of the picture wide."""
        self.bench.press("b")
        self.bench.drag(self.place(x, 0.3), self.place(x + 0.1, 0.6))
        self.bench.press("v")


def keys_of(record: Any) -> list[tuple[int, bool]]:
    """(video frame, whether the thing is there) of each key frame."""
    return [(key["index"], key["shape"] is not None) for key in record["region"]["key_frames"]]


def test_a_box_becomes_a_track_and_is_edited_by_key(page: Page, clip: Served) -> None:
    key = clip.get("/api/projects/clip/samples")["items"][0]["key"]
    bench = Workbench(page, clip, "clip", key)
    bench.open()
    video = Video(bench)
    video.at(0)
    before = len(clip.sample("clip", key)["annotations"])

    def track() -> Any:
        return newest(clip.sample("clip", key), "annotations")

    def until(wanted: list[tuple[int, bool]]) -> Any:
        found = bench.until(
            lambda view: any(
                held["record"]["region"]["type"] == "track" and keys_of(held["record"]) == wanted
                for held in view["annotations"]
            )
        )
        return next(
            held["record"]
            for held in found["annotations"]
            if held["record"]["region"]["type"] == "track" and keys_of(held["record"]) == wanted
        )

    video.draw(0.1)
    bench.until(lambda view: len(view["annotations"]) == before + 1)
    bench.press("Shift+B")
    until([(0, True)])
    for frame in (10, 20):
        bench.press("Shift+Period")
        video.at(frame)
    video.draw(0.5)
    record = until([(0, True), (20, True)])
    first, last = (entry["shape"]["x0_px"] for entry in record["region"]["key_frames"])

    bench.press("Alt+ArrowLeft")
    video.at(0)
    bench.press("Shift+Period")
    video.at(10)
    bench.press("k")
    record = until([(0, True), (10, True), (20, True)])
    middle = record["region"]["key_frames"][1]
    assert middle["shape"]["x0_px"] == pytest.approx((first + last) / 2, abs=1e-3)
    assert middle["at_ns"] == pytest.approx(float(10 * FRAME_NS), abs=1)

    bench.press("Period")
    video.at(11)
    bench.press("o")
    until([(0, True), (10, True), (11, False), (20, True)])
    assert page.get_by_text("frame 11").count() == 1
    bench.press("Control+z")
    until([(0, True), (10, True), (20, True)])
    bench.press("Alt+ArrowLeft")
    video.at(10)
    bench.press("Shift+K")
    until([(0, True), (20, True)])

    bench.press("Shift+X")
    view = bench.until(lambda found: len(found["annotations"]) == before + 2)
    parts = [held["record"] for held in view["annotations"] if held["record"]["region"]["type"] == "track"]
    assert sorted(keys_of(part) for part in parts) == [[(0, True), (9, True)], [(10, True), (20, True)]]
    assert track()["class_id"] == record["class_id"]


def test_a_diamond_is_dragged_and_removed(page: Page, clip: Served) -> None:
    key = clip.get("/api/projects/clip/samples")["items"][0]["key"]
    bench = Workbench(page, clip, "clip", key)
    bench.open()
    video = Video(bench)
    video.at(0)
    bench.press("Shift+Period")
    video.at(10)
    video.draw(0.7)
    bench.press("Shift+B")
    bench.press("Shift+Period")
    video.at(20)
    bench.press("k")

    def mine(view: Any) -> Any:
        return newest(view, "annotations")

    bench.until(lambda view: keys_of_or_none(mine(view)) == [(10, True), (20, True)])
    timeline = page.get_by_label("Timeline", exact=True).locator("canvas").bounding_box()
    assert timeline is not None
    left, width = timeline["x"] + HEADER_PX, timeline["width"] - HEADER_PX

    def x_of(frame: float) -> float:
        return left + width * frame / FRAMES

    def is_diamond(y: float) -> bool:
        page.mouse.move(x_of(20), y)
        cursor: str = (
            page.get_by_label("Timeline", exact=True).locator("canvas").evaluate("it => it.style.cursor")
        )
        return cursor == "grab"

    rows = range(int(timeline["y"]) + 20, int(timeline["y"] + timeline["height"]), 4)
    y = next(y for y in rows if is_diamond(y)) + 4
    bench.drag((x_of(20), y), (x_of(25.2), y))
    bench.until(lambda view: keys_of_or_none(mine(view)) == [(10, True), (25, True)])
    video.at(25)
    bench.press("Delete")
    bench.until(lambda view: keys_of_or_none(mine(view)) == [(10, True)])


def keys_of_or_none(record: Any) -> list[tuple[int, bool]] | None:
    """As `keys_of`; None for what is no track."""
    return keys_of(record) if record["region"]["type"] == "track" else None
