"""Compressed blocks of recordings, unpacked no further than they say; a cut block gives what is there."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from braid.base.errors import InvalidInput, LimitExceeded
from braid.formats.recording.messages import MAX_MESSAGE_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """The bytes, and what is wrong with them ("" for nothing)."""

    data: bytes
    damage: str = ""


def unpack(packed: bytes, *, compression: str, size: int, where: str) -> Unpacked:
    """`size`: bytes that the block claims to hold. compression: "", none, lz4, zstd or bz2.

    Never more than `size` bytes come out, whatever the block holds. Raises LimitExceeded beyond MAX_MESSAGE_BYTES,
    InvalidInput for another compression or when not a byte can be had.
    """
    if size > MAX_MESSAGE_BYTES:
        raise LimitExceeded(
            "a compressed block claims to be too large",
            where=where,
            got=f"{size} bytes",
            wanted=f"<= {MAX_MESSAGE_BYTES}",
        )
    if compression in {"", "none"}:
        short = f"{size - len(packed)} bytes of a block are missing" if len(packed) < size else ""
        return Unpacked(data=packed[:size], damage=short)
    data, broken = _pieces(packed, compression, size, where)
    if len(data) > size:
        return Unpacked(data=data[:size], damage=f"a block holds more than the {size} bytes it claims")
    if len(data) < size:
        return Unpacked(
            data=data, damage=broken or f"a block holds {len(data)} of the {size} bytes it claims"
        )
    return Unpacked(data=data, damage=broken)


def _pieces(packed: bytes, compression: str, size: int, where: str) -> tuple[bytes, str]:
    """At most size + 1 bytes, fed in pieces so that what lies before damage is kept."""
    feed, errors = _decompressor(compression, where)
    out = bytearray()
    step = 1 << 16
    try:
        for start in range(0, len(packed), step):
            piece = packed[start : start + step]
            while True:
                got = feed(piece, max(1, size + 1 - len(out)))
                out += got
                if len(out) > size or not got:
                    break
                piece = b""
            if len(out) > size:
                break
    except EOFError:
        return bytes(out), ""
    except errors as error:
        return bytes(out), f"a {compression} block is damaged ({error})"
    return bytes(out), ""


def zstd_module() -> Any:
    """Zstandard, of the standard library from Python 3.14 on."""
    if sys.version_info >= (3, 14):
        return importlib.import_module("compression.zstd")
    return importlib.import_module("backports.zstd")


def _decompressor(
    compression: str, where: str
) -> tuple[Callable[[bytes, int], bytes], tuple[type[Exception], ...]]:
    if compression == "lz4":
        from lz4.frame import LZ4FrameDecompressor

        return LZ4FrameDecompressor().decompress, (RuntimeError, ValueError)
    if compression == "zstd":
        zstd = zstd_module()
        return zstd.ZstdDecompressor().decompress, (zstd.ZstdError, ValueError)
    if compression == "bz2":
        import bz2

        return bz2.BZ2Decompressor().decompress, (OSError, ValueError)
    raise InvalidInput(
        "this compression is not known", where=where, got=compression, wanted="none, lz4, zstd or bz2"
    )
