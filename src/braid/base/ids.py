"""Ids: UUIDv7 (RFC 9562) made by whoever creates the record, and short stable slugs.

Clock and randomness are handed in; this floor has neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from braid.base.errors import InvalidInput

NewId = Callable[[], str]
"""A source of fresh ids: `new_id()` gives a UUIDv7 as 36 lower-case characters."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")


def uuid7(*, unix_ms: int, entropy: bytes) -> str:
    """A UUIDv7 from a time in milliseconds since 1970 and ten random bytes.

    >>> uuid7(unix_ms=0x017F22E279B0, entropy=bytes.fromhex("0cc318c4dc0c0c07398f"))
    '017f22e2-79b0-7cc3-98c4-dc0c0c07398f'
    """
    if len(entropy) != 10:
        raise InvalidInput("a UUIDv7 needs ten random bytes", got=len(entropy), wanted="10")
    raw = bytearray(unix_ms.to_bytes(6, "big") + entropy)
    raw[6] = 0x70 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_uuid7(text: str) -> bool:
    """Whether `text` is a UUIDv7 in lower case with hyphens."""
    return _UUID.fullmatch(text) is not None


def is_slug(text: str) -> bool:
    """Whether `text` is a short stable id of the ontology: 1-64 of a-z 0-9 . _ - without edge marks."""
    return _SLUG.fullmatch(text) is not None
