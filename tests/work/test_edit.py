from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.store.contract import Desk, desk, replaced
from tests.strategies.projects import create, fresh_id, update

from braid.base.errors import InvalidInput, NotFound
from braid.base.hashing import revision_of_record
from braid.model.changes import OutcomeState
from braid.store import Store, open_store
from braid.work import edit

__all__ = ["desk"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "braid.db")
    yield opened
    opened.close()


def test_L6_only_what_the_ontology_admits_is_written(desk: Desk) -> None:
    strange = replaced(desk.scene.car, class_id="submarine")
    person = replaced(desk.scene.car, class_id="person")
    result = edit.write(
        desk.store,
        desk.project,
        [update(desk.scene.car, strange), update(desk.scene.car, person)],
        actor="ada",
    )
    assert [one.state for one in result.outcomes] == [OutcomeState.INVALID, OutcomeState.COMMITTED]
    assert desk.now(desk.scene.car) == person


def test_L6_undo_passes_even_when_the_ontology_has_moved_on(desk: Desk) -> None:
    desk.move_car()
    only_people = replaced(desk.scene.ontology, version=2, classes=desk.scene.ontology.classes[1:])
    desk.do(update(desk.scene.ontology, only_people))
    one = edit.undo(desk.store, desk.project, 3, new_id=fresh_id)
    assert (
        edit.write(desk.store, desk.project, [one], actor="ada").outcomes[0].state is OutcomeState.COMMITTED
    )
    assert desk.now(desk.scene.car) == desk.scene.car


def test_confirm_keeps_what_is_not_its_business(desk: Desk) -> None:
    noted = replaced(desk.scene.link, comment="check the mirror", attributes={"sure": True})
    desk.do(update(desk.scene.link, noted))
    moved = desk.move_car()
    one = edit.confirm(desk.store, desk.project, noted.id, new_id=fresh_id, reason="looks right")
    assert one.reason == "looks right"
    desk.do(one)
    source = replaced(noted.source, judged=revision_of_record(moved))
    assert desk.now(noted) == replaced(noted, source=source)


def test_retarget_takes_annotations_and_entities_only(desk: Desk) -> None:
    for wrong in (desk.scene.layer.id, desk.scene.link.id, fresh_id()):
        with pytest.raises(NotFound):
            edit.retarget(
                desk.store, desk.project, desk.scene.link.id, end="source", to=wrong, new_id=fresh_id
            )
    with pytest.raises(InvalidInput):
        edit.retarget(
            desk.store, desk.project, desk.scene.link.id, end="middle", to=desk.scene.car.id, new_id=fresh_id
        )
    with pytest.raises(NotFound):
        edit.retract(desk.store, desk.project, desk.scene.car.id, new_id=fresh_id)


def test_retarget_leaves_the_doubt_at_the_other_end(desk: Desk) -> None:
    desk.move_car()
    bike = replaced(desk.scene.person, id=fresh_id())
    desk.do(create(bike))
    desk.do(
        edit.retarget(desk.store, desk.project, desk.scene.link.id, end="target", to=bike.id, new_id=fresh_id)
    )
    assert desk.link().target.id == bike.id
    assert [cause.end for cause in desk.link().causes] == ["source"]


def test_one_record_of_the_past_comes_back(desk: Desk) -> None:
    desk.move_car()
    desk.do(edit.restore(desk.store, desk.project, 2, new_id=fresh_id, record=desk.scene.car.id))
    assert desk.now(desk.scene.car) == desk.scene.car
