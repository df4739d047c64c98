"""The seam of formats: files in, records and problems out; records in, files and a loss report out.

A format reads hostile files. It never writes to a store, never probes media (the importer does), never leaves `root`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol

from braid.base.errors import InvalidInput, LimitExceeded, NotFound
from braid.base.hashing import revision_of_record
from braid.base.ids import NewId, is_slug
from braid.model.records import (
    ANY_END,
    Annotation,
    AnyRecord,
    Attribute,
    End,
    EndKind,
    Entity,
    LinkEnd,
    LinkType,
    Ontology,
    OntologyClass,
    Sample,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that was not taken (`rejected`) or looks odd. where: file, line, record id of the source."""

    where: str
    code: str
    message: str
    rejected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleBundle:
    """One whole sample: the Sample and every record that belongs to it, in the order of RECORD_KINDS.

    Assets are named by SHA-256 in the records; `Sources.assets` says where their bytes are.
    """

    sample: Sample
    records: tuple[AnyRecord, ...]


class Sources:
    """The files of one import: a folder or a single file, and nothing outside of it."""

    def __init__(self, root: Path) -> None:
        if not root.exists():
            raise NotFound("no such file or folder", where=str(root))
        self.root = root.resolve()
        self.base = self.root if self.root.is_dir() else self.root.parent
        self.assets: dict[str, Path] = {}

    def find(self, relative: str) -> Path | None:
        """The file of that name below the root, or None. Absolute names and `..` that climb out are refused."""
        try:
            path = (self.base / relative).resolve()
            there = path.is_file()
        except (OSError, ValueError, RuntimeError):
            raise InvalidInput("not a file name", got=relative) from None
        if not path.is_relative_to(self.base):
            raise InvalidInput("a file name leads out of the import folder", got=relative)
        return path if there else None

    def name(self, path: Path) -> str:
        """A path as reports show it: relative to the root. Links that lead out of it are refused."""
        resolved = path.resolve()
        if not resolved.is_relative_to(self.base):
            raise InvalidInput("a link leads out of the import folder", got=path.name)
        return resolved.relative_to(self.base).as_posix()

    def read(self, path: Path, *, limit: int = 512 * 2**20) -> bytes:
        """The bytes of a file of at most `limit` bytes."""
        size = path.stat().st_size
        if size > limit:
            raise LimitExceeded("a file is too large", where=self.name(path), got=size, wanted=f"<= {limit}")
        return path.read_bytes()

    def asset(self, path: Path) -> str:
        """Take a file as an asset: its SHA-256. The importer stores its bytes."""
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
        self.assets[digest.hexdigest()] = path
        return digest.hexdigest()

    def asset_of_bytes(self, data: bytes, *, store: Path) -> str:
        """Take bytes made by the reader (a transcript cut from a table) as an asset, kept in folder `store`."""
        digest = hashlib.sha256(data).hexdigest()
        path = store / digest
        path.write_bytes(data)
        self.assets[digest] = path
        return digest


@dataclass(slots=True, kw_only=True)
class ReadContext:
    """What a reader is given: ids, the layer to write into, the ontology to map to, a scratch folder.

    New classes and link types that the source brings are collected here and added to the ontology by the importer.
    """

    new_id: NewId
    layer: str
    ontology: Ontology
    scratch: Path
    options: dict[str, str] = field(default_factory=dict)
    class_map: dict[str, str] = field(default_factory=dict)
    """Source labels (as `label_key` spells them) that a person gave to a class of the ontology."""

    new_classes: dict[str, OntologyClass] = field(default_factory=dict)
    new_link_types: dict[str, LinkType] = field(default_factory=dict)

    def class_id(
        self, label: str, *, parent: str | None = None, attributes: tuple[Attribute, ...] = ()
    ) -> str:
        """The class for a source label: as a person mapped it, by id, name or synonym (case ignored), else a new one."""
        wanted = label_key(label)
        if wanted in self.class_map:
            return self.class_map[wanted]
        for known in (*self.ontology.classes, *self.new_classes.values()):
            if wanted in (known.id, known.name.casefold(), *(word.casefold() for word in known.synonyms)):
                return known.id
        slug = slug_of(label)
        if slug in self.new_classes or any(known.id == slug for known in self.ontology.classes):
            slug = f"{slug[:55]}-{hashlib.sha256(label.encode()).hexdigest()[:8]}"
        self.new_classes[slug] = OntologyClass(
            id=slug, name=label.strip() or slug, parent=parent, attributes=attributes
        )
        return slug

    def link_type(
        self, type_id: str, *, name: str, source: LinkEnd = ANY_END, target: LinkEnd = ANY_END
    ) -> str:
        """The link type `type_id` of the ontology, else a new one."""
        known = {*(link_type.id for link_type in self.ontology.link_types), *self.new_link_types}
        if type_id not in known:
            self.new_link_types[type_id] = LinkType(id=type_id, name=name, source=source, target=target)
        return type_id


def label_key(label: str) -> str:
    """How source labels are compared: without case and without blanks around them.

    >>> label_key(" Traffic Light")
    'traffic light'
    """
    return label.strip().casefold()


def slug_of(label: str) -> str:
    """A stable id from a label.

    >>> slug_of("Traffic light (red)")
    'traffic-light-red'
    """
    words = "".join(char if char.isascii() and char.isalnum() else " " for char in label.casefold()).split()
    slug = "-".join(words)[:64].strip("-")
    return slug if slug and is_slug(slug) else f"class-{hashlib.sha256(label.encode()).hexdigest()[:8]}"


def end_of(record: Annotation | Entity) -> End:
    """A link's end that was judged against `record` as it is."""
    kind = EndKind.ENTITY if isinstance(record, Entity) else EndKind.ANNOTATION
    return End(id=record.id, judged=revision_of_record(record), kind=kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Something a format cannot hold: how many of what, and why."""

    what: str
    count: int
    why: str


class ExportSource(Protocol):
    """What a writer is given."""

    @property
    def ontology(self) -> Ontology:
        """The project's ontology."""

    def bundles(self) -> Iterator[SampleBundle]:
        """Samples by key, with heads of all their records."""

    def project_records(self) -> tuple[AnyRecord, ...]:
        """Project, ontology and layers."""

    def log(self) -> Iterator[bytes]:
        """The project's history as canonical JSON lines."""

    def asset_path(self, digest: str) -> Path:
        """The bytes of an asset. Raises NotFound."""


class Format(Protocol):
    """One outside format. Instances are stateless; ids are those of the command line."""

    id: ClassVar[str]
    title: ClassVar[str]
    purpose: ClassVar[str]
    example: ClassVar[str]
    reads: ClassVar[bool]
    writes: ClassVar[bool]

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """Whole samples as they are parsed, and problems. Raises InvalidInput when nothing can be read at all."""

    def write(self, source: ExportSource, out: Path, *, options: dict[str, str]) -> tuple[Loss, ...]:
        """Write into the folder `out` (exists, empty); what could not be said is the answer."""
