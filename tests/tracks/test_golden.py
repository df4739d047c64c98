"""The values that the browser's mirror of tracks is held to are what tracks say."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def same(a: Any, b: Any) -> bool:
    """Equal, numbers within rounding."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(value, b[key]) for key, value in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(one, other) for one, other in zip(a, b, strict=True))
    if isinstance(a, float) or isinstance(b, float):
        return bool(a == pytest.approx(b, rel=1e-12, abs=1e-12))
    return bool(a == b)


def test_golden_values_are_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("tracks_golden", ROOT / "tools/tracks_golden.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    committed = json.loads((ROOT / "web/src/model/tracks.golden.json").read_text(encoding="utf-8"))
    made = json.loads(json.dumps(tool.golden()))
    assert same(committed, made), "run: python tools/tracks_golden.py"
    assert not same(committed, made | {"suggestions": []})
