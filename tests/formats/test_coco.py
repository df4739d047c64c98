"""COCO on made pictures, and on real ones against pycocotools."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from tests.formats.reading import LAYER, Read, read_with, source_of

from braid.base.errors import InvalidInput
from braid.formats.coco import Coco, rle
from braid.formats.seam import Loss, SampleBundle, end_of
from braid.model.records import Annotation, Link, Ontology, OntologyClass
from braid.model.regions import Box, Keypoints, Mask, Polygon, TextSpan, WholeStream, kind_of

# pycocotools' own arrays still follow NumPy 1.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SQUARE = [[10.0, 10.0, 30.0, 10.0, 30.0, 25.0, 10.0, 25.0]]


def instance(number: int, **changes: Any) -> dict[str, Any]:
    row = {
        "id": number,
        "image_id": 7,
        "category_id": 3,
        "segmentation": SQUARE,
        "bbox": [10.0, 10.0, 20.0, 15.0],
        "area": 300.0,
        "iscrowd": 0,
    }
    return {**row, **changes}


def document(annotations: list[Any], **changes: Any) -> dict[str, Any]:
    return {
        "images": [{"id": 7, "file_name": "seven.png", "width": 64, "height": 48}],
        "categories": [{"id": 3, "name": "kite", "supercategory": "toy"}],
        "annotations": annotations,
        **changes,
    }


def write_json(folder: Path, name: str, content: Any, *, picture: bool = True) -> Path:
    from PIL import Image

    (folder / "annotations").mkdir(parents=True, exist_ok=True)
    (folder / "images").mkdir(exist_ok=True)
    if picture:
        Image.new("RGB", (64, 48), (200, 10, 10)).save(folder / "images" / "seven.png")
    path = folder / "annotations" / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def read_made(tmp_path: Path, annotations: list[Any], **changes: Any) -> Read:
    write_json(tmp_path / "coco", "instances.json", document(annotations, **changes))
    return read_with("coco", tmp_path / "coco", tmp_path / "scratch")


def opened(path: Path) -> COCO:
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(path))


def test_polygon_is_one_annotation_and_its_box_is_derived(tmp_path: Path) -> None:
    read = read_made(tmp_path, [instance(1)])
    (annotation,) = read.annotations()
    assert annotation.region == Polygon(rings_px=(((10.0, 10.0), (30.0, 10.0), (30.0, 25.0), (10.0, 25.0)),))
    assert (annotation.class_id, annotation.source_id) == ("kite", "1")
    assert read.context.new_classes["kite"].parent == "toy"
    assert read.streams()[0].asset is not None
    assert not read.problems


def test_instance_without_segmentation_is_a_box(tmp_path: Path) -> None:
    (annotation,) = read_made(tmp_path, [instance(1, segmentation=[])]).annotations()
    assert annotation.region == Box(x0_px=10.0, y0_px=10.0, x1_px=30.0, y1_px=25.0)


@pytest.mark.parametrize("packed", [False, True])
def test_run_lengths_plain_and_packed_are_the_same_mask(tmp_path: Path, *, packed: bool) -> None:
    runs = [100, 20, 48 * 64 - 120]
    counts: Any = rle.pack(runs) if packed else runs
    row = instance(1, segmentation={"size": [48, 64], "counts": counts}, bbox=[2, 4, 1, 20], iscrowd=1)
    (annotation,) = read_made(tmp_path, [row]).annotations()
    assert annotation.region == Mask(width_px=64, height_px=48, counts=rle.pack(runs), crowd=True)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"category_id": 99}, "category_id"),
        ({"image_id": 99}, "image_id"),
        ({"bbox": [10, 10, -5, 20]}, "negative"),
        ({"bbox": [0, 0, 1e9, 10]}, "more than its size"),
        ({"bbox": [5, 5, 0, 0]}, "no area"),
        ({"bbox": ["12", 3, 4, 5]}, "not a finite number"),
        ({"bbox": [float("nan"), 1, 2, 3]}, "not a finite number"),
        ({"segmentation": [[1, 2, 3]]}, "3 points"),
        ({"segmentation": [[1, 2, 3, 4, 5, float("inf")]]}, "not a finite number"),
        ({"segmentation": {"size": [1, 1], "counts": [1]}}, "another size"),
        ({"segmentation": {"size": [48, 64], "counts": [5, 5]}}, "cover"),
        ({"segmentation": {"size": [48, 64], "counts": "\u2603"}}, "foreign"),
        ({"iscrowd": 7}, "iscrowd"),
    ],
)
def test_bad_record_is_refused_with_its_place_and_the_rest_is_taken(
    tmp_path: Path, changes: dict[str, Any], word: str
) -> None:
    read = read_made(tmp_path, [instance(1), instance(2, **changes)])
    assert [annotation.source_id for annotation in read.annotations()] == ["1"]
    (problem,) = read.rejected()
    assert "annotations[1] (id 2)" in problem.where
    assert word in problem.message


def test_id_used_twice_is_refused(tmp_path: Path) -> None:
    read = read_made(tmp_path, [instance(1), instance(1)])
    assert len(read.annotations()) == 1
    assert [problem.code for problem in read.rejected()] == ["duplicate-id"]


def test_picture_that_is_missing_is_told_and_its_labels_are_taken(tmp_path: Path) -> None:
    write_json(tmp_path / "coco", "instances.json", document([instance(1)]), picture=False)
    read = read_with("coco", tmp_path / "coco", tmp_path / "scratch")
    assert len(read.annotations()) == 1
    assert read.streams()[0].asset is None
    assert [problem.code for problem in read.odd()] == ["image-missing"]


def test_file_name_that_leads_out_is_refused(tmp_path: Path) -> None:
    image = {"id": 7, "file_name": "../../secret.png", "width": 64, "height": 48}
    (tmp_path / "secret.png").write_bytes(b"secret")
    read = read_made(tmp_path, [instance(1)], images=[image])
    assert not read.bundles
    assert [problem.code for problem in read.rejected()] == ["path-escape"]


@pytest.mark.parametrize("name", ["a\0b.png", "x" * 5000 + ".png"])
def test_what_is_no_file_name_is_refused(tmp_path: Path, name: str) -> None:
    image = {"id": 7, "file_name": name, "width": 64, "height": 48}
    read = read_made(tmp_path, [instance(1)], images=[image])
    assert not read.bundles
    assert [problem.code for problem in read.rejected()] == ["path-escape"]


def test_halves_of_surrogate_pairs_are_refused(tmp_path: Path) -> None:
    captions = [{"id": 1, "image_id": 7, "caption": "\ud800"}, {"id": 2, "image_id": 7, "caption": "A kite"}]
    read = read_made(tmp_path, captions, categories=[{"id": 3, "name": "\udfff"}])
    assert [annotation.text for annotation in read.annotations()] == ["A kite"]
    assert [problem.code for problem in read.rejected()] == ["bad-category", "invalid-input"]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text(json.dumps(document([instance(1)])))
    (tmp_path / "coco" / "annotations").mkdir(parents=True)
    (tmp_path / "coco" / "annotations" / "instances.json").symlink_to(outside)
    with pytest.raises(InvalidInput, match="leads out"):
        read_with("coco", tmp_path / "coco", tmp_path / "scratch")


def test_captions_and_key_points_join_their_picture_and_instance(tmp_path: Path) -> None:
    folder = tmp_path / "coco"
    write_json(folder, "instances.json", document([instance(1)]))
    captions = [{"id": 1, "image_id": 7, "caption": "A kite.\n"}]
    write_json(folder, "captions.json", document(captions, categories=[]))
    joints = [
        {"id": 3, "name": "kite", "supercategory": "toy", "keypoints": ["nose", "tail"], "skeleton": [[1, 2]]}
    ]
    points = instance(1, keypoints=[12, 11, 2, 0, 0, 0], num_keypoints=1)
    write_json(folder, "person_keypoints.json", document([points], categories=joints))
    read = read_with("coco", folder, tmp_path / "scratch")
    assert Counter(kind_of(one.region) for one in read.annotations()) == {
        "polygon": 1,
        "keypoints": 1,
        "whole_stream": 1,
    }
    by_kind = {kind_of(one.region): one for one in read.annotations()}
    assert by_kind["whole_stream"].text == "A kite.\n"
    assert by_kind["polygon"].entity == by_kind["keypoints"].entity == read.entities()[0].id
    region = by_kind["keypoints"].region
    assert isinstance(region, Keypoints)
    assert (region.points[0].x_px, region.points[0].y_px) == (12.5, 11.5)
    assert read.context.new_classes["kite"].skeleton == ("nose", "tail")


def test_source_classes_do_not_collapse_into_a_synonym(tmp_path: Path) -> None:
    known = Ontology(
        id="01900000-0000-7000-8000-000000000001",
        version=1,
        classes=(OntologyClass(id="livestock", name="Livestock", synonyms=("cow", "sheep")),),
    )
    categories = [{"id": 3, "name": "cow"}, {"id": 4, "name": "sheep"}]
    folder = tmp_path / "coco"
    write_json(
        folder, "instances.json", document([instance(1), instance(2, category_id=4)], categories=categories)
    )
    read = read_with("coco", folder, tmp_path / "scratch", ontology=known)
    assert [annotation.class_id for annotation in read.annotations()] == ["cow", "sheep"]
    assert read.context.new_classes["sheep"].parent == "livestock"


def test_bom_and_crlf_are_survived(tmp_path: Path) -> None:
    path = write_json(tmp_path / "coco", "instances.json", document([instance(1)]))
    text = json.dumps(document([instance(1)]), indent=1).replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert len(read_with("coco", tmp_path / "coco", tmp_path / "scratch").annotations()) == 1


def test_truncated_file_says_line_and_column(tmp_path: Path) -> None:
    path = write_json(tmp_path / "coco", "instances.json", document([instance(1)]))
    path.write_text(path.read_text()[:-40])
    with pytest.raises(InvalidInput, match="line 1, column"):
        read_with("coco", path, tmp_path / "scratch")


def test_one_broken_file_among_good_ones_is_refused_alone(tmp_path: Path) -> None:
    write_json(tmp_path / "coco", "instances.json", document([instance(1)]))
    (tmp_path / "coco" / "annotations" / "captions.json").write_text("{")
    read = read_with("coco", tmp_path / "coco", tmp_path / "scratch")
    assert len(read.annotations()) == 1
    assert [problem.code for problem in read.rejected()] == ["unreadable-file"]


def test_endlessly_nested_file_is_refused(tmp_path: Path) -> None:
    path = write_json(tmp_path / "coco", "instances.json", {})
    path.write_text("[" * 200_000)
    with pytest.raises(InvalidInput, match=r"nested|valid JSON"):
        read_with("coco", path, tmp_path / "scratch")


def test_export_tells_what_coco_cannot_hold(tmp_path: Path) -> None:
    read = read_made(tmp_path, [instance(1), instance(2)])
    (bundle,) = read.bundles
    first, second = read.annotations()
    span = msgspec.structs.replace(
        first,
        id="01900000-0000-7000-8000-0000000000aa",
        region=TextSpan(start=0, end=1, quote="A"),
        text=None,
    )
    link = Link(
        id="01900000-0000-7000-8000-0000000000ab",
        sample=bundle.sample.id,
        layer=LAYER,
        type_id="part-of",
        source=end_of(first),
        target=end_of(second),
    )
    source = source_of(read, tmp_path / "coco")
    wider = SampleBundle(sample=bundle.sample, records=(*bundle.records, span, link))
    out = tmp_path / "out"
    out.mkdir()
    losses = Coco().write(replace(source, samples=(wider,)), out, options={})
    assert losses == (
        Loss(what="link", count=1, why="COCO has no place for it"),
        Loss(what="text_span annotation", count=1, why="COCO has no such region"),
    )


WHOLE = st.integers(0, 40)
CORNER = st.tuples(WHOLE.map(lambda x: x / 4), WHOLE.map(lambda y: y / 4))
BOXES = st.tuples(CORNER, CORNER).map(
    lambda two: Box(
        x0_px=two[0][0], y0_px=two[0][1], x1_px=two[0][0] + two[1][0] + 1, y1_px=two[0][1] + two[1][1] + 1
    )
)
POLYGONS = st.lists(CORNER, min_size=0, max_size=6).map(
    lambda points: Polygon(rings_px=(((0.0, 0.0), (20.25, 0.5), (3.0, 19.0), *points),))
)
MASKS = st.lists(st.integers(1, 60), min_size=2, max_size=12).map(
    lambda runs: Mask(width_px=64, height_px=48, counts=rle.pack([*runs, 64 * 48 - sum(runs)]))
)


@settings(max_examples=20)
@given(regions=st.lists(BOXES | POLYGONS | MASKS, min_size=1, max_size=5))
def test_reading_undoes_writing(regions: list[Box | Polygon | Mask]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        read = read_made(root, [instance(number) for number in range(1, len(regions) + 1)])
        (bundle,) = read.bundles
        pairs = zip(read.annotations(), regions, strict=True)
        changed = tuple(msgspec.structs.replace(one, region=region) for one, region in pairs)
        wanted = SampleBundle(sample=bundle.sample, records=(read.streams()[0], *changed))
        (root / "out").mkdir()
        assert (
            Coco().write(replace(source_of(read, root / "coco"), samples=(wanted,)), root / "out", options={})
            == ()
        )
        again = read_with("coco", root / "out", root / "scratch2")
    assert not again.problems
    assert {one.source_id: one.region for one in again.annotations()} == {
        one.source_id: one.region for one in changed
    }


def test_real_pictures_have_the_counts_of_pycocotools(shared_data: Path, tmp_path: Path) -> None:
    root = shared_data / "vision_language" / "coco_mini"
    read = read_with("coco", root, tmp_path / "scratch")
    instances = opened(root / "annotations" / "instances_train2017.json")
    captions = opened(root / "annotations" / "captions_train2017.json")
    keypoints = opened(root / "annotations" / "person_keypoints_train2017.json")
    labelled = [row for row in keypoints.anns.values() if row["num_keypoints"]]
    assert not read.problems
    assert len(read.bundles) == len(instances.imgs) == 28
    kinds = Counter(kind_of(one.region) for one in read.annotations())
    crowds = sum(row["iscrowd"] for row in instances.anns.values())
    assert kinds == {
        "polygon": len(instances.anns) - crowds,
        "mask": crowds,
        "whole_stream": len(captions.anns),
        "keypoints": len(labelled),
    }
    texts = {one.source_id: one.text for one in read.annotations() if isinstance(one.region, WholeStream)}
    assert texts == {str(row["id"]): row["caption"] for row in captions.anns.values()}
    masks = [one for one in read.annotations() if isinstance(one.region, Mask)]
    assert all(same_mask(one, instances) for one in masks)


def same_mask(annotation: Annotation, truth: COCO) -> bool:
    region = annotation.region
    assert isinstance(region, Mask)
    row = truth.anns[int(annotation.source_id)]
    wanted = truth.annToMask(row)
    found = coco_mask.decode({"size": [region.height_px, region.width_px], "counts": region.counts.encode()})
    return bool((wanted == found).all())


def test_export_of_real_pictures_is_what_pycocotools_had(shared_data: Path, tmp_path: Path) -> None:
    root = shared_data / "vision_language" / "coco_mini"
    read = read_with("coco", root, tmp_path / "scratch")
    out = tmp_path / "out"
    out.mkdir()
    assert Coco().write(source_of(read, root), out, options={}) == ()
    for ours, theirs in (
        ("instances", "instances_train2017"),
        ("captions", "captions_train2017"),
        ("person_keypoints", "person_keypoints_train2017"),
    ):
        made = opened(out / "annotations" / f"{ours}.json")
        truth = opened(root / "annotations" / f"{theirs}.json")
        assert {key: (row["width"], row["height"], row["file_name"]) for key, row in made.imgs.items()} == {
            key: (row["width"], row["height"], row["file_name"]) for key, row in truth.imgs.items()
        }
        assert made.anns.keys() == truth.anns.keys()
        for number, wanted in truth.anns.items():
            found = made.anns[number]
            if ours == "captions":
                assert found["caption"] == wanted["caption"]
                continue
            assert (found["image_id"], found["category_id"], found["iscrowd"]) == (
                wanted["image_id"],
                wanted["category_id"],
                wanted["iscrowd"],
            )
            # Boxes and areas of crowds differ from their run lengths in the original; the run lengths are the truth.
            runs = truth.annToRLE(wanted)
            box = coco_mask.toBbox(runs) if wanted["iscrowd"] else wanted["bbox"]
            area = float(coco_mask.area(runs)) if wanted["iscrowd"] else wanted["area"]
            assert found["bbox"] == pytest.approx(list(box), abs=1e-6)
            assert found["area"] == pytest.approx(area, abs=1e-6)
            assert (made.annToMask(found) == truth.annToMask(wanted)).all()
            assert found.get("keypoints") == wanted.get("keypoints")
        assert {key: row["name"] for key, row in made.cats.items()} == {
            key: row["name"] for key, row in truth.cats.items()
        }
    assert {path.read_bytes() for path in (out / "images").iterdir()} == {
        path.read_bytes() for path in (root / "images").iterdir()
    }


def test_export_evaluated_against_the_original_is_perfect(shared_data: Path, tmp_path: Path) -> None:
    root = shared_data / "vision_language" / "coco_mini"
    read = read_with("coco", root, tmp_path / "scratch")
    out = tmp_path / "out"
    out.mkdir()
    Coco().write(source_of(read, root), out, options={})
    truth = opened(root / "annotations" / "instances_train2017.json")
    made = opened(out / "annotations" / "instances.json")
    found = [{**row, "score": 1.0} for row in made.anns.values() if not row["iscrowd"]]
    with contextlib.redirect_stdout(io.StringIO()):
        judged = COCOeval(truth, truth.loadRes(found), "bbox")
        judged.params.maxDets = [1, 10, 1000]
        judged.evaluate()
        judged.accumulate()
    precision = judged.eval["precision"][..., 0, -1]
    assert precision[precision > -1].min() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("name", "samples", "annotations", "rejected"),
    [("bom_crlf.json", 28, 330, 0), ("semantic_errors_coco.json", 28, 31, 9)],
)
def test_real_broken_files(
    shared_data: Path, tmp_path: Path, name: str, samples: int, annotations: int, rejected: int
) -> None:
    read = read_with("coco", shared_data / "broken" / name, tmp_path / "scratch")
    assert (len(read.bundles), len(read.annotations()), len(read.rejected())) == (
        samples,
        annotations,
        rejected,
    )


def test_real_truncated_file_is_refused(shared_data: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"malformed_truncated\.json, line 1, column 84081"):
        read_with("coco", shared_data / "broken" / "malformed_truncated.json", tmp_path / "scratch")
