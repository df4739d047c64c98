from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.contract import Desk
from tests.strategies import nouns

from braid.base.canonical import canonical_json
from braid.base.errors import BraidError
from braid.base.hashing import revision_of
from braid.history.codec import decode_record, encode_record, record_from
from braid.history.material import changed_fields, material_changes
from braid.model.changes import ChangeSet, OutcomeState
from braid.model.records import RECORD_KINDS, kind_of_record, sample_of
from braid.store import open_store
from braid.store.rows import head_row


def test_there_is_a_strategy_for_every_kind() -> None:
    assert tuple(nouns.BY_KIND) == RECORD_KINDS


@pytest.mark.parametrize("kind", RECORD_KINDS)
@given(data=st.data())
@settings(max_examples=25)
def test_H2b_canonical_json_carries_every_record_and_names_it(kind: str, data: st.DataObject) -> None:
    record = data.draw(nouns.BY_KIND[kind])
    payload, rev = encode_record(record)
    again = decode_record(payload)
    assert kind_of_record(again) == kind
    assert encode_record(again) == (payload, rev)
    assert rev == revision_of(canonical_json(msgspec.json.decode(payload)))
    assert record_from(msgspec.json.decode(payload)) == again
    assert changed_fields(again, again) == material_changes(again, again) == ()
    row = head_row(1, again, rev=rev, seq=1, payload=payload)
    assert (row[1], row[2], row[3]) == (record.id, kind, sample_of(record))


@given(change_set=nouns.change_sets)
@settings(max_examples=40)
def test_change_sets_survive_the_wire(change_set: ChangeSet) -> None:
    wire = msgspec.json.encode(change_set)
    again = msgspec.json.decode(wire, type=ChangeSet)
    assert msgspec.json.decode(msgspec.json.encode(again)) == msgspec.json.decode(wire)


@given(change_sets=st.lists(nouns.change_sets, max_size=6))
@settings(max_examples=15)
def test_H1b_whatever_is_sent_is_answered_and_the_log_stays_sound(
    tmp_path_factory: pytest.TempPathFactory, change_sets: list[Any]
) -> None:
    desk = Desk(open_store(tmp_path_factory.mktemp("any") / "braid.db"))
    try:
        result = desk.send(*change_sets)
        assert [one.id for one in result.outcomes] == [one.id for one in change_sets]
        committed = [one for one in result.outcomes if one.state is OutcomeState.COMMITTED]
        assert result.seq == 2 + len({one.seq for one in committed})
        desk.store.verify(desk.project)
        msgspec.json.encode(result)
    except BraidError as error:  # pragma: no cover - the store must answer, not raise
        pytest.fail(f"raised {error}")
    finally:
        desk.store.close()
