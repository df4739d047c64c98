"""COCO Entities: captions whose noun chunks point to detections of a picture.

Captions are lower case without punctuation and are taken as they are; chunks are found again word by word.
Boxes come from a detector: several captions share them, and a chunk refers to all boxes of its label.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from braid.base.errors import InvalidInput
from braid.formats.json_input import are_numbers, id_text, is_text, read_json
from braid.formats.phrases import (
    PICTURES,
    caption_of,
    class_for_phrases,
    declare_refers_to,
    image_stream,
    refers_to,
)
from braid.formats.seam import ExportSource, Loss, Problem, ReadContext, SampleBundle, Sources
from braid.formats.spans import text_span
from braid.model.records import Annotation, Link, Sample
from braid.model.regions import Box


class CocoEntities:
    """COCO Entities' release layout."""

    id: ClassVar[str] = "coco-entities"
    title: ClassVar[str] = "COCO Entities"
    purpose: ClassVar[str] = "Captions whose noun chunks refer to detector boxes."
    example: ClassVar[str] = "braid import coco-entities ./coco_entities --project pictures"
    reads: ClassVar[bool] = True
    writes: ClassVar[bool] = False

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample for each picture, by id. Raises InvalidInput when no JSON file can be read."""
        paths = [files.root] if files.root.is_file() else sorted(files.root.glob("*.json"))
        if not paths:
            raise InvalidInput("no COCO Entities file here", where=str(files.root), wanted="a .json file")
        declare_refers_to(context)
        pictures = _pictures(files)
        for path in paths:
            document = read_json(files, path)
            if not isinstance(document, dict):
                raise InvalidInput(
                    "a COCO Entities file is a JSON object by image id", where=files.name(path)
                )
            for image in sorted(document):
                reader = _ImageReader(
                    image=image, where=f"{files.name(path)}: {image}", files=files, context=context
                )
                yield from reader.read(document[image], pictures.get(image.lstrip("0")))

    def write(
        self,
        source: ExportSource,
        out: Path,
        *,
        options: dict[str, str],
    ) -> tuple[Loss, ...]:
        """Not written: the detector's labels and word sequences cannot be made from links."""
        raise InvalidInput("this format is only read", got=self.id)


@dataclass(slots=True, kw_only=True)
class _ImageReader:
    """One picture's record to one bundle."""

    image: str
    where: str
    files: Sources
    context: ReadContext
    boxes: dict[str, Annotation] = field(default_factory=dict)
    captions: list[Annotation] = field(default_factory=list)
    phrases: list[Annotation] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    sample: str = ""
    stream: str = ""

    def read(self, record: Any, picture: Path | None) -> Iterator[SampleBundle | Problem]:
        if not isinstance(record, dict):
            yield self._rejected(self.where, "an image's record is a JSON object by caption")
            return
        self.sample, self.stream = self.context.new_id(), self.context.new_id()
        file_name = picture.name if picture is not None else f"{self.image}.jpg"
        if picture is None:
            message = f"no picture of {self.image} is there; its captions are taken"
            yield Problem(where=self.where, code="image-missing", message=message, rejected=False)
        for number, (text, grounding) in enumerate(record.items()):
            where = f"{self.where}, caption {number + 1}"
            if not is_text(text) or not isinstance(grounding, dict):
                yield self._rejected(where, "a caption is a text with its grounding")
                continue
            yield from self._caption(text, grounding, number=number, where=where)
        stream = image_stream(
            self.files,
            picture,
            stream=self.stream,
            sample=self.sample,
            file_name=file_name,
            size_px=None,
        )
        yield SampleBundle(
            sample=Sample(id=self.sample, key=Path(file_name).stem, source={"coco_id": self.image}),
            records=(stream, *self.boxes.values(), *self.captions, *self.phrases, *self.links),
        )

    def _caption(self, text: str, grounding: dict[str, Any], *, number: int, where: str) -> Iterator[Problem]:
        caption = caption_of(
            self.context, text, sample=self.sample, stream=self.stream, source_id=f"{self.image}#{number}"
        )
        self.captions.append(caption)
        by_label: dict[str, list[Annotation]] = {}
        detections = grounding.get("detections")
        for label, found in (detections if isinstance(detections, dict) else {}).items():
            for detection in found if isinstance(found, list) else [found]:
                try:
                    by_label.setdefault(label, []).append(self._box(label, detection))
                except InvalidInput as error:
                    yield self._rejected(f"{where}, detection of {label!r}", error.letter())
        after = 0
        chunks = grounding.get("noun_chunks")
        for place, chunk in enumerate(chunks if isinstance(chunks, list) else []):
            if not (isinstance(chunk, list) and len(chunk) == 2 and isinstance(chunk[0], str)):
                yield self._rejected(
                    f"{where}, noun chunk {place + 1}", "a noun chunk is a phrase and its label"
                )
                continue
            phrase, label = chunk
            start = find_words(text, phrase, after)
            if start is None:
                yield self._rejected(f"{where}, noun chunk {place + 1}", f"{phrase!r} is not in the caption")
                continue
            after = start + len(phrase)
            self._phrase(caption, start, after, label, by_label.get(label, []))

    def _box(self, label: str, detection: Any) -> Annotation:
        """The box of a detection: the one that an earlier caption brought, when it is the same."""
        if not (isinstance(detection, list) and len(detection) == 2 and are_numbers(detection[1], count=4)):
            raise InvalidInput("a detection is an id and [x1, y1, x2, y2]", got=detection)
        key = id_text(detection[0])
        x0, y0, x1, y1 = map(float, detection[1])
        if not is_text(label):
            raise InvalidInput("a detection's label is not a text", got=detection)
        if key is None or not (x0 < x1 and y0 < y1):
            raise InvalidInput(
                "a detection's box has no area", got=detection[1], wanted="x1 < x2 and y1 < y2"
            )
        region = Box(x0_px=x0, y0_px=y0, x1_px=x1, y1_px=y1)
        known = self.boxes.get(key)
        if known is not None:
            if known.region != region:
                raise InvalidInput("a detection of this id has another box", got=detection)
            return known
        box = Annotation(
            id=self.context.new_id(),
            sample=self.sample,
            stream=self.stream,
            layer=self.context.layer,
            class_id=class_for_phrases(self.context, label),
            region=region,
            source_id=key,
        )
        self.boxes[key] = box
        return box

    def _phrase(self, caption: Annotation, start: int, end: int, label: Any, boxes: list[Annotation]) -> None:
        named = label if is_text(label) and label.strip("_ ") else "thing"
        phrase = Annotation(
            id=self.context.new_id(),
            sample=self.sample,
            stream=self.stream,
            layer=self.context.layer,
            class_id=class_for_phrases(self.context, named),
            region=text_span(caption.text or "", start, end, of=caption.id),
        )
        self.phrases.append(phrase)
        self.links += [refers_to(self.context, phrase, box) for box in boxes]

    def _rejected(self, where: str, message: str) -> Problem:
        return Problem(where=where, code="bad-record", message=message, rejected=True)


def find_words(text: str, phrase: str, after: int) -> int | None:
    """Where `phrase` starts in `text` as whole words, from `after` on; None when it is not there.

    >>> find_words("a cat on a catalogue on a cat", "a cat", 1)
    24
    """
    start = text.find(phrase, after)
    while start >= 0:
        end = start + len(phrase)
        before, behind = text[start - 1 : start], text[end : end + 1]
        if not (before.isalnum() or behind.isalnum()):
            return start
        start = text.find(phrase, start + 1)
    return None


def _pictures(files: Sources) -> dict[str, Path]:
    """Pictures below the root by their number without leading zeros: COCO_train2014_000000520208.jpg is 520208."""
    around = files.root.parent.iterdir() if files.root.is_file() else files.root.rglob("*")
    found: dict[str, Path] = {}
    for path in sorted(around):
        if path.suffix.lower() in PICTURES and path.is_file() and not path.is_symlink():
            number = path.stem.rpartition("_")[2].lstrip("0")
            found.setdefault(number, path)
    return found
