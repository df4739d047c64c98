"""The browser's golden projections are what `braid.space` says today."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("web_projection", ROOT / "tools/web_projection.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_golden_projections_are_up_to_date() -> None:
    committed = json.loads((ROOT / "web/src/model/golden_projection.json").read_text(encoding="utf-8"))
    _same(json.loads(json.dumps(_tool().golden())), committed, "golden")


def _same(made: Any, committed: Any, where: str) -> None:
    """Equal but for the last bits of floats, which differ between machines."""
    again = "run: python tools/web_projection.py"
    if isinstance(made, dict):
        assert made.keys() == committed.keys(), f"{where}: {again}"
        for key, value in made.items():
            _same(value, committed[key], f"{where}.{key}")
    elif isinstance(made, list):
        assert len(made) == len(committed), f"{where}: {again}"
        for index, value in enumerate(made):
            _same(value, committed[index], f"{where}[{index}]")
    elif isinstance(made, float):
        assert abs(made - committed) <= 1e-9 * max(1.0, abs(made)), f"{where}: {again}"
    else:
        assert made == committed, f"{where}: {again}"
