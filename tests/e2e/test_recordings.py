"""Recordings used as their owner would: opened with every pane drawn, scrubbed, played, stepped by reading, unblemished."""

from __future__ import annotations

import io
import re
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np
import pytest
from PIL import Image
from tests.e2e.serving import Served
from tests.formats.recording.bag_kit import (
    EPOCH,
    MS,
    Said,
    imu_messages,
    jpeg,
    sweep,
    tf,
    transform,
    write_mcap,
)
from tests.formats.recording.test_kinds import SOUND_INFO, packets

from braid.work.importing import import_files
from braid.work.workspace import Workspace, init_project

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

REAL = {
    "husky-bag": ("rosbag", "driving", ["driving/husky_rosbag/husky_gps_imu_odom.bag"]),
    "husky-mcap": ("mcap", "driving", ["driving/husky_rosbag/husky_gps_imu_odom.mcap"]),
    "gopro": ("gopro", "driving", ["driving/gopro_gpmf"]),
    "av2": ("av2", "driving", ["driving/av2_log"]),
    "comma2k19": ("comma2k19", "driving", ["driving/comma2k19_segment"]),
    "nuscenes": ("nuscenes", "driving", ["driving/nuscenes_sample"]),
    "kitti": ("kitti", "driving", ["driving/kitti_object"]),
    "sustechpoints": ("sustechpoints", "driving", ["driving/sustechpoints_seq"]),
    "neon": ("neon", "dialogue", ["clocks/neon_eyetracking_demo_recording"]),
    "two-recorders": (
        "media",
        "dialogue",
        ["clocks/second_recorder/fable_recorderB.flac", "dialogue/elan_fable/fables_01_03_aesop_64kb.ogg"],
    ),
    "webm": ("media", "dialogue", ["clocks/vfr_webm"]),
    "ros2-mcap": ("mcap", "driving", ["formats/mcap_rosbag2"]),
    "ros2-bag": ("rosbag", "driving", ["formats/mcap_rosbag2/sqlite3"]),
    "can": ("can", "driving", ["formats/can/comma_bus01_candump.log", "formats/can/toyota_adas.dbc"]),
    "kitti-raw": ("kitti-raw", "driving", ["formats/kitti_raw"]),
    "codecs": ("media", "dialogue", ["formats/audio_codecs"]),
}
ARRIVED = """() => {
    const panes = [...document.querySelectorAll('.pane-host')].filter((pane) => pane.offsetWidth > 0);
    const drew = (pane) => pane.matches('[data-version]') || pane.querySelector('[data-version]') !== null;
    const waits = (pane) => /Loading|…$/.test(
        [...pane.querySelectorAll('.pane-time, .points-status')].map((line) => line.textContent).join('\\n'));
    return panes.length > 0 && panes.every((pane) => drew(pane) && !waits(pane));
}"""
PLAYHEAD_NS = "() => window.braid.playhead.state.timelineNs"
INK = 0.004
"""Part of a pane that differs from its ground when something is drawn: a plot with its axes has more."""


class Opened:
    """A sample open in a browser, and everything that its page complained about."""

    def __init__(self, page: Page, served: Served, project: str, key: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on(
            "response",
            lambda said: self.complaints.append(f"{said.status} {said.url}") if said.status >= 400 else None,
        )
        page.on("requestfailed", lambda asked: self.failed(asked.url, str(asked.failure)))
        page.on(
            "console",
            lambda line: self.complaints.append(line.text) if line.type in {"error", "warning"} else None,
        )
        page.goto(f"{served.address}/p/{project}/s/{quote(key)}?debug")
        self.arrive()

    def failed(self, url: str, why: str) -> None:
        """A request that a newer one replaced is no complaint."""
        if "ERR_ABORTED" not in why:
            self.complaints.append(f"{why} {url}")

    def arrive(self) -> None:
        """Wait until every pane in sight has what it shows."""
        self.page.wait_for_function(ARRIVED, timeout=60_000)

    def seek(self, at_ns: int) -> None:
        """Put the cursor somewhere."""
        self.page.evaluate("at => window.braid.playhead.seek(at)", at_ns)
        self.arrive()

    def now(self) -> int:
        """Where the cursor is."""
        return int(self.page.evaluate(PLAYHEAD_NS))

    def blank_panes(self) -> list[str]:
        """Panes in sight on which nothing is drawn, by what they say."""
        panes = self.page.locator(".pane-host:visible").all()
        return [pane.inner_text() for pane in panes if ink(pane.screenshot()) < INK]


def ink(png: bytes) -> float:
    """Part of a picture that is not its most frequent colour."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=np.int64)
    codes = (pixels[..., 0] << 16 | pixels[..., 1] << 8 | pixels[..., 2]).reshape(-1)
    _, counts = np.unique(codes, return_counts=True)
    return float(1 - counts.max() / counts.sum())


@pytest.fixture(scope="module")
def real(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("recordings")
    with Workspace.open(folder / "workspace", create=True) as workspace:
        for slug, (format_id, template, files) in REAL.items():
            path = shared_data / files[0]
            if len(files) > 1:
                path = folder / slug
                path.mkdir()
                for name in files:
                    shutil.copyfile(shared_data / name, path / Path(name).name)
            project = init_project(workspace, name=slug, slug=slug, template=template)
            report = import_files(workspace, project=project.id, format_id=format_id, path=path)
            assert report.accepted.samples > 0
    served = Served(folder / "workspace")
    served.start()
    yield served
    served.stop()


@pytest.mark.parametrize("project", list(REAL))
def test_a_real_recording_is_opened_scrubbed_and_played(page: Page, real: Served, project: str) -> None:
    rows = real.get(f"/api/projects/{project}/samples")["items"]
    # The one with most streams says most.
    key = max((row["key"] for row in rows), key=lambda one: len(real.sample(project, quote(one))["streams"]))
    seen = Opened(page, real, project, key)
    assert seen.blank_panes() == []
    assert page.locator("[data-problem]").count() == 0
    assert page.get_by_text(re.compile("cannot be shown|could not be loaded")).count() == 0

    state = page.evaluate("() => window.braid.playhead.state")
    start_ns, end_ns = state["startNs"], state["endNs"]
    for part in (0.25, 0.9, 0.5):
        seen.seek(start_ns + round((end_ns - start_ns) * part))
    if end_ns - start_ns > 1000 * MS:
        stops = [seen.now()]
        # Steps of a series ask the server where its neighbours are.
        for key_name, way in ((".", ">"), (".", ">"), (",", "<")):
            page.keyboard.press(key_name)
            page.wait_for_function(
                f"at => window.braid.playhead.state.timelineNs {way} at", arg=stops[-1], timeout=15_000
            )
            stops.append(seen.now())
        assert stops[0] < stops[1] == stops[3] < stops[2]
        seen.arrive()
        page.keyboard.press("Space")
        page.wait_for_function("at => window.braid.playhead.state.timelineNs > at", arg=stops[-1])
        page.keyboard.press("Space")
        assert page.evaluate("() => window.braid.playhead.state.playing") is False
    seen.arrive()
    assert seen.complaints == []


def test_all_tabs_of_a_long_row_can_be_reached_by_key(page: Page, real: Served) -> None:
    seen = Opened(page, real, "can", real.get("/api/projects/can/samples")["items"][0]["key"])
    tabs = page.locator('[role="tablist"]').first.locator('[role="tab"]')
    assert tabs.count() > 5
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    seen.arrive()
    assert tabs.nth(1).get_attribute("aria-selected") == "true"
    assert seen.blank_panes() == []
    name = tabs.nth(1).get_attribute("aria-label")
    card = page.locator(".stream-card")
    assert card.locator("summary h3").inner_text() == name
    assert "recorder" in card.inner_text()
    find = page.get_by_label("Find a stream in the timeline")
    find.fill(name or "")
    find.press("Escape")
    assert seen.complaints == []


BEEP_NS = 1000 * MS
SWEEP_LATE_MS = 30


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two seconds of a drive in which every reading says which one it is: grey levels, numbers of points, turns, a beep."""
    folder = tmp_path_factory.mktemp("made")
    said: list[Said] = []

    def add(topic: str, kind: str, message: Any, at_ns: int) -> None:
        said.append(Said(topic=topic, kind=kind, message=message, log_ns=at_ns + 9 * MS))

    mount = transform(EPOCH, "base_link", "cam", (1.0, 0.0, 1.5))
    add(
        "/tf_static",
        "tf2_msgs/msg/TFMessage",
        tf(mount, transform(EPOCH, "base_link", "lidar", (0, 0, 2))),
        EPOCH,
    )
    for index in range(20):
        at_ns = EPOCH + index * 100 * MS
        grey = (index * 12,) * 3
        add("/cam/image/compressed", "sensor_msgs/msg/CompressedImage", jpeg(at_ns, grey), at_ns)
        points_m = np.random.default_rng(index).uniform(-20, 20, (100 + index, 3)).astype(np.float32)
        late_ns = at_ns + SWEEP_LATE_MS * MS
        add("/points", "sensor_msgs/msg/PointCloud2", sweep(late_ns, points_m), late_ns)
        base = transform(at_ns, "map", "base_link", (index * 0.5, 0.0, 0.0))
        add("/tf", "tf2_msgs/msg/TFMessage", tf(base), at_ns)
    said += imu_messages(200)
    sound = np.zeros(32_000)
    sound[16_000:17_600] = 20_000 * np.sin(np.arange(1600) * 2 * np.pi * 1000 / 16_000)
    said += [SOUND_INFO, *packets(sound, size=800)]
    write_mcap(folder / "drive.mcap", sorted(said, key=lambda one: one.log_ns))
    with Workspace.open(folder / "workspace", create=True) as workspace:
        project = init_project(workspace, name="made", slug="made", template="driving")
        report = import_files(workspace, project=project.id, format_id="mcap", path=folder / "drive.mcap")
        assert report.rejected == ()
    served = Served(folder / "workspace")
    served.start()
    yield served
    served.stop()


def middle_grey(png: bytes) -> float:
    """The level in the middle of a pane, where the picture is."""
    picture = Image.open(io.BytesIO(png)).convert("L")
    width, height = picture.size
    return float(
        np.asarray(picture.crop((width // 2 - 8, height // 2 - 8, width // 2 + 8, height // 2 + 8))).mean()
    )


def test_at_one_instant_every_pane_shows_the_reading_that_belongs_there(page: Page, made: Served) -> None:
    key = made.get("/api/projects/made/samples")["items"][0]["key"]
    seen = Opened(page, made, "made", key)
    streams = {held["record"]["name"]: held["record"] for held in made.sample("made", key)["streams"]}
    # Pictures begin at 0 and sweeps 30 ms later: half a period before it the first sweep is near enough.
    assert seen.now() == 0
    for index in (10, 3, 17):
        at_ns = index * 100 * MS
        seen.seek(at_ns)
        page.locator(".pane-time", has_text=f"picture {index} · 0.0 ms").wait_for()
        page.locator(".points-status", has_text=f"sweep {index} of 20").wait_for()
        status = page.locator(".points-status", has_text=f"{100 + index} points")
        status.wait_for()
        assert f"+{SWEEP_LATE_MS}.0 ms" in status.inner_text()
        # The clock of sound is as sure as the arrival of its packets.
        page.locator(".pane-time", has_text=re.compile(rf"sample {index * 1600} · 0\.0 ms ±\d")).wait_for()
        turn = page.locator(".channels li", has_text="angular_velocity.z").locator("b")
        if turn.count() == 0 or not turn.first.is_visible():
            page.locator(".channels > .ghost").first.click()
            page.locator(".channels button", has_text="angular_velocity.z").first.click()
        page.locator(".channels li", has_text="angular_velocity.z").locator(
            "b", has_text=re.compile(rf"^{index * 10} rad/s$")
        ).wait_for()
        grey = middle_grey(page.locator(".pane-host.image-pane, .image-pane").first.screenshot())
        assert abs(grey - index * 12) < 4
    peaks = made.get(f"/api/projects/made/streams/{streams['/audio/audio']['id']}/peaks")
    first = peaks["levels"][0]
    bins = heard(made, streams["/audio/audio"]["id"], first)
    at = BEEP_NS * 16_000 // 10**9 // first["samples_per_bin"]
    assert int(np.abs(bins[at - 2]).max()) == 0
    assert int(np.abs(bins[at + 1]).max()) > 60
    assert seen.complaints == []
    card = page.locator(".stream-card")
    page.locator('[role="tab"][aria-label="/imu"]').click()
    card.get_by_text("device; recorder +25.0 ms (p95 25.0 ms)").wait_for()


def heard(served: Served, stream: str, level: Any) -> Any:
    """Least and greatest value of each bin of one level."""
    address = f"{served.address}/api/projects/made/streams/{stream}/peaks.bin"
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own server
        whole = np.frombuffer(answer.read(), dtype=np.int8)
    return whole[level["offset"] : level["offset"] + level["bins"] * 2].reshape(-1, 2)


def test_a_change_of_theme_repaints_every_pane(page: Page, made: Served) -> None:
    key = made.get("/api/projects/made/samples")["items"][0]["key"]
    page.add_init_script("localStorage.getItem('braid-theme') ?? localStorage.setItem('braid-theme', 'dark')")
    seen = Opened(page, made, "made", key)
    ground = "() => getComputedStyle(document.documentElement).getPropertyValue('--bg-1')"
    dark = page.evaluate(ground)
    page.keyboard.press("Shift+D")
    assert page.evaluate(ground) != dark
    seen.arrive()
    page.wait_for_function(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
    )
    timeline = Image.open(io.BytesIO(page.get_by_role("group", name="Timeline").screenshot())).convert("L")
    # Names and ground of the rows: light, with dark text.
    header = np.asarray(timeline.crop((0, 30, 190, timeline.height)))
    assert header.max() > 200
    assert float(np.median(header)) > 200
    assert header.min() < 100
    assert seen.blank_panes() == []
