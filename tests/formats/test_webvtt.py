"""WebVTT: what cues say, what is refused, and what webvtt-py reads in what we write."""

from pathlib import Path

import pytest
import webvtt
from tests.formats.capture_kit import Export, annotations, context_in, of, read, real

from braid.base.errors import InvalidInput
from braid.formats.seam import SampleBundle
from braid.formats.webvtt import Webvtt
from braid.model.records import Entity, Link, Modality, Stream
from braid.model.regions import TimeSpan

MS = 1_000_000
VTT = """\ufeffWEBVTT - a talk
Kind: captions

NOTE nobody reads this
00:00 is not a time

STYLE
::cue { color: red }

intro
00:01.000 --> 00:02.500 align:start
<v.loud Ann Lee>Hello &amp; <i>welcome</i>
to all</v>

01:00:03.000 --> 01:00:06.000
<v Bob>I <01:00:04.000>count <01:00:05.000>words

100:00:07.000 --> 100:00:08.000
<v Ann Lee>Yes <v Bob>No
"""


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    root = tmp_path / "talk"
    root.mkdir()
    (root / "talk.en.vtt").write_text(VTT, encoding="utf-8", newline="\r\n")
    (root / "talk.mp4").write_bytes(b"not really video")
    return root


def spans(bundle: SampleBundle) -> list[tuple[int, int, str | None]]:
    found = []
    for item in annotations(bundle):
        assert isinstance(item.region, TimeSpan)
        found.append((item.region.start_ns // MS, item.region.end_ns // MS, item.text))
    return found


def test_cues_stand_on_the_media_beside_with_their_speakers(talk: Path, tmp_path: Path) -> None:
    (bundle,), problems, _ = read(Webvtt(), talk, context_in(tmp_path / "s"))
    assert [item.code for item in problems] == ["overlap"]
    (stream,) = of(bundle, Stream)
    assert (stream.modality, stream.file_name, bundle.sample.key) == (Modality.VIDEO, "talk.mp4", "talk.en")
    assert spans(bundle) == [
        (1000, 2500, "Hello & welcome\nto all"),
        (3_603_000, 3_606_000, "I count words"),
        (360_007_000, 360_008_000, "Yes"),
        (360_007_000, 360_008_000, "No"),
    ]
    names = {entity.id: entity.name for entity in of(bundle, Entity)}
    speaks = {
        link.source.id: names[link.target.id] for link in of(bundle, Link) if link.type_id == "spoken-by"
    }
    assert [speaks[item.id] for item in annotations(bundle)] == ["Ann Lee", "Bob", "Ann Lee", "Bob"]
    assert annotations(bundle)[0].source_id == "intro"


def test_inline_times_time_the_words(talk: Path, tmp_path: Path) -> None:
    (bundle,), _, _ = read(Webvtt(), talk, context_in(tmp_path / "s"))
    said = annotations(bundle)[1]
    assert said.text is not None
    assert [
        (said.text[word.start : word.end], word.start_ns // MS, word.end_ns // MS) for word in said.words
    ] == [
        ("I", 3_603_000, 3_604_000),
        ("count", 3_604_000, 3_605_000),
        ("words", 3_605_000, 3_606_000),
    ]


def test_without_media_the_cues_stand_on_the_transcript(talk: Path, tmp_path: Path) -> None:
    (talk / "talk.mp4").unlink()
    (bundle,), _, files = read(Webvtt(), talk, context_in(tmp_path / "s"))
    (stream,) = of(bundle, Stream)
    assert stream.modality is Modality.TEXT
    assert files.assets[stream.asset].read_text().splitlines()[2:] == ["I count words", "Yes", "No"]


def test_what_is_written_reads_back_and_webvtt_py_agrees(talk: Path, tmp_path: Path) -> None:
    context = context_in(tmp_path / "s")
    bundles, _, files = read(Webvtt(), talk, context)
    out = tmp_path / "out"
    out.mkdir()
    assert Webvtt().write(Export(bundles, context, files), out, options={"media": "copy"}) == ()
    other = webvtt.read(str(out / "talk.en.vtt")).captions
    assert [(cue.start_in_seconds, cue.end_in_seconds) for cue in other] == [(1, 2), (3603, 3606)] + [
        (360_007, 360_008)
    ] * 2
    assert [cue.voice for cue in other] == ["Ann Lee", "Bob", "Bob", "Ann Lee"]
    (again,), _, _ = read(Webvtt(), out, context_in(tmp_path / "s2"))
    assert sorted(spans(again)) == sorted(spans(bundles[0]))
    assert annotations(again)[1].words == annotations(bundles[0])[1].words


@pytest.mark.parametrize(
    ("cue", "code"),
    [
        ("00:00:05.000 --> 00:00:02.000\nback", "reversed"),
        ("00:00:05.000 --> 00:00:05.000\nnothing", "reversed"),
        ("1:2:3.4 --> 00:00:09.000\nbad", "bad_timing"),
        ("00:00:99.000 --> 00:00:09.000\nbad", "bad_timing"),
        ("9999:00:00.000 --> 9999:00:01.000\nfar", "reversed"),
        ("just text", "bad_timing"),
    ],
)
def test_a_bad_cue_is_rejected_with_its_line(talk: Path, tmp_path: Path, cue: str, code: str) -> None:
    (talk / "talk.en.vtt").write_text(f"WEBVTT\n\n{cue}\n\n00:10.000 --> 00:11.000\ngood\n")
    (bundle,), problems, _ = read(Webvtt(), talk, context_in(tmp_path / "s"))
    assert [(item.where, item.code, item.rejected) for item in problems] == [
        ("talk.en.vtt, line 3", code, True)
    ]
    assert spans(bundle) == [(10_000, 11_000, "good")]


def test_subrip_under_a_vtt_name_is_read_as_subrip(talk: Path, tmp_path: Path) -> None:
    (talk / "talk.en.vtt").write_text("1\r\n00:00:01,000 --> 00:00:02,500\r\nHello\r\n", newline="")
    (bundle,), problems, _ = read(Webvtt(), talk, context_in(tmp_path / "s"))
    assert [(item.code, item.rejected) for item in problems] == [("srt_as_vtt", False)]
    assert spans(bundle) == [(1000, 2500, "Hello")]


def test_something_else_under_a_vtt_name_is_refused(talk: Path, tmp_path: Path) -> None:
    (talk / "talk.en.vtt").write_text("<html></html>")
    bundles, problems, _ = read(Webvtt(), talk, context_in(tmp_path / "s"))
    assert (bundles, [item.code for item in problems]) == ([], ["no_header"])
    with pytest.raises(InvalidInput, match="no WebVTT files"):
        read(Webvtt(), tmp_path / "s", context_in(tmp_path / "s"))


@pytest.mark.parametrize(
    "name",
    ["blocks4all_captions_en", "itaccess_captions_en", "itaccess_subtitles_zh-cn", "gbike_gps", "sonnet001"],
)
def test_real_files_hold_the_cues_that_webvtt_py_finds(tmp_path: Path, name: str) -> None:
    path = real(f"formats/timed_text/{name}.vtt")
    context = context_in(tmp_path / "s")
    (bundle,), problems, files = read(Webvtt(), path, context)
    assert not [item for item in problems if item.rejected]
    other = webvtt.read(str(path)).captions
    assert len(annotations(bundle)) == len(other)
    for ours, theirs in zip(annotations(bundle), other, strict=True):
        assert isinstance(ours.region, TimeSpan)
        assert ours.region.start_ns == round(webvtt_ns(theirs.start))
        assert ours.region.end_ns == round(webvtt_ns(theirs.end))
        assert " ".join((ours.text or "").split()) == " ".join(theirs.text.split())
    out = tmp_path / "out"
    out.mkdir()
    Webvtt().write(Export([bundle], context, files), out, options={})
    again = webvtt.read(str(out / path.name)).captions
    assert [(cue.start, cue.end) for cue in again] == [(cue.start, cue.end) for cue in other]


def webvtt_ns(clock: str) -> int:
    hours, minutes, seconds = clock.split(":")
    whole, fraction = seconds.split(".")
    return ((int(hours) * 3600 + int(minutes) * 60 + int(whole)) * 1000 + int(fraction)) * MS


def test_real_broken_files(tmp_path: Path) -> None:
    (bundle,), problems, _ = read(
        Webvtt(), real("broken/reversed_and_overlapping.vtt"), context_in(tmp_path / "s")
    )
    assert [(item.where.rpartition(" ")[2], item.code) for item in problems] == [
        ("3", "reversed"),
        ("9", "overlap"),
        ("12", "bad_timing"),
    ]
    assert [text for _, _, text in spans(bundle)] == ["overlap A", "overlap B", "beyond the media"]
    (bundle,), problems, _ = read(Webvtt(), real("broken/srt_as_vtt.vtt"), context_in(tmp_path / "t"))
    assert [item.code for item in problems] == ["srt_as_vtt"]
    assert spans(bundle)[0][:2] == (1000, 2500)
