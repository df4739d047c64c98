"""MCAP records from bytes: lengths are checked against what is there. Source: the MCAP specification, version 0."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from braid.base.errors import InvalidInput

MAGIC = b"\x89MCAP0\r\n"

HEADER, FOOTER, SCHEMA, CHANNEL, MESSAGE, CHUNK = 1, 2, 3, 4, 5, 6
ATTACHMENT, STATISTICS, METADATA, DATA_END = 9, 11, 12, 15

MESSAGE_HEAD = struct.Struct("<HIQQ")
_CHUNK_HEAD = struct.Struct("<QQQI")


class Fields:
    """Reads fields one after the other from a record's content. Raises InvalidInput when the content ends too early."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes | memoryview) -> None:
        self.data = data
        self.at = 0

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        if size < 0 or self.at + size > len(self.data):
            raise InvalidInput(
                "a record ends too early", got=f"{len(self.data)} bytes", wanted=f"{self.at + size}"
            )
        self.at += size
        return bytes(self.data[self.at - size : self.at])

    def number(self, size: int) -> int:
        """An unsigned little-endian number of `size` bytes."""
        return int.from_bytes(self.take(size), "little")

    def text(self) -> str:
        """A string with its length before it."""
        return self.take(self.number(4)).decode("utf-8", "replace")

    def pairs(self) -> dict[str, str]:
        """A map of strings."""
        end = self.number(4) + self.at
        found: dict[str, str] = {}
        while self.at < end:
            name = self.text()
            found[name] = self.text()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A message definition."""

    name: str
    encoding: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkHead:
    """What a chunk says of itself; `crc` 0 means none."""

    size: int
    crc: int
    compression: str
    packed_at: int
    packed: int


def schema_of(content: bytes | memoryview) -> tuple[int, Schema]:
    """Its id and the schema."""
    fields = Fields(content)
    number = fields.number(2)
    name, encoding = fields.text(), fields.text()
    return number, Schema(name=name, encoding=encoding, data=fields.take(fields.number(4)))


def channel_of(content: bytes | memoryview) -> tuple[int, int, str, str]:
    """Its id, the schema's id (0 for none), topic, message encoding."""
    fields = Fields(content)
    return fields.number(2), fields.number(2), fields.text(), fields.text()


def chunk_head(content: bytes | memoryview) -> ChunkHead:
    """The head of a chunk."""
    fields = Fields(content)
    _, _, size, crc = _CHUNK_HEAD.unpack(fields.take(_CHUNK_HEAD.size))
    compression = fields.text()
    packed = fields.number(8)
    return ChunkHead(size=size, crc=crc, compression=compression, packed_at=fields.at, packed=packed)
