"""XML from strangers."""

import pytest

from braid.base.errors import InvalidInput, LimitExceeded
from braid.formats import xml_safe
from braid.formats.xml_safe import parse_xml


def test_plain_xml_is_parsed_with_its_text() -> None:
    root = parse_xml('<?xml version="1.0"?><a b="1">ü &lt;<c/></a>'.encode(), where="x")
    assert (root.tag, root.get("b"), root.text, len(root)) == ("a", "1", "ü <", 1)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://example.invalid/x">%p;]><a/>',
        '<!DOCTYPE a [<!ENTITY x "x"><!ENTITY y "&x;&x;">]><a>&y;</a>',
        '<!DOCTYPE a PUBLIC "-//x" "http://example.invalid/x.dtd"><a/>',
        "<!DOCTYPE a><a/>",
        "<a>&undeclared;</a>",
        "<a>",
        "",
        "no xml",
        '<?xml version="1.0" encoding="nonsense"?><a/>',
    ],
)
def test_document_types_entities_and_broken_text_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="x"):
        parse_xml(text.encode(), where="x")


def test_size_depth_and_count_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LimitExceeded, match="too deep"):
        parse_xml(b"<a>" * 65 + b"</a>" * 65, where="x")
    assert parse_xml(b"<a>" * 64 + b"</a>" * 64, where="x").tag == "a"
    monkeypatch.setattr(xml_safe, "MAX_ELEMENTS", 3)
    with pytest.raises(LimitExceeded, match="4 elements"):
        parse_xml(b"<a><b/><b/><b/></a>", where="x")
    monkeypatch.setattr(xml_safe, "MAX_BYTES", 10)
    with pytest.raises(LimitExceeded, match="too large"):
        parse_xml(b"<a>12345678</a>", where="x")
