"""Clock maps: a stream's media time to the sample timeline, piecewise affine, in whole numbers only.

One segment: `timeline = s0 + (media - d0) + ((media - d0) * rate_ppq) // 10^15`, floor division, where `rate_ppq`
is the excess rate in 1e-15 units. All integers, so every implementation gives the same bits (rules T3 and T6).
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from math import isqrt

import msgspec

from braid.base.errors import InvalidInput
from braid.clock.ns import Ns, Span

RATE_UNIT = 10**15


class ClockSegment(msgspec.Struct, frozen=True, kw_only=True):
    """One affine piece, valid from media time `media_ns` on: `media_ns` maps to `timeline_ns`."""

    media_ns: int
    timeline_ns: int
    rate_ppq: int = 0


class ClockFit(msgspec.Struct, frozen=True, kw_only=True):
    """How sure the map is: sigma(t)^2 = offset_sigma^2 + (t - centre)^2 * rate_sigma^2 + system_sigma^2."""

    offset_sigma_ns: int = 0
    rate_sigma_ppq: int = 0
    system_sigma_ns: int = 0
    centre_ns: int = 0


def to_timeline(segments: tuple[ClockSegment, ...], media_ns: int) -> Ns:
    """The timeline instant of a media time; before the first segment the first one is extended."""
    piece = segments[max(0, bisect_right([segment.media_ns for segment in segments], media_ns) - 1)]
    since = media_ns - piece.media_ns
    return Ns(piece.timeline_ns + since + (since * piece.rate_ppq) // RATE_UNIT)


def to_media(segments: tuple[ClockSegment, ...], timeline_ns: int) -> Ns:
    """The media time of a timeline instant: the latest that does not map beyond it. Within 1 ns of exact.

    An instant in a jump between two pieces belongs to the last nanosecond of the earlier one.
    """
    index = max(0, bisect_right([segment.timeline_ns for segment in segments], timeline_ns) - 1)
    piece = segments[index]
    since = timeline_ns - piece.timeline_ns
    media = piece.media_ns + (since * RATE_UNIT) // (RATE_UNIT + piece.rate_ppq)
    while _mapped(piece, media + 1) <= timeline_ns:
        media += 1
    while _mapped(piece, media) > timeline_ns:
        media -= 1
    if index + 1 < len(segments):
        media = min(media, segments[index + 1].media_ns - 1)
    return Ns(media)


def span_to_timeline(segments: tuple[ClockSegment, ...], span: Span) -> Span:
    """Both ends mapped; a span that collapses to nothing keeps one nanosecond."""
    start = to_timeline(segments, span.start_ns)
    return Span(start_ns=start, end_ns=max(start + 1, to_timeline(segments, span.end_ns)))


def sigma_ns(fit: ClockFit, media_ns: int) -> Ns:
    """One standard deviation of the mapped time, rounded up to whole nanoseconds (rule T6)."""
    away = (abs(media_ns - fit.centre_ns) * fit.rate_sigma_ppq) // RATE_UNIT
    square = fit.offset_sigma_ns**2 + away**2 + fit.system_sigma_ns**2
    root = isqrt(square)
    return Ns(root if root * root == square else root + 1)


def check_segments(segments: tuple[ClockSegment, ...]) -> None:
    """Raises InvalidInput unless there is a segment, both times ascend and rates are sane (|rate| < 0.5)."""
    if not segments:
        raise InvalidInput("a clock map needs at least one segment")
    for before, after in pairwise(segments):
        if after.media_ns <= before.media_ns or after.timeline_ns <= before.timeline_ns:
            raise InvalidInput("clock map segments must ascend in both times", got=after)
    for segment in segments:
        if abs(segment.rate_ppq) * 2 >= RATE_UNIT:
            raise InvalidInput(
                "a clock rate is implausible", got=segment.rate_ppq, wanted="|rate_ppq| below 5e14"
            )


def _mapped(piece: ClockSegment, media_ns: int) -> int:
    since = media_ns - piece.media_ns
    return piece.timeline_ns + since + (since * piece.rate_ppq) // RATE_UNIT
