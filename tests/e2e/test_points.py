"""The point cloud workspace: cuboids drawn, fitted, dragged, keyed and copied, and seen in every camera at its own time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e import street
from tests.e2e.serving import Served
from tests.e2e.workbench import Workbench, newest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

COLOURED = """(host) => {
    // How many pixels of the lively canvas carry something, and how many of these lie on painted ground.
    const [still, lively] = host.querySelectorAll('canvas');
    const { width, height } = lively;
    const drawn = lively.getContext('2d').getImageData(0, 0, width, height).data;
    let count = 0, sumX = 0, sumY = 0;
    for (let at = 0; at < width * height; at++) {
        if (drawn[at * 4 + 3] < 128) continue;
        count++; sumX += at % width; sumY += Math.floor(at / width);
    }
    return { count, x: sumX / count, y: sumY / count };
}"""


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Served]:
    street.build(tmp_path / "workspace")
    served = Served(tmp_path / "workspace")
    served.start()
    yield served
    served.stop()


def opened(page: Page, served: Served) -> tuple[Workbench, Locator]:
    """The sample with its points drawn, the pane focused."""
    page.emulate_media(color_scheme="dark")
    bench = Workbench(page, served, street.SLUG, street.KEY)
    bench.open()
    pane = page.locator(".points-pane[data-whole=true]")
    pane.wait_for()
    pane.focus()
    return bench, pane


def said(pane: Locator, name: str) -> str:
    """One of the facts that the pane writes on itself."""
    return str(pane.get_attribute(f"data-{name}"))


def wait_for(page: Page, pane: Locator, name: str, value: str) -> None:
    """Until the pane says so."""
    page.locator(f".points-pane[data-{name}='{value}']").wait_for()
    assert said(pane, name) == value


def van(view: Any) -> Any:
    """The track that the sample comes with."""
    return next(
        row["record"] for row in view["annotations"] if len(row["record"]["region"]["key_frames"]) == 2
    )


def in_top(page: Page, pane: Locator, x_m: float, y_m: float) -> tuple[float, float]:
    """Where the map (x up, y left, 8 m ahead in its middle, 8 px a metre) shows a place of the ground."""
    box = pane.bounding_box()
    assert box is not None
    views = page.evaluate("(host) => host.dataset.views", pane.element_handle())
    assert views == "orbit top side front"
    left = round(box["width"] * 0.62)
    height = round(box["height"] * 0.4) - 1
    centre = (box["x"] + left + (box["width"] - left) / 2, box["y"] + height / 2)
    return centre[0] - y_m * 8, centre[1] - (x_m - 8) * 8


def test_one_drag_on_the_ground_makes_a_fitted_track_and_one_undo_takes_it_away(
    page: Page, drive: Served
) -> None:
    bench, pane = opened(page, drive)
    bench.inputs = 0
    bench.press("c")
    bench.drag(in_top(page, pane, 12.0, 5.4), in_top(page, pane, 18.0, 2.4))
    view = bench.until(lambda sample: len(sample["annotations"]) == 2)
    assert bench.inputs == 2
    made = newest(view, "annotations")
    (key,) = made["region"]["key_frames"]
    shape = key["shape"]
    assert made["region"]["size_locked"] is True
    assert key["index"] == 0
    # The car as it stands: the sensor is 1.8 m above the ground at the world's origin.
    assert math.dist(shape["centre_m"], (15.0, 4.0, 0.8 - street.LIDAR_HEIGHT_M)) < 0.25
    assert shape["size_m"] == pytest.approx(street.CAR_SIZE_M, abs=0.25)
    yaw = 2 * math.atan2(shape["rotation_wxyz"][3], shape["rotation_wxyz"][0])
    assert abs(yaw - street.CAR_YAW_RAD) < 0.03
    page.keyboard.press("Control+z")
    bench.until(lambda sample: len(sample["annotations"]) == 1)


def test_a_dragged_cuboid_moves_in_the_cameras_before_it_is_let_go(page: Page, drive: Served) -> None:
    bench, pane = opened(page, drive)
    bench.press("j")
    wait_for(page, pane, "cuboids", "1")
    page.locator(".points-pane[data-points-in-box]").wait_for()
    front = page.locator(".image-pane").first
    before = seen_when(page, front, COLOURED, lambda now: now["count"] > 100)
    box = pane.bounding_box()
    assert box is not None
    left = box["x"] + round(box["width"] * 0.62)
    middle = ((left + box["x"] + box["width"]) / 2, box["y"] + (round(box["height"] * 0.4) - 1) / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    # Up in the top view is the cuboid's left: towards the middle of the front camera.
    page.mouse.move(middle[0], middle[1] - 30, steps=5)
    seen_when(page, front, COLOURED, lambda now: now["x"] < before["x"] - 5)
    assert len(van(drive.sample(street.SLUG, street.KEY))["region"]["key_frames"]) == 2
    page.keyboard.press("Escape")
    page.mouse.up()
    seen_when(page, front, COLOURED, lambda now: abs(now["x"] - before["x"]) < 2)
    # The same drag, let go: one edit.
    bench.drag(middle, (middle[0], middle[1] - 30))
    view = bench.until(lambda sample: sample["seq"] > 0 and _moved(sample))
    assert len(van(view)["region"]["key_frames"]) == 2


def seen_when(page: Page, pane: Locator, look: str, test: Callable[[Any], bool]) -> Any:
    """Looks at a pane frame by frame until it is as it should be; what was seen then."""
    seen: Any = None
    for _ in range(600):
        seen = page.evaluate(look, pane.element_handle())
        if test(seen):
            return seen
        page.evaluate("() => new Promise((next) => requestAnimationFrame(next))")
    raise AssertionError(seen)


def _moved(view: Any) -> bool:
    first = van(view)["region"]["key_frames"][0]["shape"]["centre_m"]
    return bool(first[1] > -2.9)


CAR_AND_OUTLINE = """(host) => {
    const [still, lively] = host.querySelectorAll('canvas');
    const { width, height } = lively;
    const paint = still.getContext('2d').getImageData(0, 0, width, height).data;
    const lines = lively.getContext('2d').getImageData(0, 0, width, height).data;
    const bounds = (test) => {
        let [x0, y0, x1, y1] = [width, height, 0, 0];
        for (let at = 0; at < width * height; at++) {
            if (!test(at * 4)) continue;
            const [x, y] = [at % width, Math.floor(at / width)];
            x0 = Math.min(x0, x); x1 = Math.max(x1, x); y0 = Math.min(y0, y); y1 = Math.max(y1, y);
        }
        return [x0, y0, x1, y1];
    };
    const yellow = bounds((at) => Math.abs(paint[at] - 230) + Math.abs(paint[at + 1] - 220)
        + Math.abs(paint[at + 2] - 120) < 12);
    // Class colour only: the note below the cuboid and dark seams do not count.
    const blue = bounds((at) => lines[at + 3] > 200 && lines[at + 2] > 200 && lines[at] < 120);
    return { yellow, blue };
}"""
"""Bounds of the painted car and of the outline that is drawn over it, in pixels of the canvas."""


def test_the_interpolated_track_lies_on_what_the_cameras_saw(page: Page, drive: Served) -> None:
    """Between two key frames half a second apart, with ego motion, turns and two lenses (rule S3)."""
    _, pane = opened(page, drive)
    page.keyboard.press("j")
    for _ in range(2):
        page.keyboard.press(".")
    wait_for(page, pane, "reading", "2")
    front = page.locator(".image-pane").first

    def fits(now: Any) -> bool:
        (x0, y0, x1, _), (u0, v0, u1, _) = now["yellow"], now["blue"]
        return bool(max(abs(x0 - u0), abs(y0 - v0), abs(x1 - u1)) <= 3)

    seen_when(page, front, CAR_AND_OUTLINE, fits)


def test_keys_do_what_the_pointer_does(page: Page, drive: Served) -> None:
    bench, pane = opened(page, drive)
    page.keyboard.press("j")
    page.locator(".points-pane[data-points-in-box]").wait_for()

    def first() -> Any:
        return van(drive.sample(street.SLUG, street.KEY))["region"]["key_frames"][0]["shape"]

    start = first()
    page.keyboard.press("a")
    bench.until(lambda _: first()["centre_m"][1] > start["centre_m"][1] + 0.09)
    page.keyboard.press("Shift+W")
    bench.until(
        lambda view: (
            [key["shape"]["size_m"][0] for key in van(view)["region"]["key_frames"]]
            == pytest.approx([5.3, 5.3])
        )
    )
    page.keyboard.press("g")
    bench.until(lambda _: abs(first()["rotation_wxyz"][3]) > 0.99)
    page.keyboard.press("f")
    bench.until(lambda _: first()["centre_m"][1] == pytest.approx(start["centre_m"][1], abs=0.06))
    page.keyboard.press("z")
    bench.until(lambda view: "size_locked" not in van(view)["region"])
    pane.locator(".points-chosen", has_text="size free").wait_for()
    page.keyboard.press("p")
    wait_for(page, pane, "reading", "1")
    bench.until(
        lambda view: any(len(row["record"]["region"]["key_frames"]) == 3 for row in view["annotations"])
    )
    page.keyboard.press("k")
    bench.until(
        lambda view: any(len(row["record"]["region"]["key_frames"]) == 2 for row in view["annotations"])
    )
    page.keyboard.press("y")
    page.locator(".points-pane[data-views='orbit top']").wait_for()


def test_a_cuboid_is_placed_and_fitted_without_a_pointer(page: Page, drive: Served) -> None:
    bench, pane = opened(page, drive)
    page.keyboard.press("c")
    # The map's middle goes from 8 m ahead to the car, 40 px (5 m) a press.
    pane.press("ArrowUp")
    pane.press("ArrowLeft")
    pane.press("Enter")
    view = bench.until(lambda sample: len(sample["annotations"]) == 2)
    shape = newest(view, "annotations")["region"]["key_frames"][0]["shape"]
    assert math.dist(shape["centre_m"], (15.0, 4.0, 0.8 - street.LIDAR_HEIGHT_M)) < 0.6


def test_neighbouring_sweeps_are_laid_together_where_they_belong(page: Page, drive: Served) -> None:
    _, pane = opened(page, drive)
    page.keyboard.press(".")
    wait_for(page, pane, "reading", "1")
    page.keyboard.press("m")
    wait_for(page, pane, "sweeps", "3")
    assert "points in 3 sweeps" in pane.locator(".points-status").inner_text()
    page.keyboard.press("Shift+M")
    wait_for(page, pane, "sweeps", "1")


def test_T5_a_sweep_says_how_far_it_is_from_the_cursor_and_when_it_is_missing(
    page: Page, drive: Served
) -> None:
    _, pane = opened(page, drive)
    assert "sweep 0 of 6" in pane.locator(".points-status").inner_text()
    title = page.locator(".pane-tab", has_text="Timeline").bounding_box()
    assert title is not None
    # Near the end of the ruler the cameras go on and the lidar is silent.
    page.mouse.click(1100, title["y"] + title["height"] + 12)
    wait_for(page, pane, "reading", "")
    assert pane.locator(".points-absent").is_visible()
    assert "no data at this time" in pane.locator(".points-status").inner_text()
    assert said(pane, "cuboids") == "0"


def test_the_palette_and_the_key_sheet_offer_what_the_pane_can(page: Page, drive: Served) -> None:
    opened(page, drive)
    page.keyboard.press("Control+k")
    page.keyboard.type("other arrangement")
    page.keyboard.press("Enter")
    page.locator(".points-pane[data-views='orbit top']").wait_for()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    assert sheet.get_by_text("Fit the cuboid to its points").count() == 1
    page.keyboard.press("Escape")


def test_real_nuscenes_boxes_agree_with_projected_cuboids(
    page: Page, shared_data: Path, tmp_path: Path
) -> None:
    """The vehicle right before the car: its projection and the data set's own box are one and the same."""
    from braid.work.importing import import_files
    from braid.work.workspace import Workspace, init_project

    folder = tmp_path / "workspace"
    with Workspace.open(folder, create=True) as workspace:
        made = init_project(workspace, name="real", slug="real", template="driving")
        import_files(
            workspace, project=made.id, format_id="nuscenes", path=shared_data / "driving/nuscenes_sample"
        )
    served = Served(folder)
    served.start()
    try:
        key = served.get("/api/projects/real/samples")["items"][0]["key"]
        page.goto(f"{served.address}/p/real/s/{key}")
        page.locator(".points-pane[data-whole=true]").wait_for()
        drawn = [int(host.get_attribute("data-cuboids") or 0) for host in page.locator(".image-pane").all()]
        assert len(drawn) == 6
        assert all(count > 0 for count in drawn)
    finally:
        served.stop()
