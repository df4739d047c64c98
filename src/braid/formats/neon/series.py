"""Which fields of a sensor's records make one series, and in which unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A series of the fields that begin with one of `prefixes`. about: what a reader should know of its axes."""

    name: str
    prefixes: tuple[str, ...]
    unit: str = ""
    about: str = ""


GROUPS: dict[str, tuple[Group, ...]] = {
    "gaze": (
        Group(
            name="gaze", prefixes=("x", "y"), unit="px", about="scene camera pixels from its top left corner"
        ),
    ),
    **{
        f"gaze_{side}": (
            Group(
                name=f"gaze {side} eye",
                prefixes=("x", "y"),
                about="scene camera directions as x/z and y/z, not pixels (by the size of the numbers)",
            ),
        )
        for side in ("left", "right")
    },
    "worn": (Group(name="worn", prefixes=("worn",), about="255 while the glasses are worn"),),
    "eye_state": (
        Group(name="pupil diameter", prefixes=("pupil_diameter",), unit="mm"),
        Group(name="eyeball center", prefixes=("eyeball_center",), unit="mm", about="scene camera axes"),
        Group(name="optical axis", prefixes=("optical_axis",), about="unit vectors in scene camera axes"),
        Group(name="eyelid angle", prefixes=("eyelid_angle",), unit="rad"),
        Group(name="eyelid aperture", prefixes=("eyelid_aperture",), unit="mm"),
    ),
    "imu": (
        Group(name="gyro", prefixes=("gyro",), unit="deg/s"),
        Group(name="acceleration", prefixes=("accel",), unit="g"),
        Group(name="orientation", prefixes=("quaternion",), about="quaternion w, x, y, z"),
    ),
}
TIME_FIELD = "timestamp_ns"


def grouped(sensor: str, fields: tuple[str, ...]) -> list[tuple[Group, tuple[str, ...]]]:
    """Every field once, in its group; those of no group make a series named for the sensor."""
    left = [field for field in fields if field != TIME_FIELD]
    answer: list[tuple[Group, tuple[str, ...]]] = []
    for group in GROUPS.get(sensor, ()):
        mine = tuple(field for field in left if field.startswith(group.prefixes))
        left = [field for field in left if field not in mine]
        if mine:
            answer.append((group, mine))
    if left:
        answer.append((Group(name=sensor.replace("_", " "), prefixes=()), tuple(left)))
    return answer


def column_name(field: str, group: Group) -> str:
    """`pupil_diameter_left_mm` of group `pupil diameter` in mm is `left`."""
    name = field.removesuffix(f"_{group.unit}") if group.unit else field
    for prefix in group.prefixes:
        if name.startswith(f"{prefix}_"):
            name = name.removeprefix(f"{prefix}_")
    return name.replace("_", " ")
