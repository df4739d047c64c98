"""Clock maps: a stream's media time to the sample timeline, piecewise affine, in whole numbers only.

One segment: `timeline = s0 + (media - d0) + ((media - d0) * rate_ppq) // 10^15`, floor division, where `rate_ppq`
is the excess rate in 1e-15 units. All integers, so every implementation gives the same bits (rules T3, T6, T7, T10).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt

import msgspec

from braid.base.errors import InvalidInput
from braid.clock.ns import Ns, Span, ceil_div

RATE_UNIT = 10**15
WANDER_PPQ = 10**9
"""1 ppm: how far the rate of an oscillator wanders with temperature where nobody measured it."""


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


Segments = tuple[ClockSegment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """A hole in the timeline at media time `media_ns`: nothing of the stream lies in [from_ns, to_ns)."""

    media_ns: int
    from_ns: int
    to_ns: int


def to_timeline(segments: Segments, media_ns: int) -> Ns:
    """The timeline instant of a media time; before the first segment the first one is extended."""
    piece = segments[max(0, bisect_right([segment.media_ns for segment in segments], media_ns) - 1)]
    return Ns(_mapped(piece, media_ns))


def to_media(segments: Segments, timeline_ns: int) -> Ns:
    """The media time of a timeline instant: the latest that does not map beyond it. Within 1 ns of exact.

    An instant in a jump between two pieces belongs to the last nanosecond of the earlier one; `media_at` tells them.
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


def media_at(segments: Segments, timeline_ns: int) -> Ns | None:
    """The media time of a timeline instant; None in a jump, where the stream has none."""
    if any(jump.from_ns <= timeline_ns < jump.to_ns for jump in jumps(segments)):
        return None
    return to_media(segments, timeline_ns)


def jumps(segments: Segments) -> tuple[Jump, ...]:
    """Where the timeline goes on without the stream. A nanosecond of rounding between two pieces is no jump."""
    found = []
    for before, after in pairwise(segments):
        reached = _mapped(before, after.media_ns)
        if after.timeline_ns > reached + 1:
            found.append(Jump(media_ns=after.media_ns, from_ns=reached, to_ns=after.timeline_ns))
    return tuple(found)


def span_to_timeline(segments: Segments, span: Span) -> Span:
    """Both ends mapped; a span that collapses to nothing keeps one nanosecond."""
    start = to_timeline(segments, span.start_ns)
    return Span(start_ns=start, end_ns=max(start + 1, to_timeline(segments, span.end_ns)))


def compose(outer: Segments, inner: Segments) -> Segments:
    """One map for `to_timeline(outer, to_timeline(inner, t))`: B to A to the timeline becomes B to the timeline.

    At most 1 ns below the exact composed line rounded down, for 11 days from the start of each piece (beyond, and
    before the first piece, the rounding of the rate to 1e-15 adds up). Raises InvalidInput when rates multiply to nonsense.
    """
    cuts: dict[int, tuple[ClockSegment, ClockSegment]] = {}
    for index, piece in enumerate(inner):
        stop = inner[index + 1].media_ns if index + 1 < len(inner) else None
        reached = [_first_at(piece, far.media_ns) for far in outer]
        early = index == 0 and any(at < piece.media_ns for at in reached[1:])
        if not early:
            far = outer[max(0, bisect_right([one.media_ns for one in outer], piece.timeline_ns) - 1)]
            cuts[piece.media_ns] = (piece, far)
        for far, at in zip(outer, reached, strict=True):
            inside = (index == 0 or at > piece.media_ns) and (stop is None or at < stop)
            if inside and (far is not outer[0] or early):
                cuts[at] = (piece, far)
    made: list[ClockSegment] = []
    for at, (near, far) in sorted(cuts.items(), key=lambda cut: cut[0]):
        one = _composed(near, far, at)
        while made and made[-1].timeline_ns >= one.timeline_ns:
            made.pop()  # a piece of less than a nanosecond
        made.append(one)
    check_segments(tuple(made))
    return tuple(made)


def inverse(segments: Segments) -> Segments:
    """Timeline time to media time, within 1 ns of `to_media` for 11 days from the start of each piece (2 ns before it).

    Raises InvalidInput for a map with jumps: there is no media time in them (`media_at` says None).
    """
    for jump in jumps(segments):
        raise InvalidInput(
            "a clock map with a jump has no inverse without holes",
            got=f"no media time in [{jump.from_ns}, {jump.to_ns})",
            hint="Ask media_at for single instants, or invert the pieces one by one",
        )
    back = tuple(
        ClockSegment(
            media_ns=one.timeline_ns,
            timeline_ns=one.media_ns,
            rate_ppq=ceil_div(-one.rate_ppq * RATE_UNIT, RATE_UNIT + one.rate_ppq),
        )
        for one in segments
    )
    check_segments(back)
    return back


def sigma_ns(
    fit: ClockFit, media_ns: int, *, valid_from_ns: int | None = None, valid_to_ns: int | None = None
) -> Ns:
    """One standard deviation of the mapped time, rounded up to whole nanoseconds (rules T6 and T12).

    Outside [valid_from_ns, valid_to_ns] the map is an extrapolation: it loses WANDER_PPQ more for every nanosecond.
    """
    away = (abs(media_ns - fit.centre_ns) * fit.rate_sigma_ppq) // RATE_UNIT
    beyond = outside_ns(media_ns, valid_from_ns=valid_from_ns, valid_to_ns=valid_to_ns)
    wander = ceil_div(beyond * WANDER_PPQ, RATE_UNIT)
    return root_up(fit.offset_sigma_ns**2 + away**2 + fit.system_sigma_ns**2 + wander**2)


def outside_ns(media_ns: int, *, valid_from_ns: int | None, valid_to_ns: int | None) -> int:
    """How far a media time lies outside the span in which a map was measured; 0 inside, or when none is known."""
    early = valid_from_ns - media_ns if valid_from_ns is not None else 0
    late = media_ns - valid_to_ns if valid_to_ns is not None else 0
    return max(0, early, late)


def root_up(square: int) -> Ns:
    """The square root, rounded up to whole nanoseconds."""
    root = isqrt(square)
    return Ns(root if root * root == square else root + 1)


def check_segments(segments: Segments) -> None:
    """Raises InvalidInput unless both times ascend, rates are sane (|rate| < 0.5) and no piece overruns the next."""
    if not segments:
        raise InvalidInput("a clock map needs at least one segment")
    for segment in segments:
        if abs(segment.rate_ppq) * 2 >= RATE_UNIT:
            raise InvalidInput(
                "a clock rate is implausible", got=segment.rate_ppq, wanted="|rate_ppq| below 5e14"
            )
    for before, after in pairwise(segments):
        if after.media_ns <= before.media_ns or after.timeline_ns <= before.timeline_ns:
            raise InvalidInput("clock map segments must ascend in both times", got=after)
        overrun = _mapped(before, after.media_ns - 1) - after.timeline_ns
        if overrun > 0:
            raise InvalidInput(
                "a clock map would turn later into earlier",
                where=f"media time {after.media_ns}",
                got=f"the piece before reaches {overrun} ns beyond {after.timeline_ns}",
                wanted="a piece that ends where the next begins, or before it (a jump)",
                hint="Where a device clock was set forward or back, its readings are two streams",
            )


def _mapped(piece: ClockSegment, media_ns: int) -> int:
    since = media_ns - piece.media_ns
    return piece.timeline_ns + since + (since * piece.rate_ppq) // RATE_UNIT


def _first_at(piece: ClockSegment, timeline_ns: int) -> int:
    """The first media time that maps to `timeline_ns` or later."""
    return piece.media_ns + ceil_div(
        (timeline_ns - piece.timeline_ns) * RATE_UNIT, RATE_UNIT + piece.rate_ppq
    )


def _composed(near: ClockSegment, far: ClockSegment, at_ns: int) -> ClockSegment:
    """The exact line through both pieces, anchored at `at_ns`: the anchor rounds down, the rate up."""
    reached = near.timeline_ns * RATE_UNIT + (at_ns - near.media_ns) * (RATE_UNIT + near.rate_ppq)
    along = (reached - far.media_ns * RATE_UNIT) * (RATE_UNIT + far.rate_ppq)
    rate = (near.rate_ppq + far.rate_ppq) * RATE_UNIT + near.rate_ppq * far.rate_ppq
    return ClockSegment(
        media_ns=at_ns,
        timeline_ns=far.timeline_ns + along // RATE_UNIT**2,
        rate_ppq=ceil_div(rate, RATE_UNIT),
    )
