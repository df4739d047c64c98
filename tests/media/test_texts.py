from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.media.shared import shared_file

from braid.base.errors import InvalidInput, LimitExceeded
from braid.media import derive, probe
from braid.media.texts import decode_text
from braid.model.records import Modality

SAMPLE = "Grüße, 世界 👋🏽\r\nzweite Zeile\rdritte\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_code_points_and_line_ends_stay_and_the_mark_goes(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes(SAMPLE.encode(encoding))
    made = json.loads(derive("text", tmp_path / "a.txt"))
    assert made["text"] == SAMPLE
    assert made["length"] == len(SAMPLE)


def test_latin_1_is_read_with_a_warning() -> None:
    assert decode_text("é".encode()).warnings == ()
    made = decode_text("Grüße".encode("latin-1"))
    assert (made.text, made.encoding) == ("Grüße", "latin-1")
    assert [code for code, _ in made.warnings] == ["W_LATIN1"]


@pytest.mark.parametrize(
    "data", [b"a\x00b", "ab".encode("utf-16-le"), b"\xff\xfea\x00\x00\x00", b"\xff\xfea\x00b"]
)
def test_nul_and_broken_encodings_are_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        decode_text(data)


def test_large_texts_are_refused_before_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("twelve chars")
    assert probe(tmp_path / "a.txt").facts.text_length == 12
    monkeypatch.setattr("braid.media.texts.MAX_TEXT_BYTES", 11)
    with pytest.raises(LimitExceeded):
        probe(tmp_path / "a.txt")


def test_an_empty_text_is_a_text_when_that_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    assert probe(tmp_path / "a.txt", modality=Modality.TEXT).facts.text_length == 0


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
@settings(max_examples=50)
def test_utf_8_is_kept_code_point_for_code_point(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode_text(text.encode()).text == text


def test_a_real_utf_16_file_is_read() -> None:
    made = probe(shared_file("broken/utf16le.TextGrid"))
    assert (made.modality, made.facts.codec) == (Modality.TEXT, "utf-16-le")
