"""XML from strangers: no DOCTYPE, no entities, nothing fetched, bounded in size, depth and number of elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.base.errors import InvalidInput, LimitExceeded

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_BYTES = 128 * 2**20
MAX_ELEMENTS = 2_000_000
MAX_DEPTH = 64


def parse_xml(data: bytes, *, where: str) -> Element:
    """The root element. Raises InvalidInput for anything that is not plain well-formed XML, LimitExceeded beyond limits."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(data) > MAX_BYTES:
        raise LimitExceeded("an XML file is too large", where=where, got=len(data), wanted=f"<= {MAX_BYTES}")
    try:
        root: Element = fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise InvalidInput(
            "an XML file declares a document type or entities, which is refused",
            where=where,
            hint="Remove the DOCTYPE; no supported format needs one",
        ) from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise InvalidInput("not well-formed XML", where=where, got=str(error)) from error
    _check_size(root, where)
    return root


def _check_size(root: Element, where: str) -> None:
    count = 0
    level = [root]
    depth = 0
    while level:
        depth += 1
        count += len(level)
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise LimitExceeded(
                "an XML file is too deep or holds too many elements",
                where=where,
                got=f"depth {depth}, {count} elements",
                wanted=f"<= {MAX_DEPTH} and <= {MAX_ELEMENTS}",
            )
        level = [child for element in level for child in element]
