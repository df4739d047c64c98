"""All checks that come with Braid. A new module of checks is named here."""

from __future__ import annotations

from collections.abc import Mapping

from braid.checks.across import (
    clock_or_calibration,
    entity_label,
    link_type,
    mentions,
    projection,
    suspects,
    temporal,
    time_scale_mixup,
)
from braid.checks.registry import Check, registered
from braid.checks.whole import duplicates, schema
from braid.checks.within import bounds, text_spans
from braid.model.findings import CheckInfo

BUILT_IN = (
    schema,
    duplicates,
    bounds,
    text_spans,
    entity_label,
    clock_or_calibration,
    link_type,
    mentions,
    projection,
    suspects,
    temporal,
    time_scale_mixup,
)
"""The modules whose import registers the built-in checks."""


def all_checks() -> Mapping[str, type[Check]]:
    """Every check by id."""
    return registered()


def check_infos() -> tuple[CheckInfo, ...]:
    """The descriptions of all checks, by id: what `GET /checks` and `braid checks` show."""
    return tuple(check.info() for check in all_checks().values())
