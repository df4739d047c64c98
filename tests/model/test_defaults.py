"""A record has one canonical form, whether its defaults were said or left out."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from braid.base.canonical import canonical_json
from braid.model.records import AnyRecord, Calibration, ClockMap, Ontology, Stream

ID = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (
            {
                "kind": "stream",
                "id": ID,
                "sample": ID,
                "name": "a",
                "modality": "text",
                "sampling": "instant",
            },
            {"facts": {"codec": "", "channels": []}, "track": 0},
        ),
        (
            {"kind": "clock_map", "id": ID, "sample": ID, "stream": ID, "segments": []},
            {"fit": {"offset_sigma_ns": 0, "rate_sigma_ppq": 0, "system_sigma_ns": 0, "centre_ns": 0}},
        ),
        (
            {"kind": "calibration", "id": ID, "sample": ID, "stream": ID, "frame": "a", "parent_frame": "b"},
            {"parent_from_frame": {"rotation_wxyz": [1, 0, 0, 0], "translation_m": [0, 0, 0]}},
        ),
    ],
)
def test_H2b_saying_a_default_changes_no_revision(record: dict[str, Any], said: dict[str, Any]) -> None:
    short = msgspec.convert(record, AnyRecord)
    long = msgspec.convert({**record, **said}, AnyRecord)
    assert isinstance(short, Stream | ClockMap | Calibration)
    assert canonical_json(long) == canonical_json(short) == canonical_json(record)


def test_H2b_an_attribute_of_the_usual_type_and_an_open_end_are_left_out() -> None:
    question = {"id": "size", "name": "Size"}
    plain = {
        "kind": "ontology",
        "id": ID,
        "version": 1,
        "classes": [{"id": "car", "name": "Car", "attributes": [question]}],
        "link_types": [{"id": "near", "name": "Near"}],
    }
    wordy = {
        **plain,
        "classes": [
            {"id": "car", "name": "Car", "attributes": [{**question, "type": "".join(["cho", "ice"])}]}
        ],
        "link_types": [{"id": "near", "name": "Near", "source": {"kinds": []}, "target": {}}],
    }
    assert canonical_json(msgspec.convert(wordy, Ontology)) == canonical_json(plain)
