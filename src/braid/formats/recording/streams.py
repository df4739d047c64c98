"""Streams of a recording with their timing, the origin of its timeline, and maps for clocks that are not Unix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from braid.align.jumps import MAD_TO_SIGMA
from braid.align.robust import fit_clock
from braid.align.slopes import spread
from braid.align.stamps import scatter_ns
from braid.base.errors import InvalidInput
from braid.clock.clock_map import RATE_UNIT, ClockFit, ClockSegment
from braid.formats.recording.stamps import ABSENT, Chosen, Ints, median_period_ns
from braid.formats.seam import ReadContext
from braid.model.records import ClockMap, MediaFacts, Modality, Reading, Sampling, Stream
from braid.model.timing import Stamp, StampPart, Timescale, Timing

UNIX_FROM_NS = 10**17
"""Stamps from here on (March 1973) are taken as Unix time; smaller ones count from a start of their own."""

PARQUET = "application/vnd.apache.parquet"
LIKELY_PPM = 500
LEAST_FITTED = 10
MOST_FITTED = 20_000
"""Readings that a fit looks at; of more, evenly spread ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a recording's timeline starts on the clock of its stamps. epoch_ns: as Unix digits, None when it is not."""

    zero_ns: int
    epoch_ns: str | None
    timescale: Timescale


def origin_of(used_ns: Iterable[Ints]) -> Origin:
    """The earliest stamp on Unix time; without any, the earliest at all. used_ns: (N,) absolute, one per stream.

    Raises InvalidInput when there is no reading.
    """
    firsts = [int(column.min()) for column in used_ns if len(column)]
    if not firsts:
        raise InvalidInput("a recording without readings has no origin")
    unix = [first for first in firsts if first >= UNIX_FROM_NS]
    if unix:
        return Origin(zero_ns=min(unix), epoch_ns=str(min(unix)), timescale=Timescale.UTC)
    return Origin(zero_ns=min(firsts), epoch_ns=None, timescale=Timescale.UNKNOWN)


def timing_of(
    chosen: Chosen,
    origin: Origin,
    *,
    part: StampPart = StampPart.START,
    sweep_ns: int | None = None,
) -> Timing:
    """What a stream says of its time when its media time is `used - origin.zero_ns`."""
    return Timing(
        period_ns=median_period_ns(chosen.used_ns),
        timescale=origin.timescale,
        stamp=chosen.stamp,
        part=part,
        sweep_ns=sweep_ns,
        zero_ns=str(origin.zero_ns),
        gaps=chosen.gaps,
    )


def stream_of(
    context: ReadContext,
    *,
    sample: str,
    name: str,
    modality: Modality,
    sampling: Sampling,
    timing: Timing,
    asset: str | None = None,
    readings: Sequence[Reading] = (),
    media_type: str = "",
    frame: str = "",
    facts: MediaFacts | None = None,
    source: Mapping[str, str] | None = None,
) -> Stream:
    """A stream of one asset (a series is Parquet unless media_type says else) or of readings, in order of time."""
    if (asset is None) == (not readings):
        raise InvalidInput("a stream has either one asset or readings", where=name)
    series = modality is Modality.SERIES and asset is not None
    return Stream(
        id=context.new_id(),
        sample=sample,
        name=name,
        modality=modality,
        sampling=sampling,
        asset=asset,
        readings=tuple(sorted(readings, key=lambda one: one.at_ns)),
        media_type=media_type or (PARQUET if series else ""),
        file_name=f"{name.strip('/').replace('/', '-') or 'series'}.parquet" if series else "",
        frame=frame,
        facts=facts or MediaFacts(),
        timing=timing,
        source=dict(source or {}),
    )


def stamp_zeros(columns: Mapping[Stamp, Ints], chosen: Chosen, origin: Origin) -> dict[Stamp, int]:
    """What is subtracted of each stamp: the origin, or its own first value when its clock is another one.

    A stamp more than three days from the used one counts from its own start; `stream.source` should say so.
    """
    zeros: dict[Stamp, int] = {}
    for stamp, column in columns.items():
        there = column[chosen.believed[stamp]] if stamp in chosen.believed else column[column != ABSENT]
        gap = next((one for one in chosen.gaps if one.stamp is stamp), None)
        far = gap is not None and abs(gap.median_ns) > 3 * 86_400 * 10**9
        zeros[stamp] = int(there.min()) if far and len(there) else origin.zero_ns
    return zeros


def fitted_clock(
    context: ReadContext, stream: Stream, *, media_ns: Ints, timeline_ns: Ints, method: str
) -> ClockMap:
    """The straight line through both stamps of the same readings, (N,) each; latency stays in it as an offset.

    A rate beyond 500 ppm, or fewer than ten readings, gives the median offset alone. The scatter of the readings is
    part of the uncertainty. Raises InvalidInput when there is no reading, or only one of its stamps.
    """
    if not len(media_ns) or len(media_ns) != len(timeline_ns):
        raise InvalidInput("a clock is fitted on both stamps of every reading", got=len(media_ns))
    some = spread(len(media_ns), MOST_FITTED)
    media, timeline = media_ns[some], timeline_ns[some]
    line = None
    if len(media) >= LEAST_FITTED and int(np.ptp(media)):
        support_ns = max(1_000, round(6 * scatter_ns(timeline, media)))
        line = fit_clock(timeline, media, support_ns=support_ns, system_sigma_ns=0, allow_jumps=False)
    if line is None or abs(line.segments[0].rate_ppq) > LIKELY_PPM * RATE_UNIT // 1_000_000:
        lag = timeline - media
        offset = round(float(np.median(lag - lag[0]))) + int(lag[0])
        scatter = round(MAD_TO_SIGMA * float(np.median(np.abs(lag - offset))))
        zero = int(media[0])
        segments: tuple[ClockSegment, ...] = (ClockSegment(media_ns=zero, timeline_ns=zero + offset),)
        fit = ClockFit(offset_sigma_ns=scatter, system_sigma_ns=scatter, centre_ns=zero)
    else:
        segments = line.segments
        fit = msgspec.structs.replace(line.fit, system_sigma_ns=round(MAD_TO_SIGMA * line.mad_ns))
    return ClockMap(
        id=context.new_id(),
        sample=stream.sample,
        stream=stream.id,
        segments=segments,
        fit=fit,
        method=method,
        valid_from_ns=int(media_ns.min()),
        valid_to_ns=int(media_ns.max()),
    )
