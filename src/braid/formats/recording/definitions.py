"""Message definitions of ROS 1 and ROS 2 (`.msg` text, with the types they use appended) as types with fields."""

from __future__ import annotations

import re
from dataclasses import dataclass

from braid.base.errors import InvalidInput, LimitExceeded
from braid.formats.recording.messages import short_type

MAX_TEXT = 2 * 2**20
MAX_TYPES = 2_000
MAX_FIELDS = 2_000

PRIMITIVES = {
    "bool": ("?", 1), "byte": ("b", 1), "char": ("B", 1), "int8": ("b", 1), "uint8": ("B", 1),
    "int16": ("h", 2), "uint16": ("H", 2), "int32": ("i", 4), "uint32": ("I", 4), "int64": ("q", 8),
    "uint64": ("Q", 8), "float32": ("f", 4), "float64": ("d", 8),
}  # fmt: skip
"""Name to struct code and size in bytes."""
TEXTS = ("string", "wstring")
INSTANTS = ("time", "duration")

_RULE = re.compile(r"^=+$")
_TYPE = re.compile(r"^(?P<base>[A-Za-z][\w/]*)(?:<=\d+)?(?P<array>\[(?P<bound><=)?(?P<count>\d*)\])?$")
_NAME = re.compile(r"^[A-Za-z_]\w*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """count: None for a single value, -1 for a sequence, else the length of an array."""

    name: str
    type: str
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageType:
    """A message: its fields in order."""

    name: str
    fields: tuple[Field, ...]


Types = dict[str, MessageType]


def parse_definitions(name: str, text: str, *, where: str = "") -> Types:
    """The type `name` and those appended below it, by short name. Raises InvalidInput, LimitExceeded."""
    if len(text) > MAX_TEXT:
        raise LimitExceeded("a message definition is too long", where=where, got=len(text))
    types: Types = {}
    current = short_type(name)
    lines: list[str] = []
    for line in [*text.splitlines(), "="]:
        if _RULE.match(line.strip()):
            if current:
                types.setdefault(current, MessageType(name=current, fields=_fields(lines, current, where)))
            current, lines = "", []
        elif not current and line.strip().startswith("MSG:"):
            current = short_type(line.strip()[4:].strip())
        elif not current and line.strip().startswith("IDL:"):
            raise InvalidInput("definitions in IDL are not read", where=where, got=name)
        else:
            lines.append(line)
        if len(types) > MAX_TYPES:
            raise LimitExceeded("a message definition names too many types", where=where, got=len(types))
    return types


def resolve(types: Types, name: str, *, inside: str) -> MessageType | None:
    """The type a field of `inside` means: as written, in the same package, or the header that all share."""
    wanted = short_type(name)
    found = types.get(wanted) or types.get(f"{inside.partition('/')[0]}/{wanted}")
    if found is None and wanted == "Header":
        return types.get("std_msgs/Header")
    return found


def _fields(lines: list[str], name: str, where: str) -> tuple[Field, ...]:
    fields: list[Field] = []
    for line in lines:
        words = line.partition("#")[0].split(None, 2)
        if not words:
            continue
        if len(words) < 2:
            raise InvalidInput(
                "a line of a message definition is not a field", where=where or name, got=line.strip()
            )
        kind, field = words[0], words[1]
        if "=" in field or (len(words) > 2 and words[2].startswith("=")):
            continue  # a constant
        match = _TYPE.match(kind)
        if match is None or not _NAME.match(field):
            raise InvalidInput(
                "a line of a message definition is not a field", where=where or name, got=line.strip()
            )
        count = None
        if match["array"]:
            count = int(match["count"]) if match["count"] and not match["bound"] else -1
        fields.append(Field(name=field, type=match["base"], count=count))
    if len(fields) > MAX_FIELDS:
        raise LimitExceeded("a message has too many fields", where=where or name, got=len(fields))
    return tuple(fields)
