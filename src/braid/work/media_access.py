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
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from braid.base.canonical import canonical_json
from braid.base.errors import InvalidInput, NotFound
from braid.base.hashing import sha256_hex
from braid.model.records import AnyRecord, Modality, Stream
from braid.store.port import Store
from braid.work.as_record import as_record

if TYPE_CHECKING:
    from braid.media.derivers import Deriver, Source


Param = int | tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bytes:
    """A file that may be sent. digest names its content (or the recipe that made it)."""

    path: Path
    digest: str
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """Bytes that are sent and forgotten."""

    data: bytes
    digest: str
    media_type: str


class MediaAccess:
    """Originals by digest and derived files by recipe. Safe to use from several threads."""

    def __init__(self, store: Store, *, asset_path: Callable[[str], Path], folder: Path) -> None:
        self._store = store
        self._asset_path = asset_path
        self._folder = folder
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
        return Bytes(
            path=self._asset_path(digest), digest=digest, media_type=safe_media_type(stream.media_type)
        )

    def playable(self, stream: Stream, *, reading: int = 0) -> Bytes:
        """What a browser plays: the original, or a proxy when it needs one."""
        original = self.original(stream, reading=reading)
        if stream.modality not in {Modality.VIDEO, Modality.AUDIO}:
            return original
        key = _key("playable", stream, original.digest, {})
        path = self._folder / key[:2] / key
        kind_path = path.with_name(f"{key}.type")
        if not kind_path.exists():
            with self._flight(key):
                if not kind_path.exists():
                    self._make_playable(stream, original.path, path, kind_path)
        kind = kind_path.read_text(encoding="ascii")
        return Bytes(path=path, digest=key, media_type=kind) if kind else original

    def derived(
        self, kind: str, stream: Stream, *, reading: int = 0, params: Mapping[str, int] | None = None
    ) -> Bytes:
        """A derived file, made now if it is not there. Raises NotFound, and InvalidInput for what does not fit."""
        from braid.media.derivers import deriver

        maker = deriver(kind)
        values = dict(params or {})
        key = _key(kind, stream, asset_of(stream, reading=reading), values)
        path = self._folder / key[:2] / key
        if not path.exists():
            with self._flight(key):
                if not path.exists():
                    source = self._source(maker, stream, reading=reading, params=values)
                    with _whole(path) as out:
                        if maker.write is not None:
                            maker.write(source, out)
                        else:
                            data = maker.make(source)
                            out.write(in_frame(data, stream.frame) if kind == "points" else data)
        return Bytes(path=path, digest=key, media_type=maker.output_type)

    def passing(
        self, kind: str, stream: Stream, *, reading: int = 0, params: Mapping[str, Param] | None = None
    ) -> Passing:
        """What is derived for one look and not kept: a window of a series. Raises as `derived` does."""
        from braid.media.derivers import deriver

        maker = deriver(kind)
        values = dict(params or {})
        key = _key(kind, stream, asset_of(stream, reading=reading), values)
        data = maker.make(self._source(maker, stream, reading=reading, params=values))
        return Passing(data=data, digest=key, media_type=maker.output_type)

    def _source(self, maker: Deriver, stream: Stream, *, reading: int, params: Mapping[str, Param]) -> Source:
        """What a deriver is given: the stream's own file, or the result of the deriver that it builds on."""
        from braid.media.derivers import Source

        if maker.of:
            path = self.derived(maker.of, stream, reading=reading).path
        else:
            path = self._asset_path(asset_of(stream, reading=reading))
        return Source(
            path=path,
            track=stream.track,
            media_type=stream.media_type,
            name=stream.file_name,
            modality=stream.modality,
            **params,  # type: ignore[arg-type]  # each deriver names its own in `params`
        )

    def _make_playable(self, stream: Stream, source: Path, path: Path, kind_path: Path) -> None:
        from braid.media import proxy_type, write_playable

        kind = proxy_type(source, track=stream.track, modality=stream.modality)
        if kind:
            with _whole(path) as out:
                write_playable(source, out, track=stream.track, modality=stream.modality)
        with _whole(kind_path) as out:
            out.write(kind.encode("ascii"))

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


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """A file that appears at `path` when it is complete, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix="making-")
    try:
        with os.fdopen(handle, "w+b") as out:
            yield out
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _key(kind: str, stream: Stream, digest: str, params: Mapping[str, Param]) -> str:
    """Names a derived file by its recipe."""
    from braid.media.derivers import deriver

    recipe = {
        "deriver": kind,
        "version": deriver(kind).version,
        "source": digest,
        "track": stream.track,
        "modality": stream.modality,
        "media_type": stream.media_type,
        "file_suffix": Path(stream.file_name).suffix,
        "frame": stream.frame,
        "params": dict(params),
    }
    return sha256_hex(canonical_json(recipe))


def in_frame(points: bytes, frame: str) -> bytes:
    """The description of point tiles with the frame of reference that the stream names."""
    return msgspec.json.encode({**msgspec.json.decode(points), "frame": frame})


def asset_of(stream: Stream, *, reading: int = 0) -> str:
    """The digest of a stream's asset, or of one reading's. Raises NotFound, InvalidInput."""
    if stream.asset is not None:
        return stream.asset
    if not stream.readings:
        raise NotFound("this stream has no bytes", where=f"stream {stream.id}")
    if not 0 <= reading < len(stream.readings):
        raise InvalidInput(
            "no such reading",
            where=f"stream {stream.id}",
            got=reading,
            wanted=f"0 to {len(stream.readings) - 1}",
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
