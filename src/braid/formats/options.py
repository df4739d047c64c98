"""Options of formats: declared by name, so that a misspelt one is refused and help can list them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from braid.base.errors import InvalidInput
from braid.formats.seam import Format


class FormatOption(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a reader can be told. values: what may be said; empty for any text."""

    name: str
    meaning: str
    values: tuple[str, ...] = ()


def options_of(form: Format) -> tuple[FormatOption, ...]:
    """The options that a format declares in its class."""
    declared: tuple[FormatOption, ...] = getattr(form, "options", ())
    return declared


def parse_options(words: Iterable[str]) -> dict[str, str]:
    """`NAME=VALUE` words as a table. Raises InvalidInput for a word without a name, or a name said twice.

    >>> parse_options(["stamp=log"])
    {'stamp': 'log'}
    """
    found: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name or name in found:
            raise InvalidInput("not an option", got=word, wanted="NAME=VALUE, each name once")
        found[name] = value
    return found


def check_options(form: Format, given: Mapping[str, str], *, common: Iterable[FormatOption] = ()) -> None:
    """Raises InvalidInput for an option that neither the format nor `common` declares, and for values it does not know."""
    known = {option.name: option for option in (*options_of(form), *common)}
    for name, value in given.items():
        if name not in known:
            raise InvalidInput(
                "no such option",
                where=form.id,
                got=name,
                wanted=", ".join(sorted(known)) or "no option at all",
            )
        if known[name].values and value not in known[name].values:
            raise InvalidInput(
                "an option has no such value",
                where=f"{form.id}, {name}",
                got=value,
                wanted=" | ".join(known[name].values),
            )
