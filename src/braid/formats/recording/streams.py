"""Streams of a recording with their timing, the origin of its timeline, and maps for clocks that are not Unix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from braid.base.errors import InvalidInput
from braid.clock.clock_map import RATE_UNIT, ClockFit, ClockSegment
from braid.clock.timescales import unix_from_gps_ns, unix_from_tai_ns
from braid.formats.recording.stamps import ABSENT, Chosen, Ints, median_period_ns
from braid.formats.seam import ReadContext
from braid.model.records import ClockMap, MediaFacts, Modality, Reading, Sampling, Stream
from braid.model.timing import Stamp, StampPart, Timescale, Timing

UNIX_FROM_NS = 10**17
"""Stamps from here on (March 1973) are taken as Unix time; smaller ones count from a start of their own."""

PARQUET = "application/vnd.apache.parquet"
LIKELY_PPM = 500


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


def known_clock(
    context: ReadContext, stream: Stream, *, timescale: Timescale, zero_ns: int, epoch_ns: int
) -> ClockMap:
    """The exact map of a stream on TAI or GPS time whose media time 0 is `zero_ns` of that clock.

    epoch_ns: Unix time of the timeline's zero. Leap seconds inside the recording are not stepped over.
    """
    if timescale is Timescale.TAI:
        unix_ns = unix_from_tai_ns(zero_ns)
    elif timescale is Timescale.GPS:
        unix_ns = unix_from_gps_ns(zero_ns)
    elif timescale is Timescale.UTC:
        unix_ns = zero_ns
    else:
        raise InvalidInput("this time scale has no known relation to UTC", got=timescale.value)
    return ClockMap(
        id=context.new_id(),
        sample=stream.sample,
        stream=stream.id,
        segments=(ClockSegment(media_ns=0, timeline_ns=unix_ns - epoch_ns),),
        method=f"known relation of {timescale.value.upper()} and UTC",
    )


def fitted_clock(
    context: ReadContext, stream: Stream, *, media_ns: Ints, timeline_ns: Ints, method: str
) -> ClockMap:
    """The straight line through both stamps of the same readings, (N,) each; latency stays in it as an offset.

    A rate beyond 500 ppm, or fewer than ten readings, gives the median offset alone. The rest is the uncertainty.
    """
    if not len(media_ns) or len(media_ns) != len(timeline_ns):
        raise InvalidInput("a clock is fitted on both stamps of every reading", got=len(media_ns))
    zero = int(media_ns[0])
    since = (media_ns - zero).astype(np.float64)
    lag0 = int(timeline_ns[0]) - zero
    lag = (timeline_ns - media_ns - lag0).astype(np.float64)
    slope, spread = _line(since, lag)
    offset = float(np.median(lag - slope * since))
    rest = lag - slope * since - offset
    scatter = 1.4826 * float(np.median(np.abs(rest)))
    return ClockMap(
        id=context.new_id(),
        sample=stream.sample,
        stream=stream.id,
        segments=(
            ClockSegment(
                media_ns=zero, timeline_ns=zero + lag0 + round(offset), rate_ppq=round(slope * RATE_UNIT)
            ),
        ),
        fit=ClockFit(
            offset_sigma_ns=round(scatter / max(1.0, len(lag) ** 0.5)),
            rate_sigma_ppq=round(spread * RATE_UNIT),
            system_sigma_ns=round(scatter),
            centre_ns=zero + round(float(since.mean())),
        ),
        method=method,
        valid_from_ns=int(media_ns.min()),
        valid_to_ns=int(media_ns.max()),
    )


def _line(since: NDArray[np.float64], lag: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and its standard error by least squares on the middle of the residuals, twice."""
    if len(since) < 10 or float(np.ptp(since)) == 0.0:
        return 0.0, 0.0
    keep = np.ones(len(since), dtype=bool)
    slope = error = 0.0
    for _ in range(3):
        x, y = since[keep] - since[keep].mean(), lag[keep]
        power = float(x @ x)
        if power == 0.0:
            return 0.0, 0.0
        slope = float(x @ (y - y.mean())) / power
        rest = lag - slope * since
        rest = rest - np.median(rest)
        scatter = 1.4826 * float(np.median(np.abs(rest))) + 1.0
        error = scatter / power**0.5
        keep = np.abs(rest) <= 4 * scatter
    return (0.0, 0.0) if abs(slope) > LIKELY_PPM * 1e-6 else (slope, error)
