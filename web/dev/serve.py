"""Serves made-up media to dev/index.html on a free port of 127.0.0.1, with byte ranges.

Usage: python dev/serve.py FOLDER [BARS]. FOLDER holds the built page. Prints the port on the first line.
"""

from __future__ import annotations

import io
import json
import math
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import av
import numpy as np

SECONDS, FPS, WIDTH, HEIGHT, RATE = 12, 30, 640, 360, 16_000
ROOT = Path(sys.argv[1])
BARS = int(sys.argv[2]) if len(sys.argv) > 2 else 0


def make_video() -> tuple[bytes, list[float]]:
    """An MP4 whose frame number is written as 16 cells; every tenth frame is left out (variable rate)."""
    file = io.BytesIO()
    starts: list[float] = []
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"g": "250", "bf": "2", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        index = 0
        for tick in range(SECONDS * FPS):
            if tick % 10 == 3:
                continue
            picture = np.full((HEIGHT, WIDTH, 3), 40, np.uint8)
            picture[:, :, 2] = np.linspace(40, 120, WIDTH, dtype=np.uint8)
            x = 60 + int(tick * 1.2) % 460
            picture[140:240, x : x + 80] = (200, 170, 60)
            for bit in range(16):
                picture[0:40, bit * 40 : bit * 40 + 40] = 235 if index >> bit & 1 else 16
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = tick
            starts.append(tick / FPS)
            container.mux(stream.encode(frame))
            index += 1
        container.mux(stream.encode(None))
    return file.getvalue(), starts


def make_audio() -> tuple[bytes, np.ndarray]:
    t = np.arange(SECONDS * RATE) / RATE
    wave = np.sin(2 * math.pi * 220 * t) * (0.15 + 0.7 * np.abs(np.sin(t * 1.7)) ** 6)
    samples = (wave * 32767).astype("<i2")
    header = b"RIFF" + (36 + samples.nbytes).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    header += b"\x01\0\x01\0" + RATE.to_bytes(4, "little") + (RATE * 2).to_bytes(4, "little") + b"\x02\0\x10\0"
    return header + b"data" + samples.nbytes.to_bytes(4, "little") + samples.tobytes(), wave


def make_peaks(wave: np.ndarray) -> tuple[dict, bytes]:
    levels, parts, offset, per_bin = [], [], 0, 64
    while True:
        bins = math.ceil(len(wave) / per_bin)
        padded = np.pad(wave, (0, bins * per_bin - len(wave)), mode="edge").reshape(bins, per_bin)
        pair = np.stack([padded.min(1), padded.max(1)], 1) * 127
        parts.append(np.round(pair).astype(np.int8).tobytes())
        levels.append({"samples_per_bin": per_bin, "bins": bins, "offset": offset})
        offset += bins * 2
        if bins <= 256:
            break
        per_bin *= 4
    head = {"rate": {"num": RATE, "den": 1}, "channels": 1, "start_ns": 0, "duration_ns": SECONDS * 10**9}
    return head | {"levels": levels}, b"".join(parts)


def make_points(reading: int) -> tuple[dict, bytes]:
    rng = np.random.default_rng(reading)
    ring = rng.uniform(3, 40, 20_000)
    angle = rng.uniform(-math.pi, math.pi, 20_000)
    ground = np.stack([ring * np.cos(angle), ring * np.sin(angle), rng.normal(-1.8, 0.03, 20_000)], 1)
    cars = []
    for x, y in ((10 + reading * 0.5, 3), (16, -4), (6, -7)):
        side = rng.uniform(-0.5, 0.5, (1500, 3)) * (4.2, 1.8, 1.5)
        side[:, rng.integers(0, 2)] = np.sign(side[:, 0]) * 0.9
        cars.append(side + (x, y, -1.05))
    xyz = np.concatenate([ground, *cars])
    steps = np.round(xyz / 0.002).astype("<i2")
    intensity = rng.integers(0, 255, len(xyz)).astype(np.uint8)
    body = steps.tobytes() + intensity.tobytes()
    body += b"\0" * (-len(body) % 4) + np.arange(len(xyz), dtype="<u4").tobytes()
    tile = {"byte_offset": 0, "count": len(xyz), "scale_m": 0.002, "offset_m": [0, 0, 0]}
    head = {"count": len(xyz), "bounds_min_m": xyz.min(0).tolist(), "bounds_max_m": xyz.max(0).tolist()}
    return head | {"frame": "lidar", "tiles": [tile], "fields": ["x", "y", "z", "intensity"]}, body


VIDEO, STARTS = make_video()
AUDIO, WAVE = make_audio()
PEAKS, PEAKS_BIN = make_peaks(WAVE)
FRAMES = {
    "starts_ns": [math.ceil(s * 1e9) for s in STARTS],
    "end_ns": SECONDS * 10**9,
    "key_frames": [0, 250],
    "zero_s": 0,
    "playable_starts_s": STARTS,
    "width_px": WIDTH,
    "height_px": HEIGHT,
    "proxy": False,
}


def series(query: dict[str, list[str]]) -> dict:
    start, end, bins = (int(query[key][0]) for key in ("from_ns", "to_ns", "bins"))
    t = np.arange(0, SECONDS * 10**9, 10**7)
    t = t[(t >= start) & (t <= end)]
    every = max(1, len(t) // bins)
    t = t[::every]
    speed = 8 + 3 * np.sin(t / 2e9)
    brake = np.where((t > 4e9) & (t < 6e9), 0.8, 0.0)
    channel = lambda name, unit, v: {"name": name, "unit": unit, "t_ns": t.tolist(), "min": v.tolist(), "max": v.tolist()}  # noqa: E731
    both = [channel("speed", "m/s", speed), channel("brake", "", brake)]
    return {"channels": both, "start_ns": 0, "end_ns": SECONDS * 10**9, "total": 1200}


def row(record: dict) -> dict:
    return {"rev": "0" * 32, "seq": 1, "record": record}


def stream(name: str, modality: str, sampling: str, **rest: object) -> dict:
    return row({"kind": "stream", "id": name, "sample": "one", "name": name, "modality": modality, "sampling": sampling, "frame": name} | rest)


def note(name: str, of: str, class_id: str, region: dict, **rest: object) -> dict:
    base = {"kind": "annotation", "id": name, "sample": "one", "stream": of, "layer": "l", "class_id": class_id}
    return row(base | {"region": region} | rest)


def span(start: float, end: float) -> dict:
    return {"type": "time_span", "start_ns": int(start * 1e9), "end_ns": int(end * 1e9)}


def box(x: float, w: float = 80) -> dict:
    return {"type": "box", "x0_px": x, "y0_px": 140, "x1_px": x + w, "y1_px": 240}


def cuboid(x: float, y: float) -> dict:
    return {"type": "cuboid", "frame": "lidar", "centre_m": [x, y, -1.05], "size_m": [4.3, 1.9, 1.6], "rotation_wxyz": [1, 0, 0, 0]}


def sample() -> dict:
    keys = [{"at_ns": s * 10**9, "shape": box(60 + s * 36), "index": s * 27} for s in (0, 4, 8)]
    track = {"type": "track", "key_frames": [*keys, {"at_ns": 10 * 10**9, "shape": None}]}
    moving = [{"at_ns": r * 500_000_000, "shape": cuboid(10 + r * 0.5, 3), "index": r} for r in (0, 10, 20)]
    notes = [
        note("t1", "cam", "vehicle", track),
        note("b1", "cam", "person", box(400), at_ns=0, index=0),
        note("h1", "mic", "horn", span(1.2, 2.4)),
        note("h2", "mic", "horn", span(2.4, 3.1)),
        note("s1", "mic", "speech", span(5, 8.5)),
        note("k1", "can", "braking", span(4, 6)),
        note("c1", "lidar", "vehicle", {"type": "track", "key_frames": moving}),
        note("c2", "lidar", "vehicle", cuboid(16, -4)),
        note("c3", "lidar", "person", cuboid(6, -7), at_ns=500_000_000, index=1),
    ]
    rng = np.random.default_rng(1)
    for i in range(BARS):
        start = rng.uniform(0, SECONDS - 0.01)
        notes.append(note(f"n{i}", "mic", f"many{i % 200}", span(start, start + rng.uniform(0.0005, 0.01))))
    end = lambda name: {"id": name, "judged": "0" * 32}  # noqa: E731
    cause = {"end": "source", "changed": ["region"], "by": "ana", "at_ns": "0", "from_rev": "", "to_rev": ""}
    link = {"kind": "link", "id": "l1", "sample": "one", "layer": "l", "type_id": "reacts-to", "source": end("h1"), "target": end("k1")}
    streams = [
        stream("cam", "video", "interval"),
        stream("lidar", "point_cloud", "sweep", readings=[{"at_ns": r * 500_000_000, "asset": str(r)} for r in range(24)]),
        stream("mic", "audio", "continuous"),
        stream("can", "series", "instant"),
    ]
    segments = [{"media_ns": 0, "timeline_ns": 40_000_000, "rate_ppq": 35_000_000_000}]
    clock = {"kind": "clock_map", "id": "m", "sample": "one", "stream": "can", "segments": segments}
    return {
        "seq": 1, "sample": row({"kind": "sample", "id": "one", "key": "one"}), "streams": streams, "clock_maps": [row(clock)],
        "calibrations": [], "trajectories": [], "entities": [], "annotations": notes,
        "links": [row(link), row(link | {"id": "l2", "target": end("t1"), "causes": [cause]})], "verdicts": [], "findings": [],
    }  # fmt: skip


def ontology() -> dict:
    names = ["vehicle", "person", "horn", "speech", "braking", *[f"many{i}" for i in range(200 if BARS else 0)]]
    return {"kind": "ontology", "id": "o", "version": 1, "classes": [{"id": n, "name": n.capitalize()} for n in names]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        reading = int(query.get("reading", ["0"])[0])
        made = {
            "samples/one": lambda: sample(), "plain-ontology": ontology, "streams/cam/frames": lambda: FRAMES,
            "streams/cam/media": lambda: (VIDEO, "video/mp4"), "streams/mic/media": lambda: (AUDIO, "audio/wav"),
            "streams/mic/peaks": lambda: PEAKS, "streams/mic/peaks.bin": lambda: (PEAKS_BIN, "application/octet-stream"),
            "streams/lidar/points": lambda: make_points(reading)[0],
            "streams/lidar/points.bin": lambda: (make_points(reading)[1], "application/octet-stream"),
            "streams/can/series": lambda: series(query),
        }.get(url.path.removeprefix("/api/projects/dev/"))  # fmt: skip
        if made is not None:
            answer = made()
            body, kind = answer if isinstance(answer, tuple) else (json.dumps(answer).encode(), "application/json")
            self.send(body, kind)
            return
        file = (ROOT / url.path.lstrip("/")).resolve()
        if file.is_relative_to(ROOT.resolve()) and file.is_file():
            kinds = {".html": "text/html", ".js": "text/javascript", ".css": "text/css"}
            self.send(file.read_bytes(), kinds.get(file.suffix, "application/octet-stream"))
        else:
            self.send_error(404)

    def send(self, body: bytes, kind: str) -> None:
        first, last, wanted = 0, len(body) - 1, self.headers.get("Range", "")
        if wanted.startswith("bytes="):
            low, _, high = wanted.removeprefix("bytes=").partition("-")
            first, last = int(low), min(last, int(high)) if high else last
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Type", kind)
        self.send_header("Accept-Ranges", "bytes")
        if wanted:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
        self.send_header("Content-Length", str(last + 1 - first))
        self.end_headers()
        try:
            self.wfile.write(body[first : last + 1])
        except ConnectionError:
            pass

    def log_message(self, *_: object) -> None:
        return


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
