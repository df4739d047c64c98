"""Samples to COCO: annotation rows are streamed to disk, picture by picture."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from braid.base.errors import NotFound
from braid.formats.coco.regions import area_of, bounds_of, keypoint_numbers, segmentation_of
from braid.formats.losses import LossCounter
from braid.formats.seam import ExportSource, Loss, SampleBundle
from braid.model.records import Annotation, Modality, OntologyClass, Sample, Stream
from braid.model.regions import Box, Keypoints, Mask, Polygon, WholeStream, kind_of

PERSON_JOINTS = [
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
]
PERSON_BONES = [
    [16, 14], [14, 12], [17, 15], [15, 13], [12, 13], [6, 12], [7, 13], [6, 7], [6, 8], [7, 9],
    [8, 10], [9, 11], [2, 3], [1, 2], [1, 3], [2, 4], [3, 5], [4, 6], [5, 7],
]  # fmt: skip
"""COCO's own person: joints by name, bones between joint numbers counted from 1."""


class CocoWriter:
    """Writes one export. Source numbers are kept where they are whole numbers and still free."""

    def __init__(self, source: ExportSource, out: Path, *, suffix: str, layer: str | None) -> None:
        self._source = source
        self._out = out
        self._suffix = f"_{suffix}" if suffix else ""
        self._layer = layer
        self._loss = LossCounter()
        self._classes = {known.id: known for known in source.ontology.classes}
        self._categories = _category_numbers(source.ontology.classes)
        self._used = {known.id for known in source.ontology.classes if _kept_number(known)}
        self._image_ids = _Numbers()
        self._ids = {"instances": _Numbers(), "captions": _Numbers(), "person_keypoints": _Numbers()}

    def write(self) -> tuple[Loss, ...]:
        """Write the files; what could not be said is the answer."""
        (self._out / "annotations").mkdir()
        (self._out / "images").mkdir()
        files = {name: _RowFile(self._path(name)) for name in self._ids}
        try:
            for bundle in self._source.bundles():
                self._write_bundle(bundle, files)
        finally:
            for file in files.values():
                file.close_rows()
        categories = list(self._category_rows())
        files["instances"].finish([_plain_category(row) for row in categories])
        files["captions"].finish(None)
        files["person_keypoints"].finish([row for row in categories if "keypoints" in row])
        return self._loss.report()

    def _path(self, name: str) -> Path:
        return self._out / "annotations" / f"{name}{self._suffix}.json"

    def _write_bundle(self, bundle: SampleBundle, files: dict[str, _RowFile]) -> None:
        records = bundle.records
        self._loss.add_kinds(
            records,
            kinds=("link", "clock_map", "calibration", "trajectory", "verdict"),
            why="COCO has no place for it",
        )
        pictures: dict[tuple[str, int | None], int] = {}
        for record in records:
            if isinstance(record, Stream):
                if record.modality is Modality.IMAGE:
                    pictures.update(self._write_pictures(bundle.sample, record, files))
                else:
                    self._loss.add(f"{record.modality.value} stream", "COCO holds pictures only")
        chosen = [record for record in records if isinstance(record, Annotation)]
        if self._layer is not None:
            self._loss.add(
                "annotation", "of a layer that was not chosen", sum(a.layer != self._layer for a in chosen)
            )
            chosen = [annotation for annotation in chosen if annotation.layer == self._layer]
        points: dict[tuple[str | None, str], Annotation] = {
            (annotation.entity, annotation.stream): annotation
            for annotation in chosen
            if isinstance(annotation.region, Keypoints) and annotation.entity is not None
        }
        placed: set[str] = set()
        for annotation in sorted(chosen, key=lambda one: (isinstance(one.region, Keypoints), one.id)):
            image = pictures.get(
                (annotation.stream, None), pictures.get((annotation.stream, annotation.at_ns))
            )
            if image is None:
                self._loss.add(f"{kind_of(annotation.region)} annotation", "not on a picture")
                continue
            self._write_annotation(annotation, image, points, placed, files)

    def _write_pictures(
        self, sample: Sample, stream: Stream, files: dict[str, _RowFile]
    ) -> Iterator[tuple[tuple[str, int | None], int]]:
        """One COCO image for a still stream, one for each reading of a sequence."""
        stills = [(None, stream.asset, stream.file_name)] if not stream.readings else [
            (reading.at_ns, reading.asset, reading.name) for reading in stream.readings
        ]  # fmt: skip
        for at_ns, asset, name in stills:
            number = self._image_ids.take(sample.source.get("coco_id", "") if at_ns is None else "")
            if stream.facts.width_px is None or stream.facts.height_px is None:
                self._loss.add("picture", "its size is not known")
                continue
            suffix = Path(name).suffix or ".jpg"
            file_name = Path(name).name if name else f"{number:012d}{suffix}"
            if (self._out / "images" / file_name).exists():
                file_name = f"{number:012d}{suffix}"
            if asset is None:
                self._loss.add("picture", "its bytes are not in the workspace; its labels are written")
            else:
                self._copy(asset, self._out / "images" / file_name)
            row: dict[str, Any] = {
                "id": number,
                "file_name": file_name,
                "width": stream.facts.width_px,
                "height": stream.facts.height_px,
            }
            for kept in ("license", "coco_url", "flickr_url", "date_captured"):
                value = sample.source.get(kept)
                if value is not None:
                    row[kept] = int(value) if kept == "license" and value.isdecimal() else value
            for file in files.values():
                file.images.append(row)
            yield (stream.id, at_ns), number

    def _copy(self, asset: str, path: Path) -> None:
        try:
            shutil.copyfile(self._source.asset_path(asset), path)
        except NotFound:
            self._loss.add("picture", "its bytes are not in the workspace; its labels are written")

    def _write_annotation(
        self,
        annotation: Annotation,
        image: int,
        points: dict[tuple[str | None, str], Annotation],
        placed: set[str],
        files: dict[str, _RowFile],
    ) -> None:
        region = annotation.region
        if isinstance(region, WholeStream) and annotation.text is not None:
            number = self._ids["captions"].take(annotation.source_id)
            files["captions"].add({"id": number, "image_id": image, "caption": annotation.text})
            return
        if annotation.id in placed:
            return
        if annotation.class_id not in self._categories:
            self._loss.add("annotation", "its class is not in the ontology")
            return
        if not isinstance(region, Box | Polygon | Mask | Keypoints):
            self._loss.add(f"{kind_of(region)} annotation", "COCO has no such region")
            return
        if isinstance(region, Polygon) and region.holes_px:
            self._loss.add("hole of a polygon", "COCO's polygons have no holes", len(region.holes_px))
        beside = (
            annotation
            if isinstance(region, Keypoints)
            else points.get((annotation.entity, annotation.stream))
        )
        number = self._ids["instances"].take(annotation.source_id)
        row = self._instance_row(annotation, region, number, image)
        if not isinstance(region, Keypoints):
            files["instances"].add(row)
        if beside is not None and isinstance(beside.region, Keypoints) and beside.id not in placed:
            placed.add(beside.id)
            numbers = keypoint_numbers(beside.region)
            labelled = sum(1 for point in beside.region.points if point.visibility)
            files["person_keypoints"].add({**row, "keypoints": numbers, "num_keypoints": labelled})
        elif joints := self._joints(annotation.class_id):
            zeros = [0] * (3 * len(joints))
            files["person_keypoints"].add({**row, "keypoints": zeros, "num_keypoints": 0})

    def _instance_row(
        self, annotation: Annotation, region: Box | Polygon | Mask | Keypoints, number: int, image: int
    ) -> dict[str, Any]:
        self._used.add(annotation.class_id)
        row: dict[str, Any] = {
            "id": number,
            "image_id": image,
            "category_id": self._categories[annotation.class_id],
            "bbox": bounds_of(region),
            "area": area_of(region),
            "iscrowd": int(isinstance(region, Mask) and region.crowd),
        }
        if isinstance(region, Polygon | Mask):
            row["segmentation"] = segmentation_of(region)
        else:
            row["segmentation"] = []
        if annotation.attributes:
            known = self._classes[annotation.class_id].attributes
            names = {attribute.id: attribute.name for attribute in known}
            row["attributes"] = {
                names.get(key, key): value for key, value in sorted(annotation.attributes.items())
            }
        if annotation.score is not None:
            row["score"] = annotation.score
        if annotation.comment:
            self._loss.add("comment", "COCO has no place for it")
        return row

    def _joints(self, class_id: str) -> tuple[str, ...]:
        known = self._classes.get(class_id)
        return known.skeleton if known is not None else ()

    def _category_rows(self) -> Iterator[dict[str, Any]]:
        """Classes that came from COCO or that stand on a picture; mere branches of the tree are left out."""
        for class_id, number in sorted(self._categories.items(), key=lambda pair: pair[1]):
            if class_id not in self._used:
                continue
            known = self._classes[class_id]
            parent = self._classes.get(known.parent or "")
            row: dict[str, Any] = {
                "supercategory": parent.name if parent is not None else known.name,
                "id": number,
                "name": known.name,
            }
            if known.skeleton:
                row["keypoints"] = list(known.skeleton)
                row["skeleton"] = PERSON_BONES if list(known.skeleton) == PERSON_JOINTS else []
            yield row


class _RowFile:
    """One COCO file whose annotation rows go to disk as they come."""

    def __init__(self, path: Path) -> None:
        self.images: list[dict[str, Any]] = []
        self._stream: TextIO = path.open("w", encoding="utf-8", newline="\n")
        self._path = path
        self._rows = 0
        self._stream.write('{"annotations": [')

    def add(self, row: dict[str, Any]) -> None:
        """Append one annotation."""
        self._stream.write(("," if self._rows else "") + "\n" + json.dumps(row, ensure_ascii=False))
        self._rows += 1

    def close_rows(self) -> None:
        """End the rows."""
        self._stream.write("\n]")
        self._stream.close()

    def finish(self, categories: list[dict[str, Any]] | None) -> None:
        """Write what stands beside the rows; a file without rows is not kept, except the one of instances."""
        if not self._rows and not self._path.name.startswith("instances"):
            self._path.unlink()
            return
        rest: dict[str, Any] = {
            "images": self.images,
            "licenses": [],
            "info": {"description": "Braid export"},
        }
        if categories is not None:
            rest["categories"] = categories
        with self._path.open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(",\n" + json.dumps(rest, ensure_ascii=False)[1:] + "\n")


class _Numbers:
    """Hands out whole numbers: the wanted one while it is free, else the next above all before."""

    def __init__(self) -> None:
        self._used: set[int] = set()
        self._next = 1

    def take(self, wanted: str) -> int:
        number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 16 else 0
        if number <= 0 or number in self._used:
            while self._next in self._used:
                self._next += 1
            number = self._next
        self._used.add(number)
        return number


def _kept_number(known: OntologyClass) -> str:
    """The category number that a class brought along as its synonym `coco:<id>`; empty when it has none."""
    return next(
        (word[5:] for word in known.synonyms if word.startswith("coco:") and word[5:].isdecimal()), ""
    )


def _category_numbers(classes: tuple[OntologyClass, ...]) -> dict[str, int]:
    """COCO's number of each class: the kept `coco:<id>`, else the next free one, in the ontology's order."""
    taken: dict[str, int] = {}
    numbers = _Numbers()
    for known in classes:
        kept = _kept_number(known)
        if kept:
            taken[known.id] = numbers.take(kept)
    for known in classes:
        if known.id not in taken:
            taken[known.id] = numbers.take("")
    return taken


def _plain_category(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in {"keypoints", "skeleton"}}
