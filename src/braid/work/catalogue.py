"""What this Braid can do, as its formats and checks describe themselves."""

from __future__ import annotations

import msgspec

from braid.formats.options import FormatOption, options_of
from braid.model.findings import CheckInfo


class FormatInfo(msgspec.Struct, frozen=True, kw_only=True):
    """How a format describes itself."""

    id: str
    title: str
    purpose: str
    example: str
    reads: bool
    writes: bool
    options: tuple[FormatOption, ...] = ()


def format_infos() -> tuple[FormatInfo, ...]:
    """All formats, by id."""
    from braid.formats.registry import all_formats

    return tuple(
        FormatInfo(
            id=one.id,
            title=one.title,
            purpose=one.purpose,
            example=one.example,
            reads=one.reads,
            writes=one.writes,
            options=options_of(one),
        )
        for one in all_formats()
    )


def check_infos() -> tuple[CheckInfo, ...]:
    """All checks, by id."""
    from braid.checks import catalogue

    return catalogue.check_infos()
