"""Cameras and the 2D boxes of cuboids. Rules S3 and S4; row 38 and real labels with numbers written by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from braid.base.errors import InvalidInput
from braid.space import camera as cameras
from braid.space.overlap import box_iou
from braid.space.pose import Camera, Pose
from braid.space.projection import project_cuboid, rolled
from braid.space.rotation import multiply, wxyz_from_yaw

PLAIN = Camera(fx_px=1000, fy_px=1000, cx_px=799.5, cy_px=449.5, width_px=1600, height_px=900)


def with_model(name: str, *coefficients: float) -> Camera:
    return Camera(
        fx_px=1000,
        fy_px=1000,
        cx_px=799.5,
        cy_px=449.5,
        width_px=1600,
        height_px=900,
        distortion=name,
        coefficients=coefficients,
    )


def one(camera: Camera, *point: float) -> tuple[float, float]:
    u, v = cameras.project(camera, np.array([point]))[0]
    return (float(u), float(v))


def test_S4_edge_coordinates_are_half_a_pixel_more_than_opencvs() -> None:
    assert one(PLAIN, 0, 0, 5) == (800, 450)
    assert one(PLAIN, 1, -1, 10) == (900, 350)


def test_S3_what_is_behind_has_no_picture() -> None:
    for camera in (PLAIN, with_model("brown_conrady", 0.1, 0, 0, 0), with_model("double_sphere", 0.2, 0.4)):
        assert np.isnan(one(camera, 0.1, 0.1, -5)).all()


def test_S3_lens_models_without_distortion_are_pinholes() -> None:
    points = np.array([[0.3, -0.2, 2.0], [1.0, 2.0, 7.0]])
    plain = cameras.project(PLAIN, points)
    assert np.allclose(cameras.project(with_model("brown_conrady", 0, 0, 0, 0), points), plain)
    assert np.allclose(cameras.project(with_model("double_sphere", 0, 0), points), plain)


def test_S3_brown_conrady_by_hand() -> None:
    """x = 0.5, y = 0, r2 = 0.25: radial 1 + 0.1 * 0.25 = 1.025; tangential p2 (r2 + 2 x2) = 0.01 * 0.75."""
    u, v = one(with_model("brown_conrady", 0.1, 0, 0, 0.01), 1, 0, 2)
    assert u == pytest.approx(800 + 1000 * (0.5 * 1.025 + 0.0075))
    assert v == pytest.approx(450)


def test_S3_kannala_brandt_by_hand() -> None:
    """At 45 degrees theta = pi/4 and the picture radius is f theta (1 + k1 theta^2)."""
    theta = math.pi / 4
    u, v = one(with_model("kannala_brandt", 0.01, 0, 0, 0), 3, 0, 3)
    assert u == pytest.approx(800 + 1000 * theta * (1 + 0.01 * theta**2))
    assert v == pytest.approx(450)
    assert one(with_model("kannala_brandt", 0.01, 0, 0, 0), 0, 0, 3) == pytest.approx((800, 450))


def test_S3_double_sphere_by_hand() -> None:
    """Point (3, 0, 4): d1 = 5, z' = 0.2 * 5 + 4 = 5, d2 = sqrt(9 + 25); u = f x / (a d2 + (1 - a) z')."""
    u, _ = one(with_model("double_sphere", 0.2, 0.4), 3, 0, 4)
    assert u == pytest.approx(800 + 1000 * 3 / (0.4 * math.sqrt(34) + 0.6 * 5))


def test_S3_points_that_would_fold_back_have_no_picture() -> None:
    """k1 = -0.3: r (1 - 0.3 r2) rises until r2 = 1 / 0.9."""
    camera = with_model("brown_conrady", -0.3, 0, 0, 0)
    assert np.isfinite(one(camera, 1.0, 0, 1)).all()
    assert np.isnan(one(camera, 1.1, 0, 1)).all()


@pytest.mark.parametrize(
    ("name", "coefficients"),
    [
        ("fisheye", ()),
        ("none", (1.0,)),
        ("brown_conrady", (0.1,)),
        ("kannala_brandt", (0.1, 0.0, math.nan, 0.0)),
        ("double_sphere", (2.0, 0.5)),
    ],
)
def test_S3_a_camera_must_make_sense(name: str, coefficients: tuple[float, ...]) -> None:
    with pytest.raises(InvalidInput):
        cameras.check_camera(with_model(name, *coefficients))
    cameras.check_camera(PLAIN)


def test_S3_the_box_of_a_cuboid_ahead() -> None:
    """Near face at z = 18: half of 2 m wide is 1000 / 18 px."""
    found = project_cuboid(PLAIN, Pose(), centre_m=(0, 0, 20), size_m=(2, 1.6, 4), rotation_wxyz=(1, 0, 0, 0))
    assert found is not None
    assert found.amodal_px == pytest.approx(
        (800 - 1000 / 18, 450 - 800 / 18, 800 + 1000 / 18, 450 + 800 / 18)
    )
    assert found.visible_px == found.amodal_px
    assert (found.truncation, found.depth_m) == (0, 20)


def test_S3_a_cuboid_beside_the_camera_is_clipped_and_kept() -> None:
    """It reaches from z = -2 to z = 6: all corners in front would be asked in vain."""
    found = project_cuboid(PLAIN, Pose(), centre_m=(2, 0, 2), size_m=(2, 1.6, 8), rotation_wxyz=(1, 0, 0, 0))
    assert found is not None
    assert found.visible_px is not None
    assert found.visible_px == pytest.approx((800 + 1000 / 6, 0, 1600, 900))
    assert found.amodal_px[2] == pytest.approx(800 + 1000 * 3 / 0.1)
    assert found.truncation > 0.9


def test_S3_cut_by_the_edge_it_says_how_much() -> None:
    """The flat outline is 200 px wide and half of it lies beyond the right edge."""
    found = project_cuboid(
        PLAIN, Pose(), centre_m=(8, 0, 10), size_m=(2, 2, 1e-9), rotation_wxyz=(1, 0, 0, 0)
    )
    assert found is not None
    assert found.visible_px == pytest.approx((1500, 350, 1600, 550), abs=1e-3)
    assert found.truncation == pytest.approx(0.5, abs=1e-6)


def test_S3_behind_there_is_nothing_and_beside_nothing_visible() -> None:
    behind = project_cuboid(PLAIN, Pose(), centre_m=(0, 0, -9), size_m=(1, 1, 1), rotation_wxyz=(1, 0, 0, 0))
    assert behind is None
    beside = project_cuboid(PLAIN, Pose(), centre_m=(30, 0, 10), size_m=(1, 1, 1), rotation_wxyz=(1, 0, 0, 0))
    assert beside is not None
    assert beside.visible_px is None
    assert beside.truncation == 1


def test_S3_row_38_what_35_milliseconds_cost() -> None:
    """13.89 m/s across, 35.5 ms, 20 m away, f = 1266.4 px: 0.493 m, 31.2 px."""
    camera = Camera(fx_px=1266.4, fy_px=1266.4, cx_px=799.5, cy_px=449.5, width_px=1600, height_px=900)
    moved = 13.89 * 0.0355
    assert moved == pytest.approx(0.493, abs=5e-4)
    assert one(camera, moved, 0, 20)[0] - one(camera, 0, 0, 20)[0] == pytest.approx(31.2, abs=0.05)


def test_S3_a_labelled_car_projects_onto_its_own_box() -> None:
    """A car label in the manner of KITTI (bottom centre, h w l, ry about +y down), worked out by hand.

    h = 1.5, w = 1.6, l = 4, bottom centre (1, 1.7, 10), ry = -pi/2: it drives away along z. So x is 0.2 to 1.8,
    y is 0.2 to 1.7 and z is 8 to 12; f = 700 and the principal point (600, 180) in pixel centres.
    """
    camera = Camera(fx_px=700, fy_px=700, cx_px=600, cy_px=180, width_px=1242, height_px=375)
    # ry about +y turns x towards -z; Braid's cuboid has length along x, width along y, height along z.
    upright = (math.cos(math.pi / 4), math.sin(math.pi / 4), 0.0, 0.0)
    found = project_cuboid(
        camera,
        Pose(),
        centre_m=(1.0, 1.7 - 0.75, 10.0),
        size_m=(4.0, 1.6, 1.5),
        rotation_wxyz=multiply((math.cos(-math.pi / 4), 0.0, math.sin(-math.pi / 4), 0.0), upright),
    )
    assert found is not None
    by_hand = (600.5 + 700 * 0.2 / 12, 180.5 + 700 * 0.2 / 12, 600.5 + 700 * 1.8 / 8, 180.5 + 700 * 1.7 / 8)
    assert found.amodal_px == pytest.approx(by_hand)
    assert box_iou(found.amodal_px, (612.0, 192.0, 758.0, 329.0)) > 0.98


def test_S3_lenses_that_bend_edges_are_sampled_along_them() -> None:
    """A wide flat cuboid under barrel distortion: the middle of its top edge bulges above its corners."""
    barrel = with_model("brown_conrady", -0.2, 0, 0, 0)
    found = project_cuboid(
        barrel,
        Pose(rotation_wxyz=wxyz_from_yaw(0)),
        centre_m=(0, 2, 5),
        size_m=(6, 2, 0.01),
        rotation_wxyz=(1, 0, 0, 0),
    )
    corners = cameras.project(barrel, np.array([[x, 3.0, 4.995] for x in (-3.0, 3.0)]))
    assert found is not None
    assert found.amodal_px[3] > float(corners[:, 1].max()) + 10


def test_S3_a_fisheye_sees_what_stands_beside_it() -> None:
    """A wall of 2 m, 0.5 m behind the plane of the camera: 100 degrees off the axis at its middle."""
    wide = with_model("kannala_brandt", 0.0, 0.0, 0.0, 0.0)
    found = project_cuboid(
        wide, Pose(), centre_m=(3, 0, -0.5), size_m=(1e-6, 2, 0.2), rotation_wxyz=(1, 0, 0, 0)
    )
    assert found is not None
    assert found.amodal_px[2] == pytest.approx(800 + 1000 * (math.pi / 2 + math.atan2(0.6, 3)), abs=0.1)
    assert (
        project_cuboid(PLAIN, Pose(), centre_m=(3, 0, -0.5), size_m=(1, 2, 0.2), rotation_wxyz=(1, 0, 0, 0))
        is None
    )
    inside = project_cuboid(
        wide, Pose(), centre_m=(0, 0, 0), size_m=(0.01, 0.01, 0.01), rotation_wxyz=(1, 0, 0, 0)
    )
    assert inside is None


def test_S9_each_corner_is_placed_at_the_time_of_its_own_row() -> None:
    """The camera moves 20 m/s to its right and reads 900 rows in 30 ms: 0.6 m from first row to last.

    A pole 10 m away reaches from row 150 to row 750: its ends move by 0.1 m and 0.5 m, 10 px and 50 px to the left.
    """
    pole = {"centre_m": (0.0, 0.0, 10.0), "size_m": (1e-6, 6.0, 1e-6), "rotation_wxyz": (1.0, 0.0, 0.0, 0.0)}
    last_row = Pose(translation_m=(-0.6, 0.0, 0.0))
    still = project_cuboid(PLAIN, Pose(), **pole)  # type: ignore[arg-type]
    rolled = project_cuboid(PLAIN, Pose(), last_row_camera_from_src=last_row, **pole)  # type: ignore[arg-type]
    assert still is not None
    assert rolled is not None
    assert still.amodal_px == pytest.approx((800, 150, 800, 750), abs=1e-3)
    assert rolled.amodal_px == pytest.approx((800 - 50, 150, 800 - 10, 750), abs=1e-3)


def test_S9_two_steps_find_a_point_that_moves_along_the_rows() -> None:
    """It falls by 90 px while all 900 rows are read: row r = 450 + 90 r / 900, so r = 500."""
    still = np.array([[0.0, 0.0, 10.0]])
    (found,) = cameras.project(PLAIN, rolled(PLAIN, still, still + np.array([0.0, 0.9, 0.0])))
    assert found[1] == pytest.approx(500, abs=0.6)
    assert found[0] == pytest.approx(800)


def test_S9_a_corner_without_a_picture_goes_with_the_others() -> None:
    points = np.array([[0.0, 4.5, 10.0], [0.0, 0.0, -1.0]])
    moved = rolled(PLAIN, points, points + np.array([1.0, 0.0, 0.0]))
    assert (moved - points)[:, 0] == pytest.approx([1.0, 1.0])
    lost = rolled(PLAIN, points[1:], points[1:] + np.array([1.0, 0.0, 0.0]))
    assert (lost - points[1:])[:, 0] == pytest.approx([0.5])
