"""Export and the way back: the native export loses nothing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import msgspec
import pytest
from tests.work.folders import coco_folder, files_of, flickr_folder

from braid.base.errors import Conflict, Corrupt, InvalidInput, NotFound
from braid.formats.seam import Loss
from braid.model.changes import ChangeSet, OutcomeState, Update
from braid.model.records import Annotation, AnyRecord, Link, LinkStatus
from braid.model.regions import Box
from braid.work.as_record import as_record
from braid.work.exporting import export_project
from braid.work.importing import import_files
from braid.work.workspace import Workspace, init_project


def begun(workspace: Workspace, tmp_path: Path) -> str:
    """A project with boxes, captions, phrases, links, entities."""
    project = init_project(workspace, name="Kites", template="vision-language")
    import_files(workspace, project="kites", format_id="coco", path=coco_folder(tmp_path / "coco"))
    import_files(
        workspace, project="kites", format_id="flickr30k-entities", path=flickr_folder(tmp_path / "flickr")
    )
    return project.id


def move_a_box(workspace: Workspace, project: str) -> None:
    """Change what a link was judged on."""
    links: list[Link] = [as_record(held.record, Link) for held in workspace.store.records(project, "link")]
    held = workspace.store.heads(project, [links[0].target.id])[links[0].target.id]
    box: Annotation = as_record(held.record, Annotation)
    moved = msgspec.structs.replace(box, region=Box(x0_px=20.0, y0_px=1.0, x1_px=30.0, y1_px=9.0))
    change_set = ChangeSet(id=workspace.new_id(), ops=(Update(record=moved, base=held.rev),))
    (outcome,) = workspace.store.commit(project, [change_set], actor="local").outcomes
    assert outcome.state is OutcomeState.COMMITTED
    assert len(workspace.store.suspects(project)) == 1


@pytest.mark.parametrize("history", ["", "yes"])
def test_export_import_export_gives_the_same_bytes(
    workspace: Workspace, other: Workspace, tmp_path: Path, history: str
) -> None:
    begun(workspace, tmp_path)
    options = {"history": history}
    assert (
        export_project(workspace, project="kites", format_id="braid", out=tmp_path / "one", options=options)
        == ()
    )
    report = import_files(other, project="kites", format_id="braid", path=tmp_path / "one")
    assert (report.accepted.samples, report.rejected, report.warnings) == (4, (), ())
    export_project(other, project="kites", format_id="braid", out=tmp_path / "two", options=options)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    assert ("history.ndjson" in files_of(tmp_path / "one")) is bool(history)


def test_the_same_state_is_exported_twice_as_the_same_bytes(workspace: Workspace, tmp_path: Path) -> None:
    begun(workspace, tmp_path)
    for name in ("one", "two"):
        export_project(workspace, project="kites", format_id="braid", out=tmp_path / name)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_history_brings_suspects_and_past_states_along(
    workspace: Workspace, other: Workspace, tmp_path: Path
) -> None:
    project = begun(workspace, tmp_path)
    move_a_box(workspace, project)
    options = {"history": "yes"}
    assert (
        export_project(workspace, project="kites", format_id="braid", out=tmp_path / "one", options=options)
        == ()
    )
    import_files(other, project="kites", format_id="braid", path=tmp_path / "one")
    assert other.store.suspects(project) == workspace.store.suspects(project)
    assert other.store.verify(project) == workspace.store.verify(project)
    export_project(other, project="kites", format_id="braid", out=tmp_path / "two", options=options)
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_without_history_a_suspect_link_is_told_and_waits_as_a_proposal(
    workspace: Workspace, other: Workspace, tmp_path: Path
) -> None:
    project = begun(workspace, tmp_path)
    move_a_box(workspace, project)
    (loss,) = export_project(workspace, project="kites", format_id="braid", out=tmp_path / "one")
    assert (loss.what, loss.count) == ("suspect link", 1)
    report = import_files(other, project="kites", format_id="braid", path=tmp_path / "one")
    assert [warning.code for warning in report.warnings] == ["W_JUDGED_UNKNOWN"]
    links: list[Link] = [as_record(held.record, Link) for held in other.store.records(project, "link")]
    assert sorted(link.status for link in links) == [LinkStatus.ACCEPTED, LinkStatus.PROPOSED]


def test_an_export_goes_into_a_project_that_is_there(
    workspace: Workspace, other: Workspace, tmp_path: Path
) -> None:
    begun(workspace, tmp_path)
    export_project(workspace, project="kites", format_id="braid", out=tmp_path / "one")
    owner = init_project(other, name="Collection")
    report = import_files(other, project="collection", format_id="braid", path=tmp_path / "one")
    assert (report.accepted.samples, report.rejected) == (4, ())
    links: list[Link] = [as_record(held.record, Link) for held in other.store.records(owner.id, "link")]
    assert len(links) == 2
    again = import_files(other, project="collection", format_id="braid", path=tmp_path / "one")
    assert again.accepted.samples == 0
    assert len(again.rejected) == 4


def test_a_dry_run_of_an_export_makes_no_project(
    workspace: Workspace, other: Workspace, tmp_path: Path
) -> None:
    begun(workspace, tmp_path)
    export_project(workspace, project="kites", format_id="braid", out=tmp_path / "one")
    report = import_files(other, project="kites", format_id="braid", path=tmp_path / "one", dry_run=True)
    assert report.accepted.samples == 4
    assert other.store.projects() == ()


def test_the_same_project_twice_is_a_conflict(workspace: Workspace, tmp_path: Path) -> None:
    begun(workspace, tmp_path)
    export_project(workspace, project="kites", format_id="braid", out=tmp_path / "one")
    with pytest.raises(Conflict):
        import_files(workspace, project="other-name", format_id="braid", path=tmp_path / "one")


def forge(out: Path, name: str, old: bytes, new: bytes) -> None:
    """Change a file and its entry in the manifest."""
    data = (out / name).read_bytes().replace(old, new)
    assert new in data
    (out / name).write_bytes(data)
    manifest = json.loads((out / "manifest.json").read_bytes())
    manifest["files"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    (out / "manifest.json").write_text(json.dumps(manifest))


def test_values_that_cannot_be_are_refused(workspace: Workspace, other: Workspace, tmp_path: Path) -> None:
    begun(workspace, tmp_path)
    export_project(workspace, project="kites", format_id="braid", out=tmp_path / "one")
    forge(tmp_path / "one", "samples.ndjson", b'"x0_px":21', b'"x0_px":2100')
    report = import_files(other, project="kites", format_id="braid", path=tmp_path / "one")
    assert report.accepted.samples == 4
    assert any(one.where.startswith("sample 9") and "box" in one.reason for one in report.rejected)


def test_an_ontology_that_does_not_hold_is_refused(
    workspace: Workspace, other: Workspace, tmp_path: Path
) -> None:
    begun(workspace, tmp_path)
    export_project(workspace, project="kites", format_id="braid", out=tmp_path / "one")
    forge(tmp_path / "one", "project.json", b'"parent":"person"', b'"parent":"nobody"')
    with pytest.raises(InvalidInput, match="nobody"):
        import_files(other, project="kites", format_id="braid", path=tmp_path / "one")
    assert other.store.projects() == ()


def test_history_that_tells_something_else_than_the_samples_is_refused(
    workspace: Workspace, other: Workspace, tmp_path: Path
) -> None:
    begun(workspace, tmp_path)
    out = tmp_path / "one"
    export_project(workspace, project="kites", format_id="braid", out=out, options={"history": "yes"})
    forge(out, "samples.ndjson", b'"key":"picture-1"', b'"key":"picture-X"')
    with pytest.raises(Corrupt, match="different things"):
        import_files(other, project="kites", format_id="braid", path=out)
    assert other.store.projects() == ()


def test_an_export_with_another_format_reports_its_losses(workspace: Workspace, tmp_path: Path) -> None:
    begun(workspace, tmp_path)
    losses = export_project(workspace, project="kites", format_id="coco", out=tmp_path / "coco-out")
    assert Loss(what="link", count=2, why="COCO has no place for it") in losses
    document = json.loads((tmp_path / "coco-out" / "annotations" / "instances.json").read_text())
    assert len(document["annotations"]) == 5


def test_a_place_that_holds_something_is_left_alone(workspace: Workspace, tmp_path: Path) -> None:
    begun(workspace, tmp_path)
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine").write_text("mine")
    with pytest.raises(Conflict):
        export_project(workspace, project="kites", format_id="braid", out=out)
    assert files_of(out) == {"mine": b"mine"}


def test_a_failed_export_leaves_nothing(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(workspace, tmp_path)

    def fail(_: str) -> Path:
        raise OSError("the disk is gone")

    monkeypatch.setattr(workspace, "asset_path", fail)
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(OSError, match="the disk is gone"):
        export_project(workspace, project="kites", format_id="braid", out=tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_formats_and_projects_are_checked(workspace: Workspace, tmp_path: Path) -> None:
    begun(workspace, tmp_path)
    with pytest.raises(InvalidInput, match="only read"):
        export_project(workspace, project="kites", format_id="coco-entities", out=tmp_path / "out")
    with pytest.raises(NotFound):
        export_project(workspace, project="none", format_id="braid", out=tmp_path / "out")


def test_all_records_of_a_sample_are_exported(workspace: Workspace, tmp_path: Path) -> None:
    project = begun(workspace, tmp_path)
    export_project(workspace, project="kites", format_id="braid", out=tmp_path / "one")
    lines = (tmp_path / "one" / "samples.ndjson").read_bytes().splitlines()
    kinds = ("sample", "stream", "entity", "annotation", "link")
    heads: list[AnyRecord] = [
        as_record(held.record, AnyRecord) for kind in kinds for held in workspace.store.records(project, kind)
    ]
    assert sorted(json.loads(line)["id"] for line in lines) == sorted(record.id for record in heads)


def test_assets_that_are_gone_are_told_on_both_ways(
    workspace: Workspace, other: Workspace, tmp_path: Path
) -> None:
    begun(workspace, tmp_path)
    digest = next(iter(workspace.blobs.digests()))
    workspace.asset_path(digest).unlink()
    (loss,) = export_project(workspace, project="kites", format_id="braid", out=tmp_path / "one")
    assert (loss.what, loss.count) == ("asset", 1)
    report = import_files(other, project="kites", format_id="braid", path=tmp_path / "one")
    assert [(one.where, one.code) for one in report.warnings] == [(f"asset {digest}", "W_ASSET_MISSING")]
