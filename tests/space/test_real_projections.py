"""Real cuboids in real cameras that fire at their own times. Rule S3; the medians were measured with other code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.formats.capture_kit import context_in, read

from braid.checks.frames import frame_tree
from braid.checks.looking import Sightline, sightline
from braid.checks.tables import Tables
from braid.formats.classes import with_new_classes
from braid.formats.kitti import Kitti
from braid.formats.kitti.calib import KittiCalib, parse_calib
from braid.formats.nuscenes import Nuscenes
from braid.formats.rigid import Matrix
from braid.formats.seam import Format
from braid.model import records as m
from braid.model.validate import bounds_px
from braid.space import camera as cameras
from braid.space.overlap import box_iou
from braid.space.pose import IDENTITY_WXYZ, Pose
from braid.space.projection import project_cuboid
from braid.space.rotation import matrix_from_wxyz
from braid.space.transforms import compose
from braid.tracks.shapes import pose_of

CAMERAS = {
    # name: milliseconds, metres driven, median px and least IoU without compensation, the same with ego motion alone
    "CAM_FRONT": (-35.49, 0.330, 3.67, 0.696, 0.00, 0.889),
    "CAM_FRONT_RIGHT": (-27.61, 0.256, 4.40, 0.584, 0.27, 0.950),
    "CAM_FRONT_LEFT": (-43.11, 0.400, 23.75, 0.603, 4.81, 0.902),
    "CAM_BACK": (-10.43, 0.097, 2.51, 0.789, 0.40, 0.967),
    "CAM_BACK_LEFT": (-0.53, 0.005, 0.29, 0.988, 0.00, 1.000),
    "CAM_BACK_RIGHT": (-20.06, 0.186, 6.13, 0.685, 0.36, 0.941),
}


def tables_of(form: Format, root: Path, scratch: Path) -> Tables:
    context = context_in(scratch)
    bundles, _, _ = read(form, root, context)
    records: list[m.AnyRecord] = [with_new_classes(context.ontology, context)]
    for bundle in bundles:
        records += [bundle.sample, *bundle.records]
    return Tables.build(records)


def centre_px(line: Sightline, camera_from_cuboid: Pose) -> tuple[float, float] | None:
    (pixel,) = cameras.project(line.camera, np.array([camera_from_cuboid.translation_m]))
    x, y = (float(part) for part in pixel)
    return (x, y) if 0 <= x <= line.camera.width_px and 0 <= y <= line.camera.height_px else None


def iou(line: Sightline, one: Pose, other: Pose) -> float:
    boxes = []
    for pose in (one, other):
        found = project_cuboid(
            line.camera, pose, centre_m=(0, 0, 0), size_m=line.size_m, rotation_wxyz=IDENTITY_WXYZ
        )
        assert found is not None
        assert found.visible_px is not None
        boxes.append(found.visible_px)
    return box_iou(*boxes)


@pytest.mark.parametrize("name", sorted(CAMERAS))
def test_S3_nuscenes_compensation_reaches_the_measured_medians(
    name: str, shared_data: Path, tmp_path: Path
) -> None:
    """What each step misses against ego and object motion together, over cuboids whose centre is in the picture."""
    tables = tables_of(Nuscenes(), shared_data / "driving" / "nuscenes_sample", tmp_path)
    (sample,) = tables.scope
    tree = frame_tree(tables, sample)
    assert tree is not None
    (stream,) = (stream for stream in tables.streams.values() if stream.name == name)
    flats = [a for a in tables.annotations if a.stream == stream.id]
    solids = [a for a in tables.annotations if tables.streams[a.stream].name == "LIDAR_TOP"]
    assert len(solids) == 69
    rows: list[tuple[float, float, float, float]] = []
    camera_ns = 0
    for solid in solids:
        line = sightline(tables, tree, solid, flats[0])
        assert line is not None
        camera_ns = line.camera_ns
        full = line.camera_from_cuboid(camera_ns)
        at_once = compose(tree.dst_from_src(name, "LIDAR_TOP", at_ns=line.solid_ns), pose_of(line.cuboid))
        ego_only = compose(
            tree.dst_from_src(name, "LIDAR_TOP", at_ns=line.solid_ns, dst_at_ns=line.camera_ns),
            pose_of(line.cuboid),
        )
        centre = centre_px(line, full) if full.translation_m[2] > 0 else None
        if centre is not None:
            off = [
                float(np.hypot(*(cameras.project(line.camera, np.array([p.translation_m]))[0] - centre)))
                for p in (at_once, ego_only)
            ]
            rows.append((off[0], iou(line, at_once, full), off[1], iou(line, ego_only, full)))
    offset_ms, driven_m, none_px, none_iou, ego_px, ego_iou = CAMERAS[name]
    assert camera_ns / 1e6 == pytest.approx(offset_ms, abs=0.005)
    moved = tree.dst_from_src("ego", "ego", at_ns=0, dst_at_ns=camera_ns)
    assert float(np.hypot(*moved.translation_m[:2])) == pytest.approx(driven_m, abs=0.003)
    table = np.array(rows)
    assert np.median(table[:, 0]) == pytest.approx(none_px, rel=0.03)
    assert table[:, 1].min() == pytest.approx(none_iou, abs=0.007)
    assert np.median(table[:, 2]) == pytest.approx(ego_px, abs=0.006)
    assert table[:, 3].min() == pytest.approx(ego_iou, abs=0.004)


def test_S3_kitti_cars_project_onto_their_own_boxes(shared_data: Path, tmp_path: Path) -> None:
    """The data set's own 2D boxes: cars agree by 0.96 and more, the pedestrian by 0.88."""
    tables = tables_of(Kitti(), shared_data / "driving" / "kitti_object", tmp_path)
    found: dict[str, list[float]] = {}
    for link in tables.links:
        solid, flat = tables.end(link.source), tables.end(link.target)
        assert isinstance(solid, m.Annotation)
        assert isinstance(flat, m.Annotation)
        tree = frame_tree(tables, link.sample)
        assert tree is not None
        line = sightline(tables, tree, solid, flat)
        assert line is not None
        projected, box = line.projected(), bounds_px(flat.region)
        assert projected is not None
        assert projected.visible_px is not None
        assert box is not None
        found.setdefault(solid.class_id, []).append(box_iou(projected.visible_px, box))
    assert min(found["car"]) >= 0.96
    assert min(found["cyclist"]) >= 0.95
    assert min(found["truck"]) >= 0.93
    assert min(found["pedestrian"]) >= 0.88


def products(calib: KittiCalib) -> tuple[Matrix, Matrix]:
    """R0_rect Tr_velo_to_cam, and P2 times it, from the digits of the file."""

    def part(key: str, columns: int) -> Matrix:
        return np.array(calib.lines[key].split(), dtype=np.float64).reshape(3, columns)

    rectify, mount = np.eye(4), np.eye(4)
    rectify[:3, :3], mount[:3] = part("R0_rect", 3), part("Tr_velo_to_cam", 4)
    return rectify @ mount, part("P2", 4) @ rectify @ mount


@pytest.mark.parametrize("frame", ["000000", "000001"])
def test_S1_row_40_kitti_transforms_are_the_products_of_the_files_matrices(
    frame: str, shared_data: Path
) -> None:
    path = shared_data / "driving" / "kitti_object" / "training" / "calib" / f"{frame}.txt"
    calib = parse_calib(path.read_text(encoding="utf-8"), where=frame)
    rectified_from_velodyne, image_from_velodyne = products(calib)
    assert np.abs(calib.rectified_from_velodyne - rectified_from_velodyne).max() < 5e-8
    image = np.column_stack([calib.intrinsics_px, np.zeros(3)]) @ calib.camera_from_velodyne
    assert np.abs(image - image_from_velodyne).max() < 3e-5


def test_S1_row_40_the_fourth_column_of_a_projection_is_a_baseline() -> None:
    """P2[0, 3] / f = 0.0622 m: forgetting it moves a point 6 m away by f 0.0622 / 6 = 7.5 px."""
    turned = matrix_from_wxyz((0.5, 0.5, -0.5, 0.5))
    rows = [f"{value:.12e}" for value in np.column_stack([turned, [0.01, -0.07, -0.27]]).ravel()]
    text = f"P2: 721 0 609 44.8462 0 721 172 0 0 0 1 0\nR0_rect: 1 0 0 0 1 0 0 0 1\nTr_velo_to_cam: {' '.join(rows)}"
    calib = parse_calib(text, where="calib")
    assert calib.camera_from_rectified[0, 3] == pytest.approx(0.0622, abs=1e-6)
    assert np.abs(calib.rectified_from_velodyne - products(calib)[0]).max() < 3.4e-8
    camera = calib.camera(width_px=1242, height_px=375)
    point = np.array([[0.0, 0.0, 6.0, 1.0]])
    with_baseline = cameras.project(camera, (calib.camera_from_rectified @ point.T).T[:, :3])
    without = cameras.project(camera, point[:, :3])
    assert with_baseline[0, 0] - without[0, 0] == pytest.approx(7.5, abs=0.05)
