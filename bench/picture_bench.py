"""The picture pane under 5,000 boxes: frame times of panning and zooming, hover and drag, in Chromium without a GPU.

Run with --boxes N, --kind box|polygon. A 3200 x 1800 picture, a 1600 x 900 window, 60 steps of each gesture.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import statistics
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
for folder in (ROOT, ROOT / "src", ROOT / "tools"):
    sys.path.insert(0, str(folder))

from playwright.sync_api import Page, sync_playwright  # noqa: E402
from tests.e2e.serving import Served  # noqa: E402

from braid.work.importing import import_files  # noqa: E402
from braid.work.workspace import Workspace, init_project  # noqa: E402
from find_browser import find_browser  # noqa: E402

WIDTH, HEIGHT = 3200, 1800
STEPS = 60

WATCH = """() => {
    window.deltas = [];
    let before = performance.now();
    window.watching = true;
    const tick = (now) => {
        window.deltas.push(now - before);
        before = now;
        if (window.watching) requestAnimationFrame(tick);
    };
    requestAnimationFrame((now) => { before = now; requestAnimationFrame(tick); });
}"""
# One event a frame, as a browser gives them, on the pane's upper canvas.
GESTURE = """async ([kind, steps]) => {
    const pane = document.querySelector('.image-pane');
    const canvas = pane.querySelectorAll('canvas')[1];
    const at = canvas.getBoundingClientRect();
    const place = (x, y) => ({
        bubbles: true, cancelable: true, clientX: at.x + x, clientY: at.y + y, pointerId: 1, isPrimary: true,
    });
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const [cx, cy] = [at.width / 2, at.height / 2];
    canvas.setPointerCapture = () => {};
    if (kind === 'pan') canvas.dispatchEvent(new PointerEvent('pointerdown', { ...place(cx, cy), button: 1 }));
    for (let step = 0; step < steps; step += 1) {
        const turn = (step / steps) * 2 * Math.PI;
        const [x, y] = [cx + Math.sin(turn) * 200, cy + Math.sin(2 * turn) * 120];
        if (kind === 'zoom') {
            const deltaY = step < steps / 2 ? -60 : 60;
            canvas.dispatchEvent(new WheelEvent('wheel', { ...place(cx, cy), deltaY }));
        } else canvas.dispatchEvent(new PointerEvent('pointermove', place(x, y)));
        await frame();
    }
    if (kind === 'pan') canvas.dispatchEvent(new PointerEvent('pointerup', place(cx, cy)));
}"""


def write_picture(folder: Path, *, count: int, kind: str) -> None:
    """A noise picture with `count` shapes as COCO instances."""
    random.seed(7)
    small = Image.effect_noise((WIDTH // 8, HEIGHT // 8), 60).convert("RGB").resize((WIDTH, HEIGHT))
    held = io.BytesIO()
    small.save(held, "JPEG", quality=80)
    (folder / "crowd.jpg").write_bytes(held.getvalue())
    rows = []
    for place in range(count):
        x, y = random.uniform(0, WIDTH - 60), random.uniform(0, HEIGHT - 60)
        w, h = random.uniform(12, 56), random.uniform(12, 56)
        row = {"id": place + 1, "image_id": 1, "category_id": place % 8 + 1, "bbox": [x, y, w, h]}
        row |= {"area": w * h, "iscrowd": 0}
        if kind == "polygon":
            row["segmentation"] = [[x, y, x + w / 2, y + h / 5, x + w, y, x + w, y + h, x, y + h]]
        rows.append(row)
    document = {
        "images": [{"id": 1, "file_name": "crowd.jpg", "width": WIDTH, "height": HEIGHT}],
        "categories": [{"id": place + 1, "name": f"thing {place}"} for place in range(8)],
        "annotations": rows,
    }
    (folder / "instances_crowd.json").write_text(json.dumps(document))


def measured(page: Page, gesture: str) -> tuple[float, float]:
    """(median, 95th percentile) of the milliseconds between frames while a gesture goes on."""
    page.evaluate(WATCH)
    page.evaluate(GESTURE, [gesture, STEPS])
    deltas = sorted(page.evaluate("() => { window.watching = false; return window.deltas; }"))
    return statistics.median(deltas), deltas[int(len(deltas) * 0.95)]


def main() -> None:
    """Print one line for each gesture: the median of five runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boxes", type=int, default=5000)
    parser.add_argument("--kind", choices=["box", "polygon"], default="box")
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held)
        (folder / "pictures").mkdir()
        write_picture(folder / "pictures", count=asked.boxes, kind=asked.kind)
        with Workspace.open(folder / "workspace", create=True) as workspace:
            project = init_project(workspace, name="crowd", slug="crowd", template="vision-language")
            report = import_files(workspace, project=project.id, format_id="coco", path=folder / "pictures")
            print(report.accepted)
        served = Served(folder / "workspace")
        served.start()
        try:
            key = served.get("/api/projects/crowd/samples")["items"][0]["key"]
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=str(find_browser(install=False)),
                    args=["--no-sandbox", "--disable-gpu"],
                )
                page = browser.new_page(viewport={"width": 1600, "height": 900})
                page.goto(f"{served.address}/p/crowd/s/{key}")
                page.locator(".image-pane[data-version]").wait_for()
                page.wait_for_timeout(1500)
                for gesture in ("pan", "zoom", "hover"):
                    runs = [measured(page, gesture) for _ in range(asked.runs)]
                    middle = statistics.median(run[0] for run in runs)
                    slow = statistics.median(run[1] for run in runs)
                    print(f"{gesture:6} p50 {middle:6.1f} ms   p95 {slow:6.1f} ms", flush=True)
                browser.close()
        finally:
            served.stop()


if __name__ == "__main__":
    main()
