"""The picture tools in a browser: drawn, edited, cut, joined, painted and placed; each gesture one commit, one undo."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from tests.e2e.serving import Served
from tests.e2e.workbench import Workbench, newest

from braid.space.rle import area_px, decode
from braid.work.importing import import_files
from braid.work.workspace import Workspace, init_project

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 640, 480
AIR_PX = 4
"""What a fitted picture leaves free at the pane's edges."""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("tools")
    _write_pictures(folder / "pictures", names=["polygons", "boxes", "masks", "joints", "keys"])
    with Workspace.open(folder / "workspace", create=True) as workspace:
        project = init_project(workspace, name="shapes", slug="shapes", template="vision-language")
        report = import_files(workspace, project=project.id, format_id="coco", path=folder / "pictures")
        assert report.accepted.samples == 5
    served = Served(folder / "workspace")
    served.start()
    yield served
    served.stop()


def _write_pictures(folder: Path, *, names: list[str]) -> None:
    folder.mkdir()
    for place, name in enumerate(names):
        Image.new("RGB", (WIDTH, HEIGHT), (40 + 30 * place, 90, 120)).save(folder / f"{name}.png")
    images = [
        {"id": place, "file_name": f"{name}.png", "width": WIDTH, "height": HEIGHT}
        for place, name in enumerate(names)
    ]
    categories = [{"id": 1, "name": "person"}]
    document = {"images": images, "categories": categories, "annotations": []}
    (folder / "instances.json").write_text(json.dumps(document))


class Picture:
    """The image pane of a sample, spoken to in picture pixels."""

    def __init__(self, page: Page, served: Served, name: str) -> None:
        rows = served.get("/api/projects/shapes/samples")["items"]
        key = next(row["key"] for row in rows if name in row["key"])
        self.bench = Workbench(page, served, "shapes", key)
        self.page = page
        self.bench.open()
        page.locator(".image-pane[data-version]").wait_for()

    @property
    def view(self) -> Any:
        return self.bench.served.sample("shapes", self.bench.key)

    def place(self, x: float, y: float) -> tuple[float, float]:
        box = self.page.locator(".image-pane canvas").nth(1).bounding_box()
        assert box is not None
        scale = min((box["width"] - 2 * AIR_PX) / WIDTH, (box["height"] - 2 * AIR_PX) / HEIGHT)
        left, top = (box["width"] - WIDTH * scale) / 2, (box["height"] - HEIGHT * scale) / 2
        return box["x"] + left + x * scale, box["y"] + top + y * scale

    def click(self, x: float, y: float) -> None:
        self.bench.click(*self.place(x, y))

    def drag(self, *points: tuple[float, float]) -> None:
        """Down at the first place, up at the last."""
        self.page.mouse.move(*self.place(*points[0]))
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*self.place(*point), steps=6)
        self.page.mouse.up()

    def once(self, gesture: Any) -> Any:
        """Does a gesture, waits for its commit, and holds that it was one; the newest annotation."""
        before = self.view["seq"]
        gesture()
        view = self.bench.until(lambda sample: sample["seq"] > before)
        self.page.get_by_text("Saved").first.wait_for()
        assert self.view["seq"] == view["seq"] == before + 1, "one gesture, one commit"
        return newest(view, "annotations")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.bench.press(key)

    @property
    def regions(self) -> list[Any]:
        return [held["record"]["region"] for held in self.view["annotations"]]


def near(point: Any, x: float, y: float, *, by: float = 2) -> bool:
    return math.dist(point, (x, y)) <= by


def area_of(region: Any) -> float:
    def ring(points: Any) -> float:
        pairs = zip(points, [*points[1:], points[0]], strict=True)
        return 0.5 * float(abs(sum(x * v - u * y for (x, y), (u, v) in pairs)))

    return sum(map(ring, region["rings_px"])) - sum(map(ring, region.get("holes_px", [])))


def test_polygons_are_drawn_edited_cut_and_joined(page: Page, pictures: Served) -> None:
    picture = Picture(page, pictures, "polygons")

    def draw() -> None:
        picture.press("p")
        for x, y in ((100, 100), (300, 100), (400, 400), (300, 300), (100, 300)):
            picture.click(x, y)
            if (x, y) == (400, 400):
                picture.press("Backspace")
        picture.press("Enter")

    made = picture.once(draw)
    ring = made["region"]["rings_px"][0]
    assert len(ring) == 4
    assert near(ring[2], 300, 300)

    picture.press("v")
    moved = picture.once(lambda: picture.drag((300, 300), (340, 320)))
    assert near(moved["region"]["rings_px"][0][2], 340, 320)
    assert moved["id"] == made["id"]

    inserted = picture.once(lambda: page.mouse.dblclick(*picture.place(200, 100)))
    assert len(inserted["region"]["rings_px"][0]) == 5
    assert near(inserted["region"]["rings_px"][0][1], 200, 100)
    picture.once(lambda: picture.press("Delete"))
    assert len(picture.regions[0]["rings_px"][0]) == 4

    # A point by key: into the points, to the second one, ten pixels down.
    picture.press("u", "Tab")
    nudged = picture.once(lambda: picture.press("Shift+ArrowDown"))
    assert near(nudged["region"]["rings_px"][0][1], 300, 110)
    picture.press("Escape")
    whole = picture.once(lambda: picture.drag((200, 220), (220, 220)))
    assert near(whole["region"]["rings_px"][0][0], 120, 100)

    area = area_of(whole["region"])
    before = picture.view["seq"]
    picture.press("x")
    picture.click(200, 50)
    picture.click(200, 400)
    picture.press("Enter")
    view = picture.bench.until(lambda sample: len(sample["annotations"]) == 2)
    assert view["seq"] == before + 1
    parts = [held["record"] for held in view["annotations"]]
    assert made["id"] in {part["id"] for part in parts}
    assert len({part["class_id"] for part in parts}) == 1
    assert sum(area_of(part["region"]) for part in parts) == pytest.approx(area, rel=1e-3)

    picture.press("v")
    picture.once(lambda: picture.press("j"))
    assert len(picture.regions) == 1
    assert area_of(picture.regions[0]) == pytest.approx(area, rel=1e-3)
    picture.press("Control+z")
    picture.bench.until(lambda sample: len(sample["annotations"]) == 2)


def test_rotated_boxes_are_drawn_turned_and_resized(page: Page, pictures: Served) -> None:
    picture = Picture(page, pictures, "boxes")

    def draw() -> None:
        picture.press("r")
        picture.drag((200, 250), (350, 150))
        picture.click(380, 195)

    made = picture.once(draw)["region"]
    assert made["type"] == "rotated_box"
    assert made["width_px"] == pytest.approx(math.dist((200, 250), (350, 150)), abs=2)
    assert made["angle_rad"] == pytest.approx(math.atan2(-100, 150), abs=0.02)

    picture.press("v")
    turned = picture.once(lambda: picture.press("Alt+Shift+ArrowDown"))["region"]
    assert turned["angle_rad"] - made["angle_rad"] == pytest.approx(math.radians(15), abs=1e-6)

    def side(region: Any, across: float, down: float) -> tuple[float, float]:
        cos, sin = math.cos(region["angle_rad"]), math.sin(region["angle_rad"])
        u, v = across * region["width_px"] / 2, down * region["height_px"] / 2
        return region["cx_px"] + u * cos - v * sin, region["cy_px"] + u * sin + v * cos

    wide = picture.once(lambda: picture.drag(side(turned, 1, 0), side(turned, 1.5, 0)))["region"]
    assert wide["width_px"] == pytest.approx(turned["width_px"] * 1.25, rel=0.03)
    assert wide["height_px"] == turned["height_px"]
    assert near(side(wide, -1, 0), *side(turned, -1, 0), by=0.01)


def test_masks_are_painted_erased_filled_and_turned_into_polygons(page: Page, pictures: Served) -> None:
    picture = Picture(page, pictures, "masks")
    frame = [(200, 150), (400, 150), (400, 300), (200, 300), (200, 150)]

    def stroke() -> None:
        picture.press("m")
        picture.drag(*frame)

    made = picture.once(stroke)
    region = made["region"]
    inside = decode(region["counts"], width_px=WIDTH, height_px=HEIGHT)
    assert inside[150, 300]
    assert not inside[225, 300]
    outline = area_px(region["counts"])

    picture.press("f")
    filled = picture.once(lambda: picture.click(300, 225))
    assert filled["id"] == made["id"]
    assert area_px(filled["region"]["counts"]) > outline + 100 * 200
    picture.press("f", "e", "]", "]")
    erased = picture.once(lambda: picture.drag((300, 225), (340, 225)))
    hole = decode(erased["region"]["counts"], width_px=WIDTH, height_px=HEIGHT)
    assert not hole[225, 320]
    assert hole[180, 320]
    picture.press("e", "v")

    polygon = picture.once(lambda: picture.press("Shift+O"))["region"]
    assert polygon["type"] == "polygon"
    assert len(polygon["holes_px"]) == 1
    back = picture.once(lambda: picture.press("Shift+O"))["region"]
    again = decode(back["counts"], width_px=WIDTH, height_px=HEIGHT)
    assert (again != hole).sum() < 0.02 * hole.sum()


def test_key_points_follow_the_skeleton(page: Page, pictures: Served) -> None:
    picture = Picture(page, pictures, "joints")

    def place() -> None:
        picture.press("k")
        picture.click(300, 100)
        picture.press("h")
        picture.click(310, 90)
        picture.press("Shift+H")
        picture.click(330, 95)
        picture.press("Enter")

    joints = picture.once(place)["region"]["points"]
    assert [joint["name"] for joint in joints[:4]] == ["nose", "left_eye", "right_eye", "left_ear"]
    assert [joint.get("visibility", 2) for joint in joints[:5]] == [2, 1, 0, 2, 0]
    picture.press("v")
    moved = picture.once(lambda: picture.drag((330, 95), (350, 120)))["region"]["points"]
    assert near((moved[3]["x_px"], moved[3]["y_px"]), 350, 120)
    assert moved[0] == joints[0]
    # The dragged joint is the chosen one: it can be hidden by key.
    hidden = picture.once(lambda: picture.press("h"))["region"]["points"]
    assert hidden[3]["visibility"] == 1


def test_everything_by_keyboard(page: Page, pictures: Served) -> None:
    picture = Picture(page, pictures, "keys")
    page.locator(".image-pane canvas").nth(1).focus()

    def polygon() -> None:
        picture.press("p", "Shift+ArrowLeft", "Space")
        picture.press("Shift+ArrowUp", "Shift+ArrowUp", "Space", "Shift+ArrowRight", "Space", "Enter")

    made = picture.once(polygon)
    assert made["region"]["type"] == "polygon"
    assert len(made["region"]["rings_px"][0]) == 3

    def box() -> None:
        picture.press("b", "Shift+ArrowDown", "Space", "Shift+ArrowDown", "Shift+ArrowRight", "Space")

    drawn = picture.once(box)["region"]
    assert drawn["type"] == "box"
    picture.press("v")
    moved = picture.once(lambda: picture.press("ArrowRight"))["region"]
    assert moved["x0_px"] == drawn["x0_px"] + 1
    assert moved["y0_px"] == drawn["y0_px"]
    picture.press("Control+z", "Control+z", "Control+z")
    picture.bench.until(lambda sample: sample["annotations"] == [])
