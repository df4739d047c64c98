"""A corrected clock moves times and no evidence. Rule T16."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.store.contract import Desk, desk
from tests.strategies.projects import create, fresh_id, update

from braid.clock.clock_map import ClockSegment, to_timeline
from braid.clock.index import AudioSamples, ConstantRate
from braid.clock.rates import Rate
from braid.history.surroundings import tolerance_of
from braid.model.records import Annotation, AnyRecord, ClockMap, Link, Modality, Stream
from braid.model.regions import Box, TimeSpan
from braid.model.timing import Timing
from braid.store import Store, open_store

__all__ = ["desk"]

FILM = ConstantRate(rate=Rate(num=30000, den=1001), count=200_000)
SOUND = AudioSamples(rate=Rate(num=44100), count=300_000_000)
BOX = Box(x0_px=0, y0_px=0, x1_px=9, y1_px=9)
PERIOD_NS = 33_366_667
DRIFT = (
    ClockSegment(media_ns=0, timeline_ns=-4_000_000, rate_ppq=35 * 10**9),
    ClockSegment(
        media_ns=1_800_000_000_000, timeline_ns=1_800_000_000_000 + 59_000_000, rate_ppq=-90 * 10**9
    ),
)
"""Starts 4 ms early, gains 63 ms in half an hour, then loses more than that."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "braid.db")
    yield opened
    opened.close()


def native(annotation: Annotation) -> int:
    """The video frame or audio sample that an annotation is about."""
    if isinstance(annotation.region, TimeSpan):
        return SOUND.nearest(annotation.region.start_ns)
    found = FILM.at(annotation.at_ns or 0)
    assert found is not None
    return found.index


def shift_ns(annotation: Annotation) -> int:
    """By how much the corrected clock moves it, the larger of its ends."""
    span = annotation.region
    times = (span.start_ns, span.end_ns) if isinstance(span, TimeSpan) else (annotation.at_ns or 0,)
    return max((to_timeline(DRIFT, at) - at for at in times), key=abs)


def filled(desk: Desk) -> dict[str, tuple[Stream, Annotation, Link]]:
    """Sixty boxes on video frames and sixty spans of audio samples over an hour, each linked to the car; by link."""
    draw = random.Random(16)
    video = msgspec.structs.replace(
        desk.scene.stream("front", Modality.VIDEO), timing=Timing(period_ns=PERIOD_NS)
    )
    made: dict[str, tuple[Stream, Annotation, Link]] = {}
    for number in range(120):
        if number % 2:
            seen = desk.scene.annotation(BOX, stream=video)
            index = draw.randrange(3600 * 30)
            seen = msgspec.structs.replace(seen, at_ns=FILM.time_ns(index), index=index)
            stream = video
        else:
            start = SOUND.time_ns(draw.randrange(3600 * 44100))
            stream = desk.scene.audio
            seen = desk.scene.annotation(TimeSpan(start_ns=start, end_ns=start + 10**8), stream=stream)
        link = desk.scene.join(seen, desk.scene.car)
        made[link.id] = (stream, seen, link)
    records: list[AnyRecord] = [video]
    records += [record for _, seen, link in made.values() for record in (seen, link)]
    desk.do(create(*records))
    return made


def clocks(desk: Desk, made: dict[str, tuple[Stream, Annotation, Link]]) -> list[ClockMap]:
    """A clock map that changes nothing, for each of the two streams."""
    same = (ClockSegment(media_ns=0, timeline_ns=0),)
    return [
        ClockMap(id=fresh_id(), sample=desk.scene.sample.id, stream=one, segments=same)
        for one in sorted({stream.id for stream, _, _ in made.values()})
    ]


def test_T16_a_corrected_clock_moves_no_label_off_its_frame_and_doubts_only_what_moved_too_far(
    desk: Desk,
) -> None:
    made = filled(desk)
    identity = clocks(desk, made)
    desk.do(create(*identity))
    before = {link: native(seen) for link, (_, seen, _) in made.items()}
    corrected = []
    for old in identity:
        desk.do(update(old, msgspec.structs.replace(old, segments=DRIFT, method="anchors")))
        corrected.append(desk.store.seq(desk.project))
    moved_too_far = 0
    for link, (stream, seen, joined) in made.items():
        assert desk.now(seen) == seen
        assert native(desk.now(seen)) == before[link]
        doubted = abs(shift_ns(seen)) > tolerance_of(desk.now(stream))
        moved_too_far += doubted
        assert [cause.changed for cause in desk.now(joined).causes] == ([("clock",)] if doubted else [])
    assert 20 < moved_too_far < 100
    for seq in reversed(corrected):
        desk.do(desk.store.inverse(desk.project, seq, new_id=fresh_id()))
    before_it = [*identity, *(record for _, seen, link in made.values() for record in (seen, link))]
    assert [desk.now(record) for record in before_it] == before_it
    assert desk.store.suspects(desk.project) == ()
