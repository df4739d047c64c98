"""Reads the native export as hostile input: names, sizes and digests first, then each line on its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from braid.base.errors import Corrupt, InvalidInput, LimitExceeded
from braid.base.ids import is_uuid7
from braid.formats.braid_native import layout
from braid.formats.braid_native.layout import FileEntry, Manifest, ProjectFile
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources
from braid.model.records import AnyRecord, Layer, Ontology, Project, Sample, Stream, sample_of

_ASSET = re.compile(r"assets/([0-9a-f]{64})")
_PLAIN = frozenset({layout.PROJECT, layout.SAMPLES, layout.HISTORY})


class NativeReader:
    """One export folder. Nothing is trusted before its digest was checked against the manifest."""

    def __init__(self, files: Sources) -> None:
        self._files = files
        self._manifest = self._read_manifest()

    def project_records(self) -> tuple[AnyRecord, ...]:
        """Project, ontology and layers."""
        path = self._verified(layout.PROJECT)
        data = self._files.read(path, limit=layout.LINE_LIMIT)
        try:
            file = msgspec.json.decode(data, type=ProjectFile)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise InvalidInput("not a project file", where=layout.PROJECT, got=str(error)) from None
        records: tuple[AnyRecord, ...] = (file.project, file.ontology, *file.layers)
        wrong = [record.id for record in records if not is_uuid7(record.id)]
        if wrong:
            raise InvalidInput("an id is no UUIDv7", where=layout.PROJECT, got=wrong[0])
        return records

    def history(self) -> Iterator[bytes] | None:
        """The log's lines, checked as a whole before the first one; None without a log."""
        if layout.HISTORY not in self._manifest.files:
            return None
        return _lines(self._verified(layout.HISTORY), layout.HISTORY)

    def bundles(self, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """Samples with their records; a sample with a broken line is refused as a whole."""
        layers = {record.id for record in self.project_records() if isinstance(record, Layer)}
        self._take_ontology(context)
        decoder: msgspec.json.Decoder[AnyRecord] = msgspec.json.Decoder(AnyRecord)
        sample: Sample | None = None
        records: list[AnyRecord] = []
        broken = False
        for number, line in enumerate(_lines(self._verified(layout.SAMPLES), layout.SAMPLES), start=1):
            where = f"{layout.SAMPLES}: line {number}"
            try:
                record = decoder.decode(line)
                self._check(record, layers)
            except (msgspec.MsgspecError, RecursionError, InvalidInput) as error:
                yield Problem(where=where, code="bad-record", message=str(error), rejected=True)
                broken = True
                continue
            if isinstance(record, Sample):
                if sample is not None and not broken:
                    yield SampleBundle(sample=sample, records=tuple(records))
                elif sample is not None:
                    yield self._refused(sample)
                sample, records, broken = record, [], False
            elif sample is None or sample_of(record) != sample.id:
                message = "a record stands outside of its sample"
                yield Problem(where=where, code="lost-record", message=message, rejected=True)
                broken = True
            else:
                records.append(record)
        if sample is not None:
            yield self._refused(sample) if broken else SampleBundle(sample=sample, records=tuple(records))

    def _refused(self, sample: Sample) -> Problem:
        message = "the sample is refused because a line of it does not hold"
        return Problem(where=f"sample {sample.key}", code="broken-sample", message=message, rejected=True)

    def _take_ontology(self, context: ReadContext) -> None:
        """Classes and link types that the project lacks, as they are."""
        ontology = next(record for record in self.project_records() if isinstance(record, Ontology))
        classes = {known.id for known in context.ontology.classes}
        link_types = {known.id for known in context.ontology.link_types}
        context.new_classes.update({new.id: new for new in ontology.classes if new.id not in classes})
        context.new_link_types.update(
            {new.id: new for new in ontology.link_types if new.id not in link_types}
        )

    def _check(self, record: AnyRecord, layers: set[str]) -> None:
        if not is_uuid7(record.id):
            raise InvalidInput("an id is no UUIDv7", got=record.id)
        if isinstance(record, Project | Ontology | Layer):
            raise InvalidInput("this kind of record belongs into project.json", got=type(record).__name__)
        layer = getattr(record, "layer", None)
        if layer is not None and layer not in layers:
            raise InvalidInput("a record is in a layer that is not in project.json", got=layer)
        if isinstance(record, Stream):
            for digest in (record.asset, *(reading.asset for reading in record.readings)):
                if digest in self._files.assets:
                    continue
                if digest is not None and f"{layout.ASSETS}/{digest}" in self._manifest.files:
                    self._files.assets[digest] = self._verified(f"{layout.ASSETS}/{digest}")

    def _read_manifest(self) -> Manifest:
        path = self._files.find(layout.MANIFEST) if self._files.root.is_dir() else None
        if path is None:
            raise InvalidInput(
                "not an export of Braid",
                where=str(self._files.root),
                wanted=f"a folder with {layout.MANIFEST}",
            )
        data = self._files.read(path, limit=layout.LINE_LIMIT * 8)
        try:
            manifest = msgspec.json.decode(data, type=Manifest)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise InvalidInput("not a manifest", where=layout.MANIFEST, got=str(error)) from None
        if manifest.format != layout.FORMAT or manifest.version != layout.VERSION:
            raise InvalidInput(
                "an export of another version",
                where=layout.MANIFEST,
                got=f"{manifest.format} {manifest.version}",
                wanted=f"{layout.FORMAT} {layout.VERSION}",
                hint="A newer Braid wrote it? Update this one",
            )
        for name in manifest.files:
            if name not in _PLAIN and _ASSET.fullmatch(name) is None:
                raise InvalidInput(
                    "the manifest names a file that no export has", where=layout.MANIFEST, got=name
                )
        return manifest

    def _verified(self, name: str) -> Path:
        """The file of that name after size and digest were found to be those of the manifest."""
        entry: FileEntry | None = self._manifest.files.get(name)
        path = self._files.find(name)
        if entry is None or path is None:
            raise InvalidInput("the export lacks a file", where=str(self._files.root), wanted=name)
        digest = hashlib.sha256()
        size = path.stat().st_size
        if size == entry.bytes:
            with path.open("rb") as stream:
                while chunk := stream.read(1 << 20):
                    digest.update(chunk)
        asset = _ASSET.fullmatch(name)
        if digest.hexdigest() != entry.sha256 or (asset is not None and asset[1] != entry.sha256):
            raise Corrupt(
                "a file is not what the manifest says",
                where=name,
                got=f"{size} bytes, SHA-256 {digest.hexdigest()[:12]}",
                wanted=f"{entry.bytes} bytes, SHA-256 {entry.sha256[:12]}",
                hint="Was the copy complete? Files of an export are not meant to be edited",
            )
        return path


def _lines(path: Path, name: str) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while line := stream.readline(layout.LINE_LIMIT + 1):
            if len(line) > layout.LINE_LIMIT:
                raise LimitExceeded("a line is too long", where=name, got=f"> {layout.LINE_LIMIT} bytes")
            if line.strip():
                yield line.rstrip(b"\n")
