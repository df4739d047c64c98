"""Writes what the browser shares with the Structs: the members that are left out at their default, and golden values.

`python tools/web_records.py` prints the two documents' paths; tests/web holds that they are up to date.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import msgspec

from braid.base.canonical import canonical_json
from braid.base.hashing import sha256_hex
from braid.model.records import AnyRecord
from braid.model.regions import AnyRegion

FOLDER = Path(__file__).resolve().parent.parent / "web/src/model"


def defaults_table() -> dict[str, Any]:
    """`records` and `regions`: tag to shape; `shapes`: which members are dropped at which value, and what they hold."""
    shapes: dict[str, Any] = {}
    for struct in (*get_args(AnyRecord), *get_args(AnyRegion)):
        _describe(struct, shapes)
    return {
        "records": {str(struct.__struct_config__.tag): struct.__name__ for struct in get_args(AnyRecord)},
        "regions": {str(struct.__struct_config__.tag): struct.__name__ for struct in get_args(AnyRegion)},
        "shapes": dict(sorted(shapes.items())),
    }


def _describe(struct: type[msgspec.Struct], shapes: dict[str, Any]) -> None:
    if struct.__name__ in shapes:
        return
    drop: dict[str, Any] = {}
    nested: dict[str, str] = {}
    shapes[struct.__name__] = {"drop": drop, "nested": nested}
    hints = msgspec.inspect.type_info(struct)
    if not isinstance(hints, msgspec.inspect.StructType):
        raise TypeError(f"web_records: got {hints}, wanted a Struct")
    for field in hints.fields:
        default = field.default if field.default is not msgspec.NODEFAULT else None
        if field.default_factory is not msgspec.NODEFAULT:
            default = field.default_factory()
        plain = msgspec.to_builtins(default)
        if not field.required and struct.__struct_config__.omit_defaults:
            drop[field.encode_name] = plain
        inner = _structs(field.type)
        if inner and len(inner) > 1:
            nested[field.encode_name] = "AnyRegion"
        elif inner:
            nested[field.encode_name] = inner[0].__name__
        for part in inner:
            _describe(part, shapes)


def _structs(kind: msgspec.inspect.Type) -> list[type[msgspec.Struct]]:
    if isinstance(kind, msgspec.inspect.StructType):
        return [kind.cls]
    if isinstance(kind, msgspec.inspect.UnionType):
        return [found for part in kind.types for found in _structs(part)]
    if isinstance(kind, msgspec.inspect.VarTupleType):
        return _structs(kind.item_type)
    return []


_ID = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
_ANNOTATION = {"kind": "annotation", "id": _ID, "sample": _ID, "stream": _ID, "layer": _ID, "class_id": "car"}
_LINK_END = {"id": _ID, "judged": "0" * 32}

GOLDEN: tuple[dict[str, Any], ...] = (
    {**_ANNOTATION, "region": {"type": "box", "x0_px": 0, "y0_px": 1.5, "x1_px": 1e21, "y1_px": 1e-7}},
    {
        **_ANNOTATION,
        "region": {
            "type": "text_span",
            "start": 0,
            "end": 2,
            "quote": "é\U0001f697",
            "prefix": "",
            "of": None,
        },
        "text": 'tab\tquote"  \u007f \u2028',
        "attributes": {"\U0001f600": True, "\ufb33": False, "a": ["x"], "n": 3.0, "zero": 0, "m": -0.5},
        "score": 0.0,
        "comment": "",
        "words": [],
        "index": 0,
    },
    {
        **_ANNOTATION,
        "text": "",
        "region": {"type": "polygon", "rings_px": [[[0, 0], [4, 0], [4, 4]]], "holes_px": []},
    },
    {
        **_ANNOTATION,
        "region": {
            "type": "track",
            "key_frames": [
                {"at_ns": 0, "shape": None, "index": None, "occluded": False, "attributes": {}},
                {
                    "at_ns": 9007199254740991,
                    "shape": {"type": "mask", "width_px": 2, "height_px": 2, "counts": "04", "crowd": False},
                    "occluded": True,
                },
            ],
        },
    },
    {
        "kind": "link",
        "id": _ID,
        "sample": _ID,
        "layer": _ID,
        "type_id": "refers-to",
        "source": {**_LINK_END, "kind": "annotation"},
        "target": {**_LINK_END, "kind": "entity"},
        "status": "accepted",
        "causes": [],
        "attributes": {},
        "score": None,
    },
    {
        "kind": "link",
        "id": _ID,
        "sample": _ID,
        "layer": _ID,
        "type_id": "refers-to",
        "source": _LINK_END,
        "target": _LINK_END,
        "status": "proposed",
        "causes": [
            {
                "end": "target",
                "changed": ["region"],
                "by": "ana",
                "at_ns": "1",
                "from_rev": "a",
                "to_rev": None,
                "amount": "",
            }
        ],
    },
    {"kind": "sample", "id": _ID, "key": "k", "state": "todo", "epoch_ns": None, "tags": [], "source": {}},
    {"kind": "sample", "id": _ID, "key": "k", "state": "accepted", "tags": ["a"]},
    {
        "kind": "entity",
        "id": _ID,
        "sample": _ID,
        "layer": _ID,
        "class_id": "person",
        "name": "",
        "source_id": "7",
    },
    {
        "kind": "ontology",
        "id": _ID,
        "version": 0,
        "classes": [
            {"id": "a", "name": "A", "colour": 0, "regions": [], "attributes": [{"id": "x", "name": "X"}]}
        ],
        "link_types": [{"id": "r", "name": "R", "target": {"kinds": ["box"], "classes": []}}],
    },
    {
        "kind": "calibration",
        "id": _ID,
        "sample": _ID,
        "stream": _ID,
        "frame": "cam",
        "parent_frame": "ego",
        "parent_from_frame": {"rotation_wxyz": [1, 0, 0, 0], "translation_m": [0.1, -0.0, 1000000]},
    },
    {"kind": "verdict", "id": _ID, "sample": _ID, "fingerprint": "f", "decision": "waived", "reason": ""},
)
"""Records as a careless client would send them."""


def golden() -> list[dict[str, Any]]:
    """Each record with its canonical JSON and revision after the server has read it."""
    rows = []
    for record in GOLDEN:
        read = msgspec.json.decode(json.dumps(record), type=AnyRecord)
        canonical = canonical_json(read)
        rows.append({"record": record, "canonical": canonical.decode(), "rev": sha256_hex(canonical)[:32]})
    return rows


def main() -> None:
    """Write both documents."""
    for name, value in (("defaults.json", defaults_table()), ("golden.json", golden())):
        path = FOLDER / name
        path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
