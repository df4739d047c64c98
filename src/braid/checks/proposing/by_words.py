"""Words: a phrase whose head noun names the class of a region, by the class's name, a synonym or an ancestor's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from braid.checks.proposing.pairs import joined, linked_ends, proposal, sources_and_targets
from braid.checks.tables import Tables
from braid.model.proposals import Proposal, ProposalKind
from braid.model.records import Annotation, LinkType
from braid.model.regions import TextSpan

MOST_REGIONS = 5
"""A word that fits more regions than this says too little about any of them."""

NAMED, BROADER, CLASSED = 0.9, 0.7, 0.6
"""How much the class's own name, an ancestor's name, and only the phrase's class speak for the link."""

_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_AFTER_HEAD = frozenset(
    {
        *(
            "in",
            "on",
            "at",
            "with",
            "of",
            "by",
            "near",
            "under",
            "over",
            "behind",
            "beside",
            "between",
            "from",
        ),
        *(
            "who",
            "that",
            "which",
            "wearing",
            "holding",
            "riding",
            "standing",
            "sitting",
            "and",
            "or",
            "to",
            "into",
        ),
    }
)


def by_words(tables: Tables, sample: str) -> Iterator[Proposal]:
    """For each type that leads from text to regions: the regions that each phrase without such a link may mean."""
    for kind in tables.ontology.ontology.link_types:
        if kind.deprecated or "text_span" not in kind.source.kinds or kind.temporal:
            continue
        yield from _of_kind(tables, sample, kind)


def _of_kind(tables: Tables, sample: str, kind: LinkType) -> Iterator[Proposal]:
    sources, targets = sources_and_targets(tables, sample, kind)
    known, ends = joined(tables, kind), linked_ends(tables, kind)
    regions = [a for a in targets if not isinstance(a.region, TextSpan)]
    for phrase in sources:
        if not isinstance(phrase.region, TextSpan) or phrase.id in ends or phrase.entity in ends:
            continue
        fitting = [
            (weight, why, region)
            for region in regions
            if frozenset((phrase.id, region.id)) not in known
            for weight, why in _fit(tables, phrase, phrase.region, region)
        ]
        if not fitting or len(fitting) > MOST_REGIONS:
            continue
        # A region that no phrase has yet is the likelier one.
        free = sum(region.id not in ends for _, _, region in fitting)
        for weight, why, region in fitting:
            share = 1 / len(fitting) if region.id in ends else 1 / max(1, free)
            yield proposal(
                by=ProposalKind.WORDS,
                kind=kind,
                source=phrase,
                target=region,
                score=weight * share * (0.7 if region.id in ends else 1.0),
                reason=f"“{phrase.region.quote}” {why} {tables.name_of(region)}"
                + ("" if len(fitting) == 1 else f", one of {len(fitting)}"),
                facts={"candidates": str(len(fitting))},
            )


def _fit(
    tables: Tables, phrase: Annotation, span: TextSpan, region: Annotation
) -> Iterator[tuple[float, str]]:
    """None or one: the weight of what speaks for the pair, and how that is said."""
    if phrase.entity is not None and region.entity is not None:
        if phrase.entity == region.entity:
            yield 1.0, "speaks of the same thing as"
        return
    head = head_of(span.quote)
    line = tables.ontology.line_of(region.class_id)
    for depth, class_id in enumerate((region.class_id, *(c for c in line if c != region.class_id))):
        if head and _ends_with(head, _names(tables, class_id)):
            yield (NAMED if depth == 0 else BROADER), "names the class of"
            return
    tree = tables.ontology
    if phrase.class_id in tree.classes and tree.is_a(region.class_id, phrase.class_id):
        yield CLASSED, "has the class of"


def head_of(quote: str) -> tuple[str, ...]:
    """The words of a noun phrase up to its head, in the singular as far as a rule of thumb goes.

    >>> head_of("The two red cars by the tree")
    ('the', 'two', 'red', 'car')
    """
    words: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFC", quote).casefold()):
        if word in _AFTER_HEAD and words:
            break
        words.append(_singular(word))
    return tuple(words)


def _names(tables: Tables, class_id: str) -> tuple[tuple[str, ...], ...]:
    known = tables.ontology.classes.get(class_id)
    names = (known.name, *known.synonyms) if known is not None else ()
    return tuple(tuple(_singular(word) for word in _WORD.findall(name.casefold())) for name in names)


def _ends_with(head: tuple[str, ...], names: tuple[tuple[str, ...], ...]) -> bool:
    return any(name and head[-len(name) :] == name for name in names)


def _singular(word: str) -> str:
    irregular = {"men": "man", "women": "woman", "people": "person", "children": "child", "mice": "mouse"}
    if word in irregular:
        return irregular[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ses", "xes", "ches", "shes")) and len(word) > 4:
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) and len(word) > 3 else word
