"""The browser's mirror of the Structs is up to date: defaults and golden revisions."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("web_records", ROOT / "tools/web_records.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("name", "maker"), [("defaults.json", "defaults_table"), ("golden.json", "golden")])
def test_browser_mirror_is_up_to_date(name: str, maker: str) -> None:
    committed = json.loads((ROOT / "web/src/model" / name).read_text(encoding="utf-8"))
    made = json.loads(json.dumps(getattr(_tool(), maker)()))
    assert committed == made, "run: python tools/web_records.py"
