"""Frames of a log by message, put aside in scratch so that each message can be decoded at once in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from braid.formats.can.frames import ERROR, EXTENDED, REMOTE, Frame

Records = NDArray[Any]
"""Structured (N,): at_ns, can_id, flags, length, data (8 or 64 bytes)."""

FLUSH_FRAMES = 50_000
CHUNK_FRAMES = 50_000
MAX_GROUPS = 8192
"""Messages that are kept apart; ids beyond them (a damaged log) share one group a bus."""
MAX_BUSES = 64
OTHER_BUSES = "other buses"


class Group(NamedTuple):
    """What frames share: bus, message id, and whether they are data, remote or error frames. can_id -1: any id."""

    bus: str
    kind: int
    can_id: int
    extended: bool


def record_type(width: int) -> np.dtype[Any]:
    """The record of a frame with room for `width` bytes."""
    return np.dtype(
        [("at_ns", "<i8"), ("can_id", "<u4"), ("flags", "<u2"), ("length", "u1"), ("data", "u1", (width,))]
    )


NARROW = record_type(8)
WIDE = record_type(64)


def group_of(frame: Frame) -> Group:
    """Where a frame belongs."""
    kind = frame.flags & (REMOTE | ERROR)
    return Group(frame.bus, kind, -1 if kind else frame.can_id, bool(frame.flags & EXTENDED) and not kind)


class Spool:
    """Frames by group, in the order they came."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._waiting: dict[Group, list[Frame]] = {}
        self._held = 0
        self._files: dict[Group, Path] = {}
        self.counts: dict[Group, int] = {}
        self._buses: set[str] = set()
        self.first_ns = 0
        self.last_ns = 0
        self.total = 0
        self.other_buses = 0

    def add(self, frame: Frame) -> None:
        """One more frame."""
        if frame.bus not in self._buses:
            if len(self._buses) >= MAX_BUSES:
                self.other_buses += 1
                frame = frame._replace(bus=OTHER_BUSES)
            self._buses.add(frame.bus)
        group = group_of(frame)
        if group not in self.counts and len(self.counts) >= MAX_GROUPS:
            group = Group(frame.bus, group.kind, -1, False)
        self.counts[group] = self.counts.get(group, 0) + 1
        self.first_ns = min(self.first_ns, frame.at_ns) if self.total else frame.at_ns
        self.last_ns = max(self.last_ns, frame.at_ns) if self.total else frame.at_ns
        self.total += 1
        self._waiting.setdefault(group, []).append(frame)
        self._held += 1
        if self._held >= FLUSH_FRAMES:
            self._flush()

    def records(self, group: Group) -> Iterator[Records]:
        """The group's frames in chunks."""
        self._flush()
        path = self._files[group]
        with path.open("rb") as source:
            while len(chunk := np.fromfile(source, dtype=WIDE, count=CHUNK_FRAMES)):
                yield chunk

    def close(self) -> None:
        """Takes everything away again."""
        self._waiting, self._held = {}, 0
        for path in self._files.values():
            path.unlink(missing_ok=True)

    def _flush(self) -> None:
        for group, frames in self._waiting.items():
            path = self._files.setdefault(group, self._folder / f"frames-{len(self._files)}")
            with path.open("ab") as out:
                out.write(records_of(frames).tobytes())
        self._waiting, self._held = {}, 0


def records_of(frames: list[Frame]) -> Records:
    """Frames as records with room for 64 bytes."""
    records = np.zeros(len(frames), dtype=WIDE)
    records["at_ns"] = [frame.at_ns for frame in frames]
    records["can_id"] = [frame.can_id for frame in frames]
    records["flags"] = [frame.flags for frame in frames]
    records["length"] = [len(frame.data) for frame in frames]
    padded = b"".join(frame.data.ljust(64, b"\x00") for frame in frames)
    records["data"] = np.frombuffer(padded, dtype=np.uint8).reshape(-1, 64)
    return records
