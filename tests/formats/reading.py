"""What the tests of formats share: a context with counted ids, a reader that sorts bundles from problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from braid.base.ids import NewId
from braid.formats.classes import with_new_classes
from braid.formats.registry import format_of
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources
from braid.model.records import Annotation, AnyRecord, Entity, Layer, Link, Ontology, Project, Stream


def counted_ids(start: int = 0) -> NewId:
    """Ids that count up, so that tests are the same every time."""
    count = start

    def new_id() -> str:
        nonlocal count
        count += 1
        return f"01900000-0000-7000-8000-{count:012x}"

    return new_id


LAYER = "01900000-0000-7000-8000-00000000ffff"
TEST_PROJECT = Project(id="01900000-0000-7000-8000-00000000fffe", slug="test", name="Test")


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a format gave."""

    bundles: tuple[SampleBundle, ...]
    problems: tuple[Problem, ...]
    context: ReadContext

    def annotations(self) -> list[Annotation]:
        return [r for bundle in self.bundles for r in bundle.records if isinstance(r, Annotation)]

    def links(self) -> list[Link]:
        return [r for bundle in self.bundles for r in bundle.records if isinstance(r, Link)]

    def entities(self) -> list[Entity]:
        return [r for bundle in self.bundles for r in bundle.records if isinstance(r, Entity)]

    def streams(self) -> list[Stream]:
        return [r for bundle in self.bundles for r in bundle.records if isinstance(r, Stream)]

    def rejected(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.rejected]

    def odd(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.rejected]


def read_with(
    format_id: str,
    root: Path,
    scratch: Path,
    *,
    ontology: Ontology | None = None,
    options: dict[str, str] | None = None,
) -> Read:
    """Read `root` with a format."""
    scratch.mkdir(exist_ok=True)
    new_id = counted_ids()
    context = ReadContext(
        new_id=new_id,
        layer=LAYER,
        ontology=ontology or Ontology(id=new_id(), version=1),
        scratch=scratch,
        options=options or {},
    )
    bundles: list[SampleBundle] = []
    problems: list[Problem] = []
    for found in format_of(format_id).read(Sources(root), context):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            bundles.append(found)
    return Read(bundles=tuple(bundles), problems=tuple(problems), context=context)


@dataclass(frozen=True, kw_only=True)
class Written:
    """An export source made of what was read."""

    ontology: Ontology
    samples: Sequence[SampleBundle]
    assets: dict[str, Path]
    project: Project = TEST_PROJECT
    lines: tuple[bytes, ...] = ()

    def bundles(self) -> Iterator[SampleBundle]:
        return iter(sorted(self.samples, key=lambda bundle: bundle.sample.key))

    def project_records(self) -> tuple[AnyRecord, ...]:
        return (self.project, self.ontology, Layer(id=LAYER, name="Local", actor="local"))

    def log(self) -> Iterator[bytes]:
        return iter(self.lines)

    def asset_path(self, digest: str) -> Path:
        return self.assets[digest]


def source_of(read: Read, root: Path) -> Written:
    """What was read, as something to export. Assets are found again by reading `root`'s files."""
    files = Sources(root)
    for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
        if path.is_file():
            files.asset(path)
    for path in sorted(read.context.scratch.iterdir()):
        if path.is_file():
            files.asset(path)
    return Written(
        ontology=with_new_classes(read.context.ontology, read.context),
        samples=read.bundles,
        assets=files.assets,
    )


def plain(record: AnyRecord) -> object:
    """A record as JSON values."""
    return msgspec.to_builtins(record)
