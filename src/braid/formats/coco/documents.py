"""COCO's JSON files as they lie in a folder: which there are, their pictures and their categories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from braid.base.errors import InvalidInput
from braid.formats.classes import exact_class, widen
from braid.formats.json_input import id_text, is_number, is_text, read_json
from braid.formats.seam import Problem, ReadContext, Sources, slug_of
from braid.model.records import Attribute

Row = dict[str, Any]
"""One element of a parsed COCO list, not checked yet."""

_KEPT_OF_IMAGE = ("license", "coco_url", "flickr_url", "date_captured")


@dataclass(slots=True, kw_only=True)
class Picture:
    """A picture with the annotation rows of all files that speak of it. rows: (where, row, classes of that file)."""

    id: str
    file_name: str
    width_px: int
    height_px: int
    where: str
    kept: dict[str, str]
    rows: list[tuple[str, Row, dict[str, str]]] = field(default_factory=list)

    @property
    def stem(self) -> str:
        """The file's name without folder and ending."""
        return PurePosixPath(self.file_name.replace("\\", "/")).stem or self.id


def json_files(files: Sources) -> list[Path]:
    """The root if it is a file; else annotations/*.json; else *.json of the folder. Raises InvalidInput if none."""
    if files.root.is_file():
        return [files.root]
    for folder in (files.root / "annotations", files.root):
        found = sorted(path for path in folder.glob("*.json") if path.is_file()) if folder.is_dir() else []
        if found:
            return found
    raise InvalidInput(
        "no COCO file here", where=str(files.root), wanted="annotations/*.json, or the path of one JSON file"
    )


def read_document(files: Sources, path: Path) -> Row:
    """One parsed file that has lists of images and annotations. Raises InvalidInput."""
    document = read_json(files, path)
    where = files.name(path)
    if not isinstance(document, dict):
        raise InvalidInput("a COCO file is a JSON object", where=where, got=type(document).__name__)
    for name in ("images", "annotations"):
        if not isinstance(document.get(name), list):
            raise InvalidInput(f"a COCO file has a list of {name}", where=where, got=sorted(document)[:8])
    return document


def read_pictures(
    document: Row, where: str, known: dict[str, Picture]
) -> Iterator[tuple[str, Picture] | Problem]:
    """The good pictures of one file, new ones and those that an earlier file already has."""
    seen: set[str] = set()
    for index, row in enumerate(document["images"]):
        at = f"{where}: images[{index}]"
        picture = _picture(row, at)
        if isinstance(picture, Problem):
            yield picture
        elif picture.id in seen:
            yield rejected(at, "duplicate-id", f"image id {picture.id} is used twice in this file")
        else:
            seen.add(picture.id)
            earlier = known.get(picture.id, picture)
            if (earlier.file_name, earlier.width_px, earlier.height_px) != (
                picture.file_name,
                picture.width_px,
                picture.height_px,
            ):
                yield rejected(
                    at, "image-conflict", f"image id {picture.id} is another image in {earlier.where}"
                )
            else:
                yield picture.id, earlier


def read_categories(document: Row, where: str, context: ReadContext) -> Iterator[tuple[str, str] | Problem]:
    """Category id -> class id. New classes keep COCO's number as the synonym `coco:<id>`, and joints as skeleton."""
    seen: set[str] = set()
    attributes = _attributes_by_category(document)
    for index, row in enumerate(document.get("categories") or ()):
        at = f"{where}: categories[{index}]"
        key = id_text(row.get("id")) if isinstance(row, dict) else None
        name = row.get("name") if isinstance(row, dict) else None
        if key is None or not is_text(name):
            yield rejected(at, "bad-category", "a category has an id and a name")
            continue
        if key in seen:
            yield rejected(at, "duplicate-id", f"category id {key} is used twice")
            continue
        seen.add(key)
        class_id = _class_of(row, name, context)
        joints = row.get("keypoints")
        named = isinstance(joints, list) and all(isinstance(joint, str) for joint in joints)
        widen(
            context,
            class_id,
            attributes=attributes.get(key, {}).values(),
            synonyms=(f"coco:{key}",),
            skeleton=tuple(joints) if named and joints else (),
        )
        yield key, class_id


def rejected(where: str, code: str, message: str) -> Problem:
    """Something that was not taken."""
    return Problem(where=where, code=code, message=message, rejected=True)


def odd(where: str, code: str, message: str) -> Problem:
    """Something that was taken, but looks odd."""
    return Problem(where=where, code=code, message=message, rejected=False)


def _picture(row: Any, where: str) -> Picture | Problem:
    if not isinstance(row, dict):
        return rejected(where, "bad-image", "an image is a JSON object")
    key = id_text(row.get("id"))
    name = row.get("file_name")
    width, height = row.get("width"), row.get("height")
    if key is None or not is_text(name):
        return rejected(where, "bad-image", "an image has an id and a file_name")
    if not (is_number(width) and is_number(height) and width == int(width) and height == int(height)):
        return rejected(where, "bad-image", f"image {key}: width and height are whole numbers of pixels")
    if not (0 < width < 2**20 and 0 < height < 2**20):
        return rejected(where, "bad-image", f"image {key}: {width} x {height} is no size of a picture")
    kept = {name: str(row[name]) for name in _KEPT_OF_IMAGE if is_text(str(row.get(name, "")))}
    return Picture(id=key, file_name=name, width_px=int(width), height_px=int(height), where=where, kept=kept)


def _class_of(row: Row, name: str, context: ReadContext) -> str:
    parent = row.get("supercategory")
    if not is_text(parent) or parent.casefold() == name.casefold():
        return exact_class(context, name)
    return exact_class(context, name, parent=exact_class(context, parent))


def _attributes_by_category(document: Row) -> dict[str, dict[str, Attribute]]:
    """The extension `attributes` of annotations, declared for the categories that use them."""
    found: dict[str, dict[str, Attribute]] = {}
    for row in document["annotations"]:
        extra = row.get("attributes") if isinstance(row, dict) else None
        key = id_text(row.get("category_id")) if isinstance(extra, dict) else None
        if key is None or not isinstance(extra, dict):
            continue
        for name, value in extra.items():
            if not is_text(name):
                continue
            kind = "boolean" if isinstance(value, bool) else "number" if is_number(value) else "text"
            slug = slug_of(name)
            found.setdefault(key, {}).setdefault(slug, Attribute(id=slug, name=name, type=kind))
    return found
