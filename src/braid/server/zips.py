"""Zips for outside: the same files give the same bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path

CHUNK_BYTES = 2**20
_EPOCH = (1980, 1, 1, 0, 0, 0)


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
