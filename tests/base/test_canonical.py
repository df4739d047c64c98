"""Canonical JSON against RFC 8785 and against itself."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from braid.base.canonical import canonical_json, ecma_number
from braid.base.errors import InvalidInput

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, "1.7976931348623157e+308"),
        (9007199254740992.0, "9007199254740992"),
        (295147905179352830000.0, "295147905179352830000"),
        (9.999999999999997e22, "9.999999999999997e+22"),
        (1e23, "1e+23"),
        (999999999999999900000.0, "999999999999999900000"),
        (1e21, "1e+21"),
        (333333333.3333332, "333333333.3333332"),
        (0.000001, "0.000001"),
        (1e-7, "1e-7"),
        (-0.0000033333333333333333, "-0.0000033333333333333333"),
        (1424953923781206.2, "1424953923781206.2"),
        (100.0, "100"),
        (1e-5, "0.00001"),
    ],
)
def test_numbers_print_as_rfc_8785_appendix_b_says(value: float, text: str) -> None:
    assert ecma_number(value) == text
    assert canonical_json([value]).decode() == f"[{text}]"


def test_keys_sort_by_utf_16_code_units() -> None:
    value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\u00f6": 7}
    keys = list(json.loads(canonical_json(value)))
    assert keys == ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@given(JSON)
def test_parsing_gives_the_value_back_and_the_form_is_stable(value: object) -> None:
    text = canonical_json(value)
    parsed = json.loads(text, parse_int=lambda digits: int(digits) if len(digits) < 16 else float(digits))
    assert parsed == value
    assert canonical_json(parsed) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_reads_back_exactly(value: float) -> None:
    assert float(ecma_number(value)) == value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 2**53 + 1], ids=str)
def test_what_json_cannot_carry_is_refused(value: float) -> None:
    with pytest.raises(InvalidInput):
        canonical_json({"a": [value]})
