"""What `frames` promises about a <video> element's clock, held against a real one."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.media.clips import CELLS, write_video

from braid.media import derive, proxy_type
from braid.media.remux import remux

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
MILLISECONDS = Fraction(1, 1000)
VARIABLE_MS = [0, 40, 80, 200, 240, 280, 700, 740, 780, 820, 860, 900, 940, 980, 1020, 1060, 1100, 1400]

SHOWN = """async ([address, times, cells]) => {
  const video = document.createElement('video');
  video.muted = true;
  video.src = address;
  document.body.append(video);
  await new Promise((done, failed) => { video.onloadeddata = done; video.onerror = () => failed(video.error.message); });
  const canvas = document.createElement('canvas');
  let reported = -1;
  const look = (_, facts) => {
    reported = facts.mediaTime;
    video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  const painted = () => new Promise((done) => requestAnimationFrame(done));
  const shown = [];
  for (const [time, start] of times) {
    // A player reports a neighbour first, and at times leaves a report out (they are best effort): then seek again.
    const isThere = () => Math.abs(reported - start) < 0.001;
    for (let tries = 0; tries < 20 && !(tries > 0 && isThere()); tries++) {
      const arrived = new Promise((done) => video.addEventListener('seeked', done, { once: true }));
      video.currentTime = time;
      await arrived;
      for (let frames = 0; frames < 30 && !isThere(); frames++) await painted();
    }
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    const drawing = canvas.getContext('2d');
    drawing.drawImage(video, 0, 0);
    let number = 0;
    for (let bit = 0; bit < cells; bit++) {
      if (drawing.getImageData(bit * 16 + 8, 32, 1, 1).data[0] > 128) number |= 1 << bit;
    }
    shown.push({ number, time: reported });
  }
  return shown;
}"""


class _Ranges(BaseHTTPRequestHandler):
    """Serves one folder with byte ranges, as a <video> element wants it."""

    def __init__(self, *args: Any, folder: Path) -> None:
        self._folder = folder
        super().__init__(*args)

    def do_GET(self) -> None:
        path = self._folder / Path(self.path).name
        if not path.is_file():
            self._answer(200, "text/html", b"<!doctype html><title>clips</title>")
            return
        data = path.read_bytes()
        kind = "video/webm" if path.suffix == ".webm" else "video/mp4"
        asked = re.match(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked is None:
            self._answer(200, kind, data)
            return
        start = int(asked[1])
        end = int(asked[2] or len(data) - 1)
        self._answer(206, kind, data[start : end + 1], f"bytes {start}-{end}/{len(data)}")

    def _answer(self, status: int, kind: str, data: bytes, part: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Accept-Ranges", "bytes")
        if part:
            self.send_header("Content-Range", part)
        self.end_headers()
        try:
            self.wfile.write(data)
        except ConnectionError:
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Tests read no server log."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Ranges, folder=tmp_path))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def plain_mp4(folder: Path) -> Path:
    return write_video(
        folder / "a.mp4", [k * 1001 for k in range(45)], time_base=Fraction(1, 30000), b_frames=2
    )


def without_edit_list(folder: Path) -> Path:
    return write_video(
        folder / "a.mp4",
        [k * 40 for k in range(40)],
        time_base=MILLISECONDS,
        gop=40,
        b_frames=2,
        options={"use_editlist": "0", "avoid_negative_ts": "make_non_negative"},
    )


def variable_webm(folder: Path) -> Path:
    return write_video(
        folder / "a.webm",
        VARIABLE_MS,
        time_base=MILLISECONDS,
        codec="libvpx",
        audio_hz=48000,
        audio_codec="libopus",
    )


def late_transport_stream(folder: Path) -> Path:
    return write_video(
        folder / "a.ts",
        [k * 3600 for k in range(40)],
        time_base=Fraction(1, 90000),
        b_frames=2,
        audio_hz=48000,
        audio_codec="mp2",
    )


def remuxed(folder: Path) -> Path:
    """No edit list, the key frames close together, and copied into an MP4 that has one."""
    source = write_video(
        folder / "without.mp4",
        [k * 1001 for k in range(45)],
        time_base=Fraction(1, 30000),
        b_frames=2,
        options={"use_editlist": "0"},
        audio_hz=48000,
    )
    remux(source, folder / "a.mp4")
    return folder / "a.mp4"


def copied_matroska(folder: Path) -> Path:
    """Only the container is in the way: its packets are served in an MP4."""
    return write_video(
        folder / "a.mkv", VARIABLE_MS, time_base=MILLISECONDS, b_frames=2, audio_hz=48000, audio_codec="aac"
    )


def copied_variable_vp9(folder: Path) -> Path:
    return write_video(folder / "a.webm", VARIABLE_MS, time_base=MILLISECONDS, codec="libvpx-vp9")


def variable_avi(folder: Path) -> Path:
    return write_video(folder / "a.mkv", VARIABLE_MS, time_base=MILLISECONDS, codec="mpeg4")


def constant_webm(folder: Path) -> Path:
    return write_video(
        folder / "a.webm", [k * 40 for k in range(40)], time_base=MILLISECONDS, codec="libvpx-vp9"
    )


@pytest.mark.parametrize(
    "write",
    [
        plain_mp4,
        without_edit_list,
        remuxed,
        copied_matroska,
        copied_variable_vp9,
        constant_webm,
        variable_webm,
        late_transport_stream,
        variable_avi,
    ],
)
def test_T4_the_player_shows_each_frame_at_its_playable_time(
    tmp_path: Path, page: Page, address: str, write: Callable[[Path], Path]
) -> None:
    source = write(tmp_path)
    table = json.loads(derive("frames", source))
    served = source
    if kind := proxy_type(source):
        served = tmp_path / f"proxy.{kind.partition('/')[2]}"
        served.write_bytes(derive("playable", source))
    starts_s = table["playable_starts_s"]
    end_s = table["zero_s"] + table["end_ns"] / 1e9
    wanted = [5, 1, len(starts_s) // 2, len(starts_s) - 2, 3]
    middles_s = [(starts_s[index] + [*starts_s[1:], end_s][index]) / 2 for index in wanted]
    page.goto(address)
    targets = [[middle, starts_s[index]] for middle, index in zip(middles_s, wanted, strict=True)]
    shown = page.evaluate(SHOWN, [f"{address}/{served.name}", targets, CELLS])
    assert [one["number"] for one in shown] == wanted
    assert [one["time"] for one in shown] == pytest.approx([starts_s[index] for index in wanted], abs=1e-3)
