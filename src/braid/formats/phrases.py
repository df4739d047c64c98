"""What grounded-caption formats share: a picture's stream, captions that bear text, the `refers-to` link type."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from braid.formats.classes import first_of
from braid.formats.seam import ReadContext, Sources, end_of
from braid.model.records import (
    Annotation,
    Link,
    LinkEnd,
    MediaFacts,
    Modality,
    Sampling,
    Stream,
)
from braid.model.regions import WholeStream

REFERS_TO = "refers-to"
PICTURES = (".jpg", ".jpeg", ".png", ".webp")


def declare_refers_to(context: ReadContext) -> None:
    """Have the link type from a phrase to a region or a thing."""
    context.link_type(
        REFERS_TO,
        name="Refers to",
        source=LinkEnd(kinds=("text_span",)),
        target=LinkEnd(kinds=("box", "polygon", "mask", "keypoints", "entity")),
    )


def class_for_phrases(context: ReadContext, label: str, *, known_as: str = "") -> str:
    """The class of a phrase or region label: `known_as` if the ontology has it, else by name.

    A new one stands below `object` where that is there, so that `refers-to` may join it.
    """
    known = first_of(context, known_as) if known_as else None
    return known or context.class_id(label, parent=first_of(context, "object"))


def image_stream(
    files: Sources,
    path: Path | None,
    *,
    stream: str,
    sample: str,
    file_name: str,
    size_px: tuple[int, int] | None,
) -> Stream:
    """The picture of a sample, without bytes when the file is not there."""
    width_px, height_px = size_px or (None, None)
    return Stream(
        id=stream,
        sample=sample,
        name="image",
        modality=Modality.IMAGE,
        sampling=Sampling.INSTANT,
        asset=None if path is None else files.asset(path),
        media_type=mimetypes.guess_type(file_name)[0] or "",
        file_name=file_name,
        facts=MediaFacts(width_px=width_px, height_px=height_px),
    )


def caption_of(context: ReadContext, text: str, *, sample: str, stream: str, source_id: str) -> Annotation:
    """A caption of the whole picture."""
    return Annotation(
        id=context.new_id(),
        sample=sample,
        stream=stream,
        layer=context.layer,
        class_id=context.class_id("caption"),
        region=WholeStream(),
        text=text,
        source_id=source_id,
    )


def refers_to(context: ReadContext, phrase: Annotation, box: Annotation) -> Link:
    """The link from a phrase to a box."""
    return Link(
        id=context.new_id(),
        sample=phrase.sample,
        layer=context.layer,
        type_id=REFERS_TO,
        source=end_of(phrase),
        target=end_of(box),
    )
