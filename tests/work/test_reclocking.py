"""Correcting a clock, on the store: random maps and tolerances, every kind of region. Rules A21 to A24."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.strategies.projects import create, fresh_id, update

from braid.base.hashing import revision_of_record
from braid.clock.clock_map import ClockSegment, to_timeline
from braid.history.codec import record_from
from braid.model.changes import ChangeSet, OutcomeState
from braid.model.records import (
    Annotation,
    AnyRecord,
    ClockMap,
    End,
    Link,
    Modality,
    Sample,
    Sampling,
    Stream,
    Word,
)
from braid.model.regions import AnyRegion, Box, KeyFrame, TimeSpan, Track, WholeStream
from braid.work.clock_effect import clock_effect
from braid.work.workspace import Workspace

TIMES = st.integers(0, 10**12)
EXAMPLES = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def pieces(draw: st.DrawFn) -> tuple[ClockSegment, ...]:
    """One or two pieces near the identity, up to 300 ms and 200 ppm away; between them readings may be lost."""
    rate = st.integers(-200_000_000_000, 200_000_000_000)
    first = ClockSegment(
        media_ns=0, timeline_ns=draw(st.integers(-300_000_000, 300_000_000)), rate_ppq=draw(rate)
    )
    if draw(st.booleans()):
        return (first,)
    at = draw(st.integers(10**11, 9 * 10**11))
    lost = draw(st.integers(0, 300_000_000))
    return (
        first,
        ClockSegment(media_ns=at, timeline_ns=to_timeline((first,), at) + lost, rate_ppq=draw(rate)),
    )


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is drawn: the clock before (None: none yet) and after, the tolerance, and annotations by their times."""

    before: tuple[ClockSegment, ...] | None
    after: tuple[ClockSegment, ...]
    tolerance_ns: int
    annotations: tuple[tuple[str, int, int], ...]


CASES = st.builds(
    Case,
    before=st.none() | pieces(),
    after=pieces(),
    tolerance_ns=st.sampled_from([0, 1_000, 5_000_000, 40_000_000, 150_000_000]),
    annotations=st.lists(
        st.tuples(st.sampled_from(["span", "box", "track", "words", "whole"]), TIMES, st.integers(1, 10**11)),
        min_size=1,
        max_size=6,
    ).map(tuple),
)


TIMES_OF: dict[str, Callable[[int, int], tuple[int, ...]]] = {
    "box": lambda at, _: (at,),
    "whole": lambda _, __: (0,),
    "span": lambda at, length: (at, at + length),
    "words": lambda at, length: (at, at + length),
    "track": lambda at, length: (at, at + length, at + 3 * length),
}


class Reclocked:
    """A stored sample before its clock is corrected, and what the correction made of it."""

    def __init__(self, workspace: Workspace, project: str, layer: str, case: Case) -> None:
        self.store, self.project, self.case = workspace.store, project, case
        sample = Sample(id=fresh_id(), key=fresh_id())
        self.sample = sample.id

        def stream(name: str, tolerance_ns: int | None) -> Stream:
            return Stream(
                id=fresh_id(),
                sample=sample.id,
                name=name,
                modality=Modality.VIDEO,
                sampling=Sampling.INTERVAL,
                tolerance_ns=tolerance_ns,
            )

        self.moving, steady = stream("moving", case.tolerance_ns), stream("steady", None)
        far = self._annotation(layer, steady.id, "span", 10**9, 10**9)
        self.annotations = tuple(
            self._annotation(layer, self.moving.id, kind, at, length) for kind, at, length in case.annotations
        )
        self.links = tuple(
            Link(
                id=fresh_id(),
                sample=sample.id,
                layer=layer,
                type_id="any",
                source=End(id=one.id, judged=revision_of_record(one)),
                target=End(id=far.id, judged=revision_of_record(far)),
            )
            for one in self.annotations
        )
        self.old = None if case.before is None else self._map(case.before)
        held: tuple[AnyRecord, ...] = (sample, self.moving, steady, far, *self.annotations, *self.links)
        self._do(create(*held, *(() if self.old is None else (self.old,))))
        self.new = (
            self._map(case.after)
            if self.old is None
            else msgspec.structs.replace(self.old, segments=case.after)
        )
        self.foretold = clock_effect(self.store, project, self.new)
        self.seq = self._do(create(self.new) if self.old is None else update(self.old, self.new))

    def _annotation(self, layer: str, stream: str, kind: str, at: int, length: int) -> Annotation:
        corners = {"x0_px": 1.0, "y0_px": 1.0, "x1_px": 9.0, "y1_px": 9.0}
        regions: dict[str, AnyRegion] = {
            "span": TimeSpan(start_ns=at, end_ns=at + length),
            "box": Box(**corners),
            "track": Track(
                key_frames=(
                    KeyFrame(at_ns=at, shape=Box(**corners)),
                    KeyFrame(at_ns=at + length, shape=Box(**corners)),
                    KeyFrame(at_ns=at + 3 * length, shape=Box(**corners)),
                )
            ),
        }
        words = (Word(start=0, end=2, start_ns=at, end_ns=at + length),) if kind == "words" else ()
        return Annotation(
            id=fresh_id(),
            sample=self.sample,
            stream=stream,
            layer=layer,
            class_id="thing",
            region=regions.get(kind, WholeStream()),
            at_ns=at if kind == "box" else None,
            index=at // 33_366_667 if kind == "box" else None,
            text="so" if words else None,
            words=words,
        )

    def _map(self, segments: tuple[ClockSegment, ...]) -> ClockMap:
        return ClockMap(id=fresh_id(), sample=self.sample, stream=self.moving.id, segments=segments)

    def _do(self, change_set: ChangeSet) -> int:
        outcome = self.store.commit(self.project, [change_set], actor="ada").outcomes[0]
        assert outcome.state in {OutcomeState.COMMITTED, OutcomeState.UNCHANGED}, outcome
        return outcome.seq or 0

    def now(self, *records: AnyRecord) -> list[AnyRecord | None]:
        found = self.store.heads(self.project, [one.id for one in records])
        return [record_from(found[one.id].record) if one.id in found else None for one in records]

    def doubted(self) -> set[str]:
        """Ids of the annotations whose link is suspect."""
        links = (record_from(one.record) for one in self.store.suspects(self.project, sample=self.sample))
        return {link.source.id for link in links if isinstance(link, Link)}

    def shifts(self) -> dict[str, int]:
        """By annotation its largest move, by exact fractions and the times it was drawn with."""
        moves = {}
        for one, (kind, at, length) in zip(self.annotations, self.case.annotations, strict=True):
            times = TIMES_OF[kind](at, length)
            moves[one.id] = max(
                (exact(self.case.after, t) - exact(self.case.before, t) for t in times), key=abs
            )
        return moves

    def take_back(self) -> None:
        self._do(self.store.inverse(self.project, self.seq, new_id=fresh_id()))


def exact(segments: tuple[ClockSegment, ...] | None, at_ns: int) -> int:
    """The timeline time by fractions, rounded down."""
    if not segments:
        return at_ns
    piece = [one for one in segments if one.media_ns <= at_ns][-1]
    since = Fraction(at_ns - piece.media_ns)
    return int((piece.timeline_ns + since * (1 + Fraction(piece.rate_ppq, 10**15))) // 1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, str, str]]:
    with Workspace.open(Path(tmp_path_factory.mktemp("reclocking")) / "w", create=True) as workspace:
        project = workspace.init_project("Reclocking").id
        yield workspace, project, workspace.local_layer(project)


@EXAMPLES
@given(case=CASES)
def test_A21_a_corrected_clock_moves_no_label_off_its_evidence(
    desk: tuple[Workspace, str, str], case: Case
) -> None:
    made = Reclocked(*desk, case)
    assert made.now(*made.annotations) == list(made.annotations)
    moved = {one: size for one, size in made.shifts().items() if size}
    if made.seq:
        assert made.now(made.new) == [made.new]
        assert made.foretold.kept_native == made.foretold.annotations == len(made.annotations)
        assert made.foretold.moved == len(moved)
        assert abs(made.foretold.max_shift_ns) == max(map(abs, moved.values()), default=0)


@EXAMPLES
@given(case=CASES)
def test_A22_doubt_begins_exactly_where_the_shift_exceeds_the_tolerance(
    desk: tuple[Workspace, str, str], case: Case
) -> None:
    made = Reclocked(*desk, case)
    wanted = {one for one, size in made.shifts().items() if abs(size) > case.tolerance_ns}
    assert made.doubted() == wanted
    assert made.foretold.suspects == len(wanted)
    assert made.foretold.tolerance_ns == case.tolerance_ns


@EXAMPLES
@given(case=CASES)
def test_A23_undo_restores_the_map_and_the_links(desk: tuple[Workspace, str, str], case: Case) -> None:
    made = Reclocked(*desk, case)
    if not made.seq:
        return
    made.take_back()
    assert made.now(made.new) == [made.old]
    assert made.now(*made.links) == list(made.links)
    assert made.now(*made.annotations) == list(made.annotations)
    assert made.doubted() == set()


def test_A24_the_history_names_the_versions_of_the_clock(desk: tuple[Workspace, str, str]) -> None:
    case = Case(
        before=(ClockSegment(media_ns=0, timeline_ns=0),),
        after=(ClockSegment(media_ns=0, timeline_ns=90_000_000),),
        tolerance_ns=40_000_000,
        annotations=(("span", 10**9, 10**9), ("box", 5 * 10**9, 1)),
    )
    made = Reclocked(*desk, case)
    assert made.old is not None
    versions = [revision_of_record(made.new), revision_of_record(made.old)]
    page = made.store.revisions(made.project, made.new.id)
    assert [one.rev for one in page.items] == versions
    for link in made.now(*made.links):
        assert isinstance(link, Link)
        [cause] = link.causes
        assert (cause.changed, cause.from_rev, cause.to_rev, cause.by) == (
            ("clock",),
            versions[1],
            versions[0],
            "ada",
        )
        assert "+90" in cause.amount
    changes = made.store.commit_at(made.project, made.seq).changes
    assert {(one.kind, one.derived) for one in changes} == {("clock_map", False), ("link", True)}
