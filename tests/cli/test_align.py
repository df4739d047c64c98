"""`braid align`: asks first, writes only when told."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.cli.conftest import Braid
from tests.work.recordings import SHIFT_NS, drive

from braid.work.workspace import Workspace


@pytest.fixture
def project(braid: Braid, tmp_path: Path) -> str:
    with Workspace.open(tmp_path / ".braid", create=True) as workspace:
        return drive(workspace).project


def test_align_asks_draws_and_writes_only_when_told(braid: Braid, project: str, tmp_path: Path) -> None:
    words = ("align", "drive-7", "-p", project, "--stream", "gps", "--to", "can")
    asked = braid(*words, "--evidence", "gps.svg")
    assert asked.code == 0
    assert "By series: +2.34" in asked.out
    assert "3 of 3 annotations would move" in asked.out
    assert "3 links would become suspect" in asked.out
    assert "Nothing is written" in asked.out
    assert ET.parse(tmp_path / "gps.svg").getroot().tag.endswith("svg")  # noqa: S314 - our own picture
    applied = braid(*words, "--apply", "--json")
    assert applied.code == 0
    assert applied.document["applied"]["state"] == "committed"
    shift = applied.document["alignment"]["effect"]["max_shift_ns"]
    assert shift == pytest.approx(SHIFT_NS, abs=10_000_000)
    again = braid(*words, "--apply", "--json").document
    assert again["alignment"]["effect"]["moved"] == 0
    assert again["applied"]["state"] == "unchanged"


def test_align_by_anchors_in_seconds(braid: Braid, project: str) -> None:
    words = (
        "align",
        "drive-7",
        "-p",
        project,
        "--stream",
        "gps",
        "--anchor",
        "1.5=4",
        "--anchor=61.5=64.006",
    )
    said = braid(*words, "--json").document["alignment"]
    assert said["method"] == "anchors"
    assert said["clock_map"]["segments"][0]["timeline_ns"] == 4_000_000_000
    assert said["clock_map"]["segments"][0]["rate_ppq"] == pytest.approx(100_000_000_000, abs=100)
    for wrong in ("1.5", "a=b", "1=1/0"):
        assert braid("align", "drive-7", "-p", project, "--stream", "gps", "--anchor", wrong).code == 2


def test_align_by_exchanges_is_sure_to_half_their_round_trips(braid: Braid, project: str) -> None:
    asked = [f"{at},{at + 2.005},{at + 2.006},{at + 0.011}" for at in (0, 30, 60)]
    words = [word for text in asked for word in ("--exchange", text)]
    said = braid("align", "drive-7", "-p", project, "--stream", "gps", *words, "--json").document["alignment"]
    assert said["clock_map"]["segments"][0]["timeline_ns"] - said["clock_map"]["segments"][0]["media_ns"] == (
        pytest.approx(2_000_000_000, abs=5)
    )
    assert [anchor["sigma_ns"] for anchor in said["clock_map"]["anchors"]] == [5_000_000] * 3
    for wrong in ("1,2,3", "0,5,4,1", "a,b,c,d"):
        assert braid("align", "drive-7", "-p", project, "--stream", "gps", "--exchange", wrong).code == 2


def test_align_that_finds_nothing_says_why(braid: Braid, project: str) -> None:
    said = braid("align", "drive-7", "-p", project, "--stream", "still", "--to", "can", "--apply")
    assert said.code == 1
    assert "Refused by series: the stream hardly changes" in said.out
    missing = braid("align", "drive-7", "-p", project, "--stream", "radar", "--to", "can", "--json")
    assert missing.code == 3
    assert "can, gps" in missing.document["error"]["message"]
