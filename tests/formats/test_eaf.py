"""ELAN documents: times, parents, media, links, hostile files, and a second reader's word on what we write."""

from pathlib import Path

import msgspec
import pympi
import pytest
from tests.formats.capture_kit import Export, annotations, context_in, of, read, real

from braid.base.errors import InvalidInput
from braid.clock.clock_map import to_timeline
from braid.formats.eaf import Eaf
from braid.formats.eaf.times import slot_times_ns
from braid.formats.seam import SampleBundle, end_of
from braid.model.records import (
    Annotation,
    Attribute,
    ClockMap,
    Entity,
    Link,
    Modality,
    OntologyClass,
    Stream,
    Word,
)
from braid.model.regions import Box, TimeSpan

MS = 1_000_000

EAF = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-01-01T00:00:00+00:00" FORMAT="3.0" VERSION="3.0">
  <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
    <MEDIA_DESCRIPTOR MEDIA_URL="file:///home/x/my%20talk.wav" MIME_TYPE="audio/x-wav"
      RELATIVE_MEDIA_URL="./my%20talk.wav" TIME_ORIGIN="500"/>
  </HEADER>
  <TIME_ORDER>
    <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="100"/>
    <TIME_SLOT TIME_SLOT_ID="ts2"/>
    <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="900"/>
    <TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="1500"/>
  </TIME_ORDER>
  <TIER TIER_ID="speech@Ann" PARTICIPANT="Ann" LINGUISTIC_TYPE_REF="plain" LANG_REF="eng">
    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
      <ANNOTATION_VALUE>hello</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts4">
      <ANNOTATION_VALUE>you &amp; me</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
  </TIER>
  <TIER TIER_ID="mood" PARENT_REF="speech@Ann" LINGUISTIC_TYPE_REF="assoc">
    <ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a3" ANNOTATION_REF="a2">
      <ANNOTATION_VALUE>glad</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
  </TIER>
  <TIER TIER_ID="empty" LINGUISTIC_TYPE_REF="plain"/>
  <LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="plain" TIME_ALIGNABLE="true"/>
  <LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="assoc" TIME_ALIGNABLE="false" CONSTRAINTS="Symbolic_Association"
    CONTROLLED_VOCABULARY_REF="moods"/>
  <CONTROLLED_VOCABULARY CV_ID="moods">
    <CV_ENTRY_ML CVE_ID="c1"><CVE_VALUE LANG_REF="und">glad</CVE_VALUE></CV_ENTRY_ML>
    <CV_ENTRY_ML CVE_ID="c2"><CVE_VALUE LANG_REF="und">sad</CVE_VALUE></CV_ENTRY_ML>
  </CONTROLLED_VOCABULARY>
  <REF_LINK_SET LINK_SET_ID="rls1" LINK_SET_NAME="Answers">
    <CROSS_REF_LINK REF_LINK_ID="rl1" REF1="a2" REF2="a1" DIRECTIONALITY="unidirectional"/>
    <GROUP_REF_LINK REF_LINK_ID="rl2" REFS="a1 a2 a3" REF_TYPE="same topic"/>
    <CROSS_REF_LINK REF_LINK_ID="rl3" REF1="a2" REF2="nowhere"/>
  </REF_LINK_SET>
</ANNOTATION_DOCUMENT>
"""


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    root = tmp_path / "talk"
    root.mkdir()
    (root / "talk.eaf").write_text(EAF)
    (root / "my talk.ogg").write_bytes(b"not really audio")
    return root


def by_source(bundle: SampleBundle) -> dict[str, Annotation]:
    return {item.source_id: item for item in annotations(bundle)}


def test_tiers_become_classes_and_participants_entities(talk: Path, tmp_path: Path) -> None:
    context = context_in(
        tmp_path / "s", OntologyClass(id="utterance", name="Utterance", synonyms=("speech",))
    )
    (bundle,), _, _ = read(Eaf(), talk, context)
    found = by_source(bundle)
    assert [(found[key].class_id, found[key].text) for key in ("a1", "a2", "a3")] == [
        ("utterance", "hello"),
        ("utterance", "you & me"),
        ("mood", "glad"),
    ]
    (ann,) = of(bundle, Entity)
    assert (ann.name, ann.class_id) == ("Ann", "speaker")
    spoken = [link for link in of(bundle, Link) if link.type_id == "spoken-by"]
    assert [(link.source.id, link.target) for link in spoken] == [
        (found["a1"].id, end_of(ann)),
        (found["a2"].id, end_of(ann)),
    ]
    assert found["a1"].language == "eng"
    assert context.new_classes["mood"].attributes == (
        Attribute(id="value", name="Value", values=("glad", "sad")),
    )
    assert found["a3"].attributes == {"value": "glad"}


def test_time_origin_is_the_media_time_of_the_documents_zero(talk: Path, tmp_path: Path) -> None:
    (bundle,), problems, files = read(Eaf(), talk, context_in(tmp_path / "s"))
    (stream,), (clock,) = of(bundle, Stream), of(bundle, ClockMap)
    assert (stream.modality, stream.file_name) == (Modality.AUDIO, "my talk.ogg")
    assert files.assets[stream.asset] == talk / "my talk.ogg"
    second = by_source(bundle)["a2"]
    assert second.region == TimeSpan(start_ns=1400 * MS, end_ns=2000 * MS)
    assert to_timeline(clock.segments, second.region.start_ns) == 900 * MS
    assert [item.code for item in problems] == ["unaligned", "media_relinked", "link_end_missing"]


def test_an_unaligned_slot_lies_between_its_neighbours(talk: Path, tmp_path: Path) -> None:
    (bundle,), problems, _ = read(Eaf(), talk, context_in(tmp_path / "s"))
    assert by_source(bundle)["a1"].region == TimeSpan(start_ns=600 * MS, end_ns=1000 * MS)
    assert (problems[0].where, problems[0].rejected) == ("talk.eaf, annotation a1", False)
    times, guessed = slot_times_ns({"a": None, "b": None, "c": 300, "d": -1, "e": 200, "f": None})
    assert times == {"a": 100 * MS, "b": 200 * MS, "c": 300 * MS, "e": 200 * MS}
    assert guessed == {"a", "b"}


def test_children_last_as_long_as_their_parent_and_are_part_of_it(talk: Path, tmp_path: Path) -> None:
    (bundle,), _, _ = read(Eaf(), talk, context_in(tmp_path / "s"))
    found = by_source(bundle)
    assert found["a3"].region == found["a2"].region
    links = [link for link in of(bundle, Link) if link.type_id != "spoken-by"]
    joined = [(link.type_id, link.source.id, link.target.id) for link in links]
    assert joined == [
        ("part-of", found["a3"].id, found["a2"].id),
        ("answers", found["a2"].id, found["a1"].id),
        ("same-topic", found["a1"].id, found["a2"].id),
        ("same-topic", found["a1"].id, found["a3"].id),
    ]
    assert links[0].target == end_of(found["a2"])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (
            'TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts4"',
            'TIME_SLOT_REF1="ts4" TIME_SLOT_REF2="ts3"',
            "reversed",
        ),
        ('TIME_SLOT_REF2="ts4"', 'TIME_SLOT_REF2="ts9"', "no_time"),
        ('TIME_VALUE="900"', 'TIME_VALUE="-900"', "no_time"),
        ('ANNOTATION_REF="a2"', 'ANNOTATION_REF="a3"', "no_parent"),
        ('ANNOTATION_ID="a3"', 'ANNOTATION_ID="a1"', "duplicate_id"),
    ],
)
def test_what_has_no_time_is_rejected_by_its_id(
    talk: Path, tmp_path: Path, old: str, new: str, code: str
) -> None:
    (talk / "talk.eaf").write_text(EAF.replace(old, new))
    (bundle,), problems, _ = read(Eaf(), talk, context_in(tmp_path / "s"))
    first = next(item for item in problems if item.rejected)
    assert (first.code, first.where.startswith("talk.eaf, annotation a")) == (code, True)
    assert len(annotations(bundle)) < 3


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + EAF.partition("?>\n")[2],
        '<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]>' + EAF.partition("?>\n")[2],
        '<!DOCTYPE a SYSTEM "http://example.invalid/a.dtd">' + EAF.partition("?>\n")[2],
        EAF[:900],
        "<html/>",
        EAF.replace("milliseconds", "PAL-frames"),
        EAF.replace('TIME_VALUE="900"', 'TIME_VALUE="soon"'),
        "<a>" * 100 + "</a>" * 100,
        "",
    ],
)
def test_hostile_and_broken_documents_are_refused_and_others_go_on(
    talk: Path, tmp_path: Path, text: str
) -> None:
    (talk / "bad.eaf").write_text(text)
    bundles, problems, _ = read(Eaf(), talk, context_in(tmp_path / "s"))
    assert [bundle.sample.key for bundle in bundles] == ["talk"]
    assert (problems[0].where, problems[0].rejected) == ("bad.eaf", True)


def test_without_media_annotations_stand_on_the_transcript(talk: Path, tmp_path: Path) -> None:
    (talk / "my talk.ogg").unlink()
    (bundle,), problems, files = read(Eaf(), talk, context_in(tmp_path / "s"))
    (stream,) = of(bundle, Stream)
    assert stream.modality is Modality.TEXT
    assert files.assets[stream.asset].read_text() == "hello\nyou & me"
    assert "media_missing" in [item.code for item in problems]


def test_a_media_name_cannot_lead_out_of_the_folder(talk: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.wav").write_bytes(b"secret")
    (talk / "talk.eaf").write_text(EAF.replace("./my%20talk.wav", "../secret.wav"))
    (bundle,), _, _ = read(Eaf(), talk, context_in(tmp_path / "s"))
    assert of(bundle, Stream)[0].modality is Modality.TEXT


def told_by_pympi(path: Path) -> dict[str, list[tuple[int, int, str]]]:
    """Its parsed tiers; its own walk to a parent's time fails on tiers below Included_In ones, so it is done here."""
    other = pympi.Elan.Eaf(str(path))
    spans = {
        key: (other.timeslots[start], other.timeslots[end])
        for aligned, _, _, _ in other.tiers.values()
        for key, (start, end, _, _) in aligned.items()
    }
    parents = {key: item[0] for _, refs, _, _ in other.tiers.values() for key, item in refs.items()}

    def span(key: str) -> tuple[int, int]:
        while key in parents:
            key = parents[key]
        return spans[key]

    return {
        name: sorted(
            [(*span(key), item[2] or "") for key, item in aligned.items()]
            + [(*span(key), item[1] or "") for key, item in refs.items()]
        )
        for name, (aligned, refs, _, _) in other.tiers.items()
    }


def test_what_is_written_says_the_same_to_us_and_to_pympi(talk: Path, tmp_path: Path) -> None:
    context = context_in(tmp_path / "s")
    bundles, _, files = read(Eaf(), talk, context)
    out = tmp_path / "out"
    out.mkdir()
    losses = Eaf().write(Export(bundles, context, files), out, options={"media": "copy"})
    assert losses == ()
    assert told_by_pympi(out / "talk.eaf") == {
        "speech": [(100, 500, "hello"), (900, 1500, "you & me")],
        "mood": [(900, 1500, "glad")],
    }
    (again,), problems, _ = read(Eaf(), out, context_in(tmp_path / "s2"))
    assert problems == []

    def facts(bundle: SampleBundle) -> tuple[object, ...]:
        found = {item.id: item for item in annotations(bundle)}
        return (
            sorted((item.source_id, item.class_id, item.text, item.region) for item in found.values()),
            sorted(
                (link.type_id, found[link.source.id].source_id, found[link.target.id].source_id)
                for link in of(bundle, Link)
                if link.type_id != "spoken-by"
            ),
            [entity.name for entity in of(bundle, Entity)],
            [clock.segments for clock in of(bundle, ClockMap)],
        )

    assert facts(again) == facts(bundles[0])


def test_overlapping_speech_gets_a_second_tier_and_losses_are_told(talk: Path, tmp_path: Path) -> None:
    context = context_in(tmp_path / "s")
    (bundle,), _, files = read(Eaf(), talk, context)
    (ann,) = of(bundle, Entity)
    first = msgspec.structs.replace(by_source(bundle)["a1"], entity=ann.id)
    more = [
        msgspec.structs.replace(
            first,
            id=context.new_id(),
            source_id="",
            text="wait",
            region=TimeSpan(start_ns=700 * MS + 1, end_ns=800 * MS),
            words=(Word(start=0, end=4, start_ns=700 * MS, end_ns=800 * MS),),
        ),
        msgspec.structs.replace(
            first, id=context.new_id(), region=Box(x0_px=0, y0_px=0, x1_px=1, y1_px=1), source_id=""
        ),
    ]
    out = tmp_path / "out"
    out.mkdir()
    wider = SampleBundle(sample=bundle.sample, records=(*bundle.records, *more))
    losses = Eaf().write(Export([wider], context, files), out, options={})
    assert [(loss.what, loss.count) for loss in losses] == [
        ("annotation", 1),
        ("time below a millisecond", 1),
        ("word times", 1),
    ]
    told = told_by_pympi(out / "talk.eaf")
    assert told["speech (2)"] == [(200, 300, "wait")]
    assert len(told["speech"]) == 2


def test_two_speakers_of_one_class_get_a_tier_each(talk: Path, tmp_path: Path) -> None:
    context = context_in(tmp_path / "s")
    (bundle,), _, files = read(Eaf(), talk, context)
    (ann,), first = of(bundle, Entity), by_source(bundle)["a1"]
    bob = msgspec.structs.replace(ann, id=context.new_id(), name="Bob")
    reply = msgspec.structs.replace(first, id=context.new_id(), source_id="a1", text="hi", entity=bob.id)
    out = tmp_path / "out"
    out.mkdir()
    wider = SampleBundle(sample=bundle.sample, records=(*bundle.records, bob, reply))
    Eaf().write(Export([wider], context, files), out, options={})
    told = told_by_pympi(out / "talk.eaf")
    assert [spans[0][2] for name, spans in told.items() if "@" in name] == ["hello", "hi"]
    assert set(told) == {"speech@Ann", "speech@Bob", "mood"}


def test_no_documents_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no EAF files"):
        read(Eaf(), tmp_path, context_in(tmp_path / "s"))


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("dialogue/elan_fable/fables_01_03_aesop_64kb.eaf", "3.0"),
        ("formats/elan/test.eaf", "3.0"),
        ("formats/timed_text/sonnet001.eaf", "2.8"),
    ],
)
def test_real_documents_agree_with_pympi_and_survive_a_round_trip(
    tmp_path: Path, name: str, version: str
) -> None:
    path = real(name)
    context = context_in(tmp_path / "s")
    (bundle,), problems, files = read(Eaf(), path, context)
    assert not [item for item in problems if item.rejected]
    assert bundle.sample.source["version"] == version
    told = told_by_pympi(path)
    names = {known.id: known.name for known in context.new_classes.values()}

    def ours(part: SampleBundle) -> dict[str, list[tuple[int, int, str]]]:
        found: dict[str, list[tuple[int, int, str]]] = {}
        for item in annotations(part):
            assert isinstance(item.region, TimeSpan)
            span = (item.region.start_ns // MS, item.region.end_ns // MS, item.text or "")
            found.setdefault(names[item.class_id], []).append(span)
        return {key: sorted(spans) for key, spans in found.items()}

    assert ours(bundle) == {key: spans for key, spans in told.items() if spans}
    out = tmp_path / "out"
    out.mkdir()
    Eaf().write(Export([bundle], context, files), out, options={})
    assert told_by_pympi(out / path.name) == ours(bundle)


def test_the_real_fable_is_relinked_to_its_ogg_and_its_chunks_to_the_story(tmp_path: Path) -> None:
    path = real("dialogue/elan_fable/fables_01_03_aesop_64kb.eaf")
    context = context_in(tmp_path / "s")
    (bundle,), problems, _ = read(Eaf(), path, context)
    assert [item.code for item in problems] == ["media_relinked"]
    assert of(bundle, Stream)[0].file_name == "fables_01_03_aesop_64kb.ogg"
    counts = [len(annotations(bundle, name)) for name in ("story", "sectionmarker", "storychunk")]
    assert counts == [16, 3, 28]
    types = [link.type_id for link in of(bundle, Link)]
    assert (types.count("part-of"), types.count("spoken-by")) == (28 + 28 + 22, 97 - 3)
    assert context.new_classes["storychunktype"].attributes[0].values == (
        "Narration",
        "Dialogue",
        "Meta",
        "Title",
    )


@pytest.mark.parametrize("name", ["xxe.eaf", "unclosed.eaf"])
def test_real_hostile_documents_are_refused(tmp_path: Path, name: str) -> None:
    bundles, problems, _ = read(Eaf(), real(f"broken/{name}"), context_in(tmp_path / "s"))
    assert bundles == []
    assert [(item.where, item.code, item.rejected) for item in problems] == [(name, "invalid_input", True)]


def test_a_real_document_with_bad_slots_loses_only_what_hangs_on_them(tmp_path: Path) -> None:
    path = real("broken/time_slot_without_value_and_reversed.eaf")
    (bundle,), problems, _ = read(Eaf(), path, context_in(tmp_path / "s"))
    codes = [item.code for item in problems if item.rejected]
    whole, _, _ = read(
        Eaf(), real("dialogue/elan_fable/fables_01_03_aesop_64kb.eaf"), context_in(tmp_path / "t")
    )
    assert len(annotations(bundle)) == len(annotations(whole[0])) - len(codes)
    assert codes == ["no_time"]
    assert [item.code for item in problems].count("unaligned") == 1
