"""tracklet_labels.xml of a KITTI drive: cuboids frame by frame in the velodyne's frame of reference, as tracks."""

from __future__ import annotations

from collections.abc import Iterator
from math import cos, isfinite, sin
from pathlib import Path
from typing import TYPE_CHECKING

from braid.base.errors import InvalidInput
from braid.formats.classes import widen
from braid.formats.rig import tracked
from braid.formats.seam import Problem, ReadContext, Sources
from braid.formats.xml_safe import parse_xml
from braid.model.records import Annotation, Attribute, Entity, Stream
from braid.model.regions import AttributeValue, Cuboid, KeyFrame, Track

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

DOCTYPE = b"<!DOCTYPE boost_serialization>"
"""The bare line that the development kit writes; it declares nothing. Any other document type is refused."""
TRUNCATION = {0: "in picture", 1: "cut by the edge", 2: "out of picture", 3: "behind the camera"}
TRUNCATED = Attribute(id="truncation-state", name="Truncation", values=tuple(TRUNCATION.values()))


def read_tracklets(
    files: Sources, context: ReadContext, path: Path, lidar: Stream, times_ns: list[int | None]
) -> Iterator[Entity | Annotation | Problem]:
    """One entity and one track per tracklet. times_ns: media time of each video frame number, None where it is lost."""
    where = files.name(path)
    data = files.read(path, limit=128 * 2**20)
    head, mark, rest = data[:4096].partition(DOCTYPE)
    root = parse_xml(head + rest + data[4096:] if mark else data, where=where)
    sweeps = {reading.at_ns: index for index, reading in enumerate(lidar.readings)}
    for number, item in enumerate(root.findall("./tracklets/item"), start=1):
        spot = f"{where}, tracklet {number}"
        try:
            yield from _track(context, item, spot, lidar, times_ns, sweeps)
        except InvalidInput as error:
            yield Problem(where=spot, code="bad_tracklet", message=error.letter(), rejected=True)


def _track(
    context: ReadContext,
    item: Element,
    spot: str,
    lidar: Stream,
    times_ns: list[int | None],
    sweeps: dict[int, int],
) -> Iterator[Entity | Annotation | Problem]:
    label = (item.findtext("objectType") or "").strip()
    if not label:
        raise InvalidInput("a tracklet has no objectType", where=spot)
    size_m = tuple(_number(item, name, spot) for name in ("l", "w", "h"))
    if min(size_m) <= 0:
        raise InvalidInput("a tracklet has no extent", where=spot, got=size_m, wanted="l, w, h > 0")
    first = _whole(item, "first_frame", spot)
    frames: list[KeyFrame] = []
    lost = 0
    for offset, pose in enumerate(item.findall("./poses/item")):
        at_ns = times_ns[first + offset] if 0 <= first + offset < len(times_ns) else None
        if at_ns is None:
            lost += 1
            continue
        frames.append(_key_frame(pose, f"{spot}, pose {offset + 1}", size_m, lidar.frame, at_ns, sweeps))
    if lost:
        message = f"{lost} poses stand on frames that the drive does not have"
        yield Problem(where=spot, code="no_frame", message=message, rejected=True)
    if not frames:
        raise InvalidInput("a tracklet has no pose on a frame of the drive", where=spot)
    class_id = context.class_id(label)
    widen(context, class_id, attributes=(TRUNCATED,))
    number = spot.rpartition(" ")[2]
    yield from tracked(
        context,
        lidar,
        Track(key_frames=tuple(frames), size_locked=True),
        class_id=class_id,
        name=f"{label} {number}",
        source_id=number,
    )


def _key_frame(
    pose: Element, spot: str, size_m: tuple[float, ...], frame: str, at_ns: int, sweeps: dict[int, int]
) -> KeyFrame:
    """The pose stands on the ground below the middle; only rz turns."""
    x, y, z, yaw = (_number(pose, name, spot) for name in ("tx", "ty", "tz", "rz"))
    length, width, height = size_m
    truncation = TRUNCATION.get(_whole(pose, "truncation", spot))
    attributes: dict[str, AttributeValue] = {} if truncation is None else {TRUNCATED.id: truncation}
    return KeyFrame(
        at_ns=at_ns,
        index=sweeps.get(at_ns),
        shape=Cuboid(
            frame=frame,
            centre_m=(x, y, z + height / 2),
            size_m=(length, width, height),
            rotation_wxyz=(cos(yaw / 2), 0.0, 0.0, sin(yaw / 2)),
        ),
        occluded=_whole(pose, "occlusion", spot) in {1, 2},
        attributes=attributes,
    )


def _number(item: Element, name: str, where: str) -> float:
    text = item.findtext(name) or ""
    try:
        value = float(text)
        if not isfinite(value):
            raise ValueError(text)
    except ValueError as error:
        raise InvalidInput("not a finite number", where=f"{where}, {name}", got=text[:40]) from error
    return value


def _whole(item: Element, name: str, where: str) -> int:
    return round(_number(item, name, where)) if item.find(name) is not None else -1
