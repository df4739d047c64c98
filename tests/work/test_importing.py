"""Import: one commit or nothing; everything is accepted or rejected with its place."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from tests.work.folders import coco_folder, flickr_folder

from braid.base.errors import InvalidInput, LimitExceeded, NotFound, StaleWrite
from braid.model.changes import BatchResult, Origin, Outcome, OutcomeState
from braid.model.records import AnyRecord, Layer, LayerKind, Ontology, Stream
from braid.work.as_record import as_record
from braid.work.importing import import_files
from braid.work.workspace import Workspace, init_project


def records(workspace: Workspace, project: str, kind: str) -> list[AnyRecord]:
    return [as_record(held.record, AnyRecord) for held in workspace.store.records(project, kind)]


def blobs(workspace: Workspace) -> list[str]:
    return list(workspace.blobs.digests())


def test_an_import_is_one_commit_with_its_new_classes(workspace: Workspace, tmp_path: Path) -> None:
    project = init_project(workspace, name="Kites")
    report = import_files(workspace, project="kites", format_id="coco", path=coco_folder(tmp_path / "coco"))
    assert (report.accepted.samples, report.accepted.streams, report.accepted.annotations) == (3, 3, 3)
    assert not report.rejected
    assert workspace.store.seq(project.id) == 2
    commit = workspace.store.commit_at(project.id, 2)
    assert (commit.origin, commit.actor) == (Origin.IMPORT, "local")
    ontology: Ontology = as_record(workspace.store.ontology(project.id).record, Ontology)
    assert (ontology.version, [known.id for known in ontology.classes]) == (2, ["kite"])
    assert len(blobs(workspace)) == 3


def test_streams_carry_measured_facts(workspace: Workspace, tmp_path: Path) -> None:
    project = init_project(workspace, name="Kites")
    root = coco_folder(tmp_path / "coco", pictures=1)
    path = root / "annotations" / "instances.json"
    document = json.loads(path.read_text())
    document["images"][0]["width"] = 64
    path.write_text(json.dumps(document))
    report = import_files(workspace, project="kites", format_id="coco", path=root)
    (stream,) = records(workspace, project.id, "stream")
    assert isinstance(stream, Stream)
    assert (stream.facts.width_px, stream.facts.height_px, stream.media_type) == (32, 24, "image/png")
    assert [warning.code for warning in report.warnings] == ["W_SIZE_DIFFERS"]


def test_unreadable_media_refuse_their_sample_with_the_reason(workspace: Workspace, tmp_path: Path) -> None:
    project = init_project(workspace, name="Kites")
    root = coco_folder(tmp_path / "coco", broken=(2,))
    report = import_files(workspace, project="kites", format_id="coco", path=root)
    assert report.accepted.samples == 2
    assert any("picture-2.png" in one.where and "HTML" in one.reason for one in report.rejected)
    assert any("sample picture-2" in one.where for one in report.rejected)
    assert len(records(workspace, project.id, "annotation")) == 2


def test_a_dry_run_says_the_same_and_writes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    project = init_project(workspace, name="Kites")
    root = coco_folder(tmp_path / "coco", broken=(2,))
    dry = import_files(workspace, project="kites", format_id="coco", path=root, dry_run=True)
    assert workspace.store.seq(project.id) == 1
    assert blobs(workspace) == []
    assert import_files(workspace, project="kites", format_id="coco", path=root) == dry


def test_a_second_import_of_the_same_is_refused_sample_by_sample(
    workspace: Workspace, tmp_path: Path
) -> None:
    project = init_project(workspace, name="Kites")
    root = coco_folder(tmp_path / "coco")
    import_files(workspace, project="kites", format_id="coco", path=root)
    report = import_files(workspace, project="kites", format_id="coco", path=root)
    assert report.accepted.samples == 0
    assert [one.where for one in report.rejected] == [f"sample picture-{number}" for number in (1, 2, 3)]
    assert workspace.store.seq(project.id) == 2


def test_a_named_layer_is_made_once(workspace: Workspace, tmp_path: Path) -> None:
    project = init_project(workspace, name="Kites")
    import_files(
        workspace, project="kites", format_id="coco", path=coco_folder(tmp_path / "a"), layer="vendor"
    )
    import_files(
        workspace,
        project="kites",
        format_id="flickr30k-entities",
        path=flickr_folder(tmp_path / "b"),
        layer="vendor",
    )
    layers = [one for one in records(workspace, project.id, "layer") if isinstance(one, Layer)]
    assert sorted((one.name, one.layer_kind) for one in layers) == [
        ("Local", LayerKind.PERSON),
        ("vendor", LayerKind.IMPORT),
    ]


def test_captions_with_phrases_conform_to_their_template(workspace: Workspace, tmp_path: Path) -> None:
    project = init_project(workspace, name="Kites", template="vision-language")
    report = import_files(
        workspace, project="kites", format_id="flickr30k-entities", path=flickr_folder(tmp_path / "flickr")
    )
    assert not report.rejected
    assert (report.accepted.annotations, report.accepted.links, report.accepted.entities) == (5, 2, 2)
    assert len(records(workspace, project.id, "link")) == 2


def test_nothing_that_can_be_read_writes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    project = init_project(workspace, name="Kites")
    root = coco_folder(tmp_path / "coco")
    path = root / "annotations" / "instances.json"
    path.write_text(path.read_text()[:-30])
    with pytest.raises(InvalidInput, match="line 1"):
        import_files(workspace, project="kites", format_id="coco", path=root)
    assert workspace.store.seq(project.id) == 1
    assert blobs(workspace) == []


@pytest.mark.parametrize(
    ("state", "error"), [(OutcomeState.STALE, StaleWrite), (OutcomeState.INVALID, InvalidInput)]
)
def test_what_the_store_refuses_is_an_error_and_no_part_of_it_stands(
    workspace: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    state: OutcomeState,
    error: type[Exception],
) -> None:
    from braid.model.changes import ChangeSet, ErrorBody

    project = init_project(workspace, name="Kites")

    def refuse(_: str, change_sets: list[ChangeSet], *, actor: str) -> BatchResult:
        body = ErrorBody(code="invalid_input", message=f"refused for {actor}")
        outcomes = tuple(Outcome(id=one.id, state=state, errors=(body,)) for one in change_sets)
        return BatchResult(outcomes=outcomes, seq=1)

    with monkeypatch.context() as patched:
        patched.setattr(workspace.store, "commit", refuse)
        with pytest.raises(error):
            import_files(workspace, project="kites", format_id="coco", path=coco_folder(tmp_path / "coco"))
    assert workspace.store.seq(project.id) == 1
    assert records(workspace, project.id, "sample") == []


def test_more_than_one_import_takes_is_refused_as_a_whole(workspace: Workspace, tmp_path: Path) -> None:
    project = init_project(workspace, name="Kites")
    with pytest.raises(LimitExceeded, match="Split the source"):
        import_files(
            workspace, project="kites", format_id="coco", path=coco_folder(tmp_path / "coco"), max_records=5
        )
    assert workspace.store.seq(project.id) == 1
    assert blobs(workspace) == []


def test_a_zip_archive_is_read_like_its_folder(workspace: Workspace, tmp_path: Path) -> None:
    init_project(workspace, name="Kites")
    root = coco_folder(tmp_path / "coco")
    packed = tmp_path / "coco.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(root.rglob("*")):
            archive.write(path, path.relative_to(tmp_path).as_posix())
    report = import_files(workspace, project="kites", format_id="coco", path=packed)
    assert report.accepted.samples == 3
    assert list((workspace.root / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    ("project", "format_id", "path"),
    [("none", "coco", "."), ("kites", "none", "."), ("kites", "coco", "gone")],
)
def test_unknown_names_are_errors(
    workspace: Workspace, tmp_path: Path, project: str, format_id: str, path: str
) -> None:
    init_project(workspace, name="Kites")
    with pytest.raises(NotFound):
        import_files(workspace, project=project, format_id=format_id, path=tmp_path / path)


def test_progress_names_each_sample(workspace: Workspace, tmp_path: Path) -> None:
    init_project(workspace, name="Kites")
    seen: list[tuple[int, str]] = []
    import_files(
        workspace,
        project="kites",
        format_id="coco",
        path=coco_folder(tmp_path / "coco"),
        progress=lambda done, key: seen.append((done, key)),
    )
    assert seen == [(1, "picture-1"), (2, "picture-2"), (3, "picture-3")]


@pytest.mark.parametrize(
    ("template", "format_id", "relative", "samples", "annotations", "links"),
    [
        ("vision-language", "coco", "vision_language/coco_mini", 28, 497, 0),
        ("vision-language", "flickr30k-entities", "vision_language/flickr30k_entities", 7, 165, 58),
        ("vision-language", "coco-entities", "vision_language/coco_entities", 1, 28, 27),
        ("dialogue", "meld", "dialogue/meld/dev_sent_emo.csv", 114, 1109, 1109),
    ],
)
def test_real_data_goes_into_its_template_without_a_refusal(
    shared_data: Path,
    workspace: Workspace,
    template: str,
    format_id: str,
    relative: str,
    samples: int,
    annotations: int,
    links: int,
) -> None:
    init_project(workspace, name="Real", template=template)
    report = import_files(workspace, project="real", format_id=format_id, path=shared_data / relative)
    assert not report.rejected
    accepted = report.accepted
    assert (accepted.samples, accepted.annotations, accepted.links) == (samples, annotations, links)


@pytest.mark.parametrize(
    ("format_id", "name"),
    [
        ("coco", "malformed_truncated.json"),
        ("coco", "zip_slip.zip"),
        ("meld", "zip_slip.zip"),
        ("meld", "bom_crlf.json"),
    ],
)
def test_real_broken_files_leave_no_trace(
    shared_data: Path, workspace: Workspace, format_id: str, name: str
) -> None:
    project = init_project(workspace, name="Real")
    with pytest.raises(InvalidInput):
        import_files(workspace, project="real", format_id=format_id, path=shared_data / "broken" / name)
    assert workspace.store.seq(project.id) == 1
    assert blobs(workspace) == []
