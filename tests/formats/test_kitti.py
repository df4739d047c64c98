"""KITTI object frames: what rows mean in space, what is refused, and what comes back."""

import math
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.formats.capture_kit import Export, annotations, context_in, of, read, real

from braid.base.errors import InvalidInput
from braid.formats.kitti import Kitti
from braid.formats.seam import SampleBundle
from braid.model.records import Annotation, Calibration, Entity, Link, Stream
from braid.model.regions import Box, Cuboid

P2 = "700 0 600 45.5 0 700 180 0.2 0 0 1 0.003"
CALIB = f"""P0: 700 0 600 0 0 700 180 0 0 0 1 0
P2: {P2}
R0_rect: 1 0 0 0 1 0 0 0 1
Tr_velo_to_cam: 0 -1 0 0.01 0 0 -1 -0.08 1 0 0 -0.27
"""
ROWS = """Car 0.00 0 -1.20 500.00 170.00 700.00 260.00 1.50 1.60 4.00 1.00 1.70 12.00 -1.12
Person_sitting 0.25 2 0.30 20.50 100.25 60.75 220.00 -1 -1 -1 -1000 -1000 -1000 -10
DontCare -1 -1 -10 503.89 169.71 590.61 190.13 -1 -1 -1 -1000 -1000 -1000 -10
"""


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    root = tmp_path / "data" / "training"
    for part in ("label_2", "calib", "image_2", "velodyne"):
        (root / part).mkdir(parents=True)
    (root / "label_2/000007.txt").write_text(ROWS)
    (root / "calib/000007.txt").write_text(CALIB)
    Image.new("RGB", (1242, 375)).save(root / "image_2/000007.png")
    np.zeros((4, 4), dtype="<f4").tofile(root / "velodyne/000007.bin")
    return tmp_path / "data"


def corners(cuboid: Cuboid) -> np.ndarray:
    """(8, 3) in the cuboid's frame, written from the definition of a quaternion."""
    w, x, y, z = cuboid.rotation_wxyz
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    turn = np.eye(3) + 2 * w * cross + 2 * cross @ cross
    half = np.array(cuboid.size_m) / 2
    signs = np.array([[a, b, c] for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)])
    points: np.ndarray = (turn @ (signs * half).T).T + np.array(cuboid.centre_m)
    return points


def projected(cuboid: Cuboid, calib: str) -> tuple[float, float, float, float]:
    """Edge coordinates of the eight corners' hull, straight from the file's matrices."""
    lines = {line.split(":")[0]: line.split(":")[1].split() for line in calib.splitlines() if ":" in line}
    p2 = np.array(lines["P2"], dtype=float).reshape(3, 4)
    rectify, mount = np.eye(4), np.eye(4)
    rectify[:3, :3] = np.array(lines["R0_rect"], dtype=float).reshape(3, 3)
    mount[:3] = np.array(lines["Tr_velo_to_cam"], dtype=float).reshape(3, 4)
    points = np.hstack([corners(cuboid), np.ones((8, 1))]) @ (p2 @ rectify @ mount).T
    pixels = points[:, :2] / points[:, 2:] + 0.5
    return (*pixels.min(axis=0).tolist(), *pixels.max(axis=0).tolist())


def iou(a: tuple[float, float, float, float], box: Box) -> float:
    b = (box.x0_px, box.y0_px, box.x1_px, box.y1_px)
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    both = width * height
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def pairs(bundle: SampleBundle) -> list[tuple[Annotation, Annotation]]:
    by_id = {record.id: record for record in of(bundle, Annotation)}
    return [(by_id[link.source.id], by_id[link.target.id]) for link in of(bundle, Link)]


def test_a_row_becomes_a_cuboid_a_box_an_entity_and_a_link(frames: Path, tmp_path: Path) -> None:
    (bundle,), problems, _ = read(Kitti(), frames, context_in(tmp_path / "scratch"))
    assert problems == []
    assert bundle.sample.key == "000007"
    ((cuboid, box),) = pairs(bundle)
    assert (cuboid.class_id, box.class_id, cuboid.entity) == ("car", "car", box.entity)
    assert isinstance(cuboid.region, Cuboid)
    assert isinstance(box.region, Box)
    # bottom (1.00, 1.70, 12.00) of a car 1.5 m high, through the simple mount of CALIB
    assert cuboid.region.centre_m == pytest.approx((12.27, -1.0 + 0.01, -(1.70 - 0.75) - 0.08), abs=1e-9)
    assert cuboid.region.size_m == (4.0, 1.6, 1.5)
    # rotation_y -1.12 about the camera's y (down): in the velodyne the heading is -(pi/2) - ry about z
    assert cuboid.region.rotation_wxyz[1:3] == pytest.approx((0, 0), abs=1e-9)
    heading = 2 * math.atan2(cuboid.region.rotation_wxyz[3], cuboid.region.rotation_wxyz[0])
    assert math.remainder(heading - (-math.pi / 2 + 1.12), math.tau) == pytest.approx(0, abs=1e-9)
    assert (box.region.x0_px, box.region.y1_px) == (500.5, 260.5)
    assert box.attributes == {"occlusion": "none", "truncation": 0.0, "alpha-rad": -1.2}


def test_rows_without_a_cuboid_and_areas_nobody_cares_for_are_boxes_only(
    frames: Path, tmp_path: Path
) -> None:
    (bundle,), _, _ = read(Kitti(), frames, context_in(tmp_path / "scratch"))
    (sitting,) = annotations(bundle, "person-sitting")
    (ignored,) = annotations(bundle, "dontcare")
    assert isinstance(sitting.region, Box)
    assert sitting.attributes["occlusion"] == "largely"
    assert ignored.entity is None
    assert ignored.attributes == {}
    assert len(of(bundle, Entity)) == 2


def test_the_fourth_column_of_p2_is_where_the_camera_stands(frames: Path, tmp_path: Path) -> None:
    (bundle,), _, _ = read(Kitti(), frames, context_in(tmp_path / "scratch"))
    (calibration,) = of(bundle, Calibration)
    camera_z = 0.003
    camera_x = (45.5 - 600 * camera_z) / 700
    # a point at the camera's centre projects to nothing: it lies at -t in the rectified frame
    expected_velodyne_m = (-camera_z + 0.27, camera_x + 0.01, (0.2 - 180 * camera_z) / 700 - 0.08)
    assert calibration.parent_frame == "velodyne"
    assert calibration.parent_from_frame.translation_m == pytest.approx(expected_velodyne_m, abs=1e-12)
    assert (calibration.camera.fx_px, calibration.camera.width_px) == (700, 1242)


def test_labels_come_back_to_two_decimals(frames: Path, tmp_path: Path) -> None:
    context = context_in(tmp_path / "scratch")
    bundles, _, files = read(Kitti(), frames, context)
    out = tmp_path / "out"
    out.mkdir()
    losses = Kitti().write(Export(bundles, context, files), out, options={"media": "copy"})
    assert losses == ()
    assert (out / "training/label_2/000007.txt").read_text() == ROWS
    assert (out / "training/calib/000007.txt").read_text() == CALIB
    assert (out / "training/velodyne/000007.bin").stat().st_size == 64
    again, problems, _ = read(Kitti(), out, context_in(tmp_path / "second"))
    assert problems == []
    assert len(again[0].records) == len(bundles[0].records)


def test_a_moved_camera_writes_a_calib_of_its_own_that_projects_alike(frames: Path, tmp_path: Path) -> None:
    import msgspec

    context = context_in(tmp_path / "scratch")
    (bundle,), _, files = read(Kitti(), frames, context)
    streams = [msgspec.structs.replace(record, source={}) for record in of(bundle, Stream)]
    others = [record for record in bundle.records if not isinstance(record, Stream)]
    bare = SampleBundle(sample=bundle.sample, records=(*streams, *others))
    out = tmp_path / "out"
    out.mkdir()
    Kitti().write(Export([bare], context, files), out, options={})
    written = (out / "training/calib/000007.txt").read_text()
    assert written != CALIB
    ((cuboid, _),) = pairs(bundle)
    assert isinstance(cuboid.region, Cuboid)
    assert projected(cuboid.region, written) == pytest.approx(projected(cuboid.region, CALIB), abs=1e-6)


def test_a_cuboid_without_a_box_gets_the_projected_one(frames: Path, tmp_path: Path) -> None:
    context = context_in(tmp_path / "scratch")
    (bundle,), _, files = read(Kitti(), frames, context)
    ((cuboid, box),) = pairs(bundle)
    gone = {box.id, *(link.id for link in of(bundle, Link))}
    lone = SampleBundle(
        sample=bundle.sample, records=tuple(item for item in bundle.records if item.id not in gone)
    )
    out = tmp_path / "out"
    out.mkdir()
    Kitti().write(Export([lone], context, files), out, options={})
    row = (out / "training/label_2/000007.txt").read_text().splitlines()[0].split()
    assert isinstance(cuboid.region, Cuboid)
    wanted = [value - 0.5 for value in projected(cuboid.region, CALIB)]
    assert [float(value) for value in row[4:8]] == pytest.approx(wanted, abs=0.006)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Car 0.0 0 1.2 10 20 30", "field_count"),
        ("Car nan 0 0 0 0 10 10 1 1 1 1 1 1 0", "not_finite"),
        ("Car 0 0 0 0 0 ten 10 1 1 1 1 1 1 0", "not_a_number"),
        ("Car 0 7 0 0 0 10 10 1 1 1 1 1 1 0", "bad_occlusion"),
        ("Car 0 0 0 10 0 10 10 1 1 1 1 1 1 0", "empty_box"),
        ("Car 0 0 0 0 0 10 10 1 0 1 1 1 1 0", "bad_size"),
    ],
)
def test_a_bad_row_is_rejected_with_its_line_and_the_rest_is_kept(
    frames: Path, tmp_path: Path, row: str, code: str
) -> None:
    (frames / "training/label_2/000007.txt").write_text(row + "\n" + ROWS)
    (bundle,), problems, _ = read(Kitti(), frames, context_in(tmp_path / "scratch"))
    assert [(item.where, item.code, item.rejected) for item in problems] == [
        ("training/label_2/000007.txt, line 1", code, True)
    ]
    assert len(annotations(bundle)) == 4


@pytest.mark.parametrize("change", ["nan 0 600", "0 0 600", "700 0"])
def test_a_bad_calib_leaves_boxes_without_cuboids(frames: Path, tmp_path: Path, change: str) -> None:
    (frames / "training/calib/000007.txt").write_text(CALIB.replace("700 0 600", change))
    (bundle,), problems, _ = read(Kitti(), frames, context_in(tmp_path / "scratch"))
    assert [item.code for item in problems] == ["bad_calibration"]
    assert {type(item.region) for item in annotations(bundle)} == {Box}


def test_a_folder_without_frames_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no KITTI object folder"):
        list(read(Kitti(), tmp_path, context_in(tmp_path / "scratch")))


def test_real_frames_project_onto_their_boxes_and_come_back(tmp_path: Path) -> None:
    root = real("driving/kitti_object")
    context = context_in(tmp_path / "scratch")
    bundles, problems, files = read(Kitti(), root, context)
    assert problems == []
    assert [(bundle.sample.key, len(annotations(bundle))) for bundle in bundles] == [
        ("000000", 2),
        ("000001", 10),
    ]
    floors = {"pedestrian": 0.88, "cyclist": 0.95, "truck": 0.93}
    for bundle in bundles:
        calib = (root / f"training/calib/{bundle.sample.key}.txt").read_text()
        for cuboid, box in pairs(bundle):
            assert isinstance(cuboid.region, Cuboid)
            assert isinstance(box.region, Box)
            assert box.attributes["truncation"] == 0
            assert iou(projected(cuboid.region, calib), box.region) >= floors.get(box.class_id, 0.96)
    out = tmp_path / "out"
    out.mkdir()
    assert Kitti().write(Export(bundles, context, files), out, options={}) == ()
    for bundle in bundles:
        name = f"training/label_2/{bundle.sample.key}.txt"
        assert (out / name).read_text() == (root / name).read_text()


def test_real_bad_labels_are_rejected_by_line(frames: Path, tmp_path: Path) -> None:
    shutil.copyfile(real("broken/kitti_bad_label.txt"), frames / "training/label_2/000007.txt")
    (bundle,), problems, _ = read(Kitti(), frames, context_in(tmp_path / "scratch"))
    assert [(item.where.rpartition(", ")[2], item.code) for item in problems] == [
        ("line 8", "field_count"),
        ("line 9", "not_finite"),
    ]
    scored = annotations(bundle, "unicorn")
    assert [item.score for item in scored] == [0.98, 0.98]
    assert len(annotations(bundle)) == 3 * 2 + 4 + 2
