"""A ROS 1 bag (version 2.0) from front to back, one chunk in memory at a time; its index is not needed.

Source: the bag format description of the ROS wiki.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from braid.base.errors import BraidError, InvalidInput
from braid.formats.recording.messages import MAX_MESSAGE_BYTES, Channel, Message, place, short_type
from braid.formats.recording.unpacking import unpack
from braid.formats.seam import Problem

MAGIC = b"#ROSBAG V2.0\n"
MESSAGE, BAG_HEADER, CHUNK, CONNECTION = 2, 3, 5, 7
_MAX_HEADER = 1 << 20
_MAX_DEFINITION = 1 << 22
_PIECE = 1 << 20


def read_ros1(path: Path, *, name: str) -> Iterator[Message | Problem]:
    """Messages in the order they were written, and what is wrong. Raises InvalidInput when it is not such a bag."""
    with path.open("rb") as source:
        yield from _Bag(source, name=name, length=path.stat().st_size).read()


class _Bag:
    def __init__(self, source: BinaryIO, *, name: str, length: int) -> None:
        self._source = source
        self._name = name
        self._length = length
        self._channels: dict[int, Channel] = {}
        self._told: set[int] = set()

    def read(self) -> Iterator[Message | Problem]:
        magic = self._source.read(len(MAGIC))
        if magic != MAGIC:
            raise InvalidInput(
                "the file is not a ROS 1 bag", where=self._name, got=magic[:13], wanted="#ROSBAG V2.0"
            )
        going = True
        while going:
            going = yield from self._next()

    def _next(self) -> Generator[Message | Problem, None, bool]:
        """One record; whether there may be another."""
        start = self._source.tell()
        if start == self._length:
            return False
        header_size = self._number()
        left = self._length - self._source.tell()
        if header_size is None or header_size > min(left, _MAX_HEADER):
            yield self._cut(start, "no record starts here; the rest is not read")
            return False
        raw = self._source.read(header_size)
        size = self._number()
        left = self._length - self._source.tell()
        try:
            header = _header(raw)
            kind = header.get("op", b"\x00")[0] if header.get("op") else 0
        except InvalidInput as error:
            yield self._cut(start, f"{error.letter()} The rest is not read.")
            return False
        if size is None or (size > left and kind != CHUNK):
            yield self._cut(start, f"the bag ends inside a record that claims {size} bytes; {left} are left")
            return False
        here = min(size, left)
        end = self._source.tell() + here
        if kind == BAG_HEADER and not int.from_bytes(header.get("index_pos", b""), "little"):
            yield self._cut(
                start, "the bag was not closed by its recorder; its messages are read up to the end"
            )
        if kind in {CHUNK, MESSAGE, CONNECTION} and here > (
            _MAX_DEFINITION if kind == CONNECTION else MAX_MESSAGE_BYTES
        ):
            yield self._refusal(start, "record-too-large", f"a record of {size} bytes is not read")
        elif kind == CHUNK:
            yield from self._chunk(header, self._source.read(here), start)
        elif kind in {MESSAGE, CONNECTION}:
            yield from self._record(kind, header, self._source.read(here), start)
        self._source.seek(end)
        if size > left:
            yield self._cut(start, "the bag ends inside a chunk")
        return size <= left

    def _chunk(self, header: dict[str, bytes], packed: bytes, start: int) -> Iterator[Message | Problem]:
        compression = header.get("compression", b"none").decode("latin-1")
        size = int.from_bytes(header.get("size", b"")[:4], "little")
        try:
            unpacked = unpack(packed, compression=compression, size=size, where="")
        except BraidError as error:
            yield self._refusal(start, "bad-chunk", f"a chunk cannot be read: {error.letter()}")
            return
        if unpacked.damage:
            message = f"{unpacked.damage}; what was unpacked before is read"
            yield Problem(
                where=place(self._name, start), code="W_CHUNK_DAMAGED", message=message, rejected=False
            )
        view = memoryview(unpacked.data)
        at = 0
        while at < len(view):
            cut = _cut_record(view, at)
            if cut is None:
                message = f"a record inside the chunk is cut at its byte {at}; the rest of the chunk is lost"
                yield self._refusal(start, "record-cut", message)
                return
            raw, data, at = cut
            try:
                inner = _header(raw)
                kind = inner["op"][0] if inner.get("op") else 0
                if kind in {MESSAGE, CONNECTION}:
                    yield from self._record(kind, inner, data, start)
            except BraidError as error:
                yield self._refusal(start, error.code, error.letter())

    def _record(
        self, kind: int, header: dict[str, bytes], data: bytes | memoryview, at: int
    ) -> Iterator[Message | Problem]:
        number = int.from_bytes(header.get("conn", b""), "little")
        if kind == CONNECTION:
            try:
                said = _header(bytes(data))
            except InvalidInput as error:
                yield self._refusal(at, "bad-connection", error.letter())
                return
            topic = (header.get("topic") or said.get("topic", b"")).decode("utf-8", "replace")
            self._channels.setdefault(
                number,
                Channel(
                    topic=topic,
                    type_name=short_type(said.get("type", b"").decode("utf-8", "replace")),
                    encoding="ros1",
                    definition=said.get("message_definition", b""),
                    definition_encoding="ros1msg",
                ),
            )
            return
        channel = self._channels.get(number)
        stamp = header.get("time", b"")
        if channel is None or len(stamp) != 8:
            if number not in self._told:
                self._told.add(number)
                message = f"messages of connection {number} come without their connection, or without a time"
                yield self._refusal(at, "unknown-channel", message)
            return
        log_ns = int.from_bytes(stamp[:4], "little") * 10**9 + int.from_bytes(stamp[4:], "little")
        yield Message(channel, log_ns, 0, data, self._name, at)

    def _number(self) -> int | None:
        raw = self._source.read(4)
        return int.from_bytes(raw, "little") if len(raw) == 4 else None

    def _cut(self, at: int, message: str) -> Problem:
        return Problem(where=place(self._name, at), code="W_TRUNCATED", message=message, rejected=False)

    def _refusal(self, at: int, code: str, message: str) -> Problem:
        return Problem(where=place(self._name, at), code=code, message=message, rejected=True)


def _cut_record(view: memoryview, at: int) -> tuple[bytes, memoryview, int] | None:
    """Header bytes, data, and where the next record starts; None when it is not whole."""
    head = int.from_bytes(view[at : at + 4], "little")
    body = at + 4 + head
    if body + 4 > len(view):
        return None
    size = int.from_bytes(view[body : body + 4], "little")
    if body + 4 + size > len(view):
        return None
    return bytes(view[at + 4 : body]), view[body + 4 : body + 4 + size], body + 4 + size


def _header(raw: bytes) -> dict[str, bytes]:
    fields: dict[str, bytes] = {}
    at = 0
    while at < len(raw):
        size = int.from_bytes(raw[at : at + 4], "little")
        name, equals, value = raw[at + 4 : at + 4 + size].partition(b"=")
        if at + 4 + size > len(raw) or not equals:
            raise InvalidInput("the header of a record is damaged", got=raw[at : at + 16])
        fields[name.decode("latin-1")] = value
        at += 4 + size
    return fields
