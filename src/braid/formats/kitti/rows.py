"""Rows of a KITTI label file: 15 fields, or 16 with a score. Bad rows become problems with their line number."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from braid.formats.kitti.calib import KittiCalib
from braid.formats.rigid import Matrix, inverse, vec3
from braid.formats.seam import Problem
from braid.model.regions import AttributeValue, Cuboid
from braid.space.pose import Vec3
from braid.space.rotation import matrix_from_wxyz, wxyz_from_matrix

OCCLUSION = {0: "none", 1: "partly", 2: "largely", 3: "unknown"}

RECTIFIED_FROM_BOX: Matrix = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""Turn of a box with rotation_y 0: its length along camera x, its height against camera y."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KittiRow:
    """One row as the file says it. box_px: left, top, right, bottom with whole numbers at pixel centres.

    hwl_m: height, width, length. bottom_rectified_m: middle of the ground face in rectified camera 0.
    """

    line: int
    label: str
    truncation: float
    occlusion: int
    alpha_rad: float
    box_px: tuple[float, float, float, float]
    hwl_m: Vec3
    bottom_rectified_m: Vec3
    rotation_y_rad: float
    score: float | None

    @property
    def has_cuboid(self) -> bool:
        """Rows with only a 2D box carry -1 sizes and -1000 positions."""
        return min(self.hwl_m) > 0 and max(abs(part) for part in self.bottom_rectified_m) < 999

    def attributes(self) -> dict[str, AttributeValue]:
        """What stands beside the geometry; unknown values (-1, -10) are left out."""
        known: dict[str, AttributeValue] = {}
        if self.occlusion in OCCLUSION:
            known["occlusion"] = OCCLUSION[self.occlusion]
        if self.truncation >= 0:
            known["truncation"] = self.truncation
        if abs(self.alpha_rad) <= 2 * math.pi:
            known["alpha-rad"] = self.alpha_rad
        return known

    def cuboid(self, calib: KittiCalib, *, frame: str) -> Cuboid:
        """The row's 3D box in the lidar's `frame`."""
        velodyne_from_rectified = inverse(calib.rectified_from_velodyne)
        height, width, length = self.hwl_m
        x, y, z = self.bottom_rectified_m
        centre = velodyne_from_rectified @ np.array([x, y - height / 2, z, 1.0])
        turn = velodyne_from_rectified[:3, :3] @ _about_y(self.rotation_y_rad) @ RECTIFIED_FROM_BOX
        return Cuboid(
            frame=frame,
            centre_m=vec3(centre[:3]),
            size_m=(length, width, height),
            rotation_wxyz=wxyz_from_matrix(turn),
        )

    def text(self) -> str:
        """The row as the benchmark writes it: two decimals; what is unknown as whole -1, -10 and -1000."""
        truncation = "-1" if self.truncation < 0 else _two(self.truncation)
        alpha = "-10" if abs(self.alpha_rad) > 2 * math.pi else _two(self.alpha_rad)
        solid = (*self.hwl_m, *self.bottom_rectified_m, self.rotation_y_rad)
        numbers = [_two(number) for number in self.box_px]
        numbers += [_two(number) if self.has_cuboid else str(round(number)) for number in solid]
        numbers += [] if self.score is None else [_two(self.score)]
        return " ".join([self.label, truncation, str(self.occlusion), alpha, *numbers])


def rectified_of(cuboid: Cuboid, calib: KittiCalib) -> tuple[Vec3, Vec3, float, float]:
    """hwl_m, bottom_rectified_m, rotation_y_rad and the tilt (rad) that the format cannot say."""
    length, width, height = cuboid.size_m
    rectified = calib.rectified_from_velodyne
    centre = rectified @ np.array([*cuboid.centre_m, 1.0])
    axes = rectified[:3, :3] @ matrix_from_wxyz(cuboid.rotation_wxyz)
    tilt = math.acos(max(-1.0, min(1.0, -float(axes[1, 2]))))
    bottom = (float(centre[0]), float(centre[1]) + height / 2, float(centre[2]))
    return (height, width, length), bottom, math.atan2(-float(axes[2, 0]), float(axes[0, 0])), tilt


def parse_rows(text: str, *, where: str) -> Iterator[KittiRow | Problem]:
    """Rows in order; blank lines are passed over."""
    for number, line in enumerate(text.splitlines(), start=1):
        fields = line.split()
        if not fields:
            continue
        fault = _fault(fields)
        if fault:
            code, message = fault
            yield Problem(where=f"{where}, line {number}", code=code, message=message, rejected=True)
            continue
        values = [float(field) for field in fields[1:]]
        yield KittiRow(
            line=number,
            label=fields[0],
            truncation=values[0],
            occlusion=int(values[1]),
            alpha_rad=values[2],
            box_px=(values[3], values[4], values[5], values[6]),
            hwl_m=(values[7], values[8], values[9]),
            bottom_rectified_m=(values[10], values[11], values[12]),
            rotation_y_rad=values[13],
            score=values[14] if len(values) == 15 else None,
        )


def _fault(fields: list[str]) -> tuple[str, str] | None:
    if len(fields) not in {15, 16}:
        return "field_count", f"a row has {len(fields)} fields, wanted 15, or 16 with a score"
    if len(fields[0]) > 64:
        return "bad_label", "a class name is longer than 64 characters"
    try:
        values = [float(field) for field in fields[1:]]
    except ValueError:
        return "not_a_number", "a field after the class is not a number"
    if not all(math.isfinite(value) and abs(value) < 1e7 for value in values):
        return "not_finite", "a field is not finite or absurdly large"
    if values[1] not in {-1, 0, 1, 2, 3}:
        return "bad_occlusion", f"occlusion is {fields[2]}, wanted 0, 1, 2, 3 or -1"
    if not (values[0] == -1 or 0 <= values[0] <= 1):
        return "bad_truncation", f"truncation is {fields[1]}, wanted 0 to 1, or -1"
    if not (values[3] < values[5] and values[4] < values[6]):
        return "empty_box", "the 2D box has no area (wanted left < right and top < bottom)"
    if min(values[7:10]) <= 0 and tuple(values[7:10]) != (-1, -1, -1):
        return "bad_size", "height, width and length must be above 0, or all -1"
    return None


def _about_y(angle_rad: float) -> Matrix:
    c, s = math.cos(angle_rad), math.sin(angle_rad)
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])


def _two(number: float) -> str:
    text = f"{number:.2f}"
    return "0.00" if text == "-0.00" else text
