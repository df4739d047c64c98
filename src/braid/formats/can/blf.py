"""Vector BLF logs: objects in zlib containers, stamped in whole ticks of 1 ns or 10 us since the start in the head.

Sizes are what the file says only up to what is there: containers and objects are bounded before they are unpacked.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from braid.base.errors import InvalidInput
from braid.clock.ns import MILLISECOND_NS, SECOND_NS
from braid.formats.can.frames import (
    ERROR,
    ERROR_STATE,
    EXTENDED,
    EXTENDED_IDS,
    FD,
    LIMIT_STAMP_NS,
    RATE_SWITCH,
    REMOTE,
    TX,
    Clock,
    Frame,
    can_id_fits,
)
from braid.formats.troubles import Troubles

_HEAD = struct.Struct("<4sL8BQQLL8H8H")
_BASE = struct.Struct("<4sHHLL")
_V1 = struct.Struct("<LHHQ")
_CONTAINER = struct.Struct("<H6xL4x")
_CAN = struct.Struct("<HBBL8s")
_FD = struct.Struct("<HBBLLBBB5x64s")
_FD64 = struct.Struct("<BBBBLLLLLLLHBBL")
_ERROR = struct.Struct("<HHLBBBxLLH2x8s")

CONTAINER = 10
MAX_OBJECT = 64 * 2**20
MAX_CONTAINER = 64 * 2**20


class Blf:
    """One BLF log. Raises InvalidInput on `frames` when the file is none."""

    def __init__(self, path: Path, *, where: str) -> None:
        self.troubles = Troubles(where)
        self.clock = Clock()
        self.other_events = 0
        self._path = path
        self._objects = 0
        self._where = where

    def frames(self) -> Iterator[Frame]:
        """Every frame; damage is a trouble with its byte, and what lies behind it is searched for."""
        with self._path.open("rb") as source:
            declared = self._head(source)
            tail = b""
            for spot, data in self._containers(source):
                block = tail + data
                used = yield from self._block(block, spot)
                tail = block[used:]
            if tail.strip(b"\x00"):
                self.troubles.add("truncated", f"{len(tail)} bytes are left over at the end", spot="end")
        if declared > self._objects:
            self.troubles.add(
                "count_differs",
                f"the head announces {declared} objects, {self._objects} were found",
                rejected=False,
            )

    def _head(self, source: IO[bytes]) -> int:
        raw = source.read(_HEAD.size)
        if len(raw) < _HEAD.size or raw[:4] != b"LOGG":
            raise InvalidInput("not a BLF log", where=self._where, wanted="a head that begins with LOGG")
        head = _HEAD.unpack(raw)
        size = head[1]
        if not _HEAD.size <= size <= 4096:
            raise InvalidInput("the head of a BLF log has a bad size", where=self._where, got=size)
        source.seek(size)
        self._started(head[14:22])
        return int(head[12])

    def _started(self, fields: tuple[int, ...]) -> None:
        year, month, _, day, hour, minute, second, milli = fields
        if not any(fields):
            return
        self.clock.start_text = (
            f"{year:04d}-{month:02d}-{day:02d} {hour:02d}:{minute:02d}:{second:02d}.{milli:03d}"
        )
        try:
            instant = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            self.troubles.add("bad_date", f"the start is no date: {self.clock.start_text}", rejected=False)
            return
        self.clock.start_ns = int(instant.timestamp()) * SECOND_NS + milli * MILLISECOND_NS

    def _containers(self, source: IO[bytes]) -> Iterator[tuple[str, bytes]]:
        """Unpacked containers, and objects that stand outside of one, with where they begin."""
        while True:
            at = source.tell()
            head = source.read(_BASE.size)
            if not head.strip(b"\x00"):
                return
            if len(head) < _BASE.size:
                self.troubles.add("truncated", "the file ends inside of an object's head", spot=f"byte {at}")
                return
            if head[:4] != b"LOBJ":
                if not self._resync(source, at):
                    return
                continue
            _, _, _, size, kind = _BASE.unpack(head)
            if not _BASE.size <= size <= MAX_OBJECT:
                self.troubles.add("bad_object", f"an object of {size} bytes", spot=f"byte {at}")
                source.seek(at + 4)
                if not self._resync(source, at + 4):
                    return
                continue
            body = source.read(size - _BASE.size)
            if len(body) < size - _BASE.size:
                self.troubles.add("truncated", f"an object of {size} bytes breaks off", spot=f"byte {at}")
            source.seek(size % 4, 1)
            if kind != CONTAINER:
                yield f"byte {at}", head + body
                continue
            data = self._unpacked(body, at)
            if data:
                yield f"container at byte {at}", data

    def _resync(self, source: IO[bytes], at: int) -> bool:
        """Goes on at the next object's mark; False when there is none."""
        source.seek(at)
        position = at
        carry = b""
        while chunk := source.read(1 << 16):
            found = (carry + chunk).find(b"LOBJ")
            if found >= 0:
                target = position - len(carry) + found
                if target > at:
                    self.troubles.add("bad_object", f"{target - at} bytes are no object", spot=f"byte {at}")
                source.seek(target)
                return True
            position += len(chunk)
            carry = chunk[-3:]
        self.troubles.add("bad_object", "the rest of the file is no object", spot=f"byte {at}")
        return False

    def _unpacked(self, body: bytes, at: int) -> bytes:
        if len(body) < _CONTAINER.size:
            return b""
        method, _ = _CONTAINER.unpack_from(body)
        packed = body[_CONTAINER.size :]
        if method == 0:
            return packed
        if method != 2:
            self.troubles.add("bad_container", f"unknown compression {method}", spot=f"byte {at}")
            return b""
        machine = zlib.decompressobj()
        try:
            data = machine.decompress(packed, MAX_CONTAINER)
        except zlib.error as error:
            self.troubles.add("bad_container", f"it cannot be unpacked: {error}", spot=f"byte {at}")
            return b""
        if machine.unconsumed_tail:
            self.troubles.add(
                "too_large", f"it unpacks to more than {MAX_CONTAINER} bytes", spot=f"byte {at}"
            )
        elif not machine.eof:
            self.troubles.add("truncated", "its packed bytes break off", spot=f"byte {at}", rejected=False)
        return data

    def _block(self, block: bytes, spot: str) -> Generator[Frame, None, int]:
        """Objects of unpacked bytes; returns how many bytes were used (the rest waits for the next container)."""
        at = 0
        while True:
            found = block.find(b"LOBJ", at)
            if found < 0:
                return max(at, len(block) - 3)
            if found - at > 7:
                self.troubles.add("bad_object", f"{found - at} bytes are no object", spot=spot)
            if found + _BASE.size > len(block):
                return found
            _, head_size, version, size, kind = _BASE.unpack_from(block, found)
            if not _BASE.size <= size <= MAX_OBJECT:
                self.troubles.add("bad_object", f"an object of {size} bytes", spot=spot)
                at = found + 4
                continue
            if found + size > len(block):
                return found
            self._objects += 1
            frame = self._object(block[found : found + size], head_size, version, kind)
            if isinstance(frame, str):
                self.troubles.add("bad_object", frame, spot=f"{spot}, object {self._objects}")
            elif frame is None:
                self.other_events += 1
            else:
                yield frame
            at = found + size

    def _object(self, raw: bytes, head_size: int, version: int, kind: int) -> Frame | str | None:
        if kind not in _READERS or version not in {1, 2}:
            return None
        if len(raw) < max(head_size, _BASE.size + _V1.size):
            return "an object is shorter than its head"
        unit, _, _, ticks = _V1.unpack_from(raw, _BASE.size)
        at_ns = ticks * (10_000 if unit == 1 else 1)
        if at_ns >= LIMIT_STAMP_NS:
            return f"a stamp of {ticks} ticks"
        if unit == 1:
            self.clock.resolution_ns = 10_000
        try:
            frame = _READERS[kind](raw, head_size, at_ns)
        except struct.error:
            return "an object breaks off"
        if isinstance(frame, str) or can_id_fits(frame.can_id, frame.flags):
            return frame
        self.troubles.add(
            "odd_id",
            f"an id of 11 bits says {frame.can_id:#x}; it was taken as one of 29 bits",
            spot=f"object {self._objects}",
            rejected=False,
        )
        return frame._replace(flags=frame.flags | EXTENDED)


def _classic(raw: bytes, at: int, at_ns: int) -> Frame | str:
    channel, bits, length, can_id, data = _CAN.unpack_from(raw, at)
    flags = (TX if bits & 1 else 0) | (REMOTE if bits & 0x80 else 0)
    count = min(8, length)
    return _frame(at_ns, channel, can_id, flags, bytes(count) if flags & REMOTE else data[:count])


def _flexible(raw: bytes, at: int, at_ns: int) -> Frame | str:
    channel, bits, _, can_id, _, _, fd, valid, data = _FD.unpack_from(raw, at)
    flags = (TX if bits & 1 else 0) | (REMOTE if bits & 0x80 else 0) | (FD if fd & 1 else 0)
    flags |= (RATE_SWITCH if fd & 2 else 0) | (ERROR_STATE if fd & 4 else 0)
    return _frame(at_ns, channel, can_id, flags, data[: min(64, valid)])


def _flexible64(raw: bytes, at: int, at_ns: int) -> Frame | str:
    fields = _FD64.unpack_from(raw, at)
    channel, valid, can_id, fd, direction, beyond = (
        fields[0],
        fields[2],
        fields[4],
        fields[6],
        fields[12],
        fields[13],
    )
    if valid > 64:
        return f"a frame has {valid} bytes"
    flags = (TX if direction else 0) | (REMOTE if fd & 0x10 else 0) | (FD if fd & 0x1000 else 0)
    flags |= (RATE_SWITCH if fd & 0x2000 else 0) | (ERROR_STATE if fd & 0x4000 else 0)
    begin = at + _FD64.size
    # Bytes that are counted but not stored are zero, as Vector's own reader gives them.
    end = min(begin + valid, beyond or len(raw), len(raw))
    return _frame(at_ns, channel, can_id, flags, raw[begin : max(begin, end)].ljust(valid, b"\x00"))


def _error(raw: bytes, at: int, at_ns: int) -> Frame | str:
    fields = _ERROR.unpack_from(raw, at)
    return _frame(at_ns, fields[0], fields[7], ERROR, fields[9][: min(8, fields[5])])


def _short_error(raw: bytes, at: int, at_ns: int) -> Frame | str:
    (channel,) = struct.unpack_from("<H", raw, at)
    return _frame(at_ns, channel, 0, ERROR, b"")


def _frame(at_ns: int, channel: int, can_id: int, flags: int, data: bytes) -> Frame:
    flags |= EXTENDED if can_id & 0x80000000 else 0
    return Frame(at_ns, f"can{channel}", can_id & EXTENDED_IDS, flags, data)


_READERS = {1: _classic, 86: _classic, 100: _flexible, 101: _flexible64, 73: _error, 2: _short_error}
