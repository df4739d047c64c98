"""Ten million random (time, stream) queries against exact fractions, and beside what others do. Run with --queries N.

Streams: 12 rates, each at a constant rate, as audio samples, as a table of presentation times, as a table of varying
durations, behind an edit list, and before zero; every sixth also through a drifting clock map. The oracle knows no
division: an index is right when the exact time of that reading is at or before the query and the next one's is not,
compared in whole numbers. Half of the queries lie within 2 ns of a border. Ends with status 1 when one is wrong.
"""

from __future__ import annotations

import argparse
import sys
import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import floor, lcm
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from braid.clock.clock_map import RATE_UNIT, ClockSegment, Segments, to_timeline
from braid.clock.frame_table import FrameTable
from braid.clock.index import AudioSamples, ConstantRate, Index, shown_at
from braid.clock.ns import SECOND_NS
from braid.clock.rates import Rate

RATES = (
    (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (50, 1), (60000, 1001), (120, 1),
    (8000, 1), (16000, 1), (44100, 1), (192000, 1),
)  # fmt: skip
READINGS = 20_000
"""Per stream: enough for borders of every remainder, few enough for tables in memory."""
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """An index with the exact times of its readings, times / unit nanoseconds, the end of the last included."""

    name: str
    index: Index
    rate: Rate
    times: Whole
    unit: int
    segments: Segments = ()

    def borders_ns(self) -> Whole:
        """The whole nanosecond at or before each border."""
        return self.times // self.unit

    def wrong(self, at_ns: Whole, answers: Whole) -> int:
        """How many answers are not the reading whose exact time is the last at or before the query (-1: none)."""
        count = len(self.times) - 1
        asked = at_ns * self.unit
        inside = (asked >= self.times[0]) & (asked < self.times[-1])
        index = np.clip(answers, 0, count - 1)
        right = (answers >= 0) & (self.times[index] <= asked) & (asked < self.times[index + 1])
        return int(np.count_nonzero(np.where(inside, ~right, answers != -1)))


def streams(draw: np.random.Generator) -> list[Stream]:
    """Six for every rate, and a seventh behind a clock map for every sixth of those."""
    made: list[Stream] = []
    late, early = Fraction(1001, 15000), -Fraction(1024, 48000)
    for num, den in RATES:
        rate = Rate(num=num, den=den)
        steady = np.arange(READINGS + 1, dtype=np.int64)
        varying = np.concatenate([[0], np.cumsum(draw.integers(1, 5, READINGS))])
        for name, kind, ticks, start in (
            ("constant", "frames", steady, Fraction(0)),
            ("sound", "sound", steady, Fraction(0)),
            ("late sound", "sound", steady, late),
            ("before zero", "frames", steady, early),
            ("table", "table", steady, Fraction(0)),
            ("varying, edit list", "table", varying, late),
        ):
            unit = lcm(num, start.denominator)
            scale, shift = unit // num * den, int(start * unit)
            made.append(
                Stream(
                    name=f"{name} {num}/{den}",
                    index=index_for(kind, rate, ticks, start),
                    rate=rate,
                    times=(ticks * scale + shift) * SECOND_NS,
                    unit=unit,
                )
            )
    made += [
        Stream(
            name=f"{one.name}, drifting",
            index=one.index,
            rate=one.rate,
            times=one.times,
            unit=one.unit,
            segments=drift(at),
        )
        for at, one in enumerate(made[::6])
    ]
    return made


def index_for(kind: str, rate: Rate, ticks: Whole, start: Fraction) -> Index:
    """Braid's index of that kind; a table in a time base that holds both the ticks and the start of the edit."""
    if kind == "frames":
        return ConstantRate(rate=rate, count=READINGS, start=start)
    if kind == "sound":
        return AudioSamples(rate=rate, count=READINGS, start=start)
    unit = lcm(rate.num, start.denominator)
    stretched = (ticks * (unit // rate.num * rate.den)).tolist()
    return FrameTable.from_ticks(
        stretched[:-1],
        time_base=Fraction(1, unit),
        zero_ticks=-int(start * unit),
        end_ticks=stretched[-1],
    )


def drift(number: int) -> Segments:
    """Two pieces, a jump between them, tens of ppm."""
    ppm = (20 + 9 * number) * 10**9
    return (
        ClockSegment(media_ns=0, timeline_ns=7_312_945_700, rate_ppq=ppm),
        ClockSegment(media_ns=60_000_000, timeline_ns=7_400_000_000, rate_ppq=-ppm),
    )


def queries(draw: np.random.Generator, one: Stream, count: int) -> Whole:
    """Media times: half anywhere from before the first reading to after the last, half within 2 ns of a border."""
    borders = one.borders_ns()
    anywhere = draw.integers(borders[0] - 10**9, borders[-1] + 10**9, count - count // 2)
    close = draw.choice(borders, count // 2) + draw.integers(-2, 3, count // 2)
    return np.concatenate([anywhere, close])


@dataclass(slots=True, kw_only=True)
class Tally:
    """How one way of answering did: queries, wrong answers, seconds."""

    asked: int = 0
    wrong: int = 0
    spent_s: float = 0.0

    def run(self, one: Stream, at_ns: Whole, answer: Callable[[], Whole | list[int]]) -> None:
        """Times the answers and counts the wrong ones; an index outside the stream is an honest "none"."""
        begun = time.perf_counter()
        given = answer()
        self.spent_s += time.perf_counter() - begun
        indexes = np.asarray(given, dtype=np.int64)
        indexes = np.where((indexes < 0) | (indexes >= len(one.index)), -1, indexes)
        self.asked += len(at_ns)
        self.wrong += one.wrong(at_ns, indexes)

    def line(self) -> str:
        """For people."""
        share = 100 * self.wrong / self.asked
        return f"{self.asked / self.spent_s:11,.0f} queries/s, {self.wrong:,} wrong ({share:.2f} %)"


def answered(one: Stream, at_ns: list[int]) -> Whole:
    """Our answers, -1 for none."""
    ask = one.index.at
    found = [ask(at) for at in at_ns]
    return np.array([-1 if answer is None else answer.index for answer in found], dtype=np.int64)


def by_cut_starts(starts_ns: list[int], times_ns: list[int]) -> list[int]:
    """What a bisect says on starts that were cut to whole nanoseconds."""
    return [bisect_right(starts_ns, at) - 1 for at in times_ns]


def by_floats(first_s: float, rate_hz: float, times_ns: list[int]) -> list[int]:
    """What seconds and a rate as floats say."""
    return [floor((at / SECOND_NS - first_s) * rate_hz) for at in times_ns]


def mapped_wrong(one: Stream, media_ns: Whole) -> int:
    """Timeline queries through the clock map: the media time must be the latest that does not map beyond."""
    wrong = 0
    for media in media_ns.tolist():
        at = to_timeline(one.segments, media)
        shown = shown_at(one.index, at, segments=one.segments)
        latest = media
        while line_floor(one.segments, latest + 1) <= at:
            latest += 1
        here = one.wrong(np.array([latest]), np.array([-1 if shown is None else shown.found.index]))
        wrong += here or (shown is not None and shown.media_ns != latest)
    return wrong


def line_floor(segments: Segments, media_ns: int) -> int:
    """The exact line of the piece, rounded down, by fractions."""
    piece = [one for one in segments if one.media_ns <= media_ns][-1:] or [segments[0]]
    ratio = 1 + Fraction(piece[0].rate_ppq, RATE_UNIT)
    return (piece[0].timeline_ns + (media_ns - piece[0].media_ns) * ratio).__floor__()


def round_trips(one: Stream) -> int:
    """How many readings their own time does not find again."""
    back: Callable[[int], int | None] = getattr(one.index, "nearest", lambda at: index_of(one.index.at(at)))
    return sum(back(one.index.time_ns(number)) != number for number in range(len(one.index)))


def index_of(found: Any) -> int | None:
    """The index of an answer."""
    return None if found is None else int(found.index)


def main() -> None:
    """Asks, checks, and prints what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=10_000_000)
    options = parser.parse_args()
    draw = np.random.default_rng(20)
    asked = wrong = trips = lost = 0
    ours, whole, floats = Tally(), Tally(), Tally()
    made = streams(draw)
    share = -(-options.queries * 10 // (10 * 6 * len(RATES) + len(RATES)))
    for one in made:
        at_ns = queries(draw, one, share if not one.segments else share // 10)
        asked += len(at_ns)
        if one.segments:
            wrong += mapped_wrong(one, at_ns)
            continue
        times = at_ns.tolist()
        ours.run(one, at_ns, partial(answered, one, times))
        trips += len(one.index)
        lost += round_trips(one)
        whole.run(one, at_ns, partial(by_cut_starts, one.borders_ns().tolist(), times))
        if not one.name.startswith("varying"):
            first_s, rate_hz = one.times[0] / one.unit / SECOND_NS, float(one.rate.per_second)
            floats.run(one, at_ns, partial(by_floats, first_s, rate_hz, times))
    wrong += ours.wrong
    print(f"{asked:,} queries over {len(made)} streams: {wrong} wrong")
    print(f"{trips:,} round trips reading -> ns -> reading: {lost} lost")
    print(f"braid                             {ours.line()}")
    print(f"bisect on starts cut to whole ns  {whole.line()}")
    print(f"floor(seconds * rate) in floats   {floats.line()}, constant rates only")
    if wrong or lost:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
