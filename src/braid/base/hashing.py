"""Digests: SHA-256 everywhere, written as lower-case hex."""

from __future__ import annotations

import hashlib
from typing import Any

from braid.base.canonical import canonical_json

REVISION_HEX = 32
"""Length of a revision id: the first 128 bits of the digest of a record's canonical JSON."""


def sha256_hex(data: bytes) -> str:
    """The SHA-256 of `data` as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def revision_of(payload: bytes) -> str:
    """The revision id of a record: 32 hex digits of the SHA-256 of its canonical JSON `payload`."""
    return sha256_hex(payload)[:REVISION_HEX]


def revision_of_record(record: Any) -> str:
    """The revision id of a record given as a Struct or as plain JSON values."""
    return revision_of(canonical_json(record))


def salted_sha256_hex(data: bytes, *, salt: str) -> str:
    """The digest that stands for `data` in the log: without the salt nothing can be guessed about it."""
    return sha256_hex(bytes.fromhex(salt) + data)
