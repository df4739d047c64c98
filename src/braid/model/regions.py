"""Regions: where in a stream an annotation stands. A tagged union with the field `type`.

Pixels are edge coordinates (origin at the outer corner of the top-left pixel, right and bottom exclusive);
metres are in the named frame of reference; text offsets are Unicode code points; times are media nanoseconds.
"""

from __future__ import annotations

import msgspec

from braid.space.pose import Quat, Vec3

Point = tuple[float, float]
"""x, y in pixels, edge coordinates."""


class Region(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Root of the union; never used itself."""


class Box(Region, frozen=True, kw_only=True, tag="box"):
    """An axis-parallel box: x0 < x1, y0 < y1."""

    x0_px: float
    y0_px: float
    x1_px: float
    y1_px: float


class RotatedBox(Region, frozen=True, kw_only=True, tag="rotated_box"):
    """A box turned about its centre, clockwise on the screen (y points down)."""

    cx_px: float
    cy_px: float
    width_px: float
    height_px: float
    angle_rad: float


class Polygon(Region, frozen=True, kw_only=True, tag="polygon"):
    """The union of simple outlines minus the holes; each ring has at least 3 points and closes by itself."""

    rings_px: tuple[tuple[Point, ...], ...]
    holes_px: tuple[tuple[Point, ...], ...] = ()


class Polyline(Region, frozen=True, kw_only=True, tag="polyline"):
    """An open line of at least 2 points."""

    points_px: tuple[Point, ...]


class Mask(Region, frozen=True, kw_only=True, tag="mask"):
    """A pixel mask as COCO's compressed run lengths (column-major) over the whole picture."""

    width_px: int
    height_px: int
    counts: str
    crowd: bool = False


class Keypoint(msgspec.Struct, frozen=True, kw_only=True):
    """One named joint. visibility as in COCO: 0 not labelled, 1 labelled but hidden, 2 visible."""

    name: str
    x_px: float
    y_px: float
    visibility: int = 2


class Keypoints(Region, frozen=True, kw_only=True, tag="keypoints"):
    """Joints of one thing, in the order of its skeleton."""

    points: tuple[Keypoint, ...]


class Cuboid(Region, frozen=True, kw_only=True, tag="cuboid"):
    """A 3D box: centre (not bottom), size as length (along local x), width (y), height (z); all in `frame`."""

    frame: str
    centre_m: Vec3
    size_m: Vec3
    rotation_wxyz: Quat


class PointSet(Region, frozen=True, kw_only=True, tag="point_set"):
    """Indexes of points of one sweep as ascending half-open runs (first, end)."""

    runs: tuple[tuple[int, int], ...]


class TextSpan(Region, frozen=True, kw_only=True, tag="text_span"):
    """Code points [start, end) of a text stream, or of the text of the annotation `of`.

    quote is the covered text, prefix and suffix up to 32 code points around it: they re-anchor the span.
    """

    start: int
    end: int
    quote: str
    prefix: str = ""
    suffix: str = ""
    of: str | None = None


class TimeSpan(Region, frozen=True, kw_only=True, tag="time_span"):
    """Media time [start_ns, end_ns) of the stream."""

    start_ns: int
    end_ns: int


class WholeStream(Region, frozen=True, kw_only=True, tag="whole_stream"):
    """All of the stream: captions, scene labels, ratings."""


Shape = Box | RotatedBox | Polygon | Polyline | Mask | Keypoints | Cuboid
"""What a key frame may hold."""


class KeyFrame(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A shape at a media time; `shape` None means absent from here on. `index` is the native anchor."""

    at_ns: int
    shape: Shape | None
    index: int | None = None
    occluded: bool = False
    attributes: dict[str, AttributeValue] = {}


class Track(Region, frozen=True, kw_only=True, tag="track"):
    """Key frames of one thing in one stream, ascending in time; linear in time between them.

    size_locked: a tool that edits one cuboid's size edits all of them.
    """

    key_frames: tuple[KeyFrame, ...]
    size_locked: bool = False


AttributeValue = str | int | float | bool | tuple[str, ...]

AnyRegion = (
    Box
    | RotatedBox
    | Polygon
    | Polyline
    | Mask
    | Keypoints
    | Cuboid
    | PointSet
    | TextSpan
    | TimeSpan
    | WholeStream
    | Track
)

REGION_KINDS: tuple[str, ...] = (
    "box",
    "rotated_box",
    "polygon",
    "polyline",
    "mask",
    "keypoints",
    "cuboid",
    "point_set",
    "text_span",
    "time_span",
    "whole_stream",
    "track",
)


def kind_of(region: AnyRegion) -> str:
    """The region's tag, for example "box"."""
    tag = region.__struct_config__.tag
    assert isinstance(tag, str)
    return tag
