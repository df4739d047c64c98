"""COCO Entities on made captions, and on a real record against its own words."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.formats.reading import read_with

from braid.base.errors import InvalidInput
from braid.model.regions import Box, TextSpan

CAPTION = "a cat and a cat on a mat"
GROUNDING = {
    "noun_chunks": [["a cat", "cat"], ["a cat", "cat"], ["a mat", "mat"]],
    "detections": {
        "cat": [[4, [1.0, 2.0, 9.0, 8.0]], [5, [10.0, 2.0, 19.0, 8.0]]],
        "mat": [[6, [0.0, 7.0, 30.0, 20.0]]],
    },
    "det_sequences": [],
}


def made(tmp_path: Path, record: Any) -> Path:
    from PIL import Image

    root = tmp_path / "entities"
    root.mkdir()
    (root / "entities.json").write_text(json.dumps({"12": record}))
    Image.new("RGB", (32, 24)).save(root / "COCO_train2014_000000000012.jpg")
    return root


def test_same_phrase_twice_is_two_spans_that_refer_to_all_boxes_of_the_label(tmp_path: Path) -> None:
    read = read_with("coco-entities", made(tmp_path, {CAPTION: GROUNDING}), tmp_path / "scratch")
    spans = [one.region for one in read.annotations() if isinstance(one.region, TextSpan)]
    assert [(span.start, span.quote) for span in spans] == [(0, "a cat"), (10, "a cat"), (19, "a mat")]
    assert len(read.links()) == 5
    assert {link.type_id for link in read.links()} == {"refers-to"}
    assert read.streams()[0].asset is not None
    assert read.bundles[0].sample.key == "COCO_train2014_000000000012"


def test_captions_share_a_detection(tmp_path: Path) -> None:
    other = {"noun_chunks": [["the mat", "mat"]], "detections": {"mat": [[6, [0.0, 7.0, 30.0, 20.0]]]}}
    record = {CAPTION: GROUNDING, "on the mat": other}
    read = read_with("coco-entities", made(tmp_path, record), tmp_path / "scratch")
    assert sum(isinstance(one.region, Box) for one in read.annotations()) == 3


@pytest.mark.parametrize(
    ("grounding", "word"),
    [
        ({"noun_chunks": [["a dog", "dog"]]}, "not in the caption"),
        ({"noun_chunks": [["a cat"]]}, "phrase and its label"),
        ({"detections": {"cat": [[4, [9.0, 2.0, 1.0, 8.0]]]}}, "no area"),
        ({"detections": {"cat": [[4, ["1", 2, 3, 4]]]}}, "detection is an id"),
    ],
)
def test_bad_parts_are_refused_and_the_caption_is_taken(tmp_path: Path, grounding: Any, word: str) -> None:
    read = read_with("coco-entities", made(tmp_path, {CAPTION: grounding}), tmp_path / "scratch")
    (problem,) = read.rejected()
    assert word in problem.message
    assert [one.text for one in read.annotations()] == [CAPTION]


def test_a_file_of_another_shape_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("[]")
    with pytest.raises(InvalidInput, match="by image id"):
        read_with("coco-entities", path, tmp_path / "scratch")


def test_real_record_has_the_counts_of_its_own_words(shared_data: Path, tmp_path: Path) -> None:
    root = shared_data / "vision_language" / "coco_entities"
    (record,) = json.loads((root / "coco_entities_520208.json").read_text()).values()
    chunks = [(text, *chunk) for text, one in record.items() for chunk in one["noun_chunks"]]
    links = sum(len(record[text]["detections"].get(label, ())) for text, _, label in chunks)
    boxes = {
        detection[0] for one in record.values() for found in one["detections"].values() for detection in found
    }
    read = read_with("coco-entities", root, tmp_path / "scratch")
    by_id = {one.id: one for one in read.annotations()}
    spans = [one.region for one in by_id.values() if isinstance(one.region, TextSpan)]
    assert Counter((by_id[span.of or ""].text, span.quote) for span in spans) == Counter(
        (text, phrase) for text, phrase, _ in chunks
    )
    assert len(read.links()) == links
    assert sum(isinstance(one.region, Box) for one in by_id.values()) == len(boxes)
    assert not read.problems
