"""The demo projects are fully labelled and linked, and hold just the errors that were planted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from braid.demo import build
from braid.media.clouds import read_points
from braid.model.records import AnyRecord, Calibration, Ontology, Sample, Stream
from braid.space.transforms import inverse
from braid.work.as_record import as_record
from braid.work.calibration_sanity import CalibrationSanity
from braid.work.checking import run_built_in
from braid.work.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.open(Path(tmp_path_factory.mktemp("demo")), create=True) as made:
        build(made)
        yield made


def test_there_is_a_project_of_each_template(workspace: Workspace) -> None:
    assert {(found.slug, found.template) for found in workspace.store.projects()} == {
        ("street-scenes", "vision-language"),
        ("city-drive", "driving"),
        ("support-calls", "dialogue"),
    }


def test_building_again_adds_nothing(workspace: Workspace) -> None:
    before = [(project.id, project.seq) for project in workspace.store.projects()]
    build(workspace)
    assert [(project.id, project.seq) for project in workspace.store.projects()] == before


@pytest.mark.parametrize(
    ("slug", "planted"),
    [
        ("street-scenes", {"mention": 3, "link-type": 1, "entity-label": 1}),
        ("city-drive", {"projection": 1}),
        ("support-calls", {"temporal-overlap": 1}),
    ],
)
def test_the_planted_errors_are_found_and_nothing_else(
    workspace: Workspace, slug: str, planted: dict[str, int]
) -> None:
    project = workspace.store.project_by_slug(slug).id
    samples = [row.id for row in workspace.store.samples(project).items]
    findings = run_built_in(workspace, project, samples)
    assert Counter(finding.check for finding in findings) == planted, [
        finding.message for finding in findings
    ]


def test_the_drives_calibrations_raise_no_warning(workspace: Workspace) -> None:
    """The same look as at an import; with one extrinsic the wrong way round it would warn."""
    project = workspace.store.project_by_slug("city-drive").id
    ontology: Ontology = as_record(workspace.store.ontology(project).record, Ontology)
    (row,) = workspace.store.samples(project).items
    view = workspace.store.sample(project, row.id)
    sample: Sample = as_record(view.sample.record, Sample)
    held = [*view.streams, *view.clock_maps, *view.calibrations, *view.trajectories, *view.entities]
    held += [*view.annotations, *view.links]
    records: list[AnyRecord] = [as_record(one.record, AnyRecord) for one in held]
    assets = {
        record.asset: workspace.blobs.path(record.asset)
        for record in records
        if isinstance(record, Stream) and record.asset is not None
    }
    sanity = CalibrationSanity(read_points=read_points, assets=assets)
    assert list(sanity.problems(sample, records, ontology)) == []
    for place, record in enumerate(records):
        if isinstance(record, Calibration) and record.camera is not None:
            turned = inverse(record.parent_from_frame)
            records[place] = msgspec.structs.replace(record, parent_from_frame=turned)
    assert list(sanity.problems(sample, records, ontology)) != []
