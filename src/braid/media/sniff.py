"""What a file is, from its first bytes. Names and media types are claims; they are compared, never believed.

The container name found here is forced on the demuxer, so that no file can choose a demuxer that opens other
files or addresses (play lists, concatenation scripts).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from braid.base.errors import InvalidInput, NotFound

HEAD_BYTES = 4096

PICTURE = "picture"
CONTAINER = "container"
PCD = "pcd"
PARQUET = "parquet"
REFUSED = "refused"
TEXT = "text"
BINARY = "binary"
EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sniffed:
    """`family`: one of the constants of this module. `name`: Pillow format, FFmpeg demuxer, or why refused."""

    family: str
    name: str = ""


_PICTURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
)

_CONTAINERS: tuple[tuple[bytes, str], ...] = (
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"ID3", "mp3"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x00\x00\x01\xb3", "mpegvideo"),
    (b"FLV\x01", "flv"),
    (b"caff", "caf"),
    (b".snd", "au"),
    (b"#!AMR", "amr"),
    (b"0&\xb2u\x8ef\xcf\x11", "asf"),
    (b"riff.\x91\xcf\x11", "w64"),
)

_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"\x93NUMPY", "a NumPy array; store point clouds as .bin or .pcd"),
    (b"LASF", "a LAS/LAZ point cloud, which is not read yet; convert it to .pcd"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF document"),
    (b"ARROW1", "an Arrow/Feather file"),
    (b"\x89MCAP", "an MCAP recording"),
    (b"#ROSBAG", "a ROS bag"),
    (b"SQLite format 3\x00", "a SQLite database"),
)

_MOV_ATOMS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")


def sniff(path: Path) -> Sniffed:
    """The family and format of a file. NotFound when there is none."""
    try:
        with path.open("rb") as source:
            head = source.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise NotFound("there is no such media file", where=path.name) from error
    except OSError as error:
        raise InvalidInput("the file cannot be read", where=path.name, got=error.strerror) from error
    return sniff_bytes(head)


def sniff_bytes(head: bytes) -> Sniffed:
    """As `sniff`, from the first bytes (4096 are enough)."""
    if not head:
        return Sniffed(family=EMPTY)
    for magic, name in _PICTURES:
        if head.startswith(magic):
            return Sniffed(family=PICTURE, name=name)
    for magic, name in _CONTAINERS:
        if head.startswith(magic):
            return Sniffed(family=CONTAINER, name=name)
    for magic, name in _REFUSED:
        if head.startswith(magic):
            return Sniffed(family=REFUSED, name=name)
    if head.startswith(b"PAR1"):
        return Sniffed(family=PARQUET)
    if head[:4] in {b"RIFF", b"RF64", b"BW64", b"FORM"}:
        kind = {b"WEBP": (PICTURE, "WEBP"), b"WAVE": (CONTAINER, "wav"), b"AVI ": (CONTAINER, "avi")}
        kind |= {b"AIFF": (CONTAINER, "aiff"), b"AIFC": (CONTAINER, "aiff")}
        if head[8:12] in kind:
            family, name = kind[head[8:12]]
            return Sniffed(family=family, name=name)
        return Sniffed(family=BINARY)
    if head[4:8] in _MOV_ATOMS:
        return Sniffed(family=CONTAINER, name="mp4")
    if len(head) >= 377 and head[0] == head[188] == head[376] == 0x47:
        return Sniffed(family=CONTAINER, name="mpegts")
    return _looser(head)


def _looser(head: bytes) -> Sniffed:
    """The formats whose marks are weak: MPEG audio and ADTS sync words, PCD headers, text."""
    start = head.lstrip(b"\xef\xbb\xbf").lstrip()[:256]
    if start.startswith(b"# .PCD") or (start.startswith(b"VERSION") and b"FIELDS" in head[:512]):
        return Sniffed(family=PCD)
    if start.startswith(b"FIELDS ") and b"\nSIZE " in head[:1024]:
        return Sniffed(family=PCD)
    if len(head) > 4 and head[0] == 0xFF and head[:2] not in {b"\xff\xfe", b"\xff\xff"}:
        if head[1] & 0xF6 == 0xF0:
            return Sniffed(family=CONTAINER, name="aac")
        if head[1] & 0xE0 == 0xE0 and head[1] & 0x06 and head[2] & 0xF0 != 0xF0 and head[2] & 0x0C != 0x0C:
            return Sniffed(family=CONTAINER, name="mp3")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" not in head:
        control = sum(1 for byte in head if byte < 9 or 13 < byte < 27 or 27 < byte < 32)
        if head.startswith((b"\xff\xfe", b"\xfe\xff")) or control * 50 <= len(head):
            return Sniffed(family=TEXT)
    return Sniffed(family=BINARY)


def is_web_page(head: bytes) -> bool:
    """Whether the text begins like an HTML page: what a failed download leaves behind."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body"))
