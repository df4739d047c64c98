"""The browser's golden masks are what `braid.space.rle` says today."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_golden_masks_are_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("web_masks", ROOT / "tools/web_masks.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    committed = json.loads((ROOT / "web/src/model/shapes/golden_masks.json").read_text(encoding="utf-8"))
    assert tool.golden() == committed, "run: python tools/web_masks.py"
