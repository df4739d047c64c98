"""Whether attribute values answer the questions of the ontology (rule O8)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from braid.model.records import Attribute
from braid.model.regions import AttributeValue
from braid.ontology.problems import Problem

MAX_TEXT = 100_000


def attribute_problems(
    values: Mapping[str, AttributeValue],
    questions: Mapping[str, Attribute],
    *,
    where: str,
    before: Mapping[str, AttributeValue] | None = None,
) -> Iterator[Problem]:
    """Unknown attributes, values of the wrong type or out of range, and required ones without an answer.

    What already stood so in `before` is let stand: an ontology that moved on must not block other edits.
    """
    for key in sorted(values):
        if before is not None and key in before and before[key] == values[key]:
            continue
        place = f"{where}, attribute {key}"
        question = questions.get(key)
        if question is None:
            yield Problem(
                code="attribute-unknown",
                what="the ontology asks no such attribute here",
                where=place,
                got=key,
                wanted=", ".join(sorted(questions)) or "no attributes",
                facet=key,
            )
            continue
        wanted = _mismatch(values[key], question)
        if wanted:
            yield Problem(
                code="attribute-value",
                what=f"{question.name} has a value that does not fit",
                where=place,
                got=repr(values[key]),
                wanted=wanted,
                facet=key,
            )
    for key in sorted(questions):
        if questions[key].required and key not in values:
            yield Problem(
                code="attribute-missing",
                what=f"{questions[key].name} has no answer",
                where=f"{where}, attribute {key}",
                wanted=_wish(questions[key]),
                facet=key,
                unfinished=True,
            )


def _mismatch(value: AttributeValue, question: Attribute) -> str:
    """What was wanted instead; empty when the value fits."""
    fits = False
    match question.type:
        case "text":
            fits = isinstance(value, str) and len(value) <= MAX_TEXT
        case "boolean":
            fits = isinstance(value, bool)
        case "choice":
            fits = isinstance(value, str) and value in question.values
        case "choices":
            fits = (
                isinstance(value, tuple | list)
                and len(set(value)) == len(value)
                and all(part in question.values for part in value)
            )
        case "number":
            fits = (
                isinstance(value, int | float)
                and not isinstance(value, bool)
                and math.isfinite(value)
                and (question.minimum is None or value >= question.minimum)
                and (question.maximum is None or value <= question.maximum)
            )
        case _:
            pass
    return "" if fits else _wish(question)


def _wish(question: Attribute) -> str:
    match question.type:
        case "choice":
            return "one of " + ", ".join(question.values)
        case "choices":
            return "different ones of " + ", ".join(question.values)
        case "number" if question.minimum is not None or question.maximum is not None:
            low = "-inf" if question.minimum is None else f"{question.minimum:g}"
            high = "inf" if question.maximum is None else f"{question.maximum:g}"
            return f"a number from {low} to {high}"
        case "boolean":
            return "true or false"
        case kind:
            return f"a {kind}"
