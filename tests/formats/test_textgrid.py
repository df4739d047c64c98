"""TextGrids: layouts, encodings, tiles that do not fit, and what praatio reads in what we write."""

from pathlib import Path

import msgspec
import pytest
from praatio import textgrid
from tests.formats.capture_kit import Export, annotations, context_in, of, read, real

from braid.base.errors import InvalidInput
from braid.formats.seam import SampleBundle
from braid.formats.textgrid import Textgrid
from braid.formats.textgrid.document import parse_textgrid
from braid.model.records import Modality, Stream
from braid.model.regions import Box, TimeSpan

MS = 1_000_000
LONG = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 2.5
tiers? <exists>
size = 2
item []:
    item [1]:
        class = "IntervalTier"
        name = "Word"
        xmin = 0
        xmax = 2.5
        intervals: size = 3
        intervals [1]:
            xmin = -0
            xmax = 0.3154201182247563
            text = ""
        intervals [2]:
            xmin = 0.3154201182247563
            xmax = 1.25
            text = "he said ""hi"" 7
and [8] left"
        intervals [3]:
            xmin = 1.25
            xmax = 2.5
            text = "ə!"
    item [2]:
        class = "TextTier"
        name = "click"
        xmin = 0
        xmax = 2.5
        points: size = 1
        points [1]:
            number = 1.5
            mark = "tick"
"""
SHORT = (
    '"ooTextFile"\n"TextGrid"\n0\n2.5\n<exists>\n2\n"IntervalTier"\n"Word"\n0\n2.5\n3\n'
    '-0\n0.3154201182247563\n""\n0.3154201182247563\n1.25\n"he said ""hi"" 7\nand [8] left"\n1.25\n2.5\n"ə!"\n'
    '"TextTier"\n"click"\n0\n2.5\n1\n1.5\n"tick"\n'
)


def marks(bundle: SampleBundle) -> list[tuple[str, int, int, str | None]]:
    found = []
    for item in annotations(bundle):
        assert isinstance(item.region, TimeSpan)
        found.append((item.class_id, item.region.start_ns, item.region.end_ns, item.text))
    return found


@pytest.mark.parametrize(
    "data",
    [
        LONG.encode(),
        SHORT.encode(),
        LONG.encode("utf-16"),
        b"\xfe\xff" + LONG.encode("utf-16-be"),
        b"\xef\xbb\xbf" + LONG.replace("\n", "\r\n").encode(),
    ],
)
def test_layouts_and_encodings_say_the_same(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.TextGrid").write_bytes(data)
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    (bundle,), problems, _ = read(Textgrid(), tmp_path / "a.TextGrid", context_in(tmp_path / "s"))
    assert problems == []
    assert of(bundle, Stream)[0].modality is Modality.AUDIO
    assert marks(bundle) == [
        ("word", 315_420_118, 1250 * MS, 'he said "hi" 7\nand [8] left'),
        ("word", 1250 * MS, 2500 * MS, "ə!"),
        ("click", 1500 * MS, 1500 * MS + 1, "tick"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "rejected", "count"),
    [
        ("xmax = 1.25", "xmax = 1.5", "overlap", False, 3),
        ("xmax = 1.25", "xmax = 1.0", "gap", False, 3),
        ("xmin = 1.25", "xmin = 3.25", "reversed", True, 2),
        ('name = "click"', 'name = "Word"', "duplicate_tier", False, 3),
    ],
)
def test_tiles_that_do_not_fit_are_noticed(
    tmp_path: Path, old: str, new: str, code: str, *, rejected: bool, count: int
) -> None:
    (tmp_path / "a.TextGrid").write_text(LONG.replace(old, new))
    (bundle,), problems, _ = read(Textgrid(), tmp_path, context_in(tmp_path / "s"))
    assert [(item.code, item.rejected) for item in problems] == [(code, rejected)]
    assert len(annotations(bundle)) == count


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LONG[:300], "ends too early"),
        (LONG.replace("intervals: size = 3", "intervals: size = 99999999"), "claims more"),
        (LONG.replace("xmax = 1.25", 'xmax = "soon"'), "line 21"),
        (LONG.replace("xmax = 1.25", "xmax = 1e99"), "104 days"),
        (LONG.replace('"TextGrid"', '"PitchTier"'), "not a TextGrid"),
        (LONG.replace('"TextTier"', '"Tier"'), "unknown kind"),
        ('"Praat chronological TextGrid text file"\n0 2.5', "not in order"),
        ("", "ends too early"),
    ],
)
def test_a_broken_file_is_refused_and_others_go_on(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.TextGrid").write_text(text)
    (tmp_path / "b.TextGrid").write_text(SHORT)
    bundles, problems, _ = read(Textgrid(), tmp_path, context_in(tmp_path / "s"))
    assert [bundle.sample.key for bundle in bundles] == ["b"]
    assert problems[0].rejected
    assert message in problems[0].message


def told_by_praatio(path: Path) -> list[tuple[str, float, float, str]]:
    grid = textgrid.openTextgrid(str(path), includeEmptyIntervals=False, duplicateNamesMode="rename")
    found = []
    for tier in grid.tiers:
        for entry in tier.entries:
            times = (entry.start, entry.end) if isinstance(tier, textgrid.IntervalTier) else (entry.time,) * 2
            found.append((tier.name, *times, entry.label))
    return found


def test_what_is_written_says_the_same_to_praatio(tmp_path: Path) -> None:
    (tmp_path / "a.TextGrid").write_text(LONG)
    context = context_in(tmp_path / "s")
    (bundle,), _, files = read(Textgrid(), tmp_path / "a.TextGrid", context)
    first = annotations(bundle)[0]
    late = msgspec.structs.replace(first, id=context.new_id(), text="over", source_id="")
    shape = msgspec.structs.replace(
        first, id=context.new_id(), region=Box(x0_px=0, y0_px=0, x1_px=1, y1_px=1)
    )
    out = tmp_path / "out"
    out.mkdir()
    wider = SampleBundle(sample=bundle.sample, records=(*bundle.records, late, shape))
    losses = Textgrid().write(Export([wider], context, files), out, options={})
    assert [(loss.what, loss.count) for loss in losses] == [("annotation", 1)]
    assert told_by_praatio(out / "a.TextGrid") == [
        ("Word", 0.315420118, 1.25, 'he said "hi" 7\nand [8] left'),
        ("Word", 1.25, 2.5, "ə!"),
        ("Word (2)", 0.315420118, 1.25, "over"),
        ("click", 1.5, 1.5, "tick"),
    ]
    text = (out / "a.TextGrid").read_text()
    grid = parse_textgrid(text, where="a")
    for tier in grid.tiers[:2]:
        assert tier.marks[0].start_ns == 0
        assert tier.marks[-1].end_ns == grid.end_ns
        assert all(a.end_ns == b.start_ns for a, b in zip(tier.marks, tier.marks[1:], strict=False))


def test_no_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no TextGrids"):
        read(Textgrid(), tmp_path, context_in(tmp_path / "s"))


@pytest.mark.parametrize(
    "name",
    [
        "dialogue/praat/bobby_phones.TextGrid",
        "dialogue/praat/bobby_words.TextGrid",
        "dialogue/praat/bobby_words_with_newlines.TextGrid",
        "dialogue/praat/mary.TextGrid",
        "dialogue/praat/mary_longfile.TextGrid",
        "formats/timed_text/sonnet001.textgrid",
        "broken/utf16le.TextGrid",
    ],
)
def test_real_files_agree_with_praatio_and_come_back(tmp_path: Path, name: str) -> None:
    path = real(name)
    context = context_in(tmp_path / "s")
    (bundle,), problems, files = read(Textgrid(), path, context)
    assert not [item for item in problems if item.rejected]
    wanted = [(round(start * 1e9), round(end * 1e9), text) for _, start, end, text in told_by_praatio(path)]

    def plain(part: SampleBundle) -> list[tuple[int, int, str]]:
        return [
            (start, start if end - start == 1 else end, (text or "").strip())
            for _, start, end, text in marks(part)
        ]

    assert plain(bundle) == wanted
    out = tmp_path / "out"
    out.mkdir()
    Textgrid().write(Export([bundle], context, files), out, options={})
    (again,), _, _ = read(Textgrid(), out, context_in(tmp_path / "t"))
    assert sorted(plain(again)) == sorted(wanted)


def test_a_real_short_file_says_what_the_long_one_says(tmp_path: Path) -> None:
    """praatio drops the last interval of this short file, so its long twin is the witness."""
    (short,), _, _ = read(
        Textgrid(), real("formats/timed_text/sonnet001.textgrid_short"), context_in(tmp_path / "s")
    )
    (long,), _, _ = read(
        Textgrid(), real("formats/timed_text/sonnet001.textgrid"), context_in(tmp_path / "t")
    )
    assert marks(short) == marks(long)
    assert len(marks(short)) == 15


def test_real_odd_files(tmp_path: Path) -> None:
    (bundle,), problems, _ = read(
        Textgrid(), real("broken/gap_and_overlap.TextGrid"), context_in(tmp_path / "s")
    )
    assert [(item.where.partition(", ")[2], item.code) for item in problems] == [
        ("tier 1, interval 2", "overlap")
    ]
    assert [text for _, _, _, text in marks(bundle)] == ['he said "hi"', "overlap"]
    (bundle,), problems, _ = read(
        Textgrid(), real("dialogue/praat/bobby_phones_elan.TextGrid"), context_in(tmp_path / "t")
    )
    assert [item for item in problems if item.rejected] == []
    assert len(annotations(bundle)) == 13
