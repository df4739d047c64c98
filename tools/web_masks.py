"""Writes the golden values that hold the browser's mask code to `braid.space.rle`.

`python tools/web_masks.py` writes `web/src/model/shapes/golden_masks.json`; tests/web holds that it is up to date.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from braid.space.rle import bounds_px, encode

TARGET = Path(__file__).resolve().parent.parent / "web/src/model/shapes/golden_masks.json"

_SIZES = ((1, 1), (1, 9), (9, 1), (2, 3), (5, 4), (16, 16), (33, 7))
_LARGE = (
    (4000, 3000, ((10, 10, 3990, 2990),)),
    (4000, 3000, ((0, 0, 4000, 3000),)),
    (4000, 3000, ((3999, 2999, 4000, 3000), (0, 0, 1, 1))),
    (640, 480, ((0, 100, 640, 101), (320, 0, 321, 480), (600, 400, 640, 480))),
)


def golden() -> dict[str, Any]:
    """`small`: rows of 0 and 1; `large`: filled rectangles (x0, y0, x1, y1). Each with its counts and bounds."""
    random = np.random.default_rng(11)
    small = []
    for width, height in _SIZES:
        for share in (0.0, 0.1, 0.5, 0.93, 1.0):
            mask = random.random((height, width)) < share
            rows = ["".join("01"[int(value)] for value in row) for row in mask]
            small.append({"rows": rows, **_answer(mask)})
    large = []
    for width, height, rectangles in _LARGE:
        mask = np.zeros((height, width), dtype=np.bool_)
        for x0, y0, x1, y1 in rectangles:
            mask[y0:y1, x0:x1] = True
        large.append({"rectangles": [list(rectangle) for rectangle in rectangles], **_answer(mask)})
    return {"small": small, "large": large}


def _answer(mask: np.ndarray[Any, np.dtype[np.bool_]]) -> dict[str, Any]:
    height, width = mask.shape
    counts = encode(mask)
    bounds = bounds_px(counts, width_px=width, height_px=height)
    return {
        "width_px": width,
        "height_px": height,
        "counts": counts,
        "bounds": None if bounds is None else [int(value) for value in bounds],
    }


if __name__ == "__main__":
    TARGET.write_text(json.dumps(golden(), indent=1) + "\n", encoding="utf-8")
