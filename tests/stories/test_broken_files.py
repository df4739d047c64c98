"""Every damaged file, offered to every format and to the prober: a clear answer, never a crash, never half a commit."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from braid.base.errors import BraidError
from braid.formats.registry import FORMATS
from braid.media import probe
from braid.work.importing import import_files
from braid.work.workspace import Workspace, init_project

ROOT = Path(os.environ["BRAID_TEST_DATA"]) / "broken" if "BRAID_TEST_DATA" in os.environ else None
FILES = (
    sorted(
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*")
        if path.is_file() and path.suffix != ".md"
    )
    if ROOT is not None and ROOT.is_dir()
    else []
)
MEMORY_LIMIT_KIB = 1_500_000


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with Workspace.open(tmp_path_factory.mktemp("broken"), create=True) as made:
        yield made


@pytest.fixture
def broken(shared_data: Path) -> Path:
    return shared_data / "broken"


def test_there_are_damaged_files_to_try(broken: Path) -> None:
    assert len(FILES) > 40


@pytest.mark.parametrize("name", FILES)
def test_every_format_answers_clearly_and_leaves_nothing_half_written(
    broken: Path, workspace: Workspace, name: str, tmp_path: Path
) -> None:
    alone = tmp_path / Path(name).name
    shutil.copyfile(broken / name, alone)
    project = init_project(workspace, name=f"{name} {len(workspace.store.projects())}", template="dialogue")
    for format_id in FORMATS:
        before = workspace.store.seq(project.id)
        try:
            report = import_files(workspace, project=project.id, format_id=format_id, path=alone)
        except BraidError as refusal:
            assert len(refusal.what) > 5
            assert workspace.store.seq(project.id) == before
            continue
        for rejected in report.rejected:
            assert rejected.where
            assert rejected.reason
        assert workspace.store.seq(project.id) - before == (1 if report.accepted.samples else 0)
    workspace.store.verify(project.id)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MEMORY_LIMIT_KIB


@pytest.mark.parametrize("name", FILES)
def test_probing_a_damaged_file_gives_facts_or_a_clear_refusal(broken: Path, name: str) -> None:
    path = broken / name
    try:
        found = probe(path, name=path.name)
    except BraidError as refusal:
        assert refusal.what
        return
    assert found.modality is not None
