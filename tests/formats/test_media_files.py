"""Loose media: folders are samples, a video brings its sound, other files are told."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.formats.capture_kit import context_in, of, read, real
from tests.media.clips import tone, write_sound

from braid.base.errors import InvalidInput
from braid.formats.media_files import MediaFiles
from braid.model.records import Modality, Stream


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    root = tmp_path / "talks"
    for day in ("monday", "tuesday"):
        (root / day).mkdir(parents=True)
        write_sound(root / day / "left.wav", tone(1600, 16_000), 16_000)
        write_sound(root / day / "right.wav", tone(1600, 16_000), 16_000)
    Image.fromarray(np.zeros((4, 4, 3), dtype=np.uint8)).save(root / "tuesday" / "slide.png")
    (root / "tuesday" / "notes.docx").write_bytes(b"x")
    (root / "tuesday" / ".hidden.wav").write_bytes(b"x")
    return root


def test_a_folder_is_a_sample(talks: Path, tmp_path: Path) -> None:
    bundles, problems, _ = read(MediaFiles(), talks, context_in(tmp_path / "s"))
    assert [(bundle.sample.key, [stream.name for stream in of(bundle, Stream)]) for bundle in bundles] == [
        ("monday", ["left", "right"]),
        ("tuesday", ["left", "right", "slide"]),
    ]
    assert [(problem.where, problem.rejected) for problem in problems] == [("tuesday/notes.docx", False)]


def test_each_file_may_be_a_sample(talks: Path, tmp_path: Path) -> None:
    bundles, _, _ = read(MediaFiles(), talks, context_in(tmp_path / "s", samples="files"))
    assert [bundle.sample.key for bundle in bundles] == [
        "monday/left",
        "monday/right",
        "tuesday/left",
        "tuesday/right",
        "tuesday/slide",
    ]


def test_files_directly_in_the_folder_make_one_sample_of_its_name(talks: Path, tmp_path: Path) -> None:
    (bundle,), _, _ = read(MediaFiles(), talks / "monday", context_in(tmp_path / "s"))
    assert bundle.sample.key == "monday"


def test_one_file_is_one_sample(talks: Path, tmp_path: Path) -> None:
    (bundle,), _, _ = read(MediaFiles(), talks / "monday/left.wav", context_in(tmp_path / "s"))
    assert bundle.sample.key == "left"


def test_too_many_files_of_a_folder_are_refused_together(tmp_path: Path) -> None:
    root = tmp_path / "many"
    root.mkdir()
    for number in range(65):
        (root / f"{number}.txt").write_text("a")
    bundles, problems, _ = read(MediaFiles(), root, context_in(tmp_path / "s"))
    assert bundles == []
    assert [problem.code for problem in problems] == ["too_many"]


def test_a_folder_without_media_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"x")
    with pytest.raises(InvalidInput, match="no media file"):
        read(MediaFiles(), tmp_path, context_in(tmp_path / "s"))


def test_a_real_video_brings_its_sound(tmp_path: Path) -> None:
    (bundle,), _, _ = read(MediaFiles(), real("clocks/vfr_webm/chrome57.webm"), context_in(tmp_path / "s"))
    assert [stream.modality for stream in of(bundle, Stream)][:1] == [Modality.VIDEO]
