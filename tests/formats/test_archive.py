"""Zip archives from strangers."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from braid.base.errors import InvalidInput, LimitExceeded
from braid.formats.archive import ArchiveLimits, open_archive


def packed(tmp_path: Path, members: dict[str, bytes], *, compression: int = zipfile.ZIP_STORED) -> Path:
    path = tmp_path / "given.zip"
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_wrapping_folder_is_looked_through(tmp_path: Path) -> None:
    into = tmp_path / "into"
    into.mkdir()
    root = open_archive(packed(tmp_path, {"data/a.txt": b"a", "data/b/c.txt": b"c"}), into=into)
    assert root == into / "data"
    assert (root / "b" / "c.txt").read_bytes() == b"c"


@pytest.mark.parametrize(
    "name", ["../evil.txt", "a/../../evil.txt", "/abs/evil.txt", "..\\evil.txt", "C:evil.txt"]
)
def test_members_that_climb_out_are_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(InvalidInput, match="leads out"):
        open_archive(packed(tmp_path, {"ok.txt": b"ok", name: b"evil"}), into=into)
    assert list(into.iterdir()) == []


def test_links_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "given.zip"
    member = zipfile.ZipInfo("link")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "/etc/passwd")
    with pytest.raises(InvalidInput, match="symbolic link"):
        open_archive(path, into=tmp_path)


def test_bombs_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, {"zeros": bytes(8 * 2**20)}, compression=zipfile.ZIP_DEFLATED)
    with pytest.raises(LimitExceeded, match="times its size"):
        open_archive(path, into=tmp_path)


@pytest.mark.parametrize(
    ("limits", "word"),
    [(ArchiveLimits(members=1), "too many members"), (ArchiveLimits(total_bytes=3), "too many bytes")],
)
def test_limits_hold(tmp_path: Path, limits: ArchiveLimits, word: str) -> None:
    with pytest.raises(LimitExceeded, match=word):
        open_archive(packed(tmp_path, {"a": b"aa", "b": b"bb"}), into=tmp_path, limits=limits)


def test_damage_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, {"a": b"a" * 100})
    data = bytearray(path.read_bytes())
    data[40] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(InvalidInput, match="cannot be unpacked"):
        open_archive(path, into=tmp_path)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "given.zip"
    path.write_bytes(b"hello")
    with pytest.raises(InvalidInput, match="cannot be unpacked"):
        open_archive(path, into=tmp_path)


def test_real_climbing_archive_is_refused(shared_data: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="leads out"):
        open_archive(shared_data / "broken" / "zip_slip.zip", into=tmp_path)
    assert list(tmp_path.iterdir()) == []
