"""What the columns of every log are: the data set's own description, corrected where its numbers say otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A folder with `t` and `value`. columns: (name, unit) in order. note: what the numbers say against the description.

    utc: column with the receiver's Unix time in milliseconds. gps: columns with GPS week and time of week.
    """

    folder: str
    name: str
    columns: tuple[tuple[str, str], ...]
    frame: str = ""
    note: str = ""
    utc: str = ""
    gps: tuple[str, str] | None = None
    extra: dict[str, str] = field(default_factory=dict)


AXES = "x forward, y right, z down"
_MICRO = "the description says T; an earth field of these numbers is in uT"


def _axes(prefix: str, unit: str) -> tuple[tuple[str, str], ...]:
    return tuple((f"{prefix} {axis}", unit) for axis in ("forward", "right", "down"))


_FIX = (
    ("latitude", "deg"),
    ("longitude", "deg"),
    ("speed", "m/s"),
    ("utc", "ms"),
    ("altitude", "m"),
    ("bearing", "deg"),
)
_RAW = (
    ("prn", ""), ("gps week", ""), ("time of week", "s"), ("glonass channel", ""), ("pseudorange", "m"),
    ("pseudorange std", "m"), ("pseudorange rate", "m/s"), ("pseudorange rate std", "m/s"),
)  # fmt: skip
_UTC_NOTE = "the description says utc in s; these numbers are ms"

TABLES: tuple[Table, ...] = (
    Table(folder="CAN/speed", name="can speed", columns=(("speed", "m/s"),)),
    Table(folder="CAN/steering_angle", name="can steering angle", columns=(("steering angle", "deg"),)),
    Table(
        folder="CAN/wheel_speed",
        name="can wheel speed",
        columns=(("front left", "m/s"), ("front right", "m/s"), ("rear left", "m/s"), ("rear right", "m/s")),
    ),
    Table(
        folder="CAN/radar",
        name="radar",
        columns=(
            ("forward distance", "m"), ("left distance", "m"), ("relative speed", "m/s"),
            ("unused 1", ""), ("unused 2", ""), ("address", ""), ("new track", ""),
        ),
    ),
    Table(folder="IMU/accelerometer", name="accelerometer", columns=_axes("acceleration", "m/s²"), frame=AXES),
    Table(folder="IMU/gyro", name="gyro", columns=_axes("rate", "rad/s"), frame=AXES),
    Table(folder="IMU/gyro_bias", name="gyro bias", columns=_axes("bias", "rad/s"), frame=AXES),
    Table(folder="IMU/gyro_uncalibrated", name="gyro uncalibrated", columns=_axes("rate", "rad/s"), frame=AXES),
    Table(folder="IMU/magnetometer", name="magnetometer", columns=_axes("field", "uT"), frame=AXES, note=_MICRO),
    Table(
        folder="IMU/magnetometer_uncalibrated",
        name="magnetometer uncalibrated",
        columns=_axes("field", "uT"),
        frame=AXES,
        note=_MICRO,
    ),
    Table(folder="GNSS/live_gnss_qcom", name="gnss qcom", columns=_FIX, utc="utc", note=_UTC_NOTE),
    Table(folder="GNSS/live_gnss_ublox", name="gnss ublox", columns=_FIX, utc="utc", note=_UTC_NOTE),
    Table(folder="GNSS/raw_gnss_qcom", name="gnss raw qcom", columns=_RAW, gps=("gps week", "time of week")),
    Table(folder="GNSS/raw_gnss_ublox", name="gnss raw ublox", columns=_RAW, gps=("gps week", "time of week")),
)  # fmt: skip
