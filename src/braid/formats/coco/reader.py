"""COCO to samples: files are merged by picture, rows that do not hold are refused one by one."""

from __future__ import annotations

import mimetypes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from braid.base.errors import InvalidInput
from braid.formats.classes import class_by_id
from braid.formats.coco import documents
from braid.formats.coco.documents import Picture, Row, odd, rejected
from braid.formats.coco.regions import OUTSIDE_PX, box_of, keypoints_of, outside_px, shape_of
from braid.formats.json_input import id_text, is_number, is_text
from braid.formats.seam import Problem, ReadContext, SampleBundle, Sources, slug_of
from braid.model.records import (
    Annotation,
    Entity,
    MediaFacts,
    Modality,
    Sample,
    Sampling,
    Stream,
)
from braid.model.regions import AnyRegion, WholeStream


def read_coco(files: Sources, context: ReadContext) -> Iterator[SampleBundle | Problem]:
    """See `Coco.read`."""
    pictures: dict[str, Picture] = {}
    readable = 0
    failed: list[InvalidInput] = []
    for path in documents.json_files(files):
        try:
            document = documents.read_document(files, path)
        except InvalidInput as error:
            failed.append(error)
            continue
        readable += 1
        yield from _sort_rows(document, files.name(path), pictures, context)
    if not readable:
        raise failed[0]
    for failure in failed:
        yield rejected(failure.where, "unreadable-file", failure.what)
    stems = Counter(picture.stem for picture in pictures.values())
    found = _PictureFiles(files)
    for picture in sorted(pictures.values(), key=lambda picture: (picture.stem, picture.id)):
        key = picture.stem if stems[picture.stem] == 1 else f"{picture.stem}-{picture.id}"
        yield from _PictureReader(
            picture=picture, key=key, files=files, found=found, context=context
        ).bundle()


def _sort_rows(
    document: Row, where: str, pictures: dict[str, Picture], context: ReadContext
) -> Iterator[Problem]:
    """Put each annotation row of a file to its picture; tell of rows without one, and of ids used twice."""
    here: dict[str, Picture] = {}
    for found in documents.read_pictures(document, where, pictures):
        if isinstance(found, Problem):
            yield found
        else:
            here[found[0]] = pictures.setdefault(found[0], found[1])
    classes: dict[str, str] = {}
    for category in documents.read_categories(document, where, context):
        if isinstance(category, Problem):
            yield category
        else:
            classes[category[0]] = category[1]
    seen: set[str] = set()
    for index, row in enumerate(document["annotations"]):
        at = f"{where}: annotations[{index}]"
        key = id_text(row.get("id")) if isinstance(row, dict) else None
        if key is None:
            yield rejected(at, "bad-annotation", "an annotation is a JSON object with an id")
            continue
        at = f"{at} (id {key})"
        picture = here.get(id_text(row.get("image_id")) or "")
        if key in seen:
            yield rejected(at, "duplicate-id", f"annotation id {key} is used twice in this file")
        elif picture is None:
            yield rejected(at, "unknown-image", f"image_id {row.get('image_id')!r} is not in images")
        else:
            picture.rows.append((at, row, classes))
        seen.add(key)


class _PictureFiles:
    """Finds pictures: as named below the root or `images/`, else by file name anywhere below the root."""

    def __init__(self, files: Sources) -> None:
        self._files = files
        self._by_name: dict[str, Path] | None = None

    def find(self, file_name: str) -> Path | None:
        """The picture's file, or None. Names that lead out of the folder raise InvalidInput."""
        for folder in ("", "images/"):
            path = self._files.find(folder + file_name)
            if path is not None:
                return path
        if self._files.root.is_file():
            return None
        if self._by_name is None:
            paths = (path for path in self._files.base.rglob("*") if path.is_file() and not path.is_symlink())
            self._by_name = {path.name: path for path in sorted(paths, reverse=True)}
        return self._by_name.get(Path(file_name).name)


@dataclass(slots=True, kw_only=True)
class _PictureReader:
    """One picture's rows to one bundle."""

    picture: Picture
    key: str
    files: Sources
    found: _PictureFiles
    context: ReadContext
    instances: dict[str, Annotation] = field(default_factory=dict)
    joined: dict[str, Annotation] = field(default_factory=dict)
    captions: list[Annotation] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    sample: str = ""
    stream: str = ""

    def bundle(self) -> Iterator[SampleBundle | Problem]:
        picture = self.picture
        self.sample, self.stream = self.context.new_id(), self.context.new_id()
        try:
            path = self.found.find(picture.file_name)
        except InvalidInput as error:
            yield rejected(picture.where, "path-escape", error.letter())
            return
        if path is None:
            yield odd(
                picture.where, "image-missing", f"{picture.file_name} is not there; its labels are taken"
            )
        for where, row, classes in picture.rows:
            try:
                yield from self._take(where, row, classes)
            except InvalidInput as error:
                yield rejected(where, error.code.replace("_", "-"), error.letter())
        stream = Stream(
            id=self.stream,
            sample=self.sample,
            name="image",
            modality=Modality.IMAGE,
            sampling=Sampling.INSTANT,
            asset=None if path is None else self.files.asset(path),
            media_type=mimetypes.guess_type(picture.file_name)[0] or "",
            file_name=picture.file_name,
            facts=MediaFacts(width_px=picture.width_px, height_px=picture.height_px),
        )
        sample = Sample(id=self.sample, key=self.key, source={"coco_id": picture.id, **picture.kept})
        annotations = (*self.instances.values(), *self.joined.values(), *self.captions)
        yield SampleBundle(sample=sample, records=(stream, *self.entities, *annotations))

    def _take(self, where: str, row: Row, classes: dict[str, str]) -> Iterator[Problem]:
        if "caption" in row:
            self._take_caption(row)
            return
        category = id_text(row.get("category_id"))
        if category is None or category not in classes:
            raise InvalidInput("category_id is not in categories", got=row.get("category_id"))
        key = str(row["id"])
        region, oddities = self._region_of(row)
        joints = class_by_id(self.context, classes[category]).skeleton
        points = keypoints_of(row.get("keypoints"), joints)
        instance = self.instances.get(key)
        if instance is None:
            instance = self._annotation(row, classes[category], region)
            self.instances[key] = instance
        elif points is None and "keypoints" not in row:
            raise InvalidInput("an instance of this id is in another file already", got=key)
        yield from (odd(where, code, message) for code, message in oddities)
        if points is not None:
            self._join(key, instance, points, row)

    def _region_of(self, row: Row) -> tuple[AnyRegion, list[tuple[str, str]]]:
        """The instance's region, polygon or mask before box; and what is odd about it, as code and message."""
        width_px, height_px = self.picture.width_px, self.picture.height_px
        crowd = row.get("iscrowd", 0)
        if crowd not in (0, 1):
            raise InvalidInput("iscrowd is 0 or 1", got=crowd)
        shape = shape_of(row.get("segmentation"), width_px=width_px, height_px=height_px, crowd=crowd == 1)
        oddities: list[tuple[str, str]] = []
        if shape is None and "bbox" not in row:
            raise InvalidInput("an instance has a bbox or a segmentation", got=sorted(row))
        box = box_of(row["bbox"]) if row.get("bbox") is not None or shape is None else None
        if "area" in row and row["area"] is not None and not is_number(row["area"]):
            raise InvalidInput("area is a number", got=row["area"])
        if box is not None:
            outside = outside_px(box, width_px=width_px, height_px=height_px)
            if outside > max(width_px, height_px):
                raise InvalidInput(
                    "bbox leaves the image by more than its size",
                    got=row["bbox"],
                    wanted=f"within {width_px} x {height_px}",
                )
            if outside > OUTSIDE_PX:
                oddities.append(("box-outside", f"bbox leaves the image by {outside:.1f} px"))
        if crowd == 1 and not isinstance(shape, msgspec.Struct):
            oddities.append(("crowd-box", "iscrowd is kept for masks only"))
        return shape or box, oddities  # type: ignore[return-value]  # one of both is there

    def _annotation(self, row: Row, class_id: str, region: AnyRegion) -> Annotation:
        extra = row.get("attributes")
        attributes = extra if isinstance(extra, dict) else {}
        score = row.get("score")
        return Annotation(
            id=self.context.new_id(),
            sample=self.sample,
            stream=self.stream,
            layer=self.context.layer,
            class_id=class_id,
            region=region,
            attributes={slug_of(name): value for name, value in attributes.items() if _plain(value)},
            score=float(score) if is_number(score) else None,
            source_id=str(row["id"]),
        )

    def _join(self, key: str, instance: Annotation, points: AnyRegion, row: Row) -> None:
        """Key points stand beside the instance; one entity says that both are the same thing."""
        if key in self.joined:
            raise InvalidInput("key points of this id are in another file already", got=key)
        entity = Entity(
            id=self.context.new_id(),
            sample=self.sample,
            layer=self.context.layer,
            class_id=instance.class_id,
            source_id=key,
        )
        self.entities.append(entity)
        self.instances[key] = msgspec.structs.replace(instance, entity=entity.id)
        beside = self._annotation({**row, "attributes": None, "score": None}, instance.class_id, points)
        self.joined[key] = msgspec.structs.replace(beside, entity=entity.id)

    def _take_caption(self, row: Row) -> None:
        text = row["caption"]
        if not is_text(text):
            raise InvalidInput("a caption is a text that is not empty", got=text)
        caption = self._annotation(row, self.context.class_id("caption"), WholeStream())
        self.captions.append(msgspec.structs.replace(caption, text=text))


def _plain(value: object) -> bool:
    return isinstance(value, bool) or is_number(value) or is_text(value)
