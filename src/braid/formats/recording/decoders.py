"""How messages of a channel become plain values: ROS 1, CDR, JSON and protobuf, or a reason why not."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from braid.base.errors import BraidError, InvalidInput
from braid.formats.recording.definitions import Types, parse_definitions
from braid.formats.recording.known_types import known_types
from braid.formats.recording.messages import Channel
from braid.formats.recording.wire import Decoder, cdr_decoder, ros1_decoder

_CALL = "service_msgs/ServiceEventInfo"


def decoder_of(channel: Channel) -> Decoder | str:
    """The decoder of a channel, or why its messages stay closed."""
    try:
        if channel.encoding == "ros1":
            types = parse_definitions(channel.type_name, channel.definition.decode("utf-8", "replace"))
            return ros1_decoder(types, channel.type_name)
        if channel.encoding == "cdr":
            return cdr_decoder(_ros2_types(channel), channel.type_name)
        if channel.encoding == "json":
            return _json
        if channel.encoding == "protobuf":
            from braid.formats.recording.protobuf import protobuf_decoder

            return protobuf_decoder(channel.definition, channel.type_name)
    except BraidError as error:
        return error.letter()
    except RecursionError:
        return "Its definition is nested too deeply."
    return f'The encoding "{channel.encoding[:40]}" is not known.'


def tried_decoder(channel: Channel, first: bytes | memoryview) -> tuple[Decoder | str, str]:
    """The decoder that the channel's first message fits, and what is odd about it ("" for nothing).

    Recordings exist whose stored definition is another than the message's; a common type is then read as published.
    """
    found = decoder_of(channel)
    if channel.encoding != "cdr" or channel.type_name not in known_types():
        return found, ""
    published = cdr_decoder(known_types(), channel.type_name)
    if _fits(found, first) or not _fits(published, first):
        return found, ""
    return published, "the definition in the recording does not fit its messages; the published one was used"


def _fits(decoder: Decoder | str, data: bytes | memoryview) -> bool:
    try:
        return not isinstance(decoder, str) and decoder(data) is not None
    except (BraidError, RecursionError):
        return False


def _ros2_types(channel: Channel) -> Types:
    text = channel.definition.decode("utf-8", "replace")
    if not text.strip() or channel.definition_encoding not in {"ros2msg", "ros1msg"}:
        return known_types()
    # Recorders leave out types that every installation has.
    if channel.type_name.endswith("_Event") and re.search(r"^---$", text, re.MULTILINE):
        return known_types() | _service_event(channel.type_name, text)
    return known_types() | parse_definitions(channel.type_name, text)


def _service_event(name: str, text: str) -> Types:
    """What is recorded of a service: who called, and request or response as a list of at most one."""
    stem = name.removesuffix("_Event")
    request, _, response = text.partition("\n---")
    event = f"{_CALL} info\n{stem}_Request[] request\n{stem}_Response[] response"
    return (
        parse_definitions(
            _CALL, "uint8 event_type\nbuiltin_interfaces/Time stamp\nchar[16] client_gid\nint64 number"
        )
        | parse_definitions(f"{stem}_Request", request)
        | parse_definitions(f"{stem}_Response", response)
        | parse_definitions(name, event)
    )


def _json(data: bytes | memoryview) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InvalidInput("a message is not JSON", got=str(error)[:100]) from None
    return value if isinstance(value, dict) else {"value": value}
