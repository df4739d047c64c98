"""2D-3D agreement: a cuboid projected into the camera covers the region that it is linked to (rules C8 and S3)."""

from __future__ import annotations

from collections.abc import Iterator

from braid.base.errors import BraidError
from braid.checks.ends import solid_and_flat
from braid.checks.frames import frame_tree
from braid.checks.looking import look, pairs_at
from braid.checks.registry import Check, register
from braid.checks.tables import Tables
from braid.model import records as m
from braid.model.findings import Finding, LayerOfCheck, Severity
from braid.model.validate import bounds_px
from braid.space.overlap import Bounds, box_iou, share_inside
from braid.space.transforms import FrameTree

WARN_VEHICLE = 0.85
WARN_OTHER = 0.75
ERROR = 0.5
INSIDE = 0.95
"""A region this far inside the projection may show only the part that nothing hides: never more than a warning."""


@register
class Projection(Check):
    """IoU of the cuboid's visible box with the linked region; what time offsets can explain is forgiven."""

    id = "projection"
    title = "Cuboids project onto their camera regions"
    layer = LayerOfCheck.ACROSS
    severity = Severity.ERROR
    purpose = "A cuboid and the camera region linked to it show one thing: its projection covers the region."
    example = (
        "The box was linked to the car behind; the cuboid was moved; the calibration is off by a degree."
    )
    reads = ("links", "annotations", "streams", "clock_maps", "calibrations", "classes")
    source = (
        "Warn below IoU 0.85 (vehicles) or 0.75 (others), error below 0.5: on KITTI 000008 projections agree with the "
        "dataset's own boxes by 0.965 to 0.988."
    )

    def run(self, tables: Tables) -> Iterator[Finding]:
        """At most one finding per link."""
        trees: dict[str, FrameTree | None] = {}
        for link in tables.links:
            kind = tables.ontology.link_types.get(link.type_id)
            if kind is None or kind.spatial != "projection":
                continue
            ends = (tables.end(link.source), tables.end(link.target))
            pair = solid_and_flat(*ends)
            if pair is None:
                continue
            if link.sample not in trees:
                trees[link.sample] = frame_tree(tables, link.sample)
            tree = trees[link.sample]
            if tree is not None:
                found = [
                    f for at in pairs_at(tables, tree, *pair) for f in self._judge(tables, tree, link, *at)
                ]
                if found:
                    yield max(found, key=lambda f: (f.severity is Severity.ERROR, f.score))

    def _judge(
        self, tables: Tables, tree: FrameTree, link: m.Link, solid: m.Annotation, flat: m.Annotation
    ) -> Iterator[Finding]:
        view = look(tables, tree, solid, flat)
        region = _bounds_or_none(flat)
        if view is None or region is None:
            return
        names = f"{tables.name_of(solid)} and {tables.name_of(flat)}"
        culprits = [tables.culprit(record) for record in (link, solid, flat)]
        facts = {"offset_ms": f"{view.offset_ns / 1e6:.1f}", "region_px": _text(region)}
        visible = view.projected.visible_px if view.projected else None
        if view.projected is None or visible is None:
            yield self.finding(
                sample=link.sample,
                message=f"{names}: the cuboid is not visible in this camera.",
                culprits=culprits,
                facts=facts,
                hint="Retarget the link, or check the calibration",
            )
            return
        iou = box_iou(visible, region)
        facts |= {
            "iou": f"{iou:.2f}",
            "projected_px": _text(visible),
            "truncation": f"{view.projected.truncation:.2f}",
            "tolerance_px": f"{view.tolerance_px:.1f}",
        }
        vehicle = tables.ontology.is_a(solid.class_id, "vehicle")
        if iou >= (WARN_VEHICLE if vehicle else WARN_OTHER) or _off_px(visible, region) <= view.tolerance_px:
            return
        hidden = share_inside(region, visible) >= INSIDE
        severity = Severity.ERROR if iou < ERROR and not hidden else Severity.WARNING
        yield self.finding(
            sample=link.sample,
            message=f"{names} agree only by IoU {iou:.2f} when the cuboid is projected into the picture.",
            culprits=culprits,
            severity=severity,
            score=1.0 - iou,
            facts=facts,
            hint=(
                "The region lies inside the projection: is the thing partly hidden?"
                if hidden
                else "Check the cuboid, the region, the link, the clock and the calibration"
            ),
        )


def _bounds_or_none(annotation: m.Annotation) -> Bounds | None:
    try:
        return bounds_px(annotation.region)
    except BraidError:
        return None


def _off_px(a: Bounds, b: Bounds) -> float:
    """How far the edges of two boxes are apart at most."""
    return max(abs(one - other) for one, other in zip(a, b, strict=True))


def _text(bounds: Bounds) -> str:
    return ", ".join(f"{part:.1f}" for part in bounds)
