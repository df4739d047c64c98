"""Writes Flickr30k Entities: sentences with marks, XML with the boxes of each id, and the pictures."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.sax.saxutils import escape

from braid.base.errors import NotFound
from braid.formats.flickr30k_chains import Chains, chains_of
from braid.formats.losses import LossCounter
from braid.formats.seam import ExportSource, Loss, SampleBundle
from braid.model.records import Annotation, Entity, Link, Modality, OntologyClass, Stream
from braid.model.regions import Box, TextSpan, WholeStream, kind_of

REFERS_TO = "refers-to"
TYPES = {
    "person": "people",
    "body-part": "bodyparts",
    "animal": "animals",
    "vehicle": "vehicles",
    "instrument": "instruments",
    "clothing": "clothing",
    "scene": "scene",
}
"""Classes of the vision-language template as Flickr30k's types; all others are `other`."""


def write_flickr30k(source: ExportSource, out: Path) -> tuple[Loss, ...]:
    """See `Flickr30kEntities.write`."""
    for folder in ("Sentences", "Annotations", "Images"):
        (out / folder).mkdir()
    loss = LossCounter()
    classes = {known.id: known for known in source.ontology.classes}
    for bundle in source.bundles():
        pictures = [
            record
            for record in bundle.records
            if isinstance(record, Stream) and record.modality is Modality.IMAGE and not record.readings
        ]
        others = sum(1 for record in bundle.records if isinstance(record, Stream)) - len(pictures)
        loss.add("stream", "Flickr30k Entities holds single pictures only", others)
        for number, picture in enumerate(pictures):
            stem = _safe(bundle.sample.key) if number == 0 else f"{_safe(bundle.sample.key)}-{number + 1}"
            _Picture(bundle, picture, stem, classes, loss).write(source, out)
    return loss.report()


class _Picture:
    """One picture's files."""

    def __init__(
        self,
        bundle: SampleBundle,
        picture: Stream,
        stem: str,
        classes: dict[str, OntologyClass],
        loss: LossCounter,
    ) -> None:
        self._bundle = bundle
        self._picture = picture
        self._stem = stem
        self._classes = classes
        self._loss = loss
        here = [
            record
            for record in bundle.records
            if isinstance(record, Annotation) and record.stream == picture.id
        ]
        self._captions = [one for one in here if isinstance(one.region, WholeStream) and one.text is not None]
        hosts = {caption.id for caption in self._captions}
        self._phrases = [one for one in here if isinstance(one.region, TextSpan) and one.region.of in hosts]
        self._boxes = [one for one in here if isinstance(one.region, Box)]
        written = {one.id for one in (*self._captions, *self._phrases, *self._boxes)}
        for one in here:
            if one.id not in written:
                loss.add(f"{kind_of(one.region)} annotation", "only captions, phrases and boxes fit")
        loss.add_kinds(
            bundle.records,
            kinds=("clock_map", "calibration", "trajectory", "verdict"),
            why="Flickr30k Entities has no place for it",
        )

    def write(self, source: ExportSource, out: Path) -> None:
        """Write sentences, XML and picture."""
        entities = {one.id: one for one in self._bundle.records if isinstance(one, Entity)}
        chains = chains_of(self._phrases, self._boxes, self._targets(), entities)
        self._loss.add(
            "mention", "its links differ from those of its thing, so it has an id of its own", chains.split
        )
        lines = "".join(self._sentence(caption, chains) + "\n" for caption in self._captions)
        (out / "Sentences" / f"{self._stem}.txt").write_text(lines, encoding="utf-8", newline="\n")
        xml = self._xml(chains)
        (out / "Annotations" / f"{self._stem}.xml").write_text(xml, encoding="utf-8", newline="\n")
        self._copy_picture(source, out / "Images" / self._file_name())

    def _copy_picture(self, source: ExportSource, target: Path) -> None:
        asset = self._picture.asset
        try:
            path = source.asset_path(asset) if asset is not None else None
        except NotFound:
            path = None
        if path is None:
            self._loss.add("picture", "its bytes are not in the workspace")
        else:
            shutil.copyfile(path, target)

    def _targets(self) -> dict[str, frozenset[str]]:
        """The boxes that each phrase refers to; all other links are counted as lost."""
        phrases = {one.id for one in self._phrases}
        boxes = {one.id for one in self._boxes}
        targets: dict[str, frozenset[str]] = {}
        for link in self._bundle.records:
            if not isinstance(link, Link):
                continue
            ends = (link.source.id, link.target.id)
            if link.type_id == REFERS_TO and ends[0] in phrases and ends[1] in boxes:
                targets[ends[0]] = targets.get(ends[0], frozenset()) | {ends[1]}
                if link.causes:
                    self._loss.add("suspicion of a link", "Flickr30k Entities has no place for it")
            else:
                self._loss.add(f"{link.type_id} link", "only links from a phrase to a box fit")
        return targets

    def _sentence(self, caption: Annotation, chains: Chains) -> str:
        text = (caption.text or "").replace("\r", " ").replace("\n", " ")
        parts: list[str] = []
        position = 0
        spans = [(one, one.region) for one in self._phrases if isinstance(one.region, TextSpan)]
        for phrase, span in sorted(spans, key=lambda pair: (pair[1].start, pair[1].end, pair[0].id)):
            if span.of != caption.id:
                continue
            quote = text[span.start : span.end]
            if span.start < position or not quote.strip() or "[" in quote or "]" in quote:
                self._loss.add("phrase", "phrases that overlap or hold brackets cannot be marked")
                continue
            mark = "/".join((chains.of_phrase[phrase.id], *self._types(phrase)))
            parts += [text[position : span.start], f"[/EN#{mark} {quote}]"]
            position = span.end
        return "".join((*parts, text[position:]))

    def _types(self, phrase: Annotation) -> tuple[str, ...]:
        kept = phrase.source_id.split("/")
        if len(kept) > 1 and kept[0].isdecimal():
            return tuple(kept[1:])
        class_id: str | None = phrase.class_id
        for _ in range(64):
            if class_id is None or class_id in TYPES:
                break
            known = self._classes.get(class_id)
            class_id = known.parent if known is not None else None
        return (TYPES.get(class_id or "", "other"),)

    def _xml(self, chains: Chains) -> str:
        source = self._bundle.sample.source
        origin = int(source.get("pixel_origin", "1") == "1")
        facts = self._picture.facts
        lines = [
            "<annotation>",
            f"  <filename>{escape(self._file_name())}</filename>",
            f"  <size><width>{facts.width_px or 0}</width><height>{facts.height_px or 0}</height><depth>3</depth></size>",
        ]
        for box in self._boxes:
            region = box.region
            assert isinstance(region, Box)
            corners = (region.x0_px, region.y0_px, region.x1_px - 1, region.y1_px - 1)
            if any(corner != int(corner) for corner in corners):
                self._loss.add("fraction of a pixel", "boxes have whole corners")
            names = "".join(f"<name>{name}</name>" for name in chains.of_box[box.id])
            tags = zip(("xmin", "ymin", "xmax", "ymax"), corners, strict=True)
            bounds = "".join(f"<{tag}>{round(corner) + origin}</{tag}>" for tag, corner in tags)
            lines.append(f"  <object>{names}<bndbox>{bounds}</bndbox></object>")
        scene, without = source.get("scene", "").split(), source.get("without_box", "").split()
        lines += [
            f"  <object><name>{escape(name)}</name><scene>{int(name in scene)}</scene>"
            f"<nobndbox>{int(name in without)}</nobndbox></object>"
            for name in dict.fromkeys((*scene, *without))
        ]
        return "\n".join((*lines, "</annotation>", ""))

    def _file_name(self) -> str:
        ending = Path(self._picture.file_name).suffix.lower() or ".jpg"
        return f"{self._stem}{ending}"


def _safe(key: str) -> str:
    """A sample's key as a file name."""
    return "".join(char if char.isalnum() or char in "-_." else "_" for char in key).strip(".") or "sample"
