"""An EAF file as plain values: slots, tiers, annotations, vocabularies, links. Nothing is judged here but form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from braid.base.errors import InvalidInput
from braid.formats.xml_safe import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element

_MILLISECONDS = re.compile(r"-?[0-9]{1,12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class EafMedia:
    """A MEDIA_DESCRIPTOR. origin_ms: the media time that is the document's zero."""

    url: str
    relative_url: str
    mime_type: str
    origin_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EafAnnotation:
    """ALIGNABLE (start_slot, end_slot) or REF (parent, previous)."""

    id: str
    text: str
    start_slot: str = ""
    end_slot: str = ""
    parent: str = ""
    previous: str = ""
    entry: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EafTier:
    """A tier with its annotations in document order."""

    id: str
    type_id: str
    parent: str
    participant: str
    language: str
    annotations: tuple[EafAnnotation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EafType:
    """A LINGUISTIC_TYPE: its constraint ("" for none) and vocabulary ("" for none)."""

    constraint: str
    vocabulary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EafVocabulary:
    """Entries (id, value) in order; an external one names its resource and is empty until that is read."""

    entries: tuple[tuple[str, str], ...]
    external_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EafLink:
    """A CROSS_REF_LINK or GROUP_REF_LINK of a REF_LINK_SET: what it is called and what it joins."""

    id: str
    label: str
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EafDocument:
    """All of it. slots_ms: in TIME_ORDER; None for an unaligned slot."""

    version: str
    author: str
    media: tuple[EafMedia, ...]
    slots_ms: dict[str, int | None]
    tiers: tuple[EafTier, ...]
    types: dict[str, EafType]
    vocabularies: dict[str, EafVocabulary] = field(default_factory=dict)
    links: tuple[EafLink, ...] = ()


def parse_eaf(data: bytes, *, where: str) -> EafDocument:
    """Raises InvalidInput when it is no safe, well-formed EAF in milliseconds."""
    root = parse_xml(data, where=where)
    if root.tag != "ANNOTATION_DOCUMENT":
        raise InvalidInput("not an EAF file", where=where, got=root.tag, wanted="ANNOTATION_DOCUMENT")
    header = root.find("HEADER")
    unit = "milliseconds" if header is None else header.get("TIME_UNITS", "milliseconds")
    if unit != "milliseconds":
        raise InvalidInput("an EAF counts time in video frames", where=where, got=unit, wanted="milliseconds")
    external = {ref.get("EXT_REF_ID", ""): ref.get("VALUE", "") for ref in root.findall("EXTERNAL_REF")}
    return EafDocument(
        version=root.get("VERSION", root.get("FORMAT", "")),
        author=root.get("AUTHOR", ""),
        media=tuple(
            EafMedia(
                url=element.get("MEDIA_URL", ""),
                relative_url=element.get("RELATIVE_MEDIA_URL", ""),
                mime_type=element.get("MIME_TYPE", ""),
                origin_ms=_milliseconds(element.get("TIME_ORIGIN"), f"{where}, TIME_ORIGIN") or 0,
            )
            for element in root.findall("HEADER/MEDIA_DESCRIPTOR")
        ),
        slots_ms={
            slot.get("TIME_SLOT_ID", ""): _milliseconds(
                slot.get("TIME_VALUE"), f"{where}, time slot {slot.get('TIME_SLOT_ID', '')}"
            )
            for slot in root.findall("TIME_ORDER/TIME_SLOT")
        },
        tiers=tuple(_tier(tier) for tier in root.findall("TIER")),
        types={
            element.get("LINGUISTIC_TYPE_ID", ""): EafType(
                constraint=element.get("CONSTRAINTS", ""),
                vocabulary=element.get("CONTROLLED_VOCABULARY_REF", ""),
            )
            for element in root.findall("LINGUISTIC_TYPE")
        },
        vocabularies=_vocabularies(root, external),
        links=tuple(_links(root)),
    )


def parse_ecv(data: bytes, *, where: str) -> dict[str, EafVocabulary]:
    """The vocabularies of an external .ecv file."""
    root = parse_xml(data, where=where)
    if root.tag != "CV_RESOURCE":
        raise InvalidInput(
            "not an external controlled vocabulary", where=where, got=root.tag, wanted="CV_RESOURCE"
        )
    return _vocabularies(root, {})


def _tier(tier: Element) -> EafTier:
    found: list[EafAnnotation] = []
    for holder in tier.findall("ANNOTATION"):
        for element in holder:
            value = element.find("ANNOTATION_VALUE")
            found.append(
                EafAnnotation(
                    id=element.get("ANNOTATION_ID", ""),
                    text="" if value is None else (value.text or ""),
                    start_slot=element.get("TIME_SLOT_REF1", ""),
                    end_slot=element.get("TIME_SLOT_REF2", ""),
                    parent=element.get("ANNOTATION_REF", "") if element.tag == "REF_ANNOTATION" else "",
                    previous=element.get("PREVIOUS_ANNOTATION", ""),
                    entry=element.get("CVE_REF", ""),
                )
            )
    return EafTier(
        id=tier.get("TIER_ID", ""),
        type_id=tier.get("LINGUISTIC_TYPE_REF", ""),
        parent=tier.get("PARENT_REF", ""),
        participant=tier.get("PARTICIPANT", ""),
        language=tier.get("LANG_REF", "") or tier.get("DEFAULT_LOCALE", ""),
        annotations=tuple(found),
    )


def _vocabularies(root: Element, external: dict[str, str]) -> dict[str, EafVocabulary]:
    found: dict[str, EafVocabulary] = {}
    for vocabulary in root.findall("CONTROLLED_VOCABULARY"):
        entries = [
            (entry.get("CVE_ID", ""), entry.findtext("CVE_VALUE", ""))
            for entry in vocabulary.findall("CV_ENTRY_ML")
        ]
        entries += [(entry.get("CVE_ID", ""), entry.text or "") for entry in vocabulary.findall("CV_ENTRY")]
        found[vocabulary.get("CV_ID", "")] = EafVocabulary(
            entries=tuple(entries), external_url=external.get(vocabulary.get("EXT_REF", ""), "")
        )
    return found


def _links(root: Element) -> Iterable[EafLink]:
    for link_set in root.findall("REF_LINK_SET"):
        set_name = link_set.get("LINK_SET_NAME", "") or link_set.get("LINK_SET_ID", "")
        for element in link_set:
            ends = (
                (element.get("REF1", ""), element.get("REF2", ""))
                if element.tag == "CROSS_REF_LINK"
                else tuple(element.get("REFS", "").split())
            )
            yield EafLink(
                id=element.get("REF_LINK_ID", ""),
                label=element.get("REF_TYPE", "") or set_name or "related",
                ends=ends,
            )


def _milliseconds(text: str | None, where: str) -> int | None:
    if text is None:
        return None
    if not _MILLISECONDS.fullmatch(text.strip()):
        raise InvalidInput("a time is not whole milliseconds", where=where, got=text)
    return int(text)
