"""KITTI's time stamps: `2011-09-26 13:02:25.951199337`, one per line, of the recording computer's local clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from braid.base.errors import InvalidInput
from braid.clock.ns import SECOND_NS
from braid.formats.seam import Sources

STAMP = re.compile(r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:\.(\d{1,9}))?$")
MAX_BYTES = 64 * 2**20


def stamps_of(files: Sources, path: Path) -> list[int | None]:
    """Nanoseconds since 1970 on the computer's own clock, by line; None for an empty line, which is a lost reading.

    Raises InvalidInput with the line that is no time.
    """
    text = files.read(path, limit=MAX_BYTES).decode("ascii", "replace")
    found: list[int | None] = []
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        found.append(_ns(stripped, f"{files.name(path)}, line {number}") if stripped else None)
    return found


def _ns(text: str, where: str) -> int:
    match = STAMP.match(text)
    try:
        if match is None:
            raise ValueError(text)
        moment = datetime.strptime(match[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidInput(
            "not a time stamp", where=where, got=text[:60], wanted="YYYY-MM-DD HH:MM:SS.nnnnnnnnn"
        ) from error
    whole_s = round((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())
    return whole_s * SECOND_NS + int((match[2] or "").ljust(9, "0"))
