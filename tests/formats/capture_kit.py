"""What the tests of capture formats share: a read context with counted ids, real data when it is there, exports."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from braid.base.errors import NotFound
from braid.base.ids import uuid7
from braid.formats.classes import with_new_classes
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources
from braid.model.records import Annotation, AnyRecord, Layer, Link, Ontology, OntologyClass
from braid.ontology.conformance import admit
from braid.ontology.templates import template_ontology

LAYER = uuid7(unix_ms=1, entropy=bytes(10))


class Counter:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        return uuid7(unix_ms=1_700_000_000_000, entropy=self.count.to_bytes(10, "big"))


def context_in(scratch: Path, *classes: OntologyClass, **options: str) -> ReadContext:
    scratch.mkdir(parents=True, exist_ok=True)
    ontology = Ontology(id=uuid7(unix_ms=2, entropy=bytes(10)), version=1, classes=classes)
    return ReadContext(
        new_id=Counter(), layer=LAYER, ontology=ontology, scratch=scratch, options=dict(options)
    )


def context_of_template(scratch: Path, template: str) -> ReadContext:
    context = context_in(scratch)
    context.ontology = template_ontology(template, ontology_id=context.ontology.id)
    return context


def read(kind: Any, root: Path, context: ReadContext) -> tuple[list[SampleBundle], list[Problem], Sources]:
    files = Sources(root)
    found = list(kind.read(files, context))
    bundles = [part for part in found if isinstance(part, SampleBundle)]
    problems = [part for part in found if isinstance(part, Problem)]
    for bundle in bundles:
        holds_together(bundle, files)
        conforms(bundle, context)
    return bundles, problems, files


def holds_together(bundle: SampleBundle, files: Sources) -> None:
    """Every id is fresh, every reference resolves inside the bundle, every asset is known."""
    ids = [record.id for record in bundle.records]
    assert len(ids) == len(set(ids))
    known = {bundle.sample.id, LAYER, *ids}
    for record in bundle.records:
        assert getattr(record, "sample", bundle.sample.id) == bundle.sample.id
        for name in ("stream", "layer", "entity"):
            assert getattr(record, name, None) in {None, *known}
        asset = getattr(record, "asset", None)
        assert asset is None or asset in files.assets
        if isinstance(record, Link):
            assert {record.source.id, record.target.id} <= known


def conforms(bundle: SampleBundle, context: ReadContext) -> None:
    """Every record may be written under the ontology that the import leaves behind."""
    ontology = with_new_classes(context.ontology, context)
    layer = Layer(id=LAYER, name="test", actor="test")
    heads: dict[str, AnyRecord] = {item.id: item for item in (layer, bundle.sample, *bundle.records)}
    for record in (ontology, bundle.sample, *bundle.records):
        admit(record, lambda key: None if key == record.id else heads.get(key), ontology)  # noqa: B023


def of(bundle: SampleBundle, kind: type[Any]) -> list[Any]:
    return [record for record in bundle.records if isinstance(record, kind)]


def annotations(bundle: SampleBundle, class_id: str | None = None) -> list[Annotation]:
    return [item for item in of(bundle, Annotation) if class_id in {None, item.class_id}]


class Export:
    """An ExportSource over bundles in memory."""

    def __init__(self, bundles: list[SampleBundle], context: ReadContext, files: Sources) -> None:
        self._bundles = bundles
        self._files = files
        self._ontology = with_new_classes(context.ontology, context)

    @property
    def ontology(self) -> Ontology:
        return self._ontology

    def bundles(self) -> Iterator[SampleBundle]:
        yield from self._bundles

    def project_records(self) -> tuple[AnyRecord, ...]:
        return (self._ontology,)

    def log(self) -> Iterator[bytes]:
        yield from ()

    def asset_path(self, digest: str) -> Path:
        if digest not in self._files.assets:
            raise NotFound("no such asset", got=digest)
        return self._files.assets[digest]


def real(relative: str) -> Path:
    """A real file or folder below BRAID_TEST_DATA; the test is skipped where that is not set."""
    root = os.environ.get("BRAID_TEST_DATA")
    if not root:
        pytest.skip("BRAID_TEST_DATA does not name a folder of real files")
    path = Path(root) / relative
    if not path.exists():
        pytest.skip(f"BRAID_TEST_DATA holds no {relative}")
    return path
