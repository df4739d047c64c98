"""Immutable bytes by their SHA-256 in a folder: `aa/<64 hex digits>`. Written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from braid.base.errors import Corrupt, InvalidInput, NotFound

_DIGEST = re.compile(r"[0-9a-f]{64}")


class LocalBlobs:
    """A folder of blobs; `scratch` is on the same file system."""

    def __init__(self, folder: Path, *, scratch: Path) -> None:
        self._folder = folder
        self._scratch = scratch
        folder.mkdir(parents=True, exist_ok=True)
        scratch.mkdir(parents=True, exist_ok=True)

    def path(self, digest: str) -> Path:
        """The file of a blob. Raises NotFound, InvalidInput for what is no digest."""
        path = self._place(digest)
        if not path.is_file():
            raise NotFound("these bytes are not in the workspace", got=digest)
        return path

    def has(self, digest: str) -> bool:
        """Whether the blob is there."""
        return self._place(digest).is_file()

    def put_file(self, source: Path, *, digest: str) -> None:
        """Take a file's bytes, durable on return. Raises Corrupt when they are not of that digest (any more)."""
        target = self._place(digest)
        if target.is_file():
            return
        target.parent.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._scratch)
        temporary = Path(name)
        try:
            seen = hashlib.sha256()
            with os.fdopen(handle, "wb") as copy, source.open("rb") as stream:
                while chunk := stream.read(1 << 20):
                    seen.update(chunk)
                    copy.write(chunk)
                copy.flush()
                os.fsync(copy.fileno())
            if seen.hexdigest() != digest:
                raise Corrupt("a file changed while it was taken in", where=source.name, got=seen.hexdigest()[:12])
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)

    def _place(self, digest: str) -> Path:
        if _DIGEST.fullmatch(digest) is None:
            raise InvalidInput("not a SHA-256", got=digest, wanted="64 hex digits")
        return self._folder / digest[:2] / digest
