from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from braid.base.errors import NotFound
from braid.history.merkle import inclusion_proof, leaf_hash, root_from_proof, root_of

LEAVES = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = ["6e340b9c", "fac54203", "aeb6bcfe", "d37ee418", "4e3bbb1f", "76e67dad", "ddb89be4"]
LAST = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_H2c_roots_are_those_of_the_reference_vectors() -> None:
    hashes = [leaf_hash(leaf) for leaf in LEAVES]
    assert root_of([]) == hashlib.sha256(b"").digest()
    for count, begin in enumerate(ROOTS, start=1):
        assert root_of(hashes[:count]).hex()[:8] == begin
    assert root_of(hashes).hex() == LAST


@given(count=st.integers(1, 40), data=st.data())
def test_H2c_every_leaf_proves_that_it_is_in_the_tree(count: int, data: st.DataObject) -> None:
    hashes = [leaf_hash(bytes([number])) for number in range(count)]
    index = data.draw(st.integers(0, count - 1))
    proof = inclusion_proof(hashes, index)
    root = root_of(hashes)
    assert root_from_proof(hashes[index], index=index, size=count, proof=proof) == root
    assert root_from_proof(leaf_hash(b"stranger"), index=index, size=count, proof=proof) != root
    if proof:
        assert root_from_proof(hashes[index], index=index, size=count, proof=proof[:-1]) != root
    assert root_from_proof(hashes[index], index=index, size=count, proof=(*proof, root)) != root


def test_H2c_there_is_no_proof_outside_the_tree() -> None:
    with pytest.raises(NotFound):
        inclusion_proof([leaf_hash(b"")], 1)
    assert root_from_proof(leaf_hash(b""), index=1, size=1, proof=()) is None
