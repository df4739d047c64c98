"""YAML with places: every value knows its file, line, column and path, so that errors can say them.

Hostile until checked: size, depth and node count are bounded, anchors and aliases are refused, tags build nothing.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NoReturn

import yaml

from braid.base.errors import InvalidInput, LimitExceeded

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 100

_NULL = "tag:yaml.org,2002:null"


class _PlainLoader(yaml.SafeLoader):
    """Composes nodes only; no aliases, bounded depth."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not taken", mark)
        if self.depth >= MAX_DEPTH:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, f"nested deeper than {MAX_DEPTH}", mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)  # type: ignore[arg-type]
        finally:
            self.depth -= 1


def parse_yaml(text: str, *, file: str = "") -> Place:
    """The root of a YAML document. Raises InvalidInput with line and column; LimitExceeded when it is too large."""
    if len(text) > MAX_CHARACTERS:
        raise LimitExceeded(
            "a YAML file is too large",
            where=file,
            got=f"{len(text)} characters",
            wanted=f"at most {MAX_CHARACTERS}",
        )
    try:
        node = yaml.compose(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InvalidInput(
            f"this is not YAML that we read: {error.problem or error.context}",
            where=", ".join(part for part in (file, place) if part),
            hint="Check indentation and quotes; anchors and aliases are not taken",
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        raise InvalidInput(f"this is not YAML: {str(error).splitlines()[0]}", where=file) from error
    if node is None:
        raise InvalidInput("the file is empty", where=file, wanted="an ontology")
    return Place(node=node, file=file, path="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A value of a YAML document and where it stands."""

    node: yaml.Node
    file: str
    path: str

    @property
    def where(self) -> str:
        """File, line, column and path, for people."""
        mark = self.node.start_mark
        parts = [self.file, f"line {mark.line + 1}, column {mark.column + 1}", self.path]
        return ", ".join(part for part in parts if part)

    def refuse(self, what: str, *, wanted: str, hint: str = "") -> NoReturn:
        """Raise InvalidInput about this value."""
        raise InvalidInput(what, where=self.where, got=self._got(), wanted=wanted, hint=hint)

    def fields(self, allowed: Collection[str], *, required: Collection[str] = ()) -> dict[str, Place]:
        """The entries of a mapping. Unknown and repeated keys are refused, null values count as absent."""
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse("a mapping is wanted here", wanted="key: value lines")
        found: dict[str, Place] = {}
        seen: set[str] = set()
        for key_node, value_node in self.node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.refuse("a key is not plain text", wanted=", ".join(allowed))
            key = str(key_node.value)
            at = Place(node=key_node, file=self.file, path=f"{self.path}.{key}" if self.path else key)
            if key not in allowed:
                near = get_close_matches(key, allowed, n=1)
                at.refuse(
                    "an unknown key",
                    wanted=", ".join(allowed),
                    hint=f"Did you mean {near[0]}?" if near else "",
                )
            if key in seen:
                at.refuse("a key appears twice", wanted="each key once")
            seen.add(key)
            if value_node.tag != _NULL:
                found[key] = Place(node=value_node, file=self.file, path=at.path)
        for key in required:
            if key not in found:
                self.refuse(f"{key} is missing", wanted=f"{key}: ...")
        return found

    def items(self) -> tuple[Place, ...]:
        """The entries of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.refuse("a list is wanted here", wanted="- item lines, or [a, b]")
        return tuple(
            Place(node=node, file=self.file, path=f"{self.path}[{index}]")
            for index, node in enumerate(self.node.value)
        )

    def text(self) -> str:
        """Plain text, as written: `no`, `1.0` and `2024-01-01` stay what they look like."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.refuse("plain text is wanted here", wanted="a text")
        return str(self.node.value)

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(item.text() for item in self.items())

    def boolean(self) -> bool:
        """True or false."""
        if self.node.tag != "tag:yaml.org,2002:bool":
            self.refuse("true or false is wanted here", wanted="true or false")
        return str(self.node.value).lower() in {"true", "yes", "on"}

    def integer(self) -> int:
        """A whole number in decimal digits."""
        digits = self.text().removeprefix("-")
        if self.node.tag != "tag:yaml.org,2002:int" or not digits.isdecimal() or len(digits) > 15:
            self.refuse("a whole number is wanted here", wanted="a whole number")
        return int(self.text())

    def number(self) -> float:
        """A finite number."""
        try:
            value = float(self.text())
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or getattr(self.node, "style", None) is not None:
            self.refuse("a number is wanted here", wanted="a number")
        return value

    def _got(self) -> str:
        match self.node:
            case yaml.ScalarNode():
                return str(self.node.value)
            case yaml.MappingNode():
                return "a mapping"
            case _:
                return "a list"
