"""The Merkle root of the frozen list, and the proof that a page stands in it: section 3 of ``docs/draw.md``."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Literal

from chalicelib.domain.selection.layout import LIST_ROW_BYTES, PAGE_ROWS

PAGE_BYTES = PAGE_ROWS * LIST_ROW_BYTES
HASH_BYTES = 32

Step = tuple[Literal["left", "right"], bytes]
"""On which side the sibling stands, and its hash."""


def page_hashes(list_bytes: bytes) -> list[bytes]:
    """The leaves of one province, in order."""
    rows = memoryview(list_bytes)
    return [page_leaf(rows[start : start + PAGE_BYTES]) for start in range(0, len(rows), PAGE_BYTES)]


def page_leaf(page: bytes | memoryview) -> bytes:
    return _leaf(page)


def province_leaf(code: str, root: bytes) -> bytes:
    return _leaf(code.encode() + root)


def families_leaf(digest: bytes) -> bytes:
    """``digest``: SHA-256 of the section."""
    return _leaf(b"families" + digest)


def root_of(leaves: Sequence[bytes]) -> bytes:
    level = list(leaves)
    while len(level) > 1:
        level = _next_level(level)
    return level[0] if level else sha256().digest()


def steps_of(leaves: Sequence[bytes], place: int) -> list[Step]:
    """The siblings on the way from the leaf at ``place`` up to the root."""
    steps: list[Step] = []
    level = list(leaves)
    while len(level) > 1:
        sibling = place ^ 1
        if sibling < len(level):
            steps.append(("left" if sibling < place else "right", level[sibling]))
        level, place = _next_level(level), place // 2
    return steps


def climbed(leaf: bytes, steps: Sequence[Step]) -> bytes:
    """The root to which these steps lead."""
    for side, sibling in steps:
        leaf = _node(sibling, leaf) if side == "left" else _node(leaf, sibling)
    return leaf


def _next_level(level: Sequence[bytes]) -> list[bytes]:
    pairs = [_node(level[place], level[place + 1]) for place in range(0, len(level) - 1, 2)]
    return pairs if len(level) % 2 == 0 else [*pairs, level[-1]]


def _leaf(content: bytes | memoryview) -> bytes:
    whole = sha256(b"\x00")
    whole.update(content)
    return whole.digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
