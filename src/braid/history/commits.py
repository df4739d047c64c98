"""Commits as bytes: the leaf of the log, its hash, and the salted digests that stand for payloads."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from braid.base.canonical import canonical_json
from braid.base.errors import Corrupt
from braid.base.hashing import revision_of, salted_sha256_hex
from braid.history.merkle import leaf_hash
from braid.model.changes import Commit

SALT_BYTES = 16
_COMMIT = msgspec.json.Decoder(Commit)


def leaf_of(commit: Commit) -> tuple[bytes, str]:
    """The leaf (canonical JSON) of a commit and its hash as hex."""
    leaf = canonical_json(commit)
    return leaf, leaf_hash(leaf).hex()


def digest_of(payload: bytes | None, *, salt: str) -> str:
    """The salted digest of a payload; of the empty string for a deletion."""
    return salted_sha256_hex(payload or b"", salt=salt)


def decode_commit(leaf: bytes | str) -> Commit:
    """A commit from its leaf. Raises Corrupt when it is not one."""
    try:
        return _COMMIT.decode(leaf)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Corrupt(f"a leaf of the log is not a commit: {error}") from error


class ChainCheck:
    """Walks a log from its first leaf and refuses the first thing that does not follow from what came before."""

    def __init__(self, project: str) -> None:
        self.project = project
        self.seq = 0
        self.parent = ""
        self.leaf_hashes: list[bytes] = []
        self._revs: dict[str, str] = {}

    def take(self, leaf: bytes, salts: Sequence[str], payloads: Sequence[bytes | None]) -> Commit:
        """The next commit, checked with its salts and payloads in the order of its changes. Raises Corrupt."""
        where = f"project {self.project}, commit {self.seq + 1}"
        commit = decode_commit(leaf)
        canonical, digest = leaf_of(commit)
        if canonical != leaf:
            raise Corrupt("a leaf is not in canonical form", where=where)
        if (commit.project, commit.seq) != (self.project, self.seq + 1):
            raise Corrupt(
                "a leaf stands in the wrong place",
                where=where,
                got=f"{commit.project} {commit.seq}",
                wanted=f"{self.project} {self.seq + 1}",
            )
        if commit.parent != self.parent:
            raise Corrupt("a leaf names another parent", where=where, got=commit.parent, wanted=self.parent)
        if not len(commit.changes) == len(salts) == len(payloads):
            raise Corrupt("a commit and its revisions differ in number", where=where, got=len(payloads))
        for change, salt, payload in zip(commit.changes, salts, payloads, strict=True):
            spot = f"{where}, {change.kind} {change.id}"
            if change.from_rev != self._revs.get(change.id):
                raise Corrupt(
                    "a change does not start at the revision before", where=spot, got=change.from_rev
                )
            try:
                fits = digest_of(payload, salt=salt) == change.digest
            except ValueError:
                fits = False
            if not fits:
                raise Corrupt("a payload does not match its digest in the log", where=spot)
            if (None if payload is None else revision_of(payload)) != change.to_rev:
                raise Corrupt("a payload does not match its revision", where=spot, wanted=str(change.to_rev))
            if change.to_rev is None:
                self._revs.pop(change.id, None)
            else:
                self._revs[change.id] = change.to_rev
        self.seq, self.parent = commit.seq, digest
        self.leaf_hashes.append(bytes.fromhex(digest))
        return commit
