"""An MCAP file from front to back, one chunk in memory at a time. The summary is only compared, never needed.

So a recording without a footer reads up to its last byte, and what a checksum or a length says is wrong is told with
its byte; reading goes on behind it.
"""

from __future__ import annotations

import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from braid.base.errors import BraidError, InvalidInput
from braid.formats.mcap import records as r
from braid.formats.recording.messages import MAX_MESSAGE_BYTES, Channel, Message, place, short_type
from braid.formats.recording.unpacking import Unpacked, unpack
from braid.formats.seam import Problem

_PIECE = 1 << 20


def read_mcap(path: Path, *, name: str) -> Iterator[Message | Problem]:
    """Messages in the order they were written, and what is wrong. name: the file as reports show it.

    Raises InvalidInput when it is not an MCAP file.
    """
    with path.open("rb") as source:
        yield from _Container(source, name=name, length=path.stat().st_size).read()


class _Container:
    def __init__(self, source: BinaryIO, *, name: str, length: int) -> None:
        self._source = source
        self._name = name
        self._length = length
        self._at = 0
        self._crc = 0
        self._schemas: dict[int, r.Schema] = {}
        self._channels: dict[int, Channel | None] = {}
        self._count = 0
        self._told: set[str] = set()

    def read(self) -> Iterator[Message | Problem]:
        magic = self._take(len(r.MAGIC))
        if magic != r.MAGIC:
            raise InvalidInput(
                "the file is not an MCAP recording", where=self._name, got=magic[:8], wanted="0x89 MCAP0"
            )
        going = True
        while going:
            going = yield from self._next()

    def _next(self) -> Generator[Message | Problem, None, bool]:
        """One record of the data section; whether there may be another."""
        start, crc = self._at, self._crc
        head = self._take(9)
        opcode, size = (head[0], int.from_bytes(head[1:], "little")) if len(head) == 9 else (0, 0)
        left = self._length - self._at
        if opcode == r.FOOTER:
            return False
        if len(head) < 9:
            yield self._cut(start, "the file ends without a footer")
            return False
        if opcode == 0 or (size > left and opcode != r.CHUNK):
            yield self._cut(
                start, f"no whole record starts here (kind {opcode}, {size} bytes); the rest is not read"
            )
            return False
        if opcode == r.CHUNK:
            yield from self._chunk(size, start)
            if size > left:
                yield self._cut(start, "the file ends inside a chunk")
            return size <= left
        if opcode in {r.ATTACHMENT, r.METADATA}:
            yield from self._aside(opcode, size, start)
        elif opcode not in {r.SCHEMA, r.CHANNEL, r.MESSAGE, r.DATA_END}:
            self._skip(size)
        elif size > MAX_MESSAGE_BYTES:
            yield self._refusal(start, "record-too-large", f"a record of {size} bytes is not read")
            self._skip(size)
        elif opcode == r.DATA_END:
            wanted = int.from_bytes(self._take(size)[:4], "little")
            if wanted and wanted != crc:
                message = "the checksum of all data is wrong: bytes were changed after they were recorded"
                yield self._warning(start, "W_CHECKSUM", message)
            yield from self._summary()
            return False
        else:
            yield from self._record(opcode, self._take(size), start)
        return True

    def _record(self, opcode: int, content: bytes | memoryview, at: int) -> Iterator[Message | Problem]:
        try:
            if opcode == r.MESSAGE:
                yield from self._message(content, at)
            elif opcode == r.SCHEMA:
                number, schema = r.schema_of(content)
                self._schemas[number] = schema
            elif opcode == r.CHANNEL:
                self._channel(content)
        except BraidError as error:
            yield self._refusal(at, error.code, error.letter())

    def _channel(self, content: bytes | memoryview) -> None:
        number, schema_id, topic, encoding = r.channel_of(content)
        schema = self._schemas.get(schema_id)
        self._channels[number] = Channel(
            topic=topic,
            type_name=short_type(schema.name) if schema else "",
            encoding=encoding,
            definition=schema.data if schema else b"",
            definition_encoding=schema.encoding if schema else "",
        )

    def _message(self, content: bytes | memoryview, at: int) -> Iterator[Message | Problem]:
        if len(content) < r.MESSAGE_HEAD.size:
            yield self._refusal(at, "bad-record", "a message is shorter than its head")
            return
        channel_id, _, log_ns, publish_ns = r.MESSAGE_HEAD.unpack_from(content)
        channel = self._channels.get(channel_id)
        if channel is None:
            if f"channel {channel_id}" not in self._told:
                self._told.add(f"channel {channel_id}")
                yield self._refusal(
                    at, "unknown-channel", f"messages of channel {channel_id} come without their channel"
                )
            return
        self._count += 1
        if max(log_ns, publish_ns) >= 2**63:
            yield self._refusal(
                at, "bad-time", f"a message of {channel.topic} has a time beyond the year 2262"
            )
            return
        yield Message(channel, log_ns, publish_ns, memoryview(content)[r.MESSAGE_HEAD.size :], self._name, at)

    def _chunk(self, size: int, start: int) -> Iterator[Message | Problem]:
        here = min(size, self._length - self._at)
        end = self._at + here
        try:
            head_bytes = self._take(min(here, 4096))
            head = r.chunk_head(head_bytes)
            if head.packed > MAX_MESSAGE_BYTES:
                raise InvalidInput(
                    "a chunk is too large", got=f"{head.packed} bytes", wanted=f"<= {MAX_MESSAGE_BYTES}"
                )
            packed = head_bytes[head.packed_at :] + self._take(end - self._at)
            unpacked = unpack(packed[: head.packed], compression=head.compression, size=head.size, where="")
        except BraidError as error:
            self._skip(end - self._at)
            yield self._refusal(start, "bad-chunk", f"a chunk cannot be read: {error.letter()}")
            return
        yield from self._chunk_problems(head, unpacked, start)
        yield from self._inside(unpacked.data, start)

    def _chunk_problems(self, head: r.ChunkHead, unpacked: Unpacked, start: int) -> Iterator[Problem]:
        if unpacked.damage:
            message = f"{unpacked.damage}; what was unpacked before is read"
            yield Problem(
                where=place(self._name, start), code="W_CHUNK_DAMAGED", message=message, rejected=False
            )
        elif head.crc and zlib.crc32(unpacked.data) != head.crc:
            message = (
                f"the checksum of the chunk of {head.size} bytes is wrong: "
                "at least one of its messages was changed after it was recorded; they are read all the same"
            )
            yield Problem(where=place(self._name, start), code="W_CHECKSUM", message=message, rejected=False)

    def _inside(self, data: bytes, start: int) -> Iterator[Message | Problem]:
        """The records of an unpacked chunk. They are placed by the byte at which their chunk starts."""
        view = memoryview(data)
        at = 0
        while at < len(view):
            size = int.from_bytes(view[at + 1 : at + 9], "little")
            if at + 9 > len(view) or size > len(view) - at - 9:
                message = f"a record inside the chunk is cut at its byte {at}; the rest of the chunk is lost"
                yield self._refusal(start, "record-cut", message)
                return
            yield from self._record(view[at], view[at + 9 : at + 9 + size], start)
            at += 9 + size

    def _aside(self, opcode: int, size: int, start: int) -> Iterator[Problem]:
        """Attachments and metadata belong to no stream; they are named."""
        fields = r.Fields(self._take(min(size, 1 << 16)))
        try:
            if opcode == r.ATTACHMENT:
                fields.take(16)
            said = fields.text()
        except InvalidInput:
            said = "?"
        self._skip(start + 9 + size - self._at)
        if opcode == r.METADATA and said == "rosbag2":
            return  # what metadata.yaml says
        what = "attachment" if opcode == r.ATTACHMENT else "metadata record"
        message = f'the {what} "{said[:120]}" ({size} bytes) was left out'
        code = "W_ATTACHMENT" if opcode == r.ATTACHMENT else "W_METADATA"
        yield Problem(where=place(self._name, start), code=code, message=message, rejected=False)

    def _summary(self) -> Iterator[Problem]:
        """Whether the summary section agrees with the data: its checksum, schemas and message count."""
        start = self._at
        left = self._length - start
        if left > MAX_MESSAGE_BYTES:
            yield self._cut(start, f"the summary of {left} bytes is not compared")
            return
        data = self._take(left)
        at = 0
        while at + 9 <= len(data):
            opcode, size = data[at], int.from_bytes(data[at + 1 : at + 9], "little")
            content = memoryview(data)[at + 9 : at + 9 + size]
            if len(content) < size:
                break
            try:
                if opcode == r.FOOTER:
                    yield from self._footer(data, at, content, start)
                    return
                if opcode == r.SCHEMA:
                    number, schema = r.schema_of(content)
                    if self._schemas.get(number, schema) != schema:
                        message = f'the summary has another text of schema "{schema.name}" than the data; the data counts'
                        yield self._warning(start + at, "W_SUMMARY_DIFFERS", message)
                if opcode == r.STATISTICS and (said := r.Fields(content).number(8)) != self._count:
                    message = f"the summary counts {said} messages, the data holds {self._count}"
                    yield self._warning(start + at, "W_SUMMARY_DIFFERS", message)
            except InvalidInput as error:
                yield self._warning(
                    start + at, "W_SUMMARY_DIFFERS", f"the summary is damaged: {error.letter()}"
                )
                return
            at += 9 + size
        yield self._cut(start + at, "the file ends without a footer")

    def _footer(self, data: bytes, at: int, content: memoryview, start: int) -> Iterator[Problem]:
        summary_start = int.from_bytes(content[:8], "little")
        crc = int.from_bytes(content[16:20], "little")
        covered = data[: at + 9 + 16] if summary_start else data[at : at + 9 + 16]
        if crc and zlib.crc32(covered) != crc:
            message = "the checksum of the summary is wrong; it is not used"
            yield self._warning(start, "W_CHECKSUM", message)
        if bytes(data[at + 9 + len(content) :][: len(r.MAGIC)]) != r.MAGIC:
            yield self._cut(start + at, "the closing mark of the file is missing")

    def _take(self, size: int) -> bytes:
        data = self._source.read(size)
        self._at += len(data)
        self._crc = zlib.crc32(data, self._crc)
        return data

    def _skip(self, size: int) -> None:
        while size > 0 and (got := len(self._take(min(size, _PIECE)))):
            size -= got

    def _cut(self, at: int, message: str) -> Problem:
        return self._warning(at, "W_TRUNCATED", message)

    def _warning(self, at: int, code: str, message: str) -> Problem:
        return Problem(where=place(self._name, at), code=code, message=message, rejected=False)

    def _refusal(self, at: int, code: str, message: str) -> Problem:
        return Problem(where=place(self._name, at), code=code, message=message, rejected=True)
