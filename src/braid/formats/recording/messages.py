"""What containers of recordings hand on: channels and messages, each with the place it was read at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

MAX_MESSAGE_BYTES = 256 * 2**20
"""A message, or an unpacked chunk of messages, larger than this is not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A topic and how its messages are written.

    type_name: `package/Name` (or a protobuf or JSON name). encoding: "ros1", "cdr", "json", "protobuf" or what the
    file says. definition: the schema as stored, in the language `definition_encoding`.
    """

    topic: str
    type_name: str
    encoding: str
    definition: bytes = b""
    definition_encoding: str = ""


class Message(NamedTuple):
    """One message. log_ns, publish_ns: absolute, 0 when unknown. at: byte (or row) in `file`, for reports."""

    channel: Channel
    log_ns: int
    publish_ns: int
    data: bytes | memoryview
    file: str
    at: int


def place(file: str, at: int, *, unit: str = "byte") -> str:
    """Where something is, as reports say it."""
    return f"{file}, {unit} {at}"


def short_type(name: str) -> str:
    """ROS 2 says `package/msg/Name`, ROS 1 `package/Name`; the short one is used for both.

    >>> short_type("sensor_msgs/msg/Imu")
    'sensor_msgs/Imu'
    """
    parts = name.split("/")
    return f"{parts[0]}/{parts[2]}" if len(parts) == 3 and parts[1] == "msg" else name
