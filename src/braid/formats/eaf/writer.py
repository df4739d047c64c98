"""Records of one sample to an EAF 3.0 document: time slots, tiers, REF annotations, vocabularies, REF_LINK_SETs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from braid.clock.ns import MILLISECOND_NS
from braid.formats.beside import copy_media, safe_stem
from braid.formats.eaf.plan import PlannedTier, plan_tiers, timed_annotations
from braid.formats.losses import LossCounter
from braid.formats.seam import ExportSource, SampleBundle
from braid.formats.voices import voices_of
from braid.model.records import Annotation, ClockMap, Link, Modality, OntologyClass, Stream

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
DATE = "1970-01-01T00:00:00+00:00"
"""Written unless the option `date` says otherwise, so that the same records give the same bytes."""

STEREOTYPES = {
    "Time_Subdivision": "Time subdivision of parent annotation's time interval, no time gaps allowed within this interval",
    "Symbolic_Subdivision": "Symbolic subdivision of a parent annotation. Annotations refering to the same parent are ordered",
    "Symbolic_Association": "1-1 association with a parent annotation",
    "Included_In": "Time alignable annotations within the parent annotation's time interval, gaps are allowed",
}
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OWN_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")


def write_document(
    bundle: SampleBundle, source: ExportSource, out: Path, options: dict[str, str], losses: LossCounter
) -> Path:
    """Write OUT/KEY.eaf and answer its path. Adds to `losses` (what, why) counts."""
    from xml.etree.ElementTree import ElementTree, indent

    writing = _Writing(bundle=bundle, source=source, out=out, options=options, losses=losses)
    root = writing.root()
    indent(root, space="    ")
    path = out / f"{safe_stem(bundle.sample.key)}.eaf"
    ElementTree(root).write(path, encoding="UTF-8", xml_declaration=True)
    return path


@dataclass(slots=True, kw_only=True)
class _Writing:
    bundle: SampleBundle
    source: ExportSource
    out: Path
    options: dict[str, str]
    losses: LossCounter
    ids: dict[str, str] = field(default_factory=dict)

    def root(self) -> Element:
        from xml.etree.ElementTree import Element, SubElement

        timed, parents = timed_annotations(self.bundle, self.options.get("layer"), self.losses)
        tiers = plan_tiers(self.bundle, self.source.ontology, timed)
        self._name(tiers)
        root = Element(
            "ANNOTATION_DOCUMENT",
            {
                "AUTHOR": "",
                "DATE": self.options.get("date", DATE),
                "FORMAT": "3.0",
                "VERSION": "3.0",
                "xmlns:xsi": INSTANCE,
                "xsi:noNamespaceSchemaLocation": SCHEMA,
            },
        )
        self._header(root)
        slots = self._time_order(root, tiers)
        vocabularies = {
            known.id: known
            for known in self.source.ontology.classes
            if any(attribute.id == "value" and attribute.values for attribute in known.attributes)
        }
        types: dict[str, tuple[str, str]] = {}
        for tier in tiers:
            vocabulary = tier.class_id if tier.class_id in vocabularies else ""
            type_id = "-".join(part for part in (tier.constraint or "Aligned", vocabulary) if part)
            types[type_id] = (tier.constraint, vocabulary)
            self._tier(root, tier, type_id, slots, vocabularies.get(vocabulary))
        for type_id, (constraint, vocabulary) in types.items():
            facts = {"GRAPHIC_REFERENCES": "false", "LINGUISTIC_TYPE_ID": type_id}
            facts["TIME_ALIGNABLE"] = "false" if constraint.startswith("Symbolic") else "true"
            if constraint:
                facts["CONSTRAINTS"] = constraint
            if vocabulary:
                facts["CONTROLLED_VOCABULARY_REF"] = vocabulary
            SubElement(root, "LINGUISTIC_TYPE", facts)
        used = [vocabulary for _, vocabulary in types.values() if vocabulary]
        if used:
            SubElement(root, "LANGUAGE", {"LANG_ID": "und", "LANG_LABEL": "undetermined (und)"})
        for stereotype, description in STEREOTYPES.items():
            SubElement(root, "CONSTRAINT", {"DESCRIPTION": description, "STEREOTYPE": stereotype})
        for class_id in dict.fromkeys(used):
            self._vocabulary(root, vocabularies[class_id])
        self._links(root, parents | voices_of(self.bundle)[1])
        return root

    def _header(self, root: Element) -> None:
        from xml.etree.ElementTree import SubElement

        header = SubElement(root, "HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"})
        maps = {
            record.stream: record.segments for record in self.bundle.records if isinstance(record, ClockMap)
        }
        for stream in self.bundle.records:
            if not isinstance(stream, Stream):
                continue
            if stream.modality not in {Modality.AUDIO, Modality.VIDEO} or stream.asset is None:
                self.losses.add("stream", "EAF names audio and video files only")
                continue
            name = safe_stem(stream.file_name or stream.asset)
            facts = {
                "MEDIA_URL": f"./{name}",
                "MIME_TYPE": stream.media_type,
                "RELATIVE_MEDIA_URL": f"./{name}",
            }
            segments = maps.get(stream.id, ())
            if len(segments) > 1 or any(segment.rate_ppq for segment in segments):
                self.losses.add(
                    "clock drift",
                    "TIME_ORIGIN is one offset; times were written on the timeline",
                )
            if segments:
                facts["TIME_ORIGIN"] = str((segments[0].media_ns - segments[0].timeline_ns) // MILLISECOND_NS)
            SubElement(header, "MEDIA_DESCRIPTOR", facts)
            if self.options.get("media") == "copy":
                copy_media(self.source, stream, self.out)
        last = max((int(name[1:]) for name in self.ids.values() if name[1:].isdecimal()), default=0)
        SubElement(header, "PROPERTY", {"NAME": "lastUsedAnnotationId"}).text = str(last)

    def _name(self, tiers: list[PlannedTier]) -> None:
        """Annotation ids: those of the source where they are free, else a1, a2 and so on."""
        items = [item.record for tier in tiers for item in tier.items]
        taken: set[str] = set()
        for record in items:
            if _OWN_ID.fullmatch(record.source_id) and record.source_id not in taken:
                self.ids[record.id] = record.source_id
                taken.add(record.source_id)
        number = 0
        for record in items:
            if record.id in self.ids:
                continue
            number += 1
            while f"a{number}" in taken:
                number += 1
            self.ids[record.id] = f"a{number}"

    def _time_order(self, root: Element, tiers: list[PlannedTier]) -> dict[tuple[str, int], str]:
        """A slot for each boundary, ascending in time; keyed by record id and 0 (start) or 1 (end)."""
        from xml.etree.ElementTree import SubElement

        order = SubElement(root, "TIME_ORDER")
        bounds = [
            (at_ms, place, side, item.record.id)
            for place, (tier, item) in enumerate(
                (tier, item) for tier in tiers if not tier.symbolic for item in tier.items
            )
            for side, at_ms in enumerate((item.start_ms, item.end_ms))
        ]
        slots: dict[tuple[str, int], str] = {}
        for number, (at_ms, _, side, record_id) in enumerate(sorted(bounds), start=1):
            slots[record_id, side] = f"ts{number}"
            SubElement(order, "TIME_SLOT", {"TIME_SLOT_ID": f"ts{number}", "TIME_VALUE": str(at_ms)})
        return slots

    def _tier(
        self,
        root: Element,
        tier: PlannedTier,
        type_id: str,
        slots: dict[tuple[str, int], str],
        vocabulary: OntologyClass | None,
    ) -> None:
        from xml.etree.ElementTree import SubElement

        facts = {"LINGUISTIC_TYPE_REF": type_id, "TIER_ID": self._clean(tier.id)}
        if tier.parent:
            facts["PARENT_REF"] = self._clean(tier.parent)
        if tier.participant:
            facts["PARTICIPANT"] = self._clean(tier.participant)
        element = SubElement(root, "TIER", facts)
        entries = _entries(vocabulary)
        latest: dict[str, str] = {}
        for item in tier.items:
            own = {"ANNOTATION_ID": self.ids[item.record.id]}
            value = item.record.text or str(item.record.attributes.get("value", ""))
            if value in entries:
                own["CVE_REF"] = entries[value]
            if tier.symbolic and item.parent is not None:
                own["ANNOTATION_REF"] = self.ids[item.parent]
                if item.parent in latest:
                    own["PREVIOUS_ANNOTATION"] = latest[item.parent]
                latest[item.parent] = own["ANNOTATION_ID"]
                kind = "REF_ANNOTATION"
            else:
                own["TIME_SLOT_REF1"] = slots[item.record.id, 0]
                own["TIME_SLOT_REF2"] = slots[item.record.id, 1]
                kind = "ALIGNABLE_ANNOTATION"
            holder = SubElement(SubElement(element, "ANNOTATION"), kind, own)
            SubElement(holder, "ANNOTATION_VALUE").text = self._clean(value)
            self._lost_of(item.record)

    def _lost_of(self, record: Annotation) -> None:
        if record.words:
            self.losses.add("word times", "a tier's annotation has one span; write the words as a tier")
        if set(record.attributes) - {"value"}:
            self.losses.add("attributes", "an EAF annotation holds one value")
        if record.score is not None:
            self.losses.add("score", "an EAF annotation holds one value")
        if record.comment:
            self.losses.add("comment", "ELAN keeps comments in another file")

    def _vocabulary(self, root: Element, known: OntologyClass) -> None:
        from xml.etree.ElementTree import SubElement

        vocabulary = SubElement(root, "CONTROLLED_VOCABULARY", {"CV_ID": known.id})
        SubElement(vocabulary, "DESCRIPTION", {"LANG_REF": "und"}).text = self._clean(known.description)
        for value, entry_id in _entries(known).items():
            entry = SubElement(vocabulary, "CV_ENTRY_ML", {"CVE_ID": entry_id})
            SubElement(entry, "CVE_VALUE", {"LANG_REF": "und"}).text = self._clean(value)

    def _links(self, root: Element, told: frozenset[str]) -> None:
        from xml.etree.ElementTree import SubElement

        sets: dict[str, Element] = {}
        names = {known.id: known.name for known in self.source.ontology.link_types}
        number = 0
        for link in self.bundle.records:
            if not isinstance(link, Link) or link.id in told:
                continue
            if link.source.id not in self.ids or link.target.id not in self.ids:
                self.losses.add("link", "an end is not in the document")
                continue
            if link.attributes or link.causes or link.comment:
                self.losses.add("link attributes and doubts", "EAF links have a type only")
            if link.type_id not in sets:
                facts = {"LINK_SET_ID": link.type_id, "LINK_SET_NAME": names.get(link.type_id, link.type_id)}
                sets[link.type_id] = SubElement(root, "REF_LINK_SET", facts)
            number += 1
            SubElement(
                sets[link.type_id],
                "CROSS_REF_LINK",
                {
                    "REF_LINK_ID": f"rl{number}",
                    "REF1": self.ids[link.source.id],
                    "REF2": self.ids[link.target.id],
                    "DIRECTIONALITY": "unidirectional",
                    "REF_TYPE": link.type_id,
                },
            )

    def _clean(self, text: str) -> str:
        kept = _ILLEGAL.sub("", text)
        if kept != text:
            self.losses.add("control characters", "XML cannot hold them")
        return kept


def _entries(vocabulary: OntologyClass | None) -> dict[str, str]:
    """Value to entry id."""
    if vocabulary is None:
        return {}
    values = [value for item in vocabulary.attributes if item.id == "value" for value in item.values]
    return {value: f"cve_{vocabulary.id}_{number}" for number, value in enumerate(values, start=1)}
