"""Flickr30k Entities: captions whose marked phrases refer to the boxes of their coreference chain.

Corners are whole pixels, inclusive, counted from 1 or 0 depending on the file. A chain is an entity; the mark's id
and types are kept as the phrase's `source_id`, for example `547/people`, so that they are written back as they were.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from braid.base.errors import InvalidInput
from braid.formats.flickr30k_files import NOT_VISUAL, Boxes, Sentence, read_boxes, read_sentences
from braid.formats.flickr30k_writer import write_flickr30k
from braid.formats.options import FormatOption, check_options
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
from braid.model.records import Annotation, Entity, Link, Sample
from braid.model.regions import AnyRegion

KNOWN_AS = {
    "people": "person",
    "bodyparts": "body-part",
    "animals": "animal",
    "vehicles": "vehicle",
    "instruments": "instrument",
    "clothing": "clothing",
    "scene": "scene",
    "other": "object",
}
"""Flickr30k's types as the classes of the vision-language template, where the ontology has them."""


class Flickr30kEntities:
    """Flickr30k Entities: folders Sentences/, Annotations/ and, where there are pictures, Images/."""

    id: ClassVar[str] = "flickr30k-entities"
    title: ClassVar[str] = "Flickr30k Entities"
    purpose: ClassVar[str] = "Captions whose phrases refer to boxes, with coreference chains."
    example: ClassVar[str] = "braid import flickr30k-entities ./flickr30k --project pictures"
    reads: ClassVar[bool] = True
    options: ClassVar[tuple[FormatOption, ...]] = (
        FormatOption(
            name="pixel_origin",
            meaning="whether boxes count pixels from 0 or 1; auto (default) takes what each file shows",
            values=("auto", "0", "1"),
        ),
    )
    writes: ClassVar[bool] = True

    def read(self, files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
        """One sample for each picture, by name. Option `pixel_origin`: auto (as each file shows), 0 or 1."""
        check_options(self, context.options)
        origin = context.options.get("pixel_origin", "auto")
        sentences = {path.stem: path for path in sorted((files.root / "Sentences").glob("*.txt"))}
        annotations = {path.stem: path for path in sorted((files.root / "Annotations").glob("*.xml"))}
        if not sentences and not annotations:
            raise InvalidInput(
                "no Flickr30k Entities here",
                where=str(files.root),
                wanted="Sentences/*.txt and Annotations/*.xml",
            )
        declare_refers_to(context)
        for stem in sorted({*sentences, *annotations}):
            reader = _PictureReader(stem=stem, files=files, context=context)
            yield from reader.read(sentences.get(stem), annotations.get(stem), origin=origin)

    def write(
        self,
        source: ExportSource,
        out: Path,
        *,
        options: dict[str, str],
    ) -> tuple[Loss, ...]:
        """Write Sentences/, Annotations/ and Images/. Only links from phrases to boxes fit; the rest is a loss."""
        return write_flickr30k(source, out)


@dataclass(slots=True, kw_only=True)
class _PictureReader:
    """One picture's two files to one bundle."""

    stem: str
    files: Sources
    context: ReadContext
    sample: str = ""
    stream: str = ""
    entities: dict[str, Entity] = field(default_factory=dict)
    boxes: list[tuple[tuple[str, ...], Annotation]] = field(default_factory=list)
    captions: list[Annotation] = field(default_factory=list)
    phrases: list[Annotation] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    def read(self, text: Path | None, xml: Path | None, *, origin: str) -> Iterator[SampleBundle | Problem]:
        self.sample, self.stream = self.context.new_id(), self.context.new_id()
        sentences: list[Sentence] = []
        boxes = Boxes()
        for path in (text, xml):
            if path is None:
                continue
            try:
                if path is text:
                    sentences, problems = read_sentences(self.files, path)
                else:
                    boxes, problems = read_boxes(self.files, path, origin=origin)
            except InvalidInput as error:
                where = self.files.name(path)
                yield Problem(where=where, code="unreadable-file", message=error.letter(), rejected=True)
                continue
            yield from problems
        file_name = Path(boxes.file_name).name or f"{self.stem}.jpg"
        picture = self._picture(file_name)
        if picture is None:
            message = f"{file_name} is not there; its captions and boxes are taken"
            yield Problem(where=self.stem, code="image-missing", message=message, rejected=False)
        self._make_entities(sentences, boxes)
        self._make_boxes(boxes)
        for number, sentence in enumerate(sentences):
            self._make_caption(sentence, number)
        stream = image_stream(
            self.files,
            picture,
            stream=self.stream,
            sample=self.sample,
            file_name=file_name,
            size_px=boxes.size_px,
        )
        kept = {"pixel_origin": str(boxes.origin)} if xml is not None else {}
        kept |= {
            name: " ".join(chains)
            for name, chains in (("scene", boxes.scene), ("without_box", boxes.without_box))
            if chains
        }
        yield SampleBundle(
            sample=Sample(id=self.sample, key=self.stem, source=kept),
            records=(
                stream,
                *self.entities.values(),
                *(box for _, box in self.boxes),
                *self.captions,
                *self.phrases,
                *self.links,
            ),
        )

    def _picture(self, file_name: str) -> Path | None:
        names = (file_name, *(f"{self.stem}{ending}" for ending in PICTURES))
        found = (self.files.find(f"{folder}{name}") for folder in ("Images/", "") for name in names)
        return next((path for path in found if path is not None), None)

    def _make_entities(self, sentences: list[Sentence], boxes: Boxes) -> None:
        """An entity for each chain; its class is the type that most of its mentions have first."""
        types: dict[str, Counter[str]] = {}
        for mark in (mark for sentence in sentences for mark in sentence.marks):
            if mark.chain != NOT_VISUAL:
                types.setdefault(mark.chain, Counter()).update([mark.types[0]])
        without_mention = [chain for names, _ in boxes.boxes for chain in names]
        for chain in (*without_mention, *boxes.scene, *boxes.without_box):
            if chain != NOT_VISUAL:
                types.setdefault(chain, Counter())
        for chain, counted in types.items():
            label = min(counted, key=lambda one: (-counted[one], one)) if counted else "other"
            self.entities[chain] = Entity(
                id=self.context.new_id(),
                sample=self.sample,
                layer=self.context.layer,
                class_id=self._class(label),
                source_id=chain,
            )

    def _make_boxes(self, boxes: Boxes) -> None:
        for chains, region in boxes.boxes:
            entity = next((self.entities[chain] for chain in chains if chain in self.entities), None)
            class_id = entity.class_id if entity is not None else self._class("other")
            box = self._annotation(region, class_id, entity=entity, source_id=",".join(chains))
            self.boxes.append((chains, box))

    def _make_caption(self, sentence: Sentence, number: int) -> None:
        caption = caption_of(
            self.context,
            sentence.text,
            sample=self.sample,
            stream=self.stream,
            source_id=f"{self.stem}#{number}",
        )
        self.captions.append(caption)
        for mark in sentence.marks:
            phrase = self._annotation(
                text_span(sentence.text, mark.start, mark.end, of=caption.id),
                self._class(mark.types[0]),
                entity=self.entities.get(mark.chain),
                source_id="/".join((mark.chain, *mark.types)),
            )
            self.phrases.append(phrase)
            if mark.chain != NOT_VISUAL:
                shown = (box for chains, box in self.boxes if mark.chain in chains)
                self.links += [refers_to(self.context, phrase, box) for box in shown]

    def _class(self, label: str) -> str:
        return class_for_phrases(self.context, label, known_as=KNOWN_AS.get(label, ""))

    def _annotation(
        self, region: AnyRegion, class_id: str, *, entity: Entity | None, source_id: str
    ) -> Annotation:
        return Annotation(
            id=self.context.new_id(),
            sample=self.sample,
            stream=self.stream,
            layer=self.context.layer,
            class_id=class_id,
            region=region,
            entity=None if entity is None else entity.id,
            source_id=source_id,
        )
