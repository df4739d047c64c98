"""Run lengths against pycocotools and as a law."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as coco_mask

from braid.base.errors import InvalidInput
from braid.formats.coco import rle


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=40))
def test_packing_is_undone_by_unpacking(runs: list[int]) -> None:
    assert rle.unpack(rle.pack(runs)) == runs


@given(st.integers(0, 2**32 - 1), st.integers(1, 20), st.integers(1, 20))
def test_area_and_bounds_are_those_of_pycocotools(seed: int, height: int, width: int) -> None:
    pixels = (np.random.default_rng(seed).random((height, width)) < 0.2).astype(np.uint8)
    packed = coco_mask.encode(np.asfortranarray(pixels))
    runs = rle.unpack(packed["counts"].decode())
    assert sum(runs) == height * width
    assert rle.area_px(runs) == pixels.sum()
    bounds = rle.bounds_px(runs, height_px=height)
    if not pixels.any():
        assert bounds is None
        return
    ys, xs = np.nonzero(pixels)
    assert bounds == (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)


@pytest.mark.parametrize("counts", ["\u2603", "P", "0~", "o" * 40])
def test_broken_run_lengths_are_refused(counts: str) -> None:
    with pytest.raises(InvalidInput):
        rle.unpack(counts)
