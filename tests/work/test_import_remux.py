"""The option `remux` of every import. Rule T15."""

from __future__ import annotations

from pathlib import Path

from tests.media.click_clips import CASES, write_case

from braid.base.hashing import sha256_hex
from braid.model.records import AnyRecord, Modality, Stream
from braid.model.timing import Timescale
from braid.work.as_record import as_record
from braid.work.importing import import_files
from braid.work.workspace import Workspace, init_project

BY_NAME = {case.name: case for case in CASES}
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:01.000\nA click.\n"


def imported(
    workspace: Workspace, folder: Path, name: str, remux: str
) -> tuple[Path, list[Stream], set[str]]:
    """The file, the streams made of it, and the codes of the report."""
    folder.mkdir()
    path = write_case(folder, BY_NAME[name])
    path.with_suffix(".vtt").write_text(CAPTIONS, encoding="utf-8")
    project = init_project(workspace, name=f"{name} {remux}", slug=f"p-{remux}")
    report = import_files(
        workspace, project=project.slug, format_id="webvtt", path=folder, options={"remux": remux}
    )
    held = [as_record(one.record, AnyRecord) for one in workspace.store.records(project.id, "stream")]
    streams = [one for one in held if isinstance(one, Stream) and one.modality is not Modality.TEXT]
    return path, streams, {one.code for one in report.warnings}


def test_T15_a_remuxed_stream_names_the_original_and_keeps_its_doubts(
    workspace: Workspace, tmp_path: Path
) -> None:
    path, streams, codes = imported(workspace, tmp_path / "a", "mp4 without edit list", "yes")
    original = sha256_hex(path.read_bytes())
    assert "remuxed" in codes
    assert streams
    for stream in streams:
        assert stream.source["original_sha256"] == original
        assert stream.asset not in {None, original}
        assert stream.asset in set(workspace.blobs.digests())
        assert "W_PRIMING_UNKNOWN" in stream.facts.warnings
        assert stream.facts.priming is None
        assert stream.facts.edits
    assert len({stream.asset for stream in streams}) == 1
    assert original not in set(workspace.blobs.digests())


def test_T15_nothing_is_remuxed_unless_it_is_asked_for(workspace: Workspace, tmp_path: Path) -> None:
    path, streams, codes = imported(workspace, tmp_path / "a", "mp4 without edit list", "no")
    assert {stream.asset for stream in streams} == {sha256_hex(path.read_bytes())}
    assert "remuxed" not in codes
    assert not any("original_sha256" in stream.source for stream in streams)


def test_a_stream_of_a_container_knows_its_clock(workspace: Workspace, tmp_path: Path) -> None:
    _, streams, _ = imported(workspace, tmp_path / "a", "mp4", "no")
    by_kind = {stream.modality: stream.timing for stream in streams}
    assert by_kind[Modality.VIDEO].timescale is Timescale.MEDIA
    assert by_kind[Modality.VIDEO].period_ns in {33_366_666, 33_366_667}
