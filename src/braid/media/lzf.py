"""LZF decompression, as PCL writes it. The output size is known beforehand and never exceeded."""

from __future__ import annotations

from braid.base.errors import InvalidInput


def lzf_decompress(data: bytes, *, size: int, where: str = "") -> bytes:
    """Exactly `size` bytes out of `data`. Raises InvalidInput when the stream is damaged."""
    out = bytearray()
    at, end = 0, len(data)
    while at < end and len(out) < size:
        control = data[at]
        at += 1
        if control < 32:
            run = control + 1
            if at + run > end:
                raise _damaged(where, len(out), size)
            out += data[at : at + run]
            at += run
            continue
        length = control >> 5
        if length == 7:
            if at >= end:
                raise _damaged(where, len(out), size)
            length += data[at]
            at += 1
        if at >= end:
            raise _damaged(where, len(out), size)
        source = len(out) - ((control & 0x1F) << 8) - data[at] - 1
        at += 1
        length += 2
        if source < 0:
            raise _damaged(where, len(out), size)
        while length > 0:
            piece = out[source : source + length]
            out += piece
            source += len(piece)
            length -= len(piece)
    if len(out) != size:
        raise _damaged(where, len(out), size)
    return bytes(out)


def lzf_literal(data: bytes) -> bytes:
    """`data` as a valid LZF stream of literal runs: larger than it was, readable by every decoder."""
    return b"".join(
        bytes((len(run) - 1,)) + run for run in (data[at : at + 32] for at in range(0, len(data), 32))
    )


def _damaged(where: str, got: int, wanted: int) -> InvalidInput:
    return InvalidInput(
        "the compressed points are damaged",
        where=where,
        got=f"{got} bytes unpacked",
        wanted=f"{wanted} bytes",
    )
