"""SubRip: blocks, encodings, and what the srt package reads in what we write."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import srt
from tests.formats.capture_kit import Export, annotations, context_in, of, read, real

from braid.base.errors import InvalidInput
from braid.formats.seam import SampleBundle
from braid.formats.srt import Srt
from braid.formats.webvtt import Webvtt
from braid.model.records import Modality, Stream
from braid.model.regions import TimeSpan

MS = 1_000_000
SRT = "1\n00:00:01,000 --> 00:00:02,500\n<i>Hello</i>\nyou\n\n2\n0:00:02.5 --> 00:00:04,000\nDone < 5\n"


def subtitles(text: str) -> list[tuple[int, int, str]]:
    tick = timedelta(microseconds=1)
    return [(item.start // tick * 1000, item.end // tick * 1000, item.content) for item in srt.parse(text)]


def spans(bundle: SampleBundle) -> list[tuple[int, int, str]]:
    found = []
    for item in annotations(bundle):
        assert isinstance(item.region, TimeSpan)
        found.append((item.region.start_ns, item.region.end_ns, item.text or ""))
    return found


def test_blocks_become_utterances_on_the_audio_beside(tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text(SRT)
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    (bundle,), problems, _ = read(Srt(), tmp_path / "a.srt", context_in(tmp_path / "s"))
    assert problems == []
    assert of(bundle, Stream)[0].modality is Modality.AUDIO
    assert spans(bundle) == [
        (1000 * MS, 2500 * MS, "Hello\nyou"),
        (2500 * MS, 4000 * MS, "Done < 5"),
    ]


@pytest.mark.parametrize(
    ("data", "codes", "text"),
    [
        (SRT.replace("you", "dü").encode("cp1252"), ["encoding"], "Hello\ndü"),
        (SRT.replace("you", "dü").encode("utf-16"), [], "Hello\ndü"),
        (("\ufeff" + SRT.replace("you", "dü")).encode().replace(b"\n", b"\r\n"), [], "Hello\ndü"),
        (SRT.replace("00:00:02,500", "00:00:00,500", 1).encode(), ["reversed"], "Done < 5"),
        (("stray\n\n" + SRT).encode(), ["bad_timing"], "Hello\nyou"),
        (SRT.replace("0:00:02.5", "0:00:02.4").encode(), ["overlap"], "Hello\nyou"),
    ],
)
def test_encodings_and_bad_blocks(tmp_path: Path, data: bytes, codes: list[str], text: str) -> None:
    (tmp_path / "a.srt").write_bytes(data)
    (bundle,), problems, _ = read(Srt(), tmp_path, context_in(tmp_path / "s"))
    assert [item.code for item in problems] == codes
    assert annotations(bundle)[0].text == text


def test_the_srt_package_reads_what_we_write_and_losses_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:03.000\n<v Ann>One <00:02.000>two\n")
    context = context_in(tmp_path / "s")
    (bundle,), _, files = read(Webvtt(), tmp_path / "a.vtt", context)
    (said,) = annotations(bundle)
    extra = msgspec.structs.replace(said, id=context.new_id(), text="gap\n\nhere", words=(), entity=None)
    wider = SampleBundle(sample=bundle.sample, records=(*bundle.records, extra))
    out = tmp_path / "out"
    out.mkdir()
    losses = Srt().write(Export([wider], context, files), out, options={})
    assert [(loss.what, loss.count) for loss in losses] == [
        ("blank lines", 1),
        ("speaker", 1),
        ("word times", 1),
    ]
    assert subtitles((out / "a.srt").read_text()) == [
        (1000 * MS, 3000 * MS, "One two"),
        (1000 * MS, 3000 * MS, "gap\nhere"),
    ]


def test_no_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no SubRip files"):
        read(Srt(), tmp_path, context_in(tmp_path / "s"))


def test_a_real_file_agrees_with_the_srt_package_and_comes_back(tmp_path: Path) -> None:
    path = real("formats/timed_text/sonnet001.srt")
    context = context_in(tmp_path / "s")
    (bundle,), problems, files = read(Srt(), path, context)
    assert problems == []
    wanted = subtitles(path.read_text())
    assert spans(bundle) == wanted
    out = tmp_path / "out"
    out.mkdir()
    assert Srt().write(Export([bundle], context, files), out, options={}) == ()
    assert subtitles((out / "sonnet001.srt").read_text()) == wanted
