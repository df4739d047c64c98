"""The relational tables of nuScenes: rows by token, sensor files, transforms, class names. Source: the data set's schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from braid.base.errors import InvalidInput
from braid.formats.classes import has_class, widen
from braid.formats.json_fields import numbers, take
from braid.formats.json_input import read_json
from braid.formats.rigid import Matrix
from braid.formats.seam import Problem, ReadContext, Sources, slug_of
from braid.model.records import Attribute, Entity
from braid.model.regions import AttributeValue
from braid.space.pose import Vec3
from braid.space.rotation import matrix_from_wxyz

EGO, WORLD = "ego", "world"
NEEDED = ("sample", "sample_data", "calibrated_sensor", "sensor", "ego_pose")
OPTIONAL = ("scene", "log", "sample_annotation", "instance", "category", "attribute", "visibility")
LAYOUT = "float32 x y z intensity ring"
ATTRIBUTES = (
    Attribute(id="nuscenes-state", name="State in nuScenes", type="text"),
    Attribute(id="visibility", name="Visibility", type="text"),
    Attribute(id="num-lidar-pts", name="Lidar points inside", type="number", minimum=0.0),
    Attribute(id="num-radar-pts", name="Radar points inside", type="number", minimum=0.0),
)
SPELLINGS = {"trafficcone": "traffic cone"}

Row = dict[str, Any]
Table = dict[str, Row]


def table_folders(files: Sources) -> tuple[Path, ...]:
    """Folders that hold the needed tables: the import folder or one directly below it."""
    folders = [files.base, *sorted(path for path in files.base.iterdir() if path.is_dir())]
    return tuple(
        folder
        for folder in folders
        if all((folder / f"{name}.json").is_file() for name in NEEDED)
        and folder.resolve().is_relative_to(files.base)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """All tables of one folder, and where its sensor files are."""

    files: Sources
    folder: Path
    tables: dict[str, Table]

    def row(self, table: str, token: Any, where: str) -> Row:
        """A row by its token. Raises InvalidInput when the token leads nowhere."""
        row = self.tables[table].get(str(token))
        if row is None:
            raise InvalidInput(
                "a token leads nowhere", where=where, got=token, wanted=f"a row of {table}.json"
            )
        return row

    def file(self, name: str) -> Path | None:
        """Sensor files lie beside the folder of tables, or in it."""
        for root in (self.folder.parent, self.folder):
            path = (root / name).resolve()
            if path.is_relative_to(self.files.base) and path.is_file():
                return path
        return None

    def size_m(self, row: Row, where: str) -> Vec3:
        """length, width, height of a box. Raises InvalidInput when it has no extent."""
        width, length, height = numbers(row, 3, "size", where=where)
        if min(width, length, height) <= 0:
            raise InvalidInput("a box has no extent", where=where, got=(width, length, height))
        return (length, width, height)

    def entity(self, context: ReadContext, sample: str, row: Row, where: str) -> Entity:
        """The thing that a row of sample_annotation speaks of, with its class."""
        instance = self.row("instance", row.get("instance_token"), where)
        category = self.row("category", instance.get("category_token"), where)
        class_id = class_of(context, take(category, str, "name", where=where))
        widen(context, class_id, attributes=ATTRIBUTES)
        identity = str(instance["token"])
        return Entity(
            id=context.new_id(),
            sample=sample,
            layer=context.layer,
            class_id=class_id,
            name=f"{class_id} {identity[:6]}",
            source_id=identity,
        )

    def attributes(self, row: Row) -> dict[str, AttributeValue]:
        """What stands beside a box's geometry."""
        names = row.get("attribute_tokens")
        states = [self.tables["attribute"].get(str(name), {}).get("name") for name in names or ()]
        level = self.tables["visibility"].get(str(row.get("visibility_token")), {}).get("level")
        counts = {name: row.get(name) for name in ("num_lidar_pts", "num_radar_pts")}
        return {
            **({"nuscenes-state": ", ".join(map(str, states))} if states else {}),
            **({"visibility": level} if isinstance(level, str) else {}),
            **{
                name.replace("_", "-"): count
                for name, count in counts.items()
                if isinstance(count, int) and count >= 0
            },
        }


def read_relations(files: Sources, folder: Path) -> Iterator[Relations | Problem]:
    """All tables, or the problem of the one that cannot be read."""
    tables: dict[str, Table] = {}
    for name in (*NEEDED, *OPTIONAL):
        path = folder / f"{name}.json"
        try:
            tables[name] = _table(files, path) if path.is_file() else {}
        except InvalidInput as error:
            yield Problem(where=files.name(path), code=error.code, message=error.letter(), rejected=True)
            return
    yield Relations(files=files, folder=folder, tables=tables)


def transform(row: Row, where: str) -> Matrix:
    """Translation and rotation (w, x, y, z) as (4, 4)."""
    w, x, y, z = numbers(row, 4, "rotation", where=where)
    norm = float(np.linalg.norm((w, x, y, z)))
    if not abs(norm - 1) < 0.01:
        raise InvalidInput("a rotation is not a unit quaternion", where=where, got=(w, x, y, z))
    result = np.eye(4)
    result[:3, :3] = matrix_from_wxyz((w, x, y, z))
    result[:3, 3] = numbers(row, 3, "translation", where=where)
    return result


def class_of(context: ReadContext, name: str) -> str:
    """`vehicle.bus.bendy` by its longest ending that the ontology has as an id, else by its last part."""
    parts = name.replace("_", " ").split(".")
    for start in range(len(parts)):
        slug = slug_of(" ".join(parts[start:]))
        if has_class(context, slug):
            return slug
    return context.class_id(SPELLINGS.get(parts[-1], parts[-1]))


def _table(files: Sources, path: Path) -> Table:
    where = files.name(path)
    rows = take(read_json(files, path), list, where=where)
    return {take(row, str, "token", where=f"{where}, row {number}"): row for number, row in enumerate(rows)}
