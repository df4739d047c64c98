"""The contract of a store: every implementation passes these tests. Names carry the rules of docs/spec."""

from __future__ import annotations

import threading
from typing import Any

import msgspec
import pytest
from tests.strategies.projects import Scene, change_set, create, delete, end_of, fresh_id, update

from braid.base.canonical import canonical_json
from braid.base.errors import Conflict, Corrupt, InvalidInput, NotFound, StaleWrite
from braid.base.hashing import revision_of_record, sha256_hex
from braid.clock.clock_map import ClockSegment
from braid.clock.rates import Rate
from braid.history.codec import record_from
from braid.history.commits import decode_commit
from braid.model.changes import BatchResult, Create, Delete, Origin, Outcome, OutcomeState, Update
from braid.model.findings import Finding, Severity
from braid.model.records import (
    Annotation,
    AnyRecord,
    Calibration,
    ClockMap,
    Decision,
    End,
    Link,
    MediaFacts,
    Modality,
    Ontology,
    Sample,
    SampleState,
    Verdict,
    kind_of_record,
)
from braid.model.regions import Box, TextSpan, TimeSpan, WholeStream
from braid.model.views import SampleFilter
from braid.space.pose import Camera, Pose
from braid.store import Store
from braid.work import edit


def replaced(record: Any, **fields: Any) -> Any:
    return msgspec.structs.replace(record, **fields)


class Desk:
    """A store with one scene in it, and short words for what the tests do with it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.scene = Scene()
        self.project = self.scene.project.id
        store.create_project(self.scene.founding(), actor="founder")
        self.do(self.scene.content(), actor="importer")

    def send(self, *change_sets: Any, actor: str = "ada", admit: Any = None) -> BatchResult:
        return self.store.commit(self.project, change_sets, actor=actor, admit=admit)

    def do(self, one: Any, *, actor: str = "ada") -> Outcome:
        outcome = self.send(one, actor=actor).outcomes[0]
        assert outcome.state is OutcomeState.COMMITTED, outcome
        return outcome

    def refused(self, one: Any) -> str:
        before = self.store.seq(self.project)
        outcome = self.send(one).outcomes[0]
        assert outcome.state is OutcomeState.INVALID, outcome
        assert self.store.seq(self.project) == before
        return outcome.errors[0].message

    def now(self, record: Any) -> Any:
        found = self.store.heads(self.project, [record.id]).get(record.id)
        return None if found is None else record_from(found.record)

    def link(self) -> Link:
        found = self.now(self.scene.link)
        assert isinstance(found, Link)
        return found

    def move_car(self, x0_px: float = 20, *, actor: str = "ada") -> Annotation:
        head = self.now(self.scene.car)
        moved: Annotation = replaced(head, region=Box(x0_px=x0_px, y0_px=10, x1_px=x0_px + 100, y1_px=60))
        self.do(update(head, moved), actor=actor)
        return moved


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


class StoreContract:
    """Subclasses give the fixture `store`: an empty store, and `other_store`: a second empty one."""

    # History

    def test_H1b_a_change_set_is_applied_as_a_whole_or_not_at_all(self, desk: Desk) -> None:
        scene = desk.scene
        bad = replaced(scene.person, stream=fresh_id())
        good = replaced(scene.car, class_id="person")
        both = change_set(
            Update(record=good, base=revision_of_record(scene.car)),
            Update(record=bad, base=revision_of_record(scene.person)),
        )
        assert "no such stream" in desk.refused(both)
        assert desk.now(scene.car) == scene.car
        desk.do(update(scene.car, good))
        assert desk.now(scene.car) == good

    def test_H1c_a_commit_says_who_when_why_and_what(self, desk: Desk) -> None:
        scene = desk.scene
        moved = replaced(scene.entity, name="blue car", class_id="person")
        desk.do(msgspec.structs.replace(update(scene.entity, moved), reason="wrong colour"), actor="grace")
        commit = desk.store.commit_at(desk.project, 3)
        assert (commit.seq, commit.actor, commit.reason, commit.origin) == (
            3,
            "grace",
            "wrong colour",
            Origin.EDIT,
        )
        assert commit.at_ns.isdigit()
        (change,) = commit.changes
        assert change.from_rev == revision_of_record(scene.entity)
        assert change.to_rev == revision_of_record(moved)
        assert change.changed == ("class_id", "name")
        assert change.sample == scene.sample.id
        assert not change.derived

    def test_H1d_a_change_set_sent_twice_is_answered_as_the_first_time(self, desk: Desk) -> None:
        moved = replaced(desk.scene.car, class_id="person")
        once = update(desk.scene.car, moved)
        first = desk.send(once).outcomes[0]
        desk.move_car(70)
        again = desk.send(once)
        assert again.outcomes[0] == first
        assert again.seq == 4

    def test_H1e_a_change_set_that_changes_nothing_makes_no_commit(self, desk: Desk) -> None:
        result = desk.send(update(desk.scene.car, desk.scene.car), change_set())
        assert [one.state for one in result.outcomes] == [OutcomeState.UNCHANGED] * 2
        assert result.seq == 2

    @pytest.mark.parametrize(
        ("words", "make"),
        [
            ("not a UUIDv7", lambda s: replaced(s.car, id="car-1")),
            ("no such sample", lambda s: replaced(s.audio, id=fresh_id(), sample=fresh_id())),
            ("no such stream", lambda s: replaced(s.car, id=fresh_id(), stream=s.layer.id)),
            ("no such layer", lambda s: replaced(s.car, id=fresh_id(), layer=fresh_id())),
            ("no such entity", lambda s: replaced(s.car, id=fresh_id(), entity=s.person.id)),
            (
                "does not exist",
                lambda s: replaced(s.link, id=fresh_id(), target=End(id=fresh_id(), judged="0" * 32)),
            ),
            (
                "another kind",
                lambda s: replaced(s.link, id=fresh_id(), target=End(id=s.entity.id, judged="0" * 32)),
            ),
            (
                "never had",
                lambda s: replaced(s.link, id=fresh_id(), target=replaced(end_of(s.car), judged="0" * 32)),
            ),
            ("one ontology", lambda _: Ontology(id=fresh_id(), version=2)),
            ("no second project", lambda s: replaced(s.project, id=fresh_id())),
            ("key is taken", lambda _: Sample(id=fresh_id(), key="drive-01")),
            ("bad length", lambda _: Sample(id=fresh_id(), key="")),
            ("another kind of record", lambda s: Sample(id=s.car.id, key="drive-02")),
            ("not finite", lambda s: replaced(s.car, id=fresh_id(), score=float("nan"))),
        ],
    )
    def test_H1g_what_does_not_fit_its_surroundings_is_refused(
        self, desk: Desk, words: str, make: Any
    ) -> None:
        assert words in desk.refused(create(make(desk.scene)))

    def test_H1g_a_record_stays_in_its_sample(self, desk: Desk) -> None:
        other = Sample(id=fresh_id(), key="drive-02")
        desk.do(create(other))
        assert "another sample" in desk.refused(
            update(desk.scene.car, replaced(desk.scene.car, sample=other.id))
        )

    def test_H1g_what_holds_others_goes_last(self, desk: Desk) -> None:
        scene = desk.scene
        assert "still holds" in desk.refused(delete(scene.image))
        assert "still holds" in desk.refused(delete(scene.sample))
        assert "still holds" in desk.refused(delete(scene.layer))
        assert "cannot be deleted" in desk.refused(delete(scene.ontology))
        both: list[AnyRecord] = [scene.link, scene.car, scene.person, scene.image]
        ops = [Delete(kind=kind_of_record(one), id=one.id, base=revision_of_record(one)) for one in both]
        desk.do(change_set(*ops))
        assert desk.now(scene.image) is None

    def test_H1g_a_record_has_one_op_in_a_change_set(self, desk: Desk) -> None:
        once = Update(record=replaced(desk.scene.car, comment="x"), base=revision_of_record(desk.scene.car))
        assert "twice" in desk.refused(change_set(once, once))

    def test_H1g_a_stream_has_one_clock_map(self, desk: Desk) -> None:
        first = clock_map(desk.scene, 0)
        desk.do(create(first))
        assert "one clock map" in desk.refused(create(replaced(first, id=fresh_id())))

    def test_H1g_keys_may_change_places(self, desk: Desk) -> None:
        other = Sample(id=fresh_id(), key="drive-02")
        desk.do(create(other))
        sample = desk.scene.sample
        swap = change_set(
            Update(record=replaced(sample, key="drive-02"), base=revision_of_record(sample)),
            Update(record=replaced(other, key="drive-01"), base=revision_of_record(other)),
        )
        desk.do(swap)
        assert desk.store.sample(desk.project, "drive-01").sample.rev == revision_of_record(
            replaced(other, key="drive-01")
        )

    def test_H2b_a_revision_is_the_digest_of_the_canonical_json(self, desk: Desk) -> None:
        head = desk.store.heads(desk.project, [desk.scene.car.id])[desk.scene.car.id]
        assert bytes(head.record) == canonical_json(desk.scene.car)
        assert head.rev == sha256_hex(bytes(head.record))[:32]

    def test_H2c_every_leaf_names_the_hash_of_the_leaf_before(self, desk: Desk) -> None:
        desk.move_car()
        lines = list(desk.store.export_log(desk.project))
        leaves = [bytes(msgspec.json.decode(line, type=dict[str, msgspec.Raw])["commit"]) for line in lines]
        parents = [decode_commit(leaf).parent for leaf in leaves]
        assert parents == ["", *(sha256_hex(b"\x00" + leaf) for leaf in leaves[:-1])]

    def test_H2d_rebuilding_changes_nothing(self, desk: Desk) -> None:
        desk.move_car()
        desk.do(delete(desk.scene.person))
        before = everything(desk)
        desk.store.rebuild(desk.project)
        assert everything(desk) == before
        desk.store.rebuild()
        assert everything(desk) == before

    def test_H2f_equal_payloads_have_different_digests_in_the_log(self, desk: Desk) -> None:
        moved = desk.move_car()
        desk.do(update(moved, desk.scene.car))
        digests = [
            change.digest
            for seq in (2, 4)
            for change in desk.store.commit_at(desk.project, seq).changes
            if change.id == desk.scene.car.id
        ]
        assert len(set(digests)) == 2

    def test_H2g_a_log_moves_to_another_store(self, desk: Desk, other_store: Store) -> None:
        desk.move_car()
        desk.do(delete(desk.scene.person))
        lines = list(desk.store.export_log(desk.project))
        assert all(canonical_json(msgspec.json.decode(line)) + b"\n" == line for line in lines)
        assert other_store.import_log(lines) == desk.project
        assert other_store.verify(desk.project) == desk.store.verify(desk.project)
        assert list(other_store.export_log(desk.project)) == lines
        assert everything(desk, other_store) == everything(desk)
        with pytest.raises(Conflict):
            other_store.import_log(lines)

    @pytest.mark.parametrize("victim", [b"drive-01", b"importer", b'"seq":2'])
    def test_H2e_a_changed_log_is_refused(self, desk: Desk, other_store: Store, victim: bytes) -> None:
        desk.move_car()
        lines = list(desk.store.export_log(desk.project))
        changed = [line.replace(victim, victim[:-1] + b"9") for line in lines]
        assert changed != lines
        with pytest.raises(Corrupt):
            other_store.import_log(changed)
        assert other_store.projects() == ()
        assert other_store.import_log(lines) == desk.project

    def test_H3a_a_stale_op_is_refused_with_both_versions(self, desk: Desk) -> None:
        moved = desk.move_car(actor="ada")
        mine = replaced(desk.scene.car, class_id="person")
        outcome = desk.send(update(desk.scene.car, mine), actor="grace").outcomes[0]
        assert outcome.state is OutcomeState.STALE
        (stale,) = outcome.stale
        assert record_from(stale.base) == desk.scene.car
        assert record_from(stale.head) == moved
        assert stale.head_by == "ada"
        assert stale.head_rev == revision_of_record(moved)
        assert desk.now(desk.scene.car) == moved

    def test_H3b_the_rest_of_the_batch_goes_on(self, desk: Desk) -> None:
        desk.move_car()
        result = desk.send(
            update(desk.scene.entity, replaced(desk.scene.entity, name="a")),
            update(desk.scene.car, replaced(desk.scene.car, class_id="person")),
            create(replaced(desk.scene.car, id="no id")),
            create(replaced(desk.scene.car, id=fresh_id())),
        )
        states = [one.state for one in result.outcomes]
        assert states == ["committed", "stale", "invalid", "committed"]
        assert [one.seq for one in result.outcomes] == [4, None, None, 5]

    def test_H3c_editing_what_was_deleted_is_stale(self, desk: Desk) -> None:
        desk.do(delete(desk.scene.car))
        again = desk.send(
            update(desk.scene.car, replaced(desk.scene.car, comment="x")), delete(desk.scene.car)
        )
        assert [one.state for one in again.outcomes] == [OutcomeState.STALE] * 2
        assert again.outcomes[0].stale[0].head is None
        assert record_from(again.outcomes[0].stale[0].base) == desk.scene.car

    def test_H3d_creating_what_is_there_is_stale_unless_it_is_the_same(self, desk: Desk) -> None:
        result = desk.send(create(desk.scene.car), create(replaced(desk.scene.car, comment="x")))
        assert [one.state for one in result.outcomes] == [OutcomeState.UNCHANGED, OutcomeState.STALE]

    def test_H4a_undo_is_a_commit_that_names_what_it_undoes(self, desk: Desk) -> None:
        desk.move_car()
        outcome = desk.do(edit.undo(desk.store, desk.project, 3, new_id=fresh_id))
        commit = desk.store.commit_at(desk.project, outcome.seq or 0)
        assert (commit.origin, commit.undoes) == (Origin.UNDO, 3)
        assert desk.now(desk.scene.car) == desk.scene.car
        assert desk.link() == desk.scene.link

    def test_H4b_undo_never_runs_over_later_work(self, desk: Desk) -> None:
        moved = desk.move_car()
        desk.do(update(moved, replaced(moved, class_id="person")))
        with pytest.raises(StaleWrite):
            desk.store.inverse(desk.project, 3, new_id=fresh_id())
        desk.do(desk.store.inverse(desk.project, 4, new_id=fresh_id()))
        desk.do(desk.store.inverse(desk.project, 3, new_id=fresh_id()))
        assert desk.now(desk.scene.car) == desk.scene.car

    def test_H4c_undo_of_undo_does_it_again(self, desk: Desk) -> None:
        moved = desk.move_car()
        suspect = desk.link()
        desk.do(desk.store.inverse(desk.project, 3, new_id=fresh_id()))
        desk.do(desk.store.inverse(desk.project, 4, new_id=fresh_id()))
        assert desk.now(desk.scene.car) == moved
        assert desk.link() == suspect

    def test_H4d_undo_leaves_a_settled_link_to_a_new_judgement(self, desk: Desk) -> None:
        moved = desk.move_car()
        desk.do(edit.confirm(desk.store, desk.project, desk.scene.link.id, new_id=fresh_id))
        desk.do(desk.store.inverse(desk.project, 3, new_id=fresh_id()))
        link = desk.link()
        assert link.source.judged == revision_of_record(moved)
        assert [cause.changed for cause in link.causes] == [("region",)]

    def test_H5a_any_past_state_can_be_read(self, desk: Desk) -> None:
        then = desk.store.sample(desk.project, "drive-01")
        desk.move_car()
        desk.do(delete(desk.scene.person))
        renamed = replaced(desk.scene.sample, key="drive-77")
        desk.do(update(desk.scene.sample, renamed))
        past = desk.store.sample(desk.project, "drive-01", at_seq=2)
        assert past == then
        assert desk.store.sample(desk.project, desk.scene.sample.id, at_seq=2) == then
        with pytest.raises(NotFound):
            desk.store.sample(desk.project, "drive-01")
        with pytest.raises(NotFound):
            desk.store.sample(desk.project, "drive-01", at_seq=99)
        listed = [record_from(one.record) for one in desk.store.records(desk.project, "annotation", at_seq=2)]
        assert listed == [desk.scene.car, desk.scene.person]
        assert [one.rev for one in desk.store.records(desk.project, "annotation")] == [
            revision_of_record(desk.now(desk.scene.car))
        ]

    def test_H5b_two_states_can_be_compared(self, desk: Desk) -> None:
        moved = desk.move_car()
        desk.do(delete(desk.scene.entity))
        view = desk.store.diff(desk.project, 2, 4)
        found = {one.id: one for one in view.records}
        assert set(found) == {desk.scene.car.id, desk.scene.link.id, desk.scene.entity.id}
        assert found[desk.scene.car.id].changed == ("region",)
        assert (found[desk.scene.car.id].before, found[desk.scene.car.id].after) == (desk.scene.car, moved)
        assert found[desk.scene.entity.id].after is None
        back = desk.store.diff(desk.project, 4, 2, sample=desk.scene.sample.id)
        assert {one.id: (one.after, one.before) for one in back.records} == {
            one.id: (one.before, one.after) for one in view.records
        }
        assert desk.store.diff(desk.project, 3, 3).records == ()

    def test_H5c_a_past_state_can_be_restored(self, desk: Desk) -> None:
        before = states(desk)
        desk.move_car()
        desk.do(delete(desk.scene.person))
        desk.do(create(replaced(desk.scene.car, id=fresh_id())))
        desk.do(edit.restore(desk.store, desk.project, 2, new_id=fresh_id))
        assert states(desk) == before
        assert desk.store.commit_at(desk.project, 6).origin is Origin.RESTORE

    def test_H5c_one_record_can_be_restored(self, desk: Desk) -> None:
        desk.move_car()
        desk.do(delete(desk.scene.entity))
        desk.do(desk.store.restoring(desk.project, 2, new_id=fresh_id(), record=desk.scene.car.id))
        assert desk.now(desk.scene.car) == desk.scene.car
        assert desk.now(desk.scene.entity) is None
        assert desk.link().causes == ()

    def test_H6b_writers_at_once_make_a_log_without_gaps(self, desk: Desk) -> None:
        problems: list[Exception] = []

        def work(actor: str) -> None:
            try:
                for _ in range(10):
                    one = create(replaced(desk.scene.car, id=fresh_id()))
                    assert desk.send(one, actor=actor).outcomes[0].state is OutcomeState.COMMITTED
            except Exception as error:  # noqa: BLE001 - told to the main thread
                problems.append(error)

        threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []
        commits = desk.store.commits_after(desk.project, 0)
        assert [one.seq for one in commits] == list(range(1, 43))
        desk.store.verify(desk.project)

    # Links

    def test_L1a_a_link_has_a_history_of_its_own(self, desk: Desk) -> None:
        noted = replaced(desk.scene.link, comment="really?")
        desk.do(update(desk.scene.link, noted), actor="grace")
        page = desk.store.revisions(desk.project, noted.id)
        assert [record_from(one.record) for one in page.items] == [noted, desk.scene.link]
        assert [one.actor for one in page.items] == ["grace", "importer"]
        assert desk.store.revision(desk.project, noted.id, revision_of_record(noted)) == noted

    def test_L2a_an_end_is_judged_against_a_revision_it_had(self, desk: Desk) -> None:
        moved = desk.move_car()
        link = desk.scene.join(desk.scene.car, desk.scene.person)
        desk.do(create(link))
        assert desk.now(link).source.judged == revision_of_record(desk.scene.car)
        assert [cause.to_rev for cause in desk.now(link).causes] == [revision_of_record(moved)]
        strange = replaced(link, id=fresh_id(), source=replaced(link.source, judged="f" * 32))
        assert "never had" in desk.refused(create(strange))

    def test_L3a_a_material_change_of_an_end_makes_the_link_suspect_in_the_same_commit(
        self, desk: Desk
    ) -> None:
        head = desk.scene.car
        moved = replaced(head, region=Box(x0_px=20, y0_px=10, x1_px=120, y1_px=60))
        outcome = desk.do(update(head, moved))
        assert {one.id for one in outcome.heads} == {head.id, desk.scene.link.id}
        derived = {change.id: change.derived for change in desk.store.commit_at(desk.project, 3).changes}
        assert derived == {head.id: False, desk.scene.link.id: True}
        (suspect,) = desk.store.suspects(desk.project)
        assert record_from(suspect.record) == desk.link()
        assert desk.store.suspects(desk.project, sample=desk.scene.sample.id) == (suspect,)
        assert desk.store.suspects(desk.project, sample=fresh_id()) == ()

    def test_L3b_a_cause_says_which_end_changed_in_what_by_whom_and_by_how_much(self, desk: Desk) -> None:
        moved = desk.move_car(20, actor="grace")
        (cause,) = desk.link().causes
        assert (cause.end, cause.changed, cause.by) == ("source", ("region",), "grace")
        assert cause.at_ns == desk.store.commit_at(desk.project, 3).at_ns
        assert (cause.from_rev, cause.to_rev) == (
            revision_of_record(desk.scene.car),
            revision_of_record(moved),
        )
        assert cause.amount == "moved 10.0 px, IoU 0.82"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("region", WholeStream()),
            ("at_ns", 5),
            ("class_id", "person"),
            ("text", "hello"),
            ("entity", "the entity"),
        ],
    )
    def test_L3a_each_material_field_counts(self, desk: Desk, field: str, value: Any) -> None:
        changed = replaced(desk.scene.person, **{field: desk.scene.entity.id if field == "entity" else value})
        if field == "class_id":
            changed = replaced(desk.scene.person, class_id="car")
        desk.do(update(desk.scene.person, changed))
        (cause,) = desk.link().causes
        assert (cause.end, cause.changed) == ("target", (field,))
        assert cause.amount

    def test_L3a_an_entity_at_an_end_counts_by_its_class(self, desk: Desk) -> None:
        link = desk.scene.join(desk.scene.car, desk.scene.entity)
        desk.do(create(link))
        renamed = replaced(desk.scene.entity, name="blue car")
        desk.do(update(desk.scene.entity, renamed))
        assert desk.now(link).causes == ()
        desk.do(update(renamed, replaced(renamed, class_id="person")))
        assert desk.now(link).causes[0].amount == "class car -> person"

    def test_L3c_changes_by_one_person_are_one_cause_and_by_two_are_two(self, desk: Desk) -> None:
        desk.move_car(20, actor="ada")
        desk.move_car(30, actor="ada")
        assert [cause.amount for cause in desk.link().causes] == ["moved 20.0 px, IoU 0.67"]
        desk.move_car(40, actor="grace")
        assert [cause.by for cause in desk.link().causes] == ["ada", "grace"]

    def test_L3d_a_clock_correction_beyond_tolerance_is_a_cause(self, desk: Desk) -> None:
        link, heard = sounding(desk)
        desk.do(create(clock_map(desk.scene, 100_000_000)))
        (cause,) = desk.now(link).causes
        assert (cause.end, cause.changed, cause.amount) == ("source", ("clock",), "shifted +100 ms")
        assert desk.now(heard) == heard
        assert desk.link().causes == ()

    def test_L3d_an_undone_clock_correction_leaves_no_cause(self, desk: Desk) -> None:
        link, _ = sounding(desk)
        first = clock_map(desk.scene, 100_000_000)
        desk.do(create(first))
        seq = desk.store.seq(desk.project)
        second = replaced(first, segments=(ClockSegment(media_ns=0, timeline_ns=300_000_000),))
        desk.do(update(first, second))
        assert [cause.amount for cause in desk.now(link).causes] == ["shifted +300 ms"]
        desk.do(update(second, first))
        assert [cause.amount for cause in desk.now(link).causes] == ["shifted +100 ms"]
        desk.do(update(first, replaced(first, segments=(ClockSegment(media_ns=0, timeline_ns=0),))))
        assert desk.now(link).causes == ()
        desk.do(desk.store.restoring(desk.project, seq, new_id=fresh_id()))
        assert [cause.changed for cause in desk.now(link).causes] == [("clock",)]
        desk.do(delete(first))
        assert desk.now(link).causes == ()

    def test_L3d_confirming_ends_a_clock_cause(self, desk: Desk) -> None:
        link, _ = sounding(desk)
        desk.do(create(clock_map(desk.scene, 100_000_000)))
        desk.do(edit.confirm(desk.store, desk.project, link.id, new_id=fresh_id))
        assert desk.now(link).causes == ()
        assert desk.store.suspects(desk.project) == ()

    def test_L3e_a_calibration_that_moves_is_a_cause_for_shapes(self, desk: Desk) -> None:
        first = Calibration(
            id=fresh_id(),
            sample=desk.scene.sample.id,
            stream=desk.scene.image.id,
            frame="camera",
            parent_frame="ego",
            camera=Camera(fx_px=900, fy_px=900, cx_px=640, cy_px=360, width_px=1280, height_px=720),
        )
        desk.do(create(first))
        assert [cause.amount for cause in desk.link().causes] == ["calibration added"] * 2
        desk.do(edit.confirm(desk.store, desk.project, desk.scene.link.id, new_id=fresh_id))
        nudged = replaced(first, parent_from_frame=Pose(translation_m=(0.001, 0, 0)))
        desk.do(update(first, nudged))
        assert desk.link().causes == ()
        desk.do(update(nudged, replaced(nudged, parent_from_frame=Pose(translation_m=(0.5, 0, 0)))))
        assert {cause.changed for cause in desk.link().causes} == {("calibration",)}
        assert desk.link().causes[0].amount == "moved 0.50 m"

    def test_L3f_spans_move_with_their_text_and_stay_judged(self, desk: Desk) -> None:
        caption, span, link = captioned(desk)
        longer = replaced(caption, text="Look: a red car waits")
        desk.do(update(caption, longer))
        moved = desk.now(span)
        assert (moved.region.start, moved.region.end, moved.region.quote) == (8, 15, "red car")
        assert desk.now(link).causes == ()
        assert desk.now(link).source.judged == revision_of_record(moved)
        derived = {change.id: change.derived for change in desk.store.commit_at(desk.project, 4).changes}
        assert derived == {caption.id: False, span.id: True, link.id: True}

    def test_L3f_a_span_whose_words_change_puts_its_links_in_doubt(self, desk: Desk) -> None:
        caption, span, link = captioned(desk)
        desk.do(update(caption, replaced(caption, text="a blue van waits")))
        (cause,) = desk.now(link).causes
        assert cause.changed == ("region",)
        desk.do(desk.store.inverse(desk.project, 4, new_id=fresh_id()))
        assert (desk.now(span), desk.now(link)) == (span, link)

    def test_L4a_what_is_not_material_flags_nothing(self, desk: Desk) -> None:
        head = desk.scene.car
        noted = replaced(
            head, comment="parked", attributes={"colour": "red"}, score=0.5, language="en", source_id="7"
        )
        outcome = desk.do(update(head, noted))
        assert [one.id for one in outcome.heads] == [head.id]
        assert desk.link() == desk.scene.link

    def test_L4b_a_change_taken_back_by_hand_flags_nothing(self, desk: Desk) -> None:
        moved = desk.move_car()
        desk.do(update(moved, desk.scene.car))
        assert desk.link() == desk.scene.link
        assert desk.store.suspects(desk.project) == ()

    def test_L4d_a_clock_correction_within_tolerance_flags_nothing(self, desk: Desk) -> None:
        link, _ = sounding(desk)
        tolerant = replaced(desk.scene.audio, tolerance_ns=200_000_000)
        desk.do(update(desk.scene.audio, tolerant))
        desk.do(create(clock_map(desk.scene, 100_000_000)))
        assert desk.now(link).causes == ()

    def test_L4d_half_a_video_frame_is_tolerated(self, desk: Desk) -> None:
        video = replaced(desk.scene.stream("front", Modality.VIDEO), facts=MediaFacts(rate=Rate(num=10)))
        seen = desk.scene.annotation(Box(x0_px=0, y0_px=0, x1_px=9, y1_px=9), stream=video)
        link = desk.scene.join(seen, desk.scene.car)
        desk.do(create(video, seen, link))
        first = replaced(clock_map(desk.scene, 50_000_000), stream=video.id)
        desk.do(create(first))
        assert desk.now(link).causes == ()
        desk.do(update(first, replaced(first, segments=(ClockSegment(media_ns=0, timeline_ns=110_000_001),))))
        assert [cause.changed for cause in desk.now(link).causes] == [("clock",)]

    def test_L5a_a_suspect_ends_by_confirming(self, desk: Desk) -> None:
        moved = desk.move_car()
        desk.do(edit.confirm(desk.store, desk.project, desk.scene.link.id, new_id=fresh_id))
        assert desk.link().causes == ()
        assert desk.link().source.judged == revision_of_record(moved)
        desk.do(update(moved, replaced(moved, comment="x")))
        assert desk.link().causes == ()

    def test_L5a_a_suspect_ends_by_retargeting(self, desk: Desk) -> None:
        desk.do(delete(desk.scene.person))
        with pytest.raises(Conflict):
            edit.confirm(desk.store, desk.project, desk.scene.link.id, new_id=fresh_id)
        desk.do(
            edit.retarget(
                desk.store,
                desk.project,
                desk.scene.link.id,
                end="target",
                to=desk.scene.entity.id,
                new_id=fresh_id,
            )
        )
        assert desk.link().causes == ()
        assert desk.link().target == end_of(desk.scene.entity)
        assert [one.rev for one in desk.store.links_of(desk.project, [desk.scene.entity.id])] == [
            revision_of_record(desk.link())
        ]
        assert desk.store.links_of(desk.project, [desk.scene.person.id]) == ()

    def test_L5a_a_suspect_ends_by_retracting(self, desk: Desk) -> None:
        desk.move_car()
        desk.do(edit.retract(desk.store, desk.project, desk.scene.link.id, new_id=fresh_id))
        assert desk.now(desk.scene.link) is None
        assert desk.store.suspects(desk.project) == ()

    def test_L5b_confirming_an_older_state_leaves_the_link_suspect(self, desk: Desk) -> None:
        seen = desk.move_car(20)
        desk.move_car(40)
        desk.do(
            edit.confirm(
                desk.store,
                desk.project,
                desk.scene.link.id,
                new_id=fresh_id,
                source_rev=revision_of_record(seen),
            )
        )
        (cause,) = desk.link().causes
        assert cause.from_rev == revision_of_record(seen)
        assert cause.amount.startswith("moved 20.0 px")

    def test_L5b_an_edit_cannot_wipe_or_invent_causes(self, desk: Desk) -> None:
        desk.move_car()
        suspect = desk.link()
        wiped = replaced(suspect, causes=(), comment="fine")
        desk.do(update(suspect, wiped))
        assert [cause.changed for cause in desk.link().causes] == [("region",)]
        invented = replaced(desk.link(), causes=(replaced(suspect.causes[0], by="nobody", end="target"),))
        desk.do(update(desk.link(), invented))
        assert [(cause.end, cause.by) for cause in desk.link().causes] == [("source", "ada")]

    def test_L6a_what_is_not_admitted_is_refused(self, desk: Desk) -> None:
        def admit(record: AnyRecord, look_up: Any) -> None:
            if isinstance(record, Link):
                ends = look_up(record.source.id), look_up(record.target.id)
                assert look_up(record.id) is None
                raise InvalidInput("a car may not refer to itself", got=[type(end).__name__ for end in ends])

        other = replaced(desk.scene.car, id=fresh_id())
        link = desk.scene.join(other, desk.scene.car)
        result = desk.send(create(other, link), create(other), admit=admit)
        assert [one.state for one in result.outcomes] == [OutcomeState.INVALID, OutcomeState.COMMITTED]
        assert "['Annotation', 'Annotation']" in result.outcomes[0].errors[0].message

    def test_L7a_deleting_an_end_leaves_the_link_suspect(self, desk: Desk) -> None:
        desk.do(delete(desk.scene.car), actor="grace")
        (cause,) = desk.link().causes
        assert (cause.end, cause.changed, cause.to_rev, cause.by) == ("source", ("missing",), None, "grace")

    def test_L7b_undo_brings_back_both(self, desk: Desk) -> None:
        desk.do(delete(desk.scene.car))
        desk.do(desk.store.inverse(desk.project, 3, new_id=fresh_id()))
        assert (desk.now(desk.scene.car), desk.link()) == (desk.scene.car, desk.scene.link)

    def test_L7b_a_deleted_link_with_a_missing_end_comes_back_as_it_was(self, desk: Desk) -> None:
        desk.do(delete(desk.scene.car))
        suspect = desk.link()
        desk.do(edit.retract(desk.store, desk.project, suspect.id, new_id=fresh_id))
        desk.do(desk.store.inverse(desk.project, 4, new_id=fresh_id()))
        assert desk.link() == suspect

    # Views

    def test_samples_are_listed_by_key_with_their_counts(self, desk: Desk) -> None:
        desk.move_car()
        for number in range(5):
            state = SampleState.SUBMITTED if number == 3 else SampleState.TODO
            desk.do(create(Sample(id=fresh_id(), key=f"walk_{number}", state=state)))
        page = desk.store.samples(desk.project, limit=2)
        assert [one.key for one in page.items] == ["drive-01", "walk_0"]
        first = page.items[0]
        assert (first.annotations, first.links, first.suspects, first.findings) == (2, 1, 1, 0)
        assert (first.modalities, first.tags, first.thumbnail) == (
            ("audio", "image", "text"),
            ("rain",),
            desk.scene.image.id,
        )
        rest = desk.store.samples(desk.project, after=page.next, limit=100)
        assert [one.key for one in rest.items] == ["walk_1", "walk_2", "walk_3", "walk_4"]
        assert rest.next is None
        assert [one.key for one in desk.store.samples(desk.project, search="WALK_").items] == [
            f"walk_{number}" for number in range(5)
        ]
        assert [one.key for one in desk.store.samples(desk.project, state="submitted").items] == ["walk_3"]

    def test_samples_are_filtered_by_what_is_in_them(self, desk: Desk) -> None:
        scene, store = desk.scene, desk.store
        desk.do(create(Sample(id=fresh_id(), key="empty")))
        store.put_findings(desk.project, [scene.sample.id], [finding_of(scene, "c_1", Severity.WARNING)])

        def keys(**wanted: Any) -> list[str]:
            page = store.samples(desk.project, only=SampleFilter(**wanted), counted=True)
            assert page.total == len(page.items)
            return [one.key for one in page.items]

        assert keys() == ["drive-01", "empty"]
        for fitting in (
            {"classes": ("person",)},
            {"classes": ("van", "car"), "link_type": "refers-to"},
            {"modality": Modality.AUDIO, "has_findings": True},
            {"check": "c_1"},
            {"severity": Severity.WARNING},
        ):
            assert keys(**fitting) == ["drive-01"], fitting
        for strange in (
            {"classes": ("van",)},
            {"link_type": "same-object"},
            {"modality": Modality.VIDEO},
            {"is_suspect": True},
            {"check": "cx1"},
            {"severity": Severity.ERROR},
        ):
            assert keys(**strange) == [], strange
        desk.move_car()
        assert keys(is_suspect=True) == ["drive-01"]
        settled = Verdict(
            id=fresh_id(),
            sample=scene.sample.id,
            fingerprint="f-c_1",
            decision=Decision.WAIVED,
            reason="known",
        )
        desk.do(create(settled))
        assert keys(has_findings=True) == keys(check="c_1") == []

    def test_the_newest_samples_come_first_when_asked(self, desk: Desk) -> None:
        for key in ("b", "a", "c"):
            desk.do(create(Sample(id=fresh_id(), key=key)))
        page = desk.store.samples(desk.project, newest=True, limit=2, counted=True)
        assert ([one.key for one in page.items], page.total) == (["c", "a"], 4)
        rest = desk.store.samples(desk.project, newest=True, limit=2, after=page.next)
        assert ([one.key for one in rest.items], rest.next, rest.total) == (["b", "drive-01"], None, None)

    def test_tallies_count_the_heads(self, desk: Desk) -> None:
        scene = desk.scene
        to_entity = scene.join(scene.person, scene.entity)
        desk.do(create(Sample(id=fresh_id(), key="done", state=SampleState.ACCEPTED), to_entity))
        found = desk.store.tallies(desk.project)
        image = scene.image.id
        assert found.seq == desk.store.seq(desk.project)
        assert sorted(found.states) == [("accepted", 1), ("todo", 1)]
        assert found.streams == {image: "image", scene.audio.id: "audio", scene.words.id: "text"}
        assert sorted(found.labels) == [("car", image, 1), ("person", image, 1)]
        assert [tuple(row) for row in found.entities] == [("car", 1)]
        assert [tuple(row) for row in found.links] == [("refers-to", 2, 0)]
        assert sorted(found.pairs) == [("refers-to", "car", "person", 1), ("refers-to", "person", "car", 1)]
        assert (found.suspect_samples, found.labelled_samples) == (0, 1)
        desk.move_car()
        after = desk.store.tallies(desk.project)
        assert ([tuple(row) for row in after.links], after.suspect_samples) == ([("refers-to", 2, 1)], 1)

    def test_findings_are_replaced_per_sample_and_meet_their_verdicts(self, desk: Desk) -> None:
        scene = desk.scene
        found = [
            Finding(
                check="c",
                fingerprint=name,
                severity=severity,
                sample=scene.sample.id,
                message="m",
                culprits=(),
            )
            for name, severity in (("b", Severity.HINT), ("a", Severity.ERROR))
        ]
        desk.store.put_findings(desk.project, [scene.sample.id], found)
        verdict = Verdict(
            id=fresh_id(), sample=scene.sample.id, fingerprint="b", decision=Decision.WAIVED, reason="known"
        )
        desk.do(create(verdict))
        view = desk.store.sample(desk.project, "drive-01")
        assert [(one.finding.fingerprint, one.verdict) for one in view.findings] == [
            ("a", None),
            ("b", verdict),
        ]
        desk.store.put_findings(desk.project, [scene.sample.id], found[:1])
        assert desk.store.findings(desk.project) == tuple(found[:1])
        assert desk.store.project_by_slug(scene.project.slug).findings == 1

    def test_commits_are_paged_newest_first_and_found_by_record(self, desk: Desk) -> None:
        desk.move_car(20)
        desk.move_car(30)
        page = desk.store.commits(desk.project, limit=3)
        assert [one.seq for one in page.items] == [4, 3, 2]
        rest = desk.store.commits(desk.project, before=int(page.next or 0))
        assert ([one.seq for one in rest.items], rest.next) == ([1], None)
        assert [one.seq for one in desk.store.commits(desk.project, record=desk.scene.car.id).items] == [
            4,
            3,
            2,
        ]
        assert [one.seq for one in desk.store.commits(desk.project, sample=desk.scene.sample.id).items] == [
            4,
            3,
            2,
        ]
        assert desk.store.commits(desk.project, record=fresh_id()).items == ()

    def test_projects_are_found_by_slug_and_id_and_can_go(self, desk: Desk) -> None:
        summary = desk.store.project_by_slug(desk.scene.project.slug)
        assert desk.store.project_by_slug(desk.project) == summary
        assert (summary.samples, summary.annotations, summary.links, summary.seq) == (1, 2, 1, 2)
        assert desk.store.projects() == (summary,)
        twin = Scene()
        twin.project = replaced(twin.project, slug=desk.scene.project.slug)
        with pytest.raises(Conflict):
            desk.store.create_project(twin.founding(), actor="ada")
        desk.store.delete_project(desk.project)
        assert desk.store.projects() == ()
        with pytest.raises(NotFound):
            desk.store.seq(desk.project)
        desk.store.create_project(desk.scene.founding(), actor="ada")
        assert desk.store.seq(desk.project) == 1

    def test_a_project_begins_with_one_project_and_one_ontology(self, store: Store) -> None:
        scene = Scene()
        with pytest.raises(InvalidInput):
            store.create_project(create(scene.project), actor="ada")
        with pytest.raises(InvalidInput):
            store.create_project(
                create(scene.project, scene.ontology, replaced(scene.layer, id="x")), actor="ada"
            )
        assert store.projects() == ()
        assert store.create_project(scene.founding(), actor="ada").slug == scene.project.slug

    def test_the_ontology_can_be_read_as_it_was(self, desk: Desk) -> None:
        newer = replaced(desk.scene.ontology, version=2)
        desk.do(update(desk.scene.ontology, newer))
        assert record_from(desk.store.ontology(desk.project).record) == newer
        assert record_from(desk.store.ontology(desk.project, at_seq=1).record) == desk.scene.ontology

    def test_a_renamed_project_is_found_by_its_new_slug(self, desk: Desk) -> None:
        renamed = replaced(desk.scene.project, slug="another-slug", name="Another")
        desk.do(update(desk.scene.project, renamed))
        assert desk.store.project_by_slug("another-slug").name == "Another"

    def test_waiting_ends_with_the_next_commit(self, desk: Desk) -> None:
        assert desk.store.wait_for(desk.project, 2, timeout_s=0) == 2
        waiter = threading.Thread(target=lambda: desk.store.wait_for(desk.project, 2, timeout_s=60))
        waiter.start()
        desk.move_car()
        waiter.join(timeout=30)
        assert not waiter.is_alive()

    def test_what_is_not_there_is_said_to_be_missing(self, desk: Desk) -> None:
        for ask in (
            lambda: desk.store.seq(fresh_id()),
            lambda: desk.store.sample(desk.project, "no such"),
            lambda: desk.store.commit_at(desk.project, 99),
            lambda: desk.store.revisions(desk.project, fresh_id()),
            lambda: desk.store.revision(desk.project, desk.scene.car.id, "0" * 32),
            lambda: desk.store.project_by_slug("no such"),
        ):
            with pytest.raises(NotFound):
                ask()

    def test_many_records_go_in_and_out_in_one_change_set(self, desk: Desk) -> None:
        many = [replaced(desk.scene.car, id=fresh_id()) for _ in range(1500)]
        links = [desk.scene.join(one, desk.scene.person) for one in many[:700]]
        desk.do(create(*many, *links))
        listed = {record_from(one.record).id for one in desk.store.records(desk.project, "annotation")}
        assert listed == {one.id for one in [*many, desk.scene.car, desk.scene.person]}
        desk.do(desk.store.inverse(desk.project, 3, new_id=fresh_id()))
        assert desk.store.project_by_slug(desk.project).annotations == 2


def finding_of(scene: Scene, check: str, severity: Severity) -> Finding:
    return Finding(
        check=check,
        fingerprint=f"f-{check}",
        severity=severity,
        sample=scene.sample.id,
        message="m",
        culprits=(),
    )


def everything(desk: Desk, store: Store | None = None) -> list[Any]:
    """All heads and views of a project, ready to compare."""
    asked = store or desk.store
    kinds = ("project", "ontology", "layer", "sample", "stream", "clock_map", "entity", "annotation", "link")
    return [
        *(list(asked.records(desk.project, kind)) for kind in kinds),
        asked.samples(desk.project),
        asked.suspects(desk.project),
        asked.links_of(desk.project, [desk.scene.car.id]),
        asked.sample(desk.project, desk.scene.sample.id),
        asked.project_by_slug(desk.project),
    ]


def states(desk: Desk) -> dict[str, str]:
    kinds = ("sample", "stream", "entity", "annotation", "link")
    return {
        record_from(one.record).id: one.rev
        for kind in kinds
        for one in desk.store.records(desk.project, kind)
    }


def clock_map(scene: Scene, offset_ns: int) -> ClockMap:
    return ClockMap(
        id=fresh_id(),
        sample=scene.sample.id,
        stream=scene.audio.id,
        segments=(ClockSegment(media_ns=0, timeline_ns=offset_ns),),
    )


def sounding(desk: Desk) -> tuple[Link, Annotation]:
    """A link from a horn on the sound to the car."""
    heard = desk.scene.annotation(
        TimeSpan(start_ns=1_000_000_000, end_ns=2_000_000_000), stream=desk.scene.audio
    )
    link = desk.scene.join(heard, desk.scene.car)
    desk.do(create(heard, link))
    return link, heard


def captioned(desk: Desk) -> tuple[Annotation, Annotation, Link]:
    """A caption, the span "red car" in it, and the span's link to the car."""
    caption = desk.scene.annotation(WholeStream(), text="a red car waits")
    span = desk.scene.annotation(
        TextSpan(start=2, end=9, quote="red car", prefix="a ", suffix=" waits", of=caption.id)
    )
    link = desk.scene.join(span, desk.scene.car)
    desk.do(create(caption, span, link))
    return caption, span, link


__all__ = ["Create", "Desk", "StoreContract", "desk", "everything", "replaced", "states"]
