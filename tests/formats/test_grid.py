"""GRID clips: streams of one file, words with exact times, and what a bad alignment costs."""

from pathlib import Path

import pytest
from tests.formats.capture_kit import annotations, context_in, of, read, real

from braid.base.errors import InvalidInput
from braid.formats.grid import Grid
from braid.model.records import Modality, OntologyClass, Stream
from braid.model.regions import TimeSpan, WholeStream

ALIGN = "0 12250 sil\n12250 19250 set\n19250 27250 white\n27250 74500 sil\n"


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    root = tmp_path / "grid"
    root.mkdir()
    (root / "sw.mpg").write_bytes(b"clip one")
    (root / "lb.mpg").write_bytes(b"clip two")
    (root / "sw.align").write_text(ALIGN)
    (root / "transcripts.csv").write_text("clip,transcript\nlb,lay blue\n")
    return root


def test_a_clip_is_video_and_audio_of_one_file(clips: Path, tmp_path: Path) -> None:
    bundles, problems, files = read(Grid(), clips, context_in(tmp_path / "scratch"))
    assert problems == []
    assert [bundle.sample.key for bundle in bundles] == ["lb", "sw"]
    video, audio = of(bundles[1], Stream)
    assert (video.modality, audio.modality) == (Modality.VIDEO, Modality.AUDIO)
    assert video.asset == audio.asset
    assert files.assets[audio.asset] == clips / "sw.mpg"


def test_words_stand_at_their_code_points_and_times(clips: Path, tmp_path: Path) -> None:
    context = context_in(
        tmp_path / "scratch", OntologyClass(id="speech", name="Speech", synonyms=("Utterance",))
    )
    bundles, _, _ = read(Grid(), clips, context)
    (said,) = annotations(bundles[1], "speech")
    assert said.text == "set white"
    assert said.region == TimeSpan(start_ns=490_000_000, end_ns=1_090_000_000)
    assert [(said.text[word.start : word.end], word.start_ns, word.end_ns) for word in said.words] == [
        ("set", 490_000_000, 770_000_000),
        ("white", 770_000_000, 1_090_000_000),
    ]
    assert said.stream == of(bundles[1], Stream)[1].id
    assert context.new_classes == {}


def test_a_clip_with_a_transcript_only_is_said_somewhere_in_it(clips: Path, tmp_path: Path) -> None:
    bundles, _, _ = read(Grid(), clips, context_in(tmp_path / "scratch"))
    (said,) = annotations(bundles[0], "utterance")
    assert (said.text, said.region, said.words) == ("lay blue", WholeStream(), ())


@pytest.mark.parametrize(
    ("line", "code", "text"),
    [
        ("9 x word", "bad_line", "set white"),
        ("9 1", "bad_line", "set white"),
        ("900 100 back", "reversed", "set white"),
        ("9999999999999 99999999999999 far", "too_large", "set white"),
        ("100 13000 early", "overlap", "early set white"),
    ],
)
def test_bad_lines_are_reported_by_number(
    clips: Path, tmp_path: Path, line: str, code: str, text: str
) -> None:
    (clips / "sw.align").write_text(line + "\n" + ALIGN.partition("\n")[2])
    bundles, problems, _ = read(Grid(), clips, context_in(tmp_path / "scratch"))
    rejected = code != "overlap"
    number = 1 if rejected else 2
    assert [(item.where, item.code, item.rejected) for item in problems] == [
        (f"sw.align, line {number}", code, rejected)
    ]
    assert annotations(bundles[1])[0].text == text


def test_a_table_that_contradicts_the_alignment_is_noticed(clips: Path, tmp_path: Path) -> None:
    (clips / "transcripts.csv").write_text("clip,transcript\nsw,set green\na,b,c\n")
    _, problems, _ = read(Grid(), clips, context_in(tmp_path / "scratch"))
    assert [item.code for item in problems] == ["field_count", "no_transcript", "transcript_differs"]


def test_a_folder_without_clips_is_an_error_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no GRID clips"):
        read(Grid(), tmp_path, context_in(tmp_path / "scratch"))


def test_real_clips(tmp_path: Path) -> None:
    root = real("dialogue/grid_av")
    bundles, problems, _ = read(Grid(), root, context_in(tmp_path / "scratch"))
    assert problems == []
    assert len(bundles) == 6
    said = {bundle.sample.key: annotations(bundle)[0] for bundle in bundles}
    rows = (root / "transcripts.csv").read_text().splitlines()[1:]
    assert {key: item.text for key, item in said.items()} == dict(row.split(",") for row in rows)
    lines = [line.split() for line in (root / "swwp2s.align").read_text().splitlines()]
    wanted = [(word, int(a) / 25000, int(b) / 25000) for a, b, word in lines if word != "sil"]
    timed = said["swwp2s"]
    assert timed.text is not None
    got = [(timed.text[word.start : word.end], word.start_ns, word.end_ns) for word in timed.words]
    assert got == [(word, round(a * 1e9), round(b * 1e9)) for word, a, b in wanted]
