"""Made-up source folders for import, and what a folder holds."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

SENTENCES = "[/EN#1/people Two girls] watch [/EN#2/animals a dog] .\n"
XML = """<annotation><filename>9.jpg</filename><size><width>40</width><height>30</height><depth>3</depth></size>
<object><name>1</name><bndbox><xmin>1</xmin><ymin>2</ymin><xmax>10</xmax><ymax>20</ymax></bndbox></object>
<object><name>2</name><bndbox><xmin>22</xmin><ymin>9</ymin><xmax>40</xmax><ymax>30</ymax></bndbox></object>
</annotation>"""


def coco_folder(root: Path, *, pictures: int = 3, broken: tuple[int, ...] = ()) -> Path:
    """Pictures with one box each; `broken` ones are no pictures at all."""
    (root / "annotations").mkdir(parents=True)
    (root / "images").mkdir()
    images, annotations = [], []
    for number in range(1, pictures + 1):
        name = f"picture-{number}.png"
        if number in broken:
            (root / "images" / name).write_bytes(b"<html>not found</html>")
        else:
            Image.new("RGB", (32, 24), (number, 0, 0)).save(root / "images" / name)
        images.append({"id": number, "file_name": name, "width": 32, "height": 24})
        box = {"id": 10 + number, "image_id": number, "category_id": 1, "bbox": [1, 2, 3 + number, 4]}
        annotations.append(box)
    document = {"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "kite"}]}
    (root / "annotations" / "instances.json").write_text(json.dumps(document))
    return root


def flickr_folder(root: Path) -> Path:
    """One picture with a caption, two phrases, two boxes, two links."""
    for folder in ("Sentences", "Annotations", "Images"):
        (root / folder).mkdir(parents=True)
    (root / "Sentences" / "9.txt").write_text(SENTENCES)
    (root / "Annotations" / "9.xml").write_text(XML)
    Image.new("RGB", (40, 30)).save(root / "Images" / "9.jpg")
    return root


def files_of(root: Path) -> dict[str, bytes]:
    """Every file by relative name."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
