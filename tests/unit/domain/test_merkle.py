"""The list's Merkle root, worked out by hand, and its proofs."""

import hashlib

import pytest

from chalicelib.domain.selection.merkle import (
    PAGE_BYTES,
    climbed,
    families_leaf,
    page_hashes,
    page_leaf,
    province_leaf,
    root_of,
    steps_of,
)


def digest(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


LEAVES = [digest(bytes([number])) for number in range(40)]


def test_of_no_leaves_the_root_is_the_hash_of_nothing() -> None:
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_of_one_leaf_the_root_is_that_leaf() -> None:
    assert root_of(LEAVES[:1]) == LEAVES[0]
    assert steps_of(LEAVES[:1], 0) == []


def test_an_odd_last_node_moves_up_as_it_is() -> None:
    a, b, c = LEAVES[:3]
    assert root_of([a, b, c]) == digest(b"\x01", digest(b"\x01", a, b), c)
    assert steps_of([a, b, c], 2) == [("left", digest(b"\x01", a, b))]


def test_leaves_are_set_apart_from_nodes_by_their_first_byte() -> None:
    assert page_leaf(b"page") == digest(b"\x00page")
    assert province_leaf("11", b"r" * 32) == digest(b"\x0011", b"r" * 32)
    assert families_leaf(b"f" * 32) == digest(b"\x00families", b"f" * 32)


def test_a_page_is_256_rows_and_the_last_may_be_shorter() -> None:
    rows = bytes(range(256)) * 36 + b"the rest of a page"
    first, second, third = page_hashes(rows)
    assert first == digest(b"\x00", rows[:PAGE_BYTES])
    assert second == digest(b"\x00", rows[PAGE_BYTES : 2 * PAGE_BYTES])
    assert third == digest(b"\x00", b"the rest of a page")
    assert page_hashes(b"") == []


@pytest.mark.parametrize("count", range(1, 40))
def test_the_steps_of_every_leaf_lead_to_the_root(count: int) -> None:
    leaves = LEAVES[:count]
    root = root_of(leaves)
    assert all(climbed(leaf, steps_of(leaves, place)) == root for place, leaf in enumerate(leaves))
    assert all(climbed(digest(leaf), steps_of(leaves, place)) != root for place, leaf in enumerate(leaves))
