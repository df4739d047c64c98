"""GPMF payloads and clips made by the tests."""

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np


def klv(key: str, kind: str, size: int, repeat: int, raw: bytes) -> bytes:
    head = struct.pack(">4sBBH", key.encode(), ord(kind) if kind else 0, size, repeat)
    return head + raw + bytes(-len(raw) % 4)


def nest(key: str, *parts: bytes) -> bytes:
    raw = b"".join(parts)
    return klv(key, "", 1, len(raw), raw)


def words(key: str, text: str) -> bytes:
    raw = text.encode("latin-1")
    return klv(key, "c", 1, len(raw), raw)


def whole(key: str, *values: int) -> bytes:
    return klv(key, "L", 4, len(values), struct.pack(f">{len(values)}L", *values))


def shorts(key: str, rows: Sequence[Sequence[int]]) -> bytes:
    width = len(rows[0])
    raw = b"".join(struct.pack(f">{width}h", *row) for row in rows)
    return klv(key, "s", 2 * width, len(rows), raw)


def stream(*parts: bytes) -> bytes:
    return nest("STRM", *parts)


def accelerometer(rows: Sequence[Sequence[int]], *, total: int, scale: int = 100) -> bytes:
    return stream(
        whole("TSMP", total),
        words("STNM", "Accelerometer (up/down, right/left, forward/back)"),
        klv("SIUN", "c", 4, 1, "m/s²".encode("latin-1")),
        klv("SCAL", "s", 2, 1, struct.pack(">h", scale)),
        shorts("ACCL", rows),
    )


def payload(*streams: bytes, device: int = 1, name: str = "Camera") -> bytes:
    return nest("DEVC", whole("DVID", device), words("DVNM", name), *streams)


def clip(
    path: Path, payloads: Sequence[bytes], *, step: Fraction = Fraction(1001, 1000), video: bool = True
) -> None:
    """An MP4 whose data track holds the payloads. Its packets are written as `bin_data`."""
    with av.open(str(path), "w", format="mp4") as sink:
        picture: Any = None
        if video:
            picture = sink.add_stream("libx264", rate=10)
            picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        data = sink.add_data_stream("bin_data")
        data.time_base = Fraction(1, 1000)
        if video:
            for place in range(5):
                frame = av.VideoFrame.from_ndarray(
                    np.full((48, 64, 3), 20 * place, dtype=np.uint8), format="rgb24"
                )
                for packet in picture.encode(frame):
                    sink.mux(packet)
            for packet in picture.encode():
                sink.mux(packet)
        for place, raw in enumerate(payloads):
            packet = av.Packet(raw)
            packet.stream = data
            packet.time_base = Fraction(1, 1000)
            packet.pts = packet.dts = int(place * step * 1000)
            packet.duration = int(step * 1000)
            sink.mux(packet)
