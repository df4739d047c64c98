"""The bytes a screen shows of a stream: originals, and what is derived from them, made once and kept.

A derived file is named by the digests of its sources, the deriver, its version and its parameters; deleting it
loses nothing. Two requests for the same one wait for a single derivation.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from braid.base.canonical import canonical_json
from braid.base.errors import InvalidInput, NotFound
from braid.base.hashing import sha256_hex
from braid.model.records import AnyRecord, Modality, Stream
from braid.store.port import Store
from braid.work.as_record import as_record


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One derivation: `stream` with the paths of its source (or of all its readings), into the new file `out`."""

    stream: Stream
    sources: tuple[Path, ...]
    params: Mapping[str, int]
    out: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Deriver:
    """How one kind of derived file is made. one_reading: its source is the asset of a single reading."""

    id: str
    version: str
    media_type: str
    make: Callable[[Job], None]
    one_reading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bytes:
    """A file that may be sent. digest names its content (or the recipe that made it)."""

    path: Path
    digest: str
    media_type: str


class MediaAccess:
    """Originals by digest and derived files by recipe. Safe to use from several threads."""

    def __init__(
        self,
        store: Store,
        *,
        asset_path: Callable[[str], Path],
        folder: Path,
        derivers: Mapping[str, Deriver],
    ) -> None:
        self._store = store
        self._asset_path = asset_path
        self._folder = folder
        self._derivers = derivers
        self._guard = threading.Lock()
        self._flights: dict[str, tuple[threading.Lock, int]] = {}

    def stream(self, project: str, stream: str) -> Stream:
        """The stream of that id. Raises NotFound."""
        held = self._store.heads(project, [stream]).get(stream)
        record: object = None if held is None else as_record(held.record, AnyRecord)
        if not isinstance(record, Stream):
            raise NotFound("no such stream", where=f"stream {stream}")
        return record

    def original(self, stream: Stream, *, reading: int = 0) -> Bytes:
        """The stream's own bytes: its asset, or the asset of one reading."""
        digest = asset_of(stream, reading=reading)
        return Bytes(path=self._asset_path(digest), digest=digest, media_type=safe_media_type(stream.media_type))

    def playable(self, stream: Stream, *, reading: int = 0) -> Bytes:
        """What a browser plays: the original, or a proxy when the deriver `proxy` says it needs one.

        A proxy that comes out empty means: the original plays.
        """
        if "proxy" not in self._derivers or stream.modality not in (Modality.VIDEO, Modality.AUDIO):
            return self.original(stream, reading=reading)
        made = self.derived("proxy", stream, reading=reading)
        return made if made.path.stat().st_size else self.original(stream, reading=reading)

    def derived(self, kind: str, stream: Stream, *, reading: int = 0, params: Mapping[str, int] | None = None) -> Bytes:
        """A derived file, made now if it is not there. Raises NotFound when this kind does not fit the stream."""
        deriver = self._derivers.get(kind)
        if deriver is None:
            raise NotFound("nothing of this kind can be derived", where=f"stream {stream.id}", got=kind)
        digests = (
            (asset_of(stream, reading=reading),)
            if deriver.one_reading or stream.asset is not None
            else tuple(one.asset for one in stream.readings)
        )
        values = dict(params or {})
        recipe = {
            "deriver": deriver.id,
            "version": deriver.version,
            "sources": digests,
            "track": stream.track,
            "modality": stream.modality,
            "frame": stream.frame,
            "params": values,
            "readings": () if deriver.one_reading else tuple(one.at_ns for one in stream.readings),
        }
        key = sha256_hex(canonical_json(recipe))
        path = self._folder / key[:2] / key
        if not path.exists():
            with self._flight(key):
                if not path.exists():
                    sources = tuple(self._asset_path(digest) for digest in digests)
                    self._make(deriver, path, stream=stream, sources=sources, params=values)
        return Bytes(path=path, digest=key, media_type=deriver.media_type)

    def _make(
        self, deriver: Deriver, path: Path, *, stream: Stream, sources: tuple[Path, ...], params: Mapping[str, int]
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix="making-")
        os.close(handle)
        out = Path(name)
        try:
            deriver.make(Job(stream=stream, sources=sources, params=params, out=out))
            out.replace(path)
        finally:
            out.unlink(missing_ok=True)

    @contextmanager
    def _flight(self, key: str) -> Iterator[None]:
        """One thread at a time per key; the lock goes when nobody waits for it."""
        with self._guard:
            lock, waiting = self._flights.get(key, (threading.Lock(), 0))
            self._flights[key] = (lock, waiting + 1)
        try:
            with lock:
                yield
        finally:
            with self._guard:
                _, waiting = self._flights[key]
                if waiting == 1:
                    del self._flights[key]
                else:
                    self._flights[key] = (lock, waiting - 1)


def asset_of(stream: Stream, *, reading: int = 0) -> str:
    """The digest of a stream's asset, or of one reading's. Raises NotFound, InvalidInput."""
    if stream.asset is not None:
        return stream.asset
    if not stream.readings:
        raise NotFound("this stream has no bytes", where=f"stream {stream.id}")
    if not 0 <= reading < len(stream.readings):
        raise InvalidInput(
            "no such reading", where=f"stream {stream.id}", got=reading, wanted=f"0 to {len(stream.readings) - 1}"
        )
    return stream.readings[reading].asset


_SHOWN = ("image/", "audio/", "video/")
_PLAIN = ("text/", "application/json", "application/xml")


def safe_media_type(declared: str) -> str:
    """A media type that no browser runs: pictures (not SVG), sound, film as they are; text as plain text.

    >>> safe_media_type("text/html"), safe_media_type("image/png"), safe_media_type("image/svg+xml")
    ('text/plain', 'image/png', 'application/octet-stream')
    """
    kind = declared.partition(";")[0].strip().lower()
    if kind.startswith(_PLAIN):
        return "text/plain"
    plain = kind.replace("/", "").replace("-", "").replace(".", "").replace("+", "")
    if kind.startswith(_SHOWN) and "svg" not in kind and plain.isalnum() and plain.isascii():
        return kind
    return "application/octet-stream"
