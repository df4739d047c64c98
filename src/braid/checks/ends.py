"""Which end of a link is the cuboid, and which the region in a picture."""

from __future__ import annotations

from braid.model import records as m
from braid.model.regions import Cuboid, Track


def solid_and_flat(
    source: m.Annotation | m.Entity | None, target: m.Annotation | m.Entity | None
) -> tuple[m.Annotation, m.Annotation] | None:
    """(cuboid or track of cuboids, picture region or track), whichever end is which; None for other ends."""
    if not isinstance(source, m.Annotation) or not isinstance(target, m.Annotation):
        return None
    for solid, flat in ((source, target), (target, source)):
        if _is_solid(solid) and not _is_solid(flat):
            return solid, flat
    return None


def _is_solid(annotation: m.Annotation) -> bool:
    region = annotation.region
    if isinstance(region, Track):
        return any(isinstance(key.shape, Cuboid) for key in region.key_frames)
    return isinstance(region, Cuboid)
