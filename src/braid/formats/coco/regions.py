"""COCO's geometry to regions and back; what does not hold raises InvalidInput with the reason."""

from __future__ import annotations

from typing import Any

from braid.base.errors import InvalidInput
from braid.formats.coco import rle
from braid.formats.json_input import are_numbers, is_number
from braid.model.regions import Box, Keypoint, Keypoints, Mask, Point, Polygon

HALF_PX = 0.5
"""COCO's key points name pixels by their index; ours are edge coordinates, where a pixel's centre is at + 0.5."""

OUTSIDE_PX = 1.0
"""How far a box may leave its picture without a word."""


def box_of(value: Any) -> Box:
    """COCO's [x, y, width, height]."""
    if not isinstance(value, list) or len(value) != 4:
        raise InvalidInput("bbox is [x, y, width, height]", got=value)
    if not are_numbers(value):
        raise InvalidInput("bbox holds something that is not a finite number", got=value)
    x, y, width, height = value
    if width < 0 or height < 0:
        raise InvalidInput("bbox has a negative size", got=value, wanted="width > 0 and height > 0")
    if width == 0 or height == 0:
        raise InvalidInput("bbox has no area", got=value, wanted="width > 0 and height > 0")
    return Box(x0_px=float(x), y0_px=float(y), x1_px=float(x + width), y1_px=float(y + height))


def outside_px(box: Box, *, width_px: int, height_px: int) -> float:
    """How far the box leaves the picture."""
    return max(-box.x0_px, -box.y0_px, box.x1_px - width_px, box.y1_px - height_px, 0.0)


def shape_of(value: Any, *, width_px: int, height_px: int, crowd: bool) -> Polygon | Mask | None:
    """COCO's `segmentation`: polygons, run lengths plain or packed; None when there is none."""
    if value in (None, [], {}, ""):
        return None
    if isinstance(value, dict):
        return _mask_of(value, width_px=width_px, height_px=height_px, crowd=crowd)
    if not isinstance(value, list):
        raise InvalidInput("segmentation is a list of polygons or run lengths", got=value)
    return Polygon(rings_px=tuple(_ring_of(ring) for ring in value))


def _ring_of(ring: Any) -> tuple[Point, ...]:
    if not isinstance(ring, list) or len(ring) < 6 or len(ring) % 2:
        raise InvalidInput(
            "a polygon is a list of x, y in turn with at least 3 points",
            got=f"{len(ring)} numbers" if isinstance(ring, list) else ring,
        )
    if not are_numbers(ring):
        raise InvalidInput("a polygon holds something that is not a finite number")
    return tuple((float(x), float(y)) for x, y in zip(ring[::2], ring[1::2], strict=True))


def _mask_of(value: dict[str, Any], *, width_px: int, height_px: int, crowd: bool) -> Mask:
    if value.get("size") != [height_px, width_px]:
        raise InvalidInput(
            "run lengths are of another size than the image",
            got=value.get("size"),
            wanted=f"[{height_px}, {width_px}]",
        )
    counts = value.get("counts")
    if isinstance(counts, str):
        runs = rle.unpack(counts)
    elif are_numbers(counts) and isinstance(counts, list) and all(isinstance(run, int) for run in counts):
        runs = counts
    else:
        raise InvalidInput("run lengths are a text or a list of whole numbers", got=type(counts).__name__)
    if any(run < 0 for run in runs) or sum(runs) != width_px * height_px:
        raise InvalidInput(
            "run lengths do not cover the image", got=sum(runs), wanted=str(width_px * height_px)
        )
    if rle.area_px(runs) == 0:
        raise InvalidInput("a mask is empty", got="0 pixels")
    return Mask(width_px=width_px, height_px=height_px, counts=rle.pack(runs), crowd=crowd)


def keypoints_of(value: Any, joints: tuple[str, ...]) -> Keypoints | None:
    """COCO's [x, y, v, ...] in the order of the category's joints; None when nothing is labelled."""
    if value in (None, []):
        return None
    if not are_numbers(value) or len(value) % 3:
        raise InvalidInput("keypoints are x, y, visibility in turn", got=value)
    count = len(value) // 3
    if joints and count != len(joints):
        raise InvalidInput("keypoints do not match the skeleton", got=count, wanted=f"{len(joints)} joints")
    names = joints or tuple(str(index) for index in range(1, count + 1))
    points: list[Keypoint] = []
    for index, name in enumerate(names):
        x, y, visibility = value[3 * index : 3 * index + 3]
        if visibility not in (0, 1, 2):
            raise InvalidInput("a key point's visibility is 0, 1 or 2", got=visibility)
        shift = HALF_PX if visibility or x or y else 0.0
        points.append(Keypoint(name=name, x_px=x + shift, y_px=y + shift, visibility=int(visibility)))
    return Keypoints(points=tuple(points)) if any(point.visibility for point in points) else None


def keypoint_numbers(region: Keypoints) -> list[float]:
    """The way back of `keypoints_of`."""
    numbers: list[float] = []
    for point in region.points:
        placed = point.visibility or point.x_px or point.y_px
        shift = HALF_PX if placed else 0.0
        numbers += [_whole(point.x_px - shift), _whole(point.y_px - shift), point.visibility]
    return numbers


def segmentation_of(region: Polygon | Mask) -> Any:
    """The way back of `shape_of`; holes are the caller's loss."""
    if isinstance(region, Mask):
        return {"size": [region.height_px, region.width_px], "counts": region.counts}
    return [[part for point in ring for part in point] for ring in region.rings_px]


def bounds_of(region: Box | Polygon | Mask | Keypoints) -> list[float]:
    """COCO's bbox of any region."""
    if isinstance(region, Box):
        return [region.x0_px, region.y0_px, region.x1_px - region.x0_px, region.y1_px - region.y0_px]
    if isinstance(region, Mask):
        x0, y0, x1, y1 = rle.bounds_px(rle.unpack(region.counts), height_px=region.height_px) or (0, 0, 0, 0)
        return [x0, y0, x1 - x0, y1 - y0]
    if isinstance(region, Polygon):
        points = [point for ring in region.rings_px for point in ring]
    else:
        points = [(point.x_px, point.y_px) for point in region.points if point.visibility]
    xs, ys = [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]
    return [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]


def area_of(region: Box | Polygon | Mask | Keypoints) -> float:
    """COCO's area in square pixels: of the outlines, of the set pixels, else of the box."""
    if isinstance(region, Mask):
        return rle.area_px(rle.unpack(region.counts))
    if isinstance(region, Polygon):
        return sum(_ring_area(ring) for ring in region.rings_px)
    _, _, width, height = bounds_of(region)
    return width * height


def _ring_area(ring: tuple[Point, ...]) -> float:
    following = ring[1:] + ring[:1]
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, following, strict=True))) / 2


def _whole(value: float) -> float:
    return int(value) if is_number(value) and value == int(value) else value
