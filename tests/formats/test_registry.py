"""The table of formats and what each says of itself."""

from __future__ import annotations

import pytest

from braid.base.errors import NotFound
from braid.formats.registry import FORMATS, format_ids, format_of


@pytest.mark.parametrize("format_id", sorted(FORMATS))
def test_every_format_describes_itself(format_id: str) -> None:
    form = format_of(format_id)
    assert form.id == format_id
    assert form.title
    assert form.purpose
    assert form.example
    assert form.reads or form.writes


def test_ids_are_sorted() -> None:
    assert list(format_ids()) == sorted(FORMATS)


def test_an_unknown_format_is_an_error_with_the_list() -> None:
    with pytest.raises(NotFound, match="coco"):
        format_of("cocoa")
