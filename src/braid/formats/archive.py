"""Zip archives from outside: unpacked only when every member stays inside and the whole stays within stated limits."""

from __future__ import annotations

import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from braid.base.errors import InvalidInput, LimitExceeded

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLimits:
    """What is agreed to unpack. ratio: unpacked to packed bytes of one member larger than 1 MiB."""

    members: int = 200_000
    total_bytes: int = 64 * 2**30
    ratio: int = 200


def open_archive(path: Path, *, into: Path, limits: ArchiveLimits = ArchiveLimits()) -> Path:
    """Unpack the zip file into the empty folder `into`; the folder to read: its only folder, or `into` itself.

    All names are checked before the first byte is written. Raises InvalidInput (names that climb out, links,
    encryption, damage) or LimitExceeded, naming the member; what was unpacked until then is in `into` only.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = _checked(archive, path.name, limits)
            left = limits.total_bytes
            for member, relative in members:
                target = into / relative
                if member.is_dir():
                    target.mkdir(parents=True, exist_ok=True)
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                left = _unpack(archive, member, target, left=left, where=path.name)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as error:
        raise InvalidInput("the archive cannot be unpacked", where=path.name, got=str(error)) from None
    found = [entry for entry in sorted(into.iterdir()) if entry.name != "__MACOSX"]
    return found[0] if len(found) == 1 and found[0].is_dir() and _is_wrapper(found[0]) else into


def _is_wrapper(folder: Path) -> bool:
    """Whether a lone folder merely wraps the content (`annotations/` alone is content)."""
    return folder.name not in {"annotations", "images", "assets", "training"}


def _checked(
    archive: zipfile.ZipFile, where: str, limits: ArchiveLimits
) -> list[tuple[zipfile.ZipInfo, PurePosixPath]]:
    members = archive.infolist()
    if len(members) > limits.members:
        raise LimitExceeded(
            "the archive has too many members", where=where, got=len(members), wanted=f"<= {limits.members}"
        )
    total = 0
    checked: list[tuple[zipfile.ZipInfo, PurePosixPath]] = []
    seen: set[str] = set()
    for member in members:
        name = member.filename
        at = f"{where}, member {name!r}"
        relative = PurePosixPath(name)
        if (
            relative.is_absolute()
            or ".." in relative.parts
            or "\\" in name
            or ":" in name
            or not relative.parts
        ):
            raise InvalidInput(
                "a member of the archive leads out of its folder", where=at, wanted="plain names"
            )
        if stat.S_ISLNK(member.external_attr >> 16):
            raise InvalidInput("a member of the archive is a symbolic link", where=at)
        if member.flag_bits & 0x1:
            raise InvalidInput("a member of the archive is encrypted", where=at)
        if str(relative).casefold() in seen and not member.is_dir():
            raise InvalidInput("a member of the archive is there twice", where=at)
        seen.add(str(relative).casefold())
        if member.file_size > 2**20 and member.file_size > limits.ratio * max(1, member.compress_size):
            raise LimitExceeded(
                "a member of the archive unpacks to too many times its size",
                where=at,
                got=f"{member.file_size} of {member.compress_size} bytes",
                wanted=f"<= {limits.ratio} times",
            )
        total += member.file_size
        checked.append((member, relative))
    if total > limits.total_bytes:
        raise LimitExceeded(
            "the archive unpacks to too many bytes", where=where, got=total, wanted=f"<= {limits.total_bytes}"
        )
    return checked


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, *, left: int, where: str) -> int:
    """Write one member; the bytes that may still come. Headers may lie, so what comes out is counted."""
    allowed = min(left, member.file_size)
    with archive.open(member) as packed, target.open("xb") as stream:
        while chunk := packed.read(_CHUNK):
            allowed -= len(chunk)
            left -= len(chunk)
            if allowed < 0:
                raise LimitExceeded(
                    "a member is larger than it says", where=f"{where}, member {member.filename!r}"
                )
            stream.write(chunk)
    return left
