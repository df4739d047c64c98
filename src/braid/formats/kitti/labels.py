"""The benchmark's class names, and which classes of an ontology stand for them."""

from __future__ import annotations

from braid.formats.classes import has_class
from braid.formats.seam import ReadContext
from braid.model.records import OntologyClass

LABELS = (
    "Car",
    "Van",
    "Truck",
    "Pedestrian",
    "Person_sitting",
    "Cyclist",
    "Tram",
    "Misc",
    "DontCare",
)
ALIASES = {"Person_sitting": "person-sitting", "Misc": "misc-object"}
"""Labels that our templates know under another id."""


def class_of(context: ReadContext, label: str) -> str:
    """The class for a label of a row."""
    alias = ALIASES.get(label)
    return alias if alias is not None and has_class(context, alias) else context.class_id(label)


def label_of(known: OntologyClass) -> str:
    """The benchmark's own word for a class where it has one (by id, name or synonym), else the class's name.

    >>> label_of(OntologyClass(id="bicycle", name="Bicycle", synonyms=("cyclist",)))
    'Cyclist'
    """
    words = {known.id, known.name.casefold(), *(word.casefold() for word in known.synonyms)}
    for label in LABELS:
        if label.casefold() in words or ALIASES.get(label) == known.id:
            return label
    return known.name
