"""The native export as a hostile reader and an exact writer; whole round trips are in tests/work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.formats.reading import LAYER, TEST_PROJECT, Read, Written, counted_ids, read_with, source_of

from braid.base.canonical import canonical_json
from braid.base.errors import BraidError, Corrupt, InvalidInput, NotFound
from braid.formats.braid_native import BraidNative
from braid.formats.seam import SampleBundle, Sources
from braid.model.records import Annotation, Modality, Ontology, OntologyClass, Sample, Sampling, Stream
from braid.model.regions import Box

PICTURE = b"not decoded by formats"


def made(tmp_path: Path, *, keys: tuple[str, ...] = ("b", "a")) -> Written:
    new_id = counted_ids(100)
    picture = tmp_path / "picture"
    picture.write_bytes(PICTURE)
    digest = hashlib.sha256(PICTURE).hexdigest()
    bundles = []
    for key in keys:
        sample = Sample(id=new_id(), key=key, tags=("x",))
        stream = Stream(
            id=new_id(),
            sample=sample.id,
            name="image",
            modality=Modality.IMAGE,
            sampling=Sampling.INSTANT,
            asset=digest,
        )
        boxes = tuple(
            Annotation(
                id=new_id(),
                sample=sample.id,
                stream=stream.id,
                layer=LAYER,
                class_id="kite",
                region=Box(x0_px=0.1, y0_px=0.0, x1_px=1e-7, y1_px=2.5),
            )
            for _ in range(2)
        )
        bundles.append(SampleBundle(sample=sample, records=(*reversed(boxes), stream)))
    ontology = Ontology(id=new_id(), version=3, classes=(OntologyClass(id="kite", name="Kite"),))
    return Written(ontology=ontology, samples=tuple(bundles), assets={digest: picture})


def write(source: Written, out: Path, **options: str) -> dict[str, bytes]:
    out.mkdir()
    assert BraidNative().write(source, out, options=options) == ()
    return files_of(out)


def files_of(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def test_samples_stand_by_key_and_records_by_kind_and_id(tmp_path: Path) -> None:
    files = write(made(tmp_path), tmp_path / "out")
    lines = [json.loads(line) for line in files["samples.ndjson"].splitlines()]
    assert [line["kind"] for line in lines] == ["sample", "stream", "annotation", "annotation"] * 2
    assert [line["key"] for line in lines if line["kind"] == "sample"] == ["a", "b"]
    assert lines[2]["id"] < lines[3]["id"]
    assert all(
        canonical_json(line) == raw
        for line, raw in zip(lines, files["samples.ndjson"].splitlines(), strict=True)
    )


def test_manifest_has_every_file_with_digest_and_size(tmp_path: Path) -> None:
    files = write(made(tmp_path), tmp_path / "out")
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["files"] == {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)} for name, data in files.items()
    }


def test_what_is_read_is_written_as_the_same_bytes(tmp_path: Path) -> None:
    source = made(tmp_path)
    first = write(source, tmp_path / "out")
    read = read_with("braid", tmp_path / "out", tmp_path / "scratch")
    assert not read.problems
    again = replace(source_of(read, tmp_path / "out"), ontology=source.ontology)
    assert write(again, tmp_path / "again") == first


def test_history_is_written_when_asked_for_and_read_back(tmp_path: Path) -> None:
    source = replace(made(tmp_path), lines=(b'{"seq":1}', b'{"seq":2}'))
    write(source, tmp_path / "out", history="yes")
    lines = BraidNative().history(Sources(tmp_path / "out"))
    assert lines is not None
    assert list(lines) == [b'{"seq":1}', b'{"seq":2}']
    write(source, tmp_path / "without")
    assert BraidNative().history(Sources(tmp_path / "without")) is None


def test_an_asset_that_is_not_there_is_a_loss(tmp_path: Path) -> None:
    class Empty(Written):
        def asset_path(self, digest: str) -> Path:
            raise NotFound("gone", got=digest)

    source = made(tmp_path)
    empty = Empty(ontology=source.ontology, samples=source.samples, assets={})
    (tmp_path / "out").mkdir()
    (loss,) = BraidNative().write(empty, tmp_path / "out", options={})
    assert (loss.what, loss.count) == ("asset", 1)


def seal(out: Path, name: str, data: bytes) -> None:
    """Change a file and its entry in the manifest, as a careful forger would."""
    (out / name).write_bytes(data)
    manifest = json.loads((out / "manifest.json").read_bytes())
    manifest["files"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    (out / "manifest.json").write_text(json.dumps(manifest))


def flip(out: Path, name: str) -> None:
    data = bytearray((out / name).read_bytes())
    data[len(data) // 2] ^= 1
    (out / name).write_bytes(bytes(data))


def rename_entry(out: Path) -> None:
    manifest = json.loads((out / "manifest.json").read_bytes())
    manifest["files"]["../outside"] = {"sha256": "0" * 64, "bytes": 1}
    (out / "manifest.json").write_text(json.dumps(manifest))


def other_version(out: Path) -> None:
    manifest = json.loads((out / "manifest.json").read_bytes())
    (out / "manifest.json").write_text(json.dumps({**manifest, "version": 2}))


def swap_asset(out: Path) -> None:
    name = next(iter((out / "assets").iterdir())).name
    seal(out, f"assets/{name}", b"something else")


@pytest.mark.parametrize(
    ("harm", "error", "word"),
    [
        (lambda out: flip(out, "samples.ndjson"), Corrupt, "samples.ndjson"),
        (lambda out: flip(out, "project.json"), Corrupt, "project.json"),
        (swap_asset, Corrupt, "assets/"),
        (lambda out: (out / "samples.ndjson").unlink(), InvalidInput, "lacks a file"),
        (lambda out: (out / "manifest.json").unlink(), InvalidInput, "not an export"),
        (rename_entry, InvalidInput, "no export has"),
        (other_version, InvalidInput, "another version"),
        (lambda out: seal(out, "project.json", b"[]"), InvalidInput, "not a project file"),
        (lambda out: seal(out, "project.json", b"[" * 100_000), InvalidInput, "not a project file"),
    ],
)
def test_harmed_exports_are_refused(
    tmp_path: Path, harm: Callable[[Path], None], error: type[BraidError], word: str
) -> None:
    write(made(tmp_path), tmp_path / "out")
    harm(tmp_path / "out")
    with pytest.raises(error, match=word):
        read_with("braid", tmp_path / "out", tmp_path / "scratch")


def read_with_lines(tmp_path: Path, change: Callable[[list[bytes]], list[bytes]]) -> Read:
    out = tmp_path / "out"
    write(made(tmp_path), out)
    lines = change((out / "samples.ndjson").read_bytes().splitlines())
    seal(out, "samples.ndjson", b"".join(line + b"\n" for line in lines))
    return read_with("braid", out, tmp_path / "scratch")


def foreign_layer(line: bytes) -> bytes:
    return line.replace(LAYER.encode(), b"01900000-0000-7000-8000-00000000eeee")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda lines: [*lines[:2], b"{", *lines[3:]], "line 3"),
        (lambda lines: [*lines[:2], b'{"kind":"annotation"}', *lines[3:]], "line 3"),
        (lambda lines: [*lines[:2], foreign_layer(lines[2]), *lines[3:]], "line 3"),
        (lambda lines: [*lines[:2], lines[6], *lines[3:]], "line 3"),
    ],
)
def test_a_line_that_does_not_hold_refuses_its_sample_and_no_other(
    tmp_path: Path, change: Callable[[list[bytes]], list[bytes]], where: str
) -> None:
    read = read_with_lines(tmp_path, change)
    assert [bundle.sample.key for bundle in read.bundles] == ["b"]
    assert where in read.rejected()[0].where
    assert read.rejected()[-1].where == "sample a"


def test_records_of_the_project_do_not_hide_among_samples(tmp_path: Path) -> None:
    hidden = canonical_json(TEST_PROJECT)
    read = read_with_lines(tmp_path, lambda lines: [*lines, hidden])
    assert [bundle.sample.key for bundle in read.bundles] == ["a"]
    assert "project.json" in read.rejected()[0].message
