"""Writes the native export; every byte is decided by the state of the project."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from braid.base.canonical import canonical_json
from braid.base.errors import NotFound
from braid.formats.braid_native import layout
from braid.formats.braid_native.layout import FileEntry, Manifest, ProjectFile
from braid.formats.losses import LossCounter
from braid.formats.seam import ExportSource, Loss, SampleBundle
from braid.model.records import (
    RECORD_KINDS,
    AnyRecord,
    Layer,
    Link,
    Ontology,
    Project,
    Stream,
    kind_of_record,
)

_ORDER = {kind: place for place, kind in enumerate(RECORD_KINDS)}


def write_native(source: ExportSource, out: Path, *, history: bool) -> tuple[Loss, ...]:
    """See `BraidNative.write`."""
    loss = LossCounter()
    digests: set[str] = set()
    entries = {layout.PROJECT: _write(out / layout.PROJECT, [canonical_json(_project_file(source))])}
    lines = _sample_lines(source.bundles(), digests, loss, history=history)
    entries[layout.SAMPLES] = _write(out / layout.SAMPLES, lines)
    if history:
        entries[layout.HISTORY] = _write(out / layout.HISTORY, (line.rstrip(b"\n") for line in source.log()))
    (out / layout.ASSETS).mkdir()
    for digest in sorted(digests):
        name = f"{layout.ASSETS}/{digest}"
        try:
            entries[name] = _copy(source.asset_path(digest), out / name)
        except NotFound:
            loss.add("asset", "its bytes are not in the workspace")
    manifest = Manifest(format=layout.FORMAT, version=layout.VERSION, files=entries)
    _write(out / layout.MANIFEST, [canonical_json(manifest)])
    return loss.report()


def _project_file(source: ExportSource) -> ProjectFile:
    records = source.project_records()
    layers = sorted((record for record in records if isinstance(record, Layer)), key=lambda layer: layer.id)
    return ProjectFile(
        format=layout.FORMAT,
        version=layout.VERSION,
        project=next(record for record in records if isinstance(record, Project)),
        ontology=next(record for record in records if isinstance(record, Ontology)),
        layers=tuple(layers),
    )


def _sample_lines(
    bundles: Iterable[SampleBundle], digests: set[str], loss: LossCounter, *, history: bool
) -> Iterator[bytes]:
    for bundle in bundles:
        if not history:
            suspects = sum(1 for record in bundle.records if isinstance(record, Link) and record.causes)
            loss.add("suspect link", "what it was judged on lives in the history: export that too", suspects)
        yield canonical_json(bundle.sample)
        for record in sorted(bundle.records, key=_place):
            if isinstance(record, Stream):
                digests.update(reading.asset for reading in record.readings)
                digests.update([record.asset] if record.asset is not None else [])
            yield canonical_json(record)


def _place(record: AnyRecord) -> tuple[int, str]:
    return _ORDER[kind_of_record(record)], record.id


def _write(path: Path, lines: Iterable[bytes]) -> FileEntry:
    digest = hashlib.sha256()
    size = 0
    with path.open("wb") as stream:
        for line in lines:
            stream.write(line + b"\n")
            digest.update(line + b"\n")
            size += len(line) + 1
    return FileEntry(sha256=digest.hexdigest(), bytes=size)


def _copy(source: Path, target: Path) -> FileEntry:
    digest = hashlib.sha256()
    size = 0
    with source.open("rb") as stream, target.open("wb") as copy:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
            copy.write(chunk)
            size += len(chunk)
    return FileEntry(sha256=digest.hexdigest(), bytes=size)
