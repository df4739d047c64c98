"""MELD tables: made ones of every encoding, and the real one against the csv module."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest
from tests.formats.reading import Read, read_with, source_of

from braid.base.errors import InvalidInput
from braid.formats.meld import Meld, clock_ns
from braid.formats.text_tables import decode_text
from braid.model.records import Attribute, ClockMap, LinkEnd, LinkType, Ontology, OntologyClass
from braid.model.regions import TextSpan, TimeSpan

HEADER = (
    "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID,Season,Episode,StartTime,EndTime"
)
ROWS = [
    '1,"Well, hello, Zoë",Ana,joy,positive,0,0,1,2,"00:00:10,500","00:00:12,000"',
    '2,"Who is that?",Ben,neutral,neutral,0,1,1,2,"00:00:12,100","00:00:13,000"',
    '3,"Only me.",Ana,sadness,negative,0,2,1,2,"00:00:15,000","00:00:14,000"',
    '4,"Café?",Ben,neutral,neutral,1,0,1,2,"00:01:00,000","00:01:01,000"',
]


def made(tmp_path: Path, rows: list[str], *, encoding: str = "utf-8", header: str = HEADER) -> Path:
    path = tmp_path / "talk_sent_emo.csv"
    path.write_bytes("".join(line + "\r\n" for line in (header, *rows)).encode(encoding))
    return path


def read_rows(tmp_path: Path, rows: list[str], *, encoding: str = "utf-8") -> Read:
    return read_with("meld", made(tmp_path, rows, encoding=encoding), tmp_path / "scratch")


def test_a_dialogue_is_a_sample_with_its_transcript(tmp_path: Path) -> None:
    read = read_rows(tmp_path, ROWS)
    assert [bundle.sample.key for bundle in read.bundles] == ["talk-dia0", "talk-dia1"]
    transcript = (tmp_path / "scratch" / (read.streams()[0].asset or "")).read_text(encoding="utf-8")
    assert transcript == "Ana: Well, hello, Zoë\nBen: Who is that?\nAna: Only me.\n"
    assert [(entity.name, entity.class_id) for entity in read.entities()][:2] == [
        ("Ana", "speaker"),
        ("Ben", "speaker"),
    ]


def test_utterances_are_time_spans_with_text_labels_and_speaker(tmp_path: Path) -> None:
    read = read_rows(tmp_path, ROWS)
    first = read.annotations()[0]
    assert first.region == TimeSpan(start_ns=10_500_000_000, end_ns=12_000_000_000)
    assert first.text == "Well, hello, Zoë"
    assert first.attributes == {"emotion": "joy", "sentiment": "positive"}
    names = {entity.id: entity.name for entity in read.entities()}
    spoken = {link.source.id: names[link.target.id] for link in read.links()}
    assert spoken[first.id] == "Ana"
    assert {link.type_id for link in read.links()} == {"spoken-by"}


def test_the_dialogue_begins_at_zero_of_its_timeline(tmp_path: Path) -> None:
    read = read_rows(tmp_path, ROWS)
    (clock,) = [record for record in read.bundles[0].records if isinstance(record, ClockMap)]
    assert [(piece.media_ns, piece.timeline_ns) for piece in clock.segments] == [(10_500_000_000, 0)]


def test_times_that_do_not_hold_leave_a_text_span_and_a_word_about_it(tmp_path: Path) -> None:
    read = read_rows(tmp_path, ROWS)
    third = read.annotations()[2]
    assert isinstance(third.region, TextSpan)
    assert third.region.quote == "Only me."
    assert [(problem.where, problem.code) for problem in read.odd()] == [
        ("talk_sent_emo.csv: row 4", "no-time")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings_give_the_same_texts(tmp_path: Path, encoding: str) -> None:
    read = read_rows(tmp_path, ROWS, encoding=encoding)
    assert [one.text for one in read.annotations()] == [
        "Well, hello, Zoë",
        "Who is that?",
        "Only me.",
        "Café?",
    ]


def test_semicolons_and_tabs_are_seen(tmp_path: Path) -> None:
    for mark in (";", "\t"):
        header = HEADER.replace(",", mark)
        row = mark.join(
            ["1", "Hi", "Ana", "joy", "positive", "0", "0", "1", "2", '"00:00:01,000"', '"00:00:02,000"']
        )
        read = read_with("meld", made(tmp_path, [row], header=header), tmp_path / "scratch")
        assert [one.text for one in read.annotations()] == ["Hi"]


def test_ragged_and_repeated_rows_are_refused_with_their_number(tmp_path: Path) -> None:
    read = read_rows(tmp_path, [ROWS[0], "2,short,row", ROWS[0], ROWS[1]])
    assert [(problem.where, problem.code) for problem in read.rejected()] == [
        ("talk_sent_emo.csv: row 3", "ragged-row"),
        ("talk_sent_emo.csv: row 4", "duplicate-id"),
    ]
    assert len(read.annotations()) == 2


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "lacks columns"),
        (b"a,a\n", "used twice"),
        (b"a,\x00b\n1,2\n", "zero bytes"),
    ],
)
def test_what_is_no_such_table_is_refused(tmp_path: Path, data: bytes, word: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    with pytest.raises(InvalidInput, match=word):
        read_with("meld", path, tmp_path / "scratch")


def test_an_ontology_that_is_there_is_widened_not_doubled(tmp_path: Path) -> None:
    known = Ontology(
        id="01900000-0000-7000-8000-000000000001",
        version=1,
        classes=(
            OntologyClass(
                id="utterance",
                name="Utterance",
                attributes=(Attribute(id="emotion", name="Emotion", values=("joy", "boredom")),),
            ),
            OntologyClass(id="participant", name="Participant"),
        ),
        link_types=(LinkType(id="spoken-by", name="Spoken by", source=LinkEnd(kinds=("time_span",))),),
    )
    read = read_with("meld", made(tmp_path, ROWS), tmp_path / "scratch", ontology=known)
    wider = read.context.new_classes["utterance"]
    assert wider.attributes[0].values == ("joy", "boredom", "neutral", "sadness")
    assert {entity.class_id for entity in read.entities()} == {"participant"}
    assert len(read.links()) == 3


def test_what_is_written_is_read_again_as_the_same(tmp_path: Path) -> None:
    path = made(tmp_path, ROWS)
    read = read_with("meld", path, tmp_path / "scratch")
    out = tmp_path / "out"
    out.mkdir()
    assert Meld().write(source_of(read, path), out, options={}) == ()
    rows = list(csv.reader(io.StringIO((out / "utterances.csv").read_bytes().decode(), newline="")))
    assert rows[0] == HEADER.split(",")
    assert rows[1] == next(csv.reader([ROWS[0]]))
    assert rows[3][9:] == ["", ""]
    assert len(rows) == 5


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("00:20:57,256", 1_257_256_000_000),
        ("0:00:01.5", 1_500_000_000),
        ("00:61:00,000", None),
        ("soon", None),
        ("", None),
    ],
)
def test_times_of_the_table(text: str, wanted: int | None) -> None:
    assert clock_ns(text) == wanted


def truth_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))


def test_real_table_has_the_counts_of_the_csv_module(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "dialogue" / "meld" / "dev_sent_emo.csv"
    rows = truth_of(path.read_bytes())
    read = read_with("meld", path, tmp_path / "scratch")
    assert not read.problems
    assert len(read.bundles) == len({row["Dialogue_ID"] for row in rows}) == 114
    assert Counter(one.text for one in read.annotations()) == Counter(row["Utterance"] for row in rows)
    emotions = Counter(one.attributes["emotion"] for one in read.annotations())
    assert emotions == Counter(row["Emotion"] for row in rows)
    assert len(read.entities()) == len({(row["Dialogue_ID"], row["Speaker"]) for row in rows})


@pytest.mark.parametrize("name", ["latin1_semicolon.csv", "utf16.csv"])
def test_real_tables_of_other_encodings(shared_data: Path, tmp_path: Path, name: str) -> None:
    read = read_with("meld", shared_data / "broken" / name, tmp_path / "scratch")
    assert (len(read.bundles), len(read.annotations()), len(read.rejected())) == (114, 1109, 0)


def test_real_ragged_table(shared_data: Path, tmp_path: Path) -> None:
    read = read_with("meld", shared_data / "broken" / "ragged.csv", tmp_path / "scratch")
    assert [problem.where for problem in read.rejected()] == ["ragged.csv: row 6", "ragged.csv: row 10"]
    assert len(read.annotations()) == 37


def test_a_false_mark_is_refused() -> None:
    with pytest.raises(InvalidInput, match="first bytes"):
        decode_text(b"\xff\xfea")
