"""COCO run lengths, held against pycocotools. Rule S7."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import array_shapes, arrays
from pycocotools import mask as coco

from braid.base.errors import InvalidInput, LimitExceeded
from braid.space import rle

MASKS = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=40))


@settings(max_examples=80, deadline=None)
@given(MASKS)
def test_S7_run_lengths_are_those_of_pycocotools(mask: rle.Mask) -> None:
    height, width = mask.shape
    counts = rle.encode(mask)
    theirs = coco.encode(np.asfortranarray(mask, dtype=np.uint8))
    assert counts == theirs["counts"].decode()
    assert np.array_equal(rle.decode(counts, width_px=width, height_px=height), mask)
    assert rle.area_px(counts) == coco.area(theirs) == mask.sum()
    bounds = rle.bounds_px(counts, width_px=width, height_px=height)
    if bounds is None:
        assert not mask.any()
    else:
        ys, xs = np.nonzero(mask)
        assert bounds == (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)


def test_S7_large_runs_and_differences_survive() -> None:
    mask = np.zeros((3000, 2000), dtype=bool)
    mask[100:2900, 7] = True
    mask[5:8, 1500:1900] = True
    counts = rle.encode(mask)
    assert counts == coco.encode(np.asfortranarray(mask, dtype=np.uint8))["counts"].decode()
    assert rle.write_counts(rle.parse_counts(counts)) == counts


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ("5 2", "do not decode"),
        ("52203é", "do not decode"),
        ("o", "in the middle of a number"),
        ("52202", "got 15 px"),
        ("", "got 0 px"),
        ("5O", "negative run length"),
        ("o" * 40, "do not decode"),
    ],
)
def test_S7_broken_run_lengths_are_refused(counts: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        rle.decode(counts, width_px=4, height_px=4)


def test_S7_size_is_checked_before_anything_is_allocated() -> None:
    with pytest.raises(LimitExceeded):
        rle.decode("0", width_px=2**20, height_px=2**20)
