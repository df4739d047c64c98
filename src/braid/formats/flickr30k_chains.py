"""Which chain id each phrase and each box gets when links become Flickr30k Entities.

There all phrases of an id refer to all boxes of that id. So phrases share an id only if they refer to the same boxes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from braid.formats.flickr30k_files import NOT_VISUAL
from braid.model.records import Annotation, Entity


@dataclass(slots=True, kw_only=True)
class Chains:
    """Chain ids of one picture. `split` counts phrases that had to leave the chain of their thing."""

    of_phrase: dict[str, str] = field(default_factory=dict)
    of_box: dict[str, list[str]] = field(default_factory=dict)
    split: int = 0


def chains_of(
    phrases: list[Annotation],
    boxes: list[Annotation],
    targets: dict[str, frozenset[str]],
    entities: dict[str, Entity],
) -> Chains:
    """Ids for all phrases and boxes. targets: the boxes that each phrase refers to, by phrase."""
    made = Chains()
    wanted = {phrase.id: _hint(phrase, entities) for phrase in phrases}
    wishes = {hint for hint in wanted.values() if hint.isdecimal()}
    wishes |= {name for box in boxes for name in _names(box, entities)}
    free = max((int(name) for name in wishes if name.isdecimal()), default=0)
    given: dict[tuple[str, frozenset[str]], str] = {}
    taken: set[str] = set()
    for phrase in phrases:
        aims = targets.get(phrase.id, frozenset())
        hint = wanted[phrase.id]
        if hint == NOT_VISUAL and not aims:
            made.of_phrase[phrase.id] = NOT_VISUAL
            continue
        key = (hint if hint.isdecimal() and hint != NOT_VISUAL else hint or phrase.id, aims)
        if key not in given:
            if key[0].isdecimal() and key[0] not in taken and key[0] != NOT_VISUAL:
                given[key] = key[0]
            else:
                free += 1
                given[key] = str(free)
                made.split += key[0] in taken
            taken.update((key[0], given[key]))
        made.of_phrase[phrase.id] = given[key]
        for aim in sorted(aims):
            names = made.of_box.setdefault(aim, [])
            if given[key] not in names:
                names.append(given[key])
    for box in boxes:
        names = made.of_box.setdefault(box.id, [])
        names += [name for name in _names(box, entities) if name not in taken and name not in names]
        if not names:
            free += 1
            names.append(str(free))
        names.sort(key=int)
    return made


def _hint(phrase: Annotation, entities: dict[str, Entity]) -> str:
    """The id that the phrase had in its file, else that of its thing."""
    kept = phrase.source_id.partition("/")[0]
    if kept.isdecimal() and "/" in phrase.source_id:
        return kept
    if phrase.entity is not None:
        entity = entities.get(phrase.entity)
        return entity.source_id if entity is not None and entity.source_id.isdecimal() else phrase.entity
    return NOT_VISUAL


def _names(box: Annotation, entities: dict[str, Entity]) -> list[str]:
    kept = box.source_id.split(",")
    if all(name.isdecimal() for name in kept):
        return kept
    entity = entities.get(box.entity or "")
    return [entity.source_id] if entity is not None and entity.source_id.isdecimal() else []
