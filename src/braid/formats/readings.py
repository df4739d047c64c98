"""Streams of files: one sensor's pictures or sweeps with a time each, as one stream of readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median_low

import msgspec

from braid.formats.beside import IMAGE
from braid.formats.seam import ReadContext, Sources
from braid.model.records import Modality, Reading, Sample, Sampling, Stream
from braid.model.timing import Timing

SWEEP_TYPES = {".pcd": "application/vnd.pcd", ".bin": "application/octet-stream"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedFile:
    """A file and the media time it is of. name: as it was called where it came from."""

    at_ns: int
    path: Path
    name: str = ""


def stream_of_files(
    files: Sources,
    context: ReadContext,
    sample: Sample,
    timed: Iterable[TimedFile],
    *,
    name: str,
    modality: Modality,
    frame: str = "",
    timing: Timing,
    media_type: str = "",
    source: dict[str, str] | None = None,
) -> Stream:
    """Readings by time; the median distance of them becomes the stream's period. media_type: "" by the files' endings."""
    ordered = sorted(timed, key=lambda one: one.at_ns)
    ending = ordered[0].path.suffix.casefold() if ordered else ""
    period_ns = median_low(b.at_ns - a.at_ns for a, b in pairwise(ordered)) if len(ordered) > 1 else None
    return Stream(
        id=context.new_id(),
        sample=sample.id,
        name=name,
        modality=modality,
        sampling=Sampling.SWEEP if modality is Modality.POINT_CLOUD else Sampling.INSTANT,
        readings=tuple(
            Reading(at_ns=one.at_ns, asset=files.asset(one.path), name=one.name or one.path.name)
            for one in ordered
        ),
        media_type=media_type
        or (SWEEP_TYPES if modality is Modality.POINT_CLOUD else IMAGE).get(
            ending, "application/octet-stream"
        ),
        frame=frame or name,
        timing=msgspec.structs.replace(timing, period_ns=timing.period_ns or period_ns),
        source=source or {},
    )
