"""Geometry: a cuboid that projects onto a region of the same class, in a picture of about the same time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from braid.base.errors import BraidError
from braid.checks.ends import solid_and_flat
from braid.checks.frames import frame_tree
from braid.checks.looking import look, pairs_at
from braid.checks.proposing.pairs import joined, one_to_one, proposal, sources_and_targets
from braid.checks.tables import Tables
from braid.checks.timing import instant_ns
from braid.model.proposals import Proposal, ProposalKind
from braid.model.records import Annotation, LinkType
from braid.model.regions import Track
from braid.model.validate import bounds_px
from braid.space.overlap import box_iou
from braid.space.transforms import FrameTree

MIN_IOU = 0.3
"""Below this the two are more likely neighbours."""
APART_NS = 100_000_000
"""How far the picture may be from the cuboid in time: about one sweep of a lidar."""
MAX_LOOKS = 4000
"""Projections per link type and sample; a sample with more pairs gets proposals for the first ones only."""


def by_projection(tables: Tables, sample: str) -> Iterator[Proposal]:
    """For each type with the spatial rule "projection": at most one partner per cuboid and camera, and per region."""
    tree = frame_tree(tables, sample)
    if tree is None:
        return
    for kind in tables.ontology.ontology.link_types:
        if kind.deprecated or kind.spatial != "projection":
            continue
        by_stream: dict[tuple[str, int | None], list[Proposal]] = defaultdict(list)
        for key, one in _pairs(tables, tree, sample, kind):
            by_stream[key].append(one)
        for found in by_stream.values():
            yield from one_to_one(found)


def _pairs(
    tables: Tables, tree: FrameTree, sample: str, kind: LinkType
) -> Iterator[tuple[tuple[str, int | None], Proposal]]:
    """With the picture (stream and instant) that each region stands in."""
    sources, targets = sources_and_targets(tables, sample, kind)
    known = joined(tables, kind)
    streams_of: dict[str, set[str]] = defaultdict(set)
    stream_by_id = {a.id: a.stream for a in (*sources, *targets)}
    for one, other in (tuple(pair) for pair in known if len(pair) == 2):
        streams_of[one].add(stream_by_id.get(other, ""))
        streams_of[other].add(stream_by_id.get(one, ""))
    looks = 0
    for source in sources:
        for target in targets:
            pair = solid_and_flat(source, target)
            if pair is None or not _alike(tables, *pair) or not _near(tables, *pair):
                continue
            # Who has a partner in that stream needs no other.
            if target.stream in streams_of[source.id] or source.stream in streams_of[target.id]:
                continue
            looks += 1
            if looks > MAX_LOOKS:
                return
            iou = _best_iou(tables, tree, *pair)
            if iou < MIN_IOU:
                continue
            solid, flat = pair
            reason = f"{tables.name_of(solid)} projects onto {tables.name_of(flat)}, IoU {iou:.2f}"
            key = (flat.stream, None if isinstance(flat.region, Track) else instant_ns(tables, flat))
            yield (
                key,
                proposal(
                    by=ProposalKind.PROJECTION,
                    kind=kind,
                    source=source,
                    target=target,
                    score=iou,
                    reason=reason,
                    facts={"iou": f"{iou:.2f}"},
                ),
            )


def _alike(tables: Tables, one: Annotation, other: Annotation) -> bool:
    """The same class, or one a kind of the other."""
    tree = tables.ontology
    return tree.is_a(one.class_id, other.class_id) or tree.is_a(other.class_id, one.class_id)


def _near(tables: Tables, solid: Annotation, flat: Annotation) -> bool:
    """Tracks are looked at where they are; two shapes must be of about one time, where both have one."""
    if isinstance(solid.region, Track) or isinstance(flat.region, Track):
        return True
    first, second = instant_ns(tables, solid), instant_ns(tables, flat)
    return first is None or second is None or abs(first - second) <= APART_NS


def _best_iou(tables: Tables, tree: FrameTree, solid: Annotation, flat: Annotation) -> float:
    """Over the instants that both have; a track must agree at every one of them, so its worst counts."""
    found: list[float] = []
    for at_solid, at_flat in pairs_at(tables, tree, solid, flat):
        try:
            region = bounds_px(at_flat.region)
        except BraidError:
            continue
        view = look(tables, tree, at_solid, at_flat)
        visible = view.projected.visible_px if view is not None and view.projected is not None else None
        found.append(0.0 if visible is None or region is None else box_iou(visible, region))
    return min(found, default=0.0)
