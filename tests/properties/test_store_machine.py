"""A store beside a simple model: random edits, undos, stale writes, restores and rebuilds keep them equal."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.store.contract import Desk, replaced, states
from tests.strategies.projects import create, delete, fresh_id, update

from braid.base.errors import StaleWrite
from braid.base.hashing import revision_of_record
from braid.history.codec import record_from
from braid.history.material import material_changes
from braid.model.changes import OutcomeState
from braid.model.records import Annotation, Entity, Link
from braid.model.regions import Box
from braid.store import open_store

ANNOTATION_FIELDS = st.sampled_from(["region", "class_id", "comment", "text"])


class StoreMachine(RuleBasedStateMachine):
    """The model is a plain dict of records; links are compared by what the laws say of them."""

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.desk = Desk(open_store(Path(self.folder.name) / "braid.db"))
        scene = self.desk.scene
        self.model: dict[str, Any] = {one.id: one for one in (scene.car, scene.person, scene.entity)}
        self.links: dict[str, Link] = {scene.link.id: scene.link}
        self.past: dict[int, dict[str, str]] = {2: states(self.desk)}

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.store.verify(self.desk.project)
            self.desk.store.close()
            self.folder.cleanup()

    def pick(self, data: st.DataObject, kinds: tuple[type, ...]) -> Any:
        return data.draw(
            st.sampled_from(
                [self.model[one] for one in sorted(self.model) if isinstance(self.model[one], kinds)]
            )
        )

    def remember(self) -> None:
        self.past[self.desk.store.seq(self.desk.project)] = states(self.desk)

    @rule(number=st.integers(0, 3))
    def add(self, number: int) -> None:
        one = self.desk.scene.annotation(Box(x0_px=number, y0_px=0, x1_px=9, y1_px=9))
        self.desk.do(create(one))
        self.model[one.id] = one
        self.remember()

    @rule(data=st.data(), field=ANNOTATION_FIELDS, number=st.integers(0, 2))
    @precondition(lambda self: any(isinstance(one, Annotation) for one in self.model.values()))
    def edit(self, data: st.DataObject, field: str, number: int) -> None:
        before = self.pick(data, (Annotation,))
        value = {
            "region": Box(x0_px=number, y0_px=1, x1_px=20, y1_px=20),
            "class_id": ["car", "person", "car"][number],
            "comment": "abc"[number],
            "text": [None, "one", "two"][number],
        }[field]
        after = replaced(before, **{field: value})
        outcome = self.desk.send(update(before, after)).outcomes[0]
        assert outcome.state is (OutcomeState.UNCHANGED if after == before else OutcomeState.COMMITTED)
        self.model[after.id] = after
        self.remember()

    @rule(data=st.data())
    @precondition(lambda self: self.model)
    def remove(self, data: st.DataObject) -> None:
        one = self.pick(data, (Annotation, Entity))
        self.desk.do(delete(one))
        del self.model[one.id]
        self.remember()

    @rule(data=st.data())
    @precondition(lambda self: any(isinstance(one, Annotation) for one in self.model.values()))
    def join(self, data: st.DataObject) -> None:
        link = self.desk.scene.join(self.pick(data, (Annotation,)), self.pick(data, (Annotation, Entity)))
        self.desk.do(create(link))
        self.links[link.id] = link
        self.remember()

    @rule(data=st.data())
    @precondition(lambda self: self.model)
    def write_stale(self, data: st.DataObject) -> None:
        head = self.pick(data, (Annotation, Entity))
        never = replaced(head, source_id="never stored")
        outcome = self.desk.send(update(never, replaced(head, source_id="x"))).outcomes[0]
        assert outcome.state is OutcomeState.STALE
        assert record_from(outcome.stale[0].head) == head

    @rule(back=st.integers(0, 3))
    def undo(self, back: int) -> None:
        seq = self.desk.store.seq(self.desk.project) - back
        if seq <= 2:
            return
        try:
            one = self.desk.store.inverse(self.desk.project, seq, new_id=fresh_id())
        except StaleWrite:
            return
        outcome = self.desk.send(one).outcomes[0]
        # Taking back a creation is refused where something still needs it, and empty where all was settled since.
        if outcome.state is OutcomeState.COMMITTED and back == 0:
            assert states(self.desk) == self.past[seq - 1]
        self.reload()

    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        seq = data.draw(st.sampled_from(sorted(self.past)))
        outcome = self.desk.send(
            self.desk.store.restoring(self.desk.project, seq, new_id=fresh_id())
        ).outcomes[0]
        assert outcome.state in {OutcomeState.COMMITTED, OutcomeState.UNCHANGED}
        assert states(self.desk) == self.past[seq]
        self.reload()

    @rule()
    def rebuild(self) -> None:
        before = states(self.desk)
        self.desk.store.rebuild(self.desk.project)
        assert states(self.desk) == before

    def reload(self) -> None:
        """After undo and restore the store says what stands; the invariants still hold it to the laws."""
        store, project = self.desk.store, self.desk.project
        self.model = {
            record.id: record
            for kind in ("annotation", "entity")
            for one in store.records(project, kind)
            if isinstance(record := record_from(one.record), Annotation | Entity)
        }
        self.links = {
            record.id: record
            for one in store.records(project, "link")
            if isinstance(record := record_from(one.record), Link)
        }
        self.remember()

    @invariant()
    def records_are_those_of_the_model(self) -> None:
        if not hasattr(self, "desk"):
            return
        found = states(self.desk)
        for record in self.model.values():
            assert found.pop(record.id) == revision_of_record(record)
        assert {one for one in found if one not in self.links} == {
            one.id
            for one in (
                self.desk.scene.sample,
                self.desk.scene.image,
                self.desk.scene.audio,
                self.desk.scene.words,
            )
        }

    @invariant()
    def links_are_suspect_exactly_where_their_ends_differ_materially(self) -> None:
        if not hasattr(self, "desk"):
            return
        store, project = self.desk.store, self.desk.project
        suspects = {record_from(one.record).id for one in store.suspects(project)}
        wanted = set()
        for link in self.links.values():
            now = self.desk.now(link)
            for name, end in (("source", now.source), ("target", now.target)):
                head = self.model.get(end.id)
                judged = store.revision(project, end.id, end.judged)
                doubtful = head is None or bool(material_changes(judged, head))
                assert doubtful == any(cause.end == name for cause in now.causes)
                if doubtful:
                    wanted.add(link.id)
        assert suspects == wanted


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(max_examples=12, stateful_step_count=15, deadline=None)


def test_H4a_two_hundred_undos_take_two_hundred_edits_back(tmp_path: Path) -> None:
    chance = random.Random(11)
    desk = Desk(open_store(tmp_path / "braid.db"))
    first = states(desk)
    heads: dict[str, Any] = {one.id: one for one in (desk.scene.car, desk.scene.person)}
    while desk.store.seq(desk.project) < 202:
        one = random_edit(desk, chance, heads)
        desk.do(one, actor=chance.choice(["ada", "grace"]))
    for seq in range(202, 2, -1):
        desk.do(desk.store.inverse(desk.project, seq, new_id=fresh_id()))
    assert states(desk) == first
    assert len(desk.store.commits_after(desk.project, 0)) == 402
    desk.store.verify(desk.project)
    desk.store.close()


def random_edit(desk: Desk, chance: random.Random, heads: dict[str, Any]) -> Any:
    what = chance.choice(["add", "move", "move", "rename", "delete", "join", "settle"])
    known = sorted(heads)
    one = heads[chance.choice(known)] if known else None
    if what == "add" or one is None:
        new = desk.scene.annotation(Box(x0_px=chance.randint(0, 9), y0_px=0, x1_px=20, y1_px=9))
        heads[new.id] = new
        return create(new)
    if what == "join":
        return create(desk.scene.join(one, heads[chance.choice(known)]))
    if what == "settle":
        suspects = [record_from(found.record) for found in desk.store.suspects(desk.project)]
        if suspects:
            return delete(chance.choice(suspects))
    if what == "delete":
        del heads[one.id]
        return delete(one)
    after = (
        replaced(one, comment=str(chance.random()))
        if what == "rename"
        else replaced(one, region=Box(x0_px=chance.random(), y0_px=0, x1_px=20, y1_px=9))
    )
    heads[one.id] = after
    return update(one, after)
