"""What a check is, and the register of them all (laws C1 and C2).

A check is a class whose attributes describe it; manual, command line and screen come from them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, TypeVar

from braid.base.errors import Conflict
from braid.checks.fingerprint import fingerprint
from braid.checks.tables import Tables
from braid.model.findings import CheckInfo, Culprit, Finding, LayerOfCheck, Severity


class Check(ABC):
    """A pure function from tables to findings, with its own description.

    severity: of most of its findings. reads: names of the tables it looks at. cost: "cheap" checks run after every
    commit on its sample; others only on request. source: where definition and thresholds come from.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    layer: ClassVar[LayerOfCheck]
    severity: ClassVar[Severity]
    purpose: ClassVar[str]
    example: ClassVar[str]
    reads: ClassVar[tuple[str, ...]]
    cost: ClassVar[str] = "cheap"
    source: ClassVar[str] = ""

    @abstractmethod
    def run(self, tables: Tables) -> Iterator[Finding]:
        """The findings about the samples in scope, in any order."""

    @classmethod
    def info(cls) -> CheckInfo:
        """The description as a value."""
        return CheckInfo(
            id=cls.id,
            title=cls.title,
            layer=cls.layer,
            severity=cls.severity,
            purpose=cls.purpose,
            example=cls.example,
            reads=cls.reads,
            cost=cls.cost,
            source=cls.source,
        )

    @classmethod
    def finding(
        cls,
        *,
        sample: str,
        message: str,
        culprits: Iterable[Culprit],
        facet: str = "",
        severity: Severity | None = None,
        score: float = 1.0,
        facts: Mapping[str, str] | None = None,
        hint: str = "",
    ) -> Finding:
        """A finding of this check with its fingerprint."""
        pointed = tuple(culprits)
        return Finding(
            check=cls.id,
            fingerprint=fingerprint(cls.id, sample, [(c.kind, c.id) for c in pointed], facet),
            severity=severity or cls.severity,
            sample=sample,
            message=message,
            culprits=pointed,
            score=round(min(1.0, max(0.0, score)), 6),
            facts=dict(facts or {}),
            hint=hint,
        )


_REGISTER: dict[str, type[Check]] = {}

C = TypeVar("C", bound=type[Check])


def register(check: C) -> C:
    """Put a check class into the register. Raises Conflict when its id is taken."""
    known = _REGISTER.setdefault(check.id, check)
    if known is not check:
        raise Conflict("two checks have one id", got=check.id)
    return check


def registered() -> Mapping[str, type[Check]]:
    """The checks that have been imported so far, by id. `catalogue.all_checks` imports the built-in ones."""
    return dict(sorted(_REGISTER.items()))
