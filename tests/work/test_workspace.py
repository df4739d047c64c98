"""The workspace folder and the beginning of projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from braid.base.errors import Conflict, InvalidInput, NotFound
from braid.work.opening import database_of
from braid.work.workspace import Workspace, find_layer, init_project


def test_a_folder_without_workspace_is_an_error_unless_one_may_be_made(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no workspace here"):
        Workspace.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    with Workspace.open(tmp_path / "none", create=True):
        assert (tmp_path / "none" / "braid.db").exists()
    with Workspace.open(tmp_path / "none") as opened:
        assert opened.store.projects() == ()


def test_the_database_is_that_of_the_environment_then_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("database_url: postgresql://there/a\n")
    configured = database_of(tmp_path, environment={}, create=False)
    named = database_of(tmp_path, environment={"BRAID_DATABASE_URL": "postgresql://here/b"}, create=False)
    assert (configured, named) == ("postgresql://there/a", "postgresql://here/b")


@pytest.mark.parametrize("text", ["[", "database_url: 7\n"])
def test_a_broken_configuration_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.yaml").write_text(text)
    with pytest.raises(InvalidInput):
        database_of(tmp_path, environment={}, create=True)


def test_a_project_begins_with_its_template_and_the_local_layer(workspace: Workspace) -> None:
    project = init_project(workspace, name="Night drives", template="driving")
    assert (project.slug, project.template, project.seq) == ("night-drives", "driving", 1)
    layer = find_layer(workspace, project.id, name="", actor="local")
    assert layer is not None
    assert workspace.local_layer(project.id) == layer.id
    assert find_layer(workspace, project.id, name=layer.name, actor="somebody") == layer
    assert find_layer(workspace, project.id, name="", actor="somebody") is None


def test_a_slug_is_taken_once(workspace: Workspace) -> None:
    init_project(workspace, name="Kites")
    with pytest.raises(Conflict):
        init_project(workspace, name="Other", slug="kites")
    assert len(workspace.store.projects()) == 1


@pytest.mark.parametrize(("name", "slug"), [("", ""), ("Kites", "No Slug"), ("  ", "kites")])
def test_names_and_slugs_are_checked(workspace: Workspace, name: str, slug: str) -> None:
    with pytest.raises(InvalidInput):
        init_project(workspace, name=name, slug=slug)


def test_an_unknown_template_is_an_error(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        init_project(workspace, name="Kites", template="kites")
    assert workspace.store.projects() == ()


def test_bytes_are_kept_by_digest(workspace: Workspace) -> None:
    (digest,) = workspace.blobs_put([b"kite"])
    assert workspace.asset_path(digest).read_bytes() == b"kite"
    with pytest.raises(NotFound):
        workspace.asset_path("0" * 64)
