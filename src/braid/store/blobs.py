"""Blobs: immutable bytes named by their SHA-256 in a folder, and derived files that may be deleted at any time."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from braid.base.errors import Corrupt, InvalidInput, LimitExceeded, NotFound
from braid.base.hashing import sha256_hex

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PIECE = 1 << 20


class LocalBlobs:
    """`root/blobs/aa/<sha256>`, `root/derived/aa/<key>`, `root/tmp/`. Safe from several threads and processes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("blobs", "derived", "tmp"):
            (root / folder).mkdir(parents=True, exist_ok=True)

    def put_bytes(self, data: bytes) -> str:
        """Keep bytes; their digest. On disk when this returns."""
        digest = sha256_hex(data)
        target = self._blob(digest)
        if not target.is_file():
            with self._writing(target) as file:
                file.write(data)
        return digest

    def put_file(self, source: Path, *, limit_bytes: int | None = None) -> str:
        """Keep a copy of a file; its digest. Raises LimitExceeded beyond `limit_bytes`, NotFound."""
        if not source.is_file():
            raise NotFound("no such file", where=str(source))
        with source.open("rb") as file:
            return self.put_stream(file, limit_bytes=limit_bytes)

    def put_stream(self, source: BinaryIO, *, limit_bytes: int | None = None) -> str:
        """Keep what a stream holds, read in pieces."""
        seen, size = hashlib.sha256(), 0
        handle, name = tempfile.mkstemp(dir=self.root / "tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                while piece := source.read(_PIECE):
                    size += len(piece)
                    if limit_bytes is not None and size > limit_bytes:
                        raise LimitExceeded("a file is too large", got=f"over {limit_bytes} bytes")
                    seen.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            digest = seen.hexdigest()
            target = self._blob(digest)
            if not target.is_file():
                _settle(Path(name), target)
            return digest
        finally:
            Path(name).unlink(missing_ok=True)

    def has(self, digest: str) -> bool:
        """Whether the bytes are here."""
        return self._blob(digest).is_file()

    def path(self, digest: str) -> Path:
        """Where the bytes lie; read only. Raises NotFound."""
        target = self._blob(digest)
        if not target.is_file():
            raise NotFound("these bytes are not in the workspace", got=digest)
        return target

    def open(self, digest: str) -> BinaryIO:
        """The bytes as a file that can seek. Raises NotFound."""
        return self.path(digest).open("rb")

    def check(self, digest: str) -> None:
        """Raises Corrupt when the stored bytes are not those of the name."""
        seen = hashlib.sha256()
        with self.open(digest) as file:
            while piece := file.read(_PIECE):
                seen.update(piece)
        if seen.hexdigest() != digest:
            raise Corrupt("a blob does not match its name", where=digest, got=seen.hexdigest())

    def digests(self) -> Iterator[str]:
        """All blobs, by digest."""
        for folder in sorted((self.root / "blobs").iterdir()):
            yield from sorted(one.name for one in folder.iterdir())

    def derived_path(self, key: str) -> Path | None:
        """A derived file by its key (see `derived_key`); None when it has not been made."""
        target = self._derived(key)
        return target if target.is_file() else None

    def derive(self, key: str, make: Callable[[Path], None]) -> Path:
        """The derived file of a key; when missing, `make` writes it to a path that it is given."""
        target = self._derived(key)
        if not target.is_file():
            handle, name = tempfile.mkstemp(dir=self.root / "tmp")
            os.close(handle)
            try:
                make(Path(name))
                _settle(Path(name), target)
            finally:
                Path(name).unlink(missing_ok=True)
        return target

    def put_derived(self, key: str, data: bytes) -> Path:
        """Keep a derived file made in memory."""

        def make(path: Path) -> None:
            path.write_bytes(data)

        return self.derive(key, make)

    def _blob(self, digest: str) -> Path:
        if _DIGEST.fullmatch(digest) is None:
            raise InvalidInput(
                "a blob's name is not a SHA-256", got=digest, wanted="64 lower-case hex digits"
            )
        return self.root / "blobs" / digest[:2] / digest

    def _derived(self, key: str) -> Path:
        if _DIGEST.fullmatch(key) is None:
            raise InvalidInput("a derived file's key is not a SHA-256", got=key, wanted="derived_key(...)")
        return self.root / "derived" / key[:2] / key

    @contextmanager
    def _writing(self, target: Path) -> Iterator[BinaryIO]:
        """A temporary file that takes its place as a whole when the block ends well."""
        handle, name = tempfile.mkstemp(dir=self.root / "tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _settle(Path(name), target)
        finally:
            Path(name).unlink(missing_ok=True)


def derived_key(source: str, *, deriver: str, version: int, detail: str = "") -> str:
    """The key of a derived file: digest of the source's digest, who made it, its version and its settings."""
    return sha256_hex("\n".join((source, deriver, str(version), detail)).encode())


def _settle(made: Path, target: Path) -> None:
    """Move a finished file into place; file and folder are on disk afterwards."""
    target.parent.mkdir(exist_ok=True)
    made.chmod(0o444)
    made.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
