"""Writes what tracks must answer (docs/spec/tracks.md), for the browser's mirror: `web/src/model/tracks.golden.json`.

moments: `at` of a track (null: absent); edits: the tracks that come out of one; suggestions: where key frames are wanted.
world: [frame, media time, root_from_frame] wherever an answer asks for it. Numbers agree within 1e-9.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from braid.model import regions as r
from braid.space.pose import Pose, Vec3
from braid.space.rotation import wxyz_from_yaw
from braid.tracks import editing
from braid.tracks.moment import Motion, at
from braid.tracks.suggestion import suggestions
from braid.tracks.world import World

PATH = Path(__file__).resolve().parent.parent / "web/src/model/tracks.golden.json"
SECOND = 1_000_000_000
TENTH = SECOND // 10


def box(x: float, y: float = 0.0, *, wide: float = 10.0) -> r.Box:
    """A box 20 px high with its top left corner there."""
    return r.Box(x0_px=x, y0_px=y, x1_px=x + wide, y1_px=y + 20.0)


def turned(angle_rad: float, *, x: float = 0.0) -> r.RotatedBox:
    """A rotated box 8 by 4 px."""
    return r.RotatedBox(cx_px=x, cy_px=5.0, width_px=8.0, height_px=4.0, angle_rad=angle_rad)


def cuboid(
    centre_m: Vec3, yaw_rad: float = 0.0, *, size_m: Vec3 = (4.0, 2.0, 1.5), frame: str = "ego"
) -> r.Cuboid:
    """A car in the vehicle's frame."""
    return r.Cuboid(frame=frame, centre_m=centre_m, size_m=size_m, rotation_wxyz=wxyz_from_yaw(yaw_rad))


def track(*keys: tuple[int, r.Shape | None], locked: bool = False) -> r.Track:
    """Key frames of (media time, shape)."""
    return r.Track(
        key_frames=tuple(r.KeyFrame(at_ns=at_ns, shape=shape) for at_ns, shape in keys), size_locked=locked
    )


MARKED = r.Track(
    key_frames=(
        r.KeyFrame(at_ns=0, shape=box(0), index=0, attributes={"pose": "standing", "blinker": "left"}),
        r.KeyFrame(at_ns=100, shape=box(10), occluded=True, attributes={"pose": "walking"}),
        r.KeyFrame(at_ns=200, shape=None),
        r.KeyFrame(at_ns=300, shape=box(50), index=9),
        r.KeyFrame(at_ns=400, shape=box(70)),
    )
)
SQUARE = ((0.0, 0.0), (40.0, 0.0), (40.0, 30.0), (0.0, 30.0))
PENTAGON = ((12.0, 41.0), (52.0, 41.0), (52.0, 11.0), (33.0, 4.0), (12.0, 11.0))
"""Another start and the other orientation than SQUARE's."""
TRIANGLE = ((100.0, 100.0), (108.0, 101.0), (103.0, 109.0))
RING = tuple(
    (50 + 20 * math.cos(math.tau * n / 70), 50 + 30 * math.sin(math.tau * n / 70)) for n in range(70)
)
TURNING = track((0, cuboid((20.0, 2.0, 0.5), 0.2)), (2 * TENTH, cuboid((17.0, -1.0, 0.5), -0.3)))


def polygon(*rings: tuple[r.Point, ...], holes: tuple[tuple[r.Point, ...], ...] = ()) -> r.Polygon:
    """Outlines with holes."""
    return r.Polygon(rings_px=rings, holes_px=holes)


def joints(*points: tuple[str, float, float, int]) -> r.Keypoints:
    """Joints of (name, x, y, visibility)."""
    return r.Keypoints(
        points=tuple(r.Keypoint(name=name, x_px=x, y_px=y, visibility=seen) for name, x, y, seen in points)
    )


def drive(frame: str, media_ns: int) -> Pose | None:
    """The vehicle drives 10 m/s and turns 0.5 rad/s; no other frame is known."""
    seconds = media_ns / SECOND
    pose = Pose(rotation_wxyz=wxyz_from_yaw(0.5 * seconds), translation_m=(10 * seconds, seconds**2, 0.0))
    return pose if frame == "ego" else None


def lost(frame: str, media_ns: int) -> Pose | None:
    """The vehicle's pose is missing from 0.1 s on."""
    return drive(frame, media_ns) if media_ns < TENTH else None


def _moment(
    name: str,
    of: r.Track,
    *instants: int,
    world: World | None = None,
    motion: Motion = Motion.LINEAR,
    hold: bool = False,
) -> Iterator[dict[str, Any]]:
    for at_ns in instants:
        asked: dict[tuple[str, int], Pose | None] = {}

        def remembered(
            frame: str, media_ns: int, asked: dict[tuple[str, int], Pose | None] = asked
        ) -> Pose | None:
            found = None if world is None else world(frame, media_ns)
            asked[frame, media_ns] = found
            return found

        found = at(of, at_ns, world=remembered if world else None, motion=motion, hold=hold)
        row: dict[str, Any] = {"name": name, "track": of, "at_ns": at_ns, "motion": motion, "hold": hold}
        if world is not None:
            row["world"] = [[*key, pose] for key, pose in sorted(asked.items())]
        yield row | {"want": None if found is None else asdict(found) | {"shape": found.shape}}


def moments() -> list[dict[str, Any]]:
    """K1 to K7."""
    a, b = (
        joints(("nose", 0, 0, 2), ("ear", 4, 4, 2), ("eye", 9, 9, 0)),
        joints(("ear", 8, 0, 1), ("nose", 10, 20, 1), ("eye", 1, 1, 2)),
    )
    braking = track(*((n * SECOND // 2, box(20.0 * n - 0.75 * n * n)) for n in range(4)))
    wheels = track(*((n * TENTH, cuboid((20.0 - n * n, float(n), 0.5), 0.1 * n)) for n in range(3)))
    mask = r.Mask(width_px=5, height_px=3, counts="52203")
    return [
        *_moment("K1 linear in time", track((0, box(0)), (1000, box(100, 7, wide=30))), 0, 1, 250, 999, 1000),
        *_moment("K2 absent outside of its key frames", MARKED, -1, 0, 401),
        *_moment("K2 the last shape is held where that is asked for", MARKED, 401, 10**12, hold=True),
        *_moment("K2 absent from an empty key frame on, held before it", MARKED, 100, 199, 200, 299, 300),
        *_moment("K5 attributes and occlusion hold", MARKED, 50, 150, 350),
        *_moment("K3 the short way round", track((0, turned(0.1)), (10, turned(math.tau - 0.1, x=4))), 5, 7),
        *_moment("K3 half a turn goes up", track((0, turned(0.0)), (10, turned(-math.pi))), 5),
        *_moment("K3 more than a turn", track((0, turned(7.0)), (10, turned(-7.5))), 5),
        *_moment("K3 joints by name", track((0, a), (10, b)), 5),
        *_moment(
            "K4 as many corners", track((0, polygon(SQUARE)), (10, polygon(SQUARE[1:] + SQUARE[:1]))), 5
        ),
        *_moment("K4 other corners", track((0, polygon(SQUARE)), (10, polygon(PENTAGON))), 5, 10),
        *_moment("K4 many corners", track((0, polygon(RING)), (10, polygon(PENTAGON))), 3),
        *_moment("K4 few corners", track((0, polygon(TRIANGLE)), (10, polygon(RING))), 3),
        *_moment(
            "K4 rings and holes in their order",
            track(
                (0, polygon(SQUARE, TRIANGLE, holes=(TRIANGLE,))),
                (10, polygon(PENTAGON, TRIANGLE[::-1], holes=(SQUARE,))),
            ),
            2,
        ),
        *_moment(
            "K5 other numbers of rings hold",
            track((0, polygon(SQUARE, TRIANGLE)), (10, polygon(PENTAGON))),
            5,
        ),
        *_moment(
            "K4 lines keep their direction",
            track((0, r.Polyline(points_px=SQUARE[:3])), (10, r.Polyline(points_px=PENTAGON[:4]))),
            5,
        ),
        *_moment("K5 masks hold", track((0, mask), (10, mask)), 9),
        *_moment("K6 cuboids in their own frame", TURNING, TENTH),
        *_moment("K6 cuboids in the world", TURNING, TENTH // 2, TENTH, world=drive),
        *_moment("K6 without a pose of the frame", TURNING, TENTH // 2, world=lost),
        *_moment(
            "K5 other frames hold", track((0, cuboid((1, 2, 3))), (10, cuboid((1, 2, 3), frame="x"))), 5
        ),
        *_moment("K7 braking", braking, TENTH, 7 * TENTH, 14 * TENTH, motion=Motion.CUBIC),
        *_moment("K7 too few key frames", track((0, box(0)), (10, box(9))), 5, motion=Motion.CUBIC),
        *_moment(
            "K7 cuboids in the world", wheels, TENTH // 2, 15 * TENTH // 10, world=drive, motion=Motion.CUBIC
        ),
        *_moment("K7 cuboids in their own frame", wheels, TENTH // 2, motion=Motion.CUBIC),
    ]


def edits() -> list[dict[str, Any]]:
    """K8 to K13. `do` names the edit, `with` its arguments."""
    mixed = track(
        (0, cuboid((0, 0, 0))), (10, cuboid((1, 0, 0), size_m=(5.0, 2.2, 1.7))), (20, cuboid((2, 0, 0)))
    )
    other = track((500, box(7)), (600, box(9)))
    left, right = editing.split(MARKED, 50)
    key = r.KeyFrame(at_ns=10, shape=cuboid((9, 9, 9), size_m=(6.0, 3.0, 2.0)))
    rows: list[tuple[str, dict[str, Any], tuple[r.Track, ...]]] = [
        ("with_key", {"track": MARKED, "key": r.KeyFrame(at_ns=100, shape=box(1))}, ()),
        ("with_key", {"track": editing.with_locked_size(mixed), "key": key}, ()),
        ("without_key", {"track": MARKED, "at_ns": 200}, ()),
        ("move_key", {"track": MARKED, "from_ns": 0, "to_ns": 150}, ()),
        ("pinned", {"track": MARKED, "at_ns": 50, "index": 3}, ()),
        ("pinned", {"track": MARKED, "at_ns": 250}, ()),
        ("copy_key", {"track": MARKED, "from_ns": 50, "to_ns": 700}, ()),
        ("moved_to", {"track": MARKED, "start_ns": 1000}, ()),
        ("split", {"track": MARKED, "at_ns": 50}, (left, right)),
        ("split", {"track": MARKED, "at_ns": 350, "before_ns": 340}, ()),
        ("split", {"track": MARKED, "at_ns": 300, "before_ns": 250}, ()),
        ("join", {"first": left, "second": right}, ()),
        ("join", {"first": MARKED, "second": other, "bridge_ns": 50}, ()),
        ("join", {"first": MARKED, "second": other, "bridge_ns": 100}, ()),
        ("with_size", {"track": mixed, "size_m": (3.0, 1.0, 1.0)}, ()),
        ("with_locked_size", {"track": mixed}, ()),
    ]
    made = []
    for do, arguments, known in rows:
        out = known or getattr(editing, do)(**arguments)
        made.append({"do": do, "with": arguments, "want": [out] if isinstance(out, r.Track) else list(out)})
    return made


def suggested() -> list[dict[str, Any]]:
    """K14."""
    curve = track(*((n * SECOND, box(30.0 * n * n)) for n in range(4)))
    spin = track((0, turned(0.0)), (10, turned(0.1)), (20, turned(1.0)), (30, turned(1.1)))
    rows = [(curve, 5.0), (curve, 8.0), (MARKED, 0.1), (spin, 0.2), (TURNING, 0.01)]
    return [
        {
            "track": of,
            "tolerance": tolerance,
            "want": [asdict(one) for one in suggestions(of, tolerance=tolerance)],
        }
        for of, tolerance in rows
    ]


def golden() -> Any:
    """The whole document as plain values."""
    return msgspec.to_builtins({"moments": moments(), "edits": edits(), "suggestions": suggested()})


def main() -> None:
    """Write the document."""
    PATH.write_text(json.dumps(golden(), indent=1) + "\n", encoding="utf-8")
    print(PATH)


if __name__ == "__main__":
    main()
