"""Zips from outside, unpacked within bounds; zips for outside, the same bytes for the same files."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from braid.base.errors import InvalidInput, LimitExceeded

ENTRY_LIMIT = 200_000
UNPACKED_LIMIT = 16 * 2**30
CHUNK_BYTES = 2**20
_EPOCH = (1980, 1, 1, 0, 0, 0)


def unpack(packed: Path, out: Path, *, entry_limit: int = ENTRY_LIMIT, byte_limit: int = UNPACKED_LIMIT) -> None:
    """All files of a zip into the new folder `out`.

    Sizes are counted while unpacking, whatever the zip claims. Raises InvalidInput for names that lead out of the
    folder, links, encrypted or broken entries; LimitExceeded beyond the limits.
    """
    out.mkdir(parents=True)
    try:
        with zipfile.ZipFile(packed) as archive:
            entries = archive.infolist()
            if len(entries) > entry_limit:
                raise LimitExceeded("the zip has too many entries", got=len(entries), wanted=f"at most {entry_limit}")
            left = byte_limit
            for entry in entries:
                target = _target(out, entry)
                if target is not None:
                    left = _unpack_one(archive, entry, target, left=left)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise InvalidInput("this is not a zip that can be read", where="body", got=str(error)) from error
    except RuntimeError as error:  # how zipfile says "encrypted"
        raise InvalidInput("the zip is encrypted", where="body", got=str(error)) from error


def _target(out: Path, entry: zipfile.ZipInfo) -> Path | None:
    """Where an entry goes; None for folders."""
    name = PurePosixPath(entry.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or "\x00" in entry.filename or ":" in entry.filename[:2]:
        raise InvalidInput("a name in the zip leads out of its folder", where="body", got=entry.filename)
    if entry.external_attr >> 16 & 0o170000 == 0o120000:
        raise InvalidInput("the zip holds a link", where="body", got=entry.filename)
    return None if entry.is_dir() else out / name


def _unpack_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, *, left: int) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as source, target.open("xb") as file:
        while chunk := source.read(CHUNK_BYTES):
            left -= len(chunk)
            if left < 0:
                raise LimitExceeded("the zip unpacks to too much", where="body", got=entry.filename)
            file.write(chunk)
    return left


def zip_folder(folder: Path, packed: Path) -> None:
    """All files of `folder`, by name, without times: the same files give the same bytes."""
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                    while chunk := source.read(CHUNK_BYTES):
                        target.write(chunk)
