"""The Merkle tree over the log: RFC 6962 hashes, roots and inclusion proofs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from braid.base.errors import NotFound

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256 over 0x00 and the leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 over 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """The root over leaf hashes in order, in one pass with a stack of at most log2(n) nodes."""
    stack: list[tuple[int, bytes]] = []
    for one in leaf_hashes:
        size, node = 1, one
        while stack and stack[-1][0] == size:
            node = node_hash(stack.pop()[1], node)
            size *= 2
        stack.append((size, node))
    if not stack:
        return EMPTY_ROOT
    _, root = stack.pop()
    while stack:
        root = node_hash(stack.pop()[1], root)
    return root


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The audit path of leaf `index` (0-based), nearest sibling first. Raises NotFound outside the log."""
    if not 0 <= index < len(leaf_hashes):
        raise NotFound("no such leaf", got=index, wanted=f"0 to {len(leaf_hashes) - 1}")
    if len(leaf_hashes) == 1:
        return ()
    split = _split(len(leaf_hashes))
    left, right = leaf_hashes[:split], leaf_hashes[split:]
    if index < split:
        return (*inclusion_proof(left, index), root_of(right))
    return (*inclusion_proof(right, index - split), root_of(left))


def root_from_proof(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that a leaf hash and its audit path lead to; None when the path has the wrong length (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    first, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if first & 1 or first == last:
            node = node_hash(sibling, node)
            while not first & 1 and first != 0:
                first >>= 1
                last >>= 1
        else:
            node = node_hash(node, sibling)
        first >>= 1
        last >>= 1
    return node if last == 0 else None


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << ((count - 1).bit_length() - 1)
