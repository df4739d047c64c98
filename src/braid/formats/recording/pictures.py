"""Pictures of messages as files: compressed ones as they are, raw ones as PNG without loss where PNG can hold them."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput, LimitExceeded

MAX_PIXELS = 200_000_000
_MAGICS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"RIFF", "image/webp"))
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}

# encoding: NumPy type, channels, order of the channels in a PNG
_LAYOUTS: dict[str, tuple[str, int, tuple[int, ...]]] = {
    "mono8": ("u1", 1, (0,)), "8uc1": ("u1", 1, (0,)), "rgb8": ("u1", 3, (0, 1, 2)), "8uc3": ("u1", 3, (2, 1, 0)),
    "bgr8": ("u1", 3, (2, 1, 0)), "rgba8": ("u1", 4, (0, 1, 2, 3)), "bgra8": ("u1", 4, (2, 1, 0, 3)),
    "8uc4": ("u1", 4, (2, 1, 0, 3)), "mono16": ("u2", 1, (0,)), "16uc1": ("u2", 1, (0,)), "32fc1": ("f4", 1, (0,)),
    "yuv422": ("u1", 2, ()), "uyvy": ("u1", 2, ()), "yuv422_yuy2": ("u1", 2, ()), "yuyv": ("u1", 2, ()),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture file and what was lost on the way ("" for nothing)."""

    data: bytes
    media_type: str
    loss: str = ""


def bytes_of(value: Any) -> bytes:
    """A field of bytes; JSON carries them as base64. Raises InvalidInput."""
    if isinstance(value, np.ndarray):
        return value.tobytes()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise InvalidInput("a field of bytes is not base64") from None
    raise InvalidInput("a message has no bytes in its field data", got=type(value).__name__)


def compressed_picture(value: Mapping[str, Any]) -> Picture:
    """The file inside a CompressedImage. Raises InvalidInput when it is no picture a browser knows."""
    data = bytes_of(value.get("data"))
    if "compressedDepth" in str(value.get("format", "")) and data[12:20] == b"\x89PNG\r\n\x1a\n":
        data = data[12:]  # a head of its own before the PNG
    for magic, media_type in _MAGICS:
        if data.startswith(magic):
            return Picture(data=data, media_type=media_type)
    raise InvalidInput(
        "the compressed picture is neither JPEG, PNG nor WebP",
        got=f"{str(value.get('format', ''))[:40]!r}, {len(data)} bytes",
    )


def raw_picture(value: Mapping[str, Any]) -> Picture:
    """An Image as PNG. Raises InvalidInput when its size, step and bytes do not fit, LimitExceeded when it is huge."""
    from PIL import Image

    width, height, step = (_whole(value.get(name), name) for name in ("width", "height", "step"))
    encoding = str(value.get("encoding", ""))
    name = encoding.casefold()
    bayer = name.startswith("bayer_")
    layout = _LAYOUTS.get(("mono16" if name.endswith("16") else "mono8") if bayer else name)
    if layout is None:
        raise InvalidInput(
            "this encoding of pictures is not read", got=encoding[:40], wanted=" ".join(sorted(_LAYOUTS))
        )
    if not 0 < width * height <= MAX_PIXELS:
        raise LimitExceeded("a picture has no pixels or too many", got=f"{width} x {height}")
    kind, channels, order = layout
    big = bool(value.get("is_bigendian"))
    number = np.dtype((">" if big else "<") + kind)
    row = width * channels * number.itemsize
    step = step or row
    data = bytes_of(value.get("data"))
    if step < row or step * (height - 1) + row > len(data):
        raise InvalidInput(
            "a picture has fewer bytes than its size says",
            got=f"{len(data)} bytes, step {step}",
            wanted=f"{row} x {height}",
        )
    padded = data + bytes(max(0, step * height - len(data)))
    rows = np.frombuffer(padded, dtype=np.uint8, count=step * height).reshape(height, step)[:, :row]
    pixels = np.ascontiguousarray(rows).view(number).reshape(height, width, channels)
    loss = ""
    if not order:
        pixels, loss = _from_yuv(pixels, uyvy=name in {"yuv422", "uyvy"}), "converted from YUV 4:2:2 to RGB"
    elif kind == "f4":
        pixels, loss = _millimetres(pixels), "metres rounded to whole millimetres"
    else:
        pixels = pixels[:, :, list(order)]
    if bayer:
        loss = "a Bayer mosaic, kept as it is in grey"
    native = np.ascontiguousarray(pixels.astype(pixels.dtype.newbyteorder("=")))
    out = io.BytesIO()
    Image.fromarray(native[:, :, 0] if native.shape[2] == 1 else native).save(out, "PNG", compress_level=1)
    return Picture(data=out.getvalue(), media_type="image/png", loss=loss)


def _whole(value: Any, name: str) -> int:
    if not isinstance(value, int) or not 0 <= value < 2**31:
        raise InvalidInput("a picture's size is not a whole number", where=name, got=value)
    return value


def _millimetres(metres: NDArray[Any]) -> NDArray[np.uint16]:
    with np.errstate(invalid="ignore"):
        scaled = np.nan_to_num(metres.astype(np.float64) * 1000.0, nan=0.0, posinf=0.0, neginf=0.0)
    return np.clip(np.rint(scaled), 0, 65535).astype(np.uint16)


def _from_yuv(pairs: NDArray[Any], *, uyvy: bool) -> NDArray[np.uint8]:
    """Full RGB by BT.601, studio range. (H, W, 2) bytes; W is even."""
    height, width, _ = pairs.shape
    if width % 2:
        raise InvalidInput("a YUV 4:2:2 picture has an odd width", got=width)
    quads = pairs.reshape(height, width // 2, 4).astype(np.float32)
    u, v = (quads[:, :, 0], quads[:, :, 2]) if uyvy else (quads[:, :, 1], quads[:, :, 3])
    y = quads[:, :, 1::2] if uyvy else quads[:, :, 0::2]
    luma = 1.164 * (y - 16)
    blue, red = (u - 128)[:, :, None], (v - 128)[:, :, None]
    rgb = np.stack((luma + 1.596 * red, luma - 0.392 * blue - 0.813 * red, luma + 2.017 * blue), axis=-1)
    return np.asarray(np.clip(np.rint(rgb), 0, 255), dtype=np.uint8).reshape(height, width, 3)
