"""Clips with a number burned into every video frame: what the workspace says it shows is what is on the screen."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.conftest import ALL_FLAGS
from tests.e2e.serving import Served
from tests.media.clips import CELLS, write_video
from tools.find_browser import find_browser

from braid.work.importing import import_files
from braid.work.workspace import Workspace, init_project

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SEEKS, CALLBACKS = 500, 150
FRAMES = 240
MILLISECONDS = Fraction(1, 1000)
LATE_MS = 240

CUES = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\na number on every frame\n"

READ = """(cells) => {
  const root = document.querySelector('[aria-label^="Video "]');
  const video = root.querySelector('video');
  // The pane's picture, which lies over the player: what a person sees.
  const screen = root.querySelector('video + canvas');
  const row = document.createElement('canvas');
  const drawing = row.getContext('2d', { willReadFrequently: true });
  const shown = () => {
    row.width = screen.width;
    row.height = 1;
    drawing.drawImage(screen, 0, -32);
    const pixels = drawing.getImageData(0, 0, row.width, 1).data;
    let number = 0;
    for (let bit = 0; bit < cells; bit++) if (pixels[(bit * 16 + 8) * 4] > 128) number |= 1 << bit;
    return number;
  };
  window.clip = { root, video, shown };
}"""

SEEK = """async (wanted) => {
  const { root, shown } = window.clip;
  const settled = () => new Promise((done) => {
    const end = performance.now() + 20000;
    const look = () => {
      const { settled, frame, drawn } = root.dataset;
      if ((settled === 'true' && frame === drawn) || performance.now() > end) done();
      else requestAnimationFrame(look);
    };
    look();
  });
  const answers = [];
  for (const at_ns of wanted) {
    window.braid.playhead.seek(at_ns);
    await settled();
    answers.push([shown(), Number(root.dataset.drawn), root.dataset.decoded === 'server']);
  }
  return answers;
}"""

PLAY = """async (count) => {
  const { root, video, shown } = window.clip;
  const { playhead } = window.braid;
  playhead.seek(playhead.state.startNs);
  const seen = [];
  await new Promise((done) => {
    const look = () => {
      // The pane's own callback ran before this one: what it reports belongs to the picture that it shows now.
      const [barcode, reported] = [shown(), Number(root.dataset.frame)];
      requestAnimationFrame(() => {
        seen.push([barcode, reported, shown(), Number(root.dataset.drawn)]);
        if (seen.length >= count) done();
        else video.requestVideoFrameCallback(look);
      });
    };
    video.requestVideoFrameCallback(look);
    const again = setInterval(() => {
      if (seen.length >= count) clearInterval(again);
      else if (!playhead.state.playing) playhead.play();
    }, 50);
  });
  playhead.pause();
  return seen;
}"""


class Clip:
    """A clip and the exact media time of each of its frames."""

    def __init__(
        self, path: Path, ticks: list[int], time_base: Fraction, *, zero: Fraction | None = None
    ) -> None:
        begin = ticks[0] * time_base if zero is None else zero
        ticks = [*ticks, ticks[-1] + 1]
        self.path = path
        self.starts_ns = [ceil((tick * time_base - begin) * 1_000_000_000) for tick in ticks]

    def moments(self, count: int) -> list[tuple[int, int]]:
        """`count` random (frame, instant inside it), every frame of the clip among them as far as they go."""
        chance = random.Random(self.path.stem)
        frames = list(range(len(self.starts_ns) - 1))
        chosen = [*frames, *(chance.choice(frames) for _ in range(count))][:count]
        chance.shuffle(chosen)
        spans = list(pairwise(self.starts_ns))
        return [(frame, chance.randrange(*spans[frame])) for frame in chosen]


def constant_30(folder: Path) -> Clip:
    ticks = list(range(FRAMES))
    path = write_video(folder / "clip.mp4", ticks, time_base=Fraction(1, 30), b_frames=2, gop=30)
    return Clip(path, ticks, Fraction(1, 30))


def constant_ntsc(folder: Path) -> Clip:
    ticks = [k * 1001 for k in range(FRAMES)]
    base = Fraction(1, 30000)
    path = write_video(folder / "clip.mp4", ticks, time_base=base, b_frames=2, gop=60)
    return Clip(path, ticks, base)


def variable_rate(folder: Path) -> Clip:
    """Three of ten frames dropped, and the others not quite in time."""
    ticks = [k * 1001 + k * 7919 % 211 for k in range(FRAMES + 60) if k % 10 not in (3, 4, 8)]
    ticks = [tick - ticks[0] for tick in ticks]
    base = Fraction(1, 30000)
    path = write_video(folder / "clip.mp4", ticks, time_base=base, b_frames=2, gop=30)
    return Clip(path, ticks, base)


def late_webm(folder: Path) -> Clip:
    """Sound from the start, pictures a quarter of a second later; the container counts milliseconds.

    The first 6.5 ms that Opus wrote are priming: what is heard first stands at 0.
    """
    ticks = [LATE_MS + round(k * 1001 / 30) for k in range(FRAMES)]
    path = write_video(
        folder / "clip.webm",
        ticks,
        time_base=MILLISECONDS,
        codec="libvpx-vp9",
        gop=30,
        audio_hz=48000,
        audio_codec="libopus",
    )
    return Clip(path, ticks, MILLISECONDS, zero=Fraction(0))


def late_vp8(folder: Path) -> Clip:
    ticks = [LATE_MS + round(k * 1001 / 30) for k in range(FRAMES)]
    path = write_video(folder / "clip.webm", ticks, time_base=MILLISECONDS, codec="libvpx", gop=30)
    return Clip(path, ticks, MILLISECONDS)


def without_edit_list(folder: Path) -> Clip:
    ticks = [k * 1001 for k in range(FRAMES)]
    base = Fraction(1, 30000)
    path = write_video(
        folder / "clip.mp4",
        ticks,
        time_base=base,
        b_frames=2,
        gop=32,
        options={"use_editlist": "0", "avoid_negative_ts": "make_non_negative"},
    )
    return Clip(path, ticks, base)


CLIPS: tuple[Callable[[Path], Clip], ...] = (
    constant_30,
    constant_ntsc,
    variable_rate,
    late_webm,
    late_vp8,
    without_edit_list,
)


class Library:
    """A served workspace with one project a clip."""

    def __init__(self, served: Served, clips: dict[str, Clip]) -> None:
        self.served, self.clips = served, clips

    def open(self, page: Page, name: str) -> Clip:
        """The clip's sample in the workspace, its video ready to be read."""
        slug = name.replace("_", "-")
        key = self.served.get(f"/api/projects/{slug}/samples")["items"][0]["key"]
        page.goto(f"{self.served.address}/p/{slug}/s/{key}?debug")
        page.locator('[aria-label^="Video "][data-settled="true"]').wait_for()
        page.evaluate(READ, CELLS)
        return self.clips[name]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("frames")
    clips = {}
    with Workspace.open(folder / "workspace", create=True) as workspace:
        for write in CLIPS:
            name = write.__name__
            (folder / name).mkdir()
            clips[name] = write(folder / name)
            (folder / name / "clip.vtt").write_text(CUES)
            project = init_project(workspace, name=name, slug=name.replace("_", "-"), template="dialogue")
            report = import_files(workspace, project=project.id, format_id="webvtt", path=folder / name)
            assert report.accepted.samples == 1
    served = Served(folder / "workspace")
    served.start()
    yield Library(served, clips)
    served.stop()


@pytest.fixture(scope="module")
def plain(browser: Browser) -> Iterator[Browser]:
    """The same browser without software WebGL, which would draw every picture of the page at great cost."""
    launched = browser.browser_type.launch(
        executable_path=find_browser(), headless=True, args=[*ALL_FLAGS, "--disable-gpu"]
    )
    yield launched
    launched.close()


@pytest.fixture
def page(plain: Browser) -> Iterator[Page]:
    """A small page: what is measured is which frame it shows."""
    context = plain.new_context(viewport={"width": 900, "height": 560}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", [write.__name__ for write in CLIPS])
def test_T4_every_seek_shows_the_frame_asked_for(page: Page, library: Library, name: str) -> None:
    clip = library.open(page, name)
    moments = clip.moments(SEEKS)
    answers: list[Any] = page.evaluate(SEEK, [at_ns for _, at_ns in moments])
    wrong = [
        (frame, barcode, drawn)
        for (frame, _), (barcode, drawn, _) in zip(moments, answers, strict=True)
        if not frame == barcode == drawn
    ]
    assert wrong == [], f"{len(wrong)} of {SEEKS} seeks: (asked for, on the screen, drawn for)"
    # The server's pictures are a last resort: a player that needs them often would make stepping slow.
    assert sum(by_server for *_, by_server in answers) <= SEEKS // 10


@pytest.mark.parametrize("name", [write.__name__ for write in CLIPS])
def test_T4_playback_reports_the_frame_that_is_shown(page: Page, library: Library, name: str) -> None:
    library.open(page, name)
    seen: list[Any] = page.evaluate(PLAY, CALLBACKS)
    assert len(seen) == CALLBACKS
    assert [one for one in seen if len(set(one)) != 1] == [], "(on the screen, reported, drawn for)"
    assert len({barcode for barcode, *_ in seen}) > CALLBACKS // 3


def test_T5_a_video_that_starts_late_says_so_and_shows_nothing_old(page: Page, library: Library) -> None:
    library.open(page, "late_webm")
    pane = page.locator('[aria-label^="Video "]')
    page.evaluate("window.braid.playhead.seek(300_000_000)")
    pane.get_by_text("frame 1 · \u221227.0 ms").wait_for()
    # As in a sample with another stream that begins at 0.
    page.evaluate("window.braid.playhead.setExtent(0, 9_000_000_000)")
    page.evaluate("window.braid.playhead.seek(100_000_000)")
    pane.get_by_text("no data at this time").wait_for()
    assert pane.locator(".pane-time").get_attribute("data-missing") == "true"
