"""Records as the bytes that are hashed and stored: canonical JSON, decoded back into the Structs."""

from __future__ import annotations

from typing import Any

import msgspec

from braid.base.canonical import canonical_json
from braid.base.errors import InvalidInput
from braid.base.hashing import revision_of
from braid.model.records import AnyRecord

_RECORD = msgspec.json.Decoder(AnyRecord)


def decode_record(payload: bytes | str | msgspec.Raw) -> AnyRecord:
    """A record from its stored JSON. Raises InvalidInput when it does not fit the model."""
    try:
        record: AnyRecord = _RECORD.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"a record does not fit the model: {error}") from error
    return record


def record_from(value: Any) -> AnyRecord:
    """A record from what `Versioned.record` or `Head.record` holds: stored JSON, plain values or a Struct."""
    if isinstance(value, bytes | str | msgspec.Raw):
        return decode_record(value)
    if isinstance(value, msgspec.Struct):
        return value  # type: ignore[return-value]
    try:
        record: AnyRecord = msgspec.convert(value, AnyRecord)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"a record does not fit the model: {error}") from error
    return record


def encode_record(record: AnyRecord) -> tuple[bytes, str]:
    """The canonical JSON of a record and its revision id."""
    payload = canonical_json(record)
    return payload, revision_of(payload)
