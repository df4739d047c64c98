"""Statistics: a project as counts, kept per commit, findings always fresh."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.strategies.projects import Scene, create, fresh_id
from tests.work.test_importing import records

from braid.model.findings import CheckInfo, Finding, LayerOfCheck, Severity
from braid.model.records import Decision, Modality, Sample, SampleState, Verdict
from braid.store.tallies import Tallies
from braid.work.statistics import MAX_PAIRS, Statistics, counts_of
from braid.work.workspace import Workspace

NOTHING = Tallies(
    seq=1,
    states=(),
    streams={},
    labels=(),
    entities=(),
    links=(),
    pairs=(),
    suspect_samples=0,
    labelled_samples=0,
)


def scene_in(workspace: Workspace) -> Scene:
    scene = Scene()
    workspace.store.create_project(scene.founding(), actor="ada")
    workspace.store.commit(scene.project.id, [scene.content()], actor="ada")
    return scene


class Counting:
    """A store that says how often it was asked to count."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.asked = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def tallies(self, project: str) -> Tallies:
        self.asked += 1
        found: Tallies = self._store.tallies(project)
        return found


def test_an_empty_project_has_zeros() -> None:
    found = counts_of(NOTHING)
    assert (found.samples, found.annotations, found.classes, found.pairs) == (0, 0, (), ())
    assert [(one.state, one.samples) for one in found.states] == [(state, 0) for state in SampleState]


def test_largest_counts_come_first_by_modality() -> None:
    found = counts_of(
        replace(
            NOTHING,
            streams={"i": "image", "v": "video"},
            labels=(("car", "i", 1), ("dog", "i", 2), ("dog", "v", 3)),
            entities=(("van", 4),),
        )
    )
    assert [(one.class_id, one.annotations, one.entities) for one in found.classes] == [
        ("dog", 5, 0),
        ("car", 1, 0),
        ("van", 0, 4),
    ]
    assert found.classes[0].by_modality == {Modality.IMAGE: 2, Modality.VIDEO: 3}
    assert [(one.modality, one.streams, one.annotations) for one in found.modalities] == [
        (Modality.IMAGE, 1, 3),
        (Modality.VIDEO, 1, 3),
    ]


def test_pairs_beyond_the_listed_ones_are_counted_together() -> None:
    pairs = tuple(("t", f"c{number:04d}", "d", 2) for number in range(MAX_PAIRS + 3))
    found = counts_of(replace(NOTHING, pairs=(*pairs, ("t", "z", "d", 9))))
    assert (found.pairs[0].source_class, len(found.pairs), found.other_pairs) == ("z", MAX_PAIRS, 8)


def test_counting_is_done_once_per_commit(workspace: Workspace) -> None:
    scene = scene_in(workspace)
    store = Counting(workspace.store)
    statistics = Statistics(store)
    first = statistics.of(scene.project.id, {})
    assert statistics.of(scene.project.id, {}) == first
    assert store.asked == 1
    workspace.store.commit(scene.project.id, [create(Sample(id=fresh_id(), key="two"))], actor="ada")
    assert statistics.of(scene.project.id, {}).samples == first.samples + 1
    assert store.asked == 2


def test_findings_are_counted_as_open_and_settled(workspace: Workspace) -> None:
    scene = scene_in(workspace)
    statistics = Statistics(workspace.store)
    info = CheckInfo(
        id="known", title="A known check", layer=LayerOfCheck.ACROSS, severity=Severity.ERROR, purpose="",
        example="", reads=(),
    )  # fmt: skip
    found = [
        Finding(
            check=check, fingerprint=name, severity=severity, sample=scene.sample.id, message="m", culprits=()
        )
        for check, name, severity in (
            ("gone", "a", Severity.HINT),
            ("known", "b", Severity.ERROR),
            ("known", "c", Severity.ERROR),
        )
    ]
    assert statistics.of(scene.project.id, {}).findings == ()
    workspace.store.put_findings(scene.project.id, [scene.sample.id], found)
    verdict = Verdict(
        id=fresh_id(), sample=scene.sample.id, fingerprint="b", decision=Decision.WAIVED, reason="known"
    )
    workspace.store.commit(scene.project.id, [create(verdict)], actor="ada")
    assert len(records(workspace, scene.project.id, "verdict")) == 1
    known, gone = statistics.of(scene.project.id, {"known": info}).findings
    assert (known.title, known.layer, known.open, known.settled) == (
        "A known check",
        LayerOfCheck.ACROSS,
        1,
        1,
    )
    assert (gone.title, gone.layer, gone.severity, gone.open) == ("gone", None, Severity.HINT, 1)
