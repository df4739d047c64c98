from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from braid.base.errors import Corrupt, InvalidInput, LimitExceeded, NotFound
from braid.store.blobs import LocalBlobs, derived_key

DATA = b"0123456789" * 1000
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> LocalBlobs:
    return LocalBlobs(tmp_path / "work")


def test_bytes_are_kept_under_their_digest(blobs: LocalBlobs, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(DATA)
    assert not blobs.has(DIGEST)
    assert blobs.put_bytes(DATA) == DIGEST
    assert blobs.put_file(tmp_path / "file") == DIGEST
    assert blobs.put_stream(io.BytesIO(DATA)) == DIGEST
    assert blobs.path(DIGEST).relative_to(blobs.root).as_posix() == f"blobs/{DIGEST[:2]}/{DIGEST}"
    with blobs.open(DIGEST) as file:
        file.seek(9990)
        assert file.read() == DATA[-10:]
    assert list(blobs.digests()) == [DIGEST]
    assert list((blobs.root / "tmp").iterdir()) == []


def test_a_source_beyond_the_limit_leaves_nothing(blobs: LocalBlobs) -> None:
    with pytest.raises(LimitExceeded):
        blobs.put_stream(io.BytesIO(DATA), limit_bytes=len(DATA) - 1)
    assert list((blobs.root / "tmp").iterdir()) == []
    assert list(blobs.digests()) == []
    assert blobs.put_stream(io.BytesIO(DATA), limit_bytes=len(DATA)) == DIGEST


@pytest.mark.parametrize("name", ["../../etc/passwd", "AB" * 32, "ab", "", "ab" * 32 + "/x"])
def test_names_that_are_no_digest_open_nothing(blobs: LocalBlobs, name: str) -> None:
    for ask in (blobs.path, blobs.has, blobs.derived_path):
        with pytest.raises(InvalidInput):
            ask(name)


def test_missing_bytes_are_said_to_be_missing(blobs: LocalBlobs, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        blobs.open(DIGEST)
    with pytest.raises(NotFound):
        blobs.put_file(tmp_path / "nothing")


def test_a_rotten_blob_is_found(blobs: LocalBlobs) -> None:
    path = blobs.path(blobs.put_bytes(DATA))
    blobs.check(DIGEST)
    path.chmod(0o644)
    path.write_bytes(DATA[:-1] + b"x")
    with pytest.raises(Corrupt):
        blobs.check(DIGEST)


def test_derived_files_are_made_once_and_again_when_deleted(blobs: LocalBlobs) -> None:
    made: list[Path] = []

    def make(path: Path) -> None:
        made.append(path)
        path.write_bytes(b"peaks")

    key = derived_key(DIGEST, deriver="peaks", version=1)
    assert blobs.derived_path(key) is None
    first = blobs.derive(key, make)
    assert blobs.derive(key, make) == first == blobs.derived_path(key)
    assert len(made) == 1
    first.unlink()
    assert blobs.derive(key, make).read_bytes() == b"peaks"
    assert len(made) == 2


def test_a_failed_derivation_leaves_nothing(blobs: LocalBlobs) -> None:
    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise ValueError("no such codec")

    key = derived_key(DIGEST, deriver="peaks", version=1)
    with pytest.raises(ValueError, match="codec"):
        blobs.derive(key, fail)
    assert blobs.derived_path(key) is None
    assert list((blobs.root / "tmp").iterdir()) == []
    assert blobs.put_derived(key, b"whole").read_bytes() == b"whole"


def test_derived_keys_differ_by_each_part() -> None:
    keys = {
        derived_key(DIGEST, deriver="peaks", version=1),
        derived_key(DIGEST, deriver="peaks", version=2),
        derived_key(DIGEST, deriver="tiles", version=1),
        derived_key(DIGEST, deriver="peaks", version=1, detail="bins=64"),
        derived_key(DIGEST[::-1], deriver="peaks", version=1),
    }
    assert len(keys) == 5
