from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from braid.history.anchoring import anchor
from braid.model.regions import TextSpan

TEXT = "a red car waits at the red light 🚗 again"


def span_of(text: str, start: int, end: int) -> TextSpan:
    return TextSpan(
        start=start,
        end=end,
        quote=text[start:end],
        prefix=text[max(0, start - 32) : start],
        suffix=text[end : end + 32],
    )


@pytest.mark.parametrize(
    ("after", "start", "quote"),
    [
        (TEXT, 2, "red car"),
        ("Look! " + TEXT, 8, "red car"),
        (TEXT + "!", 2, "red car"),
        ("a 🚗 red car waits at the red light 🚗 again", 4, "red car"),
        ("a red car stops at a light", 2, "red car"),
        ("at the red light again a red car waits", 25, "red car"),
    ],
)
def test_L3f_spans_follow_edits_elsewhere_for_certain(after: str, start: int, quote: str) -> None:
    found = anchor(span_of(TEXT, 2, 9), before=TEXT, after=after)
    assert found.certain
    assert (found.span.start, found.span.quote) == (start, quote)
    assert after[found.span.start : found.span.end] == quote


@pytest.mark.parametrize(
    "after", ["a blue car waits at the red light 🚗 again", "a redder car waits", "a rd car waits"]
)
def test_L3f_spans_whose_own_words_change_are_not_certain(after: str) -> None:
    found = anchor(span_of(TEXT, 2, 9), before=TEXT, after=after)
    assert not found.certain
    assert found.span.quote == after[found.span.start : found.span.end] != "red car"


def test_L3f_a_span_whose_words_are_gone_keeps_its_quote_at_a_point() -> None:
    found = anchor(span_of(TEXT, 2, 9), before=TEXT, after="a  waits at the red light 🚗 again")
    assert not found.certain
    assert (found.span.start, found.span.end, found.span.quote) == (2, 2, "red car")


def test_L3f_a_dangling_span_is_found_again_by_its_quote() -> None:
    dangling = TextSpan(start=2, end=2, quote="red car", prefix="a ", suffix=" waits")
    found = anchor(dangling, before="a  waits", after="and a red car waits")
    assert found.certain
    assert (found.span.start, found.span.end) == (6, 13)


def test_L3f_one_of_two_equal_quotes_is_not_guessed() -> None:
    before = "red, then blue"
    found = anchor(span_of(before, 0, 3), before=before, after="blue, then red or red")
    assert not (found.certain and found.span.quote != "red")
    assert found.span.end <= len("blue, then red or red")


@given(
    before=st.text("ab c🚗", min_size=1, max_size=30),
    after=st.text("ab c🚗", max_size=30),
    data=st.data(),
)
def test_L3f_a_certain_span_covers_its_quote_and_no_span_leaves_the_text(
    before: str, after: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(before) - 1))
    end = data.draw(st.integers(start + 1, len(before)))
    span = span_of(before, start, end)
    found = anchor(span, before=before, after=after)
    assert 0 <= found.span.start <= found.span.end <= len(after)
    if found.certain:
        assert after[found.span.start : found.span.end] == span.quote == found.span.quote


@given(text=st.text(max_size=20), add=st.text(max_size=5), data=st.data())
def test_L3f_an_insertion_outside_keeps_every_span(text: str, add: str, data: st.DataObject) -> None:
    text = text + "xy"
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = anchor(span_of(text, start, end), before=text, after=text + "|" + add)
    assert found.certain
    assert (found.span.start, found.span.end) == (start, end)
