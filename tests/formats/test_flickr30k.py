"""Flickr30k Entities on a made picture, and on real ones against a small parser of our own."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from tests.formats.reading import Read, read_with, source_of

from braid.formats.flickr30k import Flickr30kEntities
from braid.formats.flickr30k_files import parse_sentence
from braid.formats.seam import SampleBundle
from braid.model.records import Annotation, Link
from braid.model.regions import Box, TextSpan

SENTENCES = """\
[/EN#1/people Two girls] watch [/EN#2/animals/other a dog] near [/EN#0/notvisual it] .
[/EN#1/people Children] outside [/EN#3/scene a house] .
"""
XML = """<annotation><filename>9.jpg</filename><size><width>40</width><height>30</height><depth>3</depth></size>
<object><name>1</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>10</xmax><ymax>20</ymax></bndbox></object>
<object><name>1</name><bndbox><xmin>12</xmin><ymin>2</ymin><xmax>20</xmax><ymax>20</ymax></bndbox></object>
<object><name>2</name><name>1</name><bndbox><xmin>22</xmin><ymin>9</ymin><xmax>40</xmax><ymax>30</ymax></bndbox></object>
<object><name>3</name><scene>1</scene><nobndbox>0</nobndbox></object>
</annotation>"""


def made(tmp_path: Path, *, sentences: str = SENTENCES, xml: str = XML) -> Path:
    from PIL import Image

    root = tmp_path / "flickr"
    for folder in ("Sentences", "Annotations", "Images"):
        (root / folder).mkdir(parents=True)
    (root / "Sentences" / "9.txt").write_text(sentences)
    (root / "Annotations" / "9.xml").write_text(xml)
    Image.new("RGB", (40, 30)).save(root / "Images" / "9.jpg")
    return root


def phrase_boxes(read: Read) -> set[tuple[str, str, tuple[float, ...]]]:
    """(caption, phrase, box) of every link."""
    by_id = {one.id: one for one in read.annotations()}
    found: set[tuple[str, str, tuple[float, ...]]] = set()
    for link in read.links():
        phrase, box = by_id[link.source.id], by_id[link.target.id]
        assert isinstance(phrase.region, TextSpan)
        assert isinstance(box.region, Box)
        caption = by_id[phrase.region.of or ""]
        corners = (box.region.x0_px, box.region.y0_px, box.region.x1_px, box.region.y1_px)
        found.add((caption.text or "", phrase.region.quote, corners))
    return found


def test_marks_become_spans_of_the_caption_without_marks(tmp_path: Path) -> None:
    read = read_with("flickr30k-entities", made(tmp_path), tmp_path / "scratch")
    captions = [one for one in read.annotations() if one.text is not None]
    assert [one.text for one in captions] == ["Two girls watch a dog near it .", "Children outside a house ."]
    spans = [one.region for one in read.annotations() if isinstance(one.region, TextSpan)]
    texts = {caption.id: caption.text or "" for caption in captions}
    assert all(texts[span.of or ""][span.start : span.end] == span.quote for span in spans)
    assert [span.quote for span in spans] == ["Two girls", "a dog", "it", "Children", "a house"]


def test_a_phrase_refers_to_all_boxes_of_its_chain(tmp_path: Path) -> None:
    read = read_with("flickr30k-entities", made(tmp_path), tmp_path / "scratch")
    counts = Counter(quote for _, quote, _ in phrase_boxes(read))
    assert counts == {"Two girls": 3, "Children": 3, "a dog": 1}
    assert sorted(entity.source_id for entity in read.entities()) == ["1", "2", "3"]
    of_children = [one.entity for one in read.annotations() if one.source_id == "1/people"]
    assert len(set(of_children)) == 1


@pytest.mark.parametrize(("first", "x0_px", "x1_px"), [("1", 0.0, 10.0), ("0", 0.0, 11.0)])
def test_corners_are_inclusive_and_counted_as_the_file_does(
    tmp_path: Path, first: str, x0_px: float, x1_px: float
) -> None:
    root = made(tmp_path, xml=XML.replace("<xmin>1</xmin>", f"<xmin>{first}</xmin>"))
    read = read_with("flickr30k-entities", root, tmp_path / "scratch")
    regions = [one.region for one in read.annotations() if isinstance(one.region, Box)]
    assert (regions[0].x0_px, regions[0].x1_px) == (x0_px, x1_px)
    assert read.bundles[0].sample.source["pixel_origin"] == first


def test_broken_marks_and_boxes_are_refused_one_by_one(tmp_path: Path) -> None:
    broken = SENTENCES + "[/EN#5/people Somebody walks .\n"
    xml = XML.replace("<xmax>10</xmax>", "<xmax>0</xmax>")
    read = read_with("flickr30k-entities", made(tmp_path, sentences=broken, xml=xml), tmp_path / "scratch")
    assert [problem.where for problem in read.rejected()] == [
        "Sentences/9.txt: line 3",
        "Annotations/9.xml: object 1",
    ]
    assert sum(one.text is not None for one in read.annotations()) == 2


def test_external_entities_are_refused(tmp_path: Path) -> None:
    xml = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotation>&x;</annotation>'
    read = read_with("flickr30k-entities", made(tmp_path, xml=xml), tmp_path / "scratch")
    assert [problem.code for problem in read.rejected()] == ["unreadable-file"]


def test_what_is_written_is_read_again_as_the_same(tmp_path: Path) -> None:
    root = made(tmp_path)
    read = read_with("flickr30k-entities", root, tmp_path / "scratch")
    out = tmp_path / "out"
    out.mkdir()
    assert Flickr30kEntities().write(source_of(read, root), out, options={}) == ()
    again = read_with("flickr30k-entities", out, tmp_path / "scratch2")
    assert (out / "Sentences" / "9.txt").read_text() == SENTENCES
    assert phrase_boxes(again) == phrase_boxes(read)
    assert again.bundles[0].sample.source == read.bundles[0].sample.source


def test_a_phrase_whose_links_differ_leaves_its_chain_and_that_is_told(tmp_path: Path) -> None:
    root = made(tmp_path)
    read = read_with("flickr30k-entities", root, tmp_path / "scratch")
    (bundle,) = read.bundles
    links = [record for record in bundle.records if isinstance(record, Link)]
    dropped = links[0]
    fewer = tuple(record for record in bundle.records if record is not dropped)
    source = replace(source_of(read, root), samples=(SampleBundle(sample=bundle.sample, records=fewer),))
    out = tmp_path / "out"
    out.mkdir()
    (loss,) = Flickr30kEntities().write(source, out, options={})
    assert (loss.what, loss.count) == ("mention", 1)
    again = read_with("flickr30k-entities", out, tmp_path / "scratch2")
    assert len(phrase_boxes(again)) == len(phrase_boxes(read)) - 1


def test_other_annotations_and_links_are_in_the_loss_report(tmp_path: Path) -> None:
    root = made(tmp_path)
    read = read_with("flickr30k-entities", root, tmp_path / "scratch")
    (bundle,) = read.bundles
    records = tuple(
        msgspec.structs.replace(record, type_id="part-of") if isinstance(record, Link) else record
        for record in bundle.records
    )
    source = replace(source_of(read, root), samples=(SampleBundle(sample=bundle.sample, records=records),))
    out = tmp_path / "out"
    out.mkdir()
    losses = Flickr30kEntities().write(source, out, options={})
    assert ("part-of link", len(read.links())) in [(loss.what, loss.count) for loss in losses]


def truth_of(root: Path) -> tuple[Counter[str], set[tuple[str, str, str]], int]:
    """An independent reading: captions per picture, (caption, phrase, id) of marks, and number of boxes."""
    captions: Counter[str] = Counter()
    marks: set[tuple[str, str, str]] = set()
    for path in sorted((root / "Sentences").glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            words: list[str] = []
            inside: str | None = None
            phrase: list[str] = []
            here: list[tuple[str, str]] = []
            for token in line.split(" "):
                if token.startswith("[/EN#"):
                    inside, phrase = re.split(r"[#/]", token)[2], []
                    continue
                end = token.endswith("]") and inside is not None
                word = token[:-1] if end else token
                words.append(word)
                phrase.append(word)
                if end and inside is not None:
                    here.append((" ".join(phrase), inside))
                    inside = None
            captions[path.stem] += 1
            marks |= {(" ".join(words), text, chain) for text, chain in here}
    boxes = sum(
        1
        for path in (root / "Annotations").glob("*.xml")
        for _ in ET.parse(path).iter("bndbox")  # noqa: S314 - our own test data
    )
    return captions, marks, boxes


def test_real_files_have_the_counts_of_an_independent_parser(shared_data: Path, tmp_path: Path) -> None:
    root = shared_data / "vision_language" / "flickr30k_entities"
    captions, marks, boxes = truth_of(root)
    read = read_with("flickr30k-entities", root, tmp_path / "scratch")
    by_id = {one.id: one for one in read.annotations()}
    found: set[tuple[str, str, str]] = set()
    for one in by_id.values():
        if isinstance(one.region, TextSpan):
            caption: Annotation = by_id[one.region.of or ""]
            found.add((caption.text or "", one.region.quote, one.source_id.partition("/")[0]))
    assert not read.rejected()
    assert {bundle.sample.key for bundle in read.bundles} == set(captions)
    assert sum(one.text is not None for one in by_id.values()) == sum(captions.values())
    assert found == marks
    assert sum(isinstance(one.region, Box) for one in by_id.values()) == boxes


def test_real_files_come_back_as_they_were(shared_data: Path, tmp_path: Path) -> None:
    root = shared_data / "vision_language" / "flickr30k_entities"
    read = read_with("flickr30k-entities", root, tmp_path / "scratch")
    out = tmp_path / "out"
    out.mkdir()
    Flickr30kEntities().write(source_of(read, root), out, options={})
    for path in (root / "Sentences").glob("*.txt"):
        written = (out / "Sentences" / path.name).read_text(encoding="utf-8")
        assert written.splitlines() == path.read_text(encoding="utf-8").splitlines()
    assert phrase_boxes(read_with("flickr30k-entities", out, tmp_path / "again")) == phrase_boxes(read)


def test_offsets_are_code_points() -> None:
    (mark,) = parse_sentence("\U0001f600 [/EN#4/people Zoë] .").marks
    assert (mark.start, mark.end, mark.types) == (2, 5, ("people",))
