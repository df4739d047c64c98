"""Real camera and lidar labels agree with each other under the checks, and stop agreeing when one is moved."""

from __future__ import annotations

from pathlib import Path

import msgspec
from tests.formats.capture_kit import context_in, read

from braid.checks.frames import frame_tree
from braid.checks.looking import look
from braid.checks.run import run_checks
from braid.checks.tables import Tables
from braid.formats.classes import with_new_classes
from braid.formats.kitti import Kitti
from braid.model import records as m
from braid.model.regions import Cuboid
from braid.model.validate import bounds_px
from braid.ontology.templates import template_ontology
from braid.space.overlap import box_iou


def frames(root: Path, scratch: Path) -> list[m.AnyRecord]:
    context = context_in(scratch)
    context.ontology = template_ontology("driving", ontology_id=context.ontology.id)
    bundles, _, _ = read(Kitti(), root / "driving" / "kitti_object", context)
    records: list[m.AnyRecord] = [with_new_classes(context.ontology, context)]
    for bundle in bundles:
        records += [bundle.sample, *bundle.records]
    return records


def test_S3_real_cuboids_project_onto_their_own_boxes(shared_data: Path, tmp_path: Path) -> None:
    tables = Tables.build(frames(shared_data, tmp_path))
    seen = 0
    for link in tables.links:
        solid, flat = tables.end(link.source), tables.end(link.target)
        assert isinstance(solid, m.Annotation)
        assert isinstance(flat, m.Annotation)
        tree = frame_tree(tables, link.sample)
        assert tree is not None
        view = look(tables, tree, solid, flat)
        box = bounds_px(flat.region)
        assert view is not None
        assert view.projected is not None
        assert view.projected.visible_px is not None
        assert box is not None
        assert box_iou(view.projected.visible_px, box) > (0.93 if solid.class_id != "pedestrian" else 0.88)
        seen += 1
    assert seen >= 4


def test_C8_real_labels_are_clean_until_a_cuboid_moves(shared_data: Path, tmp_path: Path) -> None:
    records = frames(shared_data, tmp_path)
    assert [f.message for f in run_checks(Tables.build(records)) if f.check != "mention"] == []
    for place, record in enumerate(records):
        if isinstance(record, m.Annotation) and isinstance(record.region, Cuboid):
            x, y, z = record.region.centre_m
            moved = msgspec.structs.replace(record.region, centre_m=(x, y + 2.5, z))
            records[place] = msgspec.structs.replace(record, region=moved)
    found = [f for f in run_checks(Tables.build(records)) if f.check == "projection"]
    assert len(found) == sum(isinstance(record, m.Link) for record in records)
