"""Whether a container ends before it says it does: RIFF sizes, Matroska element sizes. Reads headers only."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
_MAX_ELEMENTS = 5_000_000


def cut_short(path: Path, container: str) -> str:
    """Why the file looks cut, for people; "" when it does not."""
    size = path.stat().st_size
    with path.open("rb") as source:
        if container == "wav":
            return _riff(source, size)
        if container == "matroska":
            return _matroska(source, size)
    return ""


def _riff(source: BinaryIO, size: int) -> str:
    if source.read(4) != b"RIFF":
        return ""
    at = 12
    while at + 8 <= size:
        source.seek(at)
        head = source.read(8)
        length = int.from_bytes(head[4:], "little")
        if head[:4] == b"data":
            if at + 8 + length > size:
                if length >= 0xFFFFFFF0:
                    return f"its recorder never wrote a length, {size - at - 8} bytes of audio are present"
                return f"the header claims {length} bytes of audio, {size - at - 8} are present"
            return ""
        at += 8 + length + length % 2
    return ""


def _matroska(source: BinaryIO, size: int) -> str:
    at = 0
    for _ in range(_MAX_ELEMENTS):
        if at >= size:
            return ""
        source.seek(at)
        head = source.read(12)
        id_length = _vint_length(head[:1])
        size_length = _vint_length(head[id_length : id_length + 1]) if id_length else 0
        if not id_length or not size_length or len(head) < id_length + size_length:
            return "the last element is cut"
        element = int.from_bytes(head[:id_length], "big")
        raw = int.from_bytes(head[id_length : id_length + size_length], "big")
        length = raw & ((1 << (7 * size_length)) - 1)
        unknown = length == (1 << (7 * size_length)) - 1
        body = at + id_length + size_length
        if not unknown and body + length > size:
            return f"an element of {length} bytes ends {body + length - size} bytes after the file"
        at = body if unknown or element in {_SEGMENT, _CLUSTER} else body + length
    return ""


def _vint_length(first: bytes) -> int:
    return 9 - first[0].bit_length() if first and first[0] else 0
